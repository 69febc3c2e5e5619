"""What a principal invites her staff with: a link, one-time codes to hand out, and words to send."""

import datetime as dt
from dataclasses import dataclass

from services.answering.keys import RoundSecrets, code_key, new_code
from services.answering.round_file import RoundFile
from services.days import day_in_words
from services.domain.access import Visitor
from services.domain.school import SchoolCode
from services.errors import NotReady, RoundNotOpen

LAST_DAYS = 3
"""So many days before the last one, a reminder says how many are left."""

_PROMISE = "Jag ser hur många som har svarat, men aldrig vem eller vad."


@dataclass(frozen=True, slots=True)
class Invitation:
    """To one school in one round; `link` is for those who log in, `code_link` for those with a code.

    `staff` is how many work there, None where nobody has filled it in.
    """

    school: SchoolCode
    name: str
    round: str
    last_day: dt.date | None
    staff: int | None
    link: str
    code_link: str


def codes_left(invitation: Invitation, file: RoundFile) -> int:
    """How many codes can still be made: no more than there are people to hand them to."""
    return max(0, (invitation.staff or 0) - codes_made(invitation.school, file))


def codes_made(school: SchoolCode, file: RoundFile) -> int:
    """How many codes the school has, used or not: which of them are used is told to nobody."""
    return file.issued().get(school, 0)


def make_codes(
    invitation: Invitation, visitor: Visitor, count: int, secrets: RoundSecrets, file: RoundFile
) -> tuple[str, ...]:
    """New codes for the school, to be handed out and forgotten: only their keys are kept.

    NotPermitted where she does not lead the school, RoundNotOpen where the round is being closed,
    RoundSecretMissing where the server has not opened it, NotReady where they are too many.
    """
    visitor.must_invite(invitation.school)
    if file.is_sealed:
        raise RoundNotOpen("Omgången stängs just nu, så det går inte att göra fler koder.")
    if invitation.staff is None:
        raise NotReady(
            f"Antal anställda på {invitation.name} saknas, så det går inte att göra koder. "
            "Be Digitaliseringsenheten att fylla i det."
        )
    left = codes_left(invitation, file)
    if not 1 <= count <= left:
        raise NotReady(_too_many(invitation, left))
    secret = secrets.of(invitation.round)
    codes = tuple(new_code() for _ in range(count))
    file.issue([code_key(secret, invitation.round, code) for code in codes], invitation.school)
    return codes


def _too_many(invitation: Invitation, left: int) -> str:
    if left:
        return f"Det går att göra mellan 1 och {left} koder till: {invitation.staff} arbetar på skolan."
    return (
        f"Det finns redan en kod för var och en av de {invitation.staff} som arbetar på skolan. Är lapparna "
        "borta, så dra in koderna först."
    )


def withdraw_codes(visitor: Visitor, school: SchoolCode, file: RoundFile) -> None:
    """Let no slip that is out be used any more; answers that have come by a code stay, and can be changed."""
    visitor.must_invite(school)
    file.revoke(school)


def words_to_send(invitation: Invitation, answered: int, today: dt.date) -> str:
    """What she can send to her staff today: an invitation, a reminder, or the last one."""
    left = (invitation.last_day - today).days if invitation.last_day is not None else None
    if left is not None and left <= LAST_DAYS:
        return _last_call(invitation, answered, max(0, left))
    return _reminder(invitation, answered) if answered else _first_call(invitation)


def _first_call(invitation: Invitation) -> str:
    return "\n\n".join(
        [
            "Hej!",
            f"Nu är självskattningen i Varje elevs bästa skola öppen för oss på {invitation.name}. Tala "
            "först igenom frågorna i arbetslaget. Sedan svarar var och en för sig, på mobilen eller "
            "datorn. Det tar ungefär tio minuter, och du kan pausa när du vill.",
            _where(invitation),
            "Ditt svar är konfidentiellt medan omgången är öppen och avidentifierat när den är stängd. "
            f"{_PROMISE}",
        ]
    )


def _reminder(invitation: Invitation, answered: int) -> str:
    return "\n\n".join(
        [
            "Hej!",
            f"Tack till alla som har svarat på självskattningen: {_so_far(invitation, answered)}. Är du "
            "inte en av dem än? Det tar ungefär tio minuter, och du kan pausa när du vill.",
            _where(invitation),
            _PROMISE,
        ]
    )


def _last_call(invitation: Invitation, answered: int, left: int) -> str:
    when = {0: "I dag är sista dagen", 1: "I morgon är sista dagen"}.get(left, f"Det är {left} dagar kvar")
    return "\n\n".join(
        [
            "Hej!",
            f"{when} att svara på självskattningen. Hittills har {_so_far(invitation, answered)} svarat. Ju "
            "fler vi är, desto rättvisare blir bilden av vår skola. Det tar ungefär tio minuter.",
            _where(invitation),
            _PROMISE,
        ]
    )


def _where(invitation: Invitation) -> str:
    until = f" senast {day_in_words(invitation.last_day)}" if invitation.last_day else ""
    return f"Svara här{until}: {invitation.link}"


def _so_far(invitation: Invitation, answered: int) -> str:
    return f"{answered} av {invitation.staff}" if invitation.staff else f"{answered}"
