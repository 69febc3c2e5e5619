"""Other programs and processes beside us, what a write leaves behind, and sudden ends."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import openpyxl
import pytest
from filelock import FileLock

from services.errors import CellProtected, SpreadsheetBusy, SpreadsheetChanged, SpreadsheetUnreadable
from services.workbook.excel import ExcelFolder
from services.workbook.port import CellChange
from tests.workbook.xlsx_files import files_beside, rows_in, save_lively, save_rows, write


@pytest.fixture
def folder(tmp_path):
    return ExcelFolder(tmp_path)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "vebs.xlsx"


# --- other programs, other processes -------------------------------------------------------------


def test_a_save_by_a_person_between_read_and_write_is_a_conflict(folder, file):
    save_lively(file)
    seen = folder.read("vebs")
    workbook = openpyxl.load_workbook(file)
    workbook["Skolor"]["A2"] = "Hennes namn"
    workbook.save(file)
    with pytest.raises(SpreadsheetChanged, match=r"vebs\.xlsx"):
        folder.write("vebs", [CellChange("Skolor", 2, 0, "Mitt namn")], seen)
    assert rows_in(file)[1][0] == "Hennes namn"


def test_a_save_while_we_write_is_a_conflict_too(folder, file, monkeypatch):
    save_rows(file, ["Skola"], ["Alvikskolan"])
    patched = []

    def save_in_between(path):
        # Called the second time just before the files change places.
        patched.append(path)
        if len(patched) == 2:
            save_rows(file, ["Skola"], ["Hennes namn"])

    monkeypatch.setattr("services.workbook.file_saving.refuse_if_open", save_in_between)
    with pytest.raises(SpreadsheetChanged):
        write(folder, 2, 0, "Mitt namn")
    assert rows_in(file)[1][0] == "Hennes namn"


def test_an_append_goes_after_what_a_person_saved_meanwhile(folder, file, monkeypatch):
    save_rows(file, ["Skola"], ["Alvikskolan"])
    looks = []

    def save_in_between(path):
        looks.append(path)
        if len(looks) == 2:
            save_rows(file, ["Skola"], ["Alvikskolan"], ["Hennes skola"])

    monkeypatch.setattr("services.workbook.file_saving.refuse_if_open", save_in_between)
    folder.append("vebs", {"Skolor": [{"Skola": "Vår skola"}]})
    assert [row[0] for row in rows_in(file)] == ["Skola", "Alvikskolan", "Hennes skola", "Vår skola"]


@pytest.mark.parametrize(
    ("lock", "content", "who"),
    [
        (".~lock.vebs.xlsx#", b"Eva Ek,eva,dator,23.11.2026 16:39,file:///x;", "Eva Ek"),
        (".~lock.vebs.xlsx#", b",eva,dator,23.11.2026 16:39,file:///x;", "eva"),
        (".~lock.vebs.xlsx#", b"", "någon"),
        ("~$vebs.xlsx", b"\x06Eva Ek" + b" " * 48 + b"\x06\0E\0v\0a\0", "Eva Ek"),
        ("~$vebs.xlsx", b"", "någon"),
    ],
)
def test_a_file_a_person_has_open_is_not_written(folder, file, lock, content, who):
    save_lively(file)
    before = file.read_bytes()
    file.with_name(lock).write_bytes(content)
    with pytest.raises(SpreadsheetBusy, match=rf"vebs\.xlsx är öppen hos {who}; stäng"):
        write(folder, 2, 0, "x")
    with pytest.raises(SpreadsheetBusy):
        folder.append("vebs", {"Skolor": [{"Skola": "x"}]})
    assert file.read_bytes() == before
    assert folder.read("vebs").sheets


APPENDER = """
import sys
from pathlib import Path
from services.workbook.excel import ExcelFolder
for number in range(8):
    ExcelFolder(Path(sys.argv[1])).append("vebs", {"Skolor": [{"Skola": f"{sys.argv[2]}{number}"}]})
"""


def test_two_processes_that_append_lose_nothing(folder, file, tmp_path):
    save_rows(file, ["Skola"])
    workers = [subprocess.Popen([sys.executable, "-c", APPENDER, str(tmp_path), who]) for who in "ab"]
    assert [worker.wait() for worker in workers] == [0, 0]
    assert sorted(row[0] for row in rows_in(file)[1:]) == sorted(
        f"{who}{n}" for who in "ab" for n in range(8)
    )


def test_threads_that_append_lose_nothing(folder, file):
    save_rows(file, ["Skola"])
    threads = [
        threading.Thread(target=folder.append, args=("vebs", {"Skolor": [{"Skola": f"nr {n}"}]}))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(row[0] for row in rows_in(file)[1:]) == [f"nr {n}" for n in range(8)]


def test_a_write_lock_held_too_long_is_a_sentence(folder, file, monkeypatch):
    save_rows(file, ["Skola"], ["a"])
    monkeypatch.setattr("services.workbook.file_saving._LOCK_SECONDS", 0.05)
    with FileLock(file.with_name(".vebs.xlsx.lock")), pytest.raises(SpreadsheetBusy, match=r"vebs\.xlsx"):
        write(folder, 2, 0, "x")


# --- what a write leaves behind ------------------------------------------------------------------


def test_the_previous_version_is_kept(folder, file, tmp_path):
    save_lively(file)
    before = file.read_bytes()
    write(folder, 2, 0, "Nytt namn")
    assert folder.previous("vebs") == tmp_path / ".tidigare" / "vebs.xlsx"
    assert folder.previous("vebs").read_bytes() == before


def test_a_state_folder_takes_everything_that_is_not_a_spreadsheet(tmp_path):
    file = tmp_path / "data" / "vebs.xlsx"
    file.parent.mkdir()
    save_rows(file, ["Skola"], ["a"])
    before = file.read_bytes()
    folder = ExcelFolder(file.parent, state=tmp_path / "state")
    write(folder, 2, 0, "b")
    assert files_beside(file) == []
    assert (tmp_path / "state" / "tidigare" / "vebs.xlsx").read_bytes() == before
    assert folder.previous("vebs") == tmp_path / "state" / "tidigare" / "vebs.xlsx"


def test_a_write_leaves_only_hidden_files_beside(folder, file):
    save_rows(file, ["Skola"], ["a"])
    write(folder, 2, 0, "b")
    assert set(files_beside(file)) <= {".tidigare", ".vebs.xlsx.lock"}


def test_a_refused_write_leaves_nothing_new(folder, file):
    save_lively(file)
    before = file.read_bytes()
    with pytest.raises(CellProtected):
        folder.write(
            "vebs", [CellChange("Skolor", 2, 0, "x"), CellChange("Skolor", 2, 3, 1)], folder.read("vebs")
        )
    assert file.read_bytes() == before
    assert set(files_beside(file)) <= {".vebs.xlsx.lock"}


def test_a_file_that_would_not_read_back_is_never_put_in_place(folder, file, monkeypatch):
    save_lively(file)
    before = file.read_bytes()
    monkeypatch.setattr("services.workbook.xlsx_patch.Patch.content", lambda self: b"PK not a workbook")
    with pytest.raises(SpreadsheetUnreadable):
        write(folder, 2, 0, "x")
    assert file.read_bytes() == before
    assert not [name for name in files_beside(file) if name.endswith(".ny")]


def test_permission_bits_are_kept(folder, file):
    save_rows(file, ["Skola"], ["a"])
    file.chmod(0o640)
    write(folder, 2, 0, "b")
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_link_to_a_file_elsewhere_stays_a_link(folder, file, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    save_rows(tmp_path / "elsewhere" / "register.xlsx", ["Skola"], ["a"])
    file.symlink_to(tmp_path / "elsewhere" / "register.xlsx")
    write(folder, 2, 0, "b")
    assert file.is_symlink()
    assert rows_in(file) == [["Skola"], ["b"]]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything, so rights cannot be missing")
def test_a_file_without_rights_is_a_sentence(folder, file, tmp_path):
    save_rows(file, ["Skola"], ["a"])
    file.chmod(0o400)
    with pytest.raises(SpreadsheetBusy, match="behörigheten"):
        write(folder, 2, 0, "b")
    file.chmod(0)
    with pytest.raises(SpreadsheetBusy, match="behörigheten"):
        folder.read("vebs")
    file.chmod(0o600)
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(SpreadsheetBusy, match="behörigheten"):
            write(folder, 2, 0, "b")
    finally:
        tmp_path.chmod(0o700)


def test_no_rights_are_a_sentence_whoever_runs_the_test(folder, file, monkeypatch):
    save_rows(file, ["Skola"], ["a"])
    seen = folder.read("vebs")
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with pytest.raises(SpreadsheetBusy, match="behörigheten"):
        folder.write("vebs", [CellChange("Skolor", 2, 0, "b")], seen)
    monkeypatch.setattr(Path, "open", lambda *_: (_ for _ in ()).throw(PermissionError("sharing violation")))
    with pytest.raises(SpreadsheetBusy, match="behörigheten"):
        folder.read("vebs")


def test_a_full_disk_is_a_sentence_and_the_file_is_whole(folder, file, monkeypatch):
    save_rows(file, ["Skola"], ["a"])

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("services.workbook.file_saving.os.fsync", full)
    with pytest.raises(SpreadsheetBusy, match="disken"):
        write(folder, 2, 0, "b")
    assert rows_in(file) == [["Skola"], ["a"]]


WRITER = """
import sys
from pathlib import Path
from services.workbook.excel import ExcelFolder
folder = ExcelFolder(Path(sys.argv[1]))
print("ready", flush=True)
for batch in range(int(sys.argv[2]), 100_000):
    folder.append("vebs", {"Skolor": [{"Skola": f"{batch}-{part}"} for part in range(3)]})
    print(batch, flush=True)
"""


def killed_writer(tmp_path, first, seconds):
    """Start a writer, kill it after that many seconds of writing; the batches it said were written."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path), str(first)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    time.sleep(seconds)
    writer.send_signal(signal.SIGKILL)
    said, _ = writer.communicate()
    return [int(line) for line in said.split("\n")[:-1]]


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_the_old_or_the_new_whole_file(folder, file, tmp_path):
    save_rows(file, ["Skola"])
    chance = random.Random(7)
    said, first = [], 0
    for _ in range(int(os.environ.get("SOAK_KILLS", "15"))):
        said += killed_writer(tmp_path, first, chance.uniform(0.0, 0.12))
        texts = [row[0] for row in rows_in(file)[1:]]
        batches = [text.split("-")[0] for text in texts]
        assert texts == [f"{batch}-{part}" for batch in dict.fromkeys(batches) for part in range(3)]
        assert set(map(str, said)) <= set(batches)
        first = int(batches[-1]) + 1 if batches else 0
    assert said
    folder.append("vebs", {"Skolor": [{"Skola": "sist"}]})
    assert set(files_beside(file)) <= {".tidigare", ".vebs.xlsx.lock"}


def test_forgetting_takes_the_version_before_wherever_it_was_kept_and_what_was_half_written(tmp_path):
    """The app keeps it in its state folder, whoever opens the folder alone keeps it beside the files."""
    (tmp_path / "data").mkdir()
    save_rows(tmp_path / "data" / "inkorg.xlsx", ["Skola"], ["Alvikskolan"])
    folder = ExcelFolder(tmp_path / "data", tmp_path / "state")
    for one in (folder, ExcelFolder(tmp_path / "data")):
        one.append("inkorg", {"Skolor": [{"Skola": "Cedern"}]})
    (tmp_path / "data" / ".inkorg.xlsx.ny").write_bytes(b"half")
    (tmp_path / "state" / "tidigare" / ".inkorg.xlsx.ny").write_bytes(b"half")
    for _ in range(2):
        folder.forget("inkorg")
        left = {path.name for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".lock"}
        assert left == {"inkorg.xlsx"}
    assert [row[0] for row in rows_in(tmp_path / "data" / "inkorg.xlsx")][1:] == [
        "Alvikskolan",
        "Cedern",
        "Cedern",
    ]
