"""Nothing hidden can be learned from what the pages send to the browser, whatever the browser sends.

Two towns that differ only in what must stay hidden have to give the very same bytes: words, tables,
chart data, tooltips and columns that are not drawn.
"""

import pytest

from tests.attacks.reader import PAGES, Attacker
from tests.attacks.test_overlapping_figures import SPLIT, two_ways
from tests.attacks.towns import NAMES, ROUND, A, B, C, D, E, Levels, Town, few_in_area_2, mixed, same, usual

FIGURES = ("overview", "areas", "school", "certification")
REFUSED = "Behörighet saknas"


def years(**others: Levels) -> dict[str, dict[str, Levels]]:
    return {"2020": usual(**others), ROUND: usual(**others)}


# --- What the unit may not see -----------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("status", ["Öppen", "Stängd"])
@pytest.mark.parametrize("who", ["unni", "petra"])
def test_before_publishing_the_pages_do_not_depend_on_the_answers(
    attacker: Attacker, who: str, status: str
) -> None:
    low, high = (
        Town({"2020": usual(), ROUND: dict.fromkeys((A, B, C, D), same(12, level))}, status={ROUND: status})
        for level in (1, 4)
    )
    assert attacker.told_apart(low, high, who, PAGES, {"omgang": ROUND}) == []


@pytest.mark.slow
def test_a_hidden_school_leaves_no_trace_on_any_page(attacker: Attacker) -> None:
    low, high = (Town(years(D=same(4, level))) for level in (1, 4))
    addresses = [{"skola": school, "omrade": area} for school, area in ((A, "1"), (D, "2"))]
    assert attacker.told_apart(low, high, "unni", FIGURES, *addresses) == []


@pytest.mark.slow
def test_one_answer_more_shows_on_every_page(attacker: Attacker) -> None:
    low, high = (Town(years(D=same(5, level))) for level in (1, 4))
    assert len(attacker.told_apart(low, high, "unni", ("overview", "school", "certification"))) == 3


@pytest.mark.slow
def test_a_hidden_area_leaves_no_trace_on_any_page(attacker: Attacker) -> None:
    low, high = (Town(years(D=few_in_area_2(level))) for level in (1, 4))
    assert attacker.told_apart(low, high, "unni", FIGURES, {"skola": D, "omrade": "2"}) == []


@pytest.mark.slow
def test_under_ten_answers_no_page_depends_on_single_questions(attacker: Attacker) -> None:
    before = {code: mixed(20, 5, 8) for code in (A, B, C)}
    low, high = (
        Town({"2020": before, ROUND: {code: mixed(20, 6, 9) for code in (A, B, C)} | {D: now}}, SPLIT)
        for now in two_ways(9, 9, 9)
    )
    assert attacker.told_apart(low, high, "unni", FIGURES, {"skola": D}) == []


def test_a_hidden_school_is_sent_with_its_participation_and_nothing_else(attacker: Attacker) -> None:
    attacker.enter(Town({ROUND: usual(D=same(4, 4))}, staff={D: 9}))
    frames = attacker.open("overview", "unni").frames
    heat = next(frame for frame in frames if "kod" in frame)
    hidden = heat[heat["kod"] == D]
    assert list(hidden["text"]) == ["–", "–"] and hidden["nivå"].isna().all()
    table = next(frame for frame in frames if "Svar" in frame).set_index("Skola").loc[NAMES[D]]
    assert list(table) == ["4", "44\N{NO-BREAK SPACE}%", "Visas inte", "Visas inte"]
    others = [frame for frame in frames if "kod" not in frame and "Svar" not in frame]
    assert others and not any(NAMES[D] in frame.to_csv() for frame in others)


# --- What a principal may not see --------------------------------------------------------------------


@pytest.mark.slow
def test_a_principals_pages_do_not_tell_other_schools_apart(attacker: Attacker) -> None:
    """D and E, as large as each other, change places: the city is the same."""
    one, other = mixed(20, 8), mixed(20, 9, low=2)
    towns = [Town(years(D=d, E=e)) for d, e in ((one, other), (other, one))]
    for forged in (D, A):
        assert attacker.told_apart(*towns, "petra", PAGES, {"skola": forged}) == []


@pytest.mark.slow
def test_the_city_on_a_principals_page_is_not_the_only_other_school(attacker: Attacker) -> None:
    low, high = (Town({ROUND: {A: mixed(25, 1), D: same(20, level)}}) for level in (1, 4))
    assert attacker.told_apart(low, high, "petra", ("school", "certification")) == []


@pytest.mark.parametrize("page", ["school", "certification"])
@pytest.mark.parametrize("forged", [D, B, "99999999", "", "00000000' or 1=1", f"{A},{D}"])
def test_a_forged_school_in_the_address_or_the_session_gives_her_own(
    attacker: Attacker, page: str, forged: str
) -> None:
    attacker.enter(Town({ROUND: usual(D=same(12, 4))}))
    hers = attacker.open(page, "petra", {"skola": A})
    by_address = attacker.open(page, "petra", {"skola": forged})
    by_session = attacker.open(page, "petra", state={"kept_skola": forged, "choose_skola": forged})
    assert hers.bytes == by_address.bytes == by_session.bytes
    assert NAMES[A] in hers.text and NAMES[D] not in hers.text and NAMES[B] not in hers.text


@pytest.mark.parametrize("forged", [D, NAMES[D], "99999999"])
def test_a_forged_choice_in_the_box_itself_gives_her_own(attacker: Attacker, forged: str) -> None:
    attacker.enter(Town({ROUND: usual(D=same(12, 4))}))
    visit = attacker.open("school", "petra", {"skola": A})
    before = visit.bytes
    visit.forge("choose_skola", forged)
    assert visit.bytes == before


def test_what_was_offered_in_the_box_is_taken(attacker: Attacker) -> None:
    attacker.enter(Town({ROUND: usual()}))
    visit = attacker.open("school", "per", {"skola": B})
    visit.forge("choose_skola", NAMES[C])
    assert NAMES[C] in [heading.value for heading in (*visit.app.header, *visit.app.subheader)]


def test_a_forged_line_is_not_tried(attacker: Attacker) -> None:
    """The simulator takes the lines it offers, so that it is no finer an oracle than its own chart."""
    attacker.enter(Town({ROUND: usual(D=same(12, 4))}))
    visit = attacker.open("certification", "unni")
    before = [text.value for text in visit.app.markdown]
    visit.forge("line_2021_2021_1", "2.5000001")
    assert [text.value for text in visit.app.markdown] == before


def test_a_school_of_another_round_or_an_unknown_round_is_no_way_in(attacker: Attacker) -> None:
    attacker.enter(Town({"2020": {A: mixed(20, 1), D: mixed(20, 2)}, ROUND: {D: mixed(20, 2)}}))
    absent = attacker.open("school", "petra", {"omgang": ROUND, "skola": D})
    assert NAMES[D] not in absent.text and not absent.frames
    unknown = attacker.open("school", "petra", {"omgang": "2099", "skola": D})
    assert unknown.bytes == absent.bytes, "an unknown round is the latest one"


def test_only_those_who_see_every_school_are_sent_the_simulator(attacker: Attacker) -> None:
    attacker.enter(Town({ROUND: usual()}))
    has_lines = {
        who: any(key.startswith("line_") for key in attacker.open("certification", who).widgets)
        for who in ("unni", "rut", "petra", "frida")
    }
    assert has_lines == {"unni": True, "rut": True, "petra": False, "frida": False}


@pytest.mark.slow
def test_the_principal_of_a_school_that_is_gone_is_not_shown_what_it_became(attacker: Attacker) -> None:
    """A and D became E. What they were together, less A, is D; and E is another's school."""
    before, after = {A: mixed(25, 1), B: mixed(25, 2), C: mixed(25, 3)}, {B: mixed(25, 2), E: mixed(30, 4)}
    low, high = (
        Town({"2020": {**before, D: d}, ROUND: after}, became={A: E, D: E})
        for d in (mixed(20, 5), mixed(20, 5)[::-1][:10] + mixed(20, 5)[:10][::-1])
    )
    other_e = Town({"2020": low.answers["2020"], ROUND: {**after, E: same(30, 4)}}, became={A: E, D: E})
    assert attacker.told_apart(low, high, "petra", ("school",), {"omgang": "2020"}) == []
    assert attacker.told_apart(low, other_e, "petra", ("school",), {"omgang": "2020"}) == []


# --- Staff and strangers -----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("who", ["siri", "nils", "", "unknown", "Unni", "unni@example.se"])
def test_staff_and_strangers_are_sent_nothing_of_the_register(attacker: Attacker, who: str) -> None:
    one, other = Town(years(D=same(12, 4))), Town({ROUND: usual(E=mixed(40, 3))}, staff={A: 99})
    address = {"omgang": ROUND, "skola": A, "omrade": "1"}
    # Staff are told on the start page what came of their own school's answers: that is claimed below.
    pages = PAGES if who != "siri" else tuple(page for page in PAGES if page != "start")
    assert attacker.told_apart(one, other, who, pages, address) == []
    for page in (*FIGURES, "checks"):
        visit = attacker.open(page, who, address)
        assert visit.headings == [REFUSED] and not visit.frames
        assert not any(name in visit.text for name in NAMES.values())


@pytest.mark.slow
def test_staff_are_sent_of_their_own_school_what_is_shown_and_of_others_nothing(attacker: Attacker) -> None:
    one, other = Town(years(D=same(12, 4))), Town(years(D=same(12, 1), E=mixed(40, 3)))
    assert attacker.told_apart(one, other, "siri", ("start",), {"omgang": ROUND, "skola": D}) == []
    few = [Town({ROUND: {**usual(), A: same(4, level)}}) for level in (1, 4)]
    assert attacker.told_apart(few[0], few[1], "siri", ("start",), {"skola": A}) == []
    told = attacker.open("start", "siri", {"skola": D})
    assert NAMES[A] in told.text
    assert [name for code, name in NAMES.items() if code != A and name in told.text] == []


@pytest.mark.slow
@pytest.mark.parametrize("is_demo", [True, False])
def test_from_another_computer_nobody_becomes_somebody_by_address(attacker: Attacker, is_demo: bool) -> None:
    attacker.come_from("192.0.2.7")
    attacker.enter(Town({ROUND: usual()}, is_demo=is_demo))
    for who in ("unni", "petra", "rut"):
        for page in (*FIGURES, "checks"):
            visit = attacker.open(page, who, {"skola": A}, {"kept_som": who, "choose_som": who})
            assert visit.headings == [REFUSED]
            assert not visit.frames and not any(name in visit.text for name in NAMES.values())


@pytest.mark.parametrize(
    ("who", "pages"),
    [("frida", {"overview", "areas"}), ("petra", {"school", "certification"}), ("rut", set(FIGURES))],
)
def test_each_role_is_sent_the_pages_it_has_and_no_other(
    attacker: Attacker, who: str, pages: set[str]
) -> None:
    attacker.enter(Town({ROUND: usual()}))
    opened = {page: attacker.open(page, who).headings for page in (*FIGURES, "checks")}
    assert {page for page, headings in opened.items() if headings != [REFUSED]} == pages
