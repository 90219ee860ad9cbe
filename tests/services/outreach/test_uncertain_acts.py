"""Acts without a readable answer and deaths amid an act: read back, settled, never repeated."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import anyio
import pytest

from ingagents.app.department import Department
from ingagents.model import ContactStatus, DeliveryState, Recipient
from ingagents.sandbox.faults import FaultRule
from tests.world import (
    AT_ONCE,
    NO_GAP,
    World,
    deliveries_of,
    dies,
    doubts_of,
    lead_of,
    outreach_of,
    status_of,
)


async def settle(world: World, department: Department, *, minutes: float = 15) -> None:
    """Let the looks at doubts come due, one after the other."""
    for _ in range(4):
        world.pass_time(minutes=minutes / 3)
        await department.once("outreach")


# --- doubts -----------------------------------------------------------------------------------------

ACTED = ["act_then_drop", "act_then_504", "act_then_silent", "act_then_500", "html", "truncated"]
NOT_ACTED = ["drop", "504", "silent", "500"]


@pytest.mark.parametrize("fault", [*ACTED, *NOT_ACTED])
@pytest.mark.parametrize("kind", ["invitation", "message"])
async def test_an_act_without_a_readable_answer_is_uncertain_at_once_and_then_settled(
    world, fault, kind
):
    (person,) = world.silent() if kind == "invitation" else world.friends()
    path = "POST /users/invite" if kind == "invitation" else "POST /chats"
    world.fail(fault, on=path)
    async with world.at_work(**AT_ONCE) as department:
        (_lead_id,) = await world.allocate(department, person)
        outcome = await department.once("outreach")
        assert outcome.figures["uncertain"] == 1
        assert await status_of(department, person) is ContactStatus.UNCERTAIN
        await department.once("outreach")
        assert world.sends == 1
        await settle(world, department)
        lead = await lead_of(department, person)
        if fault in ACTED:
            assert lead.contact_status is ContactStatus.MESSAGE_SENT
            assert lead.message_sent == world.acts(person)[0].text
            assert world.sends == 1
        elif kind == "invitation":  # all looks negative: one more try
            assert lead.contact_status is ContactStatus.MESSAGE_SENT
            assert world.sends == 2
        else:
            assert lead.contact_status is ContactStatus.NEEDS_REVIEW
            assert world.sends == 1
        assert len(world.acts(person)) == (0 if fault in NOT_ACTED and kind == "message" else 1)
        world.check(department.settings)


async def test_an_invitation_is_tried_once_more_and_never_a_third_time(world):
    (person,) = world.silent()
    world.fail("504", probability=1.0)
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        for _ in range(4):
            await settle(world, department)
        assert world.sends == 2
        assert await status_of(department, person) is ContactStatus.NEEDS_REVIEW


async def test_a_doubt_counts_against_the_limits(world):
    world.fail("504", probability=1.0)
    async with world.at_work(
        outreach={"rate_limiting": {**NO_GAP, "daily_limit": 3}}
    ) as department:
        await world.allocate(department, *world.strangers(5))
        outcome = await department.once("outreach")
        assert outcome.figures["uncertain"] == 3
        assert "day's limit" in outcome.waits_for


async def test_a_look_that_shows_nothing_yet_proves_nothing(world):
    """The service shows acts five minutes late: the first look is negative, a later one is not."""
    (person,) = world.silent()
    world.plan(
        FaultRule(kind="act_then_drop", on="POST /users/invite", requests=(1,)), lag_seconds=300
    )
    async with world.at_work(**AT_ONCE) as department:
        (lead_id,) = await world.allocate(department, person)
        await department.once("outreach")
        world.pass_time(minutes=2, seconds=5)
        await department.once("outreach")
        assert await status_of(department, person) is ContactStatus.UNCERTAIN
        await settle(world, department)
        (delivery,) = await deliveries_of(department, lead_id)
        assert delivery.state is DeliveryState.SENT
        assert [look.found for look in delivery.looks] == [False, True]
        assert world.sends == 1


@pytest.mark.parametrize("welcoming", [True, False], ids=["accepted meanwhile", "still pending"])
async def test_an_invitation_that_shows_only_after_all_looks_is_adopted(world, welcoming):
    (person,) = world.welcoming() if welcoming else world.silent()
    act = FaultRule(kind="act_then_drop", on="POST /users/invite", requests=(1,))
    world.plan(act, lag_seconds=3 * 3600)
    async with world.at_work(**AT_ONCE) as department:
        (lead_id,) = await world.allocate(department, person)
        await department.once("outreach")
        await settle(world, department)
        if welcoming:
            world.pass_time(hours=4)
            await department.once("outreach")
        lead = await lead_of(department, person)
        assert lead.contact_status is ContactStatus.MESSAGE_SENT
        assert lead.message_sent == world.acts(person)[0].text
        assert [act.kind for act in world.acts(person)] == ["invitation"]
        live = [
            one
            for one in await deliveries_of(department, lead_id)
            if one.state is DeliveryState.SENT
        ]
        assert len(live) == 1  # it counts against the limits


async def test_a_frozen_account_settles_no_doubt(world):
    """While the account is logged out reads are stale: they prove nothing either way."""
    (person,) = world.silent()
    world.fail("act_then_drop")
    async with world.at_work(**AT_ONCE) as department:
        (lead_id,) = await world.allocate(department, person)
        await department.once("outreach")
        world.plan(account_status="CREDENTIALS")
        await settle(world, department)
        (delivery,) = await deliveries_of(department, lead_id)
        assert delivery.state is DeliveryState.UNCERTAIN
        assert delivery.looks == ()
        world.plan()
        await settle(world, department)
        assert await status_of(department, person) is ContactStatus.MESSAGE_SENT


async def test_while_the_service_is_down_no_look_is_counted_and_it_is_not_asked_all_the_time(world):
    (person,) = world.silent()
    world.fail("act_then_drop")
    async with world.at_work(**AT_ONCE) as department:
        (lead_id,) = await world.allocate(department, person)
        await department.once("outreach")
        world.fail("500", on="GET", probability=1.0)
        before = len(world.requests)
        await department.run(until=world.now + timedelta(hours=2))
        (delivery,) = await deliveries_of(department, lead_id)
        assert delivery.looks == ()
        assert len(world.requests) - before < 2 * 12 * 10
        world.plan()
        await settle(world, department)
        assert await status_of(department, person) is ContactStatus.MESSAGE_SENT


async def test_a_person_who_cannot_be_seen_at_a_look_is_left_to_a_human(world):
    (person,) = world.silent()
    world.fail("504")
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        world.refuse(
            "resource_not_found", on=f"GET /users/{person.provider_id}", status=404, probability=1.0
        )
        await settle(world, department)
        assert await status_of(department, person) is ContactStatus.NEEDS_REVIEW
        assert world.sends == 1


async def test_the_answer_of_an_uncertain_lead_is_heard_and_the_doubt_settled(world):
    (person,) = world.welcoming("positive", "meeting", "question")
    world.fail("act_then_drop")
    async with world.at_work(**AT_ONCE) as department:
        (_lead_id,) = await world.allocate(department, person)
        await department.once("outreach")
        world.pass_time(hours=3)
        await department.once("replies")
        assert await status_of(department, person) is ContactStatus.RESPONDED
        await department.once("outreach")
        lead = await lead_of(department, person)
        assert lead.contact_status is ContactStatus.RESPONDED
        assert lead.message_sent == world.acts(person)[0].text
        assert await doubts_of(department) == []


async def test_an_allocation_taken_back_while_its_send_was_open_does_not_lead_to_a_second_one(
    world,
):
    (person,) = world.silent()
    async with world.at_work(sales_manager={"take_back_after_hours": 1}, **AT_ONCE) as department:
        (_lead_id,) = await world.allocate(department, person)
        await department.agent("outreach")
        sender = outreach_of(department).contact.sender
        send = sender.send_invitation

        async def take_back_then_send(to: Recipient, note: str) -> Any:
            world.pass_time(hours=2)
            await department.once("monitor")
            return await send(to, note)

        sender.send_invitation = take_back_then_send  # type: ignore[method-assign]
        await department.once("outreach")
        assert await status_of(department, person) is ContactStatus.MESSAGE_SENT
        await department.once("allocate")
        await department.once("outreach")
        assert len(world.acts(person)) == 1


# --- deaths -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("when", ["before the act", "after the act"])
@pytest.mark.parametrize("kind", ["invitation", "message"])
async def test_a_death_between_claim_and_outcome_is_a_doubt_that_is_read_back(world, when, kind):
    (person,) = world.silent() if kind == "invitation" else world.friends()
    (world.die_before if when == "before the act" else world.die_after).add(1)
    async with world.keeping_time():
        with dies():
            async with world.department(**AT_ONCE) as department:
                await world.allocate(department, person)
                await department.once("outreach")
        async with world.department(**AT_ONCE) as department:
            outcome = await department.once("outreach")
            assert outcome.figures["sent"] == 0
            assert await status_of(department, person) is ContactStatus.UNCERTAIN
            assert len(await doubts_of(department)) == 1
            await settle(world, department)
            expected = ContactStatus.MESSAGE_SENT
            if when == "before the act" and kind == "message":
                expected = ContactStatus.NEEDS_REVIEW
            assert await status_of(department, person) is expected
            world.check(department.settings)


async def test_work_cancelled_during_the_act_is_a_doubt_at_once(world):
    (person,) = world.silent()
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.agent("outreach")
        sender = outreach_of(department).contact.sender
        send = sender.send_invitation

        with anyio.CancelScope() as scope:

            async def act_and_hang(to: Recipient, note: str) -> Any:
                await send(to, note)
                scope.cancel()
                await anyio.sleep_forever()

            sender.send_invitation = act_and_hang  # type: ignore[method-assign]
            await department.once("outreach")
        assert scope.cancelled_caught
        assert await status_of(department, person) is ContactStatus.UNCERTAIN
        sender.send_invitation = send  # type: ignore[method-assign]
        await settle(world, department)
        assert await status_of(department, person) is ContactStatus.MESSAGE_SENT
        assert len(world.acts(person)) == 1


async def test_a_process_that_slept_between_claim_and_act_does_not_act(world):
    (person,) = world.silent()
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.agent("outreach")
        context = outreach_of(department).contact.context
        new_id = context.new_id

        def sleepy_id() -> str:
            world.pass_time(hours=2)
            return new_id()

        object.__setattr__(context, "new_id", sleepy_id)
        outcome = await department.once("outreach")
        assert outcome.figures["refused"] == 1
        assert world.sends == 0
        assert await status_of(department, person) is ContactStatus.ALLOCATED
