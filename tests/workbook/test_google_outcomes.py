"""Google does not say whether it wrote: it is found out afterwards, over a restart too."""

import random
import time
from pathlib import Path

import pytest

from services.errors import OutcomeUnknown, SpreadsheetChanged
from services.workbook.port import CellChange
from tests.sheets_server.serving import LocalGoogle
from tests.workbook.google_books import a_book, a_workbook, picture, rows_in, values

WRITES = {"operation": "sheets.batchUpdate"}
SILENT = [
    {"status": 503},
    {"status": 500},
    {"status": 502},
    {"kind": "reset"},
    {"kind": "half"},
    {"kind": "hang", "seconds": 0.2},
]
KINDS = [{**fault, "when": when} for fault in SILENT for when in ("before", "after")]
NAMES = [f"{fault.get('kind', fault.get('status'))} {fault['when']}" for fault in KINDS]
LOG = {"Logg": [["Tid", "Vem"]]}


@pytest.fixture(params=["the same", "after a restart"])
def again(request, google, tmp_path):
    """The instance that finds out: the one that wrote, or a new one with the same journal."""

    def find(workbook, ids):
        return workbook if request.param == "the same" else a_workbook(google, ids, tmp_path)

    return find


def warm(workbook) -> None:
    """The app's own sheet is there, and is known."""
    workbook.write("vebs", [CellChange("Annat", 2, 0, "a")], workbook.fresh("vebs", ["Annat"]))


def landed(fault) -> bool:
    return fault["when"] == "after"


@pytest.mark.parametrize("fault", KINDS, ids=NAMES)
def test_a_change_without_an_answer_was_made_or_never_will_be(google, tmp_path, again, fault):
    id_ = a_book(google, "vebs")
    workbook = a_workbook(google, {"vebs": id_}, tmp_path)
    warm(workbook)
    before = picture(google, id_)
    seen = workbook.fresh("vebs", ["Skolor"])
    google.control.fault(fault, match=WRITES, times=1)
    with pytest.raises(OutcomeUnknown, match="vebs"):
        workbook.write("vebs", [CellChange("Skolor", 3, 1, "app")], seen)
    found = again(workbook, {"vebs": id_}).fresh("vebs", ["Skolor"])
    assert (found.sheets["Skolor"].columns[1][2] == "app") == landed(fault)
    assert (picture(google, id_) != before) == landed(fault)
    assert list(tmp_path.glob("google-*.json")) == []


@pytest.mark.parametrize("fault", KINDS, ids=NAMES)
def test_a_change_without_an_answer_on_a_moved_row_is_put_back(google, tmp_path, again, fault):
    id_ = a_book(google, "vebs")
    workbook = a_workbook(google, {"vebs": id_}, tmp_path)
    warm(workbook)
    seen = workbook.fresh("vebs", ["Skolor"])
    google.control.edit("sort", id_, sheet="Skolor", header="Nyckel", descending=True)
    before = picture(google, id_)
    google.control.fault(fault, match=WRITES, times=1)
    with pytest.raises(OutcomeUnknown):
        workbook.write("vebs", [CellChange("Skolor", 3, 1, "app"), CellChange("Skolor", 4, 2, 7)], seen)
    again(workbook, {"vebs": id_}).fresh("vebs", ["Skolor"])
    assert picture(google, id_) == before


@pytest.mark.parametrize("fault", KINDS, ids=NAMES)
def test_the_very_first_change_may_go_without_an_answer(google, tmp_path, again, fault):
    id_ = a_book(google, "vebs")
    workbook = a_workbook(google, {"vebs": id_}, tmp_path)
    seen = workbook.fresh("vebs", ["Skolor"])
    google.control.fault(fault, match=WRITES, times=1)
    with pytest.raises(OutcomeUnknown):
        workbook.write("vebs", [CellChange("Skolor", 3, 1, "app")], seen)
    other = again(workbook, {"vebs": id_})
    assert (other.fresh("vebs", ["Skolor"]).sheets["Skolor"].columns[1][2] == "app") == landed(fault)
    warm(other)


@pytest.mark.parametrize("fault", KINDS, ids=NAMES)
def test_rows_without_an_answer_were_added_or_never_will_be(google, tmp_path, again, fault):
    id_ = google.control.spreadsheet("vebs", LOG)
    workbook = a_workbook(google, {"vebs": id_}, tmp_path)
    workbook.append("vebs", {"Logg": [{"Tid": "1", "Vem": "a"}]})
    google.control.fault(fault, match=WRITES, times=1)
    with pytest.raises(OutcomeUnknown):
        workbook.append("vebs", {"Logg": [{"Tid": "2", "Vem": "b"}]})
    found = again(workbook, {"vebs": id_}).columns("vebs", {"Logg": ["Tid"]})
    assert found["Logg"]["Tid"] == (["1", "2"] if landed(fault) else ["1"])


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["status", "reset", "hang"])
@pytest.mark.parametrize("verb", ["write", "append", "append first"])
def test_what_would_land_late_lands_no_more_once_it_is_settled(google, tmp_path, again, kind, verb):
    id_ = google.control.spreadsheet("vebs", {**LOG, "Annat": [["Id"], ["a"]]})
    workbook = a_workbook(google, {"vebs": id_}, tmp_path)
    if verb != "append first":
        warm(workbook)
    seen = workbook.fresh("vebs", ["Logg"])
    fault = {"kind": kind, "when": "after", "late": 1.0, "seconds": 0.2}
    google.control.fault(fault, match=WRITES, times=1)
    with pytest.raises(OutcomeUnknown):
        if verb == "write":
            workbook.write("vebs", [CellChange("Logg", 1, 1, "sent")], seen)
        else:
            workbook.append("vebs", {"Logg": [{"Tid": "sent"}]})
    assert again(workbook, {"vebs": id_}).columns("vebs", {"Logg": ["Tid", "Vem"]})["Logg"]["Tid"] == []
    until = time.monotonic() + 10
    while google.control.pending() and time.monotonic() < until:
        time.sleep(0.02)
    assert google.control.pending() == 0
    assert values(google, id_, "Logg") == [["Tid", "Vem"]]


def test_an_outage_while_settling_is_settled_later(google, tmp_path):
    id_ = a_book(google, "vebs")
    workbook = a_workbook(google, {"vebs": id_}, tmp_path)
    warm(workbook)
    seen = workbook.fresh("vebs", ["Skolor"])
    google.control.edit("sort", id_, sheet="Skolor", header="Nyckel", descending=True)
    before = picture(google, id_)
    for skip, when in ((0, "after"), (1, "after"), (2, "before"), (3, "after")):
        google.control.fault({"status": 503, "when": when}, match=WRITES, skip=skip, times=1)
    with pytest.raises(OutcomeUnknown):
        workbook.write("vebs", [CellChange("Skolor", 3, 1, "app")], seen)
    for _ in range(6):
        try:
            a_workbook(google, {"vebs": id_}, tmp_path).fresh("vebs", ["Skolor"])
        except OutcomeUnknown:
            continue
        break
    assert picture(google, id_) == before


def test_another_instance_meanwhile_does_not_stand_in_the_way(google, tmp_path):
    id_ = a_book(google, "vebs")
    one, two = (a_workbook(google, {"vebs": id_}, tmp_path / name) for name in ("one", "two"))
    warm(one)
    seen = one.fresh("vebs", ["Skolor"])
    google.control.edit("sort", id_, sheet="Skolor", header="Nyckel", descending=True)
    google.control.fault({"status": 503, "when": "after"}, match=WRITES, times=1)
    before = picture(google, id_)
    with pytest.raises(OutcomeUnknown):
        one.write("vebs", [CellChange("Skolor", 3, 1, "app")], seen)
    for number in range(5):
        two.write("vebs", [CellChange("Annat", 2, 0, f"{number}")], two.fresh("vebs", ["Annat"]))
    one.fresh("vebs", ["Annat"])
    assert picture(google, id_)["Skolor"] == before["Skolor"]
    assert values(google, id_, "Annat")[1][0] == "4"


@pytest.mark.parametrize("seed", range(20))
def test_faults_and_edits_together_lose_nothing(google, tmp_path, seed):
    """A writer that reads again after every trouble gets every change in, and changes nothing else."""
    chance = random.Random(seed)
    id_, twin = a_book(google, "vebs", seed), a_book(google, "tvilling", seed)
    sort = {"edit": "sort", "spreadsheet": id_, "sheet": "Skolor", "header": "Namn"}
    insert = {"edit": "insert_rows", "spreadsheet": id_, "sheet": "Skolor", "at": 3}
    google.control.fault(faults=KINDS, match=WRITES, rate=0.3, seed=seed)
    google.control.fault(match={"service": "sheets"}, rate=0.2, before=[sort])
    google.control.fault(match={"service": "sheets"}, rate=0.1, before=[insert])
    for key in (f"k{number:02}" for number in chance.sample(range(12), 4)):
        value = f"app {key}"
        save(google, {"vebs": id_}, tmp_path, key, value)
        google.control.edit("type", twin, sheet="Skolor", key=key, column="Anteckning", value=value)
    google.control.clear_faults()
    a_workbook(google, {"vebs": id_}, tmp_path).fresh("vebs", ["Skolor"])
    assert sorted(map(repr, rows_in(google, id_))) == sorted(map(repr, rows_in(google, twin)))


def save(google: LocalGoogle, ids: dict[str, str], journal: Path, key: str, value: str) -> None:
    for _ in range(60):
        workbook = a_workbook(google, ids, journal)
        try:
            seen = workbook.fresh("vebs", ["Skolor"])
            row = list(seen.sheets["Skolor"].columns[0]).index(key)
            if seen.sheets["Skolor"].columns[3][row] == value:
                return
            workbook.write("vebs", [CellChange("Skolor", row + 1, 3, value)], seen)
        except (OutcomeUnknown, SpreadsheetChanged):
            continue
    raise AssertionError(f"{key} was never saved")
