"""Bring the real gspread and google-auth to the local Google: one adapter, mounted for Google's hosts."""

from typing import Any
from urllib.parse import urlsplit

import gspread
import requests
from google.auth.transport.requests import AuthorizedSession
from google.oauth2 import credentials, service_account
from requests.adapters import HTTPAdapter

GOOGLE_HOSTS = (
    "https://sheets.googleapis.com",
    "https://www.googleapis.com",
    "https://oauth2.googleapis.com",
)
SCOPES = ("https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive")


class Redirect(HTTPAdapter):
    """Sends what is meant for Google to another address."""

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self.base_url = base_url.rstrip("/")

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request to the other address, the path and query as they were."""
        parts = urlsplit(request.url or "")
        request.headers["Host"] = parts.netloc
        request.url = self.base_url + parts.path + (f"?{parts.query}" if parts.query else "")
        return super().send(request, *args, **kwargs)


def redirect(session: requests.Session, base_url: str) -> requests.Session:
    """Let a session find the local Google behind Google's own addresses."""
    for host in GOOGLE_HOSTS:
        session.mount(host, Redirect(base_url))
    return session


def connect(base_url: str, token: str = "any-token", **options: Any) -> gspread.Client:
    """Return gspread's own client with a bearer token."""
    session = AuthorizedSession(credentials.Credentials(token))
    redirect(session, base_url)
    return gspread.Client(None, session=session, **options)  # type: ignore[arg-type]


def connect_as_service_account(
    base_url: str, key: dict[str, str], scopes: tuple[str, ...] = SCOPES
) -> gspread.Client:
    """Return gspread's own client that fetches its tokens with a service account's key."""
    given = service_account.Credentials.from_service_account_info(key, scopes=scopes)
    session = AuthorizedSession(given)
    redirect(session, base_url)
    return gspread.Client(given, session=session)
