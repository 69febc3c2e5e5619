"""Text from a cell is shown letter for letter, whatever is written in it."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from pages.components.words import plain

HOSTILE = (
    # HTML
    "<b>fet</b>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!-- tyst -->",
    "<a href='//x.se'>x</a>",
    "</div><h1>Stor</h1>",
    "&lt;b&gt;",
    "&amp;",
    "&#106;",
    "&nbsp;x",
    "<svg/onload=alert(1)>",
    "<?php ?>",
    "<![CDATA[x]]>",
    # Links and images
    "[text](https://example.com)",
    "[text](javascript:alert(1))",
    "![bild](https://example.com/x.png)",
    "[ref][1]",
    "[1]: https://example.com",
    "[^1]",
    "[^1]: not",
    "[ ]",
    "- [x] klart",
    "[](x)",
    "\\[text](x)",
    # Autolinks
    "https://example.com",
    "http://example.com/a_b_c",
    "www.example.com",
    "WWW.Example.Com/a",
    "<https://example.com>",
    "anna@example.se",
    "mailto:anna@example.se",
    "<anna@example.se>",
    "ftp://example.com",
    "javascript:alert(1)",
    "xmpp:anna@example.se/x",
    "wwww.example.com",
    "a.b@c.se.",
    # What Streamlit adds
    ":smile:",
    ":+1:",
    ":-1:",
    ":material/delete:",
    ":red[röd]",
    ":blue-background[blå]",
    ":small[liten]",
    ":streamlit:",
    ":rainbow[x]",
    ":red-badge[x]",
    "$x^2$",
    "$$x^2$$",
    r"\(x\)",
    r"\frac{1}{2}",
    # Signs that Streamlit draws instead
    "Ek -> Björk",
    "<- hit",
    "dit ->",
    "Ek <-> Björk <-> Al",
    "Ek -- Björk",
    "--",
    "nivå >= 3",
    "nivå <= 3",
    "~= 3",
    # Emphasis, code, rules
    "*kursiv*",
    "**fet**",
    "_kursiv_",
    "__fet__",
    "***båda***",
    "~~struken~~",
    "~struken~",
    "`kod`",
    "``kod ` kod``",
    "```\nkod\n```",
    "~~~",
    "    indragen kod",
    "\tindragen kod",
    # Blocks
    "# Rubrik",
    "###### Rubrik",
    "Rubrik\n===",
    "Rubrik\n---",
    "---",
    "***",
    "___",
    "> citat",
    "- punkt",
    "+ punkt",
    "* punkt",
    "1. ett",
    "1) ett",
    "12345. ett",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "a | b\n- | -",
    "\n\n# Rubrik",
    "a  \nb",
    "a\\\nb",
    ": definition",
    "{.klass}",
    "^upp^ ~ned~",
    "==märkt==",
    # Marks that turn or hide
    "\u202eaksloke\u202c",
    "\u200fEkskolan",
    "\u2066x\u2069",
    "\u061cx",
    "a\x00b",
    "a\u2028b",
    "a\u2029# b",
    "a\x85b",
    "\ufeffx",
    "",
    " ",
    "\\",
    "a\\",
    "\\\\*a*",
    # And what people do write
    "Kärna-skolan (f.d. Ek & Björk) – 50 % / år 7–9!",
    "5 * 3 = 15",
    "Skola_A_B",
    "K4: Vi ser 'värdet' av \"stöd\"",
    "kl. 9:30",
    "Nr #1",
)
UNSEEN = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
ALLOWED = {"text", "text_special", "softbreak"}
ANY_TEXT = st.text(
    st.one_of(
        st.sampled_from("*_`[]()<>!#|~$:\\&;.@/-+={}^\"' \n\t1aAåw"), st.characters(exclude_categories=["Cs"])
    ),
    max_size=40,
)

gfm = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def as_read(text: str) -> str:
    """The text as a browser shows it: breaks are spaces, spaces are one, turning marks are gone."""
    return re.sub(" +", " ", BREAKS.sub(" ", UNSEEN.sub("", text))).strip()


def inline(tokens: list[Token]) -> list[Token]:
    return [child for token in tokens for child in (token.children or [])]


def assert_is_only_text(source: str, text: str, blocks: list[str]) -> None:
    tokens = gfm.parse(source)
    assert [token.type for token in tokens] == blocks, (text, source)
    assert {token.type for token in inline(tokens)} <= ALLOWED, (text, source)
    shown = "".join(" " if token.type == "softbreak" else token.content for token in inline(tokens))
    assert re.sub(" +", " ", shown.replace("\N{WORD JOINER}", "")).strip() == as_read(
        text.replace("\N{WORD JOINER}", "")
    )


PARAGRAPH = ["paragraph_open", "inline", "paragraph_close"]
HEADING = ["heading_open", "inline", "heading_close"]
ITEM = ["bullet_list_open", "list_item_open", *PARAGRAPH, "list_item_close", "bullet_list_close"]


def test_the_list_is_long() -> None:
    assert len(set(HOSTILE)) >= 60


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_a_paragraph_that_says_just_that(text: str) -> None:
    assert_is_only_text(plain(text), text, PARAGRAPH if as_read(text) else [])


@given(ANY_TEXT)
@example("a\n\n    b")
def test_any_text_is_a_paragraph_that_says_just_that(text: str) -> None:
    source = plain(text)
    if source.strip():
        assert_is_only_text(source, text, PARAGRAPH)


@given(ANY_TEXT.filter(lambda text: as_read(text) != ""))
def test_any_text_stays_text_in_a_heading_and_in_a_list(text: str) -> None:
    assert_is_only_text(f"## {plain(text)}", text, HEADING)
    assert_is_only_text(f"- {plain(text)}", text, ITEM)


@given(ANY_TEXT.filter(lambda text: as_read(text) != ""))
def test_text_between_stars_is_bold_as_a_whole(text: str) -> None:
    tokens = inline(gfm.parse(f"x **{plain(text)}** x"))
    kinds = [token.type for token in tokens if token.type not in ALLOWED]
    assert kinds in (["strong_open", "strong_close"], []), plain(text)


def assert_nothing_becomes_a_link_or_an_emoji(text: str) -> None:
    """What GitHub's autolinks and Streamlit's own shortcodes look for in text that is already unescaped."""
    shown = "".join(token.content for token in inline(gfm.parse(plain(text))))
    assert not re.search(r"www\.", shown, re.IGNORECASE)
    assert not re.search(r"(https?|ftp|mailto|xmpp|javascript):(?!\N{WORD JOINER})\S", shown, re.IGNORECASE)
    assert not re.search(r"@[\w.-]", shown)
    assert not re.search(r":[+\w/-]+:", shown)
    assert not re.search(r":\w[\w-]*\[", shown)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_becomes_no_link_and_no_emoji(text: str) -> None:
    assert_nothing_becomes_a_link_or_an_emoji(text)


@given(ANY_TEXT)
def test_no_text_becomes_a_link_or_an_emoji(text: str) -> None:
    assert_nothing_becomes_a_link_or_an_emoji(text)


DRAWN = re.compile(r"(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)")
"""What Streamlit draws as one sign (↔ → ← — ≥ ≤ ≈), as its own rules have it."""


def assert_nothing_is_drawn_as_a_sign(text: str) -> None:
    shown = "".join(token.content for token in inline(gfm.parse(plain(text))))
    assert not DRAWN.search(shown), plain(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_drawn_as_no_sign(text: str) -> None:
    assert_nothing_is_drawn_as_a_sign(text)


@given(st.text(st.sampled_from("<>~=- \u00a0\tx"), max_size=12))
def test_no_text_is_drawn_as_a_sign(text: str) -> None:
    assert_nothing_is_drawn_as_a_sign(text)


@given(ANY_TEXT)
def test_formulas_are_escaped(text: str) -> None:
    assert not re.search(r"(?<!\\)(\\\\)*\$", plain(text))


@given(ANY_TEXT)
def test_nothing_turns_the_text_around_or_breaks_it(text: str) -> None:
    shown = plain(text)
    assert not UNSEEN.search(shown)
    assert not any(unicodedata.category(letter) in {"Zl", "Zp"} for letter in shown)
    assert "\n" not in shown and "\r" not in shown
