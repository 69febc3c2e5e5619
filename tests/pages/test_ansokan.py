"""Applications on Certifiering: a principal applies and withdraws, the unit reads, admits and refuses."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pages.components import current
from services.grounds import grounds_of, without_grounds
from tests.pages.section import Section
from tests.pages.visiting import Opener
from tests.people import BJORKSKOLAN, EKSKOLAN, RONNBARSSKOLAN, an_application, register_sheets, save
from tests.test_applying import TOWN

Make = Callable[..., Section]


def script() -> None:
    from pages.components import application_parts, current

    application_parts.section(current.register(), current.visitor())


@pytest.fixture
def section(visit: Opener, tmp_path: Path) -> Iterator[Make]:
    def make(who: str = "unni", answered: Any = TOWN, **tables: Any) -> Section:
        tables = {"settings": [{"Namn": "Demodatum", "Värde": "2021-04-07"}], **tables}
        data = save(tmp_path / "data", register_sheets(answered, **tables))
        visit.move(data, tmp_path)
        current.writer().start()
        return Section(script, data, who, sheet="Ansökningar", field="applications_field_")

    yield make
    current.stop()


def test_a_principal_sees_where_her_school_stands_applies_and_takes_it_back(section: Make) -> None:
    seen = section("petra")
    assert "**Kandidat** (här är skolan) → Sökande → Deltagare → Certifierad" in seen.said
    seen.fill_in(**{f"motivation_{EKSKOLAN}": "Vi vill lära av andra."})
    seen.press(f"applications_send_{EKSKOLAN}")

    [row] = seen.rows()
    assert (row["Omgång"], row["Skolenhetskod"], row["Läsår"], str(row["Inskickad"])[:10], row["Status"]) == (
        "2021",
        EKSKOLAN,
        "2021-2022",
        "2021-04-07",
        "Inskickad",
    )
    assert row["Motivering"] == "Vi vill lära av andra."
    assert "Sparat. Ekskolan söker till läsåret 2021-2022. Enheten beslutar." in seen.said
    assert "Kandidat → **Sökande** (här är skolan)" in seen.said
    assert f"applications_send_{EKSKOLAN}" not in seen.buttons

    seen.press(f"applications_withdraw_{EKSKOLAN}_0")
    assert [row["Status"] for row in seen.rows()] == ["Återtagen"]
    seen.press("applications_undo")
    assert [row["Status"] for row in seen.rows()] == ["Inskickad"]


def test_near_must_say_why_and_far_off_gets_no_form_but_what_is_missing(section: Make) -> None:
    seen = section("per")
    assert f"applications_send_{RONNBARSSKOLAN}" not in seen.buttons
    assert "Här ovanför står vad som fattas, kriterium för kriterium." in seen.said

    seen.press(f"applications_send_{BJORKSKOLAN}")
    assert "Björkskolan är nära men uppfyller inte alla kriterier. Skriv varför ni ändå söker." in seen.said
    assert seen.rows() == []
    seen.fill_in(**{f"motivation_{BJORKSKOLAN}": "Vi har en plan."}).press(f"applications_send_{BJORKSKOLAN}")
    assert [row["Motivering"] for row in seen.rows()] == ["Vi har en plan."]


def test_the_unit_reads_the_verdict_admits_with_reasons_and_takes_it_back(section: Make) -> None:
    seen = section(applications=[an_application(BJORKSKOLAN) | {"Motivering": "Vi har en plan."}])
    waiting = seen.seen.table("Kriterierna")
    assert list(waiting["Kriterierna"]) == ["Nära"]
    assert "1 ansökan väntar på beslut" in seen.said

    seen.press("applications_decide")
    assert "Skolans motivering: Vi har en plan." in seen.said.replace("**", "")
    assert "Medelnivå" in seen.seen.table("Uppfyllt").to_csv()
    seen.press("applications_save")
    assert "Skriv varför. Skolans rektor läser motiveringen." in seen.said
    seen.fill_in(reasons="Planen håller.").press("applications_save")
    [row] = seen.rows()
    assert (row["Status"], str(row["Beslutsdatum"])[:10]) == ("Antagen", "2021-04-07")
    assert without_grounds(row["Beslutsmotivering"]) == "Planen håller."
    assert grounds_of(row["Beslutsmotivering"]).version == "2021"
    assert "Ingen ansökan väntar på beslut." in seen.said

    seen.press("applications_undo")
    [row] = seen.rows()
    assert (row["Status"], row["Beslutsdatum"], row["Beslutsmotivering"]) == ("Inskickad", None, None)


def test_a_refusal_is_read_by_the_principal_with_its_reasons(section: Make) -> None:
    refused = {
        **an_application(status="Avslagen"),
        "Beslutsdatum": "2021-04-20",
        "Beslutsmotivering": "Läsåret är fullt.",
    }
    seen = section("petra", applications=[refused])
    assert "avslagen, skickad 7 april 2021, beslut 20 april 2021." in seen.said.replace("**", "")
    assert "Beslutet: Läsåret är fullt." in seen.said
    assert f"applications_send_{EKSKOLAN}" in seen.buttons, "she may apply again"


def test_a_decision_that_meets_a_withdrawal_shows_both(section: Make) -> None:
    seen = section(applications=[an_application()])
    seen.press("applications_decide")
    seen.typed_by_hand("Status", "Återtagen")
    seen.press("applications_save")
    assert "Nu står det: Återtagen" in seen.said and "Du skrev: Antagen" in seen.said
    seen.press("applications_theirs")
    assert [row["Status"] for row in seen.rows()] == ["Återtagen"]


@pytest.mark.parametrize("who", ["siri", "rut", "frida", "nils"])
def test_nobody_else_sees_an_application(section: Make, who: str) -> None:
    assert section(who, applications=[an_application()]).said == ""


def test_a_principal_sees_no_other_schools_application(section: Make) -> None:
    seen = section("petra", applications=[an_application(BJORKSKOLAN) | {"Motivering": "Hemligt."}])
    assert "Björkskolan" not in seen.seen.text and "Hemligt" not in seen.seen.text


def test_before_anything_is_published_there_is_nothing_to_apply_on(section: Make) -> None:
    seen = section("petra", answered=[], rounds=[])
    assert "Ingen omgång är publicerad än, så det finns inget att söka på." in seen.said
