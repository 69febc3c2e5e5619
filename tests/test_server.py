"""What the server tells anybody who asks, before any page is drawn."""

import gzip
import http.client
import json
import re
from collections.abc import Iterator
from email.message import Message

import pytest
from websockets.exceptions import InvalidStatus

from tests.raw_client import RawClient
from tests.serving import Server, demo_register, serving

pytestmark = pytest.mark.slow

EVERYWHERE = ("/", "/overview", "/nosuchpage", "/favicon.png", "/_stcore/health", "/_stcore/host-config")
CLOSED = (
    "/_stcore/metrics",
    "/_stcore/metrics/",
    "/_stcore/agent",
    "/_stcore/agent/",
    "/_stcore/agent/mcp",
    "/_stcore/agent/interact",
    "/_stcore/agent/openapi.json",
    "/overview/_stcore/agent/mcp",
    "//_stcore/metrics",
    "/_stcore//metrics",
    "/_STCORE/Metrics",
    "/%5fstcore/metrics",
    "/%255fstcore/metrics",
    "/_stcore%2Fmetrics",
    "/_stcore%5Cmetrics",
    "/./_stcore/metrics",
    "/x/../_stcore/metrics",
    "/_stcore/health/../metrics",
    "/_stcore/health/",
    "/_stcore/script-health-check",
    "/_stcore/bidi-components/x/y.js",
    "/_stcore/upload_file/x",
    "/_stcore",
    "/component/x/index.html",
    "/Component/x",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Server]:
    base = tmp_path_factory.getbasetemp()
    register = demo_register(base if worker_id == "master" else base.parent)
    with serving(register, tmp_path_factory.mktemp("server") / "server.log") as running:
        yield running


def directives(headers: Message) -> dict[str, str]:
    """Return the content policy as directive → sources."""
    policy = headers["Content-Security-Policy"]
    return {name: sources for name, _, sources in (part.strip().partition(" ") for part in policy.split(";"))}


@pytest.mark.parametrize("path", [*EVERYWHERE, *CLOSED])
def test_every_answer_carries_the_headers(server: Server, path: str) -> None:
    _, headers, _ = server.get(path)

    policy = directives(headers)
    assert policy["default-src"] == policy["script-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_the_policy_names_no_other_host(server: Server) -> None:
    _, headers, _ = server.get("/")

    assert set(re.findall(r"[\w.]+:\d+|https?://\S+", headers["Content-Security-Policy"])) == {
        f"127.0.0.1:{server.port}"
    }


def test_a_strange_host_header_adds_nothing_to_the_policy(server: Server) -> None:
    _, headers, _ = server.get("/", headers={"Host": "x; script-src *"})

    assert directives(headers)["script-src"] == "'self'"
    assert directives(headers)["connect-src"] == "'self'"


@pytest.mark.parametrize("path", ["/", "/overview", "/school?skola=00000000", "/nosuchpage"])
@pytest.mark.parametrize("encoding", ["identity", "gzip", "gzip, deflate, br"])
def test_the_page_is_swedish_whole_and_of_the_length_it_says(
    server: Server, path: str, encoding: str
) -> None:
    status, headers, body = server.get(path, headers={"Accept-Encoding": encoding, "Range": "bytes=0-9"})

    assert status == 200
    assert int(headers["Content-Length"]) == len(body)
    page = (gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body).decode("utf-8")
    assert '<html lang="sv">' in page
    assert "<title>Varje elevs bästa skola</title>" in page
    assert page.rstrip().endswith("</html>")
    assert "You need to enable JavaScript" not in page


def test_the_page_holds_no_script_of_its_own(server: Server) -> None:
    page = server.get("/")[2].decode("utf-8")

    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page) == []
    assert re.findall(r"(?:src|href)=\"(?:https?:)?//", page) == []


def test_the_page_is_never_answered_with_not_modified(server: Server) -> None:
    status, headers, _ = server.get("/", headers={"If-None-Match": "*"})

    assert status == 200
    assert headers.get("ETag") is None and headers.get("Last-Modified") is None


def test_head_says_the_length_of_the_page_it_does_not_send(server: Server) -> None:
    length = len(server.get("/")[2])

    status, headers, body = server.get("/", method="HEAD")

    assert (status, int(headers["Content-Length"]), body) == (200, length, b"")


def test_hashed_assets_may_be_kept(server: Server) -> None:
    scripts = re.findall(r'src="\.(/static/js/[^"]+)"', server.get("/")[2].decode("utf-8"))
    assert scripts

    for script in scripts:
        status, headers, _ = server.get(script)
        assert status == 200
        assert "immutable" in headers["Cache-Control"]


def test_a_missing_asset_is_not_kept(server: Server) -> None:
    assert server.get("/static/js/missing.AAAAAAAA.js")[1]["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_closed_doors_answer_not_found(server: Server, path: str, method: str) -> None:
    status, _, body = server.get(path, method=method)

    assert status == 404
    assert b"streamlit" not in body.lower()


def test_a_file_is_taken_from_an_open_session_with_its_token_alone(server: Server) -> None:
    _, headers, _ = server.get("/_stcore/health")
    token = headers["Set-Cookie"].partition("=")[2].partition(";")[0]
    own = {"X-Xsrftoken": token, "Cookie": f"_streamlit_xsrf={token}"}
    address = "/_stcore/upload_file/no-such-session/1"

    assert server.get(address, method="PUT")[0] == 403
    assert server.get(address, method="PUT", headers={"X-Xsrftoken": token})[0] == 403
    status, _, told = server.get(address, method="PUT", headers=own)
    assert (status, told[:18]) == (400, b"Invalid session_id")


def test_a_demo_on_this_computer_is_not_told_to_be_encrypted(server: Server) -> None:
    _, headers, _ = server.get("/_stcore/health")

    assert "Strict-Transport-Security" not in headers
    assert headers["Set-Cookie"].startswith("_streamlit_xsrf=") and "Secure" not in headers["Set-Cookie"]
    assert "SameSite=Strict" in headers["Set-Cookie"]


@pytest.mark.parametrize("path", ["/auth/login?provider=x", "/auth/logout", "/oauth2callback?code=x"])
def test_without_a_login_its_addresses_lead_to_the_start_page(server: Server, path: str) -> None:
    log_in = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    log_in.request("GET", path, headers={"Referer": f"{server.url}/overview"})
    answer = log_in.getresponse()

    assert (answer.status, answer.headers["Location"]) == (302, "/")
    assert "vebs_deep_link" not in str(answer.headers)
    log_in.close()


def test_the_server_is_well_and_its_script_answers(server: Server) -> None:
    assert server.get("/_stcore/health")[::2] == (200, b"ok")
    with RawClient(server.url, origin=server.url) as client:
        assert "exception" not in client.run().kinds


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "http://localhost:9", "null"])
def test_a_page_of_another_site_may_not_open_a_socket(server: Server, origin: str) -> None:
    with pytest.raises(InvalidStatus), RawClient(server.url, origin=origin):
        pass

    # To find out, Streamlit would have asked a server on the internet for our own address.
    assert "external IP" not in server.log


def test_a_page_of_another_site_may_read_nothing(server: Server) -> None:
    _, headers, _ = server.get("/_stcore/host-config", headers={"Origin": "https://elsewhere.example"})

    assert headers.get("Access-Control-Allow-Origin") is None
    assert "external IP" not in server.log


def test_no_other_site_may_steer_the_page_by_messages(server: Server) -> None:
    told = json.loads(server.get("/_stcore/host-config")[2])

    assert told["allowedOrigins"] == []
    assert told["useExternalAuthToken"] is told["enableCustomParentMessages"] is False


def test_no_telemetry_and_no_traceback_reach_a_visitor(server: Server) -> None:
    with RawClient(server.url) as client:
        session = client.run().messages[0].new_session

    assert session.config.gather_usage_stats is False
    assert "Traceback" not in server.log
