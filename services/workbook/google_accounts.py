"""Who the app is to Google: a service account's key, or whoever the surroundings say that it is."""

import contextlib
import json
import threading
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import google.auth
from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from google.auth.transport.requests import Request
from google.oauth2 import service_account
from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException

from services.errors import NotConnected

SCOPES = (
    "https://www.googleapis.com/auth/spreadsheets",
    "https://www.googleapis.com/auth/drive.metadata.readonly",
)

_HOSTS = ("https://sheets.googleapis.com", "https://www.googleapis.com", "https://oauth2.googleapis.com")
_LONGEST_WAIT = 10.0


class KeyRefused(Exception):
    """Google does not accept the key."""


class NoToken(Exception):
    """Google did not hand out a token this time; nothing else was sent."""


class Account:
    """An account at Google and the token it has just now; shared by all threads."""

    def __init__(self, credentials: Credentials | None, address: str) -> None:
        self.address = address
        self._credentials = credentials
        self._lock = threading.Lock()

    def headers(self, base_url: str | None, longest: float) -> dict[str, str]:
        """What a request has to bear. KeyRefused or NoToken where there is no token to be had."""
        headers: dict[str, str] = {}
        if self._credentials is None:
            return {"authorization": "Bearer local"}
        with self._lock:
            if not self._credentials.valid:
                self._refresh(base_url, longest)
            self._credentials.apply(headers)  # type: ignore[no-untyped-call]
        return headers

    def forget_token(self, headers: Mapping[str, str]) -> None:
        """Fetch a new token next time, as Google does not accept the one in these headers."""
        with self._lock:
            if self._credentials and headers.get("authorization", "").endswith(f" {self._credentials.token}"):
                self._credentials.token = None

    def _refresh(self, base_url: str | None, longest: float) -> None:
        assert self._credentials is not None
        with new_session(base_url) as session:
            try:
                ask = partial(Request(session), timeout=min(longest, _LONGEST_WAIT))
                self._credentials.refresh(ask)  # type: ignore[no-untyped-call]
            except RefreshError as fault:
                # Only a refusal in the endpoint's own words is about the key; a page of HTML is not.
                has_reason = len(fault.args) > 1 and isinstance(fault.args[1], dict)
                refused = has_reason and not fault.retryable
                raise (KeyRefused if refused else NoToken)(type(fault).__name__) from fault
            except (TransportError, RequestException, ValueError, OSError) as fault:
                # An answer that is not what it should be raises ValueError inside google-auth.
                raise NoToken(type(fault).__name__) from fault


def new_session(base_url: str | None) -> Session:
    """A session that sends what is meant for Google to the base address, where there is one."""
    session = Session()
    if base_url:
        session.trust_env = False  # a proxy knows nothing of an address on this computer
        for host in _HOSTS:
            session.mount(host, _Redirect(base_url))
    return session


class Sessions:
    """Sessions, with their open connections, for whoever has a request to make."""

    def __init__(self, base_url: str | None) -> None:
        self._base_url = base_url
        self._idle: list[Session] = []

    @contextlib.contextmanager
    def one(self) -> Iterator[Session]:
        """A session for one request, as they are not made to be shared; one that failed is not used again."""
        try:
            session = self._idle.pop()
        except IndexError:
            session = new_session(self._base_url)
        try:
            yield session
        except BaseException:
            session.close()
            raise
        self._idle.append(session)


class _Redirect(HTTPAdapter):
    """Sends what is meant for Google to another address, path and query as they were."""

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self._base_url = base_url.rstrip("/")

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        request.url = self._base_url + request.path_url
        return super().send(request, *args, **options)


def anonymous() -> Account:
    """Whoever a local Google takes for its app."""
    return Account(None, "")


def account_of_key(key: Mapping[str, Any]) -> Account:
    """The service account of a key. NotConnected where the key is incomplete."""
    try:
        found = service_account.Credentials.from_service_account_info(dict(key), scopes=SCOPES)  # type: ignore[no-untyped-call]
    except (GoogleAuthError, ValueError) as fault:
        raise NotConnected(
            "Google",
            "Nyckeln till Google är inte en hel tjänstekontonyckel; hämta en ny nyckelfil och ange den "
            "under [google] i secrets.toml.",
        ) from fault
    return Account(found, str(found.service_account_email))


def account_of_file(path: Path) -> Account:
    """The service account of a key file. NotConnected where it can't be read."""
    try:
        key = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(key, dict):
            raise ValueError("not an object")
    except (OSError, ValueError) as fault:
        raise NotConnected(
            "Google",
            f"Nyckelfilen {path.name} går inte att läsa; se över service_account_file under [google] "
            "i secrets.toml.",
        ) from fault
    return account_of_key(key)


def account_of_surroundings() -> Account:
    """The account that the machine runs as (workload identity). NotConnected where there is none."""
    try:
        found, _ = google.auth.default(scopes=SCOPES)
    except GoogleAuthError as fault:
        raise NotConnected(
            "Google",
            "Appen har ingen nyckel till Google; ange service_account_file under [google] i secrets.toml.",
        ) from fault
    return Account(found, str(getattr(found, "service_account_email", "") or ""))
