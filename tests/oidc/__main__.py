"""The provider: `python -m tests.oidc PORT`. What is PUT at /lie is how every token from then on lies."""

import os
import re
import sys
from typing import Any

import flask
import oidc_provider_mock
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

from tests.oidc.tampering import tampered

TOKENS = "/oauth2/token"
METADATA = "/.well-known/openid-configuration"


def provider() -> flask.Flask:
    """The mock provider with our layer on top."""
    app = oidc_provider_mock.app()
    lie: dict[str, Any] = {}

    @app.put("/lie")
    def set_lie() -> tuple[str, int]:
        lie.clear()
        lie.update(flask.request.get_json())
        return "", 204

    @app.after_request
    def tell_it(answer: flask.Response) -> flask.Response:
        if answer.mimetype == "text/html":
            # Its look is fetched from the internet.
            answer.set_data(re.sub(r"<link[^>]*https://[^>]*>", "", answer.get_data(as_text=True)))
        if flask.request.path == METADATA and not lie.get("ends_sessions"):
            # Google has no such page, and most of our tests are of what Google does.
            told = answer.get_json()
            del told["end_session_endpoint"]
            answer.set_data(flask.json.dumps(told))
        if flask.request.path == TOKENS and answer.status_code == 200 and "key" in lie:
            own = RSAKey.import_key(flask.g.oidc_provider_mock_storage.jwk.as_dict(is_private=True))
            tokens = answer.get_json()
            tokens["id_token"] = tampered(tokens["id_token"], lie, own)
            answer.set_data(flask.json.dumps(tokens))
        return answer

    return app


if __name__ == "__main__":
    # It speaks http, on this computer only.
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    make_server("127.0.0.1", int(sys.argv[1]), provider(), threaded=True).serve_forever()
