"""One answer a person, and no way back to her: keys that can't be made without the round's secret.

The secret lies in a file on the server, never in a spreadsheet, and is destroyed when the round closes.
"""

import hmac
import os
import re
import secrets
from pathlib import Path
from typing import NewType

from filelock import FileLock

from services.domain.round import file_stem
from services.errors import RoundSecretMissing
from services.workbook.file_saving import settle_names

Key = NewType("Key", str)
"""What stands for a person in the inbox: 64 hexadecimal signs, an HMAC-SHA-256."""

CODE_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Letters and digits that are not mistaken for each other: 32 of them, five bits each."""

CODE_LENGTH = 12
"""Sixty bits: a thousand billion guesses for every code of a round of 4,000."""

_SECRET_BYTES = 32
_LOCK_SECONDS = 10.0


class RoundSecrets:
    """The secrets of the rounds that are open, a file each, which only this user may read.

    A round has one secret in its life: once it is destroyed there is never another, or somebody who has
    answered could answer again without anybody knowing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, round_: str) -> bytes:
        """The round's secret, made if there is none yet. RoundSecretMissing if it was destroyed."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(self._folder / "making.lock", timeout=_LOCK_SECONDS):
            if not self.is_destroyed(round_) and len(self._content(round_)) != _SECRET_BYTES:
                # None, or one that was half written when the power went: nobody has had a key of it.
                handle = os.open(self._file(round_), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                with os.fdopen(handle, "wb") as file:
                    file.write(secrets.token_bytes(_SECRET_BYTES))
                    file.flush()
                    os.fsync(file.fileno())
                settle_names(self._folder)
        return self.of(round_)

    def of(self, round_: str) -> bytes:
        """The round's secret. RoundSecretMissing if it was never made, or is destroyed."""
        if self.is_destroyed(round_):
            raise RoundSecretMissing(
                f"Omgång {round_} är stängd och tar inte emot fler svar. Den kan inte öppnas igen, för ingen "
                "kan längre se vem som redan har svarat."
            )
        secret = self._content(round_)
        if len(secret) != _SECRET_BYTES:
            raise RoundSecretMissing(
                f"Omgång {round_} har ingen hemlighet på servern, så svar kan inte tas emot. "
                "Den skapas när omgången öppnas i appen."
            )
        return secret

    def destroy(self, round_: str) -> None:
        """Write over the secret and take it away: from now on no key of the round can be made, ever.

        That it is destroyed is noted first: whatever interrupts it, what is left of it is used no more.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._destroyed(round_).touch(mode=0o600)
        settle_names(self._folder)
        file = self._file(round_)
        if not file.exists():
            return
        with file.open("r+b") as old:
            old.write(secrets.token_bytes(max(_SECRET_BYTES, file.stat().st_size)))
            old.flush()
            os.fsync(old.fileno())
        file.unlink()
        settle_names(self._folder)

    def is_destroyed(self, round_: str) -> bool:
        """Whether the round once had a secret and shall have no other."""
        return self._destroyed(round_).exists()

    def _content(self, round_: str) -> bytes:
        try:
            return self._file(round_).read_bytes()
        except FileNotFoundError:
            return b""

    def _file(self, round_: str) -> Path:
        return self._folder / f"{file_stem(round_)}.secret"

    def _destroyed(self, round_: str) -> Path:
        return self._folder / f"{file_stem(round_)}.destroyed"


def person_key(secret: bytes, round_: str, email: str) -> Key:
    """The key of somebody who has logged in."""
    return _key(secret, "person", round_, email.strip().casefold())


def code_key(secret: bytes, round_: str, code: str) -> Key:
    """The key of whoever has a one-time code; the code itself is kept nowhere."""
    return _key(secret, "code", round_, plain_code(code))


def new_code() -> str:
    """A one-time code as it is printed: ABCD-EFGH-JKLM."""
    signs = "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))
    return "-".join(signs[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def plain_code(written: str) -> str:
    """A code without what people add or mistake when they type it: dashes, spaces, small letters."""
    return re.sub(r"[^A-Z0-9]", "", written.upper())


def is_code(written: str) -> bool:
    """Whether it can be a code at all."""
    plain = plain_code(written)
    return len(plain) == CODE_LENGTH and set(plain) <= set(CODE_SIGNS)


def _key(secret: bytes, kind: str, *parts: str) -> Key:
    # Each part with its length, so that no two lists of parts are the same text.
    told = "".join(f"{len(part)}:{part}" for part in (kind, *parts))
    return Key(hmac.digest(secret, told.encode(), "sha256").hex())
