"""gspread-asyncio over our own HTTP client: login, time limits, cancelling, errors, repeats.

gspread works in threads and speaks through `requests`. Here every request it makes, the login's
included, is handed back to the event loop and sent by one httpx client; whoever is cancelled
takes the request back, and the thread ends. gspread-asyncio's own lock, pauses and endless
repeats are off: one layer repeats, on named errors only.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any
from urllib.parse import parse_qs

import anyio
import gspread
import gspread_asyncio
import httpx
import requests
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from google.auth.transport import Request as AuthRequest
from google.auth.transport import Response as AuthResponse
from google.oauth2.service_account import Credentials

from ingagents.errors import (
    AccountBlocked,
    BadAnswer,
    RequestRefused,
    ServiceError,
    SettingsError,
    TryLater,
)
from ingagents.integrations.http.bounded_body import AnswerRefused
from ingagents.integrations.http.client import retry_after_seconds
from ingagents.integrations.http.sanitise import json_object_of, words_of
from ingagents.masking import keep_secret, keep_token
from ingagents.ports import Clock

SERVICE = "google-sheets"
GOOGLE = "https://sheets.googleapis.com"
SCOPE = "https://www.googleapis.com/auth/spreadsheets"

ANSWER_BYTES_MAX = 64 * 1024 * 1024
"""A look at fifty thousand leads fits in."""

_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
_current: ContextVar[_Call] = ContextVar("call")


class _Call:
    """One call into a thread: its requests on the loop, and whether nobody waits for it any more."""

    def __init__(self) -> None:
        self._requests: list[concurrent.futures.Future[httpx.Response]] = []
        self._over = False

    def wait_for(self, request: concurrent.futures.Future[httpx.Response]) -> httpx.Response:
        """In the thread: the answer. A request begun as the call ended is taken back too."""
        self._requests.append(request)
        if self._over:
            request.cancel()
        return request.result()

    def end(self) -> None:
        """On the loop: take back what is still under way."""
        self._over = True
        for request in list(self._requests):
            request.cancel()


class SheetsWire:
    """Calls gspread's functions for one service account. `timeout_seconds` bounds each request."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        account: Mapping[str, Any],
        api_root: str,
        clock: Clock,
        timeout_seconds: float,
    ) -> None:
        self._clock = clock
        bridge = _Bridge(http, api_root or GOOGLE, timeout_seconds)
        self._manager = _Manager(_login(account), bridge)

    async def call(self, work: Callable[[gspread.HTTPClient], Any]) -> Any:
        """What `work` makes of gspread's HTTP client, in a thread.

        Raises:
            TryLater, AccountBlocked, RequestRefused: as `ports.TeamSheet` says.
        """
        try:
            with self._clock.busy():
                client = await self._manager.authorize()
                return await self._manager.in_thread(work, client.gc.http_client)
        except _Refused as exc:
            raise self._refusal(exc.answer) from exc
        except RefreshError as exc:
            raise _no_login(exc) from exc
        except (GoogleAuthError, httpx.HTTPError, TimeoutError, OSError) as exc:
            raise _no_answer(exc) from exc
        except (ValueError, RecursionError, TypeError, LookupError, AttributeError) as exc:
            # Both libraries read answers as if they had the shape that Google's have.
            raise _unreadable("cannot be read") from exc

    def _refusal(self, answer: httpx.Response) -> ServiceError:
        status = answer.status_code
        error = (json_object_of(answer.content) or {}).get("error")
        error = error if isinstance(error, dict) else {"message": error}
        words, code = words_of(error.get("message"), 300), words_of(error.get("status"), 60)
        kind, remedy = _meaning(status)
        return kind(
            f"Google Sheets answered {status} {code}: {words}".removesuffix(": ").rstrip(),
            remedy,
            service=SERVICE,
            status=status,
            code=code,
            retry_after_seconds=retry_after_seconds(
                answer.headers.get("retry-after"),
                self._clock.now(),
                answer.headers.get("date"),
            ),
        )


class _Bridge(AuthRequest):
    """The threads' side: posts each request to the loop and waits for its answer.

    It also is the transport that Google's login library asks for.
    """

    def __init__(self, http: httpx.AsyncClient, api_root: str, timeout_seconds: float) -> None:
        self._http = http
        self._root = api_root.rstrip("/")
        self._timeout_seconds = timeout_seconds
        self._loop = asyncio.get_running_loop()

    def send(self, method: str, url: str, **more: Any) -> httpx.Response:
        sending = self._exchange(method, url.replace(GOOGLE, self._root, 1), more)
        return _current.get().wait_for(asyncio.run_coroutine_threadsafe(sending, self._loop))

    async def _exchange(self, method: str, url: str, more: Mapping[str, Any]) -> httpx.Response:
        # httpx bounds each wait for the network but not their sum, and nothing in-process.
        with anyio.fail_after(self._timeout_seconds):
            request = self._http.build_request(method, url, **more)
            response = await self._http.send(request, stream=True, follow_redirects=False)
            try:
                await response.aread()
            finally:
                await response.aclose()
        return response

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **_: Any,
    ) -> AuthResponse:
        del timeout  # every request of ours has its own
        keep_token(*parse_qs((body or b"").decode()).get("assertion", ()))  # as good as the key
        try:
            return _Answered(self.send(method, url, content=body, headers=headers))
        except (httpx.HTTPError, TimeoutError, OSError) as exc:
            raise TransportError(type(exc).__name__) from exc


class _Refused(Exception):
    """An answer that is a refusal. gspread's own error reads them by one shape only."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(answer.status_code)
        self.answer = answer


class _Answered(AuthResponse):
    """An answer as Google's login library reads it."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response

    @property
    def status(self) -> int:
        return self._response.status_code

    @property
    def headers(self) -> Mapping[str, str]:
        return self._response.headers

    @property
    def data(self) -> bytes:
        return self._response.content


class _HttpClient(gspread.HTTPClient):
    """gspread's way out, through the bridge; no session of `requests` is ever made."""

    def __init__(self, auth: Credentials, bridge: _Bridge) -> None:
        self.auth = auth
        self.timeout = None
        self._bridge = bridge

    def request(
        self,
        method: str,
        endpoint: str,
        params: Any = None,
        data: bytes | None = None,
        json: Any = None,
        files: Any = None,
        headers: Any = None,
    ) -> requests.Response:
        del files  # nothing of ours uploads any
        asked = {name: value for name, value in (params or {}).items() if value is not None}
        answer = self._send(method, endpoint, asked, data, json, headers)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            # The token may have been taken back before its time; a fresh one settles it.
            self.auth.refresh(self._bridge)
            answer = self._send(method, endpoint, asked, data, json, headers)
        if not answer.is_success:
            raise _Refused(answer)
        response = requests.Response()
        response.status_code = answer.status_code
        response.reason = answer.reason_phrase
        response.url = str(answer.url)
        response.encoding = "utf-8"
        response.headers.update(answer.headers)
        response._content = answer.content  # noqa: SLF001  there is no other way to fill one
        return response

    def _send(
        self, method: str, endpoint: str, params: Any, data: Any, json: Any, headers: Any
    ) -> httpx.Response:
        signed = dict(headers or {})
        self.auth.before_request(self._bridge, method.upper(), endpoint, signed)
        keep_token(self.auth.token or "")
        return self._bridge.send(
            method.upper(), endpoint, params=params or None, content=data, json=json, headers=signed
        )


class _Manager(gspread_asyncio.ClientManager):  # type: ignore[misc]  # it brings no types
    """gspread-asyncio's manager without its lock, its pauses and its endless repeats."""

    def __init__(self, credentials: Credentials, bridge: _Bridge) -> None:
        super().__init__(lambda: credentials, gspread_delay=0)
        self._bridge = bridge
        self._client: gspread_asyncio.Client | None = None

    async def _authorize(self) -> gspread_asyncio.Client:
        """The stock one hard-codes `gspread.authorize`; credentials renew themselves here."""
        if self._client is None:
            client = gspread.Client(auth=self.credentials_fn(), http_client=self._http_client)  # type: ignore[arg-type]  # it only calls it
            self._client = gspread_asyncio.Client(self, client)
        return self._client

    def _http_client(self, auth: Credentials, _session: object) -> _HttpClient:
        return _HttpClient(auth, self._bridge)

    async def in_thread(self, method: Callable[..., Any], *args: Any) -> Any:
        """Run a blocking function of gspread's; cancelled, its request is taken back."""
        return await self._call(method, *args)

    async def _call(self, method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        call = _Call()
        token = _current.set(call)
        kwargs.pop("api_call_count", None)
        try:
            return await asyncio.to_thread(method, *args, **kwargs)
        finally:
            call.end()
            _current.reset(token)


def _login(account: Mapping[str, Any]) -> Credentials:
    keep_secret(*str(account.get("private_key", "")).splitlines()[1:-1])
    try:
        found: Credentials = Credentials.from_service_account_info(account, scopes=[SCOPE])
    except (GoogleAuthError, ValueError, TypeError, AttributeError, KeyError) as exc:
        # The library's own words may quote the key: only the class is named.
        raise SettingsError(
            f"sheets.credentials_file is no service account's key ({type(exc).__name__})",
            "download the account's JSON key from Google's console again",
        ) from None
    return found


def _meaning(status: int) -> tuple[type[ServiceError], str]:
    """Which of our errors an HTTP status is, and what to do now."""
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return TryLater, "the minute's quota is spent; the sheet catches up later"
    if status in _LATER:
        return TryLater, "nothing is lost; the sheet catches up later"
    if status == httpx.codes.UNAUTHORIZED:
        return AccountBlocked, "the key was revoked; make a new one and set sheets.credentials_file"
    if status == httpx.codes.FORBIDDEN:
        return AccountBlocked, "share the sheet with the service account, as an editor"
    if status == httpx.codes.NOT_FOUND:
        return RequestRefused, "correct sheets.spreadsheet_id and share the sheet with the account"
    return RequestRefused, "look at the sheet; the next sync looks again"


def _no_login(exc: RefreshError) -> ServiceError:
    if exc.retryable:
        return TryLater(
            "Google's login did not work just now",
            "nothing is lost; the sheet catches up later",
            service=SERVICE,
        )
    return AccountBlocked(
        "Google refuses the service account's key",
        "make a new key in Google's console and set sheets.credentials_file",
        service=SERVICE,
        status=401,
    )


def _unreadable(what: str) -> BadAnswer:
    return BadAnswer(
        f"Google Sheets' answer {what}",
        "the sheet catches up later; check sheets.api_root if it stays so",
        service=SERVICE,
        status=200,
    )


def _no_answer(exc: Exception) -> TryLater:
    # Only the class is named: an exception's own text may quote what was sent.
    cause = exc.__cause__ if isinstance(exc, TransportError) and exc.__cause__ else exc
    if isinstance(cause, AnswerRefused):
        return _unreadable(str(cause))
    return TryLater(
        f"Google Sheets did not answer ({type(cause).__name__})",
        "nothing is lost; the sheet catches up when it answers again",
        service=SERVICE,
    )
