"""The server: recognises a request, counts it, lets happen what shall, and answers."""

import asyncio
import json
import traceback
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tests.sheets_server import control, drive, hands, sheets_api
from tests.sheets_server.accounts import DEFAULT_USER, Token
from tests.sheets_server.discovery import answer_problems, method
from tests.sheets_server.errors import ApiError, server_error, too_many, unknown_address
from tests.sheets_server.faults import Fault, Plan
from tests.sheets_server.google import Google
from tests.sheets_server.routes import Call, read_call

Cut = Callable[[Scope, bool], None]


def respond(status: int, found: Any, headers: dict[str, str] | None = None) -> Response:
    """Return an answer: JSON, bytes, HTML or nothing."""
    headers = dict(headers or {})
    if found is None:
        return Response(b"", status, headers)
    if isinstance(found, bytes):
        return Response(found, status, headers, media_type="application/octet-stream")
    if isinstance(found, str):
        return Response(found, status, {"Content-Type": "text/html; charset=UTF-8"} | headers)
    text = json.dumps(found, ensure_ascii=False)
    return Response(text, status, {"Content-Type": "application/json; charset=UTF-8"} | headers)


def refused(error: ApiError) -> Response:
    """Return an error as an answer."""
    return respond(error.status, error.body, error.headers)


class App:
    """The ASGI application. `cut(scope, hard)` ends a connection; the server lends it."""

    def __init__(self, google: Google, cut: Cut | None = None, base_url: str = "") -> None:
        self.google = google
        self.cut = cut
        self.control = control.Control(google, base_url)
        self.tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        try:
            body = await request.body()
        except ClientDisconnect:
            return
        path = scope["path"]
        if path.startswith(control.PREFIX):
            status, found = await asyncio.to_thread(control.answer, self.control, path, body)
            await respond(status, found)(scope, receive, send)
            return
        raw = scope.get("raw_path") or path.encode()
        call = read_call(request.method, raw, scope["query_string"], dict(request.headers), body)
        await self._serve(call, scope, receive, send)

    async def _serve(self, call: Call, scope: Scope, receive: Receive, send: Send) -> None:
        plan, early = await asyncio.to_thread(self._begin, call)
        fault = plan.fault
        if early is not None:
            await early(scope, receive, send)
            return
        if fault is None or (fault.kind == "slow" and fault.when == "after"):
            answer = await asyncio.to_thread(self._commit, call, plan)
            await asyncio.sleep(fault.seconds if fault else 0)
            await answer(scope, receive, send)
            return
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            await (await asyncio.to_thread(self._commit, call, plan))(scope, receive, send)
            return
        answer = await self._fail(call, plan, fault)
        await self._spoil(fault, answer, scope, receive, send)

    def _begin(self, call: Call) -> tuple[Plan, Response | None]:
        """Count a request and decide what shall happen; an answer here is one before any service."""
        google = self.google
        with google.lock:
            try:
                call.user = self._caller(call).email
            except ApiError as error:
                return Plan(), self._logged(call, refused(error))
            names = ["all", call.service, f"{call.service}.{call.kind}", call.name]
            google.counts.update(dict.fromkeys(dict.fromkeys(names), 1))
            if call.service == "none":
                return Plan(), self._logged(call, refused(unknown_address(call.path)))
            if call.service == "sheets" and not google.quota.take(call.user, call.kind):
                limit = google.quota.limits[call.kind] or 0
                return Plan(), self._logged(call, refused(too_many(call.kind, limit)))
            plan = google.faults.plan(call)
            self._edit(plan.before)
            return plan, None

    def _caller(self, call: Call) -> Token:
        if call.service in ("oauth", "none"):
            return Token(DEFAULT_USER)
        return self.google.accounts.caller(call.headers.get("authorization"))

    def _commit(self, call: Call, plan: Plan) -> Response:
        """Do what the request asks for."""
        google = self.google
        with google.lock:
            try:
                found, status = self._answer(call), 200
                answer = respond(204 if found is None else status, found)
                if google.check_answers:
                    self._check(call, found)
            except ApiError as error:
                answer = refused(error)
            except Exception:  # a mistake in this Google, not in the caller
                google.crashes.append(f"{call.method} {call.path}\n{traceback.format_exc()}")
                answer = refused(server_error(500))
            self._edit(plan.after)
            return self._logged(call, answer)

    def _edit(self, edits: Iterable[dict[str, Any]]) -> None:
        """Make hand edits; one that no longer fits, as the row is gone, is noted."""
        for edit in edits:
            try:
                hands.make(self.google, edit)
            except (ApiError, LookupError, ValueError) as error:
                self.google.edit_problems.append(f"{edit}: {error}")

    def _answer(self, call: Call) -> Any:
        if call.service == "oauth":
            return self.google.accounts.token_answer(call.body)
        token = self._caller(call)
        service = sheets_api if call.service == "sheets" else drive
        return service.answer(self.google, call, token)

    def _check(self, call: Call, found: Any) -> None:
        if not isinstance(found, dict) or call.service == "oauth" or call.operation == "files.upload":
            return
        name = "sheets.v4" if call.service == "sheets" else "drive.v3"
        schema = method(name, call.operation).get("response", {}).get("$ref")
        if schema:
            problems = answer_problems(name, schema, json.loads(json.dumps(found)))
            self.google.answer_problems += [f"{call.name}: {text}" for text in problems]

    def _logged(self, call: Call, answer: Response) -> Response:
        google = self.google
        google.answers[f"{call.name} {answer.status_code}"] += 1
        entry = {"at": google.clock.now(), "user": call.user, "method": call.method, "path": call.path}
        google.log.append(entry | {"operation": call.name, "kind": call.kind, "status": answer.status_code})
        return answer

    async def _fail(self, call: Call, plan: Plan, fault: Fault) -> Response:
        """Commit or not, now or late, and return the answer that is to be spoilt."""
        wrong = self._wrong(call, fault)
        if fault.when != "after":
            return wrong
        if fault.lands_after:
            self._later(call, plan, fault.lands_after)
            return wrong
        good = await asyncio.to_thread(self._commit, call, plan)
        return good if fault.kind == "half" else wrong

    def _wrong(self, call: Call, fault: Fault) -> Response:
        if fault.kind != "status":
            return respond(200, {})
        error = too_many(call.kind, 60) if fault.status == 429 else server_error(fault.status)
        if fault.retry_after is not None:
            error.headers["Retry-After"] = str(fault.retry_after)
        with self.google.lock:
            self.google.answers[f"{call.name} fault {fault.status} {fault.when}"] += 1
        return refused(error)

    def _later(self, call: Call, plan: Plan, seconds: float) -> None:
        """Let the commit land later, whoever still listens."""
        self.google.pending += 1

        async def commit() -> None:
            try:
                await asyncio.sleep(seconds)
                await asyncio.to_thread(self._commit, call, plan)
            finally:
                self.google.pending -= 1

        task = asyncio.get_running_loop().create_task(commit())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _spoil(
        self, fault: Fault, answer: Response, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if fault.kind == "status":
            await answer(scope, receive, send)
        elif fault.kind == "hang":
            await _hang(fault.seconds, receive)
            self._end(scope, hard=False)
        elif fault.kind == "reset":
            self._end(scope, hard=True)
        elif fault.kind == "half":
            await self._half(answer, scope, send)
        else:
            raise ValueError(f"unknown fault {fault.kind}")

    async def _half(self, answer: Response, scope: Scope, send: Send) -> None:
        body = bytes(answer.body)
        headers = [
            (b"content-type", b"application/json; charset=UTF-8"),
            (b"content-length", str(len(body)).encode()),
        ]
        await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        await asyncio.sleep(0.02)
        self._end(scope, hard=False)

    def _end(self, scope: Scope, hard: bool) -> None:
        if self.cut is not None:
            self.cut(scope, hard)


async def _hang(seconds: float, receive: Receive) -> None:
    """Wait until the time is up or the other side has left."""

    async def left() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    leaving: Awaitable[None] = left()
    try:
        await asyncio.wait_for(leaving, seconds)
    except TimeoutError:
        return
