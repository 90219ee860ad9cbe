"""The spreadsheet as Google Sheets' REST API v4: the part that people's tools and ours use.

Under `/sheets` stand `/token` (OAuth's exchange of a service account's assertion), `/v4/...` as at
sheets.googleapis.com, and, with the sandbox's key, a page for people. Quotas are Google's: 60 reads
and 60 writes a minute for each user, by the market's clock.
"""

from __future__ import annotations

import html
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ingagents.sandbox.faults import Faults, FaultyWire
from ingagents.sandbox.google_sheets.account import ServiceAccount
from ingagents.sandbox.google_sheets.grid import Area, BadRequest, Grid
from ingagents.sandbox.google_sheets.requests import Ask, routed
from ingagents.sandbox.google_sheets.storage import SPREADSHEET_ID, Shelf
from ingagents.sandbox.google_sheets.values import values_of
from ingagents.sandbox.guard import key_fits
from ingagents.sandbox.record import Record

PREFIX = "/sheets"
QUOTA = 60
"""Reads, and writes, that one user may make in a minute."""

_BODY_MAX = 50 * 1024 * 1024
_CALLS_KEPT = 10_000
_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


class Call(NamedTuple):
    """A request that was answered: "read" or "write", what was asked, which tabs it touched."""

    kind: str
    what: str
    tabs: tuple[str, ...]
    status: int
    requests: tuple[str, ...] = ()
    """For a `batchUpdate`: the kinds of its requests."""


class _Refused(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def google_error(status: int, message: str) -> bytes:
    """The body of an error, in Google's shape."""
    error: dict[str, Any] = {
        "code": status,
        "message": message,
        "status": _STATUS.get(status, "UNKNOWN"),
    }
    if status == 429:
        error["details"] = [
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "RATE_LIMIT_EXCEEDED",
                "domain": "googleapis.com",
                "metadata": {"service": "sheets.googleapis.com", "quota_limit_value": str(QUOTA)},
            }
        ]
    return msgspec.json.encode({"error": error})


class SheetsFace:
    """The ASGI application, and what a test or the sandbox's owner wants to know of it."""

    def __init__(
        self,
        record: Record,
        *,
        now: Callable[[], datetime],
        faults: Faults | None = None,
        api_key: str | None = None,
    ) -> None:
        self.shelf = Shelf(record)
        self.account = ServiceAccount(record)
        self.calls: deque[Call] = deque(maxlen=_CALLS_KEPT)
        self._now = now
        self._api_key = api_key
        self._spent: dict[str, deque[datetime]] = {"read": deque(), "write": deque()}
        self.faults = faults or Faults()
        self.app: ASGIApp = FaultyWire(self._answer, self.faults, prefix=PREFIX, error=_fault_body)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        path = str(scope["path"]).removeprefix(PREFIX)
        raw = await request.body()
        if path in {"", "/"}:
            key = request.headers.get("x-api-key") or request.query_params.get("key", "")
            response: Response = (
                HTMLResponse(self.page())
                if key_fits(key, self._api_key)
                else _json(401, google_error(401, "Add ?key= and the sandbox's API key."))
            )
        elif path == "/token":
            response = self._token(raw)
        else:
            response = self._api(request, path, raw)
        await response(scope, receive, send)

    def _token(self, raw: bytes) -> Response:
        granted = self.account.grant(raw)
        if granted is None:
            problem = {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
            return _json(400, msgspec.json.encode(problem))
        return _json(200, msgspec.json.encode(granted))

    def _api(self, request: Request, path: str, raw: bytes) -> Response:
        route, found = routed(request.method, path)
        if route is None or found is None:
            return _json(404, google_error(404, "Requested entity was not found."))
        touched: set[str] = set()
        kinds: tuple[str, ...] = ()
        try:
            self._admit(request, found["id"], route.kind, raw)
            body = _decoded(raw)
            kinds = _kinds(body)
            with self.shelf.open() as book:
                place = found.groupdict().get("range") or ""
                query = {name: request.query_params.getlist(name) for name in request.query_params}
                answer = route.handler(Ask(book, place, query, body, touched))
            status, content = 200, msgspec.json.encode(answer)
        except _Refused as exc:
            status, content = exc.status, google_error(exc.status, str(exc))
        except BadRequest as exc:
            status, content = 400, google_error(400, str(exc))
        self.calls.append(Call(route.kind, route.what, tuple(sorted(touched)), status, kinds))
        self.shelf.count(route.kind if status == 200 else f"refused_{status}")
        return _json(status, content)

    def _admit(self, request: Request, book_id: str, kind: str, raw: bytes) -> None:
        if not self.account.knows(request.headers.get("authorization", "")):
            raise _Refused(
                401,
                "Request had invalid authentication credentials. Expected OAuth 2 access token, "
                "login cookie or other valid authentication credential.",
            )
        if len(raw) > _BODY_MAX:
            raise _Refused(413, "Request payload size exceeds the limit.")
        now, spent = self._now(), self._spent[kind]
        while spent and spent[0] <= now - timedelta(minutes=1):
            spent.popleft()
        if len(spent) >= QUOTA:
            name = kind.capitalize()
            raise _Refused(
                429,
                f"Quota exceeded for quota metric '{name} requests' and limit '{name} requests per "
                "minute per user' of service 'sheets.googleapis.com' for consumer "
                "'project_number:100000000000'.",
            )
        spent.append(now)
        if book_id != SPREADSHEET_ID:
            raise _Refused(404, "Requested entity was not found.")

    def page(self) -> str:
        """The spreadsheet as a page for people."""
        with self.shelf.open() as book:
            tabs = "".join(_table(grid) for grid in book.grids)
            title = html.escape(book.title)
        return (
            f"<!DOCTYPE html><html lang=en><meta charset=utf-8><title>{title}</title><style>"
            "body{font:13px system-ui;margin:2em}"
            "table{border-collapse:collapse;table-layout:fixed;width:0;margin:1em 0 3em}"
            "td,th{border:1px solid #ccc;padding:.3em .5em;vertical-align:top;overflow:hidden}"
            "td{white-space:nowrap;text-overflow:ellipsis}td:hover{white-space:pre-wrap}"
            "th{background:#fff2cc;text-align:left;position:sticky;top:0}th.ours{background:#dee8fa}"
            f"</style><h1>{title}</h1>{tabs}</html>"
        )


def _table(grid: Grid) -> str:
    lines = values_of(
        grid,
        Area(0, 0, grid.row_count, grid.column_count),
        option="FORMATTED_VALUE",
        major="ROWS",
    )
    if not lines:
        return ""
    ours = {
        rule["range"].get("startColumnIndex") for rule in grid.rules if rule["kind"] == "protection"
    }
    rows = []
    for number, line in enumerate(lines):
        heads = number < max(1, grid.frozen_rows)
        marks = [
            ("th class=ours" if at in ours else "th") if heads else "td" for at in range(len(line))
        ]
        cells = zip(marks, line, strict=True)
        rows.append("".join(f"<{one}>{html.escape(str(cell))}</{one[:2]}>" for one, cell in cells))
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    columns = "".join(f"<col style=width:{column.width}px>" for column in grid.columns)
    return f"<h2>{html.escape(grid.title)}</h2><table>{columns}{body}</table>"


def _kinds(body: Mapping[str, Any]) -> tuple[str, ...]:
    requests = body.get("requests")
    found = [kind for one in requests for kind in one] if isinstance(requests, list) else []
    return tuple(dict.fromkeys(found))


def _decoded(raw: bytes) -> dict[str, Any]:
    if not raw:
        return {}
    try:
        body = msgspec.json.decode(raw)
    except msgspec.DecodeError as exc:
        raise BadRequest(f"Invalid JSON payload received. {exc}") from exc
    if not isinstance(body, dict):
        raise BadRequest("Invalid JSON payload received. The body must be an object.")
    return body


def _json(status: int, content: bytes) -> Response:
    return Response(content, status_code=status, media_type="application/json; charset=UTF-8")


def _fault_body(status: int, error_type: str) -> bytes:
    return google_error(status, f"The service is currently unavailable ({error_type}).")
