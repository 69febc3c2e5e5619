"""One round of writing: what waits is written, each spreadsheet by itself, and trouble stops no other."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial

from services.assembly import MAIN
from services.bugs import note_bug
from services.errors import CellProtected, NotShared, RowTrouble, Trouble, WorkbookTrouble
from services.writing.adding import Adder
from services.writing.changing import Changer
from services.writing.desk import Desk, SheetsHeld, Spoiled
from services.writing.log_keeping import LogKeeper
from services.writing.sweeping import Sweeper
from services.writing.tempo import Stopped, Tempo
from services.writing.waiting import OpenDeed, Settled

LARGEST_GROUP = 500
"""Submissions that are written together."""

STRIKES = 3
"""How often a submission may run into a bug of ours before it is set aside."""

SHORTEST_WAIT = 0.01


Work = tuple[str, str]
"""What is done, and in which spreadsheet."""

Waiting = Callable[[str, int, Collection[str]], list[OpenDeed]]
"""What waits for a spreadsheet, of so many submissions, but for some of its sheets."""


@dataclass(slots=True)
class _Pause:
    """Until when something is left alone, and how long the last pause was."""

    until: float
    seconds: float


class Rounds:
    """Takes what waits out of the outbox, has it written, and decides what to do about trouble."""

    def __init__(self, desk: Desk, tempo: Tempo) -> None:
        self._desk, self._tempo = desk, tempo
        self._adder, self._changer, self._log = Adder(desk), Changer(desk), LogKeeper(desk)
        self._sweeper = Sweeper(desk, tempo.looks)
        self._pauses: dict[tuple[str, ...], _Pause] = {}
        self._most: dict[Work, int] = {}
        self._apart: set[Work] = set()  # where one sheet at a time is written
        self._clear: set[tuple[str, ...]] = set()  # where no obstacle is remembered
        self._go_on = False  # whether more can be done at once, though nothing was settled
        self._strikes: dict[int, int] = {}

    def begin(self) -> None:
        """Take over: another process may have written since this one last did."""
        self._adder.forget()
        self._log.forget()

    def once(self) -> float | None:
        """Write what can be written; the seconds until there is more to do, None if nothing waits."""
        outbox = self._desk.outbox
        before, self._go_on = outbox.settled, False
        for spreadsheet in sorted(outbox.spreadsheets()):
            self._attempt(("add", spreadsheet), outbox.new_rows)
            self._attempt(("change", spreadsheet), outbox.changes)
        if lines := outbox.lines(LARGEST_GROUP):
            self._alone(("log", MAIN), partial(self._log.add, lines))
        for spreadsheet, rows in self._sweeper.due().items():
            self._alone(("sweep", spreadsheet), partial(self._sweeper.sweep, spreadsheet, rows))
        return 0.0 if self._go_on or outbox.settled > before else self._next()

    def _attempt(self, work: Work, waiting: Waiting) -> None:
        """Write a group of what waits, of everything that has come by the time it can be written."""
        if self._is_paused(work) or not waiting(work[1], 1, self._held_sheets(work)):
            return
        self._desk.workbook.ready()
        deeds = waiting(work[1], self._most.get(work, LARGEST_GROUP), self._held_sheets(work))
        if work in self._apart:
            deeds = [one for one in deeds if one.deed.sheet == deeds[0].deed.sheet]
        if not deeds:
            return
        do = self._adder.add if work[0] == "add" else self._changer.change
        try:
            do(work[1], deeds)
            self._went_well(work, *(one.deed.sheet for one in deeds))
        except Spoiled as spoiled:
            self._in_parts(work, deeds, spoiled.trouble)
        except SheetsHeld as held:
            for sheet in held.sheets:
                self._pause((*work, sheet), str(held))
            self._go_on = True
        except (NotShared, CellProtected) as trouble:
            self._sheet_by_sheet(work, deeds, trouble)
        except WorkbookTrouble as trouble:
            self._pause(work, str(trouble))
        except (Stopped, Trouble):
            raise
        except Exception as bug:
            self._stumble(work, deeds, bug)

    def _alone(self, work: Work, do: Callable[[], object]) -> None:
        """Do something that is not made of submissions."""
        if self._is_paused(work):
            return
        try:
            do()
            self._went_well(work)
        except (SheetsHeld, WorkbookTrouble) as trouble:
            self._pause(work, str(trouble))
        except (Stopped, Trouble):
            raise
        except Exception as bug:
            self._pause(work, _bug_sentence(bug))

    def _in_parts(self, work: Work, deeds: Sequence[OpenDeed], trouble: Trouble) -> None:
        """Go on with half of the group; a single submission is refused."""
        submissions = {one.number[0] for one in deeds}
        if len(submissions) > 1:
            self._most[work] = len(submissions) // 2
            self._go_on = True
        else:
            self._desk.settle(Settled(refused={deeds[0].number: trouble}))
            self._strikes.pop(deeds[0].number[0], None)

    def _stumble(self, work: Work, deeds: Sequence[OpenDeed], bug: Exception) -> None:
        """A bug of ours: find the submission that meets it, and set it aside after some tries."""
        sentence = _bug_sentence(bug)
        first = deeds[0].number[0]
        if deeds[-1].number[0] == first:
            self._strikes[first] = self._strikes.get(first, 0) + 1
        if deeds[-1].number[0] != first or self._strikes[first] >= STRIKES:
            self._in_parts(work, deeds, RowTrouble(sentence))
        self._pause(work, sentence)

    def _sheet_by_sheet(self, work: Work, deeds: Sequence[OpenDeed], trouble: WorkbookTrouble) -> None:
        """One sheet may be protected where the others are not."""
        sheets = {one.deed.sheet for one in deeds}
        if len(sheets) > 1:
            self._apart.add(work)
        else:
            self._pause((*work, *sheets) if work in self._apart else work, str(trouble))
        self._go_on = len(sheets) > 1 or work in self._apart

    def _went_well(self, work: Work, *sheets: str) -> None:
        self._pauses.pop(work, None)
        if work in self._most:
            self._most[work] = min(LARGEST_GROUP, 2 * self._most[work])
        for place in {(work[1],), *((work[1], sheet) for sheet in sheets)} - self._clear:
            self._desk.outbox.obstacle(place, None, self._desk.clock())
            self._clear.add(place)

    def _pause(self, what: tuple[str, ...], sentence: str) -> None:
        """Leave it alone for a while, each time for longer."""
        last = self._pauses.get(what)
        seconds = min(2 * last.seconds, self._tempo.longest_pause) if last else self._tempo.first_pause
        wait = seconds * (0.5 + 0.5 * self._tempo.chance())
        self._pauses[what] = _Pause(self._tempo.monotonic() + wait, seconds)
        place = what[1:] if what[0] in ("add", "change") else what
        self._desk.outbox.obstacle(place, sentence, self._desk.clock())
        self._clear.discard(place)

    def _is_paused(self, what: tuple[str, ...]) -> bool:
        pause = self._pauses.get(what)
        return pause is not None and self._tempo.monotonic() < pause.until

    def _held_sheets(self, work: Work) -> set[str]:
        """The sheets that are left alone: what is for them must not fill the group."""
        return {what[-1] for what in self._pauses if what[:-1] == work and self._is_paused(what)}

    def _next(self) -> float | None:
        now = self._tempo.monotonic()
        waits = [pause.until - now for pause in self._pauses.values() if pause.until > now]
        if not waits and (self._desk.outbox.spreadsheets() or self._desk.outbox.lines(1)):
            waits = [self._tempo.first_pause]
        looks = self._sweeper.next_looks().items()
        waits += [look for spreadsheet, look in looks if not self._is_paused(("sweep", spreadsheet))]
        return max(min(waits), SHORTEST_WAIT) if waits else None


def _bug_sentence(bug: Exception) -> str:
    """Log a bug, and say so."""
    return f"Något gick fel när det skulle sparas. Anteckna {note_bug(bug)} och kontakta förvaltaren."
