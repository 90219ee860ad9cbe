"""Takes the webhooks of a service, before the page's guard: they come from elsewhere, with a secret.

One is kept in one small commit and answered; it rings (`services/outreach/inbox/doorbell.py`), and
what it tells is believed by nobody. Who does not know the secret is not read; what is read is
bounded in length, time and number, so that the page stays there for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import anyio
import msgspec
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ingagents.app.department import Department
from ingagents.app.hooks import PATH, HookReader, accounts_that_ring
from ingagents.errors import StoreError
from ingagents.http_server import BodyRefused, body_of, drain
from ingagents.log import narrator
from ingagents.masking import masked
from ingagents.model import Ring
from ingagents.model.hook import UnknownHook, UnreadableHook
from ingagents.services.outreach.inbox.doorbell import keep_ring

BODY_MAX: Final = 1_000_000
"""Bytes: a message with all its attendees and attachments' names has some thousands."""

_BODY_SECONDS = 10.0
_REFUSED_SECONDS = 1.0
_COMMIT_SECONDS = 10.0
"""All together are less than the thirty that services wait for an answer."""

_IN_HAND_MAX = 20
"""Posts at a time; further ones are told to come again, and services do."""

_TOLD_MAX = 50


class Hooks:
    """Wraps the page: what is posted below `/hooks/` is answered here."""

    def __init__(
        self,
        app: ASGIApp,
        department: Department,
        readers: Mapping[str, HookReader],
        *,
        secret: str,
        body_seconds: float = _BODY_SECONDS,
    ) -> None:
        self._app = app
        self._department = department
        self._readers = readers
        self._secret = secret
        self._body_seconds = body_seconds
        self._in_hand = 0
        self._told: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request: a webhook, or the page's."""
        if not str(scope.get("path", "")).startswith(PATH):
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        answer = self._refusal(request)
        if answer is not None:
            await drain(request.headers, receive, seconds=_REFUSED_SECONDS)
        elif self._in_hand >= _IN_HAND_MAX:
            answer = _said(503, "Too many at once: post it again.")
        else:
            self._in_hand += 1
            try:
                answer = await self._take(request, receive)
            finally:
                self._in_hand -= 1
        await answer(scope, receive, send)

    def _refusal(self, request: Request) -> Response | None:
        """Why nothing of it is read; None: it comes from whom it should."""
        reader = self._readers.get(_service_of(request))
        if reader is None:
            return _said(404, "No webhooks are taken here.")
        if request.method != "POST":
            return _said(405, "Webhooks are posted.", {"Allow": "POST"})
        if not reader.may_post(self._secret, request.headers, request.query_params):
            self._tell("hook.refused", f"a post to {request.url.path} does not know the secret")
            return _said(401, f"The secret is missing or wrong: it is {reader.shown_by}.")
        return None

    async def _take(self, request: Request, receive: Receive) -> Response:
        service = _service_of(request)
        try:
            body = await body_of(
                request.headers, receive, most=BODY_MAX, seconds=self._body_seconds
            )
            ring = self._readers[service].ring_of(body)
        except BodyRefused as exc:
            return _said(exc.status, exc.words)
        except UnreadableHook:
            return _said(400, f"This is no webhook of {service}.")
        except UnknownHook as exc:
            self._tell(
                "hook.unknown", f"{service} posts {masked(str(exc))}, which rings for nothing"
            )
            return _TAKEN
        if ring is None:
            return _TAKEN
        accounts = accounts_that_ring(self._department.settings, service)
        if not ring.account_id:
            ring = msgspec.structs.replace(ring, account_id=accounts[0])
        return await self._keep(service, ring) if ring.account_id in accounts else _TAKEN

    async def _keep(self, service: str, ring: Ring) -> Response:
        with anyio.move_on_after(_COMMIT_SECONDS):
            try:
                await keep_ring(self._department.context, service, ring)
            except StoreError as exc:
                self._tell("hook.not_kept", exc.what)
            else:
                return _TAKEN
        return _said(503, "It could not be kept: post it again.")

    def _tell(self, event: str, what: str) -> None:
        """Each thing once: whoever posts again and again must not fill the log."""
        if what not in self._told and len(self._told) < _TOLD_MAX:
            self._told.add(what)
            narrator().warning(event, what=what)


def _service_of(request: Request) -> str:
    return request.url.path.removeprefix(PATH)


def _said(status: int, words: str, headers: Mapping[str, str] | None = None) -> Response:
    return PlainTextResponse(f"{words}\n", status, headers)


_TAKEN = _said(200, "ok")
