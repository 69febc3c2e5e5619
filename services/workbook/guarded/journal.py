"""What has been asked of Google and not yet answered for: kept on disk, so that a restart knows of it."""

import contextlib
import json
import os
import secrets
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from services.errors import SpreadsheetBusy
from services.workbook.file_saving import settle_names
from services.workbook.google_terms import Target
from services.workbook.guarded.operation import Operation

_LOCK_SECONDS = 150.0
"""Longer than the two calls that someone else may be waiting for."""


class Journal:
    """The operations under way, by spreadsheet; in memory alone where there is no folder."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._held: dict[str, tuple[Operation, ...]] = {}
        self._locks: dict[str, threading.RLock] = {}
        self._guard = threading.Lock()
        self.name = self._own_name()
        """Of this instance of the app, the same after a restart."""

    @contextlib.contextmanager
    def alone(self, target: Target) -> Iterator[None]:
        """Only one thread and one process of this instance at a time changes the spreadsheet."""
        with self._guard:
            lock = self._locks.setdefault(target.id, threading.RLock())
        with lock:
            if self._folder is None:
                yield
                return
            held = FileLock(self._folder / f"google-{target.id}.lock", timeout=_LOCK_SECONDS)
            try:
                held.acquire()
            except Timeout:
                raise SpreadsheetBusy(
                    target.name, f"Kalkylbladet {target.name} ändras just nu av någon annan; försök igen."
                ) from None
            try:
                yield
            finally:
                held.release()

    def load(self, target: Target) -> tuple[Operation, ...]:
        """The operations that are not settled, oldest first."""
        if self._folder is None:
            return self._held.get(target.id, ())
        try:
            text = self._file(target).read_text(encoding="utf-8")
        except FileNotFoundError:
            return ()
        return tuple(Operation.from_json(item) for item in json.loads(text))

    def keep(self, target: Target, operations: Sequence[Operation]) -> None:
        """Write down what is to be settled, before Google is asked; nothing once all is."""
        if self._folder is None:
            self._held[target.id] = tuple(operations)
            return
        path = self._file(target)
        if not operations:
            path.unlink(missing_ok=True)
            return
        half = path.with_suffix(".ny")
        half.touch(mode=0o600)
        with half.open("w", encoding="utf-8") as file:
            json.dump([operation.to_json() for operation in operations], file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
        settle_names(path.parent)

    def forget(self, target: Target) -> None:
        """Leave nothing of what was half written when the power went."""
        if self._folder is not None:
            self._file(target).with_suffix(".ny").unlink(missing_ok=True)

    def _file(self, target: Target) -> Path:
        assert self._folder is not None
        return self._folder / f"google-{target.id}.json"

    def _own_name(self) -> str:
        name = secrets.token_hex(3)
        if self._folder is None:
            return name
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / "google-namn.txt"
        with FileLock(path.with_suffix(".lock"), timeout=_LOCK_SECONDS):  # two processes may start at once
            if not path.exists():
                half = path.with_suffix(".ny")
                half.write_text(name, encoding="utf-8")
                half.replace(path)
        return path.read_text(encoding="utf-8")
