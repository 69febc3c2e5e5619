"""The spreadsheets' layout, written down a second time from the documentation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column: its header, type, and what is allowed in it."""

    header: str
    kind: str
    key: bool = False
    required: bool = False
    choices: tuple[str, ...] = ()
    target: str = ""
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class Table:
    """One sheet with its columns in the documented order."""

    sheet: str
    columns: tuple[Column, ...]

    @property
    def keys(self) -> tuple[Column, ...]:
        """The key columns, in order."""
        return tuple(column for column in self.columns if column.key)


# One column a line: header : type [: K] [: req] [: choices, target or range]
_LAYOUT = {
    "Skolor": """
        Skolenhetskod:code:K
        Skola:text:req
        Utbildningsområde:text
        Årskurser:text
        Personal:integer:0..
        Status:choice:req:Aktiv/Vilande/Upphört
        Ersatt av:ref:Skolor
        Anteckning:longtext""",
    "Delområden": """
        Nr:integer:K
        Delområde:text:req
        Beskrivning:longtext""",
    "Frågor": """
        Fråga:text:K
        Delområde:ref:req:Delområden
        Påstående:longtext:req
        Påbörjad:longtext
        Aktiverad:longtext
        Trygg:longtext
        Välutvecklad:longtext
        Exempel:longtext
        Tagg:choice:DNP/Likvärdighet/Säkerhet/Tillgänglighet
        Väsentlig:yesno
        Från omgång:text:req
        Till omgång:text
        Jämförbar med:ref:Frågor""",
    "Regler": """
        Regelversion:text:K
        Nr:integer:K
        Mått:choice:req:Medelnivå/Andel minst Trygg/Lägsta väsentliga fråga/Svarsfrekvens/Antal svar
        Delområde:ref:Delområden eller Alla
        Gräns:decimal:req
        Motivering:longtext""",
    "Omgångar": """
        Omgång:text:K
        Öppnar:date:req
        Stänger:date:req
        Status:choice:req:Planerad/Öppen/Stängd/Publicerad
        Regelversion:ref:req:Regler
        Minsta antal svar:integer:req:5..
        Svarsform:choice:App/Google Forms""",
    "Skolans omgång": """
        Omgång:ref:K:Omgångar
        Skolenhetskod:ref:K:Skolor
        Personal:integer:req:0..
        Svarskod:text
        Förlängd till:date""",
    "Ansökningar": """
        Ansökan:text:K
        Omgång:ref:req:Omgångar
        Skolenhetskod:ref:req:Skolor
        Läsår:text:req
        Inskickad:date:req
        Motivering:longtext
        Status:choice:req:Inskickad/Antagen/Avslagen/Återtagen
        Beslutsdatum:date
        Beslutsmotivering:longtext""",
    "Lärtillfällen": """
        Läsår:text:K
        Nr:integer:K:1..6
        Tema:text:req
        Datum:date
        Start:time
        Slut:time
        Plats:text
        Innehåll:longtext
        Förberedelse:longtext""",
    "Närvaro": """
        Läsår:text:K
        Nr:integer:K:1..6
        Skolenhetskod:ref:K:Skolor
        Antal:integer
        Anteckning:longtext""",
    "Underlag": """
        Läsår:text:K
        Nr:integer:K:1..6
        Skolenhetskod:ref:K:Skolor
        Utmaningar:longtext
        Målbild:longtext
        Aktiviteter:longtext
        Lärdomar:longtext
        Länk:url""",
    "Verksamhetsbesök": """
        Besök:text:K
        Läsår:text:req
        Efter tillfälle:integer:req:1..5
        Värdskola:ref:req:Skolor
        Besökande skola:ref:req:Skolor
        Datum:date
        Fokus:ref:Delområden
        Status:choice:Planerat/Genomfört/Inställt
        Iakttagelser:longtext""",
    "Handlingsplan": """
        Insats:text:K
        Omgång:ref:req:Omgångar
        Skolenhetskod:ref:req:Skolor
        Delområde:ref:req:Delområden
        Fråga:ref:Frågor
        Mål:longtext:req
        Aktivitet:longtext:req
        Ansvarig roll:text
        Klart senast:date
        Status:choice:req:Planerad/Pågår/Klar/Avbruten
        Uppföljning:longtext""",
    "Certifikat": """
        Certifikat:text:K
        Skolenhetskod:ref:req:Skolor
        Läsår:text:req
        Beslut:choice:req:Certifierad/Ej certifierad/Förnyad/Återkallad
        Datum:date:req
        Giltigt till:date
        Motivering:longtext
        Diarienummer:text""",
    "Behörigheter": """
        E-post:email:K
        Roll:choice:K:Enheten/Rektor/Personal/Förvaltningsledning/Forskare
        Skolenhetskod:ref:K:Skolor
        Giltig till:date""",
    "Inställningar": """
        Namn:text:K
        Värde:text
        Förklaring:longtext""",
    "Logg": """
        Tid:text
        Vem:text
        Händelse:text
        Tabell:text
        Nyckel:text
        Fält:text
        Före:text
        Efter:text
        Kedja:text""",
}


def _column(line: str) -> Column:
    header, kind, *rest = line.strip().split(":")
    detail = next((part for part in rest if part not in ("K", "req")), "")
    low, _, high = detail.partition("..") if kind == "integer" else ("", "", "")
    return Column(
        header=header,
        kind=kind,
        key="K" in rest,
        required="req" in rest,
        choices=tuple(detail.split("/")) if kind == "choice" else (),
        target=detail if kind == "ref" else "",
        low=int(low) if low else None,
        high=int(high) if high else None,
    )


TABLES: dict[str, Table] = {
    sheet: Table(sheet, tuple(_column(line) for line in text.strip().splitlines()))
    for sheet, text in _LAYOUT.items()
}

LISTED = "Skolans omgång"  # the reference target of an answer's school: listed for that round


def answer_table(questions: list[str]) -> Table:
    """The sheet `Svar` of a round in which these questions are valid."""
    fixed = (
        Column("Svar", "text", key=True),
        Column("Skolenhetskod", "ref", required=True, target=LISTED),
    )
    return Table("Svar", fixed + tuple(Column(q, "integer", low=1, high=4) for q in questions))
