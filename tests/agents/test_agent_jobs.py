"""When an agent's jobs run, and what comes before them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import anyio
import pytest

from ingagents.communication.message_queue import LEASE_SECONDS
from ingagents.communication.role_session import RoleSession
from ingagents.core.schedule import Every, Job
from ingagents.errors import BusyElsewhere, TryLater
from ingagents.events import Role
from ingagents.integrations.clock import JumpingClock
from ingagents.ports import UnitOfWork
from ingagents.services.outcome import Outcome
from ingagents.store.tables import schedule
from ingagents.store.tables.schedule import JobEnd, JobState
from tests.agents.test_base_agent import (
    ALLOCATION,
    AT_TEN,
    HOUR,
    MINUTE,
    SECOND,
    Worker,
    let_work,
    outcome,
)
from tests.factories import MONDAY
from tests.support import Office, jumping_clock


@pytest.fixture
async def clock() -> AsyncIterator[JumpingClock]:
    async with jumping_clock() as running:
        yield running


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


async def test_an_idle_agent_reads_the_database_once_a_wake(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It wakes every second to see what other processes committed."""
    reads, looks = 0, 0
    read, wait = office.store.read, office.queue.wait

    async def counted_read(query: UnitOfWork) -> Any:
        nonlocal reads
        reads += 1
        return await read(query)

    async def counted_wait(role: Role, *, until: datetime) -> None:
        nonlocal looks
        looks += 1
        await wait(role, until=until)

    monkeypatch.setattr(office.store, "read", counted_read)
    monkeypatch.setattr(office.queue, "wait", counted_wait)
    await let_work(office, Worker(office.context, {}), lasting=40 * HOUR)
    assert looks > 20
    assert reads <= looks + 5, "the first look worked, and looked again afterwards"


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
