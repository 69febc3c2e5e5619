"""Certificates as the unit decides, renews and corrects them, and as a principal finds her own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pages.components import current
from services.grounds import grounds_of, without_grounds
from tests.pages.section import Section
from tests.pages.visiting import Opener
from tests.people import BJORKSKOLAN, EKSKOLAN, an_application, register_sheets, save
from tests.test_awarding import ADMITTED, SESSIONS, TOWN, a_certificate

YEARS = {"Namn": "Certifikat gäller år", "Värde": "3"}


def demo_day(day: str) -> dict[str, str]:
    return {"Namn": "Demodatum", "Värde": day}


def script() -> None:
    from pages.components import certificate_parts, current, reminder_parts

    certificate_parts.section(current.register(), current.visitor(), "2021-2022")
    reminder_parts.section(current.register(), current.visitor(), "2021-2022")


Make = Callable[..., Section]


@pytest.fixture
def section(visit: Opener, tmp_path: Path) -> Iterator[Make]:
    def make(who: str = "unni", day: str = "2022-05-20", **tables: Any) -> Section:
        tables = {
            "applications": ADMITTED,
            "sessions": SESSIONS,
            "settings": [demo_day(day), YEARS],
            **tables,
        }
        data = save(tmp_path / "data", register_sheets(TOWN, **tables))
        visit.move(data, tmp_path)
        current.writer().start()
        return Section(script, data, who, sheet="Certifikat", field="certificates_field_")

    yield make
    current.stop()


def test_the_unit_looks_at_the_year_decides_and_takes_it_back(section: Make) -> None:
    seen = section(attendance=[{"Läsår": "2021-2022", "Nr": 6, "Skolenhetskod": EKSKOLAN, "Antal": 4}])
    facts = seen.seen.table("Besök som värd").set_index("Skola")
    assert facts.loc["Ekskolan", "Lärtillfällen"] == "1 av 1"
    assert facts.loc["Björkskolan", "Lärtillfällen"] == "0 av 1"

    seen.choose("certificates_school", EKSKOLAN)
    seen.press("certificates_decide")
    assert "Ett certifikat gäller i 3 år." in seen.said
    seen.press("certificates_save")
    assert "Skriv varför. Skolan läser motiveringen." in seen.said and seen.rows() == []

    seen.fill_in(reasons="Alla linjer är nådda.", record="GRF-2022-17").press("certificates_save")
    assert "Sparat. Ekskolan är certifierad till och med 18 maj 2025." in seen.said
    [row] = seen.rows()
    assert (row["Beslut"], str(row["Datum"])[:10], str(row["Giltigt till"])[:10]) == (
        "Certifierad",
        "2022-05-18",
        "2025-05-18",
    )
    assert without_grounds(row["Motivering"]) == "Alla linjer är nådda."
    assert grounds_of(row["Motivering"]) is not None
    assert "1 skola har certifikat, varav 0 ska förnya." in seen.said
    assert "Bygger på omgång 2021 och regelversion 2021." in seen.said
    assert [one.key for one in seen.app.get("download_button")] or "certificates_renew" in seen.buttons

    seen.press("certificates_undo")
    assert seen.rows() == [] and "Ångrat." in seen.said


def test_before_the_sixth_session_nothing_can_be_decided_and_it_says_when(section: Make) -> None:
    seen = section(day="2022-05-17")
    assert "Besluten kan skrivas in från och med lärtillfälle 6, 18 maj 2022." in seen.said
    assert "certificates_decide" not in seen.buttons
    assert "Lärtillfälle 6, certifieringen, har inget datum än." in section(sessions=[]).said


def test_three_years_later_it_is_due_renewed_and_then_revoked(section: Make) -> None:
    done = [a_certificate(), a_certificate("Ej certifierad", Certifikat="C2", Skolenhetskod=BJORKSKOLAN)]
    seen = section(day="2025-05-20", certificates=done)
    assert "Dags att tala om förnyelse: Ekskolan (gick ut 18 maj 2025)." in seen.said

    seen.choose("certificates_registered", EKSKOLAN)
    seen.press("certificates_renew").fill_in(reasons="Arbetet har fortsatt.").press("certificates_save")
    assert "Sparat. Ekskolan är certifierad på nytt till och med 20 maj 2028." in seen.said
    seen.choose("certificates_registered", EKSKOLAN)
    seen.press("certificates_revoke").fill_in(reasons="Skolan läggs ned.").press("certificates_save")
    assert [row["Beslut"] for row in seen.rows()] == [
        "Certifierad",
        "Ej certifierad",
        "Förnyad",
        "Återkallad",
    ]
    assert "0 skolor har certifikat, varav 0 ska förnya." in seen.said


@pytest.mark.parametrize("answer", ["certificates_theirs", "certificates_mine", "certificates_both"])
def test_two_who_correct_the_reasons_at_once_are_shown_both_and_lose_neither(
    section: Make, answer: str
) -> None:
    seen = section(certificates=[a_certificate(Motivering="Bra.")])
    seen.press("certificates_correct").fill_in(reasons="Mycket bra.")
    seen.typed_by_hand("Motivering", "Bra nog.")
    seen.press("certificates_save")

    assert "Det här har ändrats sedan du öppnade det." in seen.seen.text
    assert "Nu står det: Bra nog." in seen.said and "Du skrev: Mycket bra." in seen.said
    seen.press(answer)
    assert (
        seen.rows()[0]["Motivering"]
        == {
            "certificates_theirs": "Bra nog.",
            "certificates_mine": "Mycket bra.",
            "certificates_both": "Bra nog.\n\nMycket bra.",
        }[answer]
    )


def test_correcting_the_record_keeps_what_the_decision_stood_on(section: Make) -> None:
    seen = section()
    seen.choose("certificates_school", EKSKOLAN)
    seen.press("certificates_decide").fill_in(reasons="Nådde alla.").press("certificates_save")
    before = seen.rows()[0]["Motivering"]
    seen.press("certificates_correct").fill_in(record="GRF-9").press("certificates_save")
    [row] = seen.rows()
    assert (row["Diarienummer"], row["Motivering"]) == ("GRF-9", before)
    seen.press("certificates_correct").fill_in(reasons="Nådde alla linjer.").press("certificates_save")
    [row] = seen.rows()
    assert without_grounds(row["Motivering"]) == "Nådde alla linjer."
    assert grounds_of(row["Motivering"]) == grounds_of(before)


def test_a_principal_finds_her_own_certificate_and_nobody_elses(section: Make) -> None:
    both = [
        a_certificate(Motivering="Eldsjälar."),
        a_certificate(Certifikat="C2", Skolenhetskod=BJORKSKOLAN, Motivering="Hemligt."),
    ]
    seen = section("petra", certificates=both)
    assert "Ekskolan är certifierad till och med 18 maj 2025." in seen.said
    assert "Motivering: Eldsjälar." in seen.said.replace("**", "")
    assert "Björkskolan" not in seen.seen.text and "Hemligt" not in seen.seen.text
    assert {one for one in seen.buttons if one.startswith("certificates")} == set()


@pytest.mark.parametrize("who", ["siri", "frida", "nils"])
def test_nobody_else_sees_any_of_it(section: Make, who: str) -> None:
    assert section(who, certificates=[a_certificate()]).said == ""


def test_the_unit_copies_a_reminder_and_sees_what_is_late(section: Make) -> None:
    seen = section(day="2025-03-01", certificates=[a_certificate()])
    assert "Att göra och påminna om" in seen.said
    table = seen.seen.table("Vem")
    assert next(iter(table["Vad"])).startswith("Skriv in närvaron vid lärtillfälle 6")
    assert "18 maj 2022 (sent)" in list(table["När"])
    words = [one.value for one in seen.app.code]
    assert any("Certifikatet för Ekskolan går ut den 18 maj 2025." in one for one in words)


def test_where_nobody_waits_it_says_so(section: Make) -> None:
    alone = [an_application(EKSKOLAN, "Avslagen")]
    assert "Ingen väntar på någonting just nu." in section(applications=alone).said
