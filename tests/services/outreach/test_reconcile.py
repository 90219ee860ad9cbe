"""Doubts on the market: found after a death, read back in order, judged by fresh looks alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ingagents.app.department import Department
from ingagents.events import DeliverySettled, DeliveryUncertain
from ingagents.model import ContactStatus, DeliveryState
from ingagents.sandbox.market.people import Person
from ingagents.store.tables import leads
from tests.world import (
    AT_ONCE,
    World,
    deliveries_of,
    dies,
    doubts_of,
    journal_of,
    lead_of,
    status_of,
)


async def doubt_about(world: World, department: Department, *people: Person, kind: str) -> None:
    """Invitations (messages to connections) that end without an answer."""
    every = tuple(range(1, len(people) + 1))
    on = "POST /chats" if people[0].distance == 1 else "POST /users/invite"
    world.fail(kind, on=on, requests=every)
    await world.allocate(department, *people)
    outcome = await department.once("outreach")
    assert outcome.figures["uncertain"] == len(people)
    world.plan()


async def test_looks_wait_for_the_settling_time_and_are_spread_over_the_window(world):
    (person,) = world.friends()
    async with world.at_work(**AT_ONCE) as department:
        await doubt_about(world, department, person, kind="504")
        began = world.now
        await department.run(until=began + timedelta(minutes=40))
        (delivery,) = await doubts_of(department)
        minutes = [(look.at - began).total_seconds() / 60 for look in delivery.looks]
        assert len(minutes) == 3
        assert minutes[0] == pytest.approx(2, abs=0.2)
        assert minutes[1] == pytest.approx(7, abs=0.2)
        assert minutes[2] == pytest.approx(12, abs=0.2)
        (settled,) = await journal_of(department, DeliverySettled)
        assert settled.verdict == "human"


async def test_a_settled_doubt_is_not_looked_at_again(world):
    (person,) = world.friends()
    async with world.at_work(**AT_ONCE) as department:
        await doubt_about(world, department, person, kind="504")
        await department.run(until=world.now + timedelta(minutes=20))
        visits = world.asked(f"GET /users/{person.provider_id}")
        world.pass_time(hours=2)
        await department.once("outreach")
        assert world.asked(f"GET /users/{person.provider_id}") == visits


async def test_doubts_are_read_back_while_paused_and_outside_working_hours(world):
    (person,) = world.silent()
    async with world.at_work(**AT_ONCE) as department:
        await doubt_about(world, department, person, kind="act_then_drop")
        await department.pause(by="Kim")
        world.go_to(0, 22)
        await department.once("outreach")
        assert await status_of(department, person) is ContactStatus.MESSAGE_SENT


async def test_one_person_the_service_cannot_show_does_not_keep_other_doubts_open(world):
    first, second = world.silent(2)
    async with world.at_work(**AT_ONCE) as department:
        await doubt_about(world, department, first, second, kind="act_then_drop")
        world.pass_time(minutes=3)
        world.fail("500", on=f"GET /users/{first.provider_id}", probability=1.0)
        await department.once("outreach")
        assert await status_of(department, second) is ContactStatus.MESSAGE_SENT
        (delivery,) = await doubts_of(department)
        assert delivery.looks == ()


async def test_a_doubt_about_somebody_erased_is_read_back_without_harm(world):
    (person,) = world.silent()
    async with world.at_work(**AT_ONCE) as department:
        await doubt_about(world, department, person, kind="act_then_drop")
        lead = await lead_of(department, person)
        await department.store.write(
            lambda t: (
                t.run("DELETE FROM identities WHERE lead_id = :id", {"id": lead.id}),
                t.run("DELETE FROM leads WHERE id = :id", {"id": lead.id}),
            )
        )
        for _ in range(4):
            world.pass_time(minutes=5)
            await department.once("outreach")
        (delivery,) = await deliveries_of(department, lead.id)
        assert delivery.state is DeliveryState.UNCERTAIN
        assert len(world.acts()) == 1


async def test_whoever_is_suppressed_while_in_doubt_is_not_tried_again(world):
    (person,) = world.silent()
    async with world.at_work(**AT_ONCE) as department:
        await doubt_about(world, department, person, kind="504")
        lead = await lead_of(department, person)
        await department.leads.suppress(lead.linkedin_url, reason="asked", by="Kim")
        for _ in range(4):
            world.pass_time(minutes=5)
            await department.once("outreach")
        assert await status_of(department, person) is ContactStatus.SUPPRESSED
        assert world.sends == 1


async def test_an_orphan_whose_allocation_was_taken_back_still_becomes_a_doubt(world):
    (person,) = world.silent()
    world.die_after.add(1)
    async with world.keeping_time():
        with dies():
            async with world.department(**AT_ONCE) as department:
                await world.allocate(department, person)
                await department.once("outreach")
        async with world.department(**AT_ONCE) as department:
            lead = await lead_of(department, person)
            await department.store.write(
                lambda t: leads.update(
                    t, lead, now=world.now, contact_status=ContactStatus.NOT_CONTACTED
                )
            )
            await department.once("allocate")
            await department.once("outreach")
            assert await status_of(department, person) is ContactStatus.UNCERTAIN
            assert len(await journal_of(department, DeliveryUncertain)) == 1
            await department.run(until=world.now + timedelta(minutes=30))
            assert await status_of(department, person) is ContactStatus.MESSAGE_SENT
            world.check(department.settings)


async def test_looks_that_find_nothing_give_the_step_back_but_not_the_quota(world):
    people = world.silent(2)
    limits: dict[str, Any] = {"rate_limiting": {**AT_ONCE["outreach"]["rate_limiting"]}}
    limits["rate_limiting"]["daily_limit"] = 2
    async with world.at_work(outreach=limits) as department:
        await doubt_about(world, department, people[0], kind="504")
        for _ in range(3):
            world.pass_time(minutes=5)
            await department.once("outreach")
        assert await status_of(department, people[0]) is ContactStatus.MESSAGE_SENT
        await world.allocate(department, people[1])
        outcome = await department.once("outreach")
        assert outcome.figures["sent"] == 0
        assert "day's limit" in outcome.waits_for
