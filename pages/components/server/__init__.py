"""What stands between the network and the app: headers, closed doors, deep links, start and stop.

Plain ASGI callables, because Starlette's own base class for middleware would wrap every answer in a
task of its own; a websocket passes through here untouched.
"""

from starlette.middleware import Middleware

from config.settings import Settings
from pages.components.deep_links import DeepLinks
from pages.components.server.documents import SwedishIndex
from pages.components.server.doors import ClosedDoors, OwnVisitors
from pages.components.server.headers import SecurityHeaders
from pages.components.server.own_scripts import OwnScripts
from pages.components.server.sending import AtOnce
from pages.components.server.starting_up import lifespan, prepare

__all__ = ["lifespan", "middleware", "prepare"]


def middleware(settings: Settings) -> list[Middleware]:
    """All of it, outermost first: the headers reach the others' answers too."""
    login = settings.login
    address = "" if login is None else login.address
    return [
        Middleware(AtOnce),
        Middleware(SecurityHeaders, is_https=login is not None and login.is_https),
        Middleware(ClosedDoors),
        Middleware(OwnVisitors, address=address),
        Middleware(OwnScripts),
        Middleware(DeepLinks, address=address),
        Middleware(SwedishIndex),
    ]
