"""Spans: what was done within what, and how long it took, for whoever collects OpenTelemetry traces.

Nothing is kept and nothing costs anything until `told_to` names somebody who takes the spans. They
hold names of tasks, services and models and never a person's: neither texts nor addresses asked.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Value = str | int | float | bool
Kind = Literal["internal", "client"]


@dataclass(kw_only=True)
class Span:
    """One thing that was done; `failed` names the kind of error that ended it."""

    name: str
    kind: Kind
    trace_id: str
    span_id: str
    parent_id: str
    began: datetime
    ended: datetime | None = None
    failed: str = ""
    attributes: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Listener:
    """Who takes the spans that have ended, and whose time they carry."""

    take: Callable[[Span], None]
    now: Callable[[], datetime]


_listeners: list[Listener] = []
_current: ContextVar[Span | None] = ContextVar("span", default=None)


@contextmanager
def told_to(listener: Listener) -> Iterator[None]:
    """Let spans be taken while the block runs."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


@contextmanager
def span(name: str, kind: Kind = "internal", **attributes: Value) -> Iterator[dict[str, Value]]:
    """A span around the block, below the one it runs in; what is put into the dict is told of it.

    Attributes are named with "__" for a dot: `gen_ai__request__model`.
    """
    told: dict[str, Value] = {one.replace("__", "."): value for one, value in attributes.items()}
    if not _listeners:
        yield told
        return
    listener, around = _listeners[-1], _current.get()
    opened = Span(
        name=name,
        kind=kind,
        trace_id=around.trace_id if around else secrets.token_hex(16),
        span_id=secrets.token_hex(8),
        parent_id=around.span_id if around else "",
        began=listener.now(),
        attributes=told,
    )
    within = _current.set(opened)
    try:
        yield told
    except BaseException as exc:
        opened.failed = type(exc).__name__
        raise
    finally:
        _current.reset(within)
        opened.ended = listener.now()
        listener.take(opened)
