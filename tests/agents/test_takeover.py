"""What a process leaves in its role when it ends is gone on with by another within half a minute.

Half a minute of the machine: on these clocks 600 times as much.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest

from ingagents.app.department import Department
from ingagents.commands import LeadAllocation
from ingagents.store.tables import leases
from tests.world import World, outreach_of, statuses

SOON = timedelta(seconds=30)
NO_JOB_FOR_LONG: dict[str, Any] = {
    "outreach": {
        "process_interval_minutes": 100_000,
        "response_check_interval_hours": 2_000,
        "rate_limiting": {
            "min_interval_minutes": 5,
            "max_interval_minutes": 5,
            "working_hours_start": "00:00",
            "working_hours_end": "24:00",
        },
    }
}


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path, size=60)
    world.go_to(0, 10)
    return world


@asynccontextmanager
async def idle(world: World) -> AsyncGenerator[Department, None]:
    """A running department that has nothing to do and expects nothing for weeks."""
    async with world.department(**NO_JOB_FOR_LONG) as department:
        await department.once("outreach")
        await department.once("replies")
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(lambda: outreach_of(department).start())
            await world.clock.sleep_until(world.now + timedelta(hours=1))
            yield department
            tasks.cancel_scope.cancel()


async def until_sent(world: World, count: int) -> None:
    deadline = world.now + SOON * world.clock.pace
    while len(world.acts()) < count:
        assert world.now < deadline, f"{len(world.acts())} of {count} after half a minute"
        await world.clock.sleep_until(world.now + timedelta(minutes=1))


async def test_an_allocation_that_died_with_the_process_that_heard_of_it(world):
    """It held the role: its lease runs out, and whoever takes it looks what is to do."""
    async with world.keeping_time(), idle(world):
        async with world.department(**NO_JOB_FOR_LONG) as other:
            agent = await other.agent("outreach")
            async with other.queue.session("outreach") as session:
                ids = await world.allocate(other, *world.strangers(2))
                event = LeadAllocation(lead_ids=tuple(ids), strategy="test")
                await other.queue.publish("sales_manager", event)
                await session.process_messages(
                    lambda event: agent.process_message(event, session), agent="outreach"
                )
                session._queue._release = no_release
        await until_sent(world, 2)


async def no_release(*_: Any) -> None:
    """A process that is gone releases nothing."""


async def test_a_gap_that_only_a_dead_process_was_waiting_for(world):
    """It held nothing, and only it knew when to go on: that stands in the database."""
    async with world.keeping_time(), idle(world) as department:
        async with world.department(**NO_JOB_FOR_LONG) as other:
            await world.allocate(other, *world.strangers(2))
            await other.once("outreach")
            assert len(world.acts()) == 1
        await until_sent(world, 2)
        assert await statuses(department) == {"Message Sent": 2}


async def test_a_role_that_nobody_left_anything_in_calls_nobody(world):
    async with world.keeping_time(), world.department(**NO_JOB_FOR_LONG) as department:
        await department.once("outreach")

        def calls(role: str, holder: str = "somebody") -> Any:
            return lambda t: leases.calls(t, role, holder=holder, now=world.now)

        assert not await department.store.read(calls("outreach"))
        assert not await department.store.read(calls("sales_manager"))
        async with department.queue.session("outreach"):
            assert not await department.store.read(calls("outreach")), "its holder lives"
