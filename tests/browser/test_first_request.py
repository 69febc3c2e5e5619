"""The very first request to a fresh server gets nothing that a visitor would have to be somebody for.

Only a fresh process shows it: until some visitor has run the menu, Streamlit would serve files in pages/
without it. So each page gets a server of its own, and a client that is no browser asks for the page
before anybody else has asked for anything. Once as the demo, and once as it is deployed, with a login: there
a principal comes next, and is told of her own school alone.
"""

import re
from pathlib import Path

import pytest

from tests.attacks import canaries
from tests.attacks.canaries import EVERY, PEOPLE
from tests.attacks.sweeping import Sweep
from tests.pages_on_disk import PageFile, page_files
from tests.raw_client import FIGURES, Answer, RawClient
from tests.register_on_disk import schools
from tests.serving import serving

pytestmark = pytest.mark.slow

HERS = {"school", "certification", "self_assessment"}
"""The pages on which a principal is drawn figures."""

# Eight digits by themselves; within a session's id they mean nothing.
CODE = re.compile(r"(?<![\w-])\d{8}(?![\w-])")


def assert_tells_nothing(answer: Answer, register: Path) -> None:
    """Fail if the answer names a school, holds a school's code or draws a figure."""
    assert not FIGURES.intersection(answer.kinds), f"figures drawn: {answer.kinds}"
    assert "exception" not in answer.kinds
    assert [school.name for school in schools(register) if school.name in answer.text] == []
    assert CODE.findall(answer.text) == []


def test_the_register_has_schools_to_look_for(register: Path) -> None:
    assert len(schools(register)) > 10


@pytest.mark.parametrize("page", page_files(), ids=lambda page: page.name)
def test_a_first_request_straight_at_a_page_is_told_nothing(
    page: PageFile, register: Path, tmp_path: Path
) -> None:
    with serving(register, tmp_path / "server.log") as server:
        with RawClient(server.url, origin=None) as client:
            first = client.run(page=page.address)
            # Once more in the same session, with what a curious person would add.
            again = client.run(page=page.address, query="omgang=2021&som=&skola=" + schools(register)[0].code)
        log = server.log

    assert first.messages
    assert_tells_nothing(first, register)
    assert_tells_nothing(Answer(tuple(m for m in again.messages if not _echo(m))), register)
    assert "Traceback" not in log


@pytest.mark.parametrize("page", page_files(), ids=lambda page: page.name)
def test_with_a_login_a_first_request_is_told_nothing_and_a_principal_only_her_own(
    page: PageFile, tmp_path: Path
) -> None:
    data, secrets = canaries.write(tmp_path / "data"), canaries.write_secrets(tmp_path / "secrets")
    queries = ("", "som=unni", f"som=petra&omgang=2021&skola={min(EVERY)}", f"skola={max(EVERY)}")
    with serving(data, tmp_path / "server.log", environment={"VEBS_SECRETS": str(secrets)}) as server:
        sweeps = [Sweep(server, page.address, PEOPLE[name]) for name in ("", "petra", "")]
        for sweep in sweeps:
            with sweep.client() as client:
                answers = [sweep.look(client, query, page=page.address, query=query) for query in queries]
            assert bool(FIGURES & {kind for one in answers for kind in one.kinds}) == (
                sweep.who == PEOPLE["petra"] and page.name in HERS
            )
        log = server.log

    assert [leak for sweep in sweeps for leak in sweep.leaks] == []
    assert "Traceback" not in log


def _echo(message: object) -> bool:
    """Say whether the message only repeats the address that was asked for."""
    return str(getattr(message, "WhichOneof")("type")) == "page_info_changed"  # noqa: B009


@pytest.mark.parametrize("page", page_files(), ids=lambda page: page.name)
def test_a_first_request_by_a_page_hash_is_told_nothing(
    page: PageFile, register: Path, tmp_path: Path
) -> None:
    with serving(register, tmp_path / "server.log") as server, RawClient(server.url, origin=None) as client:
        # The hash Streamlit would give the file, were it found without the menu.
        answer = client.run(page_hash=_hash_of(page))

    assert_tells_nothing(answer, register)


def _hash_of(page: PageFile) -> str:
    from streamlit.util import calc_hash

    return calc_hash(str(page.path))
