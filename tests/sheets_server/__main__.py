"""`python -m tests.sheets_server --port 8600`: the local Google by itself, empty, on loopback only."""

import argparse
import asyncio
import sys

from tests.sheets_server.google import Google
from tests.sheets_server.serving import make_server


def main(arguments: list[str] | None = None) -> int:
    """Run until stopped."""
    parser = argparse.ArgumentParser(prog="python -m tests.sheets_server", description=__doc__)
    parser.add_argument("--port", type=int, default=8600, help="loopback port, 0 for any free one")
    parser.add_argument(
        "--seed", type=int, default=None, help="makes ids and random faults the same in every run"
    )
    parser.add_argument(
        "--known-tokens-only", action="store_true", help="refuse tokens that it did not hand out"
    )
    parser.add_argument("--quota", action="store_true", help="60 reads and 60 writes a minute for each user")
    given = parser.parse_args(arguments)
    google = Google(given.seed)
    google.accounts.any_token = not given.known_tokens_only
    google.quota.on = given.quota
    try:
        server, listening, app = make_server(google, given.port)
    except OSError as error:
        sys.stderr.write(f"Port {given.port} can't be used: {error.strerror}.\n")
        return 2
    sys.stdout.write(f"Local Google on {app.control.base_url} (control under /_control)\n")
    sys.stdout.flush()
    asyncio.run(server.serve(sockets=[listening]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
