"""Requests to a model's server: time limits, repeats, reading JSON, and errors as ours.

The vendors' SDKs build the requests; their answers are read here from the bytes as they came, for
compatible servers send half of what the SDKs' types promise.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Iterator
from typing import NamedTuple

import anyio
import httpx2

from ingagents.errors import BadAnswer, ServiceError, TryLater
from ingagents.integrations.http.bounded_body import AnswerRefused
from ingagents.integrations.http.client import retry_after_seconds
from ingagents.integrations.http.retry import Repeats
from ingagents.integrations.http.sanitise import JsonObject
from ingagents.integrations.llm.bodies import body_of, error_in
from ingagents.integrations.llm.complaints import (
    Complaint,
    complaint_in,
    complaint_of,
    meant_status,
    verdict_on,
)
from ingagents.ports import Clock

NOT_CONNECTED = "not_connected"
"""The error code of a request that never left: nothing can have been billed for it."""

_WORDS_LENGTH_MAX, _CODE_LENGTH_MAX = 400, 200


class SdkErrors(NamedTuple):
    """The classes an SDK raises: for an answer of 4xx or 5xx, and for whatever goes wrong."""

    status: type[Exception]
    every: type[Exception]


class ModelWire:
    """Requests to one server. `timeout_seconds` bounds each try as a whole, in real seconds."""

    def __init__(
        self,
        name: str,
        *,
        errors: SdkErrors,
        clock: Clock,
        timeout_seconds: float,
        retries: int,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.name = name
        self._errors = errors
        self._clock = clock
        self._timeout_seconds = timeout_seconds
        self.repeats = Repeats(
            clock,
            retries=retries,
            event="model.request_repeated",
            told_as="debug",
            pace=clock.pace,  # a model's server counts real seconds, however fast our days go
            jitter=jitter,
        )

    async def exchange(self, send: Callable[[], Awaitable[httpx2.Response]]) -> JsonObject:
        """One request; the JSON object it brought. Raises as `ports.ModelProvider` promises."""
        try:
            with self._clock.busy(), anyio.fail_after(self._timeout_seconds):
                response = await send()
                content = await response.aread()
        except self._errors.status as exc:
            refused = getattr(exc, "response", None)
            if not isinstance(refused, httpx2.Response):
                raise self._no_answer(exc) from exc
            raise self._refusal(refused) from exc
        except (self._errors.every, httpx2.HTTPError, TimeoutError, OSError) as exc:
            unpacked = [one for one in _causes(exc) if isinstance(one, AnswerRefused)]
            raise (self.unreadable(str(unpacked[0])) if unpacked else self._no_answer(exc)) from exc
        body = body_of(content)
        if body is None:
            raise self.unreadable("is not a JSON object")
        complaint = complaint_in(error_in(body))
        if status := meant_status(complaint) if complaint else 0:
            raise self._complained(status, complaint, response.headers)
        if complaint:
            raise self.unreadable(f"says {complaint.words[:_WORDS_LENGTH_MAX] or complaint.code}")
        return body

    def unreadable(self, what: str) -> BadAnswer:
        """The error for an answer that is no model's answer."""
        return BadAnswer(
            f"{self.name}'s answer {what}",
            "try again later; if it stays so, check the base_url",
            service=self.name,
            status=200,
        )

    def _no_answer(self, exc: Exception) -> TryLater:
        causes = list(_causes(exc))
        # Only classes are named: an exception's own text may quote what was sent.
        unreached = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
        return TryLater(
            f"{self.name} did not answer ({type(causes[-1]).__name__})",
            "check the network and the base_url; the rules decide meanwhile",
            service=self.name,
            code=NOT_CONNECTED
            if any(isinstance(one, unreached) for one in causes)
            else "no_answer",
        )

    def _refusal(self, response: httpx2.Response) -> ServiceError:
        complaint = complaint_of(response.content)
        return self._complained(response.status_code, complaint, response.headers)

    def _complained(
        self, status: int, complaint: Complaint, headers: httpx2.Headers
    ) -> ServiceError:
        code, words = complaint.code[:_CODE_LENGTH_MAX], complaint.words[:_WORDS_LENGTH_MAX]
        said = f"{code}: {words}" if code and words else code or words
        kind, remedy = verdict_on(status, complaint.said)
        pause = _asked_pause(headers, self._clock)
        return kind(
            f"{self.name} answered {status} {said}".strip(),
            remedy,
            service=self.name,
            status=status,
            code=code,
            retry_after_seconds=complaint.pause if pause is None else pause,
        )


def _asked_pause(headers: httpx2.Headers, clock: Clock) -> float | None:
    milliseconds = headers.get("retry-after-ms", "")
    if milliseconds.isascii() and milliseconds.isdecimal() and len(milliseconds) < 10:
        return int(milliseconds) / 1000
    return retry_after_seconds(headers.get("retry-after"), clock.now(), headers.get("date"))


def _causes(exc: BaseException) -> Iterator[BaseException]:
    """The exception and what it was raised from, ten at most."""
    found: BaseException | None = exc
    for _ in range(10):
        if found is None:
            return
        yield found
        found = found.__cause__
