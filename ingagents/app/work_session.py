"""The agents at work side by side: until when, how they are, and how they are let go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import anyio

from ingagents.agents.base_agent import BaseAgent
from ingagents.app.sandbox_time import SandboxTime
from ingagents.app.views.read_status import HEALTH_SECONDS
from ingagents.errors import StoreError, StoreGone
from ingagents.events import Role
from ingagents.integrations.clock import JumpingClock
from ingagents.ports import Clock, Store
from ingagents.store.tables import key_value

_LET_GO_SECONDS = 8.0
"""Real seconds for work in hand to end before it is parked; the promise is ten in all."""


@dataclass(frozen=True, kw_only=True)
class WorkSession:
    """Lets agents work."""

    agents: Mapping[Role, BaseAgent]
    store: Store
    clock: Clock
    sandbox: SandboxTime | None

    async def run(self, until: datetime | None, stop: anyio.Event) -> None:
        """Until a moment of the department's time, or the stop.

        Raises:
            StoreGone: the database's file is no longer the one that was opened; in a group.
        """
        async with anyio.create_task_group() as tasks:
            if isinstance(self.clock, JumpingClock):
                tasks.start_soon(self.clock.keep_time)
            if self.sandbox is not None:
                tasks.start_soon(self._keep_sandbox_time)
            if self.sandbox is not None and until is not None:
                tasks.start_soon(self.sandbox.skip_nights, self.clock, until)
            tasks.start_soon(self._show_health)
            async with anyio.create_task_group() as session:
                for agent in self.agents.values():
                    session.start_soon(agent.start)
                await self._wait_for_end(until, stop)
                for agent in self.agents.values():
                    await agent.stop()
                session.start_soon(self._park, session.cancel_scope)
            tasks.cancel_scope.cancel()

    async def _park(self, scope: anyio.CancelScope) -> None:
        """Give work in hand a moment to end, then park it: the journal keeps what is open.

        Real seconds: the promise is to whoever sent the signal, not to the department's clock.
        """
        with anyio.move_on_after(_LET_GO_SECONDS):
            while any(agent.is_running for agent in self.agents.values()):
                await self.clock.sleep_until(
                    self.clock.now() + timedelta(seconds=0.05 * self.clock.pace)
                )
        scope.cancel()

    async def _wait_for_end(self, until: datetime | None, stop: anyio.Event) -> None:
        async with anyio.create_task_group() as tasks:

            async def watch() -> None:
                await stop.wait()
                tasks.cancel_scope.cancel()

            tasks.start_soon(watch)
            if until is None:
                await stop.wait()
            else:
                await self.clock.sleep_until(until)
            tasks.cancel_scope.cancel()

    async def _show_health(self) -> None:
        """Let other processes (`status`, a container's health check) see how the agents are."""
        while True:
            now = self.clock.now()
            health = {role: agent.health_check() for role, agent in self.agents.items()}
            try:
                await self.store.write(
                    partial(key_value.note, name=key_value.HEALTH, value=health, at=now)
                )
            except StoreGone:
                raise
            except StoreError:
                pass  # the next one is due in a moment
            pause = timedelta(seconds=HEALTH_SECONDS / 2 * self.clock.pace)
            await self.clock.sleep_until(now + pause)

    async def _keep_sandbox_time(self) -> None:
        assert self.sandbox is not None  # noqa: S101  only started with one
        while True:
            self.sandbox.keep(self.clock)
            pause = timedelta(seconds=0.5 * self.clock.pace)
            await self.clock.sleep_until(self.clock.now() + pause)
