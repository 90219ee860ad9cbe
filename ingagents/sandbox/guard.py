"""What stands before a served sandbox: a server on loopback is open to every page in a browser.

A page may send forms to any address of this machine, and one whose name is made to lead here
(DNS rebinding) may even read. So only loopback names count as `Host`, no other page's `Origin` is
heard, orders are JSON, which no form can send, and no body is longer than any the services take.
The keys are asked for by the faces.
"""

from __future__ import annotations

import hmac
import ipaddress
from urllib.parse import urlsplit

import anyio
import msgspec
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_MAX = 20_000_000
"""Bytes; attachments on LinkedIn may have about fifteen million."""
_BODY_SECONDS = 30.0
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
            await _drain(headers, receive)
            await refusal(scope, receive, send)
            return
        body = await _body(headers, receive)
        if isinstance(body, Response):
            await body(scope, receive, send)
            return
        given: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def once() -> Message:
            return given.pop() if given else await receive()

        await self._app(scope, once, send)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or not (self._host is None or _is_ours(hosts[0], self._host)):
            return _refused(403, "The sandbox is asked by the names of this machine only.")
        if any(origin.lower() != f"http://{hosts[0]}".lower() for origin in origins):
            return _refused(403, "The sandbox takes nothing from other sites' pages.")
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        is_order = scope["method"] not in {"GET", "HEAD"} and scope["path"].startswith(_CONTROL)
        if is_order and kind != "application/json":
            return _refused(415, "Orders to the sandbox are application/json.")
        return None


def _is_ours(authority: str, host: str) -> bool:
    """Whether a request's `Host` is a name of this machine; the port is anybody's."""
    try:
        parts = urlsplit(f"//{authority}")
        name, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    shown = f"[{name}]" if ":" in name else name
    if authority.lower() not in {shown, f"{shown}:{port}"}:
        return False
    if name in {"localhost", host.lower()}:
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


async def _body(headers: Headers, receive: Receive) -> bytes | Response:
    """The body, or the refusal of one that is too long or does not come."""
    try:
        told = int(headers.get("content-length", "0"))
    except ValueError:
        return _refused(400, "The content length is no number.")
    body = bytearray()
    with anyio.move_on_after(_BODY_SECONDS):
        while told <= BODY_MAX and len(body) <= BODY_MAX:
            message = await receive()
            if message["type"] == "http.disconnect":  # half an order is none
                return _refused(400, "The body broke off.")
            body += message.get("body", b"")
            if not message.get("more_body"):
                return bytes(body)
        await _drain(headers, receive)
        return _refused(413, f"No body may be longer than {BODY_MAX} bytes.")
    return _refused(408, "The body did not come in time.")


async def _drain(headers: Headers, receive: Receive) -> None:
    """Let what is still sent go by, so that its sender lives to read the answer.

    Who asks first whether to send it (`Expect: 100-continue`) is spared that.
    """
    if headers.get("expect"):
        return
    with anyio.move_on_after(_BODY_SECONDS):
        while (await receive()).get("more_body"):
            pass


def _refused(status: int, words: str) -> Response:
    body = msgspec.json.encode({"status": status, "title": words})
    return Response(body, status, media_type="application/json", headers={"connection": "close"})
