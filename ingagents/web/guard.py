"""What stands before the page: a server on this machine is open to every page in a browser.

Another site's page may send forms to any address of this machine, and one whose name is made to
lead here (DNS rebinding) may even read. So only names of this machine count as `Host` while we
listen on loopback, no other page's `Origin` is heard, and a form must carry the secret of the
session that it was made for. With a token nobody without it sees anything but the two health checks.
"""

from __future__ import annotations

import getpass
import hmac
import secrets
from collections import deque
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import anyio
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingagents.http_server import BodyRefused, body_of, drain
from ingagents.loopback import is_of_this_machine

COOKIE = "ingagents"
LOGIN = "/login"
_BODY_MAX = 64 * 1024
_FIELDS_MAX = 40
_SESSIONS_MAX = 200
_GUESSES, _GUESSES_OF_ALL, _GUESSES_SECONDS = 10, 100, 60.0
_SESSION_SECONDS = 12 * 3600.0
_FOR_ALL = frozenset({"/healthz", "/readyz"})
_FOR_MACHINES = frozenset({*_FOR_ALL, "/metrics"})
_STATIC = "/static/"
_FORM = "application/x-www-form-urlencoded"

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self';"
    " connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: with that, browsers hide the Origin of our own forms too.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(kw_only=True)
class Session:
    """One browser: who uses it, the secret of its forms, and what it is told next."""

    name: str
    until: float
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    said: str = ""

    def end(self) -> None:
        """Let the browser go."""
        self.until = 0.0

    def take_said(self) -> str:
        """What there is to tell, once."""
        said, self.said = self.said, ""
        return said


class Sessions:
    """The browsers that were let in; a restart forgets them, and so does time."""

    def __init__(self) -> None:
        self._open: dict[str, Session] = {}

    def begin(self, name: str) -> tuple[str, Session]:
        """A new session with the id that its cookie holds; beyond so many the oldest ends."""
        while len(self._open) >= _SESSIONS_MAX:
            del self._open[next(iter(self._open))]
        key = secrets.token_urlsafe(32)
        until = anyio.current_time() + _SESSION_SECONDS
        session = self._open[key] = Session(name=name or user_of_machine(), until=until)
        return key, session

    def find(self, key: str) -> Session | None:
        """The session of a cookie, if it still holds."""
        session = self._open.get(key)
        if session is not None and session.until < anyio.current_time():
            del self._open[key]
            return None
        return session


class WrongTokens:
    """Who gave a wrong token within the last minute: one machine may guess so often, all together so often.

    A browser that was let in already goes on all the same.
    """

    def __init__(self) -> None:
        self._given: deque[tuple[float, str]] = deque(maxlen=_GUESSES_OF_ALL)

    def note(self, machine: str) -> None:
        """One more."""
        self._given.append((anyio.current_time(), machine))

    def too_many(self, machine: str) -> bool:
        """Whether nobody there is asked for a token any more, right or wrong."""
        since = anyio.current_time() - _GUESSES_SECONDS
        while self._given and self._given[0][0] <= since:
            self._given.popleft()
        theirs = sum(one == machine for _, one in self._given)
        return theirs >= _GUESSES or len(self._given) >= _GUESSES_OF_ALL


class Guard:
    """Wraps the page.

    `host` is the loopback name it listens on, None where other machines may ask; `token` is what
    whoever comes must know, "" where this machine's own browsers may come without.
    """

    def __init__(self, app: ASGIApp, sessions: Sessions, *, host: str | None, token: str) -> None:
        self._app = app
        self._sessions = sessions
        self._host = host
        self._token = token
        self._wrong = WrongTokens()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, refused or passed on with its session and its form."""
        request = Request(scope, receive)
        answer = await self._answer(request, receive)
        if isinstance(answer, Response):
            await answer(scope, receive, _hardened(send))
            return
        await self._app(scope, receive, _hardened(send, answer))

    async def _answer(self, request: Request, receive: Receive) -> Response | str:
        """The refusal, or the cookie that goes with the answer, "" for none."""
        path = request.url.path
        if path in _FOR_ALL:
            return ""
        reads = request.method in {"GET", "HEAD"}
        refusal = self._refusal(request, reads=reads)
        if refusal is not None:
            await drain(request.headers, receive)
            return refusal
        if path.startswith(_STATIC):
            return ""
        gives_token = (path == LOGIN and not reads) or "authorization" in request.headers
        if self._token and gives_token and self._wrong.too_many(_machine(request)):
            await drain(request.headers, receive)
            return _refused(429, "Too many wrong tokens. Wait a minute, then try again.", wait=True)
        if path in _FOR_MACHINES and self._is_machine(request):
            return ""
        key = request.cookies.get(COOKIE, "")
        session, cookie = self._sessions.find(key), ""
        if session is None and not self._token and reads:
            key, session = self._sessions.begin("")
            cookie = cookie_of(request, key)
        state = _state_of(request.scope)
        state.update(session=session, key=key, form={}, let_in=partial(self._let_in, request))
        if not reads:
            try:
                state["form"] = await _form(request, receive)
            except BodyRefused as exc:
                return _refused(exc.status, exc.words)
        if path == LOGIN:
            return cookie
        if session is None:
            return _without_session(request, reads=reads)
        if not reads and not hmac.compare_digest(
            state["form"].get("csrf", "").encode(), session.csrf.encode()
        ):
            return _refused(403, "This form is of another session. Go back, load it again, repeat.")
        return cookie

    def _refusal(self, request: Request, *, reads: bool) -> Response | None:
        hosts = request.headers.getlist("host")
        if len(hosts) != 1 or (self._host and not is_of_this_machine(hosts[0], self._host)):
            return _refused(403, "The page is asked by the names of this machine only.")
        if reads:
            return None
        origins = request.headers.getlist("origin")
        if any(urlsplit(origin).netloc.lower() != hosts[0].lower() for origin in origins):
            return _refused(403, "The page takes nothing from other sites' pages.")
        site = request.headers.get("sec-fetch-site", "same-origin")
        if not origins and site not in {"same-origin", "none"}:
            return _refused(403, "The page takes nothing from other sites' pages.")
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
            return _refused(415, f"A form is {_FORM}.")
        return None

    def _is_machine(self, request: Request) -> bool:
        """Whether figures may be read without a session: with the token, or where none is asked for."""
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if not self._token:
            return True
        return scheme.lower() == "bearer" and self._knows(given.strip(), _machine(request))

    def _knows(self, given: str, machine: str) -> bool:
        """Whether somebody knows the token."""
        known = bool(self._token) and hmac.compare_digest(given.encode(), self._token.encode())
        if not known:
            self._wrong.note(machine)
        return known

    def _let_in(self, request: Request, given: str, name: str) -> str | None:
        """A session's key for whoever knows the token."""
        known = self._knows(given, _machine(request))
        return self._sessions.begin(name)[0] if known else None


def cookie_of(request: Request, key: str) -> str:
    """The `Set-Cookie` of a session."""
    secure = "; Secure" if request.url.scheme == "https" else ""
    return f"{COOKIE}={key}; Path=/; HttpOnly; SameSite=Strict{secure}"


def user_of_machine() -> str:
    """Who decides where nobody gives a name: the user of this machine."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may know no name for its user
        return "team"


def _state_of(scope: Scope) -> MutableMapping[str, Any]:
    state: MutableMapping[str, Any] = scope.setdefault("state", {})
    return state


async def _form(request: Request, receive: Receive) -> dict[str, str]:
    body = await body_of(request.headers, receive, most=_BODY_MAX)
    try:
        fields = parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            max_num_fields=_FIELDS_MAX,
            errors="strict",
        )
    except ValueError:
        raise BodyRefused(400, "The form cannot be read.") from None
    return dict(fields)


def _without_session(request: Request, *, reads: bool) -> Response:
    if reads and request.url.path != "/metrics":
        return RedirectResponse(LOGIN, status_code=303)
    return _refused(401, "Sign in first: the page is for whoever knows its token.")


def _machine(request: Request) -> str:
    return request.client.host if request.client else ""


def _refused(status: int, words: str, *, wait: bool = False) -> Response:
    headers = {"Retry-After": str(int(_GUESSES_SECONDS))} if wait else None
    return PlainTextResponse(words + "\n", status, headers)


def _hardened(send: Send, cookie: str = "") -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if cookie:
                headers.append("Set-Cookie", cookie)
        await send(message)

    return with_headers
