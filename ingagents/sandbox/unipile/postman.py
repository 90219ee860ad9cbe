"""Delivers the simulated Unipile's webhooks over HTTP, as unkindly as the real one.

Each at least once and some twice, in no order, some late, a few never; connections hours late; our
own messages as well. What is not answered with exactly 200 is posted again five times, with growing
pauses. While the account is not in order only that is told. How unkind, says `FaultPlan.hooks`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol

import httpx
import msgspec

from ingagents.sandbox.chance import Draw
from ingagents.sandbox.faults import Faults
from ingagents.sandbox.market.market import Market
from ingagents.sandbox.unipile import hook_shapes as shapes
from ingagents.sandbox.unipile.webhooks import Source, Webhook, registered

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


class _News(msgspec.Struct, frozen=True):
    """Something that happened; `key` names it for the draw of its fate."""

    source: Source
    key: str
    at: datetime
    body: dict[str, Any]


class _Letter(msgspec.Struct, frozen=True):
    due: datetime
    hook: Webhook
    news: _News
    nth: int
    tries: int = 0


class Postman:
    """One for each market; what it holds is lost with it. `posted` counts, by answer."""

    def __init__(
        self, market: Market, *, account_id: str, faults: Faults, http: httpx.AsyncClient
    ) -> None:
        self.posted: list[int] = []
        self._market = market
        self._account_id = account_id
        self._faults = faults
        self._http = http
        self._held: list[_Letter] = []
        self._seen = market.now()
        self._told: dict[str, datetime] = {}
        self._state = faults.plan.account_status

    async def work(self, clock: Clock, *, every: timedelta) -> None:
        """Deliver until cancelled."""
        while True:
            with clock.busy():
                await self.post_due()
            await clock.sleep_until(clock.now() + every)

    async def post_due(self) -> None:
        """Take up what happened since the last time, and post what is due."""
        self._market.catch_up()
        now = self._market.now()
        hooks = [hook for hook in registered(self._market.record) if hook.wish.enabled]
        news = [one for one in self._news(now) if one.key not in self._told] if hooks else []
        self._held += [
            letter for one in news for hook in hooks for letter in self._letters(one, hook)
        ]
        self._held = self._held[-_HELD_MAX:]
        self._seen = now
        self._told |= {one.key: one.at for one in news}
        self._told = {key: at for key, at in self._told.items() if at >= now - _BLUR}
        due = [letter for letter in self._held if letter.due <= now]
        self._held = [letter for letter in self._held if letter.due > now]
        for letter in sorted(due, key=self._disorder):
            if letter.hook in hooks:
                await self._post(letter, now)

    def _news(self, now: datetime) -> Iterator[_News]:
        state, account = self._faults.plan.account_status, self._account_id
        if state != self._state:
            told = "RECONNECTED" if state == "OK" and self._state == "CREDENTIALS" else state
            self._state = state
            body = shapes.account_status(account, told)
            yield _News("account_status", f"{told} {now.isoformat()}", now, body)
        if state != "OK":
            return
        since = self._seen - _BLUR
        chats = {chat.id: chat.person for chat in self._market.chats(now)}
        for said in self._market.said(now):
            if said.at >= since:
                other = chats.get(said.chat_id)
                body = shapes.message_received(self._market, account, said, other)
                yield _News("messaging", said.id, said.at, body)
        for relation in self._market.relations(now):
            if relation.since >= since:
                body = shapes.new_relation(account, relation)
                yield _News("users", relation.person.key, relation.since, body)

    def _letters(self, news: _News, hook: Webhook) -> Iterator[_Letter]:
        wish, plan = hook.wish, self._faults.plan.hooks
        accounts = wish.account_ids or (self._account_id,)
        wanted = wish.source == news.source and self._account_id in accounts
        draw = Draw(self._market.seed, "hook", hook.id, news.key)
        if not wanted or news.at < hook.since or draw.chance(plan.lost):
            return
        due = news.at
        if news.source == "users":
            due += timedelta(seconds=draw.between(0, plan.relation_seconds))
        if draw.chance(plan.late):
            due += timedelta(seconds=draw.between(0, plan.late_seconds))
        yield _Letter(due, hook, news, 1)
        if draw.chance(plan.twice):
            again = timedelta(seconds=draw.between(0, plan.late_seconds))
            yield _Letter(due + again, hook, news, 2)

    def _disorder(self, letter: _Letter) -> float:
        return Draw(self._market.seed, "order", letter.hook.id, letter.news.key).fraction()

    async def _post(self, letter: _Letter, now: datetime) -> None:
        wish = letter.hook.wish
        body = {**letter.news.body}
        if "event" in body:
            body["webhook_name"] = wish.name or ""
        try:
            answer = await self._http.post(
                wish.request_url,
                content=msgspec.json.encode(body),  # its kind is told by a registered header only
                headers={pair.key: pair.value for pair in wish.headers},
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
