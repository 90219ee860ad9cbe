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
from ingagents.communication.message_queue import LEASE_SECONDS
from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.schedule import Daily, Every, Job
from ingagents.errors import BusyElsewhere, TryLater
from ingagents.events import Event, Role
from ingagents.integrations.clock import JumpingClock
from ingagents.model import LeadId
from ingagents.ports import UnitOfWork
from ingagents.services.outcome import Outcome
from ingagents.store.tables import leases, schedule
from ingagents.store.tables.schedule import JobEnd, JobState
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


# ---- jobs ----


async def test_a_repeating_job_runs_at_its_interval(office: Office) -> None:
    worker = Worker(office.context)
    await let_work(office, worker, lasting=HOUR + MINUTE)
    assert worker.times("job") == [timedelta(), 30 * MINUTE, HOUR]
    assert await outcome(office) == "done"


async def test_events_come_before_jobs(office: Office) -> None:
    worker = Worker(office.context)
    await office.queue.publish("sales_manager", ALLOCATION)
    await let_work(office, worker, lasting=MINUTE)
    assert [done for _, done in worker.did][:3] == ["recover", "message", "job"]


async def test_a_job_that_is_always_due_keeps_nobody_waiting(office: Office) -> None:
    """It takes longer than its interval: what waits has its turn all the same."""
    worker = Worker(office.context, {"round": Job("round", Every(MINUTE))})
    worker.takes = 2 * MINUTE
    await let_work(office, worker, lasting=HOUR)
    assert len(worker.times("job")) > 20
    assert len(worker.times("go_on")) >= len(worker.times("job")) - 1


async def test_an_event_wakes_an_idle_agent_at_once(office: Office) -> None:
    worker = Worker(office.context)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(worker.start)
        await office.clock.sleep_until(MONDAY + 17 * MINUTE)
        await office.queue.publish("sales_manager", ALLOCATION)
        await office.clock.sleep_until(MONDAY + 18 * MINUTE)
        await worker.stop()
    assert worker.times("message") == [17 * MINUTE]


async def test_a_failed_event_is_tried_again_when_its_pause_is_over(office: Office) -> None:
    worker = Worker(office.context, {}, breaks="message")
    await office.queue.publish("sales_manager", ALLOCATION)
    await let_work(office, worker, lasting=10 * MINUTE)
    tries = [at.total_seconds() for at in worker.times("message")]
    assert tries == [0, 1, 6, 36, 156]


async def test_a_failed_job_is_tried_again_after_five_minutes(office: Office) -> None:
    worker = Worker(office.context, AT_TEN, breaks="job")
    await let_work(office, worker, lasting=70 * MINUTE + SECOND)
    assert worker.times("job") == [HOUR, 65 * MINUTE, 70 * MINUTE]
    assert (await outcome(office, "search")).startswith("failed: TypeError: broken")


async def test_a_job_that_an_outside_service_kept_from_being_done_is_tried_again(
    office: Office,
) -> None:
    class Waiting(Worker):
        async def run_job(self, job: str, session: RoleSession) -> Outcome:
            await self.do("job")
            return Outcome(summary="", figures={}, error=TryLater("the service is down"))

    worker = Waiting(office.context, AT_TEN)
    await let_work(office, worker, lasting=66 * MINUTE)
    assert worker.times("job") == [HOUR, 65 * MINUTE]
    assert worker.restarts == 0
    assert await outcome(office, "search") == "failed: service-unavailable: the service is down"


async def test_an_interrupted_job_runs_again_at_the_next_start(office: Office) -> None:
    first = Worker(office.context, AT_TEN)
    first.takes = HOUR
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(first.start)
        await office.clock.sleep_until(MONDAY + HOUR + MINUTE)
        tasks.cancel_scope.cancel()
    assert await outcome(office, "search") == "running"
    second = Worker(office.context, AT_TEN)
    await let_work(office, second, lasting=MINUTE)
    assert len(second.times("job")) == 1
    assert await outcome(office, "search") == "done"


@pytest.mark.parametrize("left", [JobState.RUNNING, JobState.FAILED])
async def test_what_was_meant_for_a_day_that_is_over_is_not_made_up_for(
    office: Office, left: JobState
) -> None:
    friday = MONDAY - timedelta(days=3) + HOUR

    def leave(transaction: Any) -> None:
        schedule.begin(transaction, "search", due_at=friday, now=friday)
        schedule.finish(transaction, "search", JobEnd(left, "x"), now=friday)

    await office.store.write(leave)
    worker = Worker(office.context, AT_TEN)
    await let_work(office, worker, lasting=2 * HOUR)
    assert worker.times("job") == [HOUR], "only Monday's own"


@pytest.mark.parametrize(
    ("starts", "runs"),
    [(MONDAY - 2 * HOUR, 1), (MONDAY + 2 * HOUR, 1), (MONDAY + 14.9 * HOUR, 1)],
    ids=["before it is due", "missed, at noon", "missed, just before midnight"],
)
async def test_a_daily_job_runs_once_on_its_day(
    office: Office, clock: JumpingClock, starts: datetime, runs: int
) -> None:
    clock.set(starts)
    worker = Worker(office.context, AT_TEN)
    midnight = MONDAY + 15 * HOUR
    await let_work(office, worker, lasting=midnight - starts)
    assert len(worker.times("job")) == runs
    again = Worker(office.context, AT_TEN)
    await let_work(office, again, lasting=9 * HOUR)
    assert again.did == [], "a restart the same night makes up for nothing"


async def test_two_departments_never_run_the_same_daily_job_twice(
    office: Office, other: Office
) -> None:
    workers = [Worker(office.context, AT_TEN), Worker(other.context, AT_TEN)]
    for worker in workers:
        worker.takes = 3 * MINUTE
    await let_work(office, *workers, lasting=timedelta(days=3))
    done = sorted(at for worker in workers for at in worker.times("job"))
    assert [at.days for at in done] == [0, 1, 2]


async def test_a_job_done_by_hand_counts_for_its_day(office: Office, clock: JumpingClock) -> None:
    clock.set(MONDAY + 2 * HOUR)
    await Worker(office.context, AT_TEN).run_now("search", patience_seconds=0)
    worker = Worker(office.context, AT_TEN)
    await let_work(office, worker, lasting=5 * HOUR)
    assert worker.did == []


async def test_run_now_handles_what_waits_first_and_raises_what_went_wrong(
    office: Office, other: Office
) -> None:
    await office.queue.publish("sales_manager", ALLOCATION)
    worker = Worker(office.context, breaks="job")
    worker.error = TryLater("the service is down")
    with pytest.raises(TryLater, match="the service is down"):
        await worker.run_now("round", patience_seconds=0)
    assert [done for _, done in worker.did] == ["recover", "message", "job"]
    assert await outcome(office) == "failed: service-unavailable: the service is down"
    async with other.queue.session("outreach"):
        with pytest.raises(BusyElsewhere):
            await worker.run_now("round", patience_seconds=LEASE_SECONDS / 2)


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
