"""Sends spans as OpenTelemetry's OTLP over HTTP in JSON, from a thread of its own.

Whoever works never waits for it: what it cannot take at once, or nobody takes from it, is lost.
"""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

import httpx

from ingagents.log import narrator
from ingagents.tracing import Listener, Span, Value, told_to

_WAITING_MAX = 2_048
_TOGETHER_MAX = 256
_EVERY_SECONDS = 2.0
_END_SECONDS = 5.0
_KINDS = {"internal": 1, "client": 3}
_FAILED = 2


@contextmanager
def tracing(
    endpoint: str, *, timeout_seconds: float, now: Callable[[], datetime]
) -> Iterator[None]:
    """Send all spans that end while the block runs; their moments are those of `now`."""
    sender = TraceSender(endpoint, timeout_seconds=timeout_seconds)
    with sender.at_work(), told_to(Listener(take=sender.take, now=now)):
        yield


class TraceSender:
    """Takes spans for a collector at an address."""

    def __init__(self, endpoint: str, *, timeout_seconds: float) -> None:
        self._endpoint = endpoint
        self._timeout = timeout_seconds
        self._waiting: queue.Queue[Span | None] = queue.Queue(_WAITING_MAX)
        self._thread = threading.Thread(target=self._work, name="traces", daemon=True)
        self._told = False

    def take(self, span: Span) -> None:
        """Keep a span until it is sent; beyond so many it is lost."""
        with suppress(queue.Full):
            self._waiting.put_nowait(span)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Send while the block runs, and what is left within a few seconds after it."""
        self._thread.start()
        try:
            yield
        finally:
            with suppress(queue.Full):
                self._waiting.put(None, timeout=_END_SECONDS)
            self._thread.join(_END_SECONDS)

    def _work(self) -> None:
        with httpx.Client(timeout=self._timeout, follow_redirects=False) as client:
            ended = False
            while not ended:
                spans, ended = self._next()
                if spans:
                    self._send(client, spans)

    def _next(self) -> tuple[list[Span], bool]:
        """What waits, the first of it waited for; and whether it is the last."""
        spans: list[Span] = []
        with suppress(queue.Empty):
            while len(spans) < _TOGETHER_MAX:
                one = self._waiting.get(timeout=_EVERY_SECONDS if not spans else 0.05)
                if one is None:
                    return spans, True
                spans.append(one)
        return spans, False

    def _send(self, client: httpx.Client, spans: Sequence[Span]) -> None:
        content = json.dumps(otlp(spans)).encode()
        try:
            # What it says is not read: nobody bounds how much that is.
            with client.stream(
                "POST",
                self._endpoint,
                content=content,
                headers={"Content-Type": "application/json"},
            ) as answer:
                answer.raise_for_status()
        except httpx.HTTPError as exc:
            if not self._told:
                narrator().warning(
                    "traces.not_taken",
                    error=type(exc).__name__,
                    meaning="spans are lost until the collector at traces.endpoint answers",
                )
            self._told = True
        else:
            self._told = False


def otlp(spans: Sequence[Span]) -> dict[str, Any]:
    """An `ExportTraceServiceRequest`."""
    resource = {"attributes": _attributes({"service.name": "ingagents"})}
    scope = {"scope": {"name": "ingagents"}, "spans": [_span(one) for one in spans]}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [scope]}]}


def _span(one: Span) -> dict[str, Any]:
    attributes = dict(one.attributes)
    if one.failed:
        attributes["error.type"] = one.failed
    return {
        "traceId": one.trace_id,
        "spanId": one.span_id,
        "parentSpanId": one.parent_id,
        "name": one.name,
        "kind": _KINDS[one.kind],
        "startTimeUnixNano": _nanoseconds(one.began),
        "endTimeUnixNano": _nanoseconds(one.ended or one.began),
        "attributes": _attributes(attributes),
        "status": {"code": _FAILED, "message": one.failed} if one.failed else {},
    }


def _attributes(given: dict[str, Value]) -> list[dict[str, Any]]:
    return [{"key": key, "value": _value(one)} for key, one in given.items()]


def _value(one: Value) -> dict[str, Any]:
    match one:
        case bool():
            return {"boolValue": one}
        case int():
            return {"intValue": str(one)}
        case float():
            return {"doubleValue": one}
        case _:
            return {"stringValue": one}


def _nanoseconds(moment: datetime) -> str:
    return str(round(moment.timestamp() * 1_000_000) * 1_000)
