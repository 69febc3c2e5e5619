"""Who may open what: the table of roles is what the pages do."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.domain.access import MAY_OPEN, OPEN_TO_ALL, Page, Role
from tests.pages.visiting import CAST, REFUSED, TITLES, Opener, plain
from tests.pages_on_disk import page_files
from tests.raw_client import RawClient
from tests.serving import Server, serving

# Written by hand, not asked of the register: this is what the cast is for.
ROLES: dict[str, set[Role]] = {
    "unni": {Role.UNIT},
    "petra": {Role.PRINCIPAL},
    "per": {Role.PRINCIPAL},
    "siri": {Role.STAFF},
    "rut": {Role.READER},
    "frida": {Role.RESEARCHER},
    "nils": set(),
    "": set(),
}
every_visitor = pytest.mark.parametrize("who", CAST, ids=lambda who: who or "nobody")
PAGES = [page.name for page in page_files()]


def may_open(who: str, page: str) -> bool:
    return Page(page) in OPEN_TO_ALL or bool(ROLES[who] & MAY_OPEN[Page(page)])


def own_title(who: str, page: str) -> str:
    if page == "start":
        return f"Hej {who.title()}!" if ROLES[who] else "Varje elevs bästa skola"
    return TITLES[page]


def test_every_page_on_disk_is_in_the_table_of_roles() -> None:
    assert set(PAGES) == set(Page) == set(MAY_OPEN) == {*TITLES, "start"}


def test_everybody_in_the_demo_is_tried() -> None:
    assert set(ROLES) == set(CAST)


@every_visitor
def test_a_visitor_sees_each_page_or_that_she_may_not(visit: Opener, who: str) -> None:
    seen = visit("start", who)
    titles: dict[str, str] = {}
    for page in PAGES:
        seen.go(page, som=who)
        titles[page] = plain(seen.h1)
        assert not seen.app.error, page
    assert titles == {page: own_title(who, page) if may_open(who, page) else REFUSED for page in PAGES}


@every_visitor
def test_where_a_visitor_may_not_go_nothing_is_drawn_but_a_way_back(visit: Opener, who: str) -> None:
    seen = visit("start", who)
    for page in PAGES:
        if may_open(who, page):
            continue
        seen.go(page, som=who, omgang="2021", skola="00123456")
        assert not seen.tables and not seen.charts and not seen.metrics and not seen.headings
        assert "Ekskolan" not in seen.text
        assert [link.proto.label for link in seen.app.get("page_link")] == ["Till startsidan"]


@every_visitor
def test_the_start_page_leads_only_where_the_visitor_may_go(visit: Opener, who: str) -> None:
    ways = {link.proto.page: link.proto.label for link in visit("start", who).app.get("page_link")}
    assert set(ways) == (
        {page for page in TITLES if page != "about" and may_open(who, page)}
        if ROLES[who]
        else {"about", "answer"}
    )


@pytest.mark.parametrize(("who", "others"), [("petra", 0), ("per", 1)])
def test_a_principal_chooses_among_her_own_schools_only(visit: Opener, who: str, others: int) -> None:
    hers = ["Ekskolan"] if who == "petra" else ["Björkskolan", "Rönnbärsskolan"]
    for page in ("school", "certification"):
        seen = visit(page, who)
        assert seen.app.selectbox(key="choose_skola").options == hers
        assert len(hers) == others + 1


def test_the_question_on_certifiering_is_that_of_the_visitor(visit: Opener) -> None:
    assert "Vilka skolor uppfyller kriterierna" in visit("certification", "rut").text
    assert "Uppfyller skolan kriterierna" in visit("certification", "petra").text


# --- As the server sends it ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(register: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(register, tmp_path_factory.mktemp("server") / "server.log") as running:
        yield running


@pytest.mark.slow
@every_visitor
def test_the_menu_hides_what_may_not_be_opened(server: Server, who: str) -> None:
    with RawClient(server.url) as client:
        answer = client.run(query=f"som={who}")
    [menu] = [message.navigation for message in answer.messages if message.HasField("navigation")]
    shown = {page.url_pathname or "start" for page in menu.app_pages if not page.is_hidden}
    assert shown == {page for page in map(str, Page) if may_open(who, page)}
    assert list(menu.sections) == [""], "a menu with sections breaks the rules for lists"
