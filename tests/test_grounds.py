"""What a decision stood on can be read back from its reasons, and changes with what it stood on alone."""

import random
import string

from hypothesis import given
from hypothesis import strategies as st

from services.grounds import Grounds, grounds, grounds_of, without_grounds
from tests.people import BJORKSKOLAN, EKSKOLAN, RULES, a_part, a_register, a_rule, answers

NAMES = st.text(string.ascii_letters + string.digits + "-–åäö ", min_size=1).map(str.strip).filter(bool)
SOME = [*answers(12, EKSKOLAN, L=4, U=3), *answers(9, BJORKSKOLAN, L=2, U=3)]


@given(st.text(), NAMES, NAMES)
def test_the_grounds_are_read_back_from_below_any_reasons(reasons: str, name: str, version: str) -> None:
    one = Grounds(name, version, "0123456789abcdef" * 4)
    assert grounds_of(one.below(reasons)) == one
    assert without_grounds(one.below(reasons)) == reasons.strip()


def test_reasons_that_somebody_wrote_by_hand_have_no_grounds() -> None:
    for reasons in ("", "Skolan når alla linjer.", "Beslutet bygger på omgång 2021."):
        assert grounds_of(reasons) is None
        assert without_grounds(f" {reasons}\n") == reasons


def test_they_say_which_round_and_which_rules() -> None:
    one = grounds(a_register(SOME), "2021")
    assert (one.round, one.version, len(one.digest)) == ("2021", "2021", 64)
    assert one.line.startswith("Beslutet bygger på omgång 2021, regelversion 2021, kontrollsumma ")


def test_sorting_the_sheet_changes_nothing_and_one_level_changes_the_digest() -> None:
    before = grounds(a_register(SOME), "2021")
    turned = list(SOME)
    random.Random(7).shuffle(turned)
    assert grounds(a_register(turned), "2021") == before
    assert grounds(a_register([{**SOME[0], "L1": 3}, *SOME[1:]]), "2021").digest != before.digest


def test_a_moved_line_or_another_staff_changes_the_digest() -> None:
    before = grounds(a_register(SOME), "2021").digest
    assert grounds(a_register(SOME, rules=[a_rule(1, "Medelnivå", 3.1), *RULES[1:]]), "2021").digest != before
    fewer = [a_part(EKSKOLAN, 19), a_part(BJORKSKOLAN, 20)]
    assert grounds(a_register(SOME, parts=fewer), "2021").digest != before
