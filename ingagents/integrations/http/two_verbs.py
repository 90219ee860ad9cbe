"""The two verbs of every LinkedIn service: a read is repeated, an act never is.

A read may be asked again, and raises one of our errors in the end. An act is a send: it is asked once,
raises nothing for what the service did, and ends as "unknown" whenever the request may have left and
no readable yes or no came back. No service has idempotency keys, so a second send would be a second
message: this file is where that is kept.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import httpx

from ingagents.errors import BadAnswer, ServiceError, TryLater
from ingagents.integrations.http.bounded_body import AnswerRefused
from ingagents.integrations.http.client import FAULTS, NEVER_LEFT, whole_answer
from ingagents.integrations.http.retry import Repeats
from ingagents.integrations.http.sanitise import JsonObject
from ingagents.model import Refusal, SendResult
from ingagents.ports import Clock

T = TypeVar("T")


class TwoVerbs(ABC):
    """Requests to one service. `timeout_seconds` bounds each try as a whole.

    `jitter` gives numbers from 0 up to 1. Pauses between repeats are department time. What is a
    service's own is its answers: what they say, and which error or refusal that is.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        clock: Clock,
        *,
        timeout_seconds: float,
        retries: int,
        jitter: Callable[[], float],
    ) -> None:
        self._http = http
        self._clock = clock
        self._timeout_seconds = timeout_seconds
        self._repeats = Repeats(
            clock, retries=retries, event="linkedin.request_repeated", jitter=jitter
        )

    def now(self) -> datetime:
        """The present moment: nothing an answer tells of is later."""
        return self._clock.now()

    async def _read(
        self, asked: str, build: Callable[[], httpx.Request], parse: Callable[[JsonObject], T]
    ) -> T:
        """What `parse` makes of the answer to what was `asked`; repeated as `Repeats` says."""

        async def once() -> T:
            request = build()
            try:
                answer = await self._exchange(request)
            except AnswerRefused as exc:
                raise self._unreadable(asked, str(exc)) from exc
            except FAULTS as exc:  # only the class is named: its text may quote what was sent
                raise self._no_answer(asked, type(exc).__name__) from exc
            if not answer.is_success:
                raise self._error_of(asked, answer)
            return parse(self._object_in(asked, answer))

        return await self._repeats.of(once)

    async def _act(
        self,
        asked: str,
        build: Callable[[], httpx.Request],
        accept: Callable[[JsonObject], SendResult],
        not_done: Callable[[httpx.Response], SendResult],
    ) -> SendResult:
        """Ask once. `accept` reads the object of a 2xx answer, and BadAnswer makes it unknown.

        `not_done` says of any other answer whether that is refused, or may be done all the same.
        """
        try:
            request = build()
        except UnicodeError:
            return SendResult.refused(Refusal.OUR_MISTAKE, "unencodable_text: nothing was sent")
        try:
            answer = await self._exchange(request)
        except NEVER_LEFT as exc:
            return SendResult.refused(Refusal.RETRY_LATER, f"not_connected: {type(exc).__name__}")
        except Exception as exc:  # noqa: BLE001  whatever broke, the request may have left
            return unknown(f"no_answer: {type(exc).__name__}")
        if not answer.is_success:
            return not_done(answer)
        try:
            return accept(self._object_in(asked, answer))
        except BadAnswer:
            return unknown(f"unreadable_answer: status {answer.status_code}")

    async def _exchange(self, request: httpx.Request) -> httpx.Response:
        return await whole_answer(
            self._http, request, self._clock, timeout_seconds=self._timeout_seconds
        )

    @abstractmethod
    def _object_in(self, asked: str, answer: httpx.Response) -> JsonObject:
        """What a 2xx answer says.

        Raises:
            BadAnswer: nothing that can be read.
        """

    @abstractmethod
    def _unreadable(self, asked: str, what: str) -> BadAnswer:
        """The error for an answer that could not be read: `what` is wrong with it."""

    @abstractmethod
    def _no_answer(self, asked: str, fault: str) -> TryLater:
        """The error where none came."""

    @abstractmethod
    def _error_of(self, asked: str, answer: httpx.Response) -> ServiceError:
        """The error that an answer other than 2xx is to a read."""


def unknown(detail: str) -> SendResult:
    """The end of an act that may have been done."""
    return SendResult(outcome="unknown", detail=detail)
