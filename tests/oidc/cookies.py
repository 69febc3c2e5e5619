"""The cookie that says who is logged in, made and read with Streamlit's own functions."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from streamlit.web.server.starlette.starlette_app_utils import (
    create_signed_value,
    decode_signed_value,
    generate_xsrf_token_string,
)
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME, XSRF_COOKIE_NAME

from tests.raw_client import RawClient


def signed(claims: Mapping[str, Any], secret: str) -> dict[str, str]:
    """The cookie with these claims, as if `secret` were the server's."""
    return {USER_COOKIE_NAME: create_signed_value(secret, USER_COOKIE_NAME, json.dumps(claims)).decode()}


def claims_of(cookies: Mapping[str, str], secret: str) -> dict[str, Any]:
    """What a server's cookie says."""
    told = decode_signed_value(secret, USER_COOKIE_NAME, cookies[USER_COOKIE_NAME])
    assert told is not None, "the cookie is not signed with this secret"
    return dict(json.loads(told))


def by_name(cookies: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """A browser's cookies, those of the login alone."""
    return {one["name"]: one["value"] for one in cookies if one["name"].startswith(USER_COOKIE_NAME)}


def client_with(cookies: Mapping[str, str], url: str, origin: str | None = None) -> RawClient:
    """A visitor without a browser who has these cookies, and knows how to show them."""
    xsrf = generate_xsrf_token_string()
    shown = "; ".join(f"{name}={value}" for name, value in {**cookies, XSRF_COOKIE_NAME: xsrf}.items())
    return RawClient(
        url,
        origin=origin or url,
        subprotocols=["streamlit", xsrf],
        additional_headers={"Cookie": shown},
    )
