"""All that this Google knows: files, people, quota, faults and counts. One lock guards it."""

import collections
import random
import string
import threading
from collections.abc import Callable
from typing import Any

from tests.sheets_server.accounts import DEFAULT_USER, OWNER, Accounts
from tests.sheets_server.book import Book
from tests.sheets_server.clock import Clock
from tests.sheets_server.errors import denied, not_found
from tests.sheets_server.faults import Faults
from tests.sheets_server.files import ROLES, DriveFile, person
from tests.sheets_server.protection import Guard
from tests.sheets_server.quota import Quota

Json = dict[str, Any]
ID_LETTERS = string.ascii_letters + string.digits + "-_"


class Google:
    """The state behind the server."""

    def __init__(self, seed: int | None = None, clock: Callable[[], float] | None = None) -> None:
        self.lock = threading.RLock()
        self.source = clock
        self.reset(seed)

    def reset(self, seed: int | None = None) -> None:
        """Forget everything."""
        with self.lock:
            self.clock = Clock(self.source)
            self.chance = random.Random(seed)
            self.files: dict[str, DriveFile] = {}
            self.accounts = Accounts(self.clock)
            self.quota = Quota(self.clock)
            self.quota.on = False
            self.faults = Faults(seed)
            self.counts: collections.Counter[str] = collections.Counter()
            self.answers: collections.Counter[str] = collections.Counter()
            self.log: collections.deque[Json] = collections.deque(maxlen=20_000)
            self.hand_lag = 0.0
            self.check_answers = False
            self.answer_problems: list[str] = []
            self.oddities: list[str] = []
            self.edit_problems: list[str] = []
            self.crashes: list[str] = []
            self.pending = 0

    def new_id(self) -> str:
        """Return an id like those of Drive."""
        return "1" + "".join(self.chance.choices(ID_LETTERS, k=43))

    def new_file(
        self, name: str, owner: str, book: Book | None = None, mime_type: str | None = None
    ) -> DriveFile:
        """Make a file; a spreadsheet unless another type is asked."""
        file_id = book.book_id if book else self.new_id()
        file = DriveFile(file_id, name, owner, self.clock.now())
        if mime_type:
            file.mime_type = mime_type
        if book is None and mime_type is None:
            book = Book(file_id, name)
        file.book = book
        self.files[file_id] = file
        return file

    def persons_file(
        self, name: str, locale: str = "sv_SE", shared_with: list[str] | None = None
    ) -> DriveFile:
        """Make a spreadsheet that a person owns and has shared, as it is in life."""
        with self.lock:
            book = Book(self.new_id(), name, locale, "Europe/Stockholm")
            file = self.new_file(name, OWNER, book)
            for email in [DEFAULT_USER] if shared_with is None else shared_with:
                file.permissions.append(person(email, "writer"))
            return file

    def book_for(self, book_id: str, email: str, role: str = "reader") -> tuple[DriveFile, Book]:
        """Return a spreadsheet that someone may use; the refusal of the Sheets service if not."""
        file = self.files.get(book_id)
        if file is None or file.book is None:
            raise not_found()
        if file.role(email) < ROLES[role]:
            raise denied()
        return file, file.book

    def guard(self, file: DriveFile, email: str) -> Guard:
        """Return what decides over protected cells for a caller."""
        if file.book is None:
            raise not_found()
        return Guard(file.book, email, file.role(email) >= ROLES["owner"])
