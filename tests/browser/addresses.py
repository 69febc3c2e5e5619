"""The addresses under which the tests open the app."""

from pathlib import Path
from urllib.parse import urlencode

from tests.pages_on_disk import PageFile
from tests.register_on_disk import schools

ROUND = "2021"
UNIT = "unni"


def address(url: str, page: PageFile, register: Path, *, visitor: str = UNIT, round_: str = ROUND) -> str:
    """Return the page's address as the visitor would link it, with the round and the first active school."""
    school = next(school.code for school in schools(register) if school.active)
    return f"{url}/{page.address}?{urlencode({'som': visitor, 'omgang': round_, 'skola': school})}"
