"""The outreach agent on a market that misbehaves: who is written to, how, when, and never twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest

from ingagents.department import Department
from ingagents.events import AgentError, DecisionMade, DeliveryRefused, OutreachPaused
from ingagents.model import ContactStatus, DeliveryState, Profile
from ingagents.sandbox.faults import FaultRule
from ingagents.sandbox.temperament import wall_of
from ingagents.store import leads, limits, notes
from tests.world import (
    ACCOUNT,
    World,
    dead_letters,
    deliveries_of,
    dies,
    doubts_of,
    journal_of,
    lead_of,
    outreach_of,
    profile_of,
    status_of,
)

NO_GAP = {"min_interval_minutes": 0, "max_interval_minutes": 0}
AT_ONCE: dict[str, Any] = {"outreach": {"rate_limiting": NO_GAP}}
"""Without gaps one `once` writes to everybody."""


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.go_to(0, 9, 30)
    return world


async def held(department: Department) -> dict[str, timedelta]:
    """What is held on the account, and for how long from now."""
    holds = await department.store.read(lambda t: limits.holds(t, ACCOUNT))  # type: ignore[arg-type]
    now = department.clock.now()
    return {hold.kind: hold.until - now for hold in holds if hold.until > now}


async def settle(world: World, department: Department, *, minutes: float = 15) -> None:
    """Let the looks at doubts come due, one after the other."""
    for _ in range(4):
        world.pass_time(minutes=minutes / 3)
        await department.once("outreach")


# --- how people are written to ------------------------------------------------------------------


async def test_a_stranger_gets_an_invitation_with_a_note_and_a_connection_a_message(world):
    stranger, friend = world.strangers()[0], world.friends()[0]
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, stranger, friend)
        outcome = await department.once("outreach")
        assert outcome.figures["sent"] == 2
        (invitation,), (message,) = world.acts(stranger), world.acts(friend)
        assert (invitation.kind, message.kind) == ("invitation", "message")
        assert invitation.text
        assert message.text
        for person in (stranger, friend):
            lead = await lead_of(department, person)
            assert lead.contact_status is ContactStatus.MESSAGE_SENT
            assert lead.message_sent == world.acts(person)[0].text
            assert lead.sent_at == world.acts(person)[0].at
        world.check(department.settings)


@pytest.mark.parametrize(("premium", "longest"), [(True, 300), (False, 200)])
async def test_a_note_is_no_longer_than_the_account_may_write(tmp_path, premium, longest):
    from ingagents.sandbox.market import Owner

    world = World(tmp_path, owner=Owner(premium=premium, sales_navigator=False))
    world.go_to(0, 9, 30)
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, *world.strangers(12))
        await department.once("outreach")
        notes_sent = [act.text for act in world.acts()]
        assert len(notes_sent) == 12
        assert max(len(note.encode("utf-16-le")) // 2 for note in notes_sent) <= longest
        assert not await journal_of(department, DeliveryRefused)


async def test_a_note_that_is_too_long_is_written_shorter_once(world):
    (person,) = world.strangers()
    world.refuse("too_many_characters", status=400)
    async with world.at_work(**AT_ONCE) as department:
        (lead_id,) = await world.allocate(department, person)
        first = await department.once("outreach")
        assert first.figures["refused"] == 1
        assert await status_of(department, person) is ContactStatus.ALLOCATED
        second = await department.once("outreach")
        assert second.figures["sent"] == 1
        assert len(world.acts(person)[0].text) <= 200
        states = {one.state for one in await deliveries_of(department, lead_id)}
        assert states == {DeliveryState.REFUSED, DeliveryState.SENT}


async def test_a_pending_invitation_is_adopted_and_not_repeated(world):
    (person,) = world.silent()
    world.market.invite(person.provider_id, "by hand")
    async with world.at_work() as department:
        await world.allocate(department, person)
        await department.once("outreach")
        lead = await lead_of(department, person)
        assert lead.contact_status is ContactStatus.MESSAGE_SENT
        assert lead.message_sent == "by hand"
        (delivery,) = await deliveries_of(department, lead.id)
        assert "pending" in delivery.detail
        assert [act.text for act in world.acts(person)] == ["by hand"]


async def test_whoever_somebody_of_ours_wrote_to_lately_is_left_to_a_human(world):
    (person,) = world.friends()
    world.market.write(person.provider_id, "lunch on Friday?")
    async with world.at_work() as department:
        await world.allocate(department, person)
        await department.once("outreach")
        assert await status_of(department, person) is ContactStatus.NEEDS_REVIEW
        assert len(world.acts(person)) == 1


async def test_someone_linkedin_calls_connected_gets_a_message_even_if_the_profile_is_stale(world):
    (person,) = world.strangers()
    world.refuse("already_connected")
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        assert (await lead_of(department, person)).profile.network_distance == 1
        # The market knows better than the fault: it refuses the message, and they are invited.
        await department.once("outreach")
        assert world.asked("POST /chats") == 1
        await department.once("outreach")
        assert await status_of(department, person) is ContactStatus.MESSAGE_SENT
        assert [act.kind for act in world.acts(person)] == ["invitation"]


async def test_two_leads_that_turn_out_to_be_one_person_get_one_message(world):
    (person,) = world.strangers()
    by_id = Profile(
        name=person.name,
        provider_id=person.provider_id,
        company="Another spelling",
        linkedin_url=f"https://www.linkedin.com/in/{person.provider_id}",
    )
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.leads.add([by_id], source="import:test")
        double = await department.leads.find(by_id.linkedin_url)
        await department.store.write(
            lambda t: leads.allocate(t, double.id, place=1, by="test", now=world.now)
        )
        await department.once("outreach")
        statuses = {
            (await department.leads.find(one)).contact_status
            for one in (double.id, profile_of(person).linkedin_url)
        }
        assert len(world.acts(person)) == 1
        assert ContactStatus.ALLOCATED not in statuses


# --- limits, hours, gaps ------------------------------------------------------------------------


async def test_the_days_limit_holds_over_restarts(world):
    people = world.strangers(12)
    settings = {"outreach": {"rate_limiting": {**NO_GAP, "daily_limit": 5}}}
    async with world.keeping_time():
        async with world.department(**settings) as department:
            await world.allocate(department, *people)
            assert (await department.once("outreach")).figures["sent"] == 5
        async with world.department(**settings) as department:
            again = await department.once("outreach")
            assert again.figures["sent"] == 0
            assert "day's limit" in again.waits_for
            assert again.waits_until == world.at(1, 9)
            world.go_to(1, 9, 1)
            assert (await department.once("outreach")).figures["sent"] == 5
            world.check(department.settings)


async def test_the_weeks_limit_holds_over_restarts_and_rolls(world):
    people = world.strangers(14)
    settings = {"outreach": {"rate_limiting": {**NO_GAP, "daily_limit": 4, "weekly_limit": 9}}}
    sent = []
    async with world.keeping_time():
        for day in range(4):
            async with world.department(**settings) as department:
                if day == 0:
                    await world.allocate(department, *people)
                world.go_to(day, 10)
                sent.append((await department.once("outreach")).figures["sent"])
        async with world.department(**settings) as department:
            world.go_to(7, 10, 1)
            sent.append((await department.once("outreach")).figures["sent"])
            world.check(department.settings)
    assert sent == [4, 4, 1, 0, 4]


async def test_the_gap_after_a_send_holds_over_a_restart(world):
    async with world.keeping_time():
        async with world.department() as department:
            await world.allocate(department, *world.strangers(3))
            first = await department.once("outreach")
            assert first.figures["sent"] == 1
            assert first.waits_until is not None
            assert timedelta(minutes=5) <= first.waits_until - world.now <= timedelta(minutes=15)
        async with world.department() as department:
            assert (await department.once("outreach")).figures["sent"] == 0
            world.clock.hands.set(first.waits_until)
            assert (await department.once("outreach")).figures["sent"] == 1


@pytest.mark.parametrize(
    ("day", "hour", "minute"),
    [(0, 8, 59), (0, 17, 0), (0, 23, 0), (5, 12, 0)],
    ids=["early", "late", "at night", "on Saturday"],
)
async def test_nobody_is_written_to_or_visited_outside_working_hours(world, day, hour, minute):
    world.go_to(day, hour, minute)
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, *world.strangers(2))
        outcome = await department.once("outreach")
        assert outcome.figures["sent"] == 0
        assert "working hours" in outcome.waits_for
        assert world.asked("GET /users/") == 0


async def test_two_departments_on_one_database_together_keep_the_limits(world):
    limits_set = {"rate_limiting": {"daily_limit": 9, "min_interval_minutes": 5}}
    async with (
        world.keeping_time(),
        world.department(outreach=limits_set) as one,
        world.department(outreach=limits_set) as two,
    ):
        await world.allocate(one, *world.strangers(25))
        until = world.at(1, 18)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(lambda: one.run(until=until))
            tasks.start_soon(lambda: two.run(until=until))
        assert len(world.acts()) >= 15
        world.check(one.settings)
        assert await dead_letters(one) == []


async def test_a_limit_of_zero_sends_nothing(world):
    async with world.at_work(outreach={"rate_limiting": {"daily_limit": 0}}) as department:
        await world.allocate(department, *world.strangers(2))
        assert (await department.once("outreach")).figures["sent"] == 0
        assert world.acts() == []


# --- stops ----------------------------------------------------------------------------------------


async def test_a_pause_stops_at_once_and_a_resume_goes_on(world):
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, *world.strangers(3))
        await department.pause(by="Kim", reason="press day")
        outcome = await department.once("outreach")
        assert outcome.figures["sent"] == 0
        assert outcome.waits_for == "paused by Kim: press day"
        assert outcome.waits_until is None
        assert world.asked("GET /users/") == 0
        await department.resume(by="Kim")
        assert (await department.once("outreach")).figures["sent"] == 3


async def test_a_pause_that_comes_while_somebody_is_being_looked_at_still_stops_the_send(world):
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, *world.strangers(3))
        agent = await department.agent("outreach")
        contact = outreach_of(department).contact
        fetch = contact.client.fetch_profile

        async def pause_then_fetch(identifier: str) -> Profile:
            await department.pause(by="Kim")
            return await fetch(identifier)

        contact.client.fetch_profile = pause_then_fetch  # type: ignore[method-assign]
        await agent.run_now("outreach", patience_seconds=0)
        assert world.sends == 0


async def test_a_dry_run_sends_nothing_and_leaves_the_leads_allocated(world):
    people = world.strangers(3)
    async with world.at_work(live=False, **AT_ONCE) as department:
        await world.allocate(department, *people)
        outcome = await department.once("outreach")
        assert outcome.figures["dry_run"] == 3
        assert world.sends == 0
        assert world.acts() == []
        assert {await status_of(department, one) for one in people} == {ContactStatus.ALLOCATED}


async def test_a_dry_run_visits_each_allocated_profile_once_and_no_more_than_a_day_allows(world):
    settings = {"outreach": {"rate_limiting": {**NO_GAP, "daily_limit": 5}}}
    async with world.at_work(live=False, **settings) as department:
        await world.allocate(department, *world.strangers(8))
        await department.run(until=world.at(0, 17))
        rehearsed = [
            event.lead_id
            for event in await journal_of(department, DecisionMade)
            if event.decision.verdict == "dry run"
        ]
        assert len(rehearsed) == len(set(rehearsed)) == 5


@pytest.mark.parametrize(
    ("approval", "status", "acts"),
    [
        ("all", ContactStatus.NEEDS_REVIEW, 0),
        ("none", ContactStatus.MESSAGE_SENT, 1),
        ("low_confidence", ContactStatus.MESSAGE_SENT, 1),
    ],
)
async def test_what_must_be_approved_is_not_sent_before(world, approval, status, acts):
    (person,) = world.people(lambda p: p.distance == 2 and p.title == "CTO")
    async with world.at_work(outreach={"approval": approval}) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        assert await status_of(department, person) is status
        assert len(world.acts(person)) == acts


async def test_whoever_has_written_to_us_is_not_written_to(world):
    """They accept and answer a note sent by hand before we come to write."""
    (person,) = world.welcoming("positive", "question", "refusal")
    world.go_to(0, 9, 1)
    world.market.invite(person.provider_id, "by hand")
    world.go_to(0, 13)
    async with world.at_work() as department:
        await world.allocate(department, person)
        outcome = await department.once("outreach")
        assert outcome.figures["answered"] == 1
        lead = await lead_of(department, person)
        assert lead.contact_status is ContactStatus.RESPONDED
        assert lead.response
        assert len(world.acts(person)) == 1


async def test_an_opt_out_is_for_ever_and_an_import_does_not_bring_the_person_back(world):
    (person,) = world.welcoming("opt_out")
    async with world.at_work() as department:
        await world.allocate(department, person)
        await department.once("outreach")
        world.pass_time(hours=3)
        await department.once("replies")
        assert await status_of(department, person) is ContactStatus.SUPPRESSED
        other_forms = [
            profile_of(person),
            Profile(name=person.name, provider_id=person.provider_id, company="Elsewhere"),
        ]
        await department.leads.add(other_forms, source="import:again")
        world.go_to(1, 9, 30)
        await department.once("allocate")
        await department.once("outreach")
        assert await status_of(department, person) is ContactStatus.SUPPRESSED
        assert len(world.acts(person)) == 1


async def test_a_suppressed_person_is_not_written_to_even_when_allocated_under_another_name(world):
    (person,) = world.strangers()
    async with world.at_work() as department:
        url = f"https://www.linkedin.com/in/{person.provider_id}"
        await department.leads.suppress(url, reason="asked by mail", by="Kim")
        await world.allocate(department, person)  # by slug: nobody knows yet that it is them
        await department.once("outreach")
        assert await status_of(department, person) is ContactStatus.SUPPRESSED
        assert world.acts() == []


async def test_a_person_suppressed_while_the_answer_is_awaited_stays_suppressed(world):
    (person,) = world.strangers()
    world.refuse("user_unreachable")
    async with world.at_work() as department:
        await world.allocate(department, person)
        await department.agent("outreach")
        sender = outreach_of(department).contact.sender
        send = sender.send_invitation

        async def suppress_then_send(provider_id: str, note: str) -> Any:
            await department.leads.suppress(
                profile_of(person).linkedin_url, reason="asked", by="Kim"
            )
            return await send(provider_id, note)

        sender.send_invitation = suppress_then_send  # type: ignore[method-assign]
        await department.once("outreach")
        assert await status_of(department, person) is ContactStatus.SUPPRESSED


# --- refusals -------------------------------------------------------------------------------------


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

        async def take_back_then_send(provider_id: str, note: str) -> Any:
            world.pass_time(hours=2)
            await department.once("monitor")
            return await send(provider_id, note)

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

            async def act_and_hang(provider_id: str, note: str) -> Any:
                await send(provider_id, note)
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
        desk = outreach_of(department).contact.desk
        new_id = desk.new_id

        def sleepy_id() -> str:
            world.pass_time(hours=2)
            return new_id()

        object.__setattr__(desk, "new_id", sleepy_id)
        outcome = await department.once("outreach")
        assert outcome.figures["refused"] == 1
        assert world.sends == 0
        assert await status_of(department, person) is ContactStatus.ALLOCATED


# --- what comes back --------------------------------------------------------------------------------


async def test_answers_and_acceptances_are_noted_once(world):
    people = world.welcoming("positive", "question", "meeting", count=2)
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, *people, *world.friends(1))
        await department.once("outreach")
        world.pass_time(hours=3)
        first = await department.once("replies")
        again = await department.once("replies")
        assert first.figures["replies"] >= 2
        assert first.figures["accepted"] == 2  # a connection from before has accepted nothing
        assert (again.figures["replies"], again.figures["accepted"]) == (0, 0)


async def test_replies_that_cannot_be_read_are_looked_for_again(world):
    (person,) = world.welcoming("positive")
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        world.pass_time(hours=3)
        world.fail("html", on="GET /chats", probability=1.0)
        outcome = await department.once("replies")
        assert outcome.try_later
        assert (
            await department.store.read(lambda t: notes.noted(t, notes.REPLIES_SEEN_UNTIL)) is None
        )
        world.plan()
        assert (await department.once("replies")).figures["replies"] == 1


async def test_a_login_lost_while_looking_for_replies_pauses_and_says_so(world):
    world.refuse("expired_credentials", on="GET /chats", status=401)
    async with world.at_work() as department:
        outcome = await department.once("replies")
        assert outcome.try_later
        assert await department.paused()
        assert len(await journal_of(department, AgentError)) == 1
