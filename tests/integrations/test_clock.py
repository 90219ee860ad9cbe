"""Time in its three makes; nobody here waits for real."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import anyio
import anyio.lowlevel
import pytest

from ingagents.integrations import clock as clocks
from ingagents.integrations.clock import CompressedClock, JumpingClock, SystemClock
from tests.factories import MONDAY
from tests.support import jumping_clock

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def clock() -> AsyncIterator[JumpingClock]:
    async with jumping_clock() as running:
        yield running


# ---- jumping ----


async def test_time_jumps_to_each_sleeper_in_turn(clock: JumpingClock) -> None:
    woken: list[tuple[str, timedelta]] = []

    async def sleep(name: str, lasting: timedelta) -> None:
        await clock.sleep_until(MONDAY + lasting)
        woken.append((name, clock.now() - MONDAY))

    async with anyio.create_task_group() as tasks:
        for name, lasting in (("c", 2 * DAY), ("a", SECOND), ("b", HOUR), ("b2", HOUR)):
            tasks.start_soon(sleep, name, lasting)
    assert woken == [("a", SECOND), ("b", HOUR), ("b2", HOUR), ("c", 2 * DAY)]


async def test_a_moment_that_is_past_is_no_wait(clock: JumpingClock) -> None:
    await clock.sleep_until(MONDAY - HOUR)
    await clock.sleep_until(MONDAY)
    assert clock.now() == MONDAY


async def test_time_stands_while_anybody_has_something_to_do(clock: JumpingClock) -> None:
    """A task that hands over many times without sleeping is at work, not waiting."""
    seen: list[datetime] = []

    async def work() -> None:
        for _ in range(500):
            await asyncio.sleep(0)
            seen.append(clock.now())

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(work)
        tasks.start_soon(clock.sleep_until, MONDAY + HOUR)
    assert set(seen) == {MONDAY}
    assert clock.now() == MONDAY + HOUR


async def test_time_stands_while_somebody_waits_for_the_outside(clock: JumpingClock) -> None:
    go_on = threading.Event()
    seen: list[datetime] = []

    async def outside() -> None:
        with clock.busy(), clock.busy():
            await asyncio.to_thread(go_on.wait, 10)
            seen.append(clock.now())

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(outside)
        tasks.start_soon(clock.sleep_until, MONDAY + HOUR)
        for _ in range(300):
            await asyncio.sleep(0)
        assert clock.now() == MONDAY
        go_on.set()
    assert seen == [MONDAY]
    assert clock.now() == MONDAY + HOUR


async def test_a_cancelled_sleeper_moves_no_hands(clock: JumpingClock) -> None:
    async with anyio.create_task_group() as tasks:
        for hours in (1, 2, 3):
            tasks.start_soon(clock.sleep_until, MONDAY + hours * HOUR)
        await asyncio.sleep(0)
        tasks.cancel_scope.cancel()
    assert clock._sleepers == []
    assert clock.now() == MONDAY
    await clock.sleep_until(MONDAY + 5 * HOUR)
    assert clock.now() == MONDAY + 5 * HOUR


async def test_who_is_cancelled_at_the_moment_of_waking_is_forgotten(clock: JumpingClock) -> None:
    async with anyio.create_task_group() as tasks:

        async def first() -> None:
            await clock.sleep_until(MONDAY + HOUR)
            tasks.cancel_scope.cancel()

        tasks.start_soon(first)
        tasks.start_soon(clock.sleep_until, MONDAY + HOUR)
    assert clock._sleepers == []
    assert clock.now() == MONDAY + HOUR


async def test_a_busy_mark_is_taken_back_when_its_work_fails(clock: JumpingClock) -> None:
    with pytest.raises(ValueError, match="no"), clock.busy():
        raise ValueError("no")
    await clock.sleep_until(MONDAY + HOUR)
    assert clock.now() == MONDAY + HOUR


async def test_the_hands_can_be_put_forwards_and_backwards(clock: JumpingClock) -> None:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(clock.sleep_until, MONDAY + HOUR)
        await asyncio.sleep(0)
        clock.set(MONDAY + DAY)
    assert clock.now() == MONDAY + DAY, "a sleeper whose moment is past wakes without a jump"
    clock.set(MONDAY)
    await clock.sleep_until(MONDAY + SECOND)
    assert clock.now() == MONDAY + SECOND


async def test_who_sleeps_by_a_compressed_clock_wakes_when_its_hands_are_put_forward() -> None:
    compressed = CompressedClock(MONDAY, pace=1.0)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(compressed.sleep_until, MONDAY + DAY)
        await asyncio.sleep(0)
        compressed.set(MONDAY + DAY)
    assert MONDAY + DAY <= compressed.now() < MONDAY + DAY + HOUR


async def test_time_goes_on_after_everybody_was_away(clock: JumpingClock) -> None:
    """Nobody sleeps for a while, so the keeper itself waits to be woken."""
    for _ in range(50):
        await asyncio.sleep(0)
    for hours in (1, 2, 3):
        await clock.sleep_until(MONDAY + hours * HOUR)
        for _ in range(50):
            await asyncio.sleep(0)
    assert clock.now() == MONDAY + 3 * HOUR


async def test_where_the_loop_hides_its_queue_a_long_quiet_serves(
    clock: JumpingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clocks, "_ready_queue", lambda: None)
    await clock.sleep_until(MONDAY + HOUR)
    await clock.sleep_until(MONDAY + 2 * HOUR)
    assert clock.now() == MONDAY + 2 * HOUR


# ---- jumping, but no faster than its pace ----


class SlowMachine:
    """A wall clock that `work` moves, and waits that nobody cuts short. Stands for `time`, `anyio`."""

    Event, lowlevel = anyio.Event, anyio.lowlevel

    def __init__(self) -> None:
        self.at = 0.0
        self.waited = 0.0

    def monotonic(self) -> float:
        return self.at

    def work(self, seconds: float) -> None:
        self.at += seconds

    @contextmanager
    def move_on_after(self, seconds: float) -> Iterator[None]:
        with anyio.move_on_after(0) as scope:
            yield
        if scope.cancelled_caught:
            self.at += seconds
            self.waited += seconds


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> SlowMachine:
    made = SlowMachine()
    for name in ("time", "anyio"):
        monkeypatch.setattr(f"ingagents.integrations.clock.{name}", made)
    return made


@pytest.mark.parametrize("seconds_of_work", [0.0, 0.1, 0.5, 20.0])
async def test_a_watched_day_is_the_same_on_a_slow_machine_and_only_lasts_longer(
    clock: JumpingClock, machine: SlowMachine, seconds_of_work: float
) -> None:
    clock.keep_pace(3600)
    for hour in range(1, 11):
        await clock.sleep_until(MONDAY + hour * HOUR)
        assert clock.now() == MONDAY + hour * HOUR
        machine.work(seconds_of_work)
        assert clock.now() == MONDAY + hour * HOUR, "time stands while somebody works"
    assert machine.at == pytest.approx(max(10 + seconds_of_work, 1 + 10 * seconds_of_work))
    assert machine.waited == pytest.approx(max(1, 10 - 9 * seconds_of_work))


async def test_hands_put_forward_make_up_for_nothing(
    clock: JumpingClock, machine: SlowMachine
) -> None:
    """A night that is passed over lasts no second, and no more is hurried afterwards."""
    clock.keep_pace(3600)
    await clock.sleep_until(MONDAY + HOUR)
    clock.set(MONDAY + DAY)
    await clock.sleep_until(MONDAY + DAY + HOUR)
    assert machine.waited == pytest.approx(2)


async def test_who_comes_in_while_the_pace_is_kept_has_his_turn(clock: JumpingClock) -> None:
    """Here the wall clock is real, and the first sleeper's moment is too far for a test."""
    clock.keep_pace(1)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(clock.sleep_until, MONDAY + DAY)
        for _ in range(50):
            await asyncio.sleep(0)
        with clock.busy():
            await asyncio.sleep(0)
        before = clock.now()
        await clock.sleep_until(before)
        assert MONDAY <= before < MONDAY + HOUR
        tasks.cancel_scope.cancel()


# ---- the wall clock, slow and fast ----


class Wall:
    """A wall clock in our hands: naps move it, and are noted. Stands for `datetime`, `time`, `anyio`."""

    lowlevel = anyio.lowlevel

    def __init__(self) -> None:
        self.at = MONDAY
        self.naps: list[float] = []
        self.suspended = timedelta()

    def now(self, zone: object) -> datetime:
        assert zone is UTC
        return self.at

    def monotonic(self) -> float:
        return (self.at - MONDAY).total_seconds()

    async def sleep(self, seconds: float) -> None:
        self.nap(seconds)

    @contextmanager
    def move_on_after(self, seconds: float) -> Iterator[None]:
        """What waits inside for `Event` would wait for ever."""
        yield
        self.nap(seconds)

    def nap(self, seconds: float) -> None:
        self.naps.append(seconds)
        assert len(self.naps) < 10_000, "a sleep that never ends"
        self.at += timedelta(seconds=seconds) + self.suspended

    class Event:
        async def wait(self) -> None:
            return


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    made = Wall()
    for name in ("datetime", "time", "anyio"):
        monkeypatch.setattr(f"ingagents.integrations.clock.{name}", made)
    return made


async def test_a_long_wait_looks_at_the_wall_again_and_again(wall: Wall) -> None:
    clock = SystemClock()
    await clock.sleep_until(MONDAY + HOUR)
    assert clock.now() == MONDAY + HOUR
    assert set(wall.naps) == {60.0}
    with clock.busy():
        await clock.sleep_until(MONDAY)
    assert len(wall.naps) == 60


async def test_a_machine_that_was_suspended_does_not_oversleep(wall: Wall) -> None:
    wall.suspended = DAY
    await SystemClock().sleep_until(MONDAY + HOUR)
    assert wall.naps == [60.0]


async def test_compressed_time_runs_at_its_pace(wall: Wall) -> None:
    start = datetime(2030, 1, 1, tzinfo=UTC)
    clock = CompressedClock(start, pace=1440)
    assert clock.now() == start
    await clock.sleep_until(start + DAY)
    assert clock.now() == start + DAY
    assert sum(wall.naps) == pytest.approx(60)
    with clock.busy():
        await clock.sleep_until(start)
    assert len(wall.naps) == 1


def test_the_machines_clock_is_aware_and_in_utc() -> None:
    now = SystemClock().now()
    assert now.utcoffset() == timedelta()
    assert SystemClock.pace == 1.0
