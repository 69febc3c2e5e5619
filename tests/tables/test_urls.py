"""A column of links holds addresses on the web, and nothing that is only dressed as one."""

import pytest

from services.tables.cells import Broken, cell_reader
from services.tables.problems import Rule
from services.tables.schema import Column, Type

LINK = Column("Länk", Type.URL, "En länk.")
read = cell_reader(LINK, LINK)

GOOD = (
    "https://example.se",
    "http://example.se/a_b?c=d&e=f#g",
    "HTTPS://Example.SE/Å/ö",
    "https://example.se:8443/väg",
    "https://xn--bjrk-5qa.se/",
    "https://björk.se/",
    "https://127.0.0.1/a",
    "https://example.se/a(b)[c]",
    "https://example.se/@anna",
    "https://example.se/?to=anna@example.se",
)
BAD = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//https://example.se",
    "java\nscript:alert(1)",
    "java\tscript:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html,<script>1</script>",
    "vbscript:msgbox(1)",
    "blob:https://example.se/1",
    "file:///etc/passwd",
    "ftp://example.se/a",
    "mailto:anna@example.se",
    "//example.se/a",
    "/checks",
    "www.example.se",
    "example.se",
    "https:",
    "https://",
    "https:///example.se",
    "https:example.se",
    "https:/example.se",
    "https:\\\\example.se",
    "https://\\example.se",
    "https://example.se\\@ond.se",
    "https://?a",
    "https://#a",
    "https://:443/",
    "https://example.se:port/",
    "https://example.se:99999/",
    # A name before an @ is no part of where it leads, but reads as if it were.
    "https://malmo.se@ond.se/",
    "https://malmo.se:lösen@ond.se/",
    "https://malmo.se%40x@ond.se",
    "https://@ond.se",
    "https://exa mple.se",
    "https://example.se/a b",
    "https://example.se/\u00a0a",
    "https://example.se/a\nhttps://ond.se",
    "https://example.se/\x00",
    "https://example.se/\x7f",
    "https://example.se/\u2028a",
    "https://example.se/\u202eten.dno",
    "https://example\u200b.se/",
    "https://[::1",
    "hxxps://example.se",
    "HTTP S://example.se",
    "http\u200b://example.se",
    "https\uff1a//example.se",
    '=HYPERLINK("https://example.se")',
    "<https://example.se>",
    "[a](https://example.se)",
    'https://example.se/"onclick=x',
    "https://example.se/<script>",
    "https://example.se/`",
)


@pytest.mark.parametrize("text", GOOD)
def test_an_address_on_the_web_reads_as_it_is_written(text: str) -> None:
    assert read(f" {text}\n") == text


@pytest.mark.parametrize("text", BAD)
def test_anything_else_is_the_wrong_sort_of_value(text: str) -> None:
    with pytest.raises(Broken) as broken:
        read(text)
    assert broken.value.rule is Rule.WRONG_TYPE
