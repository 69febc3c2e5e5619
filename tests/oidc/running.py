"""Start the provider on a free loopback port, tell it of people, and tell it to lie."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.oidc.tampering import OWN
from tests.serving import ROOT, ServerTrouble, free_port, stop

CLIENT = "vebs-in-the-tests"


@dataclass(frozen=True, slots=True)
class Provider:
    """A running provider: at `localhost`, so that to a browser it is another site than 127.0.0.1."""

    port: int

    @property
    def url(self) -> str:
        """The issuer."""
        return f"http://localhost:{self.port}"

    @property
    def metadata_url(self) -> str:
        """Where it tells of itself."""
        return f"{self.url}/.well-known/openid-configuration"

    def knows(self, subject: str, **claims: Any) -> None:
        """Say this of whoever logs in as `subject`."""
        self._put(f"/users/{quote(subject)}", claims)

    def lies(
        self, claims: Mapping[str, Any] | None = None, *, without: Sequence[str] = (), key: str | None = OWN
    ) -> None:
        """Make every token from now on wrong in this alone."""
        self._put("/lie", {"claims": dict(claims or {}), "without": list(without), "key": key})

    def tells_the_truth(self, *, ends_sessions: bool = False) -> None:
        """Make tokens as they should be; it may have a page for logging out there too, as Google has not."""
        self._put("/lie", {"ends_sessions": ends_sessions})

    def _put(self, path: str, told: Mapping[str, Any]) -> None:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            method="PUT",
            data=json.dumps(told).encode(),
            headers={"Content-Type": "application/json"},
        )
        urllib.request.urlopen(request, timeout=10).close()


@contextmanager
def openid_provider(log_file: Path) -> Iterator[Provider]:
    """A provider that knows nobody yet, while the block runs."""
    port = free_port()
    with log_file.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.oidc", str(port)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        provider = Provider(port)
        _wait_until_well(provider, process, log_file)
        yield provider
    finally:
        stop(process)


def _wait_until_well(provider: Provider, process: subprocess.Popen[bytes], log_file: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError):
            provider.tells_the_truth()
            return
        time.sleep(0.05)
    raise ServerTrouble(f"no provider: {log_file.read_text('utf-8', errors='replace')[-2000:]}")
