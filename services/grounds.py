"""What a decision stood on: the rules version and a digest of the round, as the last line of its reasons."""

import hashlib
import json
import re
from dataclasses import dataclass

from services.register import Register, once_per_register

_LINE = re.compile(
    r"Beslutet bygger på omgång (?P<round>.+), regelversion (?P<version>.+), kontrollsumma "
    r"(?P<digest>[0-9a-f]{64})\.",
)


@dataclass(frozen=True, slots=True)
class Grounds:
    """A round, the rules version it was judged by, and a digest of the round and the rules."""

    round: str
    version: str
    digest: str

    @property
    def line(self) -> str:
        """The grounds as they are written below the reasons: for people to read, and for `grounds_of`."""
        stood_on = f"omgång {self.round}, regelversion {self.version}"
        return f"Beslutet bygger på {stood_on}, kontrollsumma {self.digest}."

    def below(self, reasons: str) -> str:
        """The reasons, and the grounds as their last line."""
        return f"{reasons.strip()}\n\n{self.line}".strip()


def grounds(register: Register, round_name: str) -> Grounds:
    """What a decision stands on if it is made now, after this round."""
    version = register.round(round_name).rules_version or ""
    return Grounds(round_name, version, _digest(register, round_name, version))


@once_per_register
def _digest(register: Register, round_name: str, version: str) -> str:
    """SHA-256 of the rules, of how many could answer and of all answers, whatever order the sheets are in.

    Of all schools' answers: of one school's alone it would let who knows the others guess at the last.
    """
    rules = [
        [one.number, one.measure and one.measure.value, one.area, one.line]
        for one in register.criteria.get(version, ())
    ]
    parts = register.school_rounds.get(round_name, {})
    staff = sorted((code, part.staff) for code, part in parts.items())
    state = hashlib.sha256(json.dumps([round_name, version, rules, staff], ensure_ascii=False).encode())
    answers = register.answers.get(round_name)
    if answers is not None:
        questions = sorted(answers.questions)
        levels = zip(*(answers.column(one).tolist() for one in questions), strict=True)
        state.update(json.dumps(questions, ensure_ascii=False).encode())
        for school, given in sorted(zip(answers.schools, levels, strict=True), key=_place):
            state.update(f"\n{school}".encode())
            state.update(bytes(given))
    return state.hexdigest()


def _place(row: tuple[str | None, tuple[int, ...]]) -> tuple[str, tuple[int, ...]]:
    school, given = row
    return school or "", given


def grounds_of(text: str) -> Grounds | None:
    """The grounds that stand last in the reasons; None where somebody has decided by hand and wrote none."""
    lines = text.strip().splitlines()
    found = _LINE.fullmatch(lines[-1].strip()) if lines else None
    return Grounds(found["round"], found["version"], found["digest"]) if found else None


def without_grounds(text: str) -> str:
    """The reasons as the one who decided wrote them."""
    return text.strip().removesuffix(found.line).strip() if (found := grounds_of(text)) else text.strip()
