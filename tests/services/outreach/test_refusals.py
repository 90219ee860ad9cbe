"""What the service refuses: whom it stops and for how long, and that all others go on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ingagents.app.department import Department
from ingagents.events import AgentError, DeliveryRefused, OutreachPaused
from ingagents.model import ContactStatus, Profile
from ingagents.sandbox.market.behaviour import wall_of
from ingagents.store.tables import holds as limits
from ingagents.store.tables import leads
from tests.world import (
    ACCOUNT,
    AT_ONCE,
    journal_of,
    lead_of,
    status_of,
)


async def held(department: Department) -> dict[str, timedelta]:
    """What is held on the account, and for how long from now."""
    holds = await department.store.read(lambda t: limits.holds(t, ACCOUNT))  # type: ignore[arg-type]
    now = department.clock.now()
    return {hold.kind: hold.until - now for hold in holds if hold.until > now}


async def test_one_person_who_shows_the_weekly_limit_holds_invitations_for_a_day(world):
    strangers, friends = world.strangers(4), world.friends(2)
    world.refuse("cannot_resend_yet")
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, *strangers, *friends)
        outcome = await department.once("outreach")
        assert outcome.figures == {**outcome.figures, "sent": 2, "refused": 1}
        assert {act.kind for act in world.acts()} == {"message"}
        assert (await held(department))["invitation"] == timedelta(days=1)
        assert outcome.waits_until == world.now + timedelta(days=1)
        assert await status_of(department, strangers[0]) is ContactStatus.ALLOCATED


async def test_while_invitations_are_held_known_strangers_are_not_visited_again(world):
    world.refuse("cannot_resend_yet")
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, *world.strangers(4))
        for _ in range(5):
            world.pass_time(minutes=30)
            await department.once("outreach")
        visits = [r for r in world.requests if r.startswith("GET /users/AC")]
        assert world.sends == 1
        assert len(visits) <= 4


async def test_three_different_people_who_show_the_limit_hold_invitations_for_a_week(world):
    world.refuse("cannot_resend_yet", requests=tuple(range(1, 10)))
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, *world.strangers(6))
        for day in range(3):
            world.go_to(day, 10, day)
            await department.once("outreach")
        assert world.sends == 3
        assert (await held(department))["invitation"] == timedelta(days=7)
        refused = await journal_of(department, DeliveryRefused)
        assert len({event.lead_id for event in refused}) == 3


async def test_a_person_refused_while_others_are_taken_does_not_hold_everybody_for_ever(world):
    first, *others = world.silent(3)
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, first, *others)
        world.refuse("cannot_resend_yet")
        await department.once("outreach")
        world.go_to(1, 10)
        world.refuse("cannot_resend_yet", requests=(3,))
        outcome = await department.once("outreach")
        assert outcome.figures["sent"] == 2
        assert await status_of(department, first) is ContactStatus.NEEDS_REVIEW
        assert "invitation" not in await held(department)


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
    walled = [p for p in world.market.people if p.slug and p.distance > 1 and wall_of(1, p)][:2]
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
