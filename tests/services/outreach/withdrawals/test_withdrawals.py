"""Withdrawals on the market: what nobody took, one at a time, and never what somebody did take."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from ingagents.app.department import Department
from ingagents.events import InvitationAccepted, InvitationWithdrawn
from ingagents.model import ContactStatus, DeliveryKind, DeliveryState
from ingagents.sandbox.market.people import Person
from ingagents.store.tables import key_value
from tests.world import (
    AT_ONCE,
    NO_GAP,
    World,
    deliveries_of,
    dies,
    doubts_of,
    journal_of,
    lead_of,
    outreach_of,
    status_of,
)

WITHDRAW = "DELETE /users/invite/sent"


async def three_weeks_after_inviting(world: World, department: Department, *people: Person) -> None:
    """It is a Monday at ten, twenty-eight days after these people were invited."""
    await world.allocate(department, *people)
    assert (await department.once("outreach")).figures["sent"] == len(people)
    world.go_to(28, 10)


def withdrawn(world: World, person: Person) -> int:
    return sum(act.kind == "withdrawal" for act in world.acts(person))


async def withdrawals_of(department: Department, person: Person) -> list[DeliveryState]:
    lead = await lead_of(department, person)
    return [
        one.state
        for one in await deliveries_of(department, lead.id)
        if one.kind is DeliveryKind.WITHDRAWAL
    ]


async def test_an_invitation_nobody_took_is_withdrawn_after_three_weeks_and_not_before(world):
    (person,) = world.silent()
    async with world.at_work(**AT_ONCE) as department:
        await three_weeks_after_inviting(world, department, person)
        world.go_to(18, 10)
        outcome = await department.once("outreach")
        assert outcome.figures["withdrawn"] == 0
        assert world.asked("GET /users/invite/sent") == 1  # before the first send
        world.go_to(21, 10)
        outcome = await department.once("outreach")
        assert outcome.figures["withdrawn"] == 1
        assert "1 invitation withdrawn" in outcome.summary
        assert withdrawn(world, person) == 1
        lead = await lead_of(department, person)
        assert lead.contact_status is ContactStatus.CLOSED
        assert "which nobody took within 21 days, was withdrawn" in lead.status_reason
        (event,) = await journal_of(department, InvitationWithdrawn)
        assert event.lead_id == lead.id
        again = await department.once("outreach")
        assert again.figures["withdrawn"] == 0
        assert withdrawn(world, person) == 1


async def test_zero_days_withdraw_nothing(world):
    (person,) = world.silent()
    never = {"outreach": {**AT_ONCE["outreach"], "sequence": {"withdraw_after_days": 0}}}
    async with world.at_work(**never) as department:
        await three_weeks_after_inviting(world, department, person)
        await department.once("outreach")
        assert withdrawn(world, person) == 0


async def test_whoever_accepted_at_last_is_noted_as_that_and_keeps_the_invitation(world):
    (person,) = world.welcoming()
    async with world.at_work(**AT_ONCE) as department:
        await three_weeks_after_inviting(world, department, person)
        await department.once("outreach")  # nobody has looked for acceptances yet
        assert withdrawn(world, person) == 0
        assert world.asked(WITHDRAW) == 0
        assert (await lead_of(department, person)).accepted_at is not None
        assert len(await journal_of(department, InvitationAccepted)) == 1


async def test_whoever_answered_at_last_is_heard_and_keeps_the_invitation(world):
    (person,) = world.welcoming("question")
    async with world.at_work(**AT_ONCE) as department:
        await three_weeks_after_inviting(world, department, person)
        await department.once("outreach")
        assert world.asked(WITHDRAW) == 0
        assert await status_of(department, person) is ContactStatus.RESPONDED


@pytest.mark.parametrize("when", ["paused", "at night", "on Sunday"])
async def test_nothing_is_withdrawn_while_paused_or_outside_working_hours(world, when):
    (person,) = world.silent()
    async with world.at_work(**AT_ONCE) as department:
        await three_weeks_after_inviting(world, department, person)
        if when == "paused":
            await department.pause(by="Kim")
        else:
            world.go_to(*((28, 22) if when == "at night" else (27, 12)))
        await department.once("outreach")
        assert withdrawn(world, person) == 0


async def test_a_few_a_pass_go_and_a_pause_of_their_own_lies_between_two(world):
    people = world.silent(7)
    gaps = {"min_interval_minutes": 5, "max_interval_minutes": 15}
    async with world.at_work(**AT_ONCE) as department:
        await three_weeks_after_inviting(world, department, *people)
        assert (await department.once("outreach")).figures["withdrawn"] == 5
    async with world.at_work(outreach={"rate_limiting": gaps}) as department:
        assert (await department.once("outreach")).figures["withdrawn"] == 1
        assert (await department.once("outreach")).figures["withdrawn"] == 0
        world.pass_time(minutes=16)
        assert (await department.once("outreach")).figures["withdrawn"] == 1


async def test_withdrawals_use_none_of_the_quotas_of_sends(world):
    *old, new = world.silent(4)
    limits = {"outreach": {"rate_limiting": {**NO_GAP, "daily_limit": 3, "weekly_limit": 3}}}
    async with world.at_work(**limits) as department:
        await three_weeks_after_inviting(world, department, *old)
        await world.allocate(department, new)
        outcome = await department.once("outreach")
        assert (outcome.figures["withdrawn"], outcome.figures["sent"]) == (3, 1)


@pytest.mark.parametrize(("kind", "done"), [("act_then_drop", True), ("504", False)])
async def test_a_withdrawal_in_doubt_is_read_back_and_never_sent_blindly_again(world, kind, done):
    (person,) = world.silent()
    async with world.at_work(**AT_ONCE) as department:
        await three_weeks_after_inviting(world, department, person)
        world.fail(kind, on=WITHDRAW)
        await department.once("outreach")
        world.plan()
        assert [one.kind for one in await doubts_of(department)] == [DeliveryKind.WITHDRAWAL]
        for _ in range(4):
            world.pass_time(minutes=6)
            await department.once("outreach")
        assert withdrawn(world, person) == 1
        assert world.asked(WITHDRAW) == (1 if done else 2)
        assert (await withdrawals_of(department, person))[-1] is DeliveryState.SENT
        assert await status_of(department, person) is ContactStatus.CLOSED


@pytest.mark.parametrize("side", ["before", "after"])
async def test_a_process_that_dies_while_it_withdraws_leaves_a_doubt_that_is_settled(world, side):
    (person,) = world.silent()
    async with world.at_work(**AT_ONCE) as department:
        await three_weeks_after_inviting(world, department, person)
    (world.die_before if side == "before" else world.die_after).add(world.sends + 1)
    with dies():
        async with world.at_work(**AT_ONCE) as department:
            await department.once("outreach")
    async with world.at_work(**AT_ONCE) as department:
        for _ in range(5):
            world.pass_time(minutes=6)
            await department.once("outreach")
        assert withdrawn(world, person) == 1
        assert await status_of(department, person) is ContactStatus.CLOSED


async def test_an_acceptance_while_the_request_was_out_is_an_acceptance(world):
    """The list and the profile still showed it as open; the service knows better."""
    (person,) = world.silent()
    async with world.at_work(**AT_ONCE) as department:
        await three_weeks_after_inviting(world, department, person)
        world.refuse("resource_not_found", on=WITHDRAW, status=404)
        await department.once("outreach")
        world.plan()
        assert await withdrawals_of(department, person) == [DeliveryState.REFUSED]
        assert await status_of(department, person) is ContactStatus.MESSAGE_SENT
        visits = world.asked(f"GET /users/{person.provider_id}")
        await department.once("outreach")
        assert world.asked(f"GET /users/{person.provider_id}") == visits, "not again today"
        world.go_to(29, 11)
        await department.once("outreach")
        assert await status_of(department, person) is ContactStatus.CLOSED


async def test_a_dead_session_stops_everything(world):
    (person,) = world.silent()
    async with world.at_work(**AT_ONCE) as department:
        await three_weeks_after_inviting(world, department, person)
        world.refuse("disconnected_account", on=WITHDRAW, status=401)
        await department.once("outreach")
        assert await department.store.read(lambda t: key_value.noted(t, key_value.PAUSED))


async def test_a_service_that_cannot_list_invitations_holds_no_send_up(world):
    old, new = world.silent(2)
    async with world.at_work(**AT_ONCE) as department:
        await three_weeks_after_inviting(world, department, old)
        await world.allocate(department, new)
        world.fail("500", on="GET /users/invite/sent", probability=1.0)
        outcome = await department.once("outreach")
        assert (outcome.figures["withdrawn"], outcome.figures["sent"]) == (0, 1)


async def test_a_process_that_slept_between_claim_and_act_withdraws_nothing(world):
    (person,) = world.silent()
    async with world.at_work(**AT_ONCE) as department:
        await three_weeks_after_inviting(world, department, person)
        context = outreach_of(department).contact.context
        new_id = context.new_id

        def sleepy_id() -> str:
            world.pass_time(hours=1)
            return new_id()

        object.__setattr__(context, "new_id", sleepy_id)
        assert (await department.once("outreach")).figures["withdrawn"] == 0
        assert withdrawn(world, person) == 0
        assert await withdrawals_of(department, person) == [DeliveryState.REFUSED]


async def test_while_as_many_stand_open_as_may_connections_are_written_to_and_nobody_is_invited(
    world,
):
    first, second = world.silent(2)
    (friend,) = world.friends()
    sequence = {"max_pending_invitations": 1, "follow_ups": ()}
    limits: Any = {"outreach": {**AT_ONCE["outreach"], "sequence": sequence}}
    async with world.at_work(**limits) as department:
        await world.allocate(department, first, second, friend)
        outcome = await department.once("outreach")
        assert outcome.figures["sent"] == 2
        assert "stand open" in outcome.waits_for
        assert await status_of(department, second) is ContactStatus.ALLOCATED
        assert await status_of(department, friend) is ContactStatus.MESSAGE_SENT
        world.go_to(28, 10)
        outcome = await department.once("outreach")
        assert (outcome.figures["withdrawn"], outcome.figures["sent"]) == (1, 1)
        assert len(world.market.pending(world.now)) == 1


async def test_invitations_sent_by_hand_count_among_those_that_stand_open(world):
    stranger, by_hand = world.silent(2)
    limits: Any = {"outreach": {**AT_ONCE["outreach"], "sequence": {"max_pending_invitations": 1}}}
    world.market.invite(by_hand.provider_id, "")
    async with world.at_work(**limits) as department:
        await world.allocate(department, stranger)
        outcome = await department.once("outreach")
        assert outcome.figures["sent"] == 0
        assert "stand open" in outcome.waits_for


async def test_whoever_was_withdrawn_is_not_invited_again_though_a_human_hands_them_over(world):
    (person,) = world.silent()
    async with world.at_work(**AT_ONCE) as department:
        await three_weeks_after_inviting(world, department, person)
        await department.once("outreach")
        lead = await lead_of(department, person)
        for days in (1, 27):
            world.pass_time(days=days)
            await department.store.write(
                lambda t: t.run(
                    "UPDATE leads SET contact_status = 'Allocated' WHERE id = :id", {"id": lead.id}
                )
            )
            await department.once("outreach")
            stands = await lead_of(department, person)
            assert stands.contact_status is ContactStatus.CLOSED
            assert "LinkedIn takes no other one before 2027-04-19" in stands.status_reason
        assert sum(act.kind == "invitation" for act in world.acts(person)) == 1


async def test_what_somebody_withdrew_by_hand_is_noted_as_over(world):
    (person,) = world.silent()
    async with world.at_work(**AT_ONCE) as department:
        await three_weeks_after_inviting(world, department, person)
        ((_, invitation),) = world.market.pending(world.now)
        world.market.withdraw(invitation.id)
        await department.once("outreach")
        assert world.asked(WITHDRAW) == 0
        lead = await lead_of(department, person)
        assert lead.contact_status is ContactStatus.CLOSED
        assert lead.status_reason == "the invitation is not open any more: withdrawn"


async def test_an_invitation_that_looks_neither_open_nor_over_is_looked_at_on_other_days(world):
    (person,) = world.silent()
    async with world.at_work(**AT_ONCE) as department:
        await three_weeks_after_inviting(world, department, person)
        profile = f"GET /users/{person.provider_id}"
        world.refuse("resource_not_found", on=profile, probability=1.0, status=404)
        seen_before = world.asked(profile)
        for day, visits in ((28, 1), (28, 1), (29, 2), (30, 2), (31, 3)):
            world.go_to(day, 12)
            before = world.asked(WITHDRAW)
            await department.once("outreach")
            assert before == 0
            assert world.asked(profile) - seen_before == visits
        assert withdrawn(world, person) == 1


async def test_the_pause_between_two_withdrawals_wakes_a_running_department(world):
    people = world.silent(3)
    gaps = {"min_interval_minutes": 5, "max_interval_minutes": 5}
    async with world.at_work(**AT_ONCE) as department:
        await three_weeks_after_inviting(world, department, *people)
    settings: Any = {"process_interval_minutes": 600, "rate_limiting": gaps}
    async with world.at_work(outreach=settings) as department:
        began = world.now
        await department.run(until=began + timedelta(minutes=30))
        moments = sorted(a.at for a in world.market.record.acts if a.kind == "withdrawal")
        assert len(moments) == 3
        assert all(b - a >= timedelta(minutes=5) for a, b in pairwise(moments))
