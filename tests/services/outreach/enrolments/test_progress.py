"""Enrolling people in a campaign of the service's: once, never called sent, followed by polling."""

from __future__ import annotations

from functools import partial

import pytest

from ingagents.app.department import Department
from ingagents.events import MessageSent
from ingagents.model import (
    ContactStatus,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Lead,
    Profile,
    WaitsFor,
)
from ingagents.sandbox.faults import FaultRule
from ingagents.sandbox.heyreach.api import CAMPAIGN, NEXT_CAMPAIGN
from ingagents.sandbox.market.behaviour import wall_of
from ingagents.sandbox.market.campaign import Campaign
from ingagents.store.tables import deliveries, leads
from tests.world import AT_ONCE, dies, journal_of, lead_of


async def acts_of(department: Department, lead: Lead) -> list[Delivery]:
    return await department.store.read(partial(deliveries.of_recipient, recipient=lead.id))


async def test_a_first_contact_is_an_enrolment_with_all_texts_and_is_not_called_sent(world):
    (person,) = world.silent()
    async with world.at_work() as department:
        await world.allocate(department, person)
        done = await department.once("outreach")
        lead = await lead_of(department, person)
        (act,) = await acts_of(department, lead)
    assert world.kinds(person) == ["enrolment"]
    assert (done.figures["enrolled"], done.figures["sent"]) == (1, 0)
    assert lead.contact_status is ContactStatus.ENROLLED
    assert lead.waits_for is WaitsFor.SERVICE
    assert lead.sent_at is None
    assert (act.kind, act.state) == (DeliveryKind.ENROLMENT, DeliveryState.SENT)
    assert list(act.texts) == ["invitation", "first_message"]
    assert act.text == act.texts["invitation"]


@pytest.mark.parametrize("by_now", [CAMPAIGN, NEXT_CAMPAIGN], ids=["same", "another"])
async def test_what_the_campaign_did_becomes_invited_accepted_and_messaged(world, by_now):
    (person,) = world.welcoming()
    async with world.at_work() as department:
        await world.allocate(department, person)
        await department.once("outreach")
    # Whom the campaign of before has is followed on where the settings name another one.
    async with world.at_work(linkedin={"campaign_id": str(by_now)}) as department:
        world.pass_time(hours=2)
        await department.once("outreach")
        await department.once("outreach")
        invited = await lead_of(department, person)
        world.pass_time(days=3)
        await department.once("outreach")
        await department.once("outreach")
        messaged = await lead_of(department, person)
        acts = await acts_of(department, messaged)
    assert world.kinds(person) == ["enrolment", "invitation", "message"]
    assert invited.contact_status is ContactStatus.MESSAGE_SENT
    assert invited.invited_at is not None
    assert messaged.accepted_at is not None
    assert [(act.kind, str(act.step)) for act in acts] == [
        (DeliveryKind.INVITATION, "first-contact"),
        (DeliveryKind.MESSAGE, "first-message"),
    ]
    assert [act.text for act in acts] == [act.text for act in world.acts(person)[1:]]
    assert messaged.waits_for is WaitsFor.SERVICE
    assert world.market.contacted_twice(world.now) == []


async def test_a_campaign_of_before_that_is_gone_holds_nothing_up(world):
    (person,) = world.welcoming()
    async with world.at_work() as department:
        await world.allocate(department, person)
        await department.once("outreach")
        await department.store.write(
            lambda t: t.run("UPDATE deliveries SET campaign_id = '99' WHERE campaign_id <> ''")
        )
        world.pass_time(hours=2)
        done = await department.once("outreach")
    assert done.error is None


async def test_a_connections_message_counts_once_in_look_after_look(world):
    person = next(one for one in world.friends(9) if not world._answers(one))
    async with world.at_work() as department:
        await world.allocate(department, person)
        await department.once("outreach")
        world.pass_time(days=1, minutes=5)
        for _ in range(4):
            await department.once("outreach")
        acts = await acts_of(department, await lead_of(department, person))
        sent = await journal_of(department, MessageSent)
    assert world.kinds(person) == ["enrolment", "message"]
    assert [(act.kind, str(act.step)) for act in acts] == [(DeliveryKind.MESSAGE, "first-contact")]
    assert len(sent) == 1


async def test_whoever_writes_before_the_campaign_does_was_sent_no_message(talkative):
    world = talkative
    (person,) = world.silent()
    async with world.at_work() as department:
        await world.allocate(department, person)
        await department.once("outreach")
        world.pass_time(hours=2)
        await department.once("outreach")
        await department.once("outreach")
        world.market.speak(person, "Yes, I would love to speak there. What is the fee?")
        await department.once("outreach")
        await department.once("replies")
        await department.once("outreach")
        lead = await lead_of(department, person)
        acts = await acts_of(department, lead)
    assert world.kinds(person) == ["enrolment", "invitation", "stop"]
    assert lead.contact_status is ContactStatus.RESPONDED
    assert [act.kind for act in acts] == [DeliveryKind.INVITATION, DeliveryKind.STOP]


async def test_whoever_writes_before_any_touch_has_answered_and_is_not_closed(talkative):
    world = talkative
    (person,) = world.silent()
    async with world.at_work() as department:
        await world.allocate(department, person)
        await department.once("outreach")
        world.market.speak(person, "Yes, I would love to speak there. What is the fee?")
        world.pass_time(minutes=5)
        await department.once("outreach")
        before = await lead_of(department, person)
        await department.once("replies")
        await department.once("outreach")
        lead = await lead_of(department, person)
    assert world.kinds(person) == ["enrolment", "stop"]
    assert before.contact_status is ContactStatus.ENROLLED
    assert lead.contact_status is ContactStatus.RESPONDED


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (True, "Automatic reply: I am out of the office until 12 March."),
        (True, "Yes, I would love to speak there. What is the fee?"),
        (False, "Automatic reply: I am out of the office until 12 March."),
    ],
    ids=["absent", "answered", "of their own accord"],
)
async def test_of_whoever_wrote_between_two_looks_the_chat_tells_whether_the_campaign_had(
    talkative, written: bool, text: str
):
    """The list says only that they wrote, which people also do by themselves."""
    world = talkative
    person = next(one for one in world.friends(9) if not world._answers(one))
    async with world.at_work() as department:
        await world.allocate(department, person)
        await department.once("outreach")
        if written:
            world.pass_time(days=1, minutes=5)
            Campaign(world.market, CAMPAIGN).go_on(0)
        assert ("message" in world.kinds(person)) is written
        world.market.speak(person, text)
        await department.once("outreach")
        acts = await acts_of(department, await lead_of(department, person))
        sent = await journal_of(department, MessageSent)
    assert [act.kind for act in acts][:1] == [
        DeliveryKind.MESSAGE if written else DeliveryKind.ENROLMENT
    ]
    assert len(sent) == written


async def test_a_chat_that_cannot_be_read_proves_nothing_and_is_read_again(talkative):
    world = talkative
    person = next(one for one in world.friends(9) if not world._answers(one))
    async with world.at_work() as department:
        await world.allocate(department, person)
        await department.once("outreach")
        world.pass_time(days=1, minutes=5)
        Campaign(world.market, CAMPAIGN).go_on(0)
        world.market.speak(person, "Automatic reply: I am out of the office until 12 March.")
        world.plan(FaultRule(kind="500", on="POST /inbox/GetConversationsV2", probability=1.0))
        await department.once("outreach")
        world.plan()
        before = await journal_of(department, MessageSent)
        world.pass_time(hours=2)
        await department.once("outreach")
        after = await journal_of(department, MessageSent)
    assert (len(before), len(after)) == (0, 1)


async def test_whoever_is_known_by_an_id_alone_is_followed_and_heard(talkative):
    world = talkative
    (person,) = world.silent()
    known = Profile(name=person.name, position=person.title, provider_id=person.provider_id)
    async with world.at_work() as department:
        await department.leads.add([known], source="import:test")
        (lead,) = [one async for one in department.leads.every()]
        await department.store.write(
            partial(leads.allocate, lead_id=lead.id, place=1, by="test", now=world.now)
        )
        await department.once("outreach")
        world.pass_time(hours=2)
        await department.once("outreach")
        await department.once("outreach")
        (invited,) = [one async for one in department.leads.every()]
        world.market.speak(person, "Yes, I would love to speak there. What is the fee?")
        await department.once("replies")
        (answered,) = [one async for one in department.leads.every()]
    assert world.kinds(person) == ["enrolment", "invitation"]
    assert invited.contact_status is ContactStatus.MESSAGE_SENT
    assert answered.contact_status is ContactStatus.RESPONDED


@pytest.mark.parametrize("first", ["id", "address"])
async def test_two_leads_that_the_campaign_shows_as_one_are_one_and_a_no_to_either_stops_it(
    world, first
):
    (person,) = world.silent()
    by = {
        "id": Profile(name=person.name, position=person.title, provider_id=person.provider_id),
        "address": Profile(
            name=person.name,
            position=person.title,
            linkedin_url=f"https://www.linkedin.com/in/{person.slug}",
        ),
    }
    async with world.at_work() as department:
        for name in sorted(by, key=lambda name: name != first):
            await department.leads.add([by[name]], source="import:test")
            found = [one async for one in department.leads.every()]
            fresh = next(one for one in found if one.contact_status is ContactStatus.NOT_CONTACTED)
            allocate = partial(leads.allocate, lead_id=fresh.id, place=1, by="test", now=world.now)
            await department.store.write(allocate)
            await department.once("outreach")
        for _ in range(3):
            world.pass_time(hours=2)
            await department.once("outreach")
        both = [one async for one in department.leads.every()]
        (closed,) = (one for one in both if one.duplicate_of)
        (stands,) = (one for one in both if not one.duplicate_of)
        assert (closed.contact_status, closed.duplicate_of) == (ContactStatus.CLOSED, stands.id)
        assert stands.contact_status is ContactStatus.MESSAGE_SENT
        assert "stop" not in world.kinds(person)
        await department.leads.suppress(closed.id, reason="asked by phone", by="test")
        await department.once("outreach")
        await department.once("outreach")
    assert world.kinds(person).count("stop") == 1
    assert world.kinds(person).count("invitation") == 1
    assert world.market.contacted_twice(world.now) == []


async def test_a_bare_invitation_of_the_campaign_is_invited(world):
    (person,) = world.silent()
    bare = {"sequence": {"follow_ups": [], "first_touch": "bare"}}
    async with world.at_work(outreach=bare) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        world.pass_time(hours=2)
        await department.once("outreach")
        await department.once("outreach")
        lead = await lead_of(department, person)
    assert [act.text for act in world.acts(person)][1:] == [""]
    assert lead.contact_status is ContactStatus.INVITED


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_death_around_the_enrolment_is_read_back_and_nobody_is_enrolled_twice(
    world, moment
):
    (person,) = world.silent()
    (world.die_before if moment == "before" else world.die_after).add(1)
    with dies():
        async with world.at_work() as department:
            await world.allocate(department, person)
            await department.once("outreach")
    async with world.at_work() as department:
        for _ in range(12):
            world.pass_time(minutes=30)
            await department.once("outreach")
        lead = await lead_of(department, person)
    assert world.kinds(person).count("enrolment") == 1
    assert lead.contact_status in {ContactStatus.ENROLLED, ContactStatus.MESSAGE_SENT}


async def test_an_enrolment_in_doubt_is_uncertain_until_the_campaigns_list_shows_it(world):
    (person,) = world.silent()
    async with world.at_work() as department:
        await world.allocate(department, person)
        world.fail("act_then_500", "POST /campaign/AddLeads")
        await department.once("outreach")
        doubted = await lead_of(department, person)
        for _ in range(3):
            world.pass_time(minutes=5)
            await department.once("outreach")
        lead = await lead_of(department, person)
    assert doubted.contact_status is ContactStatus.UNCERTAIN
    assert lead.contact_status is ContactStatus.ENROLLED
    assert world.kinds(person) == ["enrolment"]


async def test_what_the_campaign_did_while_nobody_knew_that_it_had_them_is_read_later(world):
    (person,) = world.silent()
    async with world.at_work() as department:
        await world.allocate(department, person)
        late = FaultRule(kind="act_then_500", on="POST /campaign/AddLeads", requests=(1,))
        full = FaultRule(kind="429", on="POST /campaign/AddLeads", probability=1.0)
        world.plan(late, full, lag_seconds=5000)
        for _ in range(60):
            world.pass_time(minutes=5)
            await department.once("outreach")
        world.plan()
        world.go_to(1, 10)
        for _ in range(4):
            world.pass_time(minutes=30)
            await department.once("outreach")
        lead = await lead_of(department, person)
    assert world.kinds(person).count("invitation") == 1
    assert lead.contact_status is ContactStatus.MESSAGE_SENT


async def test_a_dry_run_enrols_nobody_and_shows_the_text(world):
    (person,) = world.silent()
    async with world.at_work(live=False, linkedin={"live": False}) as department:
        await world.allocate(department, person)
        done = await department.once("outreach")
    assert world.acts() == []
    assert len(done.figures["dry_run_texts"]) == 1


async def test_enrolments_count_against_the_days_limit(world):
    people = world.silent(5)
    limits = {"daily_limit": 3, "min_interval_minutes": 0, "max_interval_minutes": 0}
    async with world.at_work(
        outreach={"sequence": {"follow_ups": []}, "rate_limiting": limits}
    ) as department:
        await world.allocate(department, *people)
        done = await department.once("outreach")
    assert done.figures["enrolled"] == 3
    assert len(world.acts()) == 3


async def test_a_human_approves_all_texts_and_those_are_what_is_given(world):
    (person,) = world.silent()
    async with world.at_work(
        outreach={**AT_ONCE["outreach"], "approval": "all", "sequence": {"follow_ups": []}}
    ) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        (review,) = (await department.reviews.list()).reviews
        assert list(review.texts) == ["invitation", "first_message"]
        edited = f"{review.text} Until soon!"
        await department.reviews.edit(review.id, edited, by="robin")
        world.pass_time(minutes=30)
        await department.once("outreach")
        (act,) = await acts_of(department, await lead_of(department, person))
    assert act.texts == {**review.texts, "invitation": edited}


async def test_whoever_cannot_be_written_to_in_every_step_is_a_humans_turn(world):
    (person,) = world.silent()
    async with world.at_work(outreach={"sequence": {"follow_ups": [5, 5, 5, 5, 5]}}) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        lead = await lead_of(department, person)
    assert world.acts() == []
    assert lead.contact_status is ContactStatus.NEEDS_REVIEW
    assert "follow_up" in lead.status_reason


async def test_whom_the_campaign_cannot_reach_has_failed(world):
    person = next(
        p
        for p in world.market.people
        if p.slug and p.distance > 1 and wall_of(1, p) not in {"", "cannot_resend_yet"}
    )
    async with world.at_work() as department:
        await world.allocate(department, person)
        await department.once("outreach")
        world.pass_time(hours=3)
        await department.once("outreach")
        await department.once("outreach")
        lead = await lead_of(department, person)
    assert lead.contact_status is ContactStatus.FAILED
    assert lead.status_reason == wall_of(1, person)


async def test_an_answer_is_taken_in_and_its_reading_answers_to_the_lead(world):
    (person,) = world.welcoming("positive", "question", "meeting")
    async with world.at_work() as department:
        await world.allocate(department, person)
        await department.once("outreach")
        world.pass_time(hours=2)
        await department.once("outreach")
        world.pass_time(hours=4)
        await department.once("replies")
        lead = await lead_of(department, person)
    assert lead.contact_status is ContactStatus.RESPONDED
    assert lead.response
    assert lead.written_by_hand_at is None
