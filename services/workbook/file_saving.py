"""Puts a new version of a file in place of the old: whole or not at all, never under a person's hands."""

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from services.errors import SpreadsheetBusy

_LOCK_SECONDS = 10.0


@contextlib.contextmanager
def alone(path: Path, lock: Path) -> Iterator[None]:
    """Only one of our own processes and threads at a time writes the file."""
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        held = FileLock(lock, timeout=_LOCK_SECONDS)
        held.acquire()
    except Timeout:
        raise SpreadsheetBusy(
            path.stem, f"Filen {path.name} skrivs av någon annan just nu; försök igen."
        ) from None
    except OSError as fault:
        raise _no_rights(path) from fault
    try:
        yield
    finally:
        held.release()


def refuse_if_open(path: Path) -> None:
    """SpreadsheetBusy while a person has the file open in LibreOffice or Excel."""
    for lock, reader in (
        (path.with_name(f".~lock.{path.name}#"), _libreoffice_user),
        (path.with_name(f"~${path.name}"), _excel_user),
    ):
        try:
            content = lock.read_bytes()[:1000]
        except FileNotFoundError:
            continue
        except OSError:
            content = b""  # Excel keeps its own lock file locked
        who = reader(content) or "någon"
        raise SpreadsheetBusy(
            path.stem,
            f"Filen {path.name} är öppen hos {who}; stäng den där, "
            f"eller ta bort {lock.name} om ingen längre har den öppen.",
        )


def _no_rights(path: Path) -> SpreadsheetBusy:
    return SpreadsheetBusy(
        path.stem, f"Filen {path.name} får inte ändras härifrån; se över behörigheten till den och dess mapp."
    )


def _libreoffice_user(content: bytes) -> str:
    """The lock file says: name, login, machine, time, profile."""
    fields = [field.strip() for field in content.decode("utf-8", "replace").split(",")]
    return next((field for field in fields[:2] if field), "")


def _excel_user(content: bytes) -> str:
    """The lock file starts with the length of the name, then the name."""
    if not content:
        return ""
    return content[1 : 1 + content[0]].decode("cp1252", "replace").strip("\0 ")


def replace(path: Path, content: bytes, previous: Path, check: Callable[[Path], None]) -> None:
    """Put `content` in the file's place; the old content is kept in `previous`.

    `check` looks at the new file, and for what may have happened to the old one, just before they
    change places; if it raises, everything stays as it was.
    """
    temporary = _half(path)
    try:
        if not os.access(path, os.W_OK):
            raise PermissionError
        keep(path, previous)
        _write_whole(temporary, content, path)
        check(temporary)
        temporary.replace(path)
        settle_names(path.parent)
    except PermissionError as fault:
        raise _no_rights(path) from fault
    except OSError as fault:
        why = fault.strerror or "okänt fel"
        raise SpreadsheetBusy(
            path.stem, f"Filen {path.name} kunde inte sparas ({why}); se över disken och försök igen."
        ) from fault
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def keep(path: Path, previous: Path) -> None:
    """Copy the file as it stands, with its time, to where the previous version is kept."""
    previous.parent.mkdir(parents=True, exist_ok=True)
    half = _half(previous)
    half.write_bytes(path.read_bytes())
    status = path.stat()
    os.utime(half, ns=(status.st_atime_ns, status.st_mtime_ns))
    half.chmod(status.st_mode & 0o7777)
    half.replace(previous)


def forget(path: Path, kept: Iterable[Path]) -> None:
    """Take away the versions kept of a file, and what was half written when the power went."""
    try:
        _half(path).unlink(missing_ok=True)
        for previous in kept:
            if previous.parent.is_dir():
                previous.unlink(missing_ok=True)
                _half(previous).unlink(missing_ok=True)
                settle_names(previous.parent)
    except OSError as fault:
        raise _no_rights(path) from fault


def _half(path: Path) -> Path:
    return path.with_name(f".{path.name}.ny")


def create(path: Path, content: bytes) -> None:
    """A new file, whole or not at all; FileExistsError rather than anything overwritten."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.ny")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _link_new(temporary, path)
        settle_names(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _link_new(temporary: Path, path: Path) -> None:
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:
        # Some file systems know no links: then the check and the move are two steps.
        if path.exists():
            raise FileExistsError(f"{path.name} already exists") from None
        temporary.replace(path)


def _write_whole(temporary: Path, content: bytes, like: Path) -> None:
    status = like.stat()
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        temporary.chmod(status.st_mode & 0o7777)
        if hasattr(os, "chown"):
            with contextlib.suppress(OSError):
                os.chown(temporary, status.st_uid, status.st_gid)
        os.fsync(file.fileno())


def settle_names(folder: Path) -> None:
    """Make new names in a folder survive a power cut, where the system lets a folder be opened."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
