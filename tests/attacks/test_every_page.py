"""Every page, every visitor, everything that can be asked of it: nobody is sent a school that is not hers.

Over the raw websocket, with a login set up and its cookies signed: roles come from the sheet and from
nowhere else. The pages are those on disk, so that a new one is tried from the day it is there.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.attacks import canaries
from tests.attacks.canaries import OPEN, PEOPLE, ROUNDS, SCHOOLS, A, D, E, Person
from tests.attacks.sweeping import VALUES, Sweep, parameters
from tests.pages_on_disk import page_files
from tests.serving import ROOT, Server, serving

pytestmark = pytest.mark.slow

PAGES = [page.address for page in page_files()]
BARE = Person("", (), canaries.NONE, canaries.NONE)
"""A judge to whom everything is a leak."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with a_town(tmp_path_factory.mktemp("town")) as server:
        yield server


def a_town(folder: Path, root: Path = ROOT) -> AbstractContextManager[Server]:
    secrets = canaries.write_secrets(folder / "secrets")
    data = canaries.write(folder / "data")
    return serving(data, folder / "server.log", root, {"VEBS_SECRETS": str(secrets)})


def test_the_parameters_are_found_in_the_source() -> None:
    assert {"som", "omgang", "skola", "omrade"} <= set(parameters())


@pytest.mark.parametrize("who", PEOPLE.values(), ids=lambda who: who.name or "nobody")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page or "start")
def test_nobody_is_sent_what_is_not_hers(town: Server, page: str, who: Person) -> None:
    with Sweep(town, page, PEOPLE["unni"]).client() as unit:
        as_the_unit_has_it = unit.run(page=page)

    sweep = Sweep(town, page, who).all(as_the_unit_has_it)

    assert sweep.leaks == []
    assert sweep.asked > len(VALUES)


# --- The attack can fail -----------------------------------------------------------------------------


def told(server: Server, who: str, queries: Sequence[str], pages: Sequence[str] = PAGES) -> set[str]:
    """All canaries that somebody is sent for these addresses, hers too."""
    found: set[str] = set()
    for page in pages:
        sweep = Sweep(server, page, PEOPLE[who])
        sweep.judge(BARE)
        with sweep.client() as client:
            for query in queries:
                sweep.look(client, query, page=page, query=query)
        found |= {leak.rsplit(": ", 1)[1] for leak in sweep.leaks}
    return found


def test_every_canary_sings_to_the_unit(town: Server) -> None:
    """Else silence would mean nothing."""
    queries = [f"omgang={round_}&skola={code}" for round_ in (*ROUNDS, OPEN) for code in SCHOOLS]

    assert told(town, "unni", queries) == set(BARE.forbidden())


@pytest.mark.parametrize(("who", "hers"), [("petra", {A}), ("per", {"62000002", "63000003"}), ("mira", {A})])
def test_a_principal_is_sent_everything_of_her_own(town: Server, who: str, hers: set[str]) -> None:
    queries = [f"omgang={round_}&skola={code}" for round_ in (ROUNDS[-1], OPEN) for code in hers]
    may = {f"{what} of {SCHOOLS[code].name}" for code in hers for what in SCHOOLS[code].signs()}

    assert may - told(town, who, queries) <= {f"code of {SCHOOLS[code].name}" for code in hers}


PLANTED = f'''
import pandas
import streamlit
streamlit.markdown("{SCHOOLS[D].name}")
streamlit.vega_lite_chart(
    pandas.DataFrame({{"x": [{SCHOOLS[E].level!r}]}}),
    {{"mark": "bar", "encoding": {{"x": {{"field": "x"}}}}}},
)
streamlit.selectbox("Val", ["ett", "{SCHOOLS[E].name}"])
streamlit.dataframe(pandas.DataFrame({{"hidden": [{SCHOOLS[D].staff}]}}), column_order=[])
streamlit.download_button("Hämta", "{SCHOOLS[D].plan}", key="now")
streamlit.download_button("Hämta sedan", lambda: "{SCHOOLS[E].plan}", key="later")
'''
WIDENED = "\n\nVisitor.may_open_school = lambda self, school: True  # type: ignore\n"


def test_leaks_that_are_planted_are_found(tmp_path: Path) -> None:
    root = tmp_path / "app"
    for folder in ("pages", "services", "config", ".streamlit"):
        shutil.copytree(
            ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__", "secrets*")
        )
    shutil.copy(ROOT / "app.py", root)
    for file, more in (("pages/about.py", PLANTED), ("services/domain/access.py", WIDENED)):
        with (root / file).open("a", encoding="utf-8") as source:
            source.write(more)

    with a_town(tmp_path, root) as server:
        found = {}
        for page, query in (("about", ""), ("school", f"skola={D}")):
            sweep = Sweep(server, page, PEOPLE["petra"])
            with sweep.client() as client:
                sweep.look(client, "as it is", page=page, query=query)
            found[page] = {leak.rsplit(": ", 1)[1] for leak in sweep.leaks}

    daggskolan, ekbacken = SCHOOLS[D].name, SCHOOLS[E].name
    assert found["about"] == {
        f"name of {daggskolan}",
        f"level of {ekbacken}",
        f"name of {ekbacken}",
        f"staff of {daggskolan}",
        f"plan of {daggskolan}",
        f"plan of {ekbacken}",
    }
    assert {f"{what} of {daggskolan}" for what in ("name", "staff", "answers", "level", "plan")} <= found[
        "school"
    ]
