"""A vendor's plain JSON API behind a key, for vendors whose answers mean what their HTTP status says.

`read` and `act` are the two verbs of every service (`http.two_verbs`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
from ingagents.integrations.http.client import asked_pause, checked_key, timeouts
from ingagents.integrations.http.sanitise import JsonObject, json_object_of, words_of
from ingagents.integrations.http.two_verbs import TwoVerbs, unknown
from ingagents.masking import masked
from ingagents.model import Refusal, SendResult
from ingagents.ports import Clock, LinkedInAccess

T = TypeVar("T")
E = TypeVar("E", bound=ServiceError)


class Vendor(NamedTuple):
    """What is a vendor's own: its name, where its API stands, and the header of its key."""

    name: str
    root: str
    path: str
    """The end of the root, which people leave out of an address of their own."""
    key_header: str


class JsonApi(TwoVerbs):
    """Requests to one vendor, as `TwoVerbs` bounds and repeats them.

    Raises:
        SettingsError: the key or the address cannot be right.
    """

    def __init__(
        self, vendor: Vendor, access: LinkedInAccess, http: httpx.AsyncClient, clock: Clock
    ) -> None:
        super().__init__(
            http,
            clock,
            timeout_seconds=access.timeout_seconds,
            retries=access.retries,
            jitter=access.jitter,
        )
        self.vendor = vendor
        self._root = _root_of(vendor, access)
        self._headers = {
            vendor.key_header: checked_key(access.api_key, f"{vendor.name}'s key", access.table),
            "Accept": "application/json",
            "User-Agent": "ingagents",
        }

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
        return await self._read(path, lambda: self._request(method, path, params, json), parse)

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
        return await self._act(
            path,
            lambda: self._request(method, path, params, json),
            accept,
            lambda answer: self._not_done(answer, not_found),
        )

    def bad_answer(self, what: str) -> BadAnswer:
        """An answer that was read and is none."""
        return self._error(BadAnswer, what, 200)

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

    def _object_in(self, asked: str, answer: httpx.Response) -> JsonObject:
        body = _body_of(answer)
        if body is None:
            raise self._unreadable(asked, "no JSON object", answer.status_code)
        return body

    def _unreadable(self, asked: str, what: str, status: int = 0) -> BadAnswer:
        return self._error(BadAnswer, f"answered {asked} with {what}", status)

    def _no_answer(self, asked: str, fault: str) -> TryLater:
        return self._error(TryLater, f"did not answer {asked} ({fault})")

    def _error_of(self, asked: str, answer: httpx.Response) -> ServiceError:
        status = answer.status_code
        usual = TryLater if _is_servers_own(status) else RequestRefused
        return self._error(
            _MEANS[status][0] if status in _MEANS else usual,
            f"{f'answered {status} {_words(answer)}'.rstrip()} to {asked}",
            status,
            asked_pause(answer, self._clock.now()),
        )

    def _not_done(self, answer: httpx.Response, not_found: Refusal) -> SendResult:
        status = answer.status_code
        if answer.is_redirect or _is_servers_own(status):
            return unknown(f"unreadable_answer: status {status}")
        refusal = not_found if status == 404 else _MEANS.get(status, _OURS)[1]
        said = _words(answer) or f"status {status}"
        return SendResult.refused(refusal, said, asked_pause(answer, self._clock.now()))

    def _error(self, kind: type[E], what: str, status: int = 0, pause: float | None = None) -> E:
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


def _is_servers_own(status: int) -> bool:
    """Whether the server has failed, so that an act may be done all the same."""
    return status >= 500 or status == 408


def _body_of(answer: httpx.Response) -> JsonObject | None:
    content = answer.content
    if content.lstrip().startswith(b"["):  # a bare list is as good as one with a name
        content = b'{"items": ' + content + b"}"
    return json_object_of(content) if content.strip() else {}


def _words(answer: httpx.Response) -> str:
    """A vendor's own words of an error, wherever it puts them."""
    body = _body_of(answer) or {}
    texts = (words_of(body.get(field), 200) for field in _SAID_IN)
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
