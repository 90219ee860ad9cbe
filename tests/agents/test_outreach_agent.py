"""The outreach agent on the market: who is written to, how, when, and who is not."""

from __future__ import annotations

from typing import Any

import pytest

from ingagents.events import AgentError, DecisionMade, DeliveryRefused
from ingagents.model import ContactStatus, DeliveryState, Profile, Recipient
from ingagents.store.tables import key_value, leads
from tests.world import (
    ACCOUNT,
    AT_ONCE,
    NO_GAP,
    World,
    deliveries_of,
    journal_of,
    lead_of,
    outreach_of,
    profile_of,
    status_of,
)

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
    from ingagents.sandbox.market.account import Owner

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


async def test_the_reason_of_a_pause_is_one_line_that_speaks_to_no_terminal(world):
    async with world.at_work() as department:
        await department.pause(by="team", reason="moved\n\x1b[31mto May")
        paused = await department.paused()
    assert paused is not None
    assert paused["reason"] == r"moved \x1b[31mto May"


async def test_a_pause_that_comes_while_somebody_is_being_looked_at_still_stops_the_send(world):
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, *world.strangers(3))
        agent = await department.agent("outreach")
        profiles = outreach_of(department).desks[0].profiles
        fetch = profiles.fetch_profile

        async def pause_then_fetch(who: Recipient, **known: Any) -> Profile:
            await department.pause(by="Kim")
            return await fetch(who, **known)

        profiles.fetch_profile = pause_then_fetch  # type: ignore[method-assign]
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

        async def suppress_then_send(to: Recipient, note: str) -> Any:
            await department.leads.suppress(
                profile_of(person).linkedin_url, reason="asked", by="Kim"
            )
            return await send(to, note)

        sender.send_invitation = suppress_then_send  # type: ignore[method-assign]
        await department.once("outreach")
        assert await status_of(department, person) is ContactStatus.SUPPRESSED


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
            await department.store.read(
                lambda t: key_value.noted(t, key_value.REPLIES_SEEN_UNTIL, of=ACCOUNT)
            )
            is None
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
