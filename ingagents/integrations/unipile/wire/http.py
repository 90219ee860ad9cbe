"""The one way to Unipile v1: address, key, lists, and what its answers mean.

`read` and `act` are the two verbs of every service (`http.two_verbs`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeVar
from urllib.parse import quote, urlsplit

import httpx

from ingagents.core.profiles.recognition import is_plain_id
from ingagents.errors import BadAnswer, ServiceError, SettingsError, TryLater
from ingagents.integrations.http.client import asked_pause, checked_key, timeouts
from ingagents.integrations.http.sanitise import JsonObject, json_object_of, words_of
from ingagents.integrations.http.two_verbs import TwoVerbs, unknown
from ingagents.integrations.unipile.ids import wrong
from ingagents.integrations.unipile.wire.errors import plain_code, remedy_for, verdict_on
from ingagents.integrations.unipile.wire.lists import Items, items_of
from ingagents.loopback import is_loopback
from ingagents.masking import masked
from ingagents.model import Profile, SendResult
from ingagents.ports import Clock

SERVICE = "unipile"
T = TypeVar("T")

_PAGES_MAX = 1000
"""No list that is read in one go has so many; LinkedIn allows some thousand open invitations."""


def api_root(base_url: str, *, end: str = "/api/v1") -> httpx.URL:
    """The root of the API for a DSN as people copy it: scheme, slash and its `end` may be missing.

    Without a scheme it is https, but http for a loopback address, where nobody has certificates.

    Raises:
        SettingsError: this is no address.
    """
    text = base_url.strip()
    wrong = SettingsError(
        f"linkedin.base_url {masked(text)[:100]!r} is not an address",
        "copy the DSN from the Unipile dashboard, such as api1.unipile.com:13111",
    )
    try:
        if "://" not in text:
            local = is_loopback(urlsplit(f"//{text}").hostname or "")
            text = f"{'http' if local else 'https'}://{text}"
        url, host = httpx.URL(text), urlsplit(text).hostname
    except (httpx.InvalidURL, ValueError):
        raise wrong from None
    if url.scheme not in {"http", "https"} or not host or url.userinfo:
        raise wrong
    path = url.path.rstrip("/")
    return url.copy_with(path=path if path.endswith(end) else f"{path}{end}", fragment=None)


class UnipileWire(TwoVerbs):
    """Requests as one connected account, as `TwoVerbs` bounds and repeats them.

    `owner` is who the account is on LinkedIn, as soon as its record was read.

    Raises:
        SettingsError: an address, key or account that cannot be right.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        base_url: str,
        api_key: str,
        account_id: str,
        clock: Clock,
        timeout_seconds: float = 30.0,
        retries: int = 3,
        jitter: Callable[[], float] = random.random,
        table: str = "linkedin",
    ) -> None:
        if not is_plain_id(account_id):
            raise SettingsError(
                f"{table}.account_id {account_id[:60]!r} is no account's id",
                "copy it from the Unipile dashboard",
            )
        super().__init__(
            http, clock, timeout_seconds=timeout_seconds, retries=retries, jitter=jitter
        )
        self.account_id = account_id
        self.owner = Profile()
        root = api_root(base_url)
        self._root = str(root.copy_with(query=None))
        # Where custom ports are blocked, the DSN is host?port=NNNNN, and stays on every request.
        self._always = root.params
        self._key = checked_key(api_key, "the key of the Unipile dashboard", table)

    async def read(
        self,
        method: Literal["GET", "POST"],
        path: str,
        *ids: str,
        parse: Callable[[JsonObject], T],
        params: Mapping[str, Any] | None = None,
        json: JsonObject | None = None,
    ) -> T:
        """What `parse` makes of the answer's JSON object; `parse` raises BadAnswer on wrong shape.

        `path` is relative to the root; each of `ids` fills a `{}` in it. Repeated on network
        errors, 429, 5xx and unreadable answers, `retries` times. Raises as `ports.LinkedInClient`
        promises.
        """
        path = _route(path, *ids)
        return await self._read(
            f"{method} {path}",
            lambda: self._request(method, path, params=params, json=json),
            parse,
        )

    async def read_items(
        self, path: str, *ids: str, params: Mapping[str, Any], limit: int, pages_max: int
    ) -> Items:
        """All items of a list, page by page; `cursor` is left over when `pages_max` was too few."""
        items: list[Any] = []
        cursor: str | None = None
        for _ in range(pages_max):
            asked = {**params, "limit": limit, **({"cursor": cursor} if cursor else {})}
            page = await self.read("GET", path, *ids, parse=items_of, params=asked)
            items += page.items
            cursor = page.cursor
            if cursor is None:
                break
        return Items(items=items, cursor=cursor)

    async def read_all(self, path: str, *, params: Mapping[str, Any], limit: int) -> list[Any]:
        """All items of a list to its end, as long as its cursor moves.

        Raises:
            BadAnswer: it leads back to a page that was read, or is longer than any real one.
        """
        items: list[Any] = []
        seen: set[str | None] = {None}
        cursor: str | None = None
        while True:
            asked = {**params, "limit": limit, **({"cursor": cursor} if cursor else {})}
            page = await self.read("GET", path, parse=items_of, params=asked)
            items += page.items
            cursor = page.cursor
            if cursor is None:
                return items
            if cursor in seen or len(seen) > _PAGES_MAX:
                raise BadAnswer(
                    f"Unipile's list {path} does not end",
                    "try again later; if it stays so, tell Unipile",
                    service=SERVICE,
                    status=200,
                )
            seen.add(cursor)

    async def act(
        self,
        path: str,
        *ids: str,
        method: Literal["POST", "DELETE"] = "POST",
        accept: Callable[[JsonObject], SendResult],
        params: Mapping[str, Any] | None = None,
        json: JsonObject | None = None,
        files: Sequence[tuple[str, tuple[None, str]]] | None = None,
    ) -> SendResult:
        """Ask once. `accept` reads the JSON object of a 2xx answer; every other end is ours.

        Each of `ids` fills a `{}` in the path.

        Raises:
            WrongAnswer: one of them is no id; nothing was asked.
        """
        path = _route(path, *ids)
        return await self._act(
            f"{method} {path}",
            lambda: self._request(method, path, params=params, json=json, files=files),
            accept,
            self._not_done,
        )

    def _request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: JsonObject | None = None,
        files: Sequence[tuple[str, tuple[None, str]]] | None = None,
    ) -> httpx.Request:
        return self._http.build_request(
            method,
            httpx.URL(f"{self._root}/{path}", params=self._always.merge(dict(params or {}))),
            json=json,
            files=files,
            headers={"X-API-KEY": self._key, "Accept": "application/json"},
            timeout=timeouts(self._timeout_seconds),
        )

    def _object_in(self, asked: str, answer: httpx.Response) -> JsonObject:
        body = json_object_of(answer.content)
        if body is None:
            raise self._unreadable(asked, "is not a JSON object", answer.status_code)
        return body

    def _unreadable(self, asked: str, what: str, status: int = 0) -> BadAnswer:
        return BadAnswer(
            f"Unipile's answer to {asked} {what}",
            remedy_for(BadAnswer),
            service=SERVICE,
            status=status,
        )

    def _no_answer(self, asked: str, fault: str) -> TryLater:
        return TryLater(
            f"Unipile did not answer {asked} ({fault})",
            "check the network and linkedin.base_url; nothing is lost, try again later",
            service=SERVICE,
        )

    def _error_of(self, asked: str, answer: httpx.Response) -> ServiceError:
        code, words = self._said(answer)
        kind = verdict_on(answer.status_code, code).error
        return kind(
            f"Unipile answered {answer.status_code} {words} to {asked}",
            remedy_for(kind, code),
            service=SERVICE,
            status=answer.status_code,
            code=code,
            retry_after_seconds=asked_pause(answer, self._clock.now()),
        )

    def _not_done(self, answer: httpx.Response) -> SendResult:
        code, words = self._said(answer)
        detail = words or f"status {answer.status_code}"
        refusal = verdict_on(answer.status_code, code).refusal
        if refusal is None:
            return unknown(detail)
        return SendResult.refused(refusal, detail, asked_pause(answer, self._clock.now()))

    def _said(self, answer: httpx.Response) -> tuple[str, str]:
        """The error's type, and that with its own words; both empty if the body is no JSON."""
        body = json_object_of(answer.content) or {}
        return worded(plain_code(body.get("type")), body)


def worded(code: str, body: JsonObject) -> tuple[str, str]:
    """An error's type, and that with the words of its body."""
    texts = [words_of(body.get(field), 200) for field in ("title", "detail")]
    words = " - ".join(dict.fromkeys(text for text in texts if text))
    return code, f"{code}: {words}" if code and words else code or words


def _route(path: str, *ids: str) -> str:
    """A path with its ids, none of which can lead anywhere else; the one place that puts them in.

    Raises:
        WrongAnswer: one of them could.
    """
    for text in ids:
        if not is_plain_id(text):
            raise wrong(f"cannot be asked about {words_of(text, 60)!r}, which is no id")
    return path.format(*(quote(text, safe="", errors="replace") for text in ids))
