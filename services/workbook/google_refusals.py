"""What Google answers when it does not do as asked, and the Swedish sentence for each."""

from dataclasses import dataclass
from typing import Any

from requests import Response

from services.errors import (
    CellProtected,
    NotConnected,
    NotShared,
    OutcomeUnknown,
    QuotaUsedUp,
    RequestRefused,
    Unreachable,
    WorkbookTrouble,
)
from services.workbook.pacing import Kind, asked_pause

_TOO_MANY = {"rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded", "RATE_LIMIT_EXCEEDED"}
_SCOPE_MISSING = {"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientPermissions"}
_API_OFF = {"SERVICE_DISABLED", "accessNotConfigured"}
_LONGEST_QUOTE = 200


class Setback(Exception):
    """A try that failed; another may succeed."""

    def __init__(
        self, what: str, *, may_have_landed: bool, asked_pause: float = 0.0, too_many: bool = False
    ) -> None:
        super().__init__(what)
        self.may_have_landed, self.asked_pause, self.too_many = may_have_landed, asked_pause, too_many


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences about one call: the spreadsheet, the address to share it with, and what was wanted."""

    name: str
    address: str
    kind: Kind

    @property
    def _undone(self) -> str:
        is_write = self.kind is Kind.WRITE
        return f"ändringen i {self.name} sparades inte" if is_write else f"{self.name} kunde inte läsas"

    def unreachable(self) -> Unreachable:
        """Google does not answer."""
        return Unreachable(self.name, f"Google svarar inte just nu, så {self._undone}.")

    def quota_used_up(self) -> QuotaUsedUp:
        """Too many calls this minute."""
        return QuotaUsedUp(
            self.name,
            f"Google tar inte emot fler anrop den här minuten, så {self._undone}.",
        )

    def outcome_unknown(self) -> OutcomeUnknown:
        """A write that Google did not answer for."""
        return OutcomeUnknown(
            self.name,
            f"Google svarade inte på om ändringen i {self.name} sparades; läs in på nytt innan du gör om.",
        )

    def gave_up(self, setback: Setback) -> WorkbookTrouble:
        """The patience has ended, and nothing was read or written."""
        return self.quota_used_up() if setback.too_many else self.unreachable()

    def no_answer(self) -> WorkbookTrouble:
        """An answer that can't be read."""
        return self.outcome_unknown() if self.kind is Kind.WRITE else self.unreachable()

    def key_refused(self) -> NotConnected:
        """The key, or what stands in its place, is not accepted."""
        return NotConnected(
            self.name,
            f"Google godtar inte appens nyckel, så {self._undone}; "
            "se över nyckeln under [google] i secrets.toml.",
        )

    def api_off(self) -> NotConnected:
        """The project at Google lacks the service."""
        service = "Google Drive API" if self.kind is Kind.DRIVE else "Google Sheets API"
        return NotConnected(
            self.name,
            f"{service} är inte påslaget i appens projekt hos Google, så {self._undone}; "
            "slå på det under APIs & Services i Google Cloud.",
        )

    def not_shared(self) -> NotShared:
        """Missing, or not shared: Google does not tell which."""
        whom = self.address or "appens adress hos Google"
        how = "redigerare" if self.kind is Kind.WRITE else "läsare eller redigerare"
        return NotShared(
            self.name, f"Kalkylbladet {self.name} är inte delat med appen; dela det med {whom} som {how}."
        )

    def protected(self) -> CellProtected:
        """Somebody has protected the cells."""
        whom = self.address or "appens adress hos Google"
        return CellProtected(
            self.name,
            f"Cellerna i {self.name} är skyddade i kalkylbladet; låt {whom} redigera dem, "
            "eller ändra dem där.",
        )

    def refused(self, words: str) -> RequestRefused:
        """The request does not fit the spreadsheet as it stands."""
        return RequestRefused(
            self.name,
            f"Google kunde inte göra det som begärdes med {self.name}, kanske för att ett blad har bytt "
            f"namn eller tagits bort; läs in det igen. Google säger: {words}",
        )


def refusal_of(response: Response, says: Sentences) -> WorkbookTrouble | None:
    """The trouble an answer stands for, None for a good one; raises Setback where another try may help."""
    status = response.status_code
    if response.ok and status < 300:
        if response.headers.get("Content-Type", "").startswith("application/json"):
            return None
        raise Setback("not JSON", may_have_landed=True)
    words, reasons = _said(response)
    pause = asked_pause(response.headers)
    if status == 429 or (status == 403 and reasons & _TOO_MANY):
        raise Setback("too many", may_have_landed=False, asked_pause=pause, too_many=True)
    if status < 400 or status >= 500 or status == 408:
        raise Setback(f"status {status}", may_have_landed=True, asked_pause=pause)
    return _refusal(status, words, reasons, says)


def _refusal(status: int, words: str, reasons: set[str], says: Sentences) -> WorkbookTrouble:
    if status == 401 or (status == 403 and reasons & _SCOPE_MISSING):
        return says.key_refused()
    if status == 403 and (reasons & _API_OFF or "it is disabled" in words):
        return says.api_off()
    if "protected cell" in words:
        return says.protected()
    if status in (403, 404):
        return says.key_refused() if says.kind is Kind.DRIVE else says.not_shared()
    return says.refused(words)


def _said(response: Response) -> tuple[str, set[str]]:
    """What the body of a refusal says, and the reasons it names; nothing where it is a page of HTML."""
    try:
        error: Any = response.json()["error"]
        details = [item for key in ("details", "errors") for item in error.get(key, ())]
        reasons = {str(item.get("reason")) for item in details}
        words = " ".join(str(error.get("message", "")).split())
    except (ValueError, LookupError, AttributeError, TypeError):
        return "", set()
    return words[:_LONGEST_QUOTE], reasons
