"""What several tasks publish at the same time is one unit of work: few statements, one commit."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

import msgspec

from ingagents.errors import StoreError
from ingagents.events import Event
from ingagents.ports import Store, Transaction
from ingagents.store.engine.group_commit import settle

Append = Callable[[Transaction, str, Sequence[Event]], None]
"""Writes an agent's events inside a running commit."""


class Publisher:
    """Hands events to the store; who published hears when they are durable."""

    def __init__(self, store: Store, append: Append) -> None:
        self._store = store
        self._append = append
        self._unpublished: deque[_Unpublished] = deque()

    def publish(self, agent: str, events: Sequence[Event]) -> asyncio.Future[None]:
        """Have events committed, in the order of the calls. Called on the loop."""
        published = asyncio.get_running_loop().create_future()
        self._unpublished.append(_Unpublished(agent, events, published))
        if len(self._unpublished) == 1:
            _Publication(self._store, self._append, self._unpublished).submit()
        return published


class _Unpublished(msgspec.Struct):
    """Events of one caller, who awaits `published`."""

    agent: str
    events: Sequence[Event]
    published: asyncio.Future[None]


class _Publication:
    """One unit of work for all that is unpublished by the time it runs."""

    def __init__(self, store: Store, append: Append, unpublished: deque[_Unpublished]) -> None:
        self._store = store
        self._append = append
        self._unpublished = unpublished
        self._ours: list[_Unpublished] = []

    def submit(self) -> None:
        try:
            self._store.submit(self._publish, self._tell)
        except BaseException as exc:  # noqa: BLE001  whatever it was belongs to the caller
            self._tell(exc)

    def _publish(self, transaction: Transaction) -> None:
        self._claim()
        for agent, some in itertools.groupby(self._ours, attrgetter("agent")):
            events = list(itertools.chain.from_iterable(one.events for one in some))
            self._append(transaction, agent, events)

    def _claim(self) -> None:
        while self._unpublished:
            self._ours.append(self._unpublished.popleft())

    def _tell(self, answer: Any) -> None:
        if isinstance(answer, BaseException) and not self._ours:
            self._claim()  # it failed before it began: those who wait for it hear that
        refused = isinstance(answer, Exception) and not isinstance(answer, StoreError)
        if refused and len(self._ours) > 1:  # somebody's events cannot be written: each alone
            for one in self._ours:
                _Publication(self._store, self._append, deque([one])).submit()
        else:
            for one in self._ours:
                settle(one.published, answer)
