"""The control interface: the same object in the process, and over HTTP under `/_control`."""

import json
from typing import Any

from tests.sheets_server import hands
from tests.sheets_server.accounts import DEFAULT_USER
from tests.sheets_server.faults import Rule
from tests.sheets_server.google import Google
from tests.sheets_server.reading import Renderer, values_of

Json = dict[str, Any]
PREFIX = "/_control/"


class Control:
    """Tells the local Google what shall happen, and asks it what did.

    Over HTTP every method is `POST /_control/<name>` with its arguments as a JSON object;
    the answer is `{"result": …}`, or `{"error": …}` with status 400.
    """

    def __init__(self, google: Google, base_url: str = "") -> None:
        self.google = google
        self.base_url = base_url

    def reset(self, seed: int | None = None) -> None:
        """Forget files, faults, counts and people."""
        self.google.reset(seed)

    def spreadsheet(
        self,
        name: str,
        sheets: Json | None = None,
        locale: str = "sv_SE",
        shared_with: list[str] | None = None,
    ) -> str:
        """Make a spreadsheet a person owns and shares; `sheets` is {title: rows as typed}. Return its id."""
        with self.google.lock:
            file = self.google.persons_file(name, locale, shared_with)
            hand = hands.Hand(self.google, file.file_id)
            for at, (title, rows) in enumerate((sheets or {}).items()):
                if at:
                    hand.do({"addSheet": {"properties": {"title": title}}})
                else:
                    hand.book.sheets[0].title = title
                hand.type_in(hand.sheet(title), 0, 0, rows)
            return file.file_id

    def edit(self, edit: str, spreadsheet: str, **details: Any) -> Any:
        """Make a hand edit now; see `hands.EDITS` for the names."""
        return hands.make(self.google, {"edit": edit, "spreadsheet": spreadsheet, **details})

    def fault(self, fault: Any = None, **rule: Any) -> Json:
        """Add a rule; see `faults.Rule`. Return it."""
        with self.google.lock:
            return _rule(self.google.faults.add(({"fault": fault} if fault is not None else {}) | rule))

    def rules(self) -> list[Json]:
        """Return all rules, with how many requests each has seen and hit."""
        with self.google.lock:
            return [_rule(rule) for rule in self.google.faults.rules]

    def clear_faults(self) -> None:
        """Let everything work again."""
        with self.google.lock:
            self.google.faults.rules.clear()

    def quota(self, on: bool = True, read: int | None = 60, write: int | None = 60) -> None:
        """Count calls against the quota; None is without limit."""
        with self.google.lock:
            self.google.quota.on = on
            self.google.quota.limits.update(read=read, write=write)

    def quota_used(self, user: str = DEFAULT_USER) -> Json:
        """Return the calls of the last minute."""
        with self.google.lock:
            return {kind: self.google.quota.used(user, kind) for kind in ("read", "write")}

    def clock(
        self, stop: float | bool | None = None, advance: float | None = None, run: bool = False
    ) -> float:
        """Stop the clock (at a time, or where it is), move it on, or let it run. Return the time."""
        with self.google.lock:
            clock = self.google.clock
            if run:
                clock.run()
            if stop is not None and stop is not False:
                clock.stop(None if stop is True else float(stop))
            if advance is not None:
                clock.advance(advance)
            return clock.now()

    def counts(self) -> Json:
        """Return how many requests came, by service, kind and operation, and which answers they got."""
        with self.google.lock:
            return {"requests": dict(self.google.counts), "answers": dict(self.google.answers)}

    def clear_counts(self) -> None:
        """Start counting anew."""
        with self.google.lock:
            self.google.counts.clear()
            self.google.answers.clear()
            self.google.log.clear()

    def log(self) -> list[Json]:
        """Return the latest requests, oldest first."""
        with self.google.lock:
            return list(self.google.log)

    def values(
        self, spreadsheet: str, sheet: str | None = None, option: str = "UNFORMATTED_VALUE"
    ) -> list[list[Any]]:
        """Return what stands in a sheet, without a request being counted."""
        with self.google.lock:
            hand = hands.Hand(self.google, spreadsheet)
            page = hand.sheet(sheet)
            return values_of(page, page.grid.whole, Renderer(hand.book, option), "ROWS")

    def files(self) -> list[Json]:
        """Return id, name, owner, version and sheets of every file."""
        with self.google.lock:
            return [
                {
                    "id": file.file_id,
                    "name": file.name,
                    "owner": file.owner,
                    "version": file.changes[-1].version,
                    "sheets": [sheet.title for sheet in file.book.sheets] if file.book else [],
                }
                for file in self.google.files.values()
            ]

    def pending(self) -> int:
        """Return how many commits are still to land after an answer was already lost."""
        return self.google.pending

    def settings(
        self,
        any_token: bool | None = None,
        hand_lag: float | None = None,
        check_answers: bool | None = None,
        token_lifetime: int | None = None,
    ) -> Json:
        """Change what is given: whether unknown tokens are let in, after how many seconds Drive shows hand
        edits, whether answers are held against the discovery documents, how long tokens live."""
        google = self.google
        with google.lock:
            if any_token is not None:
                google.accounts.any_token = any_token
            if hand_lag is not None:
                google.hand_lag = hand_lag
            if check_answers is not None:
                google.check_answers = check_answers
            if token_lifetime is not None:
                google.accounts.lifetime = token_lifetime
            return {
                "any_token": google.accounts.any_token,
                "hand_lag": google.hand_lag,
                "check_answers": google.check_answers,
                "token_lifetime": google.accounts.lifetime,
                "default_user": DEFAULT_USER,
            }

    def problems(self) -> Json:
        """Return what went wrong here: answers that no discovery document knows, fields that Drive passed
        over in requests, hand edits that did not fit, and mistakes of this Google itself."""
        with self.google.lock:
            return {
                "answers": list(self.google.answer_problems),
                "passed_over": list(self.google.oddities),
                "edits": list(self.google.edit_problems),
                "crashes": list(self.google.crashes),
            }

    def service_account(self, email: str = DEFAULT_USER) -> dict[str, str]:
        """Return a key file for a service account; its signatures are then verified."""
        with self.google.lock:
            return self.google.accounts.service_account(email, f"{self.base_url}/token")

    def token(self, email: str = DEFAULT_USER, scopes: list[str] | None = None) -> str:
        """Return a token for someone; scopes by their last part, None for all."""
        with self.google.lock:
            return self.google.accounts.grant(email, set(scopes) if scopes is not None else None)


def _rule(rule: Rule) -> Json:
    shown = dict(vars(rule))
    shown["faults"] = [dict(vars(fault)) for fault in rule.faults]
    return shown


def answer(control: Control, path: str, body: bytes) -> tuple[int, Json]:
    """Answer a request to the control interface."""
    name = path.removeprefix(PREFIX).strip("/")
    known = [item for item in vars(Control) if not item.startswith("_")]
    if name not in known:
        return 404, {"error": f"no {name}; known: {', '.join(known)}"}
    try:
        given = json.loads(body or b"{}")
        return 200, {"result": getattr(control, name)(**given)}
    except Exception as error:  # what a tester got wrong is told, whatever it is
        return 400, {"error": f"{type(error).__name__}: {error}"}
