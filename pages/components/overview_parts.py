"""The parts of Översikt."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.components import charts, current, drawing, frames, words
from services.comparing import Segment
from services.domain.access import Page, Visitor
from services.domain.figures import RoundFigures
from services.domain.question import Area
from services.overview import AreaChange, KeyFigures, SchoolRow, area_changes, area_shares
from services.register import Register


def key_row(key: KeyFigures) -> None:
    """The round in six numbers."""
    drawing.key_numbers(
        [
            ("Skolor", words.whole(key.schools), None),
            ("Svar", words.whole(key.answers), None),
            ("Svarsfrekvens", words.percent(key.response_rate), None),
            ("Kandidater", words.whole(key.candidates), "Skolor som uppfyller alla kriterier i omgången."),
            ("I processen", words.whole(key.applicants), "Skolor som har sökt eller deltar."),
            ("Certifierade", words.whole(key.certified), "Skolor med ett certifikat som gäller i dag."),
        ]
    )


def heat_map(visitor: Visitor, rows: Sequence[SchoolRow], figures: RoundFigures) -> None:
    """Every school in every area; a click opens the school."""
    if not rows:
        st.info("Inga skolor är med i omgången. Lägg till dem i bladet Skolans omgång.")
        return
    lowest = _lowest(figures)
    finding = f"{lowest} är lägst i staden" if lowest else "Alla skolor i alla delområden"
    st.header(words.plain(finding))
    wanted = st.text_input("Sök skola", placeholder="Skriv en del av namnet", key="heat_search", width=420)
    found = [row for row in rows if wanted.strip().casefold() in row.name.casefold()]
    opens = visitor.may_open(Page.SCHOOL)
    click = " Klicka på en skola för att öppna den." if opens else ""
    st.caption(f"Nivå 1–4, i namnordning. Siffrorna överst är delområdenas nummer.{click}")
    if not found:
        st.info("Ingen skola heter så. Sök på något annat.")
        return
    frame = frames.heat(found, figures.areas)
    # No scrolling part of its own: it could not be reached with a keyboard, and would not print.
    with st.container(key="heat"):
        event = drawing.chart(
            charts.heat_map, frame, alt=finding, key="heat_chart", on_select="rerun", selection_mode="picked"
        )
    st.caption(" · ".join(words.plain(frames.area_label(area)) for area in figures.areas))
    drawing.as_table(frames.heat_table(found, figures.areas))
    picked = _picked(event, found)
    if opens and picked:
        st.switch_page("school.py", query_params={current.SCHOOL_PARAMETER: picked})


def _picked(event: Any, shown: Sequence[SchoolRow]) -> str | None:
    """The school that was clicked, if it is one of those that are drawn: the browser may send anything."""
    sent = event.selection.get("picked") if isinstance(event.selection, Mapping) else None
    codes = [one.get("kod") for one in sent if isinstance(one, dict)] if isinstance(sent, list) else []
    return next((row.school for row in shown if row.school in codes), None)


def _lowest(figures: RoundFigures) -> str | None:
    known = [one for one in figures.city.areas if one.level_staff is not None]
    if len(known) < 2:
        return None
    lowest = min(known, key=lambda one: one.level_staff or 0.0)
    return next(area.name for area in figures.areas if area.number == lowest.area)


def years(register: Register, round_name: str, histories: Sequence[tuple[Area, tuple[Segment, ...]]]) -> None:
    """A small chart for each area, and which changes may be told."""
    drawn = [(area, segments, frame) for area, segments in histories if len(frame := frames.years(segments))]
    if not drawn:
        return
    changes = {one.area: one for one in area_changes(register, round_name)}
    told = [one for one in changes.values() if one.told]
    finding = f"{words.counted(len(told), 'delområde', 'delområden')} har ändrats sedan förra omgången"
    st.header(finding if told else "Nivån i varje delområde över åren")
    st.caption("Den genomsnittliga medarbetarens nivå, på de frågor som åren har gemensamt.")
    with st.grid(3, min_column_width=220):
        for area, segments, frame in drawn:
            with st.container(border=True, height="stretch"):
                st.markdown(f"**{words.plain(frames.area_label(area))}**")
                drawing.chart(
                    charts.years,
                    frame,
                    current.theme_is_dark(),
                    alt=f"{area.name} över åren: {', '.join(frame['text'])}",
                )
                st.caption(_history_words(segments, changes.get(area.number)))
    drawing.as_table(frames.years_table([(area, frame) for area, _, frame in drawn]))


def _history_words(segments: Sequence[Segment], change: AreaChange | None) -> str:
    last = segments[-1]
    said = []
    if change is not None and change.told:
        said.append(f"{words.signed(change.change.difference)} sedan förra omgången.")
    if last.common < last.asked:
        said.append(f"{last.common} av {last.asked} frågor jämförbara.")
    if len(segments) > 1:
        said.append("Linjen är bruten där frågorna är för olika.")
    return " ".join(said) or "Ingen säker förändring sedan förra omgången."


def spread(rows: Sequence[SchoolRow], figures: RoundFigures) -> None:
    """How far apart schools are: likvärdighet is the aim."""
    points, marks = frames.spread(rows, figures)
    if not len(points):
        return
    widest = max(
        (area for area in figures.city.areas if area.spread is not None),
        key=lambda area: area.spread or 0.0,
        default=None,
    )
    name = next((area.name for area in figures.areas if widest and area.number == widest.area), "")
    drawing.figure(
        f"Skolorna skiljer sig mest åt i {name}" if name else "Spridning mellan skolor",
        charts.spread,
        points,
        marks,
        current.theme_is_dark(),
        table=frames.city_table(figures),
        note="Varje streck är en skola. I bandet ligger åtta av tio skolor, och romben är den genomsnittliga "
        "medarbetaren. Målet är att skolorna ska ligga nära varandra.",
        key="spread",
    )


def distribution(figures: RoundFigures) -> None:
    """How all answers in an area are spread over the four levels."""
    bars = [
        (frames.row_label(area), area.name, shares)
        for area in figures.areas
        if (shares := area_shares(figures, area.number)) is not None
    ]
    if not bars:
        return
    secure = {name: shares[2] + shares[3] for _, name, shares in bars}
    best = max(secure, key=lambda name: secure[name])
    frame = frames.parted(bars)
    table = frame.pivot(index="fråga", columns="nivå", values="text")[list(charts.LEVEL_NAMES)].reset_index()
    drawing.figure(
        f"{words.percent(secure[best])} av svaren i {best} är Trygg eller högre",
        charts.levels,
        frame,
        table=table.rename(columns={"fråga": "Delområde"}),
        note="Så fördelar sig svaren på de fyra nivåerna. Staplarna möts mellan Aktiverad och Trygg.",
        key="distribution",
    )


def participation(rows: Sequence[SchoolRow]) -> None:
    """How many have answered while a round is open: those who need help first."""
    if not rows:
        return
    known = [row for row in rows if row.staff]
    staff, answers = sum(row.staff or 0 for row in known), sum(row.n for row in known)
    drawing.key_numbers(
        [
            ("Skolor", words.whole(len(rows)), None),
            ("Har svarat", words.whole(answers), None),
            ("Anställda", words.whole(staff), None),
            ("Svarsfrekvens", words.percent(answers / staff if staff else None), None),
            ("Skolor utan svar", words.whole(sum(row.n == 0 for row in rows)), None),
        ]
    )
    st.header("Deltagande i varje skola, lägst först")
    ordered = sorted(rows, key=lambda row: (row.response_rate is None, row.response_rate or 0.0, row.name))
    table = pd.DataFrame(
        [
            {
                "Skola": row.name,
                "Har svarat": f"{row.n} av {words.whole(row.staff)}",
                "Svarsfrekvens": words.percent(row.response_rate),
            }
            for row in ordered
        ]
    )
    drawing.show_table(table)
