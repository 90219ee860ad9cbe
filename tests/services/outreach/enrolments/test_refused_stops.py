"""Whom a service does not stop: tried again with pauses, and named to the team until they are out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from ingagents.app.department import Department
from ingagents.core.sending.stops import REFUSED_MOST
from ingagents.model import ContactStatus, DeliveryKind, DeliveryState, Lead, Refusal
from ingagents.sandbox.faults import FaultRule
from ingagents.sandbox.heyreach.api import NEXT_CAMPAIGN
from ingagents.sandbox.market.people import Person
from ingagents.services.management.reporting import open_now
from ingagents.store.tables import deliveries
from tests.campaign_world import CampaignWorld, DripifyWorld
from tests.world import AT_ONCE, lead_of

STOP = "POST /campaign/StopLead"
NEXT = {"linkedin": {"campaign_id": str(NEXT_CAMPAIGN)}}
WRONG = {"linkedin": {"campaign_id": "99"}}


def campaign_gone(world: CampaignWorld) -> None:
    gone = partial(FaultRule, kind="refuse", status=404, probability=1.0)
    world.plan(gone(on=STOP), gone(on="GET /campaign/GetById"))


def refused(world: CampaignWorld, status: int) -> None:
    world.plan(FaultRule(kind="refuse", on=STOP, status=status, probability=1.0))


MISTAKES: list[Callable[[CampaignWorld], None]] = [
    campaign_gone,
    partial(refused, status=403),
    partial(refused, status=404),
    partial(refused, status=422),
]


async def enrolled(world: CampaignWorld, person: Person) -> None:
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.once("outreach")


async def suppressed(department: Department, person: Person) -> Lead:
    lead = await lead_of(department, person)
    await department.leads.suppress(lead.id, reason="asked by phone", by="Kim")
    return await lead_of(department, person)


async def stops_of(department: Department, lead: Lead) -> list[DeliveryState]:
    acts = await department.store.read(partial(deliveries.of_recipient, recipient=lead.id))
    return [act.state for act in acts if act.kind is DeliveryKind.STOP]


async def named_now(world: CampaignWorld, department: Department, lead: Lead) -> list[str]:
    """What the report and the status ask of a human about somebody."""
    waiting = await department.store.read(lambda t: open_now(t, world.now.date()))
    return [one.what for one in waiting if one.lead_id == lead.id and one.link == lead.linkedin_url]


def mails_about(world: CampaignWorld, lead: Lead) -> int:
    return sum(lead.name in mail.text for mail in world.mail.taken)


@pytest.mark.parametrize("mistake", MISTAKES, ids=["campaign", "plan", "person", "mistake"])
async def test_whoever_was_not_stopped_is_named_once_and_stopped_when_it_is_mended(world, mistake):
    (person,) = world.silent()
    await enrolled(world, person)
    mistake(world)
    async with world.at_work(**AT_ONCE) as department:
        lead = await suppressed(department, person)
        for _ in range(2):
            await department.once("outreach")
            await department.once("monitor")
        (named,) = await named_now(world, department, lead)
        assert lead.name in named
        assert await stops_of(department, lead) == [DeliveryState.REFUSED]
    assert mails_about(world, lead) == 1
    world.plan()
    world.pass_time(minutes=11)
    async with world.at_work(**AT_ONCE) as department:
        await department.once("outreach")
        assert await stops_of(department, lead) == [DeliveryState.REFUSED, DeliveryState.SENT]
        assert await named_now(world, department, lead) == []
    assert world.kinds(person) == ["enrolment", "stop"]


@pytest.mark.parametrize("by_now", [NEXT, WRONG], ids=["another", "none"])
async def test_whoever_is_in_the_campaign_of_before_is_stopped_there(world, by_now):
    (person,) = world.silent()
    await enrolled(world, person)
    async with world.at_work(**AT_ONCE, **by_now) as department:
        lead = await suppressed(department, person)
        done = await department.once("outreach")
        assert await stops_of(department, lead) == [DeliveryState.SENT]
        assert await named_now(world, department, lead) == []
    assert (done.error is not None) == (by_now is WRONG)
    assert world.kinds(person) == ["enrolment", "stop"]
    world.pass_time(days=9)
    async with world.at_work(**AT_ONCE) as department:
        await department.once("outreach")
    assert world.kinds(person) == ["enrolment", "stop"]


async def test_an_enrolment_in_doubt_is_looked_for_in_the_campaign_it_was_for(world):
    (person,) = world.silent()
    world.plan(FaultRule(kind="act_then_504", on="POST /campaign/AddLeads", probability=1.0))
    await enrolled(world, person)
    world.plan()
    async with world.at_work(**AT_ONCE, **NEXT) as department:
        for _ in range(24):
            world.pass_time(hours=3)
            await department.once("outreach")
        lead = await lead_of(department, person)
        acts = await department.store.read(partial(deliveries.of_recipient, recipient=lead.id))
    assert acts[0].state is DeliveryState.SENT
    assert world.kinds(person).count("enrolment") == 1


async def test_a_campaign_that_is_not_there_is_the_accounts_trouble_and_no_persons(world):
    (person,) = world.silent()
    await enrolled(world, person)
    campaign_gone(world)
    async with world.at_work(**AT_ONCE, **WRONG) as department:
        lead = await suppressed(department, person)
        done = await department.once("outreach")
        looked = await department.once("replies")
        acts = await department.store.read(partial(deliveries.of_recipient, recipient=lead.id))
        paused = await department.status()
    (stop,) = (act for act in acts if act.kind is DeliveryKind.STOP)
    assert stop.refusal is Refusal.ACCOUNT_BLOCKED
    assert paused.paused is not None
    for outcome in (done, looked):
        assert outcome.error is not None
        assert outcome.error.kind == "account-blocked"
        assert "campaign_id" in outcome.error.remedy


async def test_what_is_refused_again_and_again_is_a_humans_after_so_many_tries(world):
    (person,) = world.silent()
    await enrolled(world, person)
    async with world.at_work(**AT_ONCE) as department:
        lead = await suppressed(department, person)
        world.plan(FaultRule(kind="refuse", on=STOP, probability=1.0))
        for _ in range(8 * REFUSED_MOST):
            world.pass_time(hours=1)
            await department.once("outreach")
            await department.once("monitor")
            assert len(await named_now(world, department, lead)) == 1
        assert await stops_of(department, lead) == [
            *[DeliveryState.REFUSED] * REFUSED_MOST,
            DeliveryState.UNCERTAIN,
        ]
        assert world.asked("POST /api/public/campaign/StopLead") == REFUSED_MOST
        (review,) = (await department.reviews.list()).reviews
        await department.reviews.approve(review.id, by="robin")
        assert (await stops_of(department, lead))[-1] is DeliveryState.SENT
        assert await named_now(world, department, lead) == []
    assert mails_about(world, lead) == 1


@pytest.fixture
def dripify(tmp_path: Path) -> DripifyWorld:
    world = DripifyWorld(tmp_path)
    world.go_to(0, 9, 30)
    return world


@pytest.mark.parametrize("says", ["sent", "left"])
async def test_whom_a_service_cannot_stop_a_human_takes_out_by_name_and_says_so(dripify, says):
    world = dripify
    (person,) = world.silent()
    await enrolled(world, person)
    async with world.at_work(**AT_ONCE) as department:
        lead = await suppressed(department, person)
        for _ in range(30):
            world.pass_time(hours=2)
            await department.once("outreach")
            await department.once("monitor")
            (named,) = await named_now(world, department, lead)
            assert lead.name in named
            assert "out of the service's campaign" in named
        (review,) = (await department.reviews.list()).reviews
        assert (review.kind, review.way) == ("send", DeliveryKind.STOP)
        assert review.reasons[0].why == "it was the end of the enrolment"
        if says == "sent":
            await department.reviews.approve(review.id, by="robin")
        else:
            await department.reviews.reject(review.id, reason="they asked for it", by="robin")
        for _ in range(3):
            world.pass_time(hours=2)
            await department.once("outreach")
        assert await stops_of(department, lead) == [
            DeliveryState.SENT if says == "sent" else DeliveryState.REFUSED
        ]
        assert await named_now(world, department, lead) == []
        assert not (await department.reviews.list()).reviews
        assert (await lead_of(department, person)).contact_status is ContactStatus.SUPPRESSED
    assert mails_about(world, lead) == 1


async def test_of_whom_is_suppressed_it_is_known_whether_a_campaign_may_still_write(world):
    person, other = world.silent(2)
    await enrolled(world, person)
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, other)
        there, not_there = await suppressed(department, person), await suppressed(department, other)
        assert await department.leads.in_a_campaign(there.id) == 1
        assert await department.leads.in_a_campaign(not_there.id) == 0
        await department.once("outreach")
        assert await department.leads.in_a_campaign(there.id) == 0
