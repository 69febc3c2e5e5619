"""What imports remember of a register, in the state folder: confirmed headers, and a secret for each round.

Headers are not kept in a sheet: a sheet's headers are a contract, and those of a form are whatever somebody
wrote. The secret is what makes the id of an answer the same every time and no guess of a time or a person
worth trying; it is destroyed when the round has been published.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from services.errors import ImportRefused
from services.workbook.file_saving import settle_names

_SECRET_BYTES = 32
_LOCK_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class RoundMemory:
    """What is remembered of a round's imports.

    `before` are the ids that stood in the sheet when the secret was made: nobody can tell from which rows
    of an export they come. `columns` are the questions by header, as rows were last taken in with;
    `begun` is how many rows the sheet had before an import that has not been logged yet.
    """

    secret: bytes
    before: frozenset[str]
    columns: Mapping[str, str]
    begun: int | None = None


class Remembered:
    """The memory of one register, in a folder that only this user may read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def alone(self) -> FileLock:
        """Only one import at a time: `with remembered.alone():`. ImportRefused where another goes on."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = FileLock(self._folder / "lock", timeout=_LOCK_SECONDS)
            lock.acquire()
        except Timeout:
            raise ImportRefused("En annan inläsning pågår just nu; försök igen om en stund.") from None
        except OSError as fault:
            raise _no_room(fault) from fault
        return lock

    def headers(self) -> dict[str, str]:
        """Questions, or what else a column is, by normalised header, as people have confirmed them."""
        found = self._read(self._folder / "headers.json")
        return {str(text): str(target) for text, target in found.items()}

    def keep_headers(self, confirmed: Mapping[str, str]) -> None:
        """Remember what has been confirmed, beside what was before."""
        if confirmed.items() - self.headers().items():
            self._write(self._folder / "headers.json", {**self.headers(), **confirmed})

    def round(self, name: str) -> RoundMemory | None:
        """What is remembered of a round; None before its first import."""
        kept = self._read(self._file(name))
        if not kept:
            return None
        try:
            return RoundMemory(
                bytes.fromhex(kept["secret"]),
                frozenset(map(str, kept["before"])),
                {str(text): str(id_) for text, id_ in kept["columns"].items()},
                kept["begun"],
            )
        except (LookupError, TypeError, ValueError, AttributeError) as fault:
            raise _damaged(self._file(name)) from fault

    def begin(self, name: str, before: Iterable[str]) -> RoundMemory:
        """A secret for the round; `before` are the ids that stand in its sheet already."""
        memory = RoundMemory(secrets.token_bytes(_SECRET_BYTES), frozenset(before), {})
        self.keep(name, memory)
        return memory

    def keep(self, name: str, memory: RoundMemory) -> None:
        """Remember a round, on disk when this returns."""
        kept = {
            "secret": memory.secret.hex(),
            "before": sorted(memory.before),
            "columns": dict(memory.columns),
            "begun": memory.begun,
        }
        self._write(self._file(name), kept)

    def forget(self, name: str) -> None:
        """Destroy the round's secret: from now on no id can be made from an export."""
        file = self._file(name)
        try:
            with file.open("r+b") as old:
                old.write(secrets.token_bytes(file.stat().st_size))
                old.flush()
                os.fsync(old.fileno())
            file.unlink()
        except FileNotFoundError:
            return
        except OSError as fault:
            raise _no_room(fault) from fault

    def _file(self, round_name: str) -> Path:
        # A round's name comes from a sheet, and may be anything.
        return self._folder / f"{hashlib.sha256(round_name.encode()).hexdigest()[:16]}.json"

    def _read(self, file: Path) -> dict[str, Any]:
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except OSError as fault:
            raise _no_room(fault) from fault
        except ValueError as fault:
            raise _damaged(file) from fault
        if not isinstance(found, dict):
            raise _damaged(file)
        return found

    def _write(self, file: Path, kept: Mapping[str, Any]) -> None:
        """Whole or not at all."""
        unfinished = file.with_suffix(f".{os.getpid()}")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as new:
                json.dump(kept, new, ensure_ascii=True)
                new.flush()
                os.fsync(new.fileno())
            unfinished.replace(file)
            settle_names(self._folder)
        except OSError as fault:
            raise _no_room(fault) from fault


def _no_room(fault: OSError) -> ImportRefused:
    return ImportRefused(
        f"Appens lagringsmapp går inte att använda ({fault.strerror or type(fault).__name__}); "
        "se över den och försök igen."
    )


def _damaged(file: Path) -> ImportRefused:
    return ImportRefused(
        f"Filen {file.name} i appens lagringsmapp är skadad; lägg tillbaka den från en säkerhetskopia, "
        "eller ta bort den och kör igen."
    )
