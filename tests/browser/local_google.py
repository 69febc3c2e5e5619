"""The local Google as a process of its own: told what to do over HTTP, and given a register."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.serving import ROOT, stop

Row = list[Any]


@dataclass(frozen=True, slots=True)
class GoogleProcess:
    """A running local Google and its address."""

    process: subprocess.Popen[str]
    url: str

    def tell(self, what: str, **details: Any) -> Any:
        """One of `tests.sheets_server.control.Control`, over HTTP."""
        body = json.dumps(details).encode()
        with urllib.request.urlopen(f"{self.url}/_control/{what}", data=body, timeout=30) as answer:
            return json.loads(answer.read())["result"]

    def type_in(self, sheet: str, cell: str, value: Any) -> None:
        """A person types in a cell of vebs."""
        self.tell("edit", edit="type", spreadsheet="vebs", range=f"'{sheet}'!{cell}", value=value)

    def rows(self, sheet: str, spreadsheet: str = "vebs") -> list[Row]:
        """What stands in a sheet."""
        return list(self.tell("values", spreadsheet=spreadsheet, sheet=sheet))

    def everything(self) -> dict[tuple[str, str], list[Row]]:
        """Every sheet of every spreadsheet but the log and the app's own."""
        return {
            (file["name"], sheet): self.rows(sheet, file["name"])
            for file in self.tell("files")
            for sheet in file["sheets"]
            if sheet != "Logg" and not sheet.startswith("Appens arbetsyta")
        }

    def logged(self) -> list[Row]:
        """Vem, Händelse, Tabell, Nyckel, Fält, Före, Efter of each row of the log."""
        return [row[1:8] for row in self.rows("Logg")[1:] if row]


@contextmanager
def google_process() -> Iterator[GoogleProcess]:
    """Run `python -m tests.sheets_server` on a free port, with Google's quota, while the block runs."""
    command = [sys.executable, "-m", "tests.sheets_server", "--port", "0", "--seed", "1", "--quota"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        yield GoogleProcess(process, next(word for word in said.split() if word.startswith("http")))
    finally:
        stop(process)  # type: ignore[arg-type]


def carry(google: GoogleProcess, register: Path, state: Path) -> None:
    """Bring a register of .xlsx files to Google, as it is done by hand: setup-google, then upload."""
    settings = {**os.environ, "SHEETS_BASE_URL": google.url, "VEBS_STATE": str(state)}
    for verb in ("setup-google", "upload"):
        command = [sys.executable, "-m", "services", verb, "--data", str(register)]
        done = subprocess.run(
            command, cwd=ROOT, env=settings, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
