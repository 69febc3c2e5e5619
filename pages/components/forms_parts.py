"""The parts of Formulärsvar: the round, the file, what would happen, and what came of it."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.components import current, drawing, forms_columns, forms_desk, words
from pages.components.address import choose
from pages.components.forms_desk import Desk
from services.domain.round import Round, RoundStatus
from services.forms.importing import Preview
from services.forms.intake import Looked
from services.forms.levels import is_level

MOST_ROWS = 500
"""So many refused rows and cells are listed; a file with more has something else the matter."""

_FIELD = '[data-testid="stFileUploaderDropzone"]'
_SWEDISH = f"""<style>
{_FIELD} [data-testid="stFileUploaderDropzoneInstructions"], {_FIELD} [role="alert"],
.st-key-forms_too_large {{ display: none; }}
{_FIELD} [data-testid="stBaseButton-secondary"] p {{ font-size: 0; }}
{_FIELD} [data-testid="stBaseButton-secondary"] [data-testid="stMarkdownContainer"]::after {{
  content: "Välj fil";
}}
[data-testid="stMain"]:has([data-testid="stFileChip"][aria-invalid="true"]) .st-key-forms_too_large {{
  display: flex;
}}
</style>"""
"""Streamlit's own words on the field for a file are English, and can't be changed otherwise."""

_STATUS: dict[RoundStatus | None, str] = {
    RoundStatus.PLANNED: "Omgången är planerad.",
    RoundStatus.OPEN: "Omgången är öppen.",
    RoundStatus.CLOSED: "Omgången är stängd, så svaren kan läsas in. Det som saknas för det skapas då.",
}
_NOT_YET = (
    "Du kan redan nu se vad en fil innehåller och rätta det som inte stämmer. Svaren läses in först när "
    "alla har svarat och omgången har status Stängd i bladet Omgångar: alla på en gång och i blandad "
    "ordning, så att ingen ser vem som har svarat vad."
)


def choose_round(rounds: Sequence[Round]) -> Round | None:
    """Let her choose a round that is answered in Google Forms; or say how there comes to be one."""
    if not rounds:
        st.info(
            "Ingen omgång väntar på svar från Google Forms. Samlar ni in svaren så? Skriv Google Forms i "
            "kolumnen Svarsform för omgången, i bladet Omgångar. En publicerad omgång tar inte emot fler."
        )
        st.page_link("self_assessment.py", label="Till Självskattning")
        return None
    by_name = {one.name: one for one in rounds}
    name = choose(current.ROUND_PARAMETER, "Omgång", list(by_name), str, default=rounds[0].name)
    return by_name[name] if name else None


def section(round_: Round) -> None:
    """Everything about one round and the file for it."""
    if forms_desk.has_work(round_.name):
        with st.spinner(_doing(forms_desk.desk())):
            forms_desk.work(round_.name)
        st.rerun()
    mine = forms_desk.desk()
    if mine.taken is not None and mine.taken.round == round_.name:
        _result(mine.taken)
    elif mine.export is None:
        _status(round_)
    if mine.export is None:
        _ask_for_file(mine)
        return
    _file(mine)
    if mine.looked is not None:
        forms_columns.section(mine, mine.looked)
        _preview(mine.looked.preview)
        _take_in(mine, mine.looked, round_)


def _doing(mine: Desk) -> str:
    if mine.is_taking_in and mine.looked is not None:
        new = words.counted(mine.looked.preview.new, "svar", "svar")
        return f"Läser in {new} och läser tillbaka dem. Det tar några sekunder."
    return "Läser filen …"


def _status(round_: Round) -> None:
    said = _STATUS.get(round_.status, "Omgången saknar status.")
    st.markdown(f"{said} {'' if round_.status is RoundStatus.CLOSED else _NOT_YET}")


def _ask_for_file(mine: Desk) -> None:
    st.header("Välj filen med svaren")
    if mine.refusal:
        st.error(words.plain(mine.refusal))
    st.html(_SWEDISH)
    st.file_uploader(
        "Svaren som .csv eller .xlsx, högst 5 MB",
        key=mine.uploader,
        on_change=forms_desk.receive,
        width=640,
    )
    with st.container(key="forms_too_large"):  # only the browser knows: nothing of such a file is sent
        st.markdown("**Filen är för stor.** Den får vara högst 5 MB. Hämta svaren för en omgång i taget.")
    with st.expander("Så hämtar du svaren från Google Forms"):
        drawing.bullet_list(
            [
                "Öppna formuläret, välj fliken Svar och sedan de tre prickarna. Välj Ladda ned svar (.csv).",
                "Är filen packad (.zip), så packa upp den först.",
                "Finns svaren i ett kalkylblad? Välj Arkiv, Ladda ned och Microsoft Excel (.xlsx).",
                "Ta med alla svar. De som redan är inlästa räknas inte en gång till.",
            ]
        )
    st.caption(
        "Filen sparas inte. Adresser och fritext i den läses inte in, bara skola och nivåer. Radera den från "
        "din dator när svaren är inlästa, för den visar vem som har svarat vad."
    )


def _file(mine: Desk) -> None:
    assert mine.export is not None
    rows = words.counted(len(mine.export.rows), "rad", "rader")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"Fil: **{words.plain(mine.export.name)}**, {rows}.")
        st.button("Välj en annan fil", on_click=forms_desk.put_away, key="forms_put_away")
    if mine.refusal:
        st.error(words.plain(mine.refusal))


def _preview(preview: Preview) -> None:
    st.header("Det här händer")
    drawing.key_numbers(
        [
            ("Nya svar", words.whole(preview.new), None),
            ("Finns redan", words.whole(preview.already), "Inlästa förut, eller skrivna i kalkylbladet."),
            (
                "Samma rad två gånger",
                words.whole(len(preview.replies.doubled)),
                "Lika in på sekunden. De räknas en gång.",
            ),
            ("Räknas inte", words.whole(len(preview.replies.refused)), "Varför står i listan längre ned."),
        ]
    )
    if preview.missing:
        named = words.listed([words.plain(question.id) for question in preview.missing])
        one = len(preview.missing) == 1
        st.warning(
            f"{words.counted(len(preview.missing), 'fråga', 'frågor')} i omgången finns inte i filen: "
            f"{named}. {'Den får' if one else 'De får'} inga svar."
        )
    _schools(preview)
    _doubled(preview)
    _refused(preview)
    _cells(preview)


def _schools(preview: Preview) -> None:
    if not preview.schools:
        return
    over = [words.plain(one.name) for one in preview.schools if one.is_more_than_staff]
    if over:
        st.warning(
            f"Fler svar än personal: {words.listed(over)}. Se över Personal i bladet Skolans omgång, eller "
            "om någon har svarat två gånger."
        )
    rows = [
        {
            "Skola": one.name,
            "Nya": one.new,
            "Finns redan": one.already,
            "I kalkylbladet men inte i filen": one.elsewhere,
            "Personal": words.whole(one.staff),
        }
        for one in sorted(preview.schools, key=lambda one: (one.name.casefold(), one.school))
    ]
    with st.expander(f"Skola för skola ({len(rows)})"):
        drawing.show_table(pd.DataFrame(rows))


def _doubled(preview: Preview) -> None:
    if preview.replies.doubled:
        shown = [{"Rad i filen": str(row)} for row in preview.replies.doubled[:MOST_ROWS]]
        with st.expander(f"Samma rad två gånger ({len(preview.replies.doubled)})"):
            drawing.show_table(pd.DataFrame(shown))


def _refused(preview: Preview) -> None:
    if not preview.replies.refused:
        return
    st.subheader("Rader som inte räknas")
    problems = len(preview.problems)
    if problems:
        st.markdown(
            f"{words.counted(problems, 'rad', 'rader')} kan vara svar. Rätta i kalkylbladen eller i filen, "
            "och välj filen igen."
        )
    shown = [
        {"Rad i filen": str(one.row), "Varför": one.sentence} for one in preview.replies.refused[:MOST_ROWS]
    ]
    drawing.show_table(pd.DataFrame(shown))
    _more(len(preview.replies.refused))


def _cells(preview: Preview) -> None:
    if not preview.cells:
        return
    st.subheader("Celler som räknas som tomma")
    # A level in a cell is somebody's answer, and no result: it is not shown.
    shown = [
        {
            "Cell i filen": one.cell,
            "Kolumn": one.header,
            "Står det": "" if is_level(one.value) else one.value,
            "Varför": one.sentence,
        }
        for one in preview.cells[:MOST_ROWS]
    ]
    drawing.show_table(pd.DataFrame(shown))
    _more(len(preview.cells))


def _more(count: int) -> None:
    if count > MOST_ROWS:
        st.caption(f"De första {MOST_ROWS} av {words.whole(count)} visas.")


def _take_in(mine: Desk, looked: Looked, round_: Round) -> None:
    st.header("Läs in")
    if mine.trouble:
        st.error(words.plain(mine.trouble))
    if not looked.is_settled:
        st.info("Bekräfta först vad kolumnerna är, högre upp på sidan.")
        return
    if not looked.has_work:
        st.success("Alla svar i filen finns redan. Det finns inget att läsa in.")
        return
    if round_.status is not RoundStatus.CLOSED:
        _status(round_)
        return
    if looked.preview.is_unfinished:
        st.warning("Förra inläsningen blev avbruten. Läs in igen, så blir den klar. Inget räknas två gånger.")
    st.markdown(
        f"{words.counted(looked.preview.new, 'nytt svar skrivs', 'nya svar skrivs')} i blandad ordning i "
        f"svar-{words.plain(round_.name)}, utan tid och utan namn. Det noteras i loggen. Läser du in samma "
        "fil igen ändras inget."
    )
    st.button("Läs in svaren", on_click=forms_desk.take_in, type="primary", key="forms_take_in")


def _result(taken: Preview) -> None:
    if taken.written:
        st.success(
            f"{words.counted(taken.new, 'svar är inläst', 'svar är inlästa')} till omgång "
            f"{words.plain(taken.round)}. {words.whole(taken.already)} fanns redan."
        )
    else:
        st.success("Inläsningen är klar. Alla svar i filen fanns redan, så inga nya skrevs.")
    left = len(taken.problems) + len(taken.cells)
    if left:
        st.warning(
            f"{words.counted(len(taken.problems), 'rad', 'rader')} och "
            f"{words.counted(len(taken.cells), 'cell', 'celler')} kunde inte läsas in. Rätta dem och välj "
            "filen igen, så läggs bara det nya till."
        )
    st.markdown(
        "Gör så här nu: se om något behöver rättas under Kontroll, publicera omgången under Självskattning, "
        "och radera filen från din dator."
    )
    with st.container(horizontal=True):
        st.page_link("checks.py", label="Till Kontroll")
        st.page_link("self_assessment.py", label="Till Självskattning")
