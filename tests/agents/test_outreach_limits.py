"""Limits, hours and gaps hold over restarts and for several departments on one database."""

from __future__ import annotations

from datetime import timedelta

import anyio
import pytest

from tests.world import (
    AT_ONCE,
    NO_GAP,
    dead_letters,
)


async def test_the_days_limit_holds_over_restarts(world):
    people = world.strangers(12)
    settings = {"outreach": {"rate_limiting": {**NO_GAP, "daily_limit": 5}}}
    async with world.keeping_time():
        async with world.department(**settings) as department:
            await world.allocate(department, *people)
            assert (await department.once("outreach")).figures["sent"] == 5
        async with world.department(**settings) as department:
            again = await department.once("outreach")
            assert again.figures["sent"] == 0
            assert "day's limit" in again.waits_for
            assert again.waits_until == world.at(1, 9)
            world.go_to(1, 9, 1)
            assert (await department.once("outreach")).figures["sent"] == 5
            world.check(department.settings)


async def test_the_weeks_limit_holds_over_restarts_and_rolls(world):
    people = world.strangers(14)
    limits = {**NO_GAP, "daily_limit": 4, "weekly_limit": 9, "spread": "greedy"}
    settings = {"outreach": {"rate_limiting": limits}}
    sent = []
    async with world.keeping_time():
        for day in range(4):
            async with world.department(**settings) as department:
                if day == 0:
                    await world.allocate(department, *people)
                world.go_to(day, 10)
                sent.append((await department.once("outreach")).figures["sent"])
        async with world.department(**settings) as department:
            world.go_to(7, 10, 1)
            sent.append((await department.once("outreach")).figures["sent"])
            world.check(department.settings)
    assert sent == [4, 4, 1, 0, 4]


async def test_the_gap_after_a_send_holds_over_a_restart(world):
    async with world.keeping_time():
        async with world.department() as department:
            await world.allocate(department, *world.strangers(3))
            first = await department.once("outreach")
            assert first.figures["sent"] == 1
            assert first.waits_until is not None
            assert timedelta(minutes=5) <= first.waits_until - world.now <= timedelta(minutes=15)
        async with world.department() as department:
            assert (await department.once("outreach")).figures["sent"] == 0
            world.clock.hands.set(first.waits_until)
            assert (await department.once("outreach")).figures["sent"] == 1


@pytest.mark.parametrize(
    ("day", "hour", "minute"),
    [(0, 8, 59), (0, 17, 0), (0, 23, 0), (5, 12, 0)],
    ids=["early", "late", "at night", "on Saturday"],
)
async def test_nobody_is_written_to_or_visited_outside_working_hours(world, day, hour, minute):
    world.go_to(day, hour, minute)
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, *world.strangers(2))
        outcome = await department.once("outreach")
        assert outcome.figures["sent"] == 0
        assert "working hours" in outcome.waits_for
        assert world.asked("GET /users/") == 0


async def test_two_departments_on_one_database_together_keep_the_limits(world):
    limits_set = {"rate_limiting": {"daily_limit": 9, "min_interval_minutes": 5}}
    async with (
        world.keeping_time(),
        world.department(outreach=limits_set) as one,
        world.department(outreach=limits_set) as two,
    ):
        await world.allocate(one, *world.strangers(25))
        until = world.at(1, 18)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(lambda: one.run(until=until))
            tasks.start_soon(lambda: two.run(until=until))
        assert len(world.acts()) >= 15
        world.check(one.settings)
        assert await dead_letters(one) == []


async def test_a_limit_of_zero_sends_nothing(world):
    async with world.at_work(outreach={"rate_limiting": {"daily_limit": 0}}) as department:
        await world.allocate(department, *world.strangers(2))
        assert (await department.once("outreach")).figures["sent"] == 0
        assert world.acts() == []
