"""One person under two leads: they are reached once, and whoever has a history goes on.

Two lists brought them in, by an id and by an address, and nobody knew. LinkedIn's page tells.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ingagents.app.department import Department
from ingagents.events import AgentError
from ingagents.model import (
    FIRST_CONTACT,
    AccountId,
    ContactStatus,
    DeliveryKind,
    DeliveryState,
    Lead,
    Profile,
)
from ingagents.sandbox.market.people import Person
from ingagents.store.tables import deliveries, leads, vetoes
from tests.factories import a_delivery
from tests.world import AT_ONCE, World, journal_of

URL = "https://www.linkedin.com/in/"
BY = ("id", "address")


async def twice(department: Department, person: Person) -> dict[str, Lead]:
    """The same person by their member's id and by their address."""
    addresses = {"id": person.provider_id, "address": person.slug}
    for by, name in addresses.items():
        profile = Profile(name=person.name, position=person.title, linkedin_url=URL + name)
        await department.leads.add([profile], source=f"import:{by}.csv")
    return {by: await department.leads.find(URL + name) for by, name in addresses.items()}


async def again(department: Department, lead: Lead) -> Lead:
    return await department.leads.find(lead.id)


async def allocate(world: World, department: Department, *chosen: Lead) -> None:
    def write(transaction: Any) -> None:
        for place, lead in enumerate(chosen, 1):
            leads.allocate(transaction, lead.id, place=place, by="test", now=world.now)

    await department.store.write(write)


async def _run(department: Department, statement: str, **values: str) -> None:
    await department.store.write(lambda t: t.run(statement, values))


async def written_to(
    world: World, department: Department, lead: Lead, *, account: str = "elsewhere", **ago: float
) -> None:
    """Another account has invited this lead: the page of ours shows nothing of it."""
    at = world.now - timedelta(**ago)
    act = a_delivery(
        id=f"act-{lead.id}",
        recipient=lead.id,
        account_id=AccountId(account),
        kind=DeliveryKind.INVITATION,
        step=FIRST_CONTACT,
        campaign=lead.campaign,
        claimed_at=at,
        attempted_at=at,
    )

    def write(transaction: Any) -> None:
        deliveries.claim(transaction, act)
        deliveries.settle(transaction, act.id, state=DeliveryState.SENT, now=at)

    await department.store.write(write)


@pytest.mark.parametrize("first", BY)
async def test_of_two_that_nobody_contacted_one_is_written_to_and_one_closed(world, first):
    (person,) = world.silent()
    async with world.at_work(**AT_ONCE) as department:
        found = await twice(department, person)
        order = sorted(found, key=lambda by: by != first)
        await allocate(world, department, *(found[by] for by in order))
        for _ in range(3):
            await department.once("outreach")
        assert len(world.acts(person)) == 1
        by_id, by_address = (
            await again(department, found["id"]),
            await again(department, found["address"]),
        )
        assert by_id.contact_status in {ContactStatus.INVITED, ContactStatus.MESSAGE_SENT}
        assert by_address.contact_status is ContactStatus.CLOSED
        assert by_address.duplicate_of == by_id.id
        for name in (person.slug, person.provider_id):
            assert (await department.leads.find(URL + name)).id == by_id.id
        world.check(department.settings)


async def _wrote(world: World, department: Department, lead: Lead) -> None:
    await written_to(world, department, lead, days=2)


async def _held(world: World, department: Department, lead: Lead) -> None:
    veto = vetoes.Veto("Veto", "ask me first", world.now, lead.contact_status, "")
    await department.store.write(lambda t: vetoes.hold(t, lead.id, veto))


async def _lost(world: World, department: Department, lead: Lead) -> None:
    del world
    await department.leads.stage(lead.id, "Lost", reason="no budget", by="test")


@pytest.mark.parametrize("history", [_wrote, _held, _lost])
@pytest.mark.parametrize("has", BY)
async def test_whoever_has_a_history_goes_on_and_nobody_is_written_to_anew(world, has, history):
    (person,) = world.silent()
    async with world.at_work(**AT_ONCE) as department:
        found = await twice(department, person)
        (fresh,) = (lead for by, lead in found.items() if by != has)
        await history(world, department, found[has])
        await allocate(world, department, fresh)
        for _ in range(3):
            await department.once("outreach")
        assert world.acts(person) == []
        closed = await again(department, fresh)
        assert (closed.contact_status, closed.duplicate_of) == (ContactStatus.CLOSED, found[has].id)
        assert (await again(department, found[has])).duplicate_of is None
        for name in (person.slug, person.provider_id):
            assert (await department.leads.find(URL + name)).id == found[has].id


@pytest.mark.parametrize("earlier", [True, False])
async def test_of_two_that_were_contacted_who_was_first_goes_on(world, earlier):
    """The other account's claim comes to be known after ours, or was there before."""
    (person,) = world.welcoming()
    async with world.at_work(**AT_ONCE) as department:
        found = await twice(department, person)
        ours, other = found["id"], found["address"]
        address = {"slug": person.slug, "other": other.id}
        await _run(department, "DELETE FROM identities WHERE lead_id = :other", **address)
        await allocate(world, department, ours)
        await department.once("outreach")
        assert len(world.acts(person)) == 1
        # The address, which our look has just shown, is the other's after all.
        await _run(
            department, "UPDATE identities SET lead_id = :other WHERE value = :slug", **address
        )
        await written_to(world, department, other, days=3 if earlier else -0.001)
        for _ in range(3):
            world.pass_time(hours=24)
            await department.once("replies")
            await department.once("outreach")
        stands, closed = (other, ours) if earlier else (ours, other)
        assert (await again(department, closed)).duplicate_of == stands.id
        assert (await again(department, stands)).duplicate_of is None
        texts = [act.text for act in world.acts(person)]
        assert len(texts) == (1 if earlier else 2)


async def test_a_humans_no_to_a_closed_double_is_one_to_the_person(world):
    (person,) = world.silent()
    async with world.at_work(**AT_ONCE) as department:
        found = await twice(department, person)
        await allocate(world, department, found["id"])
        await department.once("outreach")
        assert (await again(department, found["address"])).duplicate_of == found["id"].id
        await department.leads.suppress(found["address"].id, reason="asked by phone", by="test")
        assert (await again(department, found["id"])).contact_status is ContactStatus.SUPPRESSED


@pytest.mark.parametrize("looked_at", BY)
async def test_an_address_that_changed_hands_is_whose_page_shows_it_and_makes_nobody_a_double(
    world, looked_at
):
    """The lead of that address is somebody else. Whose id is sure is written to; the other is not."""
    one, other = world.silent(2)
    async with world.at_work(**AT_ONCE) as department:
        found = await twice(department, one)
        renamed = {"name": other.name, "id": found["address"].id}
        await _run(department, "UPDATE leads SET name = :name WHERE id = :id", **renamed)
        await allocate(world, department, found[looked_at])
        await department.once("outreach")
        for lead in found.values():
            assert (await again(department, lead)).duplicate_of is None
        sure = looked_at == "id"
        assert len(world.acts(one)) == sure
        holder = await department.leads.find(URL + one.slug)
        assert holder.id == found["id" if sure else "address"].id
        errors = [event.error for event in await journal_of(department, AgentError)]
        assert any(other.name in error for error in errors)
