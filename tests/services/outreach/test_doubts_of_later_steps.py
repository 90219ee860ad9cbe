"""Doubts about what comes after the first contact: each step is read back by its own text."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from ingagents.app.department import Department
from ingagents.events import DeliverySettled
from ingagents.model import (
    AccountId,
    ContactStatus,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Step,
    WaitsFor,
)
from ingagents.model.step import StepKind
from ingagents.sandbox.market.people import Person
from ingagents.store.tables import deliveries
from tests.world import ACCOUNT, AT_ONCE, World, deliveries_of, journal_of, lead_of, status_of

TEXT = "Hello again, the programme is out: two days and forty talks. Would one of them be yours?"
FIRST_MESSAGE, FOLLOW_UP = Step(StepKind.FIRST_MESSAGE), Step(StepKind.FOLLOW_UP, "1")


async def written_to(world: World, department: Department) -> Person:
    """A connection who got the first contact and says nothing."""
    (person,) = world.people(lambda p: p.distance == 1 and not world._answers(p))
    await world.allocate(department, person)
    assert (await department.once("outreach")).figures["sent"] == 1
    return person


async def died_over(
    department: Department, person: Person, step: Step, *, at: datetime, text: str = TEXT
) -> Delivery:
    """A process claimed a step and is gone."""
    lead = await lead_of(department, person)
    delivery = Delivery(
        id=department.context.new_id(),
        recipient=lead.id,
        account_id=AccountId(ACCOUNT),
        campaign=lead.campaign,
        kind=DeliveryKind.MESSAGE,
        step=step,
        text=text,
        text_hash=deliveries.fingerprint(text),
        state=DeliveryState.UNCERTAIN,
        address=person.provider_id,
        claimed_at=at,
        attempted_at=at,
    )
    assert await department.store.write(lambda t: deliveries.claim(t, delivery))
    return delivery


async def settled(world: World, department: Department, doubt: Delivery) -> Delivery:
    """How the doubt stands after all its looks."""
    for _ in range(4):
        world.pass_time(minutes=6)
        await department.once("outreach")
    lead_id = doubt.recipient
    (now,) = [one for one in await deliveries_of(department, lead_id) if one.id == doubt.id]
    return now


@pytest.mark.parametrize("step", [FIRST_MESSAGE, FOLLOW_UP])
async def test_a_step_that_arrived_is_found_by_its_own_text_in_the_chat(world, step):
    async with world.at_work(**AT_ONCE) as department:
        person = await written_to(world, department)
        world.pass_time(minutes=30)
        doubt = await died_over(department, person, step, at=world.now)
        world.market.write(person.provider_id, TEXT)
        assert (await settled(world, department, doubt)).state is DeliveryState.SENT
        assert await status_of(department, person) is ContactStatus.MESSAGE_SENT
        assert len(world.acts(person)) == 2


@pytest.mark.parametrize(
    "other",
    [
        "Hello again, the programme is out: two days and forty talks.",
        TEXT + " Best, Robin",
        f"> {TEXT}",
        f"As I wrote: {TEXT}",
        "Another step's text altogether.",
    ],
    ids=["beginning", "longer", "quoted", "within", "another"],
)
async def test_no_other_text_of_ours_settles_it(world, other):
    async with world.at_work(**AT_ONCE) as department:
        person = await written_to(world, department)
        world.pass_time(minutes=30)
        doubt = await died_over(department, person, FOLLOW_UP, at=world.now)
        world.market.write(person.provider_id, other)
        stands = await settled(world, department, doubt)
        assert stands.state is DeliveryState.UNCERTAIN
        assert not any(look.found for look in stands.looks)


async def test_the_question_names_the_step_and_the_lead_stays_where_it_stands(world):
    async with world.at_work(**AT_ONCE) as department:
        person = await written_to(world, department)
        world.pass_time(minutes=30)
        doubt = await died_over(department, person, FOLLOW_UP, at=world.now)
        await settled(world, department, doubt)
        assert await status_of(department, person) is ContactStatus.MESSAGE_SENT
        (review,) = (await department.reviews.list()).reviews
        assert review.step == FOLLOW_UP
        assert review.reasons[0].why == "it was the follow-up 1"
        lead = await lead_of(department, person)
        assert (lead.next_step, lead.waits_for) == ("", WaitsFor.HUMAN)
        assert lead.next_step_reason.endswith(f"`ingagents review show {review.id}`")


@pytest.mark.parametrize("went", [True, False])
async def test_a_humans_word_about_it_is_about_this_step_alone(world, went):
    async with world.at_work(**AT_ONCE) as department:
        person = await written_to(world, department)
        world.pass_time(minutes=30)
        doubt = await died_over(department, person, FOLLOW_UP, at=world.now)
        await settled(world, department, doubt)
        (review,) = (await department.reviews.list()).reviews
        if went:
            await department.reviews.approve(review.id, by="Kim")
        else:
            await department.reviews.reject(review.id, reason="not there", by="Kim")
        acts = {one.id: one for one in await deliveries_of(department, doubt.recipient)}
        assert acts[doubt.id].state is (DeliveryState.SENT if went else DeliveryState.LOST)
        lead = await lead_of(department, person)
        assert lead.contact_status is ContactStatus.MESSAGE_SENT
        assert lead.step == ("follow_up_1" if went else "first_message")
        assert lead.allocated_at is not None
        events: list[Any] = [
            e for e in await journal_of(department, DeliverySettled) if e.delivery_id == doubt.id
        ]
        assert [one.verdict for one in events] == ["human", "sent" if went else "not_sent"]


async def test_a_lost_step_may_be_claimed_again(world):
    async with world.at_work(**AT_ONCE) as department:
        person = await written_to(world, department)
        world.pass_time(minutes=30)
        doubt = await died_over(department, person, FOLLOW_UP, at=world.now)
        await settled(world, department, doubt)
        (review,) = (await department.reviews.list()).reviews
        await department.reviews.reject(review.id, reason="not there", by="Kim")
        again = await died_over(department, person, FOLLOW_UP, at=world.now)
        world.market.write(person.provider_id, TEXT)
        assert (await settled(world, department, again)).state is DeliveryState.SENT
