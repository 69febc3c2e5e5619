"""Skola to take away on paper: this school at one click, and for the unit all of them in one file."""

import tempfile
from pathlib import Path

import streamlit as st

from pages.components import current, words
from pages.components.school_report import report_of
from services.domain.access import Deed, Visitor
from services.domain.round import Round
from services.domain.school import SchoolCode
from services.printing.certificates import file_part
from services.printing.school_reports import report_pdf, reports_archive

_DONE = "all_reports"
"""Which round's reports are made and their file, in this visitor's own session."""


def section(visitor: Visitor, round_: Round, code: SchoolCode) -> None:
    """The buttons: the report is made when it is asked for, and asks anew what may be shown to whom."""
    today = current.today()
    register = current.register()
    name = file_part(register.school_name(code))
    st.download_button(
        "Ladda ned sidan som PDF",
        lambda: report_pdf(report_of(register, visitor, round_, code, today)),
        f"skola-{name}-{file_part(round_.name)}.pdf",
        "application/pdf",
        on_click="ignore",
        key="school_pdf",
    )
    if visitor.may(Deed.OPEN_ALL_SCHOOLS) and round_.is_published:
        with st.expander("Alla skolor som PDF"):
            _all(visitor, round_)


def _all(visitor: Visitor, round_: Round) -> None:
    codes = current.schools(visitor, round_.name)
    st.write(f"En PDF för varje skola, {words.counted(len(codes), 'fil', 'filer')} i en zip-fil.")
    if st.button("Gör alla PDF:er", key="all_reports_make"):
        st.session_state[_DONE] = round_.name, _made(visitor, round_, codes)
    made = st.session_state.get(_DONE)
    if made is not None and made[0] == round_.name:
        st.download_button(
            "Ladda ned alla (zip)",
            made[1],
            f"skolor-{file_part(round_.name)}.zip",
            "application/zip",
            on_click="ignore",
            type="primary",
            key="all_reports_zip",
        )


def _made(visitor: Visitor, round_: Round, codes: list[SchoolCode]) -> bytes:
    register, today = current.register(), current.today()
    bar = st.progress(0.0, "Börjar …")
    reports = (
        (
            f"{file_part(register.school_name(code))}-{code}.pdf",
            report_of(register, visitor, round_, code, today),
        )
        for code in codes
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "skolor.zip"
        for done, _ in enumerate(reports_archive(path, reports), 1):
            bar.progress(done / len(codes), f"{done} av {words.counted(len(codes), 'skola', 'skolor')}")
        return path.read_bytes()
