"""The JSON of a request."""

import json
from typing import Any

from tests.sheets_server.errors import invalid
from tests.sheets_server.routes import Call


def json_body(call: Call) -> Any:
    """Return the parsed body, None if there is none; Google's 400 if it is no JSON."""
    if not call.body.strip():
        return None
    try:
        return json.loads(call.body)
    except ValueError as error:
        shown = call.body[:40].decode("utf-8", "replace")
        raise invalid(f"Invalid JSON payload received. Unexpected token.\n{shown}\n^") from error
