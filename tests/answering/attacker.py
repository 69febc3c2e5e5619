"""Somebody with everything that is left after closing, and all she has seen before, who wants to know who
answered what."""

import base64
import gzip
import hashlib
import itertools
import math
import random
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.answering.keys import Key, person_key
from services.closing.gathering import Received, answer_rows
from services.domain.school import SchoolCode
from tests.answering.conftest import ROUND

SCHOOL = SchoolCode("00123456")


@dataclass(frozen=True, slots=True)
class Guesses:
    """How often a pairing of people and rows is right, and how far their orders go together (in sigmas)."""

    hits: int
    sigmas: float


def everything(folder: Path) -> bytes:
    """Every byte of every file, free pages and journals of databases too; what is packed also unpacked."""
    found: list[bytes] = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        found += [str(path.relative_to(folder)).encode(), path.read_bytes()]
        if path.suffix == ".gz":
            found.append(gzip.decompress(path.read_bytes()))
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                found += [archive.read(name) for name in archive.namelist()]
    return b"\n".join(found)


def guess(people: Sequence[str], rows: Sequence[str], truth: Mapping[str, str]) -> Guesses:
    """Pair the people of one school with its rows, the first with the first, and so on."""
    hits = sum(truth[person] == row for person, row in zip(people, rows, strict=True))
    place = {row: number for number, row in enumerate(rows)}
    middle = (len(rows) - 1) / 2
    pairs = [(number - middle, place[truth[person]] - middle) for number, person in enumerate(people)]
    spread = sum(one * one for one, _ in pairs)
    rank_correlation = sum(one * other for one, other in pairs) / spread
    return Guesses(hits, rank_correlation * math.sqrt(len(rows) - 1))


def together(guesses: Iterable[Guesses]) -> Guesses:
    """Those of all schools."""
    found = list(guesses)
    sigmas = sum(one.sigmas for one in found) / math.sqrt(len(found))
    return Guesses(sum(one.hits for one in found), sigmas)


def secrets_found(left: bytes, emails: Sequence[str], keys: Sequence[str], ids: Sequence[str]) -> set[bytes]:
    """The secrets among all that is left, and all that is easily thought of, that make a known key or id."""
    windows = (left[at : at + 32] for at in range(max(0, len(left) - 31)))
    written = (bytes.fromhex(text.decode()) for text in re.findall(rb"[0-9a-f]{64}", left))
    thought_of = [b"", b"\0" * 32, ROUND.encode(), b"svar", *(email.encode() for email in emails[:3])]
    known, made = set(keys), set(ids)
    return {
        secret
        for secret in {*windows, *written, *thought_of}
        if person_key(secret, ROUND, emails[0]) in known or _id_of(keys[0], secret) in made
    }


def _id_of(key: str, secret: bytes) -> str:
    rows = answer_rows([Received(Key(key), SCHOOL, 1, {"L1": 1})], secret, random.Random(0))
    return next(iter(rows))


def plain_digests(texts: Iterable[str]) -> Iterator[str]:
    """What a key or an id would be if it were made without any secret."""
    for text, name in itertools.product(texts, ("md5", "sha1", "sha256", "sha512", "blake2b")):
        yield hashlib.new(name, text.encode()).hexdigest()


def as_hexadecimal(id_: str) -> str:
    """The bytes behind the letters of an id."""
    return "".join(f"{ord(letter) - ord('a'):x}" for letter in id_[1:])


def forms_of(secret: str) -> list[bytes]:
    """The ways in which a text, or what it is in hexadecimal, could lie in a file."""
    found = [secret.encode(), secret.upper().encode(), secret.encode("utf-16-le"), secret[:16].encode()]
    found.append(base64.b64encode(secret.encode())[:20])
    if re.fullmatch(r"[0-9a-f]{64}", secret):
        raw = bytes.fromhex(secret)
        found += [raw, raw[:8], base64.b64encode(raw)[:20]]
    return found
