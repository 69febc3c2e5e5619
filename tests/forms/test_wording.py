"""Alike words are alike however a form, a spreadsheet or a person writes them."""

import random
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from services.forms.wording import normalised, shown
from tests.forms.exports import STATEMENTS

SPACES = [" ", "  ", "\u00a0", "\t", "\n", "\r\n", "\u2009", "\u202f", " \u200b", "\u3000"]
QUOTES = {'"': '“”„«»"', "'": "‘’´`'", "-": "–—‐‑−-"}
TEXTS = [
    *STATEMENTS.values(),
    "Vi kallar det “öppen” planering – och det 'känns' bra",
    'Åäö ÅÄÖ é ü "nästan" – jämt...',
    "Straße och İstanbul, ǅ och ﬁ",
]


def mangled(text: str, chance: random.Random) -> str:
    """Everything that normalising promises to undo, at random."""
    text = chance.choice([str, str.upper, str.lower, str.title])(text)
    signs = [
        chance.choice(QUOTES.get(normalised(sign) or sign, sign)) if sign in "\"'-“”‘’–" else sign
        for sign in text
    ]
    text = "".join(chance.choice(SPACES) if sign == " " else sign for sign in signs)
    text = unicodedata.normalize(chance.choice(["NFC", "NFD", "NFKC", "NFKD"]), text)
    if chance.random() < 0.3:
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice("\u00ad\u200b\u2060\ufeff") + text[at:]
    ends = ["", "", " ", ".", ":", " *", "\u00a0", "?", "!", " .\n"]
    return chance.choice(["", " ", "\t", "\ufeff", "\u00a0"]) + text + chance.choice(ends)


@given(st.sampled_from([text for text in TEXTS if "ß" not in text]), st.randoms(use_true_random=False))
def test_whatever_normalising_promises_to_undo_is_undone(text: str, chance: random.Random) -> None:
    assert normalised(mangled(text, chance)) == normalised(text)


@given(st.text())
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@given(st.text())
def test_text_is_alike_in_every_unicode_form_and_case(text: str) -> None:
    forms = {normalised(unicodedata.normalize(form, text)) for form in ("NFC", "NFD", "NFKC", "NFKD")}

    assert forms == {normalised(text)} == {normalised(text.casefold())}


@given(st.text(max_size=300))
def test_what_is_shown_is_one_line_without_a_command_to_the_terminal(text: str) -> None:
    line = shown(text)

    assert len(line) <= 60
    assert not any(unicodedata.category(sign) in ("Cc", "Zl", "Zp", "Cs") for sign in line)


def test_questions_of_the_framework_stay_apart() -> None:
    assert len({normalised(text) for text in STATEMENTS.values()}) == len(STATEMENTS) == 40


def test_words_that_differ_stay_different() -> None:
    assert normalised("Vi har en plan") != normalised("Vi har ingen plan")
    assert normalised("a-b") != normalised("a b")
