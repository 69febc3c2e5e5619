"""What goes wrong, and when: rules that pick requests, by count or by chance with a seed."""

import fnmatch
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any
from urllib.parse import unquote

from tests.sheets_server.routes import Call

Json = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """One way to fail.

    kind: `status` (an error answer), `hang` (no answer), `slow`, `reset` (the connection is cut),
    `half` (half an answer, then cut). when: `before` or `after` the commit; a fault before it
    means nothing is written. late: how many seconds after the failure the commit lands, or two
    numbers between which chance picks.
    """

    kind: str = "status"
    status: int = 503
    when: str = "before"
    seconds: float = 30.0
    late: float | Sequence[float] = 0.0

    @property
    def lands_after(self) -> float:
        """How many seconds after the failure the commit lands."""
        return self.late if isinstance(self.late, int | float) else self.late[0]

    retry_after: int | None = None

    @classmethod
    def read(cls, given: "Json | Fault | str | int") -> "Fault":
        """Read a fault: `429`, `"reset"`, or an object with the fields above."""
        if isinstance(given, Fault):
            return given
        if isinstance(given, int):
            return cls("status", given)
        if isinstance(given, str):
            kind, _, when = given.partition(" ")
            status = int(kind) if kind.isdigit() else 503
            default = "after" if kind in ("half", "slow") else "before"
            return cls("status" if kind.isdigit() else kind, status, when or default)
        unknown = set(given) - {item.name for item in fields(cls)}
        if unknown:
            raise ValueError(f"a fault has no {', '.join(sorted(unknown))}")
        kind = given.get("kind", "status")
        return cls(**({"when": "after" if kind in ("half", "slow") else "before"} | given))


@dataclass
class Rule:
    """Which requests meet which faults or hand edits.

    match: any of `operation` (a pattern, `sheets.values.*`), `kind` (`read` or `write`), `service`,
    `method`, `path`, `body`, `user` (each a part of the text). skip: so many matching requests pass
    first. times: so many are hit (None: all). rate: the share that is hit. faults: one is chosen by
    chance. before, after: hand edits made between this request and its neighbours.
    """

    match: Json = field(default_factory=dict)
    skip: int = 0
    times: int | None = None
    rate: float = 1.0
    faults: list[Fault] = field(default_factory=list)
    before: list[Json] = field(default_factory=list)
    after: list[Json] = field(default_factory=list)
    name: str = ""
    seen: int = 0
    hits: int = 0

    def fits(self, call: Call) -> bool:
        """Whether the rule is about such a request."""
        texts = {"path": unquote(call.path), "body": "", "user": call.user}
        if "body" in self.match:
            texts["body"] = _readable(call.body)
        exact = {"kind": call.kind, "service": call.service, "method": call.method}
        for key, wanted in self.match.items():
            if key == "operation" and not fnmatch.fnmatch(call.name, wanted):
                return False
            if key in exact and exact[key] != wanted:
                return False
            if key in texts and wanted not in texts[key]:
                return False
        return True


def _readable(body: bytes) -> str:
    """Return a body with its letters as they are, not as `\\u00e5`."""
    try:
        return json.dumps(json.loads(body), ensure_ascii=False)
    except ValueError:
        return body.decode("utf-8", "replace")


@dataclass(frozen=True)
class Plan:
    """What is to happen with one request."""

    fault: Fault | None = None
    before: tuple[Json, ...] = ()
    after: tuple[Json, ...] = ()


class Faults:
    """All rules, and the chance that picks among them."""

    def __init__(self, seed: int | None = None) -> None:
        self.rules: list[Rule] = []
        self.chance = random.Random(seed)

    def add(self, given: Json) -> Rule:
        """Add a rule; `fault` stands for a list of one."""
        given = dict(given)
        seed = given.pop("seed", None)
        if seed is not None:
            self.chance = random.Random(seed)
        single = given.pop("fault", None)
        found = [Fault.read(item) for item in given.pop("faults", [])] + (
            [Fault.read(single)] if single else []
        )
        known = {"operation", "kind", "service", "method", "path", "body", "user"}
        unknown = set(given.get("match", {})) - known
        if unknown:
            raise ValueError(f"requests can't be matched by {', '.join(sorted(unknown))}")
        rule = Rule(faults=found, **given)
        self.rules.append(rule)
        return rule

    def plan(self, call: Call) -> Plan:
        """Return what is to happen with a request; the first fault found counts, all edits are made."""
        fault, before, after = None, [], []
        for rule in self.rules:
            if not rule.fits(call):
                continue
            rule.seen += 1
            spent = rule.times is not None and rule.hits >= rule.times
            if rule.seen <= rule.skip or spent or (fault and rule.faults):
                continue
            if rule.rate < 1 and self.chance.random() >= rule.rate:
                continue
            rule.hits += 1
            if rule.faults:
                fault = self.chance.choice(rule.faults)
                if isinstance(fault.late, Sequence):
                    fault = replace(fault, late=self.chance.uniform(*fault.late))
            before += rule.before
            after += rule.after
        return Plan(fault, tuple(before), tuple(after))
