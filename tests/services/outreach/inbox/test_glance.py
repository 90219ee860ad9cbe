"""The cheap look: an answer is known within minutes, and where nothing changed it costs one request."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from ingagents.events import ResponseReceived
from ingagents.sandbox.faults import FaultRule
from ingagents.sandbox.market.people import Person
from tests.store.steps import counted
from tests.world import AT_ONCE, World, dead_letters, journal_of

RARELY: dict[str, Any] = {
    "outreach": {
        **AT_ONCE["outreach"],
        "process_interval_minutes": 100_000,
        "response_check_interval_hours": 2_000,
    },
    "sales_manager": {
        "monitor_interval_minutes": 100_000,
        "coordination_time": "23:50",
        "report_time": "23:50",
    },
    "lead_finder": {"search_time": "23:50"},
}
"""Nothing but the cheap look ever wakes outreach."""


def wrote_at(world: World, person: Person) -> datetime:
    """When a person first answered."""
    return min(one.at for one in world.market.story(person).said if one.sender is not None)


async def written_to(world: World, department: Any, *kinds: str, count: int = 1) -> list[Person]:
    people = world.welcoming(*kinds or ("positive",), count=count)
    await world.allocate(department, *people)
    await department.once("outreach")
    await department.once("replies")
    return people


@pytest.mark.parametrize("kind", ["positive", "question", "refusal", "opt_out"])
async def test_an_answer_is_known_within_minutes_and_once_though_two_looks_see_it(world, kind):
    async with world.at_work(**RARELY) as department:
        (person,) = await written_to(world, department, kind)
        await department.run(until=wrote_at(world, person) + timedelta(minutes=6))
        assert len(await journal_of(department, ResponseReceived)) == 1
        await department.once("replies")
        await department.run(until=world.now + timedelta(hours=1))
        assert len(await journal_of(department, ResponseReceived)) == 1
        assert len(world.mail.about(person.name)) == (kind in {"positive", "question"})
        assert await dead_letters(department) == []


async def test_idle_hours_cost_twelve_requests_each_and_no_commit_however_many_conversations(world):
    async with world.at_work(**RARELY) as department:
        people = world.silent(15)
        await world.allocate(department, *people)
        await department.once("outreach")
        await department.once("replies")
        await department.run(until=world.now + timedelta(hours=2))  # what is new to it once
        asked = len(world.requests)
        with counted(department.store) as cost:
            await department.run(until=world.now + timedelta(hours=5))
        assert len(world.requests) - asked == 5 * 12
        writes = [one for one in cost.statements if one.startswith(("INSERT", "UPDATE", "DELETE"))]
        assert [one for one in writes if "agents.health" not in one] == []


async def test_a_chat_that_changed_is_read_once_and_no_other_one(world):
    async with world.at_work(**RARELY) as department:
        (person,) = await written_to(world, department)
        await department.run(until=wrote_at(world, person) - timedelta(minutes=6))
        asked = world.asked("GET /chats/")
        await department.run(until=wrote_at(world, person) + timedelta(hours=1))
        assert world.asked("GET /chats/") - asked == 1


@pytest.mark.parametrize("on", ["GET /chats", "GET /chats/"])
async def test_what_cannot_be_read_now_is_read_soon_after(world, on):
    async with world.at_work(**RARELY) as department:
        (person,) = await written_to(world, department)
        await department.run(until=wrote_at(world, person) - timedelta(minutes=1))
        world.plan(FaultRule(kind="500", on=on, probability=1.0))
        await department.run(until=world.now + timedelta(minutes=20))
        assert await journal_of(department, ResponseReceived) == []
        world.plan()
        await department.run(until=world.now + timedelta(minutes=20))
        assert len(await journal_of(department, ResponseReceived)) == 1
