"""A school's page as a report for the kvalitetsdialog, one school or all of them."""

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from services.printing.print_text import printable
from services.printing.typesetting import typeset

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PrintedChart:
    """A chart as SVG, with its title and what it says to whoever does not see it."""

    title: str
    svg: str
    alt: str


@dataclass(frozen=True, slots=True)
class Points:
    """Sentences under a title."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report. `rows` is a table with its header first, `widths` its columns' shares."""

    heading: str
    text: tuple[str, ...] = ()
    charts: tuple[PrintedChart, ...] = ()
    columns: int = 1
    points: tuple[Points, ...] = ()
    rows: Rows = ()
    widths: tuple[float, ...] = ()
    level: int = 2


@dataclass(frozen=True, slots=True)
class Report:
    """What is printed of a school, all of it as it may be shown."""

    name: str
    round: str
    printed: str
    key: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]

    @property
    def title(self) -> str:
        """The document's title."""
        return f"{self.name}, omgång {self.round}"


def report_pdf(report: Report) -> bytes:
    """The report as a PDF."""
    sections = [asdict(_printable(one)) for one in report.sections]
    return typeset(
        "school",
        {
            "title": printable(report.title),
            "name": printable(report.name),
            "round": f"Självskattning, omgång {printable(report.round)}",
            "printed": printable(report.printed),
            "key": [[printable(part) for part in pair] for pair in report.key],
            "sections": sections,
        },
    )


def _printable(one: Section) -> Section:
    return Section(
        printable(one.heading),
        tuple(map(printable, one.text)),
        tuple(PrintedChart(printable(c.title), c.svg, printable(c.alt)) for c in one.charts),
        one.columns,
        tuple(Points(printable(p.title), tuple(map(printable, p.lines))) for p in one.points),
        tuple(tuple(map(printable, row)) for row in one.rows),
        one.widths,
        one.level,
    )


def reports_archive(path: Path, reports: Iterable[tuple[str, Report]]) -> Iterator[str]:
    """Write a PDF for each (file name, report) into one zip file, telling each name as it is done.

    One report is held at a time, so that eighty schools need no more memory than one.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, report in reports:
            archive.writestr(name, report_pdf(report))
            yield name
