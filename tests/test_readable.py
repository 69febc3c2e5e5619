"""What the command line prints for people: in Swedish, and no figure that only seems to reach its line."""

from hypothesis import given
from hypothesis import strategies as st

from services.exporting import candidates_object, results_object
from services.readable import candidates_table, problems_table, results_table
from services.tables.problems import Problem, Rule
from tests.people import BJORKSKOLAN, RONNBARSSKOLAN, a_register, answers


def everyone(level: int, count: int, school: str) -> list:
    return answers(count, school, L=level, U=level)


TOWN = [*everyone(4, 16, BJORKSKOLAN), *everyone(2, 16, RONNBARSSKOLAN), *answers(6, L=3)]


def a_verdict(reached: float | None, required: float | None = 3.0) -> dict:
    finding = {"nr": 1, "measure": "Medelnivå", "area": 1, "met": False}
    finding |= {"reached": reached, "required": required}
    school = {"code": "00123456", "name": "Ekskolan", "status": "near", "findings": [finding]}
    return {"round": "2021", "rules": "2021", "schools": [school]}


def test_results_are_a_line_a_school_and_the_city_last() -> None:
    register = a_register(TOWN)

    lines = results_table(register, results_object(register, "2021")).splitlines()

    # The city: schools of 20 each, so the first area is (4 + 2 + 3) / 3 and the second (4 + 2) / 2.
    assert [line.split() for line in lines] == [
        ["Omgång", "2021"],
        ["1", "Ledarskap", "och", "planering"],
        ["2", "Digitala", "verktyg", "i", "undervisningen"],
        [],
        ["Kod", "Skola", "Svar", "Personal", "1", "2"],
        ["00123456", "Ekskolan", "6", "20", "3", "–"],
        ["22222222", "Björkskolan", "16", "20", "4", "4"],
        ["33333333", "Rönnbärsskolan", "16", "20", "2", "2"],
        ["Staden", "3", "3"],
        [],
        ["3", "skolor", "visas,", "0", "visas", "inte."],
    ]
    assert lines[5].index("20") == lines[6].index("20") == lines[4].index("Personal")


def test_candidates_come_first_and_the_others_with_what_they_miss() -> None:
    register = a_register(TOWN)

    lines = candidates_table(candidates_object(register, "2021")).splitlines()

    assert lines[0] == "Omgång 2021, regler 2021: 1 skolor uppfyller."
    assert [line.split("  ")[0] for line in lines[3:]] == [BJORKSKOLAN, "00123456", RONNBARSSKOLAN]
    assert lines[3].endswith("Uppfyller")
    assert lines[4].endswith("Inte ännu  Medelnivå 2 – < 3, Svarsfrekvens 0,3 < 0,7, Antal svar 6 < 10")
    assert lines[5].endswith("Medelnivå 1 2 < 3, Medelnivå 2 2 < 3")


def test_a_figure_just_under_its_line_has_the_decimals_that_show_it() -> None:
    assert candidates_table(a_verdict(2.9996)).endswith("Medelnivå 1 2,9996 < 3")
    assert candidates_table(a_verdict(2.99999999)).endswith("Medelnivå 1 2,99999999 < 3")
    assert candidates_table(a_verdict(2.5)).endswith("Medelnivå 1 2,5 < 3")
    assert candidates_table(a_verdict(None)).endswith("Medelnivå 1 – < 3")
    assert candidates_table(a_verdict(2.5, None)).endswith("Medelnivå 1 2,5 < –")
    assert candidates_table(a_verdict(None, None)).endswith("Medelnivå 1 – < –")


@given(st.floats(1, 4), st.floats(2e-9, 1))
def test_no_shortfall_is_ever_drawn_as_its_line(required: float, short: float) -> None:
    line = candidates_table(a_verdict(required - short, required)).rpartition("Medelnivå 1 ")[2]

    reached, _, drawn = line.partition(" < ")
    assert reached != drawn
    assert float(reached.replace(",", ".")) < float(drawn.replace(",", "."))


def test_problems_are_told_with_place_value_and_what_to_do() -> None:
    problem = Problem("vebs", "Skolor", 2, "E", "Personal", 4.5, Rule.WRONG_TYPE, "Skriv ett heltal.")
    whole = Problem("vebs", "Logg", None, None, None, None, Rule.MISSING_SHEET, "Bladet Logg saknas.")

    assert problems_table([problem, whole]).splitlines() == [
        "Kalkylblad  Plats            Värde  Gör så här",
        "vebs        Skolor, cell E2  4.5    Skriv ett heltal.",
        "vebs        Logg                    Bladet Logg saknas.",
        "",
        "2 fel.",
    ]
    assert problems_table([]) == "Inga fel i kalkylbladen."
