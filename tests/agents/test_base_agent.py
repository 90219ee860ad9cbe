"""What all agents share: the loop, its pauses, its jobs, and that one's trouble stays its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

import anyio
import pytest

from ingagents.agents.base_agent import BaseAgent
from ingagents.commands import LeadAllocation
from ingagents.communication import journal
from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.schedule import Daily, Every, Job
from ingagents.errors import TryLater
from ingagents.events import Event, Role
from ingagents.integrations.clock import JumpingClock
from ingagents.model import LeadId
from ingagents.ports import UnitOfWork
from ingagents.services.outcome import Outcome
from ingagents.store.tables import leases, schedule
from tests.factories import MONDAY
from tests.support import Office, jumping_clock, open_office

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
HALF_HOURLY = {"round": Job("round", Every(30 * MINUTE))}
AT_TEN = {"search": Job("search", Daily(time(10, 0), "UTC"))}
ALLOCATION = LeadAllocation(lead_ids=(LeadId("lead-1"),))


class Worker(BaseAgent):
    """Notes when it does what; raises or waits where it is told to."""

    agent_name: ClassVar[Role] = "outreach"

    def __init__(
        self, context: Context, jobs: Mapping[str, Job] | None = None, *, breaks: str = ""
    ) -> None:
        super().__init__(context, HALF_HOURLY if jobs is None else jobs)
        self.breaks = breaks
        self.error: Exception = TypeError("broken")
        self.did: list[tuple[datetime, str]] = []
        self.takes = timedelta()
        self.wake: datetime | None = None

    async def process_message(self, event: Event, session: RoleSession) -> UnitOfWork | None:
        await self.do("message")
        return None

    async def run_job(self, job: str, session: RoleSession) -> Outcome:
        await self.do("job")
        return Outcome(summary="done", figures={})

    async def go_on(self, session: RoleSession) -> bool:
        await self.do("go_on")
        return False

    async def recover(self, session: RoleSession) -> None:
        await self.do("recover")

    def next_wake(self, now: datetime) -> datetime:
        if self.breaks == "next_wake":
            raise self.error
        return self.wake or super().next_wake(now)

    async def do(self, what: str) -> None:
        clock = self.context.clock
        self.did.append((clock.now(), what))
        if self.takes and what == "job":
            await clock.sleep_until(clock.now() + self.takes)
        if self.breaks == what:
            raise self.error

    def times(self, what: str) -> list[timedelta]:
        return [at - MONDAY for at, done in self.did if done == what]


class Manager(Worker):
    agent_name: ClassVar[Role] = "sales_manager"


@pytest.fixture
async def clock() -> AsyncIterator[JumpingClock]:
    async with jumping_clock() as running:
        yield running


async def let_work(office: Office, *agents: BaseAgent, lasting: timedelta) -> None:
    """Run agents for a time; a loop that never rests is ended after ten real seconds."""
    with anyio.fail_after(10):
        async with anyio.create_task_group() as tasks:
            for agent in agents:
                tasks.start_soon(agent.start)
            await office.clock.sleep_until(office.clock.now() + lasting)
            for agent in agents:
                await agent.stop()


async def entries(office: Office, kind: str) -> list[journal.Entry]:
    return [e for e in await office.store.read(journal.entries) if e.type == kind]


async def outcome(office: Office, job: str = "round") -> str:
    return (await office.store.read(schedule.runs))[job].said


# ---- failures ----


@pytest.mark.parametrize("where", ["recover", "job", "go_on", "next_wake"])
async def test_a_failure_anywhere_in_the_loop_is_journaled_and_the_agent_goes_on(
    office: Office, where: str
) -> None:
    worker = Worker(office.context, breaks=where)
    await let_work(office, worker, lasting=3 * HOUR)
    assert worker.restarts >= 2
    assert worker.last_error == "TypeError: broken"
    assert worker.health_check()["status"] == "stopped"
    errors = await entries(office, "agent_error")
    assert len(errors) == worker.restarts
    assert all("TypeError: broken" in error.data for error in errors)


async def test_pauses_grow_up_to_five_minutes(office: Office) -> None:
    worker = Worker(office.context, breaks="recover")
    await let_work(office, worker, lasting=HOUR)
    tries = worker.times("recover")
    pauses = [(after - before).total_seconds() for before, after in pairwise(tries)]
    assert pauses[:9] == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert set(pauses[9:]) == {300}


async def test_an_agent_that_works_again_starts_with_the_shortest_pause(office: Office) -> None:
    worker = Worker(office.context, breaks="recover")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(worker.start)
        await office.clock.sleep_until(MONDAY + 20 * SECOND)
        worker.breaks = ""
        await office.clock.sleep_until(MONDAY + 45 * MINUTE)
        assert worker.health_check()["status"] == "healthy"
        worker.breaks, broke_at = "recover", len(worker.did)
        await office.clock.sleep_until(MONDAY + 75 * MINUTE)
        await worker.stop()
    tries = [at for at, done in worker.did[broke_at:] if done == "recover"]
    assert tries[1] - tries[0] == SECOND


async def test_one_agents_failure_leaves_the_others_alone(office: Office) -> None:
    broken, well = Worker(office.context, breaks="recover"), Manager(office.context)
    await let_work(office, broken, well, lasting=2 * HOUR + MINUTE)
    assert well.times("job") == [timedelta(), 30 * MINUTE, HOUR, 90 * MINUTE, 2 * HOUR]
    assert len(well.times("message")) == broken.restarts, "it heard of every failure"
    assert well.restarts == 0


async def test_a_failure_that_cannot_be_journaled_does_not_end_the_agent(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = Worker(office.context, breaks="recover")

    async def refuse(*_: Any) -> None:
        raise TryLater("no")

    monkeypatch.setattr(worker, "publish_event", refuse)
    await let_work(office, worker, lasting=10 * SECOND)
    assert worker.restarts >= 3


async def test_an_agent_that_wakes_for_nothing_does_not_run_hot(office: Office) -> None:
    worker = Worker(office.context)
    worker.wake = MONDAY - HOUR
    await let_work(office, worker, lasting=HOUR)
    assert 10 < len(worker.times("go_on")) < 1000


async def test_an_agent_in_real_time_rests_between_failures(tmp_path: Path) -> None:
    """The bell of its own error report must not shorten the pause."""

    class SlowClock(JumpingClock):
        naps = 0

        async def sleep_until(self, moment: datetime) -> None:
            self.naps += 1
            await super().sleep_until(moment)

    clock = SlowClock(MONDAY, pace=1.0)
    keeping = asyncio.create_task(clock.keep_time())
    async with open_office(tmp_path, clock) as office:
        worker = Manager(office.context, breaks="recover")
        await let_work(office, worker, lasting=30 * SECOND)
    keeping.cancel()
    assert len(worker.times("recover")) == 5
    assert clock.naps < 50


async def test_a_role_that_is_busy_elsewhere_is_waited_for(office: Office, other: Office) -> None:
    worker = Worker(office.context)
    async with anyio.create_task_group() as tasks:
        async with other.queue.session("outreach"):
            tasks.start_soon(worker.start)
            await office.clock.sleep_until(MONDAY + HOUR)
            assert worker.did == []
        await office.clock.sleep_until(MONDAY + 2 * HOUR)
        await worker.stop()
    assert worker.times("job")[0] >= HOUR
    assert worker.restarts == 0
    assert await entries(office, "agent_error") == []


async def test_an_agent_whose_role_was_taken_over_comes_back(office: Office, other: Office) -> None:
    worker = Worker(office.context)
    worker.takes = 10 * SECOND

    def steal(transaction: Any) -> None:
        late = office.clock.now() + timedelta(days=1)
        assert leases.acquire(transaction, "outreach", holder="x", now=late, lasts=-24 * HOUR)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(worker.start)
        await office.clock.sleep_until(MONDAY + 5 * SECOND)
        await other.store.write(steal)
        await office.clock.sleep_until(MONDAY + 10 * HOUR)
        await worker.stop()
    assert len(worker.times("job")) > 2
    assert worker.restarts == 0


# ---- stopping ----


async def test_stop_lets_the_work_in_hand_end_and_takes_no_more(office: Office) -> None:
    worker = Worker(office.context)
    worker.takes = 20 * MINUTE
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(worker.start)
        await office.clock.sleep_until(MONDAY + 5 * MINUTE)
        assert worker.health_check()["doing"] == "round"
        await worker.stop()
        await office.queue.publish("sales_manager", ALLOCATION)
    assert await outcome(office) == "done"
    assert office.clock.now() == MONDAY + 20 * MINUTE
    assert worker.times("message") == []
    assert worker.health_check()["doing"] == "stopped"


async def test_stop_ends_a_pause_at_once(office: Office) -> None:
    worker = Worker(office.context, breaks="recover")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(worker.start)
        await office.clock.sleep_until(MONDAY + 20 * MINUTE)
        await worker.stop()
    assert office.clock.now() == MONDAY + 20 * MINUTE


async def test_health_says_what_fails(office: Office) -> None:
    worker = Worker(office.context, breaks="recover")
    assert worker.health_check()["status"] == "stopped"
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(worker.start)
        await office.clock.sleep_until(MONDAY + 10 * SECOND)
        health = worker.health_check()
        await worker.stop()
    assert (health["status"], health["last_error"]) == ("failing", "TypeError: broken")
    assert health["timestamp"] == (MONDAY + 10 * SECOND).isoformat()
