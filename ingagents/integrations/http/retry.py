"""The one way a request is repeated: what is worth it, and how long to wait before.

The SDKs' and clients' own repeats are off; whoever calls a service builds one `Repeats`.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Literal, TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

from ingagents.errors import BadAnswer, ServiceError, TryLater, WrongAnswer
from ingagents.integrations.http.client import RETRY_AFTER_SECONDS_MAX
from ingagents.log import narrator
from ingagents.ports import Clock

T = TypeVar("T")
_log = narrator()

_BACKOFF_SECONDS_MAX = 30.0
_TOO_MANY_REQUESTS = 429
_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504, 529})


class Repeats:
    """Calls again after network errors, 429, 5xx and unreadable answers, `retries` times at most.

    A pause the service asks for is kept, unless it is longer than `RETRY_AFTER_SECONDS_MAX`: then
    the error goes to the caller at once. Pauses are department time; one that is asked for, or that
    a busy service needs, takes `pace` of it for each second: more than 1 for a service outside of
    simulated days. `jitter` gives numbers from 0 up to 1. Each repeat is told in the log as `event`; `told_as` debug is for
    a caller who tells of the outage itself, once, however often it tries again.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        retries: int,
        event: str,
        told_as: Literal["debug", "warning"] = "warning",
        pace: float = 1.0,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._clock = clock
        self._pace = pace
        self._retries = retries
        self._event = event
        self._level = logging.getLevelNamesMapping()[told_as.upper()]
        self._jitter = jitter

    async def of(self, once: Callable[[], Awaitable[T]]) -> T:
        """What `once` returns in the end; raises its last error."""
        repeating = AsyncRetrying(
            stop=stop_after_attempt(self._retries + 1),
            retry=retry_if_exception(_is_worth_repeating),
            wait=self._pause_seconds,
            sleep=self._sleep,
            before_sleep=self._tell,
            reraise=True,
        )

        async def attempt() -> T:  # tenacity awaits only what is plainly a coroutine function
            return await once()

        return await repeating(attempt)

    async def _sleep(self, seconds: float) -> None:
        await self._clock.sleep_until(self._clock.now() + timedelta(seconds=seconds))

    def _pause_seconds(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after_seconds if isinstance(error, ServiceError) else None
        if asked is not None:
            return (asked + self._jitter()) * self._pace
        longest = min(_BACKOFF_SECONDS_MAX, 2.0 ** (state.attempt_number - 1))
        # One that is not there needs no time: its whole outage would take hours of a simulated day.
        busy = isinstance(error, ServiceError) and error.status == _TOO_MANY_REQUESTS
        return longest * (0.5 + 0.5 * self._jitter()) * (self._pace if busy else 1.0)

    def _tell(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        _log.log(
            self._level,
            self._event,
            attempt=state.attempt_number,
            pause_seconds=round(state.upcoming_sleep, 1),
            error=str(error),
        )


def _is_worth_repeating(exc: BaseException) -> bool:
    if not isinstance(exc, TryLater) or isinstance(exc, WrongAnswer):
        return False  # a wrong answer was read well: the next one may cost a counted visit
    if (exc.retry_after_seconds or 0.0) > RETRY_AFTER_SECONDS_MAX:
        return False
    unreadable = isinstance(exc, BadAnswer) and 200 <= exc.status < 300
    unreached = exc.status == 0 or exc.code == "provider_unreachable"
    return unreadable or unreached or exc.status in _STATUSES
