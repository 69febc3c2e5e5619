"""A small random register in which nothing is wrong yet."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass, field

Record = dict[str, object]

AREAS = (
    "Ledarskap och planering",
    "Digitala verktyg i undervisningen",
    "Professionell fortbildning",
    "Kulturen kring skolans digitalisering",
    "Digitala resurser och infrastruktur",
)
NAMES = ("Ekskolan", "Åskolan", "Björkskolan", "Öskolan", "Almskolan", "Äppelskolan", "Linskolan")
MEASURES = ("Medelnivå", "Andel minst Trygg", "Lägsta väsentliga fråga", "Svarsfrekvens", "Antal svar")
LINES = {
    "Medelnivå": (2.5, 2.8, 3.0, 3.0, 3.1, 3.25),
    "Andel minst Trygg": (0.5, 0.6, 0.75),
    "Lägsta väsentliga fråga": (2.0, 2.5, 2.75, 3.0),
    "Svarsfrekvens": (0.4, 0.5, 0.7),
    "Antal svar": (5.0, 8.0, 10.0),
}


@dataclass
class Draft:
    """A register being made: its tables, its answers a round, and the oddities put in."""

    rng: random.Random
    flags: frozenset[str] = frozenset()
    tables: dict[str, list[Record]] = field(default_factory=dict)
    answers: dict[str, list[Record]] = field(default_factory=dict)
    rounds: list[str] = field(default_factory=list)
    oddities: set[str] = field(default_factory=set)

    def on(self, name: str) -> bool:
        """Whether this register is to show the oddity; asking means that it does."""
        if name in self.flags:
            self.oddities.add(name)
        return name in self.flags

    @property
    def codes(self) -> list[str]:
        """The school codes."""
        return [str(row["Skolenhetskod"]) for row in self.tables["Skolor"]]


def build(draft: Draft) -> None:
    """Fill the draft with a clean register."""
    _schools(draft)
    _areas_and_questions(draft)
    _rules(draft)
    _rounds(draft)
    _listed(draft)
    for name in draft.answers:
        _answers(draft, name)
    _process(draft)


def _schools(draft: Draft) -> None:
    rng = draft.rng
    rows: list[Record] = []
    for place in range(rng.randint(4, 10)):
        zeros = draft.on("leading_zeros") and rng.random() < 0.4
        head = rng.randint(1, 99_999) if zeros else rng.randint(1_000_000, 9_999_999)
        number = head * 10 + place
        name = f"{rng.choice(NAMES)} {chr(65 + place)}"
        rows.append(
            {
                "Skolenhetskod": f"{number:08d}",
                "Skola": name,
                "Utbildningsområde": rng.choice(("Öster", "Väster", None)),
                "Årskurser": rng.choice(("F-6", "7-9", "F-9")),
                "Personal": rng.choice((None, rng.randint(10, 60))),
                "Status": "Aktiv",
            }
        )
    draft.tables["Skolor"] = rows


def _areas_and_questions(draft: Draft) -> None:
    rng = draft.rng
    count = rng.randint(2, 5)
    draft.tables["Delområden"] = [{"Nr": nr, "Delområde": AREAS[nr - 1]} for nr in range(1, count + 1)]
    rng.shuffle(draft.tables["Delområden"])
    some = set(range(1, count + 1))
    if draft.on("essential_in_some_areas"):
        some = set(rng.sample(sorted(some), rng.randint(1, count - 1)))
    draft.tables["Frågor"] = [
        {
            "Fråga": f"{'LUFKR'[nr - 1]}{place}",
            "Delområde": nr,
            "Påstående": f"Påstående {place} i delområde {nr}",
            "Trygg": "Så ser nivån ut",
            "Tagg": rng.choice((None, "DNP", "Säkerhet")),
            "Väsentlig": nr in some and (place == 1 or rng.random() < 0.2),
            "Från omgång": "2018",
        }
        for nr in range(1, count + 1)
        for place in range(1, rng.randint(2, 8) + 1)
    ]


def _rules(draft: Draft) -> None:
    rng = draft.rng
    count = len(draft.tables["Delområden"])
    rows: list[Record] = []
    for version in ("2018", "2021"):
        wanted = list(MEASURES) if draft.on("all_measures") else rng.sample(MEASURES, rng.randint(0, 2))
        wanted = ["Medelnivå", *(m for m in wanted if m != "Medelnivå")]
        for nr, measure in enumerate(wanted, start=1):
            row: Record = {"Regelversion": version, "Nr": nr, "Mått": measure, "Delområde": "Alla"}
            row["Gräns"] = rng.choice(LINES[measure])
            if measure in ("Svarsfrekvens", "Antal svar"):
                row["Delområde"] = rng.choice((None, "Alla"))
            elif nr > 1 and draft.on("single_area_criteria"):
                row["Delområde"] = rng.randint(1, count)
            rows.append(row)
        if draft.on("single_area_criteria"):
            line = rng.choice(LINES["Medelnivå"])
            one: Record = {"Regelversion": version, "Nr": 9, "Mått": "Medelnivå", "Gräns": line}
            rows.append(one | {"Delområde": rng.randint(1, count)})
    rng.shuffle(rows)
    draft.tables["Regler"] = rows


def _rounds(draft: Draft) -> None:
    rng = draft.rng
    names = ["2020", "2021", "2022"][: rng.randint(2, 3)]
    statuses = ["Publicerad", *(rng.choice(("Publicerad", "Publicerad", "Stängd")) for _ in names[1:])]
    rng.shuffle(statuses)
    draft.answers = {name: [] for name in names}
    for status in ("Planerad", "Öppen", "Stängd"):
        if draft.on(f"extra_round_{status}"):
            names.append(str(2023 + len(names)))
            statuses.append(status)
            if status == "Stängd":
                draft.answers[names[-1]] = []
    draft.rounds = names
    draft.tables["Omgångar"] = [
        {
            "Omgång": name,
            "Öppnar": datetime.date(int(name), 1, rng.randint(2, 10)),
            "Stänger": datetime.date(int(name), 1, rng.randint(15, 31)),
            "Status": status,
            "Regelversion": rng.choice(("2018", "2021")),
            "Minsta antal svar": rng.choice((5, 5, 5, 6, 8)),
            "Svarsform": rng.choice((None, "App", "Google Forms")),
        }
        for name, status in zip(names, statuses, strict=True)
    ]


def _listed(draft: Draft) -> None:
    rng = draft.rng
    rows: list[Record] = []
    for name in draft.rounds:
        for code in draft.codes:
            row: Record = {"Omgång": name, "Skolenhetskod": code, "Personal": rng.randint(8, 20)}
            rows.append(row | {"Svarskod": f"ab{rng.randint(10_000_000, 99_999_999)}"})
    draft.tables["Skolans omgång"] = rows


def _answers(draft: Draft, name: str) -> None:
    rng = draft.rng
    by_area: dict[object, list[str]] = {}
    for question in draft.tables["Frågor"]:
        by_area.setdefault(question["Delområde"], []).append(str(question["Fråga"]))
    rows: list[Record] = []
    for listed in draft.tables["Skolans omgång"]:
        if listed["Omgång"] != name:
            continue
        least, most = rng.choice(((0, 0), (1, 4), (5, 9), (10, 19), (10, 19), (20, 40), (20, 40)))
        count = rng.randint(least, most)
        listed["Personal"] = count + rng.choice((0, 0, 1, 3, 8, 15)) if count else rng.randint(0, 30)
        rows += _school_answers(draft, str(listed["Skolenhetskod"]), count, by_area)
    ids = rng.sample(range(100, 9_999), len(rows))
    for number, row in zip(ids, rows, strict=True):
        row["Svar"] = str(number) if name == "2020" else f"{name}-{number}"
    rng.shuffle(rows)
    draft.answers[name] = rows


def _school_answers(draft: Draft, code: str, count: int, by_area: dict[object, list[str]]) -> list[Record]:
    rng = draft.rng
    middle = rng.choice((2.6, 2.9, 3.0, 3.1, 3.3, 3.6))
    width = rng.choice((0.0, 0.4, 0.7, 1.0))  # 0: exactly on a line, as long as the middle is whole
    keen = rng.choice((1.0, 0.95, 0.7))
    shunned = rng.choice(list(by_area)) if draft.on("area_under_least") and rng.random() < 0.5 else None
    rows: list[Record] = []
    for person in range(count):
        row: Record = {"Skolenhetskod": code}
        for area, questions in by_area.items():
            some = [q for q in questions if rng.random() < keen]
            if draft.on("under_half") and rng.random() < 0.15:
                some = rng.sample(questions, max(0, (len(questions) + 1) // 2 - rng.randint(0, 1)))
            if area == shunned and person >= 4:
                some = questions[: (len(questions) - 1) // 2]
            row |= {q: min(4, max(1, round(rng.gauss(middle, width)))) for q in some}
        rows.append(row)
    return rows


def _process(draft: Draft) -> None:
    rng, codes, year = draft.rng, draft.codes, "2021-2022"
    day = datetime.date(2021, 9, 1)
    a, b = rng.sample(codes, 2)
    school: Record = {"Skolenhetskod": a}
    tables = draft.tables
    request: Record = {"Ansökan": "A1", "Omgång": "2021", "Läsår": year, "Inskickad": day}
    tables["Ansökningar"] = [request | school | {"Status": "Antagen"}]
    times: Record = {"Datum": day, "Start": datetime.time(13, 0), "Slut": "16:30"}
    tables["Lärtillfällen"] = [{"Läsår": year, "Nr": nr, "Tema": f"Tema {nr}"} | times for nr in range(1, 7)]
    seen: Record = {"Läsår": year, "Nr": 1}
    tables["Närvaro"] = [seen | {"Skolenhetskod": code, "Antal": 3} for code in (a, b)]
    tables["Underlag"] = [seen | school | {"Målbild": "En gemensam bild", "Länk": "https://example.se/a"}]
    visit: Record = {"Besök": "B1", "Läsår": year, "Efter tillfälle": 2, "Status": "Planerat"}
    places: Record = {"Värdskola": a, "Besökande skola": b}
    tables["Verksamhetsbesök"] = [visit | places | {"Datum": day, "Fokus": 1}]
    action: Record = {"Insats": "I1", "Omgång": "2021", "Delområde": 2, "Fråga": "L1", "Mål": "Ett mål"}
    action |= {"Aktivitet": "Något", "Klart senast": day, "Status": "Pågår"}
    tables["Handlingsplan"] = [action | school]
    paper: Record = {"Certifikat": "C1", "Läsår": year, "Beslut": "Certifierad", "Datum": day}
    tables["Certifikat"] = [paper | school | {"Diarienummer": "GRF-2022-17"}]
    tables["Behörigheter"] = [
        {"E-post": "unni@example.se", "Roll": "Enheten"},
        {"E-post": "petra@example.se", "Roll": "Rektor", "Skolenhetskod": a},
        {"E-post": "siri@example.se", "Roll": "Personal", "Skolenhetskod": b, "Giltig till": day},
    ]
    tables["Inställningar"] = [{"Namn": "Certifikatets giltighet (år)", "Värde": 3, "Förklaring": "I år"}]
    tables["Logg"] = [{"Tid": "2021-01-01T08:00:00", "Vem": "Unni", "Händelse": "Öppnade", "Kedja": "ab12"}]
