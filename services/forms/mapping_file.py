"""The mapping that people confirm on the command line: a small TOML file, header = question."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from services.domain.question import Question
from services.errors import ImportRefused
from services.forms.matching import LEFT_OUT, SCHOOL, How, Match
from services.forms.wording import normalised, shown

LARGEST = 1_000_000
_LONGEST_HEADER = 2_000
_HEAD = """\
# Vad varje kolumn i {file} är, för omgång {round}.
# Skriv frågans id till höger, "{school}" för kolumnen med skolan, eller "{left_out}" för en kolumn som inte
# ska läsas in. Kör sedan igen med --mapping och den här filens namn.
"""


def mapping_text(matches: Sequence[Match], questions: Sequence[Question], file: str, round_name: str) -> str:
    """The file with a line for each header that is not sure, its proposal filled in."""
    by_id = {question.id: question for question in questions}
    lines = [_HEAD.format(file=shown(file), round=shown(round_name), school=SCHOOL, left_out=LEFT_OUT)]
    seen: set[str] = set()
    for match in matches:
        text = normalised(match.header)
        if match.is_sure or text in seen:
            continue
        seen.add(text)
        if match.how is How.PROPOSED and match.target in by_id:
            likeness = f"{match.likeness:.0%} lik: " if match.likeness else ""
            lines.append(f"# {likeness}{shown(by_id[match.target].statement, 200)}")
        elif match.how is How.UNKNOWN:
            lines.append("# Fyll i:")
        lines.append(f"{_quoted(match.header)} = {_quoted(match.target)}\n")
    if all(match.target != SCHOOL for match in matches):
        lines.append(
            '# Ingen kolumn ser ut att vara skolan: skriv rubriken till vänster i stället.\n# "…" = "Skola"\n'
        )
    asked = {match.target for match in matches if match.is_sure}
    lines.append("# Frågor som ingen kolumn säkert är:")
    lines += [f"#   {shown(one.id)}  {shown(one.statement, 200)}" for one in questions if one.id not in asked]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML string; its rules are those of JSON, once what no file should hold is gone."""
    return json.dumps(shown(text, _LONGEST_HEADER), ensure_ascii=False)


def write_mapping(path: Path, text: str) -> None:
    """Write a new file. ImportRefused rather than anything of a person's is overwritten."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise ImportRefused(
            f"Alla kolumner är inte kopplade, och {path.name} finns redan: fyll i den och kör igen med "
            f"--mapping {path}, eller ta bort den och kör igen."
        ) from None
    except OSError as fault:
        raise ImportRefused(
            f"Filen {path.name} går inte att skriva ({fault.strerror}); välj en annan med --mapping."
        ) from fault


def read_mapping(path: Path, questions: Sequence[Question]) -> dict[str, str]:
    """What people have confirmed: question, SCHOOL or LEFT_OUT by normalised header; blanks are left out.

    ImportRefused where the file can't be read or names a question that the round does not have.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise ValueError
        written: Mapping[str, object] = tomllib.loads(data.decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as fault:
        raise ImportRefused(
            f'Kopplingsfilen {path.name} går inte att läsa; varje rad ska vara som "rubrik" = "L1".'
        ) from fault
    known = {question.id.casefold(): question.id for question in questions}
    known |= {SCHOOL.casefold(): SCHOOL, LEFT_OUT: LEFT_OUT}
    confirmed: dict[str, str] = {}
    for header, target in written.items():
        if not isinstance(target, str) or (target.strip() and target.strip().casefold() not in known):
            raise ImportRefused(
                f"Kopplingsfilen {path.name} säger {shown(str(target))} om kolumnen {shown(header)}, och det "
                f"är ingen fråga i omgången; skriv frågans id, {SCHOOL} eller {LEFT_OUT}."
            )
        if target.strip():
            confirmed[normalised(header)] = known[target.strip().casefold()]
    return confirmed
