"""A vendor's plain JSON API behind a key: one way to read, which repeats, and one to act, which never does.

Here belong vendors whose answers mean what their HTTP status says. `read` raises one of our errors in
the end; `act` says "unknown" whenever the request may have left and no readable yes or no came back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeVar

import httpx

from ingagents.errors import (
    AccountBlocked,
    BadAnswer,
    PersonRefused,
    RequestRefused,
    ServiceError,
    SettingsError,
    TryLater,
)
from ingagents.integrations.http.bounded_body import AnswerRefused
from ingagents.integrations.http.client import (
    FAULTS,
    NEVER_LEFT,
    asked_pause,
    checked_key,
    timeouts,
    whole_answer,
)
from ingagents.integrations.http.retry import Repeats
from ingagents.integrations.http.sanitise import JsonObject, json_object_of, words_of
from ingagents.masking import masked
from ingagents.model import Refusal, SendResult
from ingagents.ports import Clock, LinkedInAccess

T = TypeVar("T")


class Vendor(NamedTuple):
    """What is a vendor's own: its name, where its API stands, and the header of its key."""

    name: str
    root: str
    path: str
    """The end of the root, which people leave out of an address of their own."""
    key_header: str


class JsonApi:
    """Requests to one vendor. `timeout_seconds` bounds each try as a whole.

    Raises:
        SettingsError: the key or the address cannot be right.
    """

    def __init__(
        self, vendor: Vendor, access: LinkedInAccess, http: httpx.AsyncClient, clock: Clock
    ) -> None:
        self.vendor = vendor
        self._http = http
        self._clock = clock
        self._root = _root_of(vendor, access)
        self._headers = {
            vendor.key_header: checked_key(access.api_key, f"{vendor.name}'s key", access.table),
            "Accept": "application/json",
            "User-Agent": "ingagents",
        }
        self._timeout_seconds = access.timeout_seconds
        self._repeats = Repeats(
            clock,
            retries=access.retries,
            event="linkedin.request_repeated",
            jitter=access.jitter,
        )

    def now(self) -> datetime:
        """The present moment: nothing an answer tells of is later."""
        return self._clock.now()

    async def read(
        self,
        method: Literal["GET", "POST"],
        path: str,
        *,
        parse: Callable[[JsonObject], T],
        params: Mapping[str, Any] | None = None,
        json: JsonObject | None = None,
    ) -> T:
        """What `parse` makes of the answer's JSON object, {} where the answer is empty.

        Raises:
            TryLater, AccountBlocked, PersonRefused, RequestRefused: as `ports.ProfileSource`.
        """

        async def once() -> T:
            request = self._request(method, path, params, json)
            try:
                answer, body = await self._exchange(request)
            except AnswerRefused as exc:
                raise self._error(BadAnswer, f"answered {path} with {exc}") from exc
            except FAULTS as exc:  # only the class is named: its text may quote what was sent
                raise self._error(
                    TryLater, f"did not answer {path} ({type(exc).__name__})"
                ) from exc
            if not answer.is_success:
                raise self._refused(path, answer, body)
            if body is None:
                raise self._error(
                    BadAnswer, f"answered {path} with no JSON object", answer.status_code
                )
            return parse(body)

        return await self._repeats.of(once)

    async def act(
        self,
        path: str,
        *,
        accept: Callable[[JsonObject], SendResult],
        method: Literal["POST", "DELETE"] = "POST",
        params: Mapping[str, Any] | None = None,
        json: JsonObject | None = None,
        not_found: Refusal = Refusal.THIS_PERSON,
    ) -> SendResult:
        """Ask once. `accept` reads a 2xx answer, {} where it is empty; BadAnswer makes it unknown.

        `not_found` is what a 404 means here.
        """
        try:
            request = self._request(method, path, params, json)
        except UnicodeError:
            return SendResult.refused(Refusal.OUR_MISTAKE, "unencodable_text: nothing was sent")
        try:
            answer, body = await self._exchange(request)
        except NEVER_LEFT as exc:
            return SendResult.refused(Refusal.RETRY_LATER, f"not_connected: {type(exc).__name__}")
        except Exception as exc:  # noqa: BLE001  whatever broke, the request may have left
            return SendResult(outcome="unknown", detail=f"no_answer: {type(exc).__name__}")
        status = answer.status_code
        if answer.is_success and body is not None:
            try:
                return accept(body)
            except BadAnswer:
                pass
        if answer.is_success or answer.is_redirect or status >= 500 or status == 408:
            return SendResult(outcome="unknown", detail=f"unreadable_answer: status {status}")
        refusal = not_found if status == 404 else _MEANS.get(status, _OURS)[1]
        said = _words(body) or f"status {status}"
        return SendResult.refused(refusal, said, asked_pause(answer, self._clock.now()))

    def bad_answer(self, what: str) -> BadAnswer:
        """An answer that was read and is none."""
        error = self._error(BadAnswer, what, 200)
        assert isinstance(error, BadAnswer)  # noqa: S101  narrows what was just made
        return error

    def _request(
        self,
        method: str,
        path: str,
        params: Mapping[str, Any] | None,
        json: JsonObject | None,
    ) -> httpx.Request:
        return self._http.build_request(
            method,
            f"{self._root}/{path}",
            params=dict(params or {}) or None,
            json=json,
            headers=self._headers,
            timeout=timeouts(self._timeout_seconds),
        )

    async def _exchange(self, request: httpx.Request) -> tuple[httpx.Response, JsonObject | None]:
        response = await whole_answer(
            self._http, request, self._clock, timeout_seconds=self._timeout_seconds
        )
        content = response.content
        if content.lstrip().startswith(b"["):  # a bare list is as good as one with a name
            content = b'{"items": ' + content + b"}"
        return response, json_object_of(content) if content.strip() else {}

    def _refused(self, path: str, answer: httpx.Response, body: JsonObject | None) -> ServiceError:
        status = answer.status_code
        usual = (TryLater, None) if status >= 500 or status == 408 else _OURS
        said = f"answered {status} {_words(body)}".rstrip()
        return self._error(
            _MEANS.get(status, usual)[0],
            f"{said} to {path}",
            status,
            asked_pause(answer, self._clock.now()),
        )

    def _error(
        self, kind: type[ServiceError], what: str, status: int = 0, pause: float | None = None
    ) -> ServiceError:
        name = self.vendor.name
        return kind(
            f"{name} {what}",
            _REMEDIES[kind].format(name=name),
            service=name.lower(),
            status=status,
            retry_after_seconds=pause,
        )


_OURS = (RequestRefused, Refusal.OUR_MISTAKE)
_BLOCKED = (AccountBlocked, Refusal.ACCOUNT_BLOCKED)
_MEANS: Mapping[int, tuple[type[ServiceError], Refusal]] = {
    401: _BLOCKED,
    402: _BLOCKED,
    403: _BLOCKED,
    404: (PersonRefused, Refusal.THIS_PERSON),
    425: (TryLater, Refusal.RETRY_LATER),
    429: (TryLater, Refusal.RETRY_LATER),
}
"""What a status means for a read, and for an act; a server's own error leaves an act unknown."""

_REMEDIES: Mapping[type[ServiceError], str] = {
    AccountBlocked: "see in {name} whether the key is right and the plan has its API",
    PersonRefused: "this person is left out",
    RequestRefused: "do not repeat it; run `ingagents doctor` to check the settings",
    TryLater: "nothing is lost, try again later",
    BadAnswer: "try again later; if it stays so, check linkedin.base_url",
}


def _words(body: JsonObject | None) -> str:
    """A vendor's own words of an error, wherever it puts them."""
    texts = (words_of((body or {}).get(field), 200) for field in _SAID_IN)
    return " - ".join(dict.fromkeys(filter(None, texts)))


_SAID_IN = ("title", "errorMessage", "message", "error", "detail")


def _root_of(vendor: Vendor, access: LinkedInAccess) -> httpx.URL:
    """Where the API stands: the vendor's own address, or one that the settings name instead.

    Raises:
        SettingsError: this is no address.
    """
    text = access.base_url.strip().rstrip("/") or vendor.root
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in {"http", "https"} or not url.host or url.userinfo:
        raise SettingsError(
            f"{access.table}.base_url {masked(text)[:100]!r} is not an address",
            f"leave it empty: {vendor.name} has one address, {vendor.root}",
        )
    path = url.path.rstrip("/")
    return url.copy_with(path=path if path.endswith(vendor.path) else path + vendor.path)
