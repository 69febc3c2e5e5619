"""Kontroll on the local Google: links to the very cell, the quota, and an outage told once."""

import datetime as dt
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import GoogleSettings, Settings
from pages.components import current
from services.connecting import Link, Wanted
from services.moving import upload
from services.tables.schema import load_schema
from services.workbook.excel import ExcelFolder
from services.workbook.opening import open_google
from tests.pages.registers import small
from tests.pages.visiting import Opener, Visit, plain
from tests.people import EKSKOLAN, SCHOOLS, a_part
from tests.sheets_server.serving import LocalGoogle, local_google


@pytest.fixture
def google(
    visit: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[LocalGoogle, dict[str, str]]]:
    """A register at the local Google with a bad number of staff and a bad answer; and its ids."""
    parts = [a_part(code, "femtio" if code == EKSKOLAN else 40) for code in SCHOOLS]
    data = small(tmp_path / "register", parts=parts)
    with local_google(seed=0) as running:
        settings = Settings(data, tmp_path, google=GoogleSettings(base_url=running.url))
        workbook = open_google(settings)
        link = Link(workbook.client, workbook.book, lambda _: None)
        upload(link, load_schema(), ExcelFolder(data), Wanted(folder=ExcelFolder(data)))
        ids = workbook.book.ids()
        running.control.edit("type", ids["svar-2021"], range="Svar!C2", value=7)
        monkeypatch.setenv("SHEETS_BASE_URL", running.url)
        visit.move(tmp_path / "none", tmp_path)
        yield running, ids
        current.stop()


@pytest.fixture
def seen(google: tuple[LocalGoogle, dict[str, str]], visit: Opener) -> Visit:
    return visit("checks")


def said(seen: Visit) -> str:
    return plain("\n".join(one.value for one in (*seen.app.markdown, *seen.app.warning)))


def test_each_row_leads_to_its_own_cell(google: tuple[LocalGoogle, dict[str, str]], seen: Visit) -> None:
    _, ids = google
    rows = seen.table("Gör så här").to_dict("records")

    links = {row["Blad"]: row["I Google"] for row in rows}

    assert list(links) == ["vebs: Skolans omgång", "svar-2021: Svar"]
    for (place, link), name in zip(links.items(), ("vebs", "svar-2021"), strict=True):
        assert link.startswith(f"https://docs.google.com/spreadsheets/d/{ids[name]}/edit#gid="), place
        assert link.endswith("&range=C2")


def test_only_our_own_column_holds_links(google: tuple[LocalGoogle, dict[str, str]], seen: Visit) -> None:

    [table] = seen.app.dataframe
    columns = json.loads(table.proto.columns)
    kinds = {
        name: column["type_config"]["type"] for name, column in columns.items() if "type_config" in column
    }

    assert {name for name, kind in kinds.items() if kind == "link"} == {"I Google"}


def test_the_calls_of_the_last_minute_are_told_beside_what_google_allows(seen: Visit) -> None:
    reads, writes = [bar.proto.text for bar in seen.app.get("progress")]

    assert reads.startswith("Läsningar den senaste minuten: ") and reads.endswith(" av 60")
    assert writes == "Skrivningar den senaste minuten: 0 av 60"
    assert "Google" in seen.headings
    assert "Google lästes senast " in said(seen)


def test_an_outage_is_told_once_with_the_time_of_what_is_shown(
    google: tuple[LocalGoogle, dict[str, str]], seen: Visit, visit: Opener
) -> None:
    running, ids = google
    before = seen.table("Gör så här")[["Blad", "Cell", "Värde"]].to_csv()
    running.control.fault(503)
    current.stop()

    again = visit("checks")

    [warning] = [plain(one.value) for one in again.app.warning]
    assert warning.startswith("Google svarar inte just nu. Det du ser är läst ")
    shown = again.table("Gör så här")
    assert shown[["Blad", "Cell", "Värde"]].to_csv() == before
    # What sheet it is in would have to be asked for.
    assert set(shown["I Google"]) == {
        f"https://docs.google.com/spreadsheets/d/{ids[name]}/edit" for name in ids if name != "inkorg"
    }
    assert "Inget fel sedan tjänsten startade." not in said(again)


def test_a_copy_of_another_day_says_which_day(
    google: tuple[LocalGoogle, dict[str, str]], seen: Visit, visit: Opener, tmp_path: Path
) -> None:
    running, _ = google
    running.control.fault(503)
    current.stop()
    noon = dt.datetime(2022, 1, 24, 12, 0, tzinfo=current.TIME_ZONE).timestamp()
    for kept in tmp_path.glob("google-*/last/*"):
        os.utime(kept, (noon, noon))

    again = visit("checks")

    assert "Det du ser är läst 24 januari 2022 12.00." in said(again)
