"""How many have answered, school by school, those that need help first: never what they answered."""

from collections.abc import Sequence

import streamlit as st

from pages.components import current, drawing, participation_chart, words
from services.domain.access import Visitor
from services.domain.round import Round, RoundStatus
from services.participation import Need, Participation, Total, participation, rate_wanted, total
from services.register import Register

FEW = 12
"""So many schools are drawn without asking which."""

_HELP, _ALL = "De som behöver hjälp", "Alla"
_SAID = {
    Need.NOT_BEGUN: ("skola har inte börjat", "skolor har inte börjat"),
    Need.TOO_FEW: ("skola når inte minsta antal svar", "skolor når inte minsta antal svar"),
    Need.TOO_SLOW: (
        "skola når inte svarsfrekvensen i reglerna",
        "skolor når inte svarsfrekvensen i reglerna",
    ),
    Need.UNKNOWN: ("skola saknar antal anställda", "skolor saknar antal anställda"),
}


def draw(register: Register, visitor: Visitor, round_: Round) -> None:
    """The schools that the visitor follows in an open round, or in one that is closed but not published."""
    if round_.status not in (RoundStatus.OPEN, RoundStatus.CLOSED):
        return
    rows = participation(register, visitor, round_.name, current.today())
    is_open = round_.status is RoundStatus.OPEN
    if not rows:
        st.info("Ingen skola som du följer är med i omgången. Skolorna står i bladet Skolans omgång.")
        return
    found = total(rows)
    with st.container(key="participation"):
        st.header(_finding(rows, found, is_open))
        if len(rows) > 1:
            _key_numbers(found, is_open)
        _needs(rows)
        shown = _chosen(rows)
        wanted = rate_wanted(register, round_.rules_version)
        st.caption(_how_to_read(wanted, is_open))
        drawing.chart(
            participation_chart.bars,
            participation_chart.frame(shown),
            float(round(100 * wanted)),
            current.theme_is_dark(),
            alt=f"Hur många som har svarat på {words.counted(len(shown), 'skola', 'skolor')}.",
        )
        drawing.as_table(participation_chart.table(rows, is_open=is_open))


def _finding(rows: Sequence[Participation], found: Total, is_open: bool) -> str:
    if len(rows) == 1:
        name = words.plain(rows[0].name)
        so_far = "har svarat" if is_open else "svarade"
        return f"{participation_chart.of_all(found.answered, rows[0].staff)} {so_far} på {name}"
    if not found.needing:
        return (
            f"Alla {words.whole(found.schools)} skolor är på god väg" if is_open else "Alla skolor nådde fram"
        )
    who = words.counted(found.needing, "skola", "skolor")
    what = "behöver hjälp på vägen" if is_open else "nådde inte hela vägen"
    return f"{who} av {words.whole(found.schools)} {what}"


def _key_numbers(found: Total, is_open: bool) -> None:
    pairs: list[tuple[str, str, str | None]] = [
        ("Har svarat", words.whole(found.answered), f"Av {words.whole(found.staff)} anställda."),
        ("Svarsfrekvens", words.percent(found.rate), None),
    ]
    if is_open:
        expected = found.projected / found.staff if found.projected is not None and found.staff else None
        about = "Om det fortsätter i samma takt per arbetsdag till sista dagen."
        pairs.append(("Väntas till slut", words.percent(expected), about))
    pairs.append(("Behöver hjälp", words.whole(found.needing), f"Av {words.whole(found.schools)} skolor."))
    drawing.key_numbers(pairs)


def _needs(rows: Sequence[Participation]) -> None:
    if len(rows) == 1:
        [row] = rows
        expected = (
            f" I samma takt blir det {words.whole(row.projected)} till och med {words.date(row.last_day)}."
            if row.projected is not None
            else ""
        )
        st.markdown(f"{row.need.value}.{expected}")
        return
    counts = {need: sum(row.need is need for row in rows) for need in _SAID}
    said = [words.counted(count, *_SAID[need]) for need, count in counts.items() if count]
    if said:
        drawing.bullet_list([f"{one}." for one in said])


def _chosen(rows: Sequence[Participation]) -> Sequence[Participation]:
    """The rows to draw: many schools would be a long way to scroll."""
    helped = [row for row in rows if row.needs_help]
    if len(rows) <= FEW or not helped or len(helped) == len(rows):
        return rows
    options = {_HELP: helped, _ALL: rows}
    choice = st.radio(
        "Skolor i diagrammet",
        list(options),
        format_func=lambda one: f"{one} ({len(options[one])})",
        horizontal=True,
        key="participation_shown",
    )
    return options.get(choice or _HELP, helped)


def _how_to_read(wanted: float, is_open: bool) -> str:
    said = ["Den mörka stapeln är andelen som har svarat"]
    if is_open:
        said.append("den ljusa vart det är på väg i samma takt")
    if wanted:
        said.append(f"strecket svarsfrekvensen i reglerna, {words.percent(wanted)}")
    return f"{words.listed(said)}."
