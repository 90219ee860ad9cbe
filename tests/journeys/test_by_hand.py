"""A service that cannot go on with somebody: a human does, for people who are named, and for nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingagents.app.department import Department
from ingagents.errors import InputError, SettingsError
from ingagents.events import LeadUpdated
from ingagents.model import ContactStatus, DeliveryState, Lead
from ingagents.sandbox.market.people import Person
from tests.agents.test_conversation import QuietWorld, accepts_soon
from tests.campaign_world import CampaignWorld
from tests.world import ACCOUNT, NO_GAP, World, deliveries_of, journal_of, lead_of

HAND = "by-hand"
BESIDE: dict[str, Any] = {
    "linkedin": {
        "account_id": "",
        "accounts": [{"account_id": ACCOUNT}, {"account_id": HAND, "service": "manual"}],
    },
    "outreach": {
        "rate_limiting": NO_GAP,
        "sequence": {"message_delay_hours": [0, 0], "follow_ups": []},
    },
}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.chdir(tmp_path)
    world = QuietWorld(tmp_path)
    world.go_to(0, 9, 30)
    return world


async def to_send(department: Department) -> dict[str, str]:
    """What waits to be sent by hand: the review's id by the person's name."""
    listed = await department.reviews.list(kind="send", limit=100)
    return {one.recipient: one.id for one in listed.reviews}


async def give(department: Department, person: Person, *, back: bool = False) -> Lead:
    return await department.leads.by_hand(_address(person), back=back, by="Kim")


def _address(person: Person) -> str:
    return f"https://www.linkedin.com/in/{person.slug}"


async def test_named_people_are_gone_on_with_by_hand_while_the_service_cannot(world: World) -> None:
    met, fresh = accepts_soon(world)[0], world.silent(2)
    async with world.at_work(**BESIDE) as department:
        await world.allocate(department, met)
        await department.once("outreach")
        world.go_to(0, 14)
        await department.once("replies")
        world.plan(account_status="CREDENTIALS")
        await world.allocate(department, *fresh)
        await department.once("outreach")
        assert await to_send(department) == {}, "nobody was named"
        acts = len(world.acts())

        for person in (met, fresh[0], met):
            assert (await give(department, person)).account_id == HAND
        await department.once("outreach")
        waiting = await to_send(department)
        assert len(waiting) == 2
        await department.reviews.approve(*waiting.values(), by="Kim")
        lead = await lead_of(department, met)
        assert (lead.step, lead.account_id) == ("first_message", HAND)
        told = await journal_of(department, LeadUpdated)
        assert [one.changes["before"] for one in told if "before" in one.changes] == [ACCOUNT, ""]

        world.plan()
        assert await department.resume(by="Kim")
        await department.run(until=world.at(2, 18))
        served = {act.person for act in world.acts()[acts:]}
        assert fresh[1].key in served, "the service goes on with whom nobody has named"
        assert served.isdisjoint({met.key, fresh[0].key})
        assert await to_send(department) == {}
        with pytest.raises(InputError, match="that voice stays"):
            await give(department, fresh[0], back=True)
        assert (await give(department, met, back=True)).account_id == ACCOUNT
        world.check(department.settings)


async def test_what_the_service_has_claimed_is_never_sent_by_hand_as_well(world: World) -> None:
    person = world.silent()[0]
    async with world.at_work(**BESIDE) as department:
        await world.allocate(department, person)
        world.fail("act_then_drop")
        await department.once("outreach")
        assert (await lead_of(department, person)).contact_status is ContactStatus.UNCERTAIN
        await give(department, person)
        await department.once("outreach")
        assert await to_send(department) == {}
        world.plan()
        await department.run(until=world.at(0, 11))
        lead = await lead_of(department, person)
        (act,) = await deliveries_of(department, lead.id)
        assert (act.state, act.account_id) == (DeliveryState.SENT, ACCOUNT)
        assert await to_send(department) == {}
        assert len(world.acts(person)) == 1


async def test_whom_a_campaign_goes_on_with_is_not_handed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    world = CampaignWorld(tmp_path)
    world.go_to(0, 9, 30)
    own = {**CampaignWorld.linkedin}
    named = [
        {"account_id": own.pop("account_id"), **own},
        {"account_id": HAND, "service": "manual"},
    ]
    linkedin = {"account_id": "", "campaign_id": "", "accounts": named}
    async with world.at_work(linkedin=linkedin, outreach={"rate_limiting": NO_GAP}) as department:
        person, other = world.silent(2)
        await world.allocate(department, person, other)
        await give(department, other)
        await department.once("outreach")
        assert world.kinds(person) == ["enrolment"]
        assert world.kinds(other) == []
        assert list(await to_send(department)) == [other.name]
        with pytest.raises(InputError, match="campaign goes on"):
            await give(department, person)


async def test_without_an_account_by_hand_the_command_says_what_to_add(world: World) -> None:
    async with world.at_work() as department:
        person = world.silent()[0]
        await world.allocate(department, person)
        with pytest.raises(SettingsError, match="nobody sends by hand"):
            await give(department, person)
