"""Who calls: bearer tokens, service accounts and the token endpoint."""

import base64
import json
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.sheets_server.clock import Clock
from tests.sheets_server.errors import ERROR_INFO, ApiError, refusal, unauthenticated

DEFAULT_USER = "app@local-project.iam.gserviceaccount.com"
OWNER = "owner@example.test"
SCOPE = "https://www.googleapis.com/auth/"
SHEETS_WRITE = {"spreadsheets", "drive", "drive.file"}
SHEETS_READ = SHEETS_WRITE | {"spreadsheets.readonly", "drive.readonly"}
DRIVE_WRITE = {"drive", "drive.file"}
DRIVE_READ = DRIVE_WRITE | {
    "drive.readonly", "drive.metadata", "drive.metadata.readonly", "drive.photos.readonly",
}  # fmt: skip
EXPORT = DRIVE_WRITE | {"drive.readonly"}


@dataclass
class Token:
    """A token handed out: whose it is, what for and until when."""

    email: str
    scopes: set[str] | None = None
    until: float = float("inf")


@dataclass
class Accounts:
    """The tokens and service accounts this Google knows."""

    clock: Clock
    any_token: bool = True
    lifetime: int = 3599
    tokens: dict[str, Token] = field(default_factory=dict)
    keys: dict[str, rsa.RSAPublicKey] = field(default_factory=dict)

    def caller(self, header: str | None) -> Token:
        """Return who a request's `Authorization` stands for; 401 if nobody."""
        kind, _, text = (header or "").partition(" ")
        if kind.lower() != "bearer" or not text:
            raise unauthenticated()
        known = self.tokens.get(text)
        if known is None:
            if self.any_token:
                return Token(DEFAULT_USER)
            raise unauthenticated()
        if known.until <= self.clock.now():
            raise unauthenticated()
        return known

    def grant(self, email: str, scopes: set[str] | None = None) -> str:
        """Hand out a token."""
        text = "ya29." + secrets.token_urlsafe(40)
        self.tokens[text] = Token(email, scopes, self.clock.now() + self.lifetime)
        return text

    def service_account(self, email: str, token_uri: str) -> dict[str, str]:
        """Return the key file of a service account, new or known."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.keys[email] = key.public_key()
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return {
            "type": "service_account",
            "project_id": "local-project",
            "private_key_id": secrets.token_hex(20),
            "private_key": pem.decode(),
            "client_email": email,
            "client_id": "100000000000000000000",
            "token_uri": token_uri,
            "universe_domain": "googleapis.com",
        }

    def token_answer(self, form: bytes) -> dict[str, Any]:
        """Answer the token endpoint."""
        given = {name: values[0] for name, values in parse_qs(form.decode()).items()}
        kind = given.get("grant_type")
        if kind == "urn:ietf:params:oauth:grant-type:jwt-bearer":
            claims = self._claims(given.get("assertion", ""))
            scopes = {item.removeprefix(SCOPE) for item in claims.get("scope", "").split()}
            token = self.grant(claims.get("sub") or claims["iss"], scopes)
        elif kind in ("refresh_token", "authorization_code") and self.any_token:
            token = self.grant(DEFAULT_USER)
        else:
            raise oauth_error("unsupported_grant_type", f"Invalid grant_type: {kind}")
        return {"access_token": token, "expires_in": self.lifetime, "token_type": "Bearer"}

    def _claims(self, assertion: str) -> dict[str, Any]:
        """Return what a signed assertion claims, if its signature is that of a known account."""
        try:
            head, body, signature = assertion.split(".")
            claims: dict[str, Any] = json.loads(_decoded(body))
            issuer = claims["iss"]
        except (ValueError, KeyError) as error:
            raise oauth_error("invalid_grant", "Invalid JWT: Failed to parse.") from error
        key = self.keys.get(issuer)
        if key is None and not self.any_token:
            raise oauth_error("invalid_grant", "Invalid grant: account not found")
        if key is not None:
            try:
                key.verify(
                    _decoded(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256()
                )
            except InvalidSignature as error:
                raise oauth_error("invalid_grant", "Invalid JWT Signature.") from error
        return claims


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def oauth_error(name: str, text: str) -> ApiError:
    """Return a refusal of the token endpoint."""
    return ApiError(400, {"error": name, "error_description": text})


def check_scope(token: Token, enough: set[str]) -> None:
    """Refuse a token that was not granted what the call needs."""
    if token.scopes is None or token.scopes & enough:
        return
    info = {"@type": ERROR_INFO, "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "domain": "googleapis.com"}
    raise refusal(403, "Request had insufficient authentication scopes.", [info])
