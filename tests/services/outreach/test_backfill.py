"""A database restored from a backup: what went out since is adopted, counted, and not repeated."""

from __future__ import annotations

import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from ingagents.app.department import Department
from ingagents.events import DecisionMade
from ingagents.model import (
    FIRST_CONTACT,
    AccountId,
    ContactStatus,
    DeliveryKind,
    DeliveryState,
    Step,
)
from ingagents.model.step import StepKind
from ingagents.sandbox.faults import FaultRule
from ingagents.store.tables import deliveries
from tests.factories import a_delivery
from tests.world import (
    ACCOUNT,
    AT_ONCE,
    World,
    deliveries_of,
    journal_of,
    lead_of,
    profile_of,
    status_of,
)

LOOK = "GET /users/invite/sent"


def back_up(world: World, name: str = "backup") -> None:
    shutil.copyfile(world.folder / "ingagents.db", world.folder / name)


def restore(world: World, name: str = "backup") -> None:
    for file in world.folder.glob("ingagents.db*"):
        file.unlink()
    shutil.copyfile(world.folder / name, world.folder / "ingagents.db")


@asynccontextmanager
async def process(world: World, **sections: Any) -> AsyncGenerator[Department, None]:
    async with world.department(**{**AT_ONCE, **sections}) as department:
        yield department


async def test_a_day_worked_on_from_a_backup_writes_to_nobody_twice_and_keeps_the_limits(world):
    async with world.keeping_time():
        async with world.department() as department:
            await department.run(until=world.at(0, 11))
            settings = department.settings
        back_up(world)
        before = len(world.acts())
        async with world.department() as department:
            await department.run(until=world.at(0, 15))
        lost = len(world.acts()) - before
        assert before
        assert lost, "the backup must have missed something"
        restore(world)
        async with world.department() as department:
            sent_before = world.sends
            await department.run(until=world.at(0, 15, 40))
            status = await department.status()
            assert status.adopted.count >= 1
            assert status.limits.sent_today == len(world.acts()), "every act is counted"
            await department.run(until=world.at(2, 17))
        assert world.sends > sent_before, "work goes on"
        world.check(settings)


async def test_what_was_lost_is_adopted_before_the_first_send(world):
    known, lost, pending, late = world.silent(4)
    async with world.keeping_time():
        async with process(world) as department:
            await world.allocate(department, known)
            await department.once("outreach")
            await world.allocate(department, lost, pending)
        back_up(world)
        world.pass_time(hours=2)
        async with process(world) as department:
            assert (await department.once("outreach")).figures["sent"] == 2
        restore(world)
        world.pass_time(hours=1)
        async with process(world) as department:
            await world.allocate(department, late)
            asked = len(world.requests)
            outcome = await department.once("outreach")
            assert outcome.figures["sent"] == 1
            paths = {
                f"GET /users/{name}" for p in (lost, pending) for name in (p.slug, p.provider_id)
            }
            assert not paths & set(world.requests[asked:]), "nobody is visited for nothing"
            for person in (lost, pending):
                lead = await lead_of(department, person)
                assert lead.contact_status is ContactStatus.MESSAGE_SENT
                assert lead.message_sent
                (delivery,) = await deliveries_of(department, lead.id)
                assert (delivery.state, delivery.kind) == (
                    DeliveryState.SENT,
                    DeliveryKind.INVITATION,
                )
                assert "pending" in delivery.detail
            verdicts = [
                one.decision.verdict
                for one in await journal_of(department, DecisionMade)
                if one.decision.kind == "send"
            ]
            assert verdicts.count("adopted") == 2
            assert verdicts.index("adopted") < len(verdicts) - 1, "before the send of this process"
            status = await department.status()
            assert status.adopted
            assert status.adopted.count == 2
            assert status.limits.sent_today == 4
        world.check(department.settings)


async def test_adopted_acts_fill_the_days_limit(world):
    people = world.silent(5)
    limits = {"rate_limiting": {**AT_ONCE["outreach"]["rate_limiting"], "daily_limit": 3}}
    async with world.keeping_time():
        async with process(world, outreach=limits) as department:
            await world.allocate(department, people[0])
            await department.once("outreach")
            await world.allocate(department, *people[1:])
        back_up(world)
        async with process(world, outreach=limits) as department:
            await department.once("outreach")
        assert len(world.acts()) == 3
        restore(world)
        world.pass_time(minutes=40)
        async with process(world, outreach=limits) as department:
            outcome = await department.once("outreach")
            assert outcome.figures["sent"] == 0
            assert "day's limit" in outcome.waits_for
        world.check(department.settings)


async def test_a_message_to_a_connection_is_adopted_with_its_own_time(world):
    first, lost = world.friends(2)
    async with world.keeping_time():
        async with process(world) as department:
            await world.allocate(department, first)
            await department.once("outreach")
            known = msgspec.structs.replace(profile_of(lost), provider_id=lost.provider_id)
            await department.leads.add([known], source="search")
            await world.allocate(department, lost)
        back_up(world)
        world.pass_time(hours=1)
        async with process(world) as department:
            await department.once("outreach")
        (act,) = world.acts(lost)
        restore(world)
        world.pass_time(hours=1)
        async with process(world) as department:
            await department.once("outreach")
            (delivery,) = await deliveries_of(department, (await lead_of(department, lost)).id)
            assert delivery.kind is DeliveryKind.MESSAGE
            assert delivery.claimed_at == act.at
            assert delivery.service_id
        assert len(world.acts()) == 2


async def test_people_found_after_the_backup_count_against_the_limits_though_they_are_unknown(
    world,
):
    first, stranger, waiting = world.silent(3)
    async with world.keeping_time():
        async with process(world) as department:
            await world.allocate(department, first)
            await department.once("outreach")
        back_up(world)
        async with process(world) as department:
            await world.allocate(department, stranger)
            await department.once("outreach")
        restore(world)
        world.pass_time(minutes=40)
        async with process(world) as department:
            await world.allocate(department, waiting)
            await department.once("outreach")
            status = await department.status()
            assert status.limits.sent_today == 3
            assert status.adopted is None, "nobody known was adopted"
            await world.allocate(department, stranger)
            await department.once("outreach")
            assert await status_of(department, stranger) is ContactStatus.MESSAGE_SENT
            world.pass_time(days=8)
            assert (await department.status()).limits.sent_this_week == 0
        assert len(world.acts(stranger)) == 1


async def test_an_erased_persons_open_invitation_is_counted_once(world):
    erased, other = world.silent(2)
    async with world.keeping_time():
        async with process(world) as department:
            await world.allocate(department, erased)
            await department.once("outreach")
            await department.leads.erase((await lead_of(department, erased)).id, by="team")
        world.pass_time(minutes=40)
        async with process(world) as department:
            await world.allocate(department, other)
            await department.once("outreach")
            assert (await department.status()).limits.sent_today == 2


async def test_a_process_every_few_minutes_looks_only_every_half_hour(world):
    people = world.silent(6)
    async with world.keeping_time():
        for person in people:
            async with process(world) as department:
                await world.allocate(department, person)
                await department.once("outreach")
                await department.once("outreach")
            world.pass_time(minutes=10)
    assert len(world.acts()) == 6
    assert world.asked(LOOK) == 2


async def test_nobody_asks_the_service_when_nothing_is_to_be_sent(world):
    async with world.keeping_time(), process(world) as department:
        await department.once("outreach")
        (person,) = world.silent()
        await world.allocate(department, person)
        await department.pause(by="Kim")
        await department.once("outreach")
        world.go_to(0, 22)
        await department.resume(by="Kim")
        await department.once("outreach")
    assert world.asked(LOOK) == 0


async def test_nothing_is_sent_while_the_service_cannot_say_what_it_knows(world):
    (person,) = world.silent()
    async with world.keeping_time(), process(world) as department:
        await world.allocate(department, person)
        world.plan(FaultRule(kind="500", on=LOOK, probability=1.0))
        outcome = await department.once("outreach")
        assert outcome.try_later
        assert world.acts() == []
        world.plan()
        assert (await department.once("outreach")).figures["sent"] == 1


async def test_somebody_known_by_name_only_is_still_left_to_a_human(world):
    """A message tells the service's id alone; whose it is shows when the person is looked at."""
    first, lost = world.friends(2)
    async with world.keeping_time():
        async with process(world) as department:
            await world.allocate(department, first)
            await department.once("outreach")
            await world.allocate(department, lost)
        back_up(world)
        async with process(world) as department:
            await department.once("outreach")
        restore(world)
        world.pass_time(minutes=1)
        async with process(world) as department:
            await department.once("outreach")
            assert await status_of(department, lost) is ContactStatus.NEEDS_REVIEW
        assert len(world.acts(lost)) == 1


async def test_an_invitation_of_somebody_else_under_a_leads_address_is_not_that_leads(world):
    lead, other = world.silent(2)
    world.market.invite(other.provider_id, "Hello, by hand")
    altered = {"invited_user_public_id": lead.slug}
    world.plan(
        FaultRule(kind="alter", on="GET /users/invite/sent", fields=altered, probability=1.0)
    )
    async with process(world) as department:
        await world.allocate(department, lead)
        assert (await department.once("outreach")).figures["sent"] == 1
        assert {act.person for act in world.acts()} == {lead.key, other.key}
        assert (await lead_of(department, lead)).provider_id == lead.provider_id


async def test_a_later_message_is_nobodys_step_unless_its_text_was_ours(world):
    """What a human writes by hand between two processes is no follow-up of ours."""
    (friend,) = world.friends()
    (late,) = world.silent()
    async with world.keeping_time():
        async with process(world) as department:
            await world.allocate(department, friend)
            await department.once("outreach")
            lead = await lead_of(department, friend)
        world.pass_time(hours=1)
        world.market.write(friend.provider_id, "Shall we have a coffee? Kim")
        async with process(world) as department:
            await world.allocate(department, late)
            await department.once("outreach")
            assert len(await deliveries_of(department, lead.id)) == 1


async def test_a_later_step_taken_for_lost_is_adopted_as_that_step(world):
    (friend,) = world.friends()
    (late,) = world.silent()
    text = "The programme is out: two days and forty talks."
    step = Step(StepKind.FOLLOW_UP, "1")
    async with world.keeping_time():
        async with process(world) as department:
            await world.allocate(department, friend)
            await department.once("outreach")
            lead = await lead_of(department, friend)
            lost = a_delivery(
                recipient=lead.id,
                account_id=AccountId(ACCOUNT),
                kind=DeliveryKind.MESSAGE,
                step=step,
                text=text,
                state=DeliveryState.LOST,
                claimed_at=world.now,
                address=friend.provider_id,
            )
            await department.store.write(lambda t: deliveries.claim(t, lost))
        world.pass_time(hours=1)
        world.market.write(friend.provider_id, text)
        async with process(world) as department:
            await world.allocate(department, late)
            await department.once("outreach")
            acts = await deliveries_of(department, lead.id)
            assert [(one.step, one.state) for one in acts] == [
                (FIRST_CONTACT, DeliveryState.SENT),
                (step, DeliveryState.SENT),
            ]
            assert (await lead_of(department, friend)).step == "follow_up_1"


async def test_a_first_message_written_by_hand_is_kept_as_that(world):
    first, friend = world.friends(2)
    (late,) = world.silent()
    async with world.keeping_time():
        async with process(world) as department:
            await world.allocate(department, first)
            await department.once("outreach")
            known = msgspec.structs.replace(profile_of(friend), provider_id=friend.provider_id)
            await department.leads.add([known], source="search")
        world.pass_time(hours=1)
        world.market.write(friend.provider_id, "Long time no see! Kim")
        async with process(world) as department:
            await world.allocate(department, late)
            await department.once("outreach")
            (act,) = await deliveries_of(department, (await lead_of(department, friend)).id)
            assert act.by_hand
            assert act.step == FIRST_CONTACT


async def test_a_withdrawal_that_was_lost_is_known_again_without_a_second_request(world):
    (person,) = world.silent()
    async with world.keeping_time():
        async with process(world) as department:
            await world.allocate(department, person)
            await department.once("outreach")
        world.go_to(28, 10)
        back_up(world)
        async with process(world) as department:
            assert (await department.once("outreach")).figures["withdrawn"] == 1
        restore(world)
        world.pass_time(hours=1)
        async with process(world) as department:
            outcome = await department.once("outreach")
            assert outcome.figures["withdrawn"] == 0
            assert await status_of(department, person) is ContactStatus.CLOSED
        assert sum(act.kind == "withdrawal" for act in world.acts(person)) == 1
        assert world.asked("DELETE /users/invite/sent") == 1
