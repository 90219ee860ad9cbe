"""What the service refuses: whom it stops and for how long, and that all others go on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ingagents.app.department import Department
from ingagents.events import AgentError, DeliveryRefused, OutreachPaused
from ingagents.model import ContactStatus, Profile, Refusal
from ingagents.sandbox.faults import FaultRule
from ingagents.sandbox.market.behaviour import wall_of
from ingagents.store.tables import deliveries, leads
from ingagents.store.tables import holds as limits
from tests.world import (
    ACCOUNT,
    AT_ONCE,
    journal_of,
    lead_of,
    status_of,
)


def refusals(code: str, *nth: int) -> list[FaultRule]:
    """The service refuses these of the invitations to come."""
    return [FaultRule(kind="refuse", on="POST /users/invite", type=code, requests=nth)]


async def held(department: Department) -> dict[str, timedelta]:
    """What is held on the account, and for how long from now."""
    holds = await department.store.read(lambda t: limits.holds(t, ACCOUNT))  # type: ignore[arg-type]
    now = department.clock.now()
    return {hold.kind: hold.until - now for hold in holds if hold.until > now}


async def test_a_note_that_is_refused_is_tried_bare_at_once_and_then_the_notes_are_spent(world):
    people, friends = world.strangers(4), world.friends(2)
    world.refuse("cannot_resend_yet")
    async with world.at_work(**AT_ONCE) as department:
        (first, *_) = await world.allocate(department, *people, *friends)
        outcome = await department.once("outreach")
        assert (outcome.figures["sent"], outcome.figures["refused"]) == (6, 1)
        invited = [act for act in world.acts() if act.kind == "invitation"]
        assert invited[0].person == people[0].key
        assert [act.text for act in invited] == [""] * 4
        assert not await held(department) or "invitation" not in await held(department)
        acts = await department.store.read(lambda t: deliveries.of_recipient(t, first))
        assert [(act.refusal, bool(act.text)) for act in acts] == [
            (Refusal.CANNOT_RESEND, True),
            (None, False),
        ]
        lead = await lead_of(department, people[0])
        assert lead.contact_status is ContactStatus.INVITED
        assert not lead.message_sent
        assert lead.invited_at is not None


async def test_spent_notes_are_tried_again_when_the_month_turns(world):
    people = world.strangers(3)
    world.refuse("cannot_resend_yet")
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, people[0], people[1])
        await department.once("outreach")
        world.go_to(31, 10)
        await world.allocate(department, people[2])
        await department.once("outreach")
        assert [bool(act.text) for act in world.acts()] == [False, False, True]


async def test_one_person_refused_bare_is_left_alone_for_three_weeks_and_nobody_else(world):
    first, *others = world.silent(4)
    world.plan(*refusals("cannot_resend_yet", 1, 2))
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, first, *others)
        outcome = await department.once("outreach")
        assert (outcome.figures["sent"], outcome.figures["refused"]) == (3, 2)
        lead = await lead_of(department, first)
        assert lead.contact_status is ContactStatus.ALLOCATED
        assert "not asked before" in lead.status_reason
        assert "invitation" not in await held(department)
        refused_at, visits = world.now, world.asked("GET /users/AC")
        again = await department.once("outreach")
        assert again.waits_until == refused_at + timedelta(days=21, microseconds=1)
        assert "not asked again before" in again.waits_for
        for day in (1, 8, 20):
            world.go_to(day, 10)
            await department.once("outreach")
        assert world.asked("GET /users/AC") == visits
        assert world.sends == 5
        world.go_to(22, 10)
        assert (await department.once("outreach")).figures["sent"] == 1


async def test_a_full_week_is_known_after_three_people_rests_and_lets_messages_go(world):
    people, friends = world.strangers(6), world.friends(2)
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, people[0])
        await department.once("outreach")
        sent_at = world.now
        world.go_to(1, 10)
        world.plan(*refusals("cannot_resend_yet", *range(1, 20)))
        await world.allocate(department, *people[1:], *friends)
        outcome = await department.once("outreach")
        assert outcome.figures["refused"] == 6  # three people, with a note and without
        assert outcome.figures["sent"] == 2
        refused = await journal_of(department, DeliveryRefused)
        assert len({event.lead_id for event in refused}) == 3
        assert "takes no more than these 1 invitations" in outcome.waits_for
        assert outcome.waits_until == sent_at + timedelta(days=7)
        assert not await department.paused()
        world.plan()
        world.go_to(7, 9, 10)
        assert (await department.once("outreach")).figures["sent"] == 0
        world.go_to(7, 10, 30)
        assert (await department.once("outreach")).figures["sent"] >= 1


async def test_two_people_refused_and_one_taken_hold_nothing(world):
    people = world.silent(5)
    world.plan(*refusals("cannot_resend_yet", 1, 2, 3, 4))
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, *people)
        outcome = await department.once("outreach")
        assert (outcome.figures["sent"], outcome.figures["refused"]) == (3, 4)
        assert "invitation" not in await held(department)
        found = [await status_of(department, one) for one in people]
        assert found.count(ContactStatus.ALLOCATED) == 2


async def test_a_second_try_without_a_note_outlives_the_process(world):
    first, second = world.strangers(2)
    world.refuse("cannot_resend_yet")
    gaps = {"outreach": {"rate_limiting": {"min_interval_minutes": 5, "max_interval_minutes": 9}}}
    async with world.keeping_time():
        async with world.department(**gaps) as department:
            await world.allocate(department, first, second)
            assert (await department.once("outreach")).figures["refused"] == 1
        world.pass_time(minutes=10)
        async with world.department(**gaps) as department:
            assert (await department.once("outreach")).figures["sent"] == 1
    (act,) = world.acts()
    assert (act.person, act.text) == (first.key, "")


async def test_too_many_requests_holds_everything_for_as_long_as_the_service_asks(world):
    world.fail("429", seconds=1200)
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, *world.strangers(3))
        outcome = await department.once("outreach")
        assert world.sends == 1
        assert outcome.figures["sent"] == 0
        assert (await held(department))["gap"] == timedelta(seconds=1200)
        world.pass_time(seconds=1201)
        assert (await department.once("outreach")).figures["sent"] == 3


@pytest.mark.parametrize(
    "code", ["disconnected_account", "expired_credentials", "account_restricted"]
)
async def test_a_blocked_account_pauses_the_department_and_says_so(world, code):
    people = world.strangers(3)
    world.refuse(code, status=401)
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, *people)
        await department.once("outreach")
        assert world.sends == 1
        paused = await department.paused()
        assert paused is not None
        assert code in paused["reason"]
        assert len(await journal_of(department, OutreachPaused)) == 1
        assert any(code in event.error for event in await journal_of(department, AgentError))
        assert await status_of(department, people[0]) is ContactStatus.ALLOCATED
        await department.resume(by="Kim")
        assert (await department.once("outreach")).figures["sent"] == 3


async def test_an_account_that_lost_its_login_pauses_before_anything_is_tried(world):
    world.plan(account_status="CREDENTIALS")
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, *world.strangers(2))
        outcome = await department.once("outreach")
        assert outcome.try_later
        assert world.sends == 0
        assert await department.paused()


async def test_an_account_that_is_connecting_is_waited_for(world):
    world.plan(account_status="CONNECTING")
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, *world.strangers(2))
        assert (await department.once("outreach")).try_later
        assert not await department.paused()
        world.plan()
        assert (await department.once("outreach")).figures["sent"] == 2


@pytest.mark.parametrize(
    "code", ["user_unreachable", "blocked_recipient", "cannot_invite_attendee"]
)
async def test_a_refused_person_fails_alone(world, code):
    first, *others = world.strangers(4)
    world.refuse(code)
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, first, *others)
        outcome = await department.once("outreach")
        assert (outcome.figures["refused"], outcome.figures["sent"]) == (1, 3)
        lead = await lead_of(department, first)
        assert lead.contact_status is ContactStatus.FAILED
        assert code in lead.status_reason
        assert not await department.paused()


async def test_people_behind_a_wall_fail_by_the_markets_own_word(world):
    for_good = {"user_unreachable", "blocked_recipient"}
    people = [p for p in world.market.people if p.slug and p.distance > 1]
    walled = [p for p in people if wall_of(1, p) in for_good][:2]
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, *walled, *world.strangers(1))
        assert (await department.once("outreach")).figures["sent"] == 1
        assert {await status_of(department, one) for one in walled} == {ContactStatus.FAILED}


async def test_a_mistake_of_ours_is_published_and_fails_only_that_lead(world):
    first, *others = world.strangers(3)
    world.refuse("unprocessable_entity")
    async with world.at_work(**AT_ONCE) as department:
        (lead_id, *_) = await world.allocate(department, first, *others)
        outcome = await department.once("outreach")
        assert outcome.figures["sent"] == 2
        (error,) = await journal_of(department, AgentError)
        assert error.lead_id == lead_id
        assert "unprocessable_entity" in error.error
        assert await status_of(department, first) is ContactStatus.FAILED


async def test_the_same_mistake_with_everybody_pauses_instead_of_failing_the_whole_list(world):
    people = world.strangers(9)
    world.refuse("subscription_required", status=403, requests=tuple(range(1, 20)))
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, *people)
        await department.once("outreach")
        assert world.sends == 5
        assert await department.paused()
        left = [await status_of(department, one) for one in people]
        assert left.count(ContactStatus.ALLOCATED) == 4


async def test_a_profile_that_is_gone_fails_that_lead_only(world):
    gone = Profile(name="Nobody There", linkedin_url="https://www.linkedin.com/in/nobody-there-0")
    async with world.at_work(**AT_ONCE) as department:
        await department.leads.add([gone], source="import:test")
        lead = await department.leads.find(gone.linkedin_url)
        await department.store.write(
            lambda t: leads.allocate(t, lead.id, place=1, by="test", now=world.now)
        )
        await world.allocate(department, *world.strangers(1))
        assert (await department.once("outreach")).figures["sent"] == 1
        found = await department.leads.find(gone.linkedin_url)
        assert found.contact_status is ContactStatus.FAILED


async def test_one_profile_the_service_cannot_show_does_not_hold_up_the_others(world):
    first, *others = world.strangers(4)
    world.fail("500", on=f"GET /users/{first.slug}", probability=1.0)
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, first, *others)
        outcome = await department.once("outreach")
        assert outcome.figures["sent"] == 3
        assert outcome.try_later
        assert await status_of(department, first) is ContactStatus.ALLOCATED


async def test_a_service_that_is_down_keeps_everything_for_later(world):
    people = world.strangers(4)
    world.fail("500", on="GET /users/", probability=1.0)
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, *people)
        outcome = await department.once("outreach")
        assert outcome.try_later
        assert world.sends == 0
        assert len({r for r in world.requests if r.startswith("GET /users/")}) <= 3
        world.plan()
        assert (await department.once("outreach")).figures["sent"] == 4


async def test_a_request_refused_for_one_person_is_left_to_a_human_and_the_others_go_on(world):
    first, *others = world.strangers(3)
    world.refuse("invalid_parameters", on=f"GET /users/{first.slug}", status=400)
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, first, *others)
        assert (await department.once("outreach")).figures["sent"] == 2
        assert await status_of(department, first) is ContactStatus.NEEDS_REVIEW
        assert not await department.paused()
