"""One-time codes on slips to cut apart and hand out, ten to a page."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from services.days import day_in_words
from services.inviting import Invitation
from services.printing.qr_codes import qr_svg
from services.printing.typesetting import typeset

_HOW = (
    "Läs av rutan med mobilens kamera, eller skriv in adressen.",
    "Skriv koden.",
    "Svara på frågorna. Det tar ungefär tio minuter.",
)
_ABOUT = (
    "Koden visar vilken skola du arbetar på, men inte vem du är. Svara en gång: med koden eller med "
    "inloggning, inte med båda."
)


def code_sheets(invitation: Invitation, codes: Sequence[str]) -> bytes:
    """The PDF with a slip for each code."""
    last = invitation.last_day
    return typeset(
        "code_sheets",
        {
            "title": f"Engångskoder för {invitation.name}, omgång {invitation.round}",
            "school": invitation.name,
            "round": f"Självskattning, omgång {invitation.round}",
            "until": f"Svara senast {day_in_words(last)}."
            if last
            else "Din rektor vet när du senast kan svara.",
            "how": list(_HOW),
            "about": _ABOUT,
            "address": _as_typed(invitation.code_link),
            "qr": qr_svg(invitation.code_link),
            "qr_alt": f"QR-kod till {invitation.code_link}",
            "codes": list(codes),
        },
    )


def _as_typed(link: str) -> str:
    """The address as short as a browser takes it: the camera reads the rest."""
    parts = urlsplit(link)
    return f"{parts.netloc}{parts.path}"
