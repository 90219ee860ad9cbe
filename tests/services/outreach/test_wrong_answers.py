"""A service that answers about somebody else: nothing rests on it, and the others go on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from ingagents.events import AgentError
from ingagents.model import ContactStatus, DeliveryState, Profile
from ingagents.sandbox.faults import FaultRule
from ingagents.store.tables import leads, notifications
from tests.world import AT_ONCE, World, deliveries_of, journal_of, lead_of, profile_of, status_of

HIS_CHAT = "GET /chat_attendees/"


@pytest.fixture
def world(tmp_path) -> World:
    world = World(tmp_path)
    world.go_to(0, 9, 30)
    return world


def shows(asked: Any, other: Any, **rule: Any) -> FaultRule:
    """Whenever this person is asked for, the other one comes."""
    found = {"probability": 1.0} | rule
    return FaultRule(
        kind="instead", on=f"GET /users/{asked.slug}", instead=f"/users/{other.slug}", **found
    )


def alters(on: str, **fields: Any) -> FaultRule:
    return FaultRule(kind="alter", on=on, fields=fields, probability=1.0)


async def test_a_text_for_one_person_never_reaches_the_one_who_was_shown_instead(world):
    asked, other, third = world.silent(3)
    world.plan(shows(asked, other))
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, asked, third)
        outcome = await department.once("outreach")
        assert [act.person for act in world.acts()] == [third.key]
        assert await status_of(department, asked) is ContactStatus.ALLOCATED
        assert "wrong-answer" in outcome.try_later
        assert asked.slug in outcome.try_later
        (told,) = await journal_of(department, AgentError)
        assert told.lead_id == (await lead_of(department, asked)).id


async def test_nobody_is_closed_as_the_same_person_by_an_answer_about_another_lead(world):
    asked, other = world.silent(2)
    world.plan(shows(asked, other))
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, asked, other)
        await department.once("outreach")
        assert await status_of(department, asked) is ContactStatus.ALLOCATED
        assert await status_of(department, other) is ContactStatus.MESSAGE_SENT


async def test_a_record_mixed_of_two_people_closes_nobody_and_sends_nothing(world):
    """Her slug and name, his id: he is a lead too, and each has a name of their own."""
    asked, other = world.silent(2)
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, other)
        await department.once("outreach")
        await world.allocate(department, asked)
        world.plan(alters(f"GET /users/{asked.slug}", provider_id=other.provider_id))
        outcome = await department.once("outreach")
        assert other.name in outcome.try_later
        assert [act.person for act in world.acts()] == [other.key]
        assert await status_of(department, asked) is ContactStatus.ALLOCATED
        assert await status_of(department, other) is ContactStatus.MESSAGE_SENT


async def test_one_person_who_is_two_leads_is_still_closed_as_the_double(world):
    (person,) = world.silent()
    old = "https://www.linkedin.com/in/an-old-address"
    async with world.at_work(**AT_ONCE) as department:
        known = msgspec.structs.replace(profile_of(person), provider_id=person.provider_id)
        row = Profile(name=person.name, company=person.company_name, linkedin_url=old)
        await department.leads.add([known, row], source="import:two")
        lead = await department.leads.find(old)
        await department.store.write(
            lambda t: leads.allocate(t, lead.id, place=1, by="test", now=world.now)
        )
        shown: dict[str, Any] = {
            "instead": f"/users/{person.slug}",
            "fields": {"public_identifier": "an-old-address"},
        }
        world.plan(FaultRule(kind="alter", on="GET /users/an-old", probability=1.0, **shown))
        await department.once("outreach")
        assert (await department.leads.find(lead.id)).contact_status is ContactStatus.CLOSED
        assert world.acts() == []


async def test_one_who_is_shown_rightly_again_is_written_to(world):
    asked, other = world.silent(2)
    world.plan(shows(asked, other))
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, asked)
        await department.once("outreach")
        world.plan()
        outcome = await department.once("outreach")
        assert (outcome.try_later, outcome.figures["sent"]) == ("", 1)
        assert [act.person for act in world.acts()] == [asked.key]


async def test_odd_people_at_the_front_of_the_queue_keep_nobody_from_being_written_to(world):
    *odd, other, good, better = world.silent(6)
    world.plan(*(shows(one, other) for one in odd))
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, *odd, good, better)
        for _ in range(3):
            await department.once("outreach")
        assert {act.person for act in world.acts()} == {good.key, better.key}


async def test_one_odd_person_is_asked_for_less_and_less_often(world):
    asked, other = world.silent(2)
    world.plan(shows(asked, other))
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, asked)
        for _ in range(12):
            outcome = await department.once("outreach")
            assert outcome.try_later
            world.pass_time(minutes=5)
        assert world.asked(f"GET /users/{asked.slug}") <= 4
        assert len(await journal_of(department, AgentError)) <= 3
        world.plan()
        world.pass_time(hours=6)
        world.go_to(1, 10)
        await department.once("outreach")
        assert [act.person for act in world.acts()] == [asked.key]


async def test_a_service_that_shows_the_wrong_person_again_and_again_is_told_by_mail_once_a_day(
    world,
):
    asked, other = world.silent(2)
    world.plan(shows(asked, other))
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, asked)
        await department.once("outreach")
        assert (
            await department.store.read(lambda t: notifications.untold(t, now=world.now, to="team"))
            == []
        )
        await department.once("outreach")
        await department.once("monitor")
        await department.once("outreach")
        await department.once("monitor")
        (mail,) = [mail for mail in world.mail.taken if "answers wrongly" in mail.text]
        assert asked.slug in mail.text


@pytest.mark.parametrize(
    "fields",
    [
        {"attendee_provider_id": "ACoAACsomebodyElse00000"},
        {"account_id": "another-account"},
        {"id": ".."},
    ],
)
async def test_a_chat_that_is_not_theirs_sends_nothing(world, fields):
    (friend,) = world.friends()
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, friend)
        world.market.write(friend.provider_id, "Hello, long ago")
        world.plan(alters(HIS_CHAT, **fields))
        acts = len(world.acts())
        outcome = await department.once("outreach")
        assert "wrong-answer" in outcome.try_later
        assert len(world.acts()) == acts
        assert await status_of(department, friend) is ContactStatus.ALLOCATED


async def test_an_answer_that_shows_as_somebody_elses_still_stops_a_send(world):
    (person,) = world.welcoming("positive")
    world.market.invite(person.provider_id, "Hello, by hand")
    world.pass_time(hours=3)
    acts = len(world.acts())
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        world.plan(alters("GET /chats/", sender_id="ACoAACsomebodyElse00000", is_sender=0))
        outcome = await department.once("outreach")
        assert "wrong-answer" in outcome.try_later
        assert len(world.acts()) == acts
        assert await status_of(department, person) is ContactStatus.ALLOCATED
        world.plan()
        await department.once("outreach")
        assert len(world.acts()) == acts
        assert await status_of(department, person) is ContactStatus.RESPONDED


async def test_a_doubt_is_never_settled_by_what_shows_of_somebody_else(world):
    asked, other = world.silent(2)
    world.fail("drop")
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, asked)
        await department.once("outreach")
        assert await status_of(department, asked) is ContactStatus.UNCERTAIN
        world.market.invite(other.provider_id, "Hi")
        lie = FaultRule(
            kind="instead",
            on=f"GET /users/{asked.provider_id}",
            instead=f"/users/{other.provider_id}",
            probability=1.0,
        )
        world.plan(lie)
        for _ in range(4):
            world.pass_time(minutes=10)
            await department.once("outreach")
        lead = await lead_of(department, asked)
        (delivery,) = await deliveries_of(department, lead.id)
        assert delivery.state is DeliveryState.UNCERTAIN
        assert await journal_of(department, AgentError)


async def test_one_chat_that_cannot_be_read_does_not_hide_the_others_answers(world):
    answering, odd = world.welcoming("positive", count=2)
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, answering, odd)
        await department.once("outreach")
        world.pass_time(hours=3)
        chat_id = world.market.story(odd).chat_id
        world.plan(alters(f"GET /chats/{chat_id}/messages", chat_id="another-chat"))
        outcome = await department.once("replies")
        assert "wrong-answer" in outcome.try_later
        assert await status_of(department, answering) is ContactStatus.RESPONDED
        assert await status_of(department, odd) is ContactStatus.MESSAGE_SENT
        world.plan()
        outcome = await department.once("replies")
        assert outcome.try_later == ""
        assert await status_of(department, odd) is ContactStatus.RESPONDED


async def test_a_third_persons_no_in_their_chat_suppresses_nobody(world):
    (person,) = world.welcoming("positive")
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        world.pass_time(hours=3)
        world.plan(
            alters(
                "GET /chats/", sender_id="ACoAACsomebodyElse00000", is_sender=0, text="Remove me!"
            )
        )
        outcome = await department.once("replies")
        assert (outcome.figures["replies"], outcome.try_later) == (0, "")
        assert await status_of(department, person) is ContactStatus.MESSAGE_SENT


async def test_an_answer_shown_as_somebody_elses_is_told_and_heard_when_it_is_shown_as_theirs(
    world,
):
    (person,) = world.welcoming("positive")
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        world.pass_time(hours=3)
        world.plan(alters("GET /chats/", sender_id="ACoAACsomebodyElse00000", is_sender=0))
        await department.once("replies")
        (told,) = await journal_of(department, AgentError)
        assert told.lead_id == (await lead_of(department, person)).id
        world.plan()
        for _ in range(2):
            world.pass_time(hours=3)
            await department.once("replies")
        assert await status_of(department, person) is ContactStatus.RESPONDED


async def test_an_answer_from_the_future_is_one_of_now(world):
    (person,) = world.welcoming("positive")
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        world.pass_time(hours=3)
        world.plan(alters("GET /chats/", timestamp="2100-01-01T00:00:00.000Z"))
        await department.once("replies")
        lead = await lead_of(department, person)
        assert lead.contact_status is ContactStatus.RESPONDED
        assert lead.responded_at is not None
        assert timedelta(0) <= world.now - lead.responded_at < timedelta(minutes=1)


async def test_one_connection_that_cannot_be_read_does_not_hide_the_others(world):
    (person,) = world.welcoming()  # whose answer would prove it as well
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        world.pass_time(hours=3)
        world.plan(alters("GET /users/relations", account_id="another-account"))
        outcome = await department.once("replies")
        assert "wrong-answer" in outcome.try_later
        assert (await lead_of(department, person)).accepted_at is None
        world.plan()
        await department.once("replies")
        assert (await lead_of(department, person)).accepted_at is not None


async def test_whoever_is_shown_at_anothers_address_is_not_closed_as_that_other(world):
    """His whole record comes under her address: she may be he by now, but he is no double of hers."""
    asked, other = world.silent(2)
    lie: dict[str, Any] = {
        "instead": f"/users/{other.slug}",
        "fields": {"public_identifier": asked.slug},
    }
    world.plan(FaultRule(kind="alter", on=f"GET /users/{asked.slug}", probability=1.0, **lie))
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, asked)
        await department.once("outreach")
        assert await status_of(department, asked) is ContactStatus.NEEDS_REVIEW
        world.plan()
        await world.allocate(department, other)
        await department.once("outreach")
        assert await status_of(department, other) is ContactStatus.MESSAGE_SENT
        assert [act.person for act in world.acts()] == [other.key]


async def test_a_connection_under_somebody_elses_id_has_not_accepted(world):
    asked, other = world.silent(2)
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, asked)
        await department.once("outreach")
        world.plan(
            alters(
                "GET /users/relations",
                member_id=other.provider_id,
                public_identifier=asked.slug,
                public_profile_url=f"https://www.linkedin.com/in/{asked.slug}",
            )
        )
        outcome = await department.once("replies")
        assert outcome.figures["accepted"] == 0


async def test_a_search_is_cut_off_when_every_visit_shows_somebody_else(world):
    world.plan(
        alters("GET /users/AC", provider_id="ACoAACsomebodyElse00000", public_identifier="other")
    )
    async with world.at_work() as department:
        outcome = await department.once("search")
        assert "wrong-answer" in outcome.try_later
        assert await journal_of(department, AgentError)
        found = [lead async for lead in department.leads.every()]
        assert "other" not in {lead.profile.public_identifier for lead in found}


async def test_another_account_than_asked_for_sends_nothing(world):
    people = world.silent(1)
    world.plan(alters("GET /accounts/", id="another-account"))
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, *people)
        outcome = await department.once("outreach")
        assert "another-account" in outcome.try_later
        assert world.acts() == []
        assert await journal_of(department, AgentError)


async def test_a_lead_of_whom_only_sales_navigators_id_is_known_is_recognised_by_name(world):
    """No profile carries that id, so an honest service and a lying one differ in the name alone."""
    honest, lied_about, other = world.silent(3)
    anybody = {"sales_manager": {"write_to_other": True}}
    async with world.at_work(**AT_ONCE, **anybody) as department:
        for person in (honest, lied_about):
            url = f"https://www.linkedin.com/sales/lead/{person.sales_id},NAME_SEARCH,abcd"
            row = Profile(name=person.name, company=person.company_name, linkedin_url=url)
            await department.leads.add([row], source="import:sales")
        await department.once("allocate")
        on, instead = f"GET /users/{lied_about.sales_id}", f"/users/{other.slug}"
        world.plan(FaultRule(kind="instead", on=on, instead=instead, probability=1.0))
        await department.once("outreach")
        assert [act.person for act in world.acts()] == [honest.key]


async def test_a_changed_address_of_somebody_whose_id_is_known_is_no_wrong_answer(world):
    (person,) = world.silent()
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person)
        lead = await lead_of(department, person)
        await department.store.write(
            lambda t: leads.update(t, lead, now=world.now, provider_id=person.provider_id)
        )
        world.plan(
            alters(f"GET /users/{person.provider_id}", public_identifier="since-the-wedding")
        )
        outcome = await department.once("outreach")
        assert (outcome.figures["sent"], outcome.try_later) == (1, "")
