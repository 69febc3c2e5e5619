"""A bug in a page is one Swedish sentence with a number; what happened stands in the log under it."""

import re

import pytest

from services import certifying, checking, overview, profile
from services.errors import UnknownChoice
from tests.pages.visiting import Opener, plain

SENTENCE = re.compile(
    r"Något gick fel hos oss\. Felet är antecknat med nummer ([A-Z]{2}\d{2}[A-Z]{2})\. "
    r"Försök igen, eller kontakta Digitaliseringsenheten\."
)
QUOTED = "anna.svensson@example.se"
WHERE = [
    ("overview", overview, "school_rows"),
    ("areas", overview, "question_rows"),
    ("school", profile, "profile"),
    ("certification", certifying, "standings"),
    ("checks", checking, "all_problems"),
]


@pytest.mark.parametrize(("page", "module", "function"), WHERE, ids=[page for page, _, _ in WHERE])
def test_a_bug_is_a_number_on_the_page_and_the_same_number_in_the_log(
    visit: Opener,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    page: str,
    module: object,
    function: str,
) -> None:
    def broken(*_: object) -> None:
        raise KeyError(QUOTED)

    monkeypatch.setattr(module, function, broken)
    seen = visit(page)
    [error] = seen.app.error
    number = SENTENCE.fullmatch(error.value)
    assert number is not None, error.value
    assert f"bug {number[1]}: builtins.KeyError" in caplog.text and f"in {broken.__name__}" in caplog.text
    for told in (seen.text, caplog.text):
        assert QUOTED not in told
    assert "Traceback" not in seen.text and ".py" not in seen.text and "KeyError" not in seen.text
    # The way on is still there.
    assert seen.chosen("som") == "unni"
    assert seen.go("about").h1 == "Om tjänsten"


def test_expected_trouble_is_its_sentence_and_nothing_but_text(
    visit: Opener, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sentence = "**Skolan** [här](https://example.com) finns inte; välj en annan."

    def refused(*_: object) -> None:
        raise UnknownChoice(sentence)

    monkeypatch.setattr(profile, "profile", refused)
    seen = visit("school")
    [error] = seen.app.error
    assert plain(error.value) == sentence
    assert r"\*\*Skolan\*\* \[här\]" in error.value
    assert "trouble shown to a visitor: UnknownChoice" in caplog.text and "example.com" not in caplog.text


def test_a_bug_in_finding_out_who_is_there_shows_nothing_else(
    visit: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pages.components import current

    def broken() -> None:
        raise RuntimeError(QUOTED)

    monkeypatch.setattr(current, "visitor", broken)
    app = visit.tab("unni")
    app.run()
    assert [SENTENCE.fullmatch(one.value) is not None for one in app.error] == [True]
    assert not app.title and not app.metric and not app.dataframe and not app.exception
