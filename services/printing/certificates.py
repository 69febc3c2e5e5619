"""A school's certificate to print and frame."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from services.days import day_in_words
from services.domain.access import Visitor
from services.domain.process import Decision
from services.domain.school import SchoolCode
from services.errors import NotPermitted, NotReady, UnknownChoice
from services.printing.print_text import printable
from services.printing.typesetting import typeset
from services.register import Register

CERTIFYING = (Decision.CERTIFIED.value, Decision.RENEWED.value)


def certificate_pdf(register: Register, visitor: Visitor, id_: str) -> bytes:
    """The certificate as a PDF.

    NotPermitted if the school is not the visitor's to see, NotReady where the decision certifies nobody.
    """
    row = _row(register, id_)
    school = row["Skolenhetskod"]
    if school is None or not visitor.may_open_school(SchoolCode(school)):
        raise NotPermitted("Du har inte behörighet till det certifikatet.")
    if row["Beslut"] not in CERTIFYING:
        raise NotReady("Beslutet är inget certifikat, så det finns inget att skriva ut.")
    if row["Datum"] is None:
        raise NotReady("Certifikatet saknar datum. Fyll i det i Certifikat.")
    return typeset("certificate", _content(register, row))


def _content(register: Register, row: Mapping[str, Any]) -> dict[str, Any]:
    name = printable(register.school_name(SchoolCode(row["Skolenhetskod"])))
    settings = register.settings
    day: dt.date = row["Datum"]
    renewed = row["Beslut"] == Decision.RENEWED.value
    until = row["Giltigt till"]
    what = "har förnyat sin certifiering" if renewed else "är certifierad"
    lines = [
        f"{what} efter läsåret {printable(row['Läsår'] or '')}"
        " inom Varje elevs bästa skola – digital certifiering.",
    ]
    if until is not None:
        lines.append(f"Certifikatet gäller till och med {day_in_words(until)}.")
    place = printable(settings.get("Ort", ""))
    record = printable(row["Diarienummer"] or "")
    return {
        "title": f"Certifikat för {name}",
        "service": printable(settings.get("Tjänstens namn") or "Varje elevs bästa skola"),
        "says": "Härmed intygas att",
        "school": name,
        "lines": lines,
        "place": f"{place}, {day_in_words(day)}" if place else day_in_words(day),
        "signer": printable(settings.get("Förvaltning") or "Grundskoleförvaltningen"),
        "record": f"Diarienummer {record}" if record else "",
    }


def certificate_name(register: Register, id_: str) -> str:
    """What the file is called."""
    row = _row(register, id_)
    name = register.school_name(SchoolCode(row["Skolenhetskod"] or ""))
    return f"certifikat-{file_part(name)}.pdf"


def file_part(text: str) -> str:
    """A name as part of a file's name, as every disk takes it."""
    plain = "".join(sign if sign.isalnum() else "-" for sign in text.casefold()).strip("-")
    return plain[:60] or "skola"


def _row(register: Register, id_: str) -> Mapping[str, Any]:
    table = register.tables["Certifikat"].columns
    ids = list(table["Certifikat"])
    if id_ not in ids:
        raise UnknownChoice("Det certifikatet finns inte.")
    place = ids.index(id_)
    return {header: values[place] for header, values in table.items()}
