"""From the settings to a server that is ready, or one sentence on why it must not start; and the way down."""

import ipaddress
import logging
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from anyio import to_thread
from streamlit import config
from streamlit.auth_util import is_authlib_installed, validate_auth_credentials
from streamlit.errors import StreamlitAuthError

from config.settings import LoginSettings, SettingFault, Settings
from pages.components import boundary, current
from services.errors import Trouble

WRONG_USAGE = 2
OTHERS = 0o077

log = logging.getLogger(__name__)


class NotStarted(Exception):
    """The server cannot start; the text says why, or under which number that stands in the log."""


def prepare() -> Settings:
    """Read the settings and tell Streamlit what it needs of them; leave where it would be unsafe to go on."""
    boundary.listen()
    try:
        settings = current.settings()
        _tell_streamlit(settings)
        # Somebody may edit config.toml while the server runs, and Streamlit then reads it anew.
        config.on_config_parsed(lambda: _tell_streamlit(settings), force_connect=True)
        reason = refusal(settings, {name: config.get_option(name) for name in OPTIONS})
        if reason is None:
            current.workbook()
            _tell_of_open_secrets(settings.secrets)
            return settings
    except (SettingFault, Trouble) as trouble:
        reason = str(trouble)
    except Exception as exc:
        reason = boundary.sentence(boundary.note_bug(exc))
    print(f"The app does not start: {reason}", file=sys.stderr)  # noqa: T201
    raise SystemExit(WRONG_USAGE)


def _tell_streamlit(settings: Settings) -> None:
    """One file has all secrets, and people may come to the address that they are sent back to after login."""
    config.set_option("secrets.files", [str(settings.secrets)])
    if settings.login is not None:
        known = config.get_option("server.allowedHosts")
        ours = urlsplit(settings.login.address).hostname
        config.set_option("server.allowedHosts", list(dict.fromkeys([*known, ours])))


def _tell_of_open_secrets(secrets: Path) -> None:
    if os.name == "posix" and secrets.is_file() and secrets.stat().st_mode & OTHERS:
        log.warning("%s can be read by others on this computer: chmod 600 it", secrets)


OPTIONS = ("server.address", "server.baseUrlPath", "server.trustedUserHeaders")
"""What Streamlit has been told, here or in its environment, that decides whether it is safe to start."""


def refusal(settings: Settings, options: Mapping[str, Any]) -> str | None:
    """Why the server must not start with these settings; None if it may."""
    if options["server.trustedUserHeaders"]:
        return "server.trustedUserHeaders would let whoever writes a header be anybody; take it away."
    if options["server.baseUrlPath"]:
        return (
            "server.baseUrlPath is set, but the app needs a name of its own, such as vebs.example.se: "
            "below another site's it would share that site's cookies."
        )
    if settings.login is not None:
        return _no_way_in(settings.login)
    if not is_loopback(options["server.address"]):
        return (
            f"there is no [auth] in {settings.secrets}, so whoever reaches the app chooses whom to be; "
            "set server.address to 127.0.0.1, or set up the login (see the README)."
        )
    if settings.google is not None and not settings.google.is_local:
        return (
            f"the register is at Google, but there is no [auth] in {settings.secrets}; "
            "set up the login first (see the README)."
        )
    return None


def _no_way_in(login: LoginSettings) -> str | None:
    """Why nobody could log in, though the settings are whole."""
    if not is_authlib_installed() or find_spec("httpx") is None:
        return "[auth] is set, but nobody could log in without Authlib and httpx: run make setup."
    try:
        validate_auth_credentials(login.provider)
    except StreamlitAuthError as fault:
        return " ".join(str(fault).split())
    return None


def is_loopback(address: str | None) -> bool:
    """Whether a server at this address is heard on this computer only; without one it is heard everywhere."""
    try:
        return address == "localhost" or ipaddress.ip_address(address or "0.0.0.0").is_loopback
    except ValueError:
        return False


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Start what the whole process shares before the first visitor, and stop it after the last."""
    try:
        await to_thread.run_sync(current.start)
    except Exception as exc:
        why = str(exc) if isinstance(exc, Trouble) else boundary.sentence(boundary.note_bug(exc))
        # Without the exception itself, which whoever logs this would quote.
        raise NotStarted(why) from None
    try:
        yield
    finally:
        try:
            await to_thread.run_sync(current.stop)
        except Exception as exc:
            boundary.note_bug(exc)
