"""Lies in an ID token: one thing is wrong, and all the rest is as the provider would have it."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from joserfc import jws
from joserfc.jwk import OctKey, RSAKey

OWN, FOREIGN, PUBLIC = "own", "foreign", "public"
"""With whose key a token is signed: the provider's, somebody else's, or the provider's public one (HS256)."""


def tampered(token: str, lie: Mapping[str, Any], own: RSAKey) -> str:
    """The token with some claims changed (`claims`) or left out (`without`), signed with `key`.

    `key` is one of OWN, FOREIGN and PUBLIC, or None for a token that is not signed at all.
    """
    header = _decoded(token.split(".")[0])
    claims = {**_decoded(token.split(".")[1]), **lie.get("claims", {})}
    for name in lie.get("without", ()):
        claims.pop(name, None)
    payload = json.dumps(claims).encode()
    key = lie.get("key", OWN)
    if key is None:
        return f"{_encoded({**header, 'alg': 'none'})}.{_base64(payload)}."
    if key == PUBLIC:
        secret = OctKey.import_key(own.as_pem(private=False))
        return jws.serialize_compact({**header, "alg": "HS256"}, payload, secret, ["HS256"])
    signing = own if key == OWN else RSAKey.generate_key(2048)
    return jws.serialize_compact(header, payload, signing, ["RS256"])


def _decoded(part: str) -> dict[str, Any]:
    return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))


def _encoded(part: Mapping[str, Any]) -> str:
    return _base64(json.dumps(part).encode())


def _base64(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
