"""The oracle itself, pinned by examples worked out by hand."""

from __future__ import annotations

import datetime
import math
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from .checks import Found, check
from .figures import candidates, results
from .schema import TABLES

Rows = list[list[object]]
A, B, C = "00123456", "12345678", "20000000"
DAY = datetime.date


def base() -> dict[str, Rows]:
    """A register of three schools and one published round; header row first."""
    return {
        "Skolor": [["Skolenhetskod", "Skola", "Status"], [A, "Ask", "Aktiv"], [B, "Bok", "Aktiv"]],
        "Delområden": [["Nr", "Delområde"], [1, "Ledarskap"], [2, "Verktyg"]],
        "Frågor": [
            ["Fråga", "Delområde", "Påstående", "Väsentlig", "Från omgång", "Till omgång"],
            ["L1", 1, "p", "Ja", "2018", None],
            ["L2", "Ledarskap", "p", None, 2018, None],
            ["L3", 1, "p", "nej", "2018", None],
            ["U1", 2, "p", None, "2018", None],
            ["U9", 2, "p", "Ja", "2022", None],
        ],
        "Regler": [
            ["Regelversion", "Nr", "Mått", "Delområde", "Gräns"],
            ["2018", 2, "svarsfrekvens", None, "0,7"],
            [2018, 1, "Medelnivå", "Alla", 3],
        ],
        "Omgångar": [
            ["Omgång", "Öppnar", "Stänger", "Status", "Regelversion", "Minsta antal svar"],
            ["2021", DAY(2021, 1, 10), "2021-01-31", "Publicerad", "2018", 5],
        ],
        "Skolans omgång": [["Omgång", "Skolenhetskod", "Personal"], ["2021", A, 8], [2021, 12345678, 5]],
    }


def answers() -> Rows:
    """Five answers at A, five at B, with gaps at A."""
    return [
        ["Svar", "Skolenhetskod", "L1", "L2", "L3", "U1", "U9"],
        ["a1", A, 3, 3, None, 3, 4],
        ["a2", A, 2, None, None, 3, None],  # one of three: under half, no level in area 1
        ["a3", A, 4, 4, 4, 4, None],
        ["a4", A, 2, 3, 4, 2, None],
        ["a5", A, 3, 2, 3, None, None],  # no level in area 2
        ["a6", A, 1, 1, 1, 3, None],
        *_five_at_b(),
    ]


def _five_at_b() -> Rows:
    return [[f"b{n}", B, 3, 3, 3, 4, None] for n in range(5)]


def complete(tables: dict[str, Rows]) -> dict[str, Rows]:
    """The same tables, with every documented sheet and column there."""
    whole: dict[str, Rows] = {}
    for name, table in TABLES.items():
        header, *rows = tables.get(name, [[]])
        more = [column.header for column in table.columns if column.header not in header]
        whole[name] = [header + more, *rows]
    return whole


def write(folder: Path, name: str, sheets: dict[str, Rows]) -> None:
    """Write one spreadsheet."""
    book = Workbook()
    book.remove(book["Sheet"])
    for sheet, rows in sheets.items():
        page = book.create_sheet(sheet)
        for row in rows:
            page.append(row)
    book.save(folder / f"{name}.xlsx")


def register(folder: Path, tables: dict[str, Rows], given: Rows | None = None) -> Path:
    """Write a register with the round 2021."""
    write(folder, "vebs", complete(tables))
    write(folder, "svar-2021", {"Svar": answers() if given is None else given})
    return folder


def near(value: float) -> Any:
    """Equal to 1e-12."""
    return pytest.approx(value, abs=1e-12)


def test_clean_register_has_no_problem(tmp_path: Path) -> None:
    """Text, numbers and dates in their many forms are all fine."""
    assert check(register(tmp_path, base())) == []


def test_level_error_and_share(tmp_path: Path) -> None:
    """Area 1 at A: persons 3, 4, 3, 8/3, 1 count (a2 answered 1 of 3; 2 of 3 is half rounded up)."""
    area = results(register(tmp_path, base()), "2021")["schools"][0]["areas"][0]
    # mean (3 + 4 + 3 + 8/3 + 1)/5 = (41/3)/5 = 41/15
    assert (area["nr"], area["n"], area["level"]) == (1, 5, near(41 / 15))
    # distances to 41/15, in fifteenths: 4, 19, 4, -1, -26; squares 16+361+16+1+676 = 1070
    # s2 = 1070/225/4 = 107/90
    assert area["se"] == near(math.sqrt(107 / 90 / 5 * (1 - 5 / 8)))
    # given answers, a2's too: 3 3 | 2 | 4 4 4 | 2 3 4 | 3 2 3 | 1 1 1 -> 9 of 15 are 3 or 4
    assert area["share_secure"] == near(9 / 15)


def test_area_under_the_least_number_has_no_figure(tmp_path: Path) -> None:
    """Area 2 at A has five persons; with the least number 6 there is n and nothing more."""
    tables = base()
    tables["Omgångar"][1][5] = "6"
    first, second = results(register(tmp_path, tables), "2021")["schools"]
    bare: dict[str, object] = {"level": None, "se": None, "share_secure": None}
    assert first["areas"] == [{"nr": 1, "n": 5} | bare, {"nr": 2, "n": 5} | bare]
    assert (first["n"], first["staff"], first["response_rate"], first["shown"]) == (6, 8, 0.75, True)
    assert (second["n"], second["shown"], second["areas"]) == (5, False, [])


def test_city(tmp_path: Path) -> None:
    """Area 2: A has 3, 3, 4, 2, 3 = 3.0 with N 8; B has 4.0 with N 5 (a full census: SE 0)."""
    found = results(register(tmp_path, base()), "2021")
    assert found["schools"][1]["areas"][1]["se"] == 0.0
    city = found["city"]
    assert (city["shown"], city["left_out"]) == (2, 0)
    # (8*3 + 5*4)/13 = 44/13; (3 + 4)/2; sqrt((0.25 + 0.25)/1)
    assert city["areas"][1]["level_staff"] == near(44 / 13)
    assert city["areas"][1]["level_school"] == near(3.5)
    assert city["areas"][1]["spread_sd"] == near(math.sqrt(0.5))


def test_missing_staff(tmp_path: Path) -> None:
    """Without N at A: no rate, no SE, out of the staff's mean but in the schools' mean."""
    tables = base()
    tables["Skolans omgång"][1][2] = None
    folder = register(tmp_path, tables)
    found = results(folder, "2021")
    first = found["schools"][0]
    assert (first["staff"], first["response_rate"], first["areas"][0]["se"]) == (None, None, None)
    city = found["city"]["areas"][1]
    assert (city["level_staff"], city["level_school"]) == (near(4.0), near(3.5))
    assert check(folder) == [("vebs", "Skolans omgång", 2, "C", "Personal", "required")]


def test_unpublished_round_shows_nothing(tmp_path: Path) -> None:
    """A closed round counts its answers and shows no figure."""
    tables = base()
    tables["Omgångar"][1][3] = "stängd"
    folder = register(tmp_path, tables)
    found = results(folder, "2021")
    assert [(s["n"], s["shown"], s["areas"]) for s in found["schools"]] == [(6, False, []), (5, False, [])]
    assert found["city"]["areas"][0] == {
        "nr": 1,
        "level_staff": None,
        "level_school": None,
        "spread_sd": None,
    }
    assert [s["status"] for s in candidates(folder, "2021")["schools"]] == ["no_basis", "no_basis"]


def test_verdicts(tmp_path: Path) -> None:
    """A: 41/15 = 2.733 in area 1, short by 0.267; SE = sqrt(107/90/5*3/8) = 0.2986, so near. B meets all."""
    found = candidates(register(tmp_path, base()), "2021")
    first, second = found["schools"]
    assert (found["rules"], first["status"], second["status"]) == ("2018", "near", "met")
    assert [(f["nr"], f["area"], f["met"]) for f in first["findings"]] == [
        *((1, 1, False), (1, 2, True), (2, None, True)),
    ]
    assert first["findings"][2] == {
        **{"nr": 2, "measure": "Svarsfrekvens", "area": None},
        **{"reached": 0.75, "required": 0.7, "met": True},
    }


def test_rate_is_never_near(tmp_path: Path) -> None:
    """A response rate just under its line is not near."""
    tables = base()
    tables["Regler"][1][4] = "0.76"
    assert candidates(register(tmp_path, tables), "2021")["schools"][0]["status"] == "not_yet"


def essential_register(folder: Path, count: int) -> Path:
    """`count` answers at A: L1 alternates 2 and 3, L3 (essential too) is 3; area 2 has no essential."""
    tables = base()
    tables["Frågor"][3][3] = "JA"
    tables["Regler"] = [tables["Regler"][0], ["2018", 1, "Lägsta väsentliga fråga", None, "2,6"]]
    tables["Skolans omgång"][1][2] = 20
    rows: Rows = [[f"a{n}", A, 2 + n % 2, 3, 3, 3, None] for n in range(count)]
    return register(folder, tables, [answers()[0], *rows])


def test_lowest_essential_question(tmp_path: Path) -> None:
    """Ten answers: L1 mean 2.5, short by 0.1: near. One finding: area 2 has none (U9 is not of the round)."""
    school = candidates(essential_register(tmp_path, 10), "2021")["schools"][0]
    assert school["status"] == "near"
    assert school["findings"] == [
        {
            "nr": 1,
            "measure": "Lägsta väsentliga fråga",
            "area": 1,
            "reached": 2.5,
            "required": 2.6,
            "met": False,
        }
    ]


def test_no_single_question_under_ten_answers(tmp_path: Path) -> None:
    """Nine answers: no figure for one question, and the criterion is not met."""
    school = candidates(essential_register(tmp_path, 9), "2021")["schools"][0]
    assert (school["status"], school["findings"][0]["reached"]) == ("not_yet", None)


def test_unreadable_criteria(tmp_path: Path) -> None:
    """A measure nobody knows makes one finding an area; a line nobody can read is never met."""
    tables = base()
    tables["Regler"][1:] = [["2018", 1, "Magkänsla", "Alla", 3], ["2018", 2, "Antal svar", None, "hög"]]
    found = candidates(register(tmp_path, tables), "2021")["schools"][1]
    assert [(f["measure"], f["area"], f["reached"], f["required"], f["met"]) for f in found["findings"]] == [
        (None, 1, None, 3.0, False),
        (None, 2, None, 3.0, False),
        ("Antal svar", None, 5, None, False),
    ]


def test_answers_that_do_not_count(tmp_path: Path) -> None:
    """Ids, schools and levels that are wrong; every one is reported where it stands."""
    given: Rows = [
        *answers(),
        ["a1", A, 4, 4, 4, 4, 4],
        [None, A, 3, 3, 3, 3, 3],
        ["c1", C, 3, 3, 3, 3, None],
    ]
    given += [["c2", None, 3, 3, 3, 3, None], ["c3", A, 0, "x", 3.5, 5, 9]]
    given += [["c4", B, "#N/A", "4", 3.0, None, None]]
    folder = register(tmp_path, base(), given)
    place = ("svar-2021", "Svar")
    expected: list[Found] = [
        (*place, 13, "A", "Svar", "duplicate_key"),
        (*place, 14, "A", "Svar", "missing_key"),
        (*place, 15, "B", "Skolenhetskod", "unknown_reference"),
        (*place, 16, "B", "Skolenhetskod", "required"),
        (*place, 17, "C", "L1", "out_of_range"),
        (*place, 17, "D", "L2", "wrong_type"),
        (*place, 17, "E", "L3", "wrong_type"),
        (*place, 17, "F", "U1", "out_of_range"),
        (*place, 18, "C", "L1", "formula_error"),
        ("vebs", "Skolans omgång", 3, "C", "Personal", "more_answers_than_staff"),
    ]
    assert check(folder) == expected
    schools = results(folder, "2021")["schools"]
    assert [(s["n"], s["staff"]) for s in schools] == [(6, 8), (6, 6)]  # c3 has no level left; c4 counts


def test_structure_problems(tmp_path: Path) -> None:
    """Rings of schools, rounds on top of each other, doubled keys and headers, missing files and sheets."""
    tables = complete(base())
    tables["Skolor"][0].append("Skola")
    ring = tables["Skolor"][0].index("Ersatt av")
    tables["Skolor"] = [row + [None] * (10 - len(row)) for row in tables["Skolor"]]
    tables["Skolor"][1][ring], tables["Skolor"][2][ring] = B, A
    tables["Omgångar"].append(["2022", DAY(2021, 1, 31), DAY(2021, 2, 1), "Stängd", "2018", 5])
    tables["Omgångar"].append(["2023", DAY(2023, 1, 31), DAY(2023, 1, 1), "Planerad", "1999", 4])
    tables["Delområden"].append(["2", "Igen"])
    tables["Behörigheter"].append(["Petra@example.se", "Rektor", None])
    del tables["Närvaro"]
    register(tmp_path, base())
    write(tmp_path, "vebs", tables)
    assert check(tmp_path) == [
        ("svar-2022", "Svar", None, None, None, "missing_sheet"),
        ("vebs", "Behörigheter", 2, "C", "Skolenhetskod", "missing_key"),
        ("vebs", "Delområden", 4, "A", "Nr", "duplicate_key"),
        ("vebs", "Närvaro", None, None, None, "missing_sheet"),
        ("vebs", "Omgångar", 3, "B", "Öppnar", "overlapping_rounds"),
        ("vebs", "Omgångar", 4, "C", "Stänger", "out_of_range"),
        ("vebs", "Omgångar", 4, "E", "Regelversion", "unknown_reference"),
        ("vebs", "Omgångar", 4, "F", "Minsta antal svar", "out_of_range"),
        ("vebs", "Skolor", 1, "I", "Skola", "duplicate_column"),
        ("vebs", "Skolor", 2, "G", "Ersatt av", "reference_cycle"),
        ("vebs", "Skolor", 3, "G", "Ersatt av", "reference_cycle"),
    ]


def test_missing_question_column(tmp_path: Path) -> None:
    """Reported once, in the header row, which is the first row with anything in it."""
    empty: list[object] = []
    given: Rows = [empty]
    given += [row[:4] + row[5:] for row in answers()]
    folder = register(tmp_path, base(), given)
    assert check(folder) == [("svar-2021", "Svar", 2, None, "L3", "missing_column")]
    assert results(folder, "2021")["schools"][0]["areas"][0]["n"] == 5  # L1 and L2 are still two of three
