"""The unit's steps of a round: each says first what it will do and what stands in the way."""

import datetime as dt
from pathlib import Path

import pytest

from services.answering.keys import RoundSecrets
from services.conducting import (
    PARTS,
    carry_out,
    closure,
    extension,
    open_up,
    opening,
    preparation,
    publication,
    publish,
)
from services.domain.round import RoundStatus
from services.errors import NotPermitted, NotReady, RoundSecretMissing, UnknownChoice
from services.frozen_rounds import FrozenRounds
from services.outbox import Outbox
from services.reading import Reader
from services.register import Register
from services.tables.schema import load_schema
from services.workbook.memory import MemoryWorkbook
from services.writing.deeds import Saved
from services.writing.writer import Writer
from tests.people import (
    BJORKSKOLAN,
    EKSKOLAN,
    RONNBARSSKOLAN,
    TODAY,
    a_part,
    a_round,
    a_school,
    a_workbook,
    answers,
    visitor,
)

OPENS, CLOSES = dt.date(2023, 1, 9), dt.date(2023, 2, 3)
UNFIT = "Omgångens namn får ha bokstäver, siffror, bindestreck och mellanslag. Skriv till exempel året."
NOON = dt.datetime(2022, 1, 24, 12, 0, tzinfo=dt.UTC)


class Town:
    """A register in memory and the writer that changes it."""

    def __init__(self, workbook: MemoryWorkbook, folder: Path) -> None:
        self.workbook = workbook
        self.outbox = Outbox(folder / "outbox.sqlite")
        self.writer = Writer(workbook, load_schema(), self.outbox, lambda: NOON)
        self.secrets = RoundSecrets(folder / "secrets")

    def register(self) -> Register:
        return Reader(self.workbook, load_schema()).read()

    def saved(self, id_) -> bool:
        while self.outbox.status().waiting:
            self.writer.once()
        return isinstance(self.writer.outcome(id_), Saved)


@pytest.fixture
def town(tmp_path: Path):
    def make(*answered, **tables) -> Town:
        return Town(a_workbook(*answered, **tables), tmp_path)

    return make


def test_a_new_round_takes_the_latest_rules_and_todays_schools_with_their_staff(town) -> None:
    schools = [
        {**a_school(EKSKOLAN, "Ekskolan"), "Personal": 41},
        a_school(BJORKSKOLAN, "Björkskolan"),
        {**a_school("44444444", "Nyskolan")},
        {**a_school("55555555", "Gamla skolan"), "Status": "Upphört", "Personal": 9},
    ]
    here = town(answers(5), schools=schools, parts=[a_part(EKSKOLAN, 37), a_part(BJORKSKOLAN, 22)])
    plan = preparation(here.register(), "2023", OPENS, CLOSES)

    assert plan.obstacles == ()
    assert plan.warnings == ("Nyskolan saknar antal anställda och får ingen rad. Fyll i Skolor.",)
    assert "regelversion 2021, och en skola behöver minst 5 svar" in plan.does[1]
    assert here.saved(carry_out(plan, visitor("Unni"), here.writer))
    made = here.register()
    assert made.rounds["2023"].status is RoundStatus.PLANNED
    assert (made.rounds["2023"].opens, made.rounds["2023"].rules_version) == (OPENS, "2021")
    assert {code: part.staff for code, part in made.school_rounds["2023"].items()} == {
        EKSKOLAN: 41,
        BJORKSKOLAN: 22,
    }


@pytest.mark.parametrize(
    ("name", "opens", "closes", "said"),
    [
        ("2021", OPENS, CLOSES, "Omgång 2021 finns redan."),
        ("2023", CLOSES, OPENS, "Omgångens sista dag är före den första."),
        (" ", OPENS, CLOSES, UNFIT),
        ("../2023", OPENS, CLOSES, UNFIT),
        ("=2023", OPENS, CLOSES, UNFIT),
        (
            "2018",
            OPENS,
            CLOSES,
            "Namnet ska komma efter 2021 i bokstavsordning. Frågorna följer den ordningen.",
        ),
    ],
)
def test_what_stands_in_the_way_of_a_new_round_is_said_and_nothing_is_written(
    town, name: str, opens: dt.date, closes: dt.date, said: str
) -> None:
    here = town(answers(5))
    plan = preparation(here.register(), name, opens, closes)

    assert said in plan.obstacles
    with pytest.raises(NotReady):
        carry_out(plan, visitor("Unni"), here.writer)
    assert here.outbox.status().waiting == 0


def test_opening_makes_the_secret_and_opens_in_one_step(town) -> None:
    here = town({}, rounds=[a_round("2022", "Planerad")])
    plan = opening(here.register(), "2022", TODAY, here.secrets)

    assert (plan.obstacles, plan.warnings) == ((), ())
    with pytest.raises(RoundSecretMissing):
        here.secrets.of("2022")
    assert here.saved(open_up(plan, visitor("Unni"), here.writer, here.secrets, "2022"))
    assert here.register().rounds["2022"].status is RoundStatus.OPEN
    assert len(here.secrets.of("2022")) == 32


def test_a_round_without_rules_schools_or_questions_is_not_opened(town) -> None:
    here = town({}, rounds=[a_round("2022", "Planerad")], rules=[], parts=[], questions=[])
    found = opening(here.register(), "2022", TODAY, here.secrets).obstacles

    assert "Regelversionen (tom) har inga kriterier i Regler." in found
    assert f"Ingen skola har en rad i {PARTS} för omgång 2022." in found
    assert "Delområde 1 Ledarskap och planering har inga frågor i omgång 2022." in found


def test_two_rounds_are_never_open_at_once_and_a_past_one_is_not_opened(town) -> None:
    rounds = [a_round("2021", "Öppen"), a_round("2022", "Planerad")]
    here = town({}, rounds=rounds)
    found = opening(here.register(), "2022", dt.date(2022, 3, 1), here.secrets).obstacles

    assert found == (
        "Omgångens sista dag är passerad. Ändra Stänger i Omgångar först.",
        "Omgång 2021 är redan öppen. Stäng den först.",
    )


def test_one_school_may_have_longer_and_the_others_not(town) -> None:
    here = town({}, rounds=[a_round("2022", "Öppen")])
    until = dt.date(2022, 2, 12)
    plan = extension(here.register(), "2022", EKSKOLAN, until, TODAY)

    assert here.saved(carry_out(plan, visitor("Unni"), here.writer))
    made = here.register()
    round_ = made.rounds["2022"]
    assert made.school_rounds["2022"][EKSKOLAN].is_open_on(until, round_)
    assert not made.school_rounds["2022"][BJORKSKOLAN].is_open_on(until, round_)
    early = extension(made, "2022", EKSKOLAN, dt.date(2022, 2, 5), TODAY)
    assert early.obstacles == ("Den nya sista dagen ska vara efter omgångens egen.",)


def test_a_round_is_published_as_it_stands_and_only_once_it_is_closed(town, tmp_path: Path) -> None:
    here, frozen = town({"2022": answers(12, L=2)}, rounds=[a_round("2022", "Stängd")]), tmp_path / "frozen"
    before = here.register()
    plan = publication(before, "2022")

    assert plan.obstacles == ()
    id_ = publish(plan, visitor("Unni"), here.writer, FrozenRounds(frozen), before, "2022")
    here.workbook.edit("svar-2022", "Svar", 2, 2, 4)
    assert here.saved(id_)
    after = Reader(here.workbook, load_schema(), frozen=FrozenRounds(frozen)).read()
    assert after.rounds["2022"].is_published
    assert [one.rows for one in after.withheld] == [1]
    assert after.answers["2022"].levels.tolist() == before.answers["2022"].levels.tolist()
    again = publication(here.register(), "2022")
    assert again.obstacles == ("Omgång 2022 är publicerad, och ska vara stängd för det här.",)


def test_a_round_that_has_been_closed_is_not_opened_again_whatever_the_sheet_says(town) -> None:
    here = town({}, rounds=[a_round("2022", "Planerad")])
    here.secrets.destroy("2022")
    plan = opening(here.register(), "2022", TODAY, here.secrets)

    assert [one for one in plan.obstacles if "har varit stängd och går inte att öppna igen" in one]
    with pytest.raises(NotReady):
        open_up(plan, visitor("Unni"), here.writer, here.secrets, "2022")


def test_whoever_opens_with_a_new_secret_is_warned_that_some_have_answered(town) -> None:
    here = town({}, rounds=[a_round("2022", "Öppen")], taking_part=[EKSKOLAN, EKSKOLAN])
    here.workbook.edit("vebs", "Omgångar", 2, 3, "Planerad")

    [warning] = opening(here.register(), "2022", TODAY, here.secrets).warnings
    assert warning.startswith("2 har redan svarat") and "kan svara en gång till" in warning
    here.secrets.make("2022")
    assert opening(here.register(), "2022", TODAY, here.secrets).warnings == ()


def test_closing_says_what_can_never_be_taken_back_and_who_is_still_answering(town) -> None:
    longer = {**a_part(EKSKOLAN, 20, "2022"), "Förlängd till": dt.date(2022, 2, 12)}
    parts = [longer, a_part(BJORKSKOLAN, 20, "2022")]
    here = town({}, rounds=[a_round("2022", "Öppen")], parts=parts, taking_part=[BJORKSKOLAN] * 5)
    few = "1 skola har färre än 5 svar och kommer inte att visas."

    early = closure(here.register(), "2022", TODAY)
    assert early.is_final and early.obstacles == ()
    assert any("hemlighet förstörs och inkorgen töms" in one for one in early.does)
    assert early.warnings == (
        "Alla skolor kan svara till och med 5 februari 2022. Stänger ni nu hinner de inte.",
        few,
    )
    between = closure(here.register(), "2022", dt.date(2022, 2, 8))
    assert between.warnings == ("Ekskolan har fått tid till och med 12 februari 2022.", few)
    assert closure(here.register(), "2022", dt.date(2022, 2, 14)).warnings == (few,)


@pytest.mark.parametrize("status", ["Planerad", "Publicerad"])
def test_only_an_open_round_is_closed_or_one_whose_closing_was_interrupted(town, status: str) -> None:
    assert closure(town({}, rounds=[a_round("2022", status)]).register(), "2022", TODAY).obstacles
    assert not closure(town({}, rounds=[a_round("2022", "Stängd")]).register(), "2022", TODAY).obstacles


def test_publishing_says_how_many_schools_are_shown_and_how_many_are_not(town) -> None:
    given = [*answers(12, L=2), *answers(4, BJORKSKOLAN, L=3), *answers(7, RONNBARSSKOLAN, L=3)]
    here = town({"2022": given}, rounds=[a_round("2022", "Stängd")])
    does = publication(here.register(), "2022").does

    assert does[0].startswith("2 skolor visas")
    assert does[1].startswith("1 skola har färre än 5 svar. Den visas inte")
    assert does[2] == "1 skola har färre än 10 svar och visas utan frågor."


def test_a_round_that_was_prepared_by_mistake_is_taken_back_unless_somebody_has_gone_on_with_it(town) -> None:
    here = town(answers(5))
    plan = preparation(here.register(), "2023", OPENS, CLOSES)
    assert here.saved(carry_out(plan, visitor("Unni"), here.writer))
    assert here.saved(carry_out(plan.turned_back(), visitor("Unni"), here.writer))
    made = here.register()
    assert "2023" not in made.rounds and "2023" not in made.school_rounds
    assert made.problems == ()


def test_the_first_round_of_all_takes_the_newest_rules_there_are(town) -> None:
    schools = [{**a_school(), "Personal": 41}]
    here = town({}, rounds=[], parts=[], schools=schools)
    plan = preparation(here.register(), "2023", OPENS, CLOSES)

    assert plan.obstacles == ()
    assert here.saved(carry_out(plan, visitor("Unni"), here.writer))
    assert here.register().rounds["2023"].rules_version == "2021"


def test_somebody_who_changed_the_rules_meanwhile_makes_it_a_conflict(town) -> None:
    here = town({}, rounds=[a_round("2022", "Planerad")])
    plan = opening(here.register(), "2022", TODAY, here.secrets)
    sheet = here.workbook.read("vebs", ["Omgångar"]).sheets["Omgångar"]
    column = [values[0] for values in sheet.columns].index("Regelversion")
    here.workbook.edit("vebs", "Omgångar", 2, column, "2025")

    id_ = open_up(plan, visitor("Unni"), here.writer, here.secrets, "2022")

    assert not here.saved(id_)
    assert here.register().rounds["2022"].status is RoundStatus.PLANNED


def test_nobody_but_the_unit_runs_rounds_and_only_those_that_exist(town) -> None:
    here = town({}, rounds=[a_round("2022", "Planerad")])
    plan = opening(here.register(), "2022", TODAY, here.secrets)

    for who in ("Petra", "Siri", "Rut", "Frida", "Nils"):
        with pytest.raises(NotPermitted):
            open_up(plan, visitor(who), here.writer, here.secrets, "2022")
    with pytest.raises(RoundSecretMissing):
        here.secrets.of("2022")
    with pytest.raises(UnknownChoice):
        opening(here.register(), "1999", TODAY, here.secrets)
