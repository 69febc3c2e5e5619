"""The demo's process year: three schools admitted for 2021-2022, half way through it."""

import datetime as dt
from collections.abc import Sequence

from services.demo.schools import CAST_SCHOOLS, CERTIFYING, DemoSchool
from services.domain.question import Area
from services.tables.sheet import Cell
from services.template import Rows, framework_rows

SCHOOL_YEAR = "2021-2022"

_SESSION_DAYS = (
    dt.date(2021, 9, 15),
    dt.date(2021, 10, 27),
    dt.date(2021, 12, 8),
    dt.date(2022, 2, 9),
    dt.date(2022, 3, 30),
    dt.date(2022, 5, 18),
)
_SESSIONS_HELD = 3

_APPLICATION_WORDS = (
    "Vi vill lära tillsammans med andra skolor och bli tryggare i att följa upp det vi gör.",
    "Vi har arbetat länge med stöd och anpassningar och vill dela det med andra.",
    "Vi vill ha hjälp att se vad vi är bra på och vad som är nästa steg.",
)
_CONTRIBUTIONS = (
    (
        "Arbetslagen väljer olika verktyg för samma sak, och eleverna får börja om.",
        "Varje elev känner igen sig när hon byter lärare eller årskurs.",
        "Vi har gått igenom verktygen i alla arbetslag och valt bort hälften.",
        "Det tog längre tid att välja bort än att välja. Ge samtalen tid.",
    ),
    (
        "Några få kollegor kan mycket, och resten frågar dem.",
        "Alla prövar något nytt varje termin och berättar om det.",
        "Kollegor besöker varandras lektioner två gånger per termin.",
        "Det blir av när rektor lägger det i schemat.",
    ),
    (
        "Vi mäter mycket men talar sällan om vad siffrorna säger.",
        "Arbetslagen beslutar själva nästa steg utifrån resultaten.",
        "Vi läser självskattningen tillsammans på en studiedag varje vår.",
        "Börja med en fråga i taget, och med det som gick bra.",
    ),
)


def process_rows(schools: Sequence[DemoSchool]) -> dict[str, Rows]:
    """Applications, sessions, attendance, contributions, visits and actions, by sheet."""
    named = [school for school in schools if school.name in CERTIFYING]
    sessions = [
        {**row, "Datum": day, "Start": "13.00", "Slut": "16.30", "Plats": _place(day)}
        for row, day in zip(framework_rows(SCHOOL_YEAR)["Lärtillfällen"], _SESSION_DAYS, strict=True)
    ]
    return {
        "Ansökningar": [_application(number, school) for number, school in enumerate(named, 1)],
        "Lärtillfällen": sessions,
        "Närvaro": [
            {
                "Läsår": SCHOOL_YEAR,
                "Nr": number,
                "Skolenhetskod": school.code,
                "Antal": 3 + (number + index) % 3,
            }
            for number in range(1, _SESSIONS_HELD + 1)
            for index, school in enumerate(named)
        ],
        "Underlag": [
            {
                "Läsår": SCHOOL_YEAR,
                "Nr": 1,
                "Skolenhetskod": school.code,
                "Utmaningar": words[0],
                "Målbild": words[1],
                "Aktiviteter": words[2],
                "Lärdomar": words[3],
            }
            for school, words in zip(named, _CONTRIBUTIONS, strict=True)
        ],
        "Verksamhetsbesök": _visits(named),
        "Handlingsplan": _actions(schools),
    }


def _place(day: dt.date) -> str:
    return "Goto 10 Malmö" if day in (_SESSION_DAYS[0], _SESSION_DAYS[-1]) else "Digitaliseringsenheten"


def _application(number: int, school: DemoSchool) -> dict[str, Cell]:
    return {
        "Ansökan": f"A2021-{number}",
        "Omgång": "2021",
        "Skolenhetskod": school.code,
        "Läsår": SCHOOL_YEAR,
        "Inskickad": dt.date(2021, 4, 6 + number),
        "Motivering": _APPLICATION_WORDS[number - 1],
        "Status": "Antagen",
        "Beslutsdatum": dt.date(2021, 5, 11),
        "Beslutsmotivering": "Skolan uppfyller alla kriterier i omgång 2021.",
    }


def _visits(named: Sequence[DemoSchool]) -> Rows:
    """Everyone hosts and visits in turn; the first two gaps are behind us."""
    rows: list[dict[str, Cell]] = []
    for after in range(1, 4):
        host, guest = named[(after - 1) % 3], named[after % 3]
        held = after < _SESSIONS_HELD
        rows.append(
            {
                "Besök": f"B2021-{after}",
                "Läsår": SCHOOL_YEAR,
                "Efter tillfälle": after,
                "Värdskola": host.code,
                "Besökande skola": guest.code,
                "Datum": _SESSION_DAYS[after - 1] + dt.timedelta(days=21 if held else 63),
                "Fokus": after,
                "Status": "Genomfört" if held else "Planerat",
                "Iakttagelser": "Eleverna kunde själva säga varför de valde dator eller papper."
                if held
                else None,
            }
        )
    return rows


def _actions(schools: Sequence[DemoSchool]) -> Rows:
    plans = (
        (
            3,
            "F4",
            "Alla har varit på besök hos en kollega.",
            "Två besök per termin läggs i schemat.",
            "Pågår",
        ),
        (1, "L6", "Det finns tid att prova nytt.", "En timme i månaden är fri för att prova.", "Planerad"),
    )
    rows: list[dict[str, Cell]] = []
    for name in CAST_SCHOOLS:
        school = next((one for one in schools if one.name == name), None)
        if school is None:
            continue
        for area, question, goal, activity, status in plans:
            rows.append(
                {
                    "Insats": f"H2021-{len(rows) + 1}",
                    "Omgång": "2021",
                    "Skolenhetskod": school.code,
                    "Delområde": area,
                    "Fråga": question,
                    "Mål": goal,
                    "Aktivitet": activity,
                    "Ansvarig roll": "Förstelärare",
                    "Klart senast": dt.date(2022, 6, 10),
                    "Status": status,
                }
            )
    return rows


def area_values(rows: Rows) -> tuple[Area, ...]:
    """The framework's areas as the domain knows them."""
    return tuple(Area(int(str(row["Nr"])), str(row["Delområde"]), str(row["Beskrivning"])) for row in rows)
