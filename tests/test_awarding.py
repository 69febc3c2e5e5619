"""The unit certifies, renews and revokes: each with a day, reasons and what it stood on, and in its order."""

import datetime as dt

import pytest

from services.awarding import (
    Award,
    carry_out,
    change,
    decision,
    last_session,
    latest_of,
    renewal,
    revocation,
    school_year_of,
    undecided,
    years_after,
)
from services.certified_schools import Validity, certified_schools
from services.certifying import standings
from services.checking import all_problems
from services.domain.process import Decision, Standing
from services.errors import Conflict, NotPermitted, NotReady
from services.grounds import grounds, grounds_of, without_grounds
from services.writing.deeds import Refused
from tests.people import (
    BJORKSKOLAN,
    EKSKOLAN,
    RONNBARSSKOLAN,
    Row,
    a_register,
    an_application,
    answers,
    visitor,
)
from tests.test_conducting import town  # noqa: F401 - a fixture

YEAR = "2021-2022"
SIXTH = dt.date(2022, 5, 18)
AFTER = dt.date(2022, 5, 20)
ADMITTED = [an_application(one, "Antagen") for one in (EKSKOLAN, BJORKSKOLAN)]
SESSIONS = [{"Läsår": YEAR, "Nr": 6, "Tema": "Certifieringen", "Datum": SIXTH}]
TOWN = answers(16, EKSKOLAN, L=4, U=4)
YES = Award(Decision.CERTIFIED, SIXTH, "Alla linjer är nådda.", "GRF-2022-17")


def a_certificate(decided: str = "Certifierad", date: str = "2022-05-18", **more) -> Row:
    return {
        "Certifikat": f"C-{date}-{decided}",
        "Skolenhetskod": EKSKOLAN,
        "Läsår": YEAR,
        "Beslut": decided,
        "Datum": date,
        "Giltigt till": "2025-05-18" if decided in ("Certifierad", "Förnyad") else None,
        **more,
    }


def the_year(**more):
    return {"applications": ADMITTED, "sessions": SESSIONS, **more}


def test_a_decision_is_written_with_its_last_day_its_reasons_and_what_it_stood_on(town) -> None:  # noqa: F811
    here = town(TOWN, **the_year(settings=[{"Namn": "Certifikat gäller år", "Värde": "4"}]))
    plan = decision(here.register(), YEAR, EKSKOLAN, YES, AFTER)

    assert plan.does == ("Ekskolan är certifierad till och med 18 maj 2026.",)
    assert here.saved(carry_out(here.register(), plan, visitor("Unni"), here.writer))
    register = here.register()
    [one] = register.certificates
    assert (one.school, one.school_year, one.decision) == (EKSKOLAN, YEAR, Decision.CERTIFIED)
    assert (one.date, one.valid_to) == (SIXTH, dt.date(2026, 5, 18))
    [reasons] = register.tables["Certifikat"].columns["Motivering"]
    assert without_grounds(reasons) == "Alla linjer är nådda."
    assert grounds_of(reasons) == grounds(register, "2021")
    assert undecided(register, YEAR) == (BJORKSKOLAN,)
    log = register.tables["Logg"].columns
    assert set(zip(log["Vem"], log["Händelse"], log["Tabell"], log["Nyckel"], strict=True)) == {
        ("unni@example.se", "Beslut om certifikat", "Certifikat", one.id)
    }


def test_not_certified_is_a_decision_with_reasons_and_no_last_day(town) -> None:  # noqa: F811
    here = town(TOWN, **the_year(settings=[{"Namn": "Certifikat gäller år", "Värde": "3"}]))
    no = Award(Decision.NOT_CERTIFIED, SIXTH, "Två besök återstår.")
    assert here.saved(
        carry_out(
            here.register(),
            decision(here.register(), YEAR, EKSKOLAN, no, AFTER),
            visitor("Unni"),
            here.writer,
        )
    )
    [one] = here.register().certificates
    assert (one.decision, one.valid_to) == (Decision.NOT_CERTIFIED, None)
    [again] = [
        one for one in standings(here.register(), visitor("Unni"), "2021", AFTER) if one.school == EKSKOLAN
    ]
    assert again.standing is Standing.CANDIDATE, "she may apply anew"


@pytest.mark.parametrize(
    ("award", "more", "said"),
    [
        (YES, {"sessions": []}, "Lärtillfälle 6, certifieringen, har inget datum än. Sätt det först."),
        (
            Award(Decision.CERTIFIED, SIXTH - dt.timedelta(1), "För tidigt."),
            {},
            "Beslutet kan inte vara före lärtillfälle 6, som är 18 maj 2022. Ändra dagen.",
        ),
        (
            Award(Decision.CERTIFIED, dt.date(2022, 6, 1), "Snart."),
            {},
            "Dagen för beslutet har inte varit än.",
        ),
        (Award(Decision.CERTIFIED, None, "När?"), {}, "Välj dagen för beslutet."),
        (Award(Decision.CERTIFIED, SIXTH, "  "), {}, "Skriv varför."),
        (Award(Decision.RENEWED, SIXTH, "Igen."), {}, "Välj Certifierad eller Ej certifierad."),
        (YES, {"applications": []}, "Ekskolan är inte antagen till läsåret 2021-2022."),
        (YES, {"certificates": [a_certificate()]}, "Ekskolan har redan ett beslut för läsåret 2021-2022."),
        (
            YES,
            {"settings": [{"Namn": "Certifikat gäller år", "Värde": "tre"}]},
            "Skriv ett helt antal år i Certifikat",
        ),
    ],
)
def test_what_can_not_be_decided_is_refused_with_a_sentence(town, award, more, said) -> None:  # noqa: F811
    here = town(TOWN, **{**the_year(settings=[{"Namn": "Certifikat gäller år", "Värde": "3"}]), **more})
    plan = decision(here.register(), YEAR, EKSKOLAN, award, AFTER)
    assert any(one.startswith(said) for one in plan.obstacles), plan.obstacles
    with pytest.raises(NotReady):
        carry_out(here.register(), plan, visitor("Unni"), here.writer)
    assert here.outbox.status().waiting == 0


@pytest.mark.parametrize("who", ["Petra", "Per", "Siri", "Rut", "Frida", "Nils"])
def test_only_the_unit_certifies(town, who: str) -> None:  # noqa: F811
    here = town(TOWN, **the_year(settings=[{"Namn": "Certifikat gäller år", "Värde": "3"}]))
    plan = decision(here.register(), YEAR, EKSKOLAN, YES, AFTER)
    with pytest.raises(NotPermitted):
        carry_out(here.register(), plan, visitor(who), here.writer)


def test_two_who_decide_of_one_school_at_once_make_one_decision(town) -> None:  # noqa: F811
    here = town(TOWN, **the_year(settings=[{"Namn": "Certifikat gäller år", "Värde": "3"}]))
    mine, hers = (decision(here.register(), YEAR, EKSKOLAN, YES, AFTER) for _ in range(2))
    assert here.saved(carry_out(here.register(), mine, visitor("Unni"), here.writer))
    with pytest.raises(NotReady, match="har redan ett beslut"):
        carry_out(here.register(), hers, visitor("Unni"), here.writer)
    assert len(here.register().certificates) == 1


def test_renewed_three_years_later_and_then_revoked(town) -> None:  # noqa: F811
    settings = [
        {"Namn": "Certifikat gäller år", "Värde": "3"},
        {"Namn": "Förnyelse aktuell månader före", "Värde": "6"},
    ]
    here = town(TOWN, **the_year(settings=settings, certificates=[a_certificate()]))

    def state(today: dt.date) -> tuple[Validity, Standing]:
        [one] = certified_schools(here.register(), visitor("Petra"), today)
        told = {one.school: one for one in standings(here.register(), visitor("Unni"), "2021", today)}
        return one.validity, told[EKSKOLAN].standing

    assert state(dt.date(2024, 11, 17)) == (Validity.VALID, Standing.CERTIFIED)
    assert state(dt.date(2024, 11, 18)) == (Validity.RENEWAL_NEAR, Standing.CERTIFIED)
    assert state(dt.date(2025, 5, 18)) == (Validity.RENEWAL_NEAR, Standing.CERTIFIED)
    assert state(dt.date(2025, 5, 19)) == (Validity.LAPSED, Standing.RENEWAL_DUE)

    day = dt.date(2025, 5, 20)
    again = renewal(here.register(), EKSKOLAN, Award(Decision.RENEWED, day, "Arbetet har fortsatt."), day)
    assert again.does == ("Ekskolan är certifierad på nytt till och med 20 maj 2028.",)
    assert here.saved(carry_out(here.register(), again, visitor("Unni"), here.writer))
    assert state(day) == (Validity.VALID, Standing.CERTIFIED)
    assert latest_of(here.register(), EKSKOLAN).school_year == "2024-2025"

    later = dt.date(2026, 1, 8)
    back = revocation(here.register(), EKSKOLAN, Award(Decision.REVOKED, later, "Skolan är nedlagd."), later)
    assert here.saved(carry_out(here.register(), back, visitor("Unni"), here.writer))
    assert state(later) == (Validity.REVOKED, Standing.REVOKED)
    assert renewal(here.register(), EKSKOLAN, Award(Decision.RENEWED, later, "Ändå."), later).obstacles == (
        "Ekskolan har inget certifikat som gäller.",
    )


def test_a_decision_taken_back_is_gone_and_a_corrected_one_keeps_the_rest(town) -> None:  # noqa: F811
    here = town(TOWN, **the_year(settings=[{"Namn": "Certifikat gäller år", "Värde": "3"}]))
    plan = decision(here.register(), YEAR, EKSKOLAN, YES, AFTER)
    assert here.saved(carry_out(here.register(), plan, visitor("Unni"), here.writer))
    [one] = here.register().certificates

    seen = {"Datum": SIXTH, "Diarienummer": "GRF-2022-17"}
    fixed = change(here.register(), one.id, seen, {"Datum": SIXTH, "Diarienummer": "GRF-2022-71"})
    assert here.saved(carry_out(here.register(), fixed, visitor("Unni"), here.writer))
    assert list(here.register().tables["Certifikat"].columns["Diarienummer"]) == ["GRF-2022-71"]
    late = change(here.register(), one.id, seen, {**seen, "Diarienummer": "X"})
    id_ = carry_out(here.register(), late, visitor("Unni"), here.writer)
    assert not here.saved(id_)
    outcome = here.writer.outcome(id_)
    assert isinstance(outcome, Refused)
    [trouble] = outcome.troubles.values()
    assert isinstance(trouble, Conflict) and trouble.theirs["Diarienummer"] == "GRF-2022-71"

    early = change(here.register(), one.id, {"Datum": SIXTH}, {"Datum": dt.date(2022, 1, 1)})
    assert early.obstacles == ("Beslutet kan inte vara före lärtillfälle 6, som är 18 maj 2022.",)


def test_what_somebody_writes_by_hand_in_disorder_is_on_kontroll() -> None:
    rows = [
        a_certificate(date="2022-05-17"),
        a_certificate("Ej certifierad", "2022-05-19", Skolenhetskod=RONNBARSSKOLAN),
        a_certificate("Förnyad", "2025-06-01", **{"Giltigt till": "2025-05-01"}),
    ]
    told = {
        (one.row, one.column, one.advice)
        for one in all_problems(a_register(TOWN, **the_year(certificates=rows)))
    }
    assert told == {
        (2, "E", "Beslutet är före lärtillfälle 6, som är 18 maj 2022. Rätta Datum."),
        (
            3,
            "B",
            "Skolan är inte antagen till läsåret 2021-2022. Rätta Skolenhetskod, Läsår eller Ansökningar.",
        ),
        (4, "F", "Certifikatet slutar gälla före beslutet. Rätta ett av datumen."),
    }


def test_a_register_of_certified_schools_is_for_who_may_open_the_school() -> None:
    register = a_register(
        TOWN, certificates=[a_certificate(), a_certificate(Skolenhetskod=BJORKSKOLAN, Certifikat="C2")]
    )
    seen = {
        who: [one.name for one in certified_schools(register, visitor(who), AFTER)]
        for who in ("Unni", "Rut", "Petra", "Siri", "Frida", "Nils")
    }
    assert seen == {
        "Unni": ["Björkskolan", "Ekskolan"],
        "Rut": ["Björkskolan", "Ekskolan"],
        "Petra": ["Ekskolan"],
        "Siri": [],
        "Frida": [],
        "Nils": [],
    }


def test_the_day_of_the_sixth_session_and_the_years_of_days() -> None:
    assert last_session(a_register(sessions=SESSIONS), YEAR) == SIXTH
    assert last_session(a_register(), YEAR) is None
    assert years_after(dt.date(2024, 2, 29), 3) == dt.date(2027, 2, 28)
    assert (school_year_of(dt.date(2022, 7, 31)), school_year_of(dt.date(2022, 8, 1))) == (
        "2021-2022",
        "2022-2023",
    )
