"""What stands before a served sandbox: a server on loopback is open to every page in a browser.

A page may send forms to any address of this machine, and one whose name is made to lead here
(DNS rebinding) may even read. So only loopback names count as `Host`, no other page's `Origin` is
heard, orders are JSON, which no form can send, and no body is longer than any the services take.
The keys are asked for by the faces.
"""

from __future__ import annotations

import hmac

import msgspec
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingagents.http_server import BodyRefused, body_of, drain
from ingagents.loopback import is_of_this_machine

BODY_MAX = 20_000_000
"""Bytes; attachments on LinkedIn may have about fifteen million."""
_CONTROL = "/sandbox/"


def key_fits(given: str, wanted: str | None) -> bool:
    """Whether a key opens the sandbox; where none is wanted any will do, but there must be one."""
    if wanted is None:
        return bool(given)
    return hmac.compare_digest(given.encode("utf-8"), wanted.encode("utf-8"))


class Guard:
    """Wraps an application that is served.

    `host` is the name it was told to listen on; None lets it be asked by any, as other machines do.
    """

    def __init__(self, app: ASGIApp, *, host: str | None) -> None:
        self._app = app
        self._host = host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, refused or passed on with its whole body."""
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await drain(headers, receive)
            await refusal(scope, receive, send)
            return
        try:
            body = await body_of(headers, receive, most=BODY_MAX)
        except BodyRefused as exc:
            await _refused(exc.status, exc.words)(scope, receive, send)
            return
        given: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def once() -> Message:
            return given.pop() if given else await receive()

        await self._app(scope, once, send)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or not (self._host is None or is_of_this_machine(hosts[0], self._host)):
            return _refused(403, "The sandbox is asked by the names of this machine only.")
        if any(origin.lower() != f"http://{hosts[0]}".lower() for origin in origins):
            return _refused(403, "The sandbox takes nothing from other sites' pages.")
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        is_order = scope["method"] not in {"GET", "HEAD"} and scope["path"].startswith(_CONTROL)
        if is_order and kind != "application/json":
            return _refused(415, "Orders to the sandbox are application/json.")
        return None


def _refused(status: int, words: str) -> Response:
    body = msgspec.json.encode({"status": status, "title": words})
    return Response(body, status, media_type="application/json", headers={"connection": "close"})
