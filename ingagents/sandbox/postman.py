"""Delivers the simulated services' webhooks over HTTP, as unkindly as the real ones.

Each at least once and some twice, in no order, some late, a few never; connections hours late; our
own messages as well. What is not answered with exactly 200 is posted again five times, with growing
pauses. How unkind, says `FaultPlan.hooks`. What a service tells of, and to whom, is its `Teller`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol

import httpx
import msgspec

from ingagents.sandbox.chance import Draw
from ingagents.sandbox.faults import Faults
from ingagents.sandbox.market.market import Market

ANSWER_SECONDS = 30.0
"""Real ones, after which a post counts as not answered."""

_AGAIN = 5
_PAUSE = timedelta(minutes=1)
_HELD_MAX = 10_000
_BLUR = timedelta(seconds=1)
"""What happens has moments of whole milliseconds, and may happen at the very moment of a look."""


class Clock(Protocol):
    """The market's time."""

    def now(self) -> datetime: ...
    async def sleep_until(self, moment: datetime) -> None: ...
    def busy(self) -> AbstractContextManager[None]: ...


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody wants to be told of some kinds of news, and since when."""

    id: str
    url: str
    kinds: frozenset[str]
    since: datetime
    name: str = ""
    headers: Mapping[str, str] = {}


class News(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened; `key` names it for the draw of its fate. `slow`: told hours late."""

    kind: str
    key: str
    at: datetime
    body: dict[str, Any]
    slow: bool = False


class Teller(Protocol):
    """What a service tells by webhook."""

    def addresses(self) -> Sequence[Address]:
        """To whom."""
        ...

    def news(self, since: datetime, now: datetime) -> Iterable[News]:
        """Of what, from one moment to another; what was told before may be among it."""
        ...


class _Letter(msgspec.Struct, frozen=True):
    due: datetime
    to: Address
    news: News
    nth: int
    tries: int = 0


class Postman:
    """One for each market; what it holds is lost with it. `posted` counts, by answer."""

    def __init__(
        self, market: Market, *tellers: Teller, faults: Faults, http: httpx.AsyncClient
    ) -> None:
        self.posted: list[int] = []
        self._market = market
        self._tellers = tellers
        self._faults = faults
        self._http = http
        self._held: list[_Letter] = []
        self._seen = market.now()
        self._told: dict[str, datetime] = {}

    async def work(self, clock: Clock, *, every: timedelta) -> None:
        """Deliver until cancelled."""
        while True:
            with clock.busy():
                await self.post_due()
            await clock.sleep_until(clock.now() + every)

    async def post_due(self) -> None:
        """Take up what happened since the last time, and post what is due."""
        now, since = self._market.now(), self._seen - _BLUR
        open_: set[str] = set()
        for teller in self._tellers:
            to = teller.addresses()
            open_ |= {one.id for one in to}
            found = teller.news(since, now)
            news = [one for one in found if one.key not in self._told] if to else []
            self._held += [
                letter for one in news for address in to for letter in self._letters(one, address)
            ]
            self._told |= {one.key: one.at for one in news}
        self._held = self._held[-_HELD_MAX:]
        self._seen = now
        self._told = {key: at for key, at in self._told.items() if at >= now - _BLUR}
        due = [letter for letter in self._held if letter.due <= now]
        self._held = [letter for letter in self._held if letter.due > now]
        for letter in sorted(due, key=self._disorder):
            if letter.to.id in open_:
                await self._post(letter, now)

    def _letters(self, news: News, to: Address) -> Iterator[_Letter]:
        plan = self._faults.plan.hooks
        draw = Draw(self._market.seed, "hook", to.id, news.key)
        if news.kind not in to.kinds or news.at < to.since or draw.chance(plan.lost):
            return
        due = news.at
        if news.slow:
            due += timedelta(seconds=draw.between(0, plan.relation_seconds))
        if draw.chance(plan.late):
            due += timedelta(seconds=draw.between(0, plan.late_seconds))
        yield _Letter(due, to, news, 1)
        if draw.chance(plan.twice):
            again = timedelta(seconds=draw.between(0, plan.late_seconds))
            yield _Letter(due + again, to, news, 2)

    def _disorder(self, letter: _Letter) -> float:
        return Draw(self._market.seed, "order", letter.to.id, letter.news.key).fraction()

    async def _post(self, letter: _Letter, now: datetime) -> None:
        to, body = letter.to, {**letter.news.body}
        if "webhook_name" in body:
            body["webhook_name"] = to.name
        try:
            answer = await self._http.post(
                to.url,
                content=msgspec.json.encode(body),  # its kind is told by a header of theirs only
                headers=dict(to.headers),
                timeout=ANSWER_SECONDS,
                follow_redirects=False,
            )
            status = answer.status_code
        except httpx.HTTPError:
            status = 0
        self.posted = [*self.posted, status][-_HELD_MAX:]
        if status != httpx.codes.OK and letter.tries < _AGAIN:
            due = now + _PAUSE * 2**letter.tries
            again = msgspec.structs.replace(letter, due=due, tries=letter.tries + 1)
            self._held.append(again)
