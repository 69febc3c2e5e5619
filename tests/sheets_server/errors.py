"""Google's refusals: status, body and the sentences it uses."""

from typing import Any

PROTECTED = (
    "You are trying to edit a protected cell or object. "
    "Please contact the spreadsheet owner to remove protection if you need to edit."
)
STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"
ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
HELP = "type.googleapis.com/google.rpc.Help"


class ApiError(Exception):
    """An answer other than success: a status and a body, JSON (a dict) or HTML (a string)."""

    def __init__(
        self, status: int, body: dict[str, Any] | str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(body if isinstance(body, str) else body.get("error"))
        self.status = status
        self.body = body
        self.headers = headers or {}

    @property
    def message(self) -> str:
        """The sentence of the refusal."""
        if isinstance(self.body, str):
            return self.body
        return str(self.body["error"]["message"])


def refusal(status: int, message: str, details: list[dict[str, Any]] | None = None) -> ApiError:
    """Return an error as the Sheets service words it."""
    error: dict[str, Any] = {"code": status, "message": message, "status": STATUS_NAMES[status]}
    if details:
        error["details"] = details
    return ApiError(status, {"error": error})


def invalid(message: str) -> ApiError:
    """Return a plain 400."""
    return refusal(400, message)


def violations(found: list[tuple[str, str]], message: str = "") -> ApiError:
    """Return a 400 with one entry for each (field, description)."""
    entries = [
        {"field": field, "description": text} if field else {"description": text} for field, text in found
    ]
    text = message or "\n".join(description for _, description in found)
    return refusal(400, text, [{"@type": BAD_REQUEST, "fieldViolations": entries}])


def denied() -> ApiError:
    """Return the 403 for a spreadsheet that is not shared with the caller."""
    return refusal(403, "The caller does not have permission")


def not_found() -> ApiError:
    """Return the 404 for a spreadsheet that does not exist."""
    return refusal(404, "Requested entity was not found.")


def unauthenticated() -> ApiError:
    """Return the 401 for a token that is missing, unknown or expired."""
    error = refusal(
        401,
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or "
        "other valid authentication credential. See "
        "https://developers.google.com/identity/sign-in/web/devconsole-project.",
        [{"@type": ERROR_INFO, "reason": "ACCESS_TOKEN_EXPIRED", "domain": "googleapis.com"}],
    )
    error.headers["WWW-Authenticate"] = 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
    return error


def too_many(kind: str, limit: int) -> ApiError:
    """Return the 429 of the quota of `kind`, "read" or "write"."""
    name = kind.capitalize()
    message = (
        f"Quota exceeded for quota metric '{name} requests' and limit '{name} requests per minute per user' "
        "of service 'sheets.googleapis.com' for consumer 'project_number:100000000000'."
    )
    metadata = {
        "quota_location": "global",
        "quota_metric": f"sheets.googleapis.com/{kind}_requests",
        "quota_limit": f"{name}RequestsPerMinutePerUser",
        "quota_limit_value": str(limit),
        "quota_unit": "1/min/{project}/{user}",
        "consumer": "projects/100000000000",
        "service": "sheets.googleapis.com",
    }
    link = {
        "description": "Request a higher quota limit.",
        "url": "https://cloud.google.com/docs/quotas/help/request_increase",
    }
    info = {"@type": ERROR_INFO, "reason": "RATE_LIMIT_EXCEEDED", "domain": "googleapis.com"}
    return refusal(429, message, [info | {"metadata": metadata}, {"@type": HELP, "links": [link]}])


def server_error(status: int) -> ApiError:
    """Return 500, 503 or 504 as JSON, or 502 as the page of Google's front end."""
    if status == 502:
        return ApiError(502, html_page(502, "Server Error"), {"Content-Type": "text/html; charset=UTF-8"})
    sentences = {
        500: "Internal error encountered.",
        503: "The service is currently unavailable.",
        504: "Deadline expired before operation could complete.",
    }
    return refusal(status, sentences[status])


def unknown_address(path: str) -> ApiError:
    """Return the page for an address that no service answers."""
    page = html_page(404, "Not Found", f"The requested URL <code>{path}</code> was not found on this server.")
    return ApiError(404, page, {"Content-Type": "text/html; charset=UTF-8"})


def html_page(status: int, name: str, sentence: str = "") -> str:
    """Return a page of Google's front end."""
    sentence = sentence or (
        "The server encountered a temporary error and could not complete your request.<p>"
        "Please try again in 30 seconds."
    )
    return (
        "<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n"
        f"  <title>Error {status} ({name})!!1</title>\n"
        "  <a href=//www.google.com/><span id=logo aria-label=Google></span></a>\n"
        f"  <p><b>{status}.</b> <ins>That’s an error.</ins>\n"
        f"  <p>{sentence}  <ins>That’s all we know.</ins>\n"
    )


def drive_refusal(
    status: int, reason: str, message: str, location: str | None = None, kind: str = "parameter"
) -> ApiError:
    """Return an error as the Drive service words it."""
    entry: dict[str, Any] = {"message": message, "domain": "global", "reason": reason}
    if location:
        entry |= {"location": location, "locationType": kind}
    return ApiError(status, {"error": {"code": status, "message": message, "errors": [entry]}})


def no_file(file_id: str) -> ApiError:
    """Return Drive's 404 for a file that is missing, or hidden from the caller."""
    return drive_refusal(404, "notFound", f"File not found: {file_id}.", "fileId")
