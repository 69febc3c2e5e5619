"""Setting up Google: find or make the spreadsheets of a register, and lay out what they lack."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from services.assembly import INBOX, MAIN, build_register, read_inbox, read_main
from services.domain.round import RoundStatus
from services.errors import MoveRefused, NotShared, OutcomeUnknown, RequestRefused
from services.register import Register
from services.tables.schema import ROUND_PLACE, Schema, Table
from services.tables.sheet import Sheet
from services.workbook.google import SheetsClient, in_sheet
from services.workbook.google_book import AddressBook
from services.workbook.google_terms import FileInfo, Json, Target
from services.workbook.guarded.cells import sheet_of
from services.workbook.port import Workbook
from services.workbook.whole.layout import Layout, Work, places
from services.workbook.whole.standing import PATIENT, Spreadsheet, Standing, look_at

TRIES = 4
"""How often a change is made again that Google did not answer for: all of them can be made twice."""

LOCALE, TIME_ZONE = "sv_SE", "Europe/Stockholm"
FIRST_SHEETS = ("Sheet1", "Blad1")
MANY = {"kolumn": "kolumner", "låst rubrikrad": "låsta rubrikrader", "hjälptext": "hjälptexter"}

Say = Callable[[str], None]
Ask = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Link:
    """The way to Google: the client, the address book, and where to tell how far we have come."""

    client: SheetsClient
    book: AddressBook
    say: Say

    def change(self, target: Target, requests: Sequence[Json]) -> None:
        """Make a change that may be made twice, until Google says that it is made."""
        for _ in range(TRIES - 1):
            try:
                self.client.change(target, requests, fields="spreadsheetId", patience=PATIENT)
                return
            except OutcomeUnknown:
                continue
        self.client.change(target, requests, fields="spreadsheetId", patience=PATIENT)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be connected: rounds named, a register in a folder, whose files to trust, whom to ask.

    `owners` are addresses, or what stands after their @.
    """

    rounds: Collection[str] = ()
    folder: Workbook | None = None
    owners: Collection[str] = ()
    ask: Ask = field(default=lambda _: False)


def connect(link: Link, schema: Schema, wanted: Wanted) -> dict[str, Target]:
    """Connect and lay out every spreadsheet the register needs; those that lack nothing are not touched.

    MoveRefused where it would have to guess.
    """
    finder = Finder(link, wanted)
    found = {MAIN: finder.target(MAIN)}
    lay_out(link, schema, Plan(found[MAIN], schema.of_spreadsheet(MAIN), is_new=MAIN in finder.made))
    registers = [read_register(link.client, schema, found[MAIN])]
    if wanted.folder is not None:
        registers.append(register_of(schema, wanted.folder.read(MAIN).sheets))
    answers = schema.table("Svar")
    rounds = {name for register in registers for name in register.rounds} | set(wanted.rounds)
    rounds |= _rounds_of(wanted.folder, answers)
    for name in (INBOX, *(answers.spreadsheet_of(round_) for round_ in sorted(rounds))):
        found[name] = finder.target(name)
        tables = tables_of(schema, name, registers)
        lay_out(link, schema, Plan(found[name], tables, is_new=name in finder.made))
    finder.tell_of_made()
    return found


def tables_of(schema: Schema, spreadsheet: str, registers: Iterable[Register]) -> list[Table]:
    """The tables of a spreadsheet, those of answers with the questions that are asked."""
    answers = schema.table("Svar")
    before = answers.spreadsheet_of("")
    if spreadsheet not in (MAIN, INBOX) and spreadsheet.startswith(before):
        questions = _questions(registers, [spreadsheet.removeprefix(before)])
        return [answers.with_questions(questions)]
    open_ = [
        name
        for register in registers
        for name, round_ in register.rounds.items()
        if round_.status in (RoundStatus.OPEN, RoundStatus.PLANNED)
    ]
    questions = _questions(registers, open_)
    tables = schema.of_spreadsheet(spreadsheet)
    return [table.with_questions(questions) if table.has_questions else table for table in tables]


def _questions(registers: Iterable[Register], rounds: Collection[str]) -> tuple[str, ...]:
    """The questions of the rounds by the first register that has any."""
    for register in registers:
        asked = [question.id for round_ in rounds for question in register.questions_in(round_)]
        if asked:
            return tuple(dict.fromkeys(asked))
    return ()


def _rounds_of(folder: Workbook | None, answers: Table) -> set[str]:
    before, _, after = answers.spreadsheet.partition(ROUND_PLACE)
    names = folder.spreadsheets() if folder is not None else ()
    return {name[len(before) : len(name) - len(after)] for name in names if name.startswith(before)}


def read_register(client: SheetsClient, schema: Schema, target: Target) -> Register:
    """The register as it stands in Google, without answers."""
    titles = [table.name for table in schema.of_spreadsheet(MAIN)]
    values = client.values(target, [in_sheet(title) for title in titles], patience=PATIENT)
    return register_of(schema, dict(zip(titles, map(sheet_of, values), strict=True)))


def register_of(schema: Schema, sheets: Mapping[str, Sheet]) -> Register:
    """The register of the sheets of `vebs`, without answers."""
    main = read_main(schema, sheets)
    return build_register(main, read_inbox(schema, None, main))


class Finder:
    """Which spreadsheet at Google is the one of a name: known, shared with us, or made now."""

    def __init__(self, link: Link, wanted: Wanted) -> None:
        self._link, self._wanted = link, wanted
        self._files: tuple[FileInfo, ...] | None = None
        self.made: set[str] = set()

    def target(self, name: str) -> Target:
        """The spreadsheet the address book names, or one that is found or made."""
        known = self._link.book.ids()
        return Target(name, known[name]) if name in known else self._found(name)

    def another(self, name: str) -> Target:
        """Another of that name, in place of one that is gone. MoveRefused where the settings name that."""
        target = self._found(name)
        if self._link.book.ids()[name] != target.id:
            raise MoveRefused(
                f"Kalkylbladet {name} under [google.spreadsheets] i secrets.toml finns inte eller är inte "
                f"delat med appen; ta bort raden, eller skriv id {target.id}, och kör igen."
            )
        return target

    def _found(self, name: str) -> Target:
        """One that is shared with us, or a new one; its id goes into the address book."""
        book = self._link.book
        known = book.ids()
        if self._files is None:
            self._files = self._link.client.files(PATIENT)
        candidates = [file for file in self._files if file.name == name and file.id not in known.values()]
        if len(candidates) > 1:
            raise MoveRefused(
                f"Det finns {len(candidates)} kalkylblad som heter {name}; skriv id för det rätta under "
                "[google.spreadsheets] i secrets.toml."
            )
        id_ = self._taken(candidates[0]) if candidates else self._made(name)
        book.add(name, id_)
        return Target(name, id_)

    def tell_of_made(self) -> None:
        """Say how people get at spreadsheets that belong to the app alone."""
        if self.made:
            address = self._link.client.address or "appens adress"
            self._link.say(
                f"Bara appen kommer åt det som är skapat i dess egen Drive: {', '.join(sorted(self.made))}. "
                "Ska ni själva arbeta i ett sådant kalkylblad: skapa ett eget med samma namn, dela det med "
                f"{address} som redigerare, skriv dess id under [google.spreadsheets] i secrets.toml och kör "
                "igen."
            )

    def _taken(self, file: FileInfo) -> str:
        owner = file.owner or "en delad enhet"
        names = {file.owner, file.owner.partition("@")[2], ""}
        is_ours = not file.owner or file.owner == self._link.client.address
        if not is_ours and not names & {*self._wanted.owners} - {""}:
            question = f"Kalkylbladet {file.name} ägs av {owner}. Är det ert?"
            if not self._wanted.ask(question):
                raise MoveRefused(
                    f"Kalkylbladet {file.name} ägs av {owner}; är det ert, kör igen med --owner {owner}, "
                    "eller skriv dess id under [google.spreadsheets] i secrets.toml."
                )
        self._link.say(f"{file.name}: använder kalkylbladet som ägs av {owner}.")
        return file.id

    def _made(self, name: str) -> str:
        address = self._link.client.address or "appens adress"
        try:
            id_ = self._link.client.create(name, PATIENT)
        except (NotShared, RequestRefused) as refusal:
            raise MoveRefused(
                f"Kalkylbladet {name} finns inte, och Google låter inte appen göra ett; skapa ett tomt "
                f"kalkylblad som heter {name}, dela det med {address} som redigerare och kör igen."
            ) from refusal
        self.made.add(name)
        self._link.say(f"{name}: fanns inte och är skapat i appens egen Drive.")
        return id_


@dataclass(frozen=True, slots=True)
class Plan:
    """A spreadsheet to lay out: its tables, the rows to make room for, and whether we made it just now."""

    target: Target
    tables: Sequence[Table]
    rows: Mapping[str, int] = field(default_factory=dict)
    is_new: bool = False


def lay_out(link: Link, schema: Schema, plan: Plan) -> None:
    """Give a spreadsheet the sheets, headers, drop-downs and protections it lacks, all at once."""
    target, tables = plan.target, plan.tables
    for _ in range(TRIES):
        seen = look_at(link.client, target, {table.name for table in tables})
        _refuse_headless(link.client, target, [seen.sheets.get(table.name) for table in tables])
        layout = Layout(schema, places(tables, seen.sheets), link.client.address)
        works = _works(layout, plan, seen)
        if plan.is_new:
            works += _fresh(seen, {table.name for table in tables})
        try:
            if works:
                requests = [work.request for work in works]
                link.client.change(target, requests, fields="spreadsheetId", patience=PATIENT)
            _report(link.say, target.name, works, seen)
            return
        except OutcomeUnknown as fault:
            trouble = fault
    raise trouble


def _works(layout: Layout, plan: Plan, seen: Spreadsheet) -> list[Work]:
    works = [
        work
        for table in plan.tables
        for work in layout.requests_for(table, seen.sheets.get(table.name), plan.rows.get(table.name, 0))
    ]
    # A drop-down may offer what stands in a sheet that is only just made, so the sheets come first.
    works.sort(key=lambda work: (work.what != "blad", work.what == "listval"))
    return works


def _fresh(seen: Spreadsheet, titles: Collection[str]) -> list[Work]:
    """What a spreadsheet that we made just now needs besides: our language, and not its first empty sheet."""
    properties = {"locale": LOCALE, "timeZone": TIME_ZONE}
    update = {"properties": properties, "fields": ",".join(properties)}
    works = [Work("språk", {"updateSpreadsheetProperties": update})] if seen.locale != LOCALE else []
    return works + [
        Work("", {"deleteSheet": {"sheetId": sheet.gid}})
        for title, sheet in seen.sheets.items()
        if title in FIRST_SHEETS and title not in titles
    ]


def _refuse_headless(client: SheetsClient, target: Target, sheets: Sequence[Standing | None]) -> None:
    """MoveRefused where a sheet seems blank at its top but holds something further down."""
    blank = [sheet.title for sheet in sheets if sheet is not None and sheet.blank]
    if not blank:
        return
    values = client.values(target, [in_sheet(title) for title in blank], patience=PATIENT)
    for title, columns in zip(blank, values, strict=True):
        if sheet_of(columns).height:
            raise MoveRefused(
                f"Bladet {title} i {target.name} börjar med många tomma rader; flytta rubrikraden överst "
                "och kör igen."
            )


def _report(say: Say, name: str, works: Sequence[Work], seen: Spreadsheet) -> None:
    counts = Counter(work.what for work in works if work.what not in ("", "bredd", "plats"))
    if counts:
        added = ", ".join(_counted(what, count) for what, count in counts.items())
        say(f"{name}: lade till {added}.")
    else:
        say(f"{name}: inget att ändra.")
    if seen.locale and not seen.locale.startswith("sv") and "språk" not in counts:
        say(
            f"{name}: språket är {seen.locale}; välj Sverige under Arkiv, Inställningar, "
            "så att 3,5 blir ett tal."
        )


def _counted(what: str, count: int) -> str:
    return what if what == "språk" else f"{count} {what if count == 1 else MANY.get(what, what)}"
