"""The quota: so many reads and so many writes a minute for each user."""

from collections import defaultdict, deque

from tests.sheets_server.clock import Clock

MINUTE = 60.0


class Quota:
    """Counts the calls of the last minute; a refused call does not count."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.limits: dict[str, int | None] = {"read": 60, "write": 60}
        self.on = True
        self.calls: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    def used(self, user: str, kind: str) -> int:
        """Return how many calls of that kind the user made in the last minute."""
        calls, now = self.calls[user, kind], self.clock.now()
        while calls and calls[0] <= now - MINUTE:
            calls.popleft()
        return len(calls)

    def take(self, user: str, kind: str) -> bool:
        """Count a call; False when the quota is used up."""
        limit = self.limits.get(kind)
        if self.on and limit is not None and self.used(user, kind) >= limit:
            return False
        self.calls[user, kind].append(self.clock.now())
        return True
