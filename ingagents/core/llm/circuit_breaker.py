"""A circuit breaker as a value: after some failures nobody asks for a while, then one probe does.

Closed: everybody may ask. Open: nobody until `until`. Half open: one probe is under way; its end
closes the breaker or opens it again, for twice as long. A probe nobody tells the end of (the
process died) counts as lost after `until`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec


class BreakerRules(msgspec.Struct, frozen=True, kw_only=True):
    """From where on it opens, and for how long. `fatal_pause` is for what only a human can mend.

    `refusals` are more than a question about ten people needs until who is refused is found.
    """

    failures: int = 3
    refusals: int = 10
    first_pause: timedelta = timedelta(seconds=60)
    longest_pause: timedelta = timedelta(minutes=15)
    fatal_pause: timedelta = timedelta(hours=1)
    probe_lasts: timedelta = timedelta(minutes=5)


class Breaker(msgspec.Struct, frozen=True, kw_only=True):
    """The state. `failures` in a row; `openings` since it was last closed; `reason` for people."""

    state: Literal["closed", "open", "half_open"] = "closed"
    failures: int = 0
    openings: int = 0
    until: datetime | None = None
    reason: str = ""


def may_ask(breaker: Breaker, now: datetime, rules: BreakerRules) -> tuple[bool, Breaker]:
    """Whether to ask at `now`, and the state from then on: who may ask a half-open one is the probe."""
    if breaker.state == "closed":
        return True, breaker
    if breaker.until is not None and now < breaker.until:
        return False, breaker
    return True, msgspec.structs.replace(breaker, state="half_open", until=now + rules.probe_lasts)


def abandoned(breaker: Breaker, now: datetime) -> Breaker:
    """The probe was given up before its end: the next one may ask at once."""
    if breaker.state != "half_open":
        return breaker
    return msgspec.structs.replace(breaker, state="open", until=now)


def succeeded(breaker: Breaker) -> Breaker:
    """An answer came that can be used: closed."""
    return breaker if breaker == Breaker() else Breaker()


def failed(
    breaker: Breaker,
    now: datetime,
    rules: BreakerRules,
    *,
    reason: str,
    pause: timedelta | None = None,
    after: int | None = None,
) -> Breaker:
    """No answer came that can be used. Opens after `rules.failures` in a row, at once after a probe.

    `after` is for failures of which more must come in a row.

    `pause` is one the service itself asked for: it opens at once for at least that long. A failure
    that comes in while the breaker is open already (its question was asked before) changes nothing.
    """
    failures = breaker.failures + 1
    if breaker.state == "open":
        return breaker
    if breaker.state == "closed" and failures < (after or rules.failures) and pause is None:
        return msgspec.structs.replace(breaker, failures=failures, reason=reason)
    lasting = min(rules.first_pause * 2 ** min(breaker.openings, 16), rules.longest_pause)
    return Breaker(
        state="open",
        failures=failures,
        openings=breaker.openings + 1,
        until=now + max(lasting, pause or lasting),
        reason=reason,
    )


def refused_for_good(
    breaker: Breaker, now: datetime, rules: BreakerRules, *, reason: str
) -> Breaker:
    """The key, the money or a permission is gone: open for long."""
    return Breaker(
        state="open",
        failures=breaker.failures + 1,
        openings=breaker.openings + 1,
        until=now + rules.fatal_pause,
        reason=reason,
    )
