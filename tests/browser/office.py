"""LibreOffice without a window, editing and saving a file the way a person would."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

SCRIPT = Path(__file__).with_name("office_script.py")
PATIENCE = 180.0


@dataclass(frozen=True, slots=True)
class Edit:
    """A number written in a cell, with a note and a colour (RRGGBB) as people leave them."""

    sheet: str
    cell: str
    value: float
    note: str
    colour: str


def python_with_bridge() -> str | None:
    """Return a Python that can talk with LibreOffice (Debian's package python3-uno), or None."""
    here = Path(shutil.which("soffice") or "").resolve().parent
    for python in (str(here / "python"), "/usr/bin/python3", sys.executable):
        if (
            Path(python).exists()
            and not subprocess.run([python, "-c", "import uno"], capture_output=True).returncode
        ):
            return python
    return None


def edit_and_save(office: Path, path: Path, edits: Sequence[Edit], home: Path) -> float:
    """Make the edits in LibreOffice and return when, by the wall clock, the file was saved."""
    python = python_with_bridge()
    if python is None:
        return _rewrite(office, path, edits, home)
    pipe = f"vebs{time.monotonic_ns()}"
    listen = [f"-env:UserInstallation={home.as_uri()}", f"--accept=pipe,name={pipe};urp;"]
    running = subprocess.Popen([office, *listen, "--headless", "--norestore", "--nologo"])
    try:
        told = json.dumps([asdict(edit) for edit in edits])
        command = [python, str(SCRIPT), pipe, str(path), told]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert done.returncode == 0, done.stderr
        running.wait(PATIENCE)
        return float(done.stdout)
    finally:
        if running.poll() is None:
            running.kill()
            running.wait()


def _rewrite(office: Path, path: Path, edits: Sequence[Edit], home: Path) -> float:
    """Without the bridge: make the edits beside the file; LibreOffice opens that and saves over it."""
    book = openpyxl.load_workbook(path)
    for edit in edits:
        cell = book[edit.sheet][edit.cell]
        cell.value = edit.value
        cell.comment = Comment(edit.note, "Unni")
        cell.fill = PatternFill("solid", fgColor=edit.colour)
    home.mkdir(parents=True, exist_ok=True)
    book.save(home / path.name)
    profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
    command = [
        office,
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        path.parent,
        home / path.name,
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    return path.stat().st_mtime
