"""The log of what was refused: what, and to whom by a name that only tells whether it is the same person."""

import logging

from pages.components import login
from services.domain.access import Visitor

log = logging.getLogger(__name__)


def note(what: str, visitor: Visitor) -> None:
    """Log that the visitor was refused something; no name, address or school goes along."""
    log.info("refused: %s, visitor %s", what, login.pseudonym(visitor.email))
