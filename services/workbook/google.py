"""Talks to Google Sheets and Drive: the only importer of gspread.

Every call ends in one of three ways. It worked; or nothing was read or written, and the trouble raised
says why; or, for a write alone, Google did not say (OutcomeUnknown). Nothing here writes twice.
"""

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import Any

import msgspec
from gspread.http_client import FileType, HTTPClient, ParamsType
from gspread.urls import (
    DRIVE_FILES_API_V3_URL,
    SPREADSHEET_BATCH_UPDATE_URL,
    SPREADSHEET_VALUES_BATCH_URL,
    SPREADSHEETS_API_V4_BASE_URL,
)
from gspread.utils import absolute_range_name
from requests import Response
from requests.exceptions import ConnectionError as ConnectionFault
from requests.exceptions import ConnectTimeout, RequestException
from urllib3.exceptions import MaxRetryError, NewConnectionError

from services.errors import WorkbookTrouble
from services.workbook.google_accounts import Account, KeyRefused, NoToken, Sessions
from services.workbook.google_refusals import Sentences, Setback, refusal_of
from services.workbook.google_terms import DRIVE, FileInfo, Grids, Json, SheetInfo, Target, Usage
from services.workbook.pacing import PAGE, WRITER, Breaker, Deadline, Kind, Pace, Patience

CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 60.0
SHORTEST_TRY = 0.05
"""With less time left than this, another try is not worth it."""


def in_sheet(title: str, cells: str | None = None) -> str:
    """A range as Google reads it: a whole sheet, or cells such as "A1:C3" of it."""
    return absolute_range_name(title, cells)


class SheetsClient:
    """One account's calls to Google; all threads may share it."""

    def __init__(self, account: Account, pace: Pace, base_url: str | None = None) -> None:
        self.account, self.pace, self.base_url = account, pace, base_url
        self.address = account.address
        self.counts: Counter[str] = Counter()
        sheets = Breaker(pace.clock)
        self.breakers = {Kind.READ: sheets, Kind.WRITE: sheets, Kind.DRIVE: Breaker(pace.clock)}
        self._fault: tuple[float, str] | None = None
        self.sessions = Sessions(base_url)
        self._lock = threading.Lock()

    def sheets(self, target: Target, patience: Patience = PAGE) -> tuple[SheetInfo, ...]:
        """The sheets of a spreadsheet, in their order."""
        mask = "sheets.properties(title,sheetId,hidden,gridProperties(rowCount,columnCount))"
        found = self.get(target, fields=mask, patience=patience)
        return tuple(SheetInfo.read(sheet["properties"]) for sheet in found.get("sheets", ()))

    def grids(self, target: Target, ranges: Sequence[str], patience: Patience = PAGE) -> Grids:
        """The values of ranges, column by column, each cut after its last cell; dates as day numbers.

        One call, whatever the number of ranges.
        """
        return self._grids(target, ranges, "UNFORMATTED_VALUE", patience)

    def values(
        self, target: Target, ranges: Sequence[str], *, formulas: bool = False, patience: Patience = PAGE
    ) -> list[list[list[Any]]]:
        """The same values alone; with `formulas`, a cell that holds one gives its text."""
        return self._grids(target, ranges, "FORMULA" if formulas else "UNFORMATTED_VALUE", patience).values

    def _grids(self, target: Target, ranges: Sequence[str], option: str, patience: Patience) -> Grids:
        params: ParamsType = {
            "ranges": list(ranges),
            "majorDimension": "COLUMNS",
            "valueRenderOption": option,
            "dateTimeRenderOption": "SERIAL_NUMBER",
            "fields": "valueRanges(majorDimension,values)",
            "prettyPrint": "false",
        }
        call = self._call(target, "values.batchGet", Kind.READ, patience)
        content = call.request("get", SPREADSHEET_VALUES_BATCH_URL % target.id, params).content
        found = call.decoded(lambda: msgspec.json.decode(content))
        values = [part.get("values", []) for part in found.get("valueRanges", ())]
        if len(values) != len(ranges):
            raise call.no_answer()
        return Grids(values, hashlib.sha256(content).hexdigest())

    def get(
        self, target: Target, *, ranges: Sequence[str] = (), fields: str, patience: Patience = PAGE
    ) -> Json:
        """What Google tells of a spreadsheet: the fields asked for."""
        params: ParamsType = {"fields": fields, "prettyPrint": "false"}
        if ranges:
            params["ranges"] = list(ranges)
        call = self._call(target, "get", Kind.READ, patience)
        return call.decoded(lambda: call.spreadsheets_get(target.id, params))

    def change(
        self,
        target: Target,
        requests: Sequence[Json],
        *,
        show: Sequence[str] = (),
        fields: str | None = None,
        patience: Patience = WRITER,
    ) -> Json:
        """Change a spreadsheet, all requests or none; the answer shows the ranges of `show` as they then are.

        OutcomeUnknown where Google did not say whether it did.
        """
        body: Json = {"requests": list(requests)}
        if show:
            body |= {
                "includeSpreadsheetInResponse": True,
                "responseRanges": list(show),
                "responseIncludeGridData": True,
            }
        params: ParamsType | None = {"fields": fields, "prettyPrint": "false"} if fields else None
        call = self._call(target, "batchUpdate", Kind.WRITE, patience)
        url = SPREADSHEET_BATCH_UPDATE_URL % target.id
        return call.decoded(lambda: call.request("post", url, params, json=body).json())

    def files(self, patience: Patience = PAGE) -> tuple[FileInfo, ...]:
        """Every spreadsheet that is shared with the account, whoever shared it."""
        params: ParamsType = {
            "q": "mimeType = 'application/vnd.google-apps.spreadsheet' and trashed = false",
            "fields": "nextPageToken,files(id,name,version,modifiedTime,owners(emailAddress))",
            "pageSize": 1000,
            "supportsAllDrives": "true",
            "includeItemsFromAllDrives": "true",
        }
        found: list[FileInfo] = []
        while True:
            page = self._file_page(params, patience)
            found += [FileInfo.read(item) for item in page.get("files", ())]
            if not page.get("nextPageToken"):
                return tuple(found)
            params["pageToken"] = page["nextPageToken"]

    def _file_page(self, params: ParamsType, patience: Patience) -> Json:
        call = self._call(DRIVE, "files.list", Kind.DRIVE, patience)
        return call.decoded(lambda: call.request("get", DRIVE_FILES_API_V3_URL, params).json())

    def create(self, title: str, patience: Patience = WRITER) -> str:
        """Make an empty spreadsheet, owned by the account, and return its id."""
        call = self._call(Target(title, ""), "create", Kind.WRITE, patience)
        body = {"properties": {"title": title}}
        params: ParamsType = {"fields": "spreadsheetId"}
        found = call.decoded(
            lambda: call.request("post", SPREADSHEETS_API_V4_BASE_URL, params, json=body).json()
        )
        return str(found["spreadsheetId"])

    def usage(self) -> Usage:
        """What has been asked of Google so far, and what went wrong last."""
        fault = self._fault
        return Usage(
            calls=dict(self.counts),
            reads=self.pace.allowances[Kind.READ].used(),
            writes=self.pace.allowances[Kind.WRITE].used(),
            allowed=self.pace.calls,
            fault=(self.pace.clock() - fault[0], fault[1]) if fault else None,
        )

    @property
    def is_resting(self) -> bool:
        """Whether Google has failed so recently that pages do not ask."""
        return self.breakers[Kind.READ].is_open()

    def note(self, trouble: WorkbookTrouble) -> WorkbookTrouble:
        """Remember the trouble as the last one."""
        self._fault = self.pace.clock(), str(trouble)
        return trouble

    def counted(self, operation: str) -> None:
        """Count a call that is about to be made."""
        with self._lock:
            self.counts[operation] += 1

    def _call(self, target: Target, operation: str, kind: Kind, patience: Patience) -> "_Call":
        return _Call(self, Sentences(target.name, self.address, kind), operation, patience)


class _Call(HTTPClient):
    """One call: gspread's own client, with our timeouts, retries and outcomes in place of its request."""

    def __init__(self, client: SheetsClient, says: Sentences, operation: str, patience: Patience) -> None:
        # What gspread's own constructor sets up, a session and its timeouts, is the client's affair here.
        self._client, self._says, self._operation, self._patience = client, says, operation, patience

    def decoded(self, ask: Callable[[], Any]) -> Json:
        """The answer as an object; one that can't be read is as good as none."""
        try:
            found = ask()
        except ValueError as fault:
            raise self.no_answer() from fault
        if not isinstance(found, dict):
            raise self.no_answer()
        return found

    def no_answer(self) -> WorkbookTrouble:
        """The trouble of an answer that can't be used."""
        return self._client.note(self._says.no_answer())

    def request(
        self,
        method: str,
        endpoint: str,
        params: ParamsType | None = None,
        data: bytes | None = None,
        json: Mapping[str, Any] | None = None,
        files: FileType = None,
        headers: MutableMapping[str, str] | None = None,
    ) -> Response:
        """Ask, and ask again where that can do no harm, until there is an answer or the patience ends."""
        content = {"params": params, "data": data, "json": json, "files": files}
        try:
            return self._insist(method, endpoint, content, headers or {})
        except WorkbookTrouble as trouble:
            self._client.note(trouble)
            raise

    def _insist(self, method: str, endpoint: str, content: Json, headers: Mapping[str, str]) -> Response:
        pace, says = self._client.pace, self._says
        breaker = self._client.breakers[says.kind]
        if self._patience.gives_up_at_once and breaker.is_open():
            raise says.unreachable()
        deadline = pace.deadline(self._patience)
        failures = 0
        while True:
            if not pace.wait_for_turn(says.kind, deadline):
                raise says.quota_used_up()
            try:
                response = self._try(method, endpoint, content, headers, deadline)
                breaker.worked()
                return response
            except Setback as setback:
                if says.kind is Kind.WRITE and setback.may_have_landed:
                    raise says.outcome_unknown() from setback
                if not pace.pause(failures, setback.asked_pause, deadline) or deadline.left < SHORTEST_TRY:
                    if self._patience.gives_up_at_once:
                        breaker.failed()
                    raise says.gave_up(setback) from setback
                failures += 1

    def _try(
        self, method: str, endpoint: str, content: Json, headers: Mapping[str, str], deadline: Deadline
    ) -> Response:
        """Send once, or twice if the first token had run out."""
        for is_last in (False, True):
            bearer = self._bearer(deadline)
            response = self._send(method, endpoint, content, {**headers, **bearer}, deadline)
            if response.status_code != 401 or is_last:
                break
            self._client.account.forget_token(bearer)
        trouble = refusal_of(response, self._says)
        if trouble is not None:
            self._client.breakers[self._says.kind].worked()
            raise trouble
        return response

    def _bearer(self, deadline: Deadline) -> dict[str, str]:
        try:
            return self._client.account.headers(self._client.base_url, max(deadline.left, SHORTEST_TRY))
        except KeyRefused as fault:
            raise self._says.key_refused() from fault
        except NoToken as fault:
            raise Setback("no token", may_have_landed=False) from fault

    def _send(
        self, method: str, endpoint: str, content: Json, headers: Mapping[str, str], deadline: Deadline
    ) -> Response:
        left = max(deadline.left, SHORTEST_TRY)
        self._client.counted(self._operation)
        try:
            with self._client.sessions.one() as session:
                return session.request(
                    method,
                    endpoint,
                    headers=headers,
                    timeout=(min(CONNECT_TIMEOUT, left), min(READ_TIMEOUT, left)),
                    allow_redirects=False,
                    **content,
                )
        except RequestException as fault:
            raise Setback(type(fault).__name__, may_have_landed=not _was_refused(fault)) from fault


def _was_refused(fault: RequestException) -> bool:
    """Whether there was no connection at all, so that nothing can have reached Google."""
    if isinstance(fault, ConnectTimeout):
        return True
    inner = fault.args[0] if isinstance(fault, ConnectionFault) and fault.args else None
    return isinstance(inner, MaxRetryError) and isinstance(inner.reason, NewConnectionError)
