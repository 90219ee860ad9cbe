"""Who waits for events is woken: by this process's commits, by another's, or to look by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

import anyio
import anyio.lowlevel

from ingagents.events import ROLES, Role
from ingagents.ports import Clock, Store

LISTEN_SECONDS = 1.0
"""Real seconds between two looks for events of other processes."""


@runtime_checkable
class ListeningStore(Protocol):
    """A store that hears when another process committed events."""

    def listen(self, notify: Callable[[], None]) -> None:
        """Call `notify` on the running loop each time."""
        ...


class Wakeups:
    """One for each role. Set stays set until it is cleared: a wakeup before the wait counts."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._events = {role: anyio.Event() for role in ROLES}
        self._listens = False

    def notify(self, *roles: Role) -> None:
        """Wake whoever waits: the named roles, or all."""
        for role in roles or ROLES:
            self._events[role].set()

    def clear(self, role: Role) -> None:
        """Begin anew; look at the journal afterwards, never before."""
        if self._events[role].is_set():
            self._events[role] = anyio.Event()

    async def wait(self, role: Role, *, until: datetime) -> None:
        """Return when woken, when it is time to look at the journal, or at `until`."""
        if not self._listens:  # only who waits needs to hear: a task from cron does not
            self._listens = True
            if isinstance(self._store, ListeningStore):
                self._store.listen(self.notify)
        look = self._clock.now() + timedelta(seconds=LISTEN_SECONDS * self._clock.pace)
        await sleep_unless(self._events[role], clock=self._clock, until=min(look, until))


async def sleep_unless(event: anyio.Event, *, clock: Clock, until: datetime) -> None:
    """Return at `until`, or as soon as `event` is set."""
    if event.is_set():
        await anyio.lowlevel.checkpoint()
        return
    async with anyio.create_task_group() as tasks:

        async def watch() -> None:
            await event.wait()
            tasks.cancel_scope.cancel()

        tasks.start_soon(watch)
        await clock.sleep_until(until)
        tasks.cancel_scope.cancel()
