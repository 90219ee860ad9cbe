"""Stopping the campaign for whom nothing more is to be written to: once, and whatever else holds."""

from __future__ import annotations

from functools import partial

import pytest

from ingagents.model import ContactStatus, DeliveryKind, DeliveryState
from ingagents.sandbox.faults import FaultRule
from ingagents.store.tables import deliveries
from tests.world import dies, lead_of


async def test_whoever_is_closed_by_the_team_is_stopped_once_and_sent_nothing(world):
    (person,) = world.silent()
    async with world.at_work() as department:
        (lead_id,) = await world.allocate(department, person)
        await department.once("outreach")
        await department.leads.stage(lead_id, "Lost", by="robin")
        stopped = []
        for _ in range(3):
            world.pass_time(minutes=10)
            done = await department.once("outreach")
            stopped.append(done.figures["withdrawn"])
        lead = await lead_of(department, person)
        acts = await department.store.read(partial(deliveries.of_recipient, recipient=lead.id))
    assert world.kinds(person) == ["enrolment", "stop"]
    assert stopped == [1, 0, 0]
    assert lead.contact_status is ContactStatus.CLOSED
    assert [(act.kind, act.state) for act in acts] == [
        (DeliveryKind.ENROLMENT, DeliveryState.SENT),
        (DeliveryKind.STOP, DeliveryState.SENT),
    ]


async def test_the_kill_switch_holds_no_stop(world):
    (person,) = world.silent()
    async with world.at_work() as department:
        (lead_id,) = await world.allocate(department, person)
        await department.once("outreach")
        await department.leads.stage(lead_id, "Lost", by="robin")
        await department.pause(reason="looking into it", by="robin")
        world.pass_time(minutes=10)
        await department.once("outreach")
    assert world.kinds(person) == ["enrolment", "stop"]


@pytest.mark.parametrize("kind", ["act_then_500", "act_then_drop", "504"])
async def test_a_stop_in_doubt_is_read_back_and_tried_again_only_if_it_did_not_happen(world, kind):
    (person,) = world.silent()
    async with world.at_work() as department:
        (lead_id,) = await world.allocate(department, person)
        await department.once("outreach")
        await department.leads.stage(lead_id, "Lost", by="robin")
        world.fail(kind, "POST /campaign/StopLead")
        for _ in range(8):
            world.pass_time(minutes=5)
            await department.once("outreach")
    assert world.kinds(person) == ["enrolment", "stop"]


async def test_a_list_that_is_late_is_no_word_that_somebody_was_stopped(world):
    (person,) = world.silent()
    async with world.at_work() as department:
        (lead_id,) = await world.allocate(department, person)
        await department.once("outreach")
        await department.leads.stage(lead_id, "Lost", by="robin")
        world.plan(
            FaultRule(kind="500", on="POST /campaign/StopLead", requests=(1,)), lag_seconds=5000
        )
        for _ in range(24):
            world.pass_time(minutes=5)
            await department.once("outreach")
    assert world.kinds(person) == ["enrolment", "stop"]


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_death_around_a_stop_ends_in_one_stop(world, moment):
    (person,) = world.silent()
    (world.die_before if moment == "before" else world.die_after).add(2)
    with dies():
        async with world.at_work() as department:
            (lead_id,) = await world.allocate(department, person)
            await department.once("outreach")
            await department.leads.stage(lead_id, "Lost", by="robin")
            await department.once("outreach")
    async with world.at_work() as department:
        for _ in range(8):
            world.pass_time(minutes=6)
            await department.once("outreach")
    assert world.kinds(person).count("stop") == 1


async def test_whoever_answered_is_stopped_and_is_a_humans_turn(world):
    (person,) = world.welcoming("positive", "question", "meeting")
    async with world.at_work() as department:
        await world.allocate(department, person)
        await department.once("outreach")
        world.pass_time(hours=2)
        await department.once("outreach")
        world.pass_time(hours=4)
        await department.once("replies")
        await department.once("outreach")
        lead = await lead_of(department, person)
    assert world.kinds(person) == ["enrolment", "invitation", "stop"]
    assert lead.contact_status is ContactStatus.RESPONDED


@pytest.mark.parametrize("answers", [True, False])
async def test_an_answer_that_the_thorough_look_finds_calls_for_the_next_pass(world, answers: bool):
    """Else the campaign would go on with whoever answered until the next pass is due."""
    person = world.welcoming("positive", "question", "meeting")[0] if answers else world.silent()[0]
    async with world.at_work() as department:
        await world.allocate(department, person)
        await department.once("outreach")
        world.pass_time(hours=2)
        await department.once("outreach")
        world.pass_time(hours=4)
        await department.once("replies")
        agent = await department.agent("outreach")
        assert (agent.left_until() <= world.now) is answers


async def test_a_campaign_that_cannot_be_read_holds_no_enrolment_up(world):
    (person,) = world.silent()
    async with world.at_work() as department:
        await world.allocate(department, person)
        world.fail("html", "POST /campaign/GetLeads", requests=(1, 2, 3))
        await department.once("outreach")
    assert world.kinds(person) == ["enrolment"]
