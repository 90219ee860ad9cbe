"""A department that dies again and again: what was begun is finished, and nobody is met twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ingagents.app.department import Department
from ingagents.model import ContactStatus, DeliveryState
from tests.world import (
    Died,
    World,
    dead_letters,
    deliveries_of,
    dies,
    doubts_of,
    only_deaths,
    statuses,
)

SMALL: dict[str, Any] = {
    "sales_manager": {"max_leads": 12},
    "lead_finder": {"max_leads_per_day": 20},
}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, size=60)


async def at_rest(department: Department) -> None:
    """Every lead stands somewhere sensible; what looks could not settle waits for a human."""
    found = await statuses(department)
    assert set(found) <= {status.value for status in ContactStatus}
    for doubt in await doubts_of(department):
        if doubt.recipient != "team":
            lead = await department.leads.find(doubt.recipient)
            assert lead.contact_status not in {
                ContactStatus.ALLOCATED,
                ContactStatus.NOT_CONTACTED,
                ContactStatus.UNCERTAIN,
            }
    async for lead in department.leads.every(status="Message Sent"):
        assert lead.message_sent or "adopted" in lead.status_reason


@pytest.mark.parametrize("side", ["before", "after"])
async def test_a_department_that_dies_at_every_third_send_loses_nothing_and_repeats_nothing(
    world, side
):
    (world.die_before if side == "before" else world.die_after).update(range(2, 40, 3))
    deaths = 0
    async with world.keeping_time():
        while world.now < world.at(1, 18):
            try:
                async with world.department(**SMALL) as department:
                    await department.run(until=world.at(1, 18))
            except BaseExceptionGroup as group:
                if not only_deaths(group):
                    raise
                deaths += 1
        async with world.department(**SMALL) as department:
            await department.run(until=world.at(1, 20))
            assert deaths >= 4
            assert len(world.acts()) >= 12
            assert await dead_letters(department) == []
            await at_rest(department)
            world.check(department.settings)


async def test_a_job_that_death_cut_short_is_done_after_the_restart(world):
    """The department dies in the middle of its first search, and finds its people all the same."""
    async with world.keeping_time():
        with dies():
            async with world.department(**SMALL) as department:
                linkedin = await department.linkedin()

                async def die(*_: Any, **__: Any) -> Any:
                    raise Died

                linkedin.service.profiles.search_profiles = die
                await department.run(until=world.at(0, 12))
        async with world.department(**SMALL) as department:
            await department.run(until=world.at(0, 12))
            assert sum((await statuses(department)).values()) == 20
            world.check(department.settings)


async def test_a_night_without_a_process_changes_nothing_but_the_day(world):
    async with world.keeping_time():
        async with world.department(**SMALL) as department:
            await department.run(until=world.at(0, 11))
            acts = len(world.acts())
        world.go_to(1, 8)
        async with world.department(**SMALL) as department:
            await department.run(until=world.at(1, 8, 59))
            assert len(world.acts()) == acts
            await department.run(until=world.at(1, 8, 59))
        async with world.department(**SMALL) as department:
            await department.run(until=world.at(1, 18))
            assert len(world.acts()) > acts
            world.check(department.settings)
            await at_rest(department)


async def test_half_made_acts_are_doubts_before_the_first_send_after_a_restart(world):
    world.die_after.add(1)
    async with world.keeping_time():
        with dies():
            async with world.department(**SMALL) as department:
                await department.run(until=world.at(0, 18))
        (act,) = world.acts()
        async with world.department(**SMALL) as department:
            await department.run(until=world.now + timedelta(minutes=1))
            lead = await department.leads.find(f"https://www.linkedin.com/in/{act.provider_id}")
            (delivery,) = await deliveries_of(department, lead.id)
            assert delivery.state in {DeliveryState.UNCERTAIN, DeliveryState.SENT}
            assert delivery.text == act.text
