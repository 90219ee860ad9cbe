"""The breakers before the model servers, and the outages that are told once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from ingagents.context import Context
from ingagents.core.llm.circuit_breaker import (
    Breaker,
    BreakerRules,
    abandoned,
    failed,
    may_ask,
    refused_for_good,
    succeeded,
)
from ingagents.errors import AccountBlocked, RequestRefused, ServiceError, TryLater
from ingagents.events import AgentError, LanguageModelBack, LanguageModelLost
from ingagents.log import narrator
from ingagents.ports import Transaction
from ingagents.store.tables import key_value

AGENT = "language_model"
"""Whose name stands at the events of this page."""

_UNHURRIED_SECONDS = 60.0
"""A server that asks for a longer pause than this is left alone for so long."""

log = narrator()


class _Heard(NamedTuple):
    """What a call's end means: `error` is for a human, once; `good` takes an outage back."""

    server: str
    changed: bool
    error: str = ""
    good: bool = False


class Breakers:
    """One for each server, by its name. They outlive the process: a task from cron counts on."""

    def __init__(self, context: Context, rules: BreakerRules, timezone: str) -> None:
        self._context = context
        self._zone = ZoneInfo(timezone)
        self._rules = rules
        self._breakers: dict[str, Breaker] | None = None
        self._lost_told = False

    async def remember(self) -> None:
        """Read them from the database, before anything else is asked of them."""
        if self._breakers is not None:
            return

        kept = await self._context.store.read(
            lambda t: key_value.noted(t, key_value.MODEL_BREAKERS)
        )
        if self._breakers is None:  # nobody else was faster
            self._breakers = msgspec.convert(kept or {}, dict[str, Breaker])

    def of(self, server: str) -> Breaker:
        """A server's breaker; closed for one nothing is known of."""
        return (self._breakers or {}).get(server, Breaker())

    def shut(self, server: str) -> str:
        """Why not to ask now; empty when one may, who is the probe of a half-open one."""
        allowed, breaker = may_ask(self.of(server), self._context.clock.now(), self._rules)
        self._set(server, breaker)
        until, reason = self._moment(breaker.until), breaker.reason
        return "" if allowed else f"{server} is left alone until {until} ({reason})"

    def give_up(self, server: str) -> None:
        """The question was given up before its end."""
        self._set(server, abandoned(self.of(server), self._context.clock.now()))

    def answered(self, server: str) -> _Heard:
        """An answer came that can be used."""
        self._lost_told = False
        return _Heard(server, self._set(server, succeeded(self.of(server))), good=True)

    def useless(self, server: str, why: str, *, refused: bool) -> _Heard:
        """An answer came that cannot be used; `refused` when the model would not answer."""
        now, rules = self._context.clock.now(), self._rules
        after = rules.refusals if refused else None
        breaker = failed(self.of(server), now, rules, reason=why, after=after)
        told = f"{server} answers nothing of use ({why}); see `ingagents doctor`"
        return self._heard(server, breaker, told)

    def failed(self, server: str, exc: ServiceError) -> _Heard:
        """No answer came."""
        before, now, rules = self.of(server), self._context.clock.now(), self._rules
        if isinstance(exc, AccountBlocked):
            after = refused_for_good(before, now, rules, reason=exc.what)
            return self._heard(server, after, exc.line())
        if isinstance(exc, RequestRefused):
            # The server is there and calls this question, or its model, wrong.
            after = failed(before, now, rules, reason=exc.what, after=rules.refusals)
            return self._heard(server, after, exc.line())
        asked = exc.retry_after_seconds or 0.0
        long = isinstance(exc, TryLater) and asked > _UNHURRIED_SECONDS
        pause = timedelta(seconds=asked) if long else None
        return self._heard(server, failed(before, now, rules, reason=exc.what, pause=pause), "")

    def note(self, transaction: Transaction, heard: _Heard) -> datetime | None:
        """Keep what a call's end means, in its own commit; since when the outage was that it ended."""
        now = self._context.clock.now()
        outage = key_value.noted(transaction, key_value.MODEL_OUTAGE) if heard.good else None
        if heard.changed or outage:
            self._keep(transaction, now)
        if heard.error:
            error = AgentError(agent=AGENT, error=heard.error, doing=f"asking {heard.server}")
            self._context.queue.append(transaction, AGENT, error)
        if not outage:
            return None
        # Whoever said that nobody answers: whoever gets a good answer takes it back.
        key_value.forget(transaction, key_value.MODEL_OUTAGE)
        lost_at = datetime.fromisoformat(outage["since"])
        back = LanguageModelBack(server=heard.server, lost_at=lost_at)
        self._context.queue.append(transaction, AGENT, back)
        return lost_at

    async def tell_if_lost(self, servers: Sequence[str], reasons: Sequence[str]) -> None:
        """Say once that none of these servers can be asked any more."""
        if self._lost_told or any(self.of(server).state == "closed" for server in servers):
            return
        now, reason = self._context.clock.now(), "; ".join(reasons)
        self._lost_told = True

        def tell(transaction: Transaction) -> bool:
            if key_value.noted(transaction, key_value.MODEL_OUTAGE):
                return False  # another process said it
            outage = {"since": now.isoformat(), "reason": reason}
            key_value.note(transaction, key_value.MODEL_OUTAGE, outage, at=now)
            self._context.queue.append(transaction, AGENT, LanguageModelLost(reason=reason))
            return True

        if await self._context.store.write(tell):
            log.warning("model.lost", why=reason, now="the rules decide")

    def _heard(self, server: str, after: Breaker, error: str) -> _Heard:
        before = self.of(server)
        begins = after.state == "open" and before.openings == 0
        if begins:
            log.warning(
                "model.left_alone", server=server, until=self._moment(after.until), why=after.reason
            )
        return _Heard(server, self._set(server, after), error if begins else "")

    def _set(self, server: str, breaker: Breaker) -> bool:
        """True when it differs from what was so."""
        before = self.of(server)
        if self._breakers is not None:
            self._breakers[server] = breaker
        return before != breaker

    def _keep(self, transaction: Transaction, now: datetime) -> None:
        standing = {
            server: breaker
            for server, breaker in (self._breakers or {}).items()
            if breaker != Breaker()
        }
        if standing:
            key_value.note(transaction, key_value.MODEL_BREAKERS, standing, at=now)
        else:
            key_value.forget(transaction, key_value.MODEL_BREAKERS)

    def _moment(self, moment: datetime | None) -> str:
        """A moment of today for people, in the department's time."""
        return f"{moment.astimezone(self._zone):%H:%M:%S %Z}" if moment else "later"
