"""People found by Sales Navigator have ids of that view alone: they are resolved before anybody is written to."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingagents.model import ContactStatus, Profile
from tests.agents.test_conversation import QuietWorld
from tests.world import AT_ONCE, World, dead_letters, lead_of


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.chdir(tmp_path)
    world = QuietWorld(tmp_path)
    world.go_to(0, 9, 30)
    return world


async def test_whoever_a_search_of_sales_navigator_finds_is_invited_by_their_members_id(world):
    async with world.at_work(**AT_ONCE, linkedin={"api": "sales_navigator"}) as department:
        found = (await department.once("search")).figures["discovered"]
        leads = [lead async for lead in department.leads.every()]
        assert found == len(leads) > 10
        assert any(lead.provider_id.startswith("ACw") for lead in leads)
        await department.once("allocate")
        outcome = await department.once("outreach")
        assert outcome.figures["sent"] > 5
        assert {act.provider_id[:3] for act in world.acts()} == {"ACo"}
        reached = {act.provider_id for act in world.acts()}
        known = {lead.provider_id async for lead in department.leads.every()}
        assert reached <= known
        assert await dead_letters(department) == []
        world.check(department.settings)


@pytest.mark.parametrize("first", ["slug", "sales"])
async def test_one_person_under_two_names_is_written_to_once_and_the_other_lead_is_closed(
    world, first
):
    person = world.silent()[0]
    names = {
        "slug": Profile(name=person.name, linkedin_url=f"https://linkedin.com/in/{person.slug}"),
        "sales": Profile(
            name=person.name,
            linkedin_url=f"https://www.linkedin.com/sales/lead/{person.sales_id},NAME_SEARCH,a1b2",
        ),
    }
    ordered = [names.pop(first), *names.values()]
    async with world.at_work(**AT_ONCE) as department:
        for profile in ordered:
            await department.leads.add([profile], source="import:people.csv")
            await department.once("allocate")
            await department.once("outreach")
            await department.once("outreach")
        leads = [lead async for lead in department.leads.every()]
        assert len(world.acts(person)) == 1
        stands = await lead_of(department, person)
        assert stands.contact_status in {ContactStatus.INVITED, ContactStatus.MESSAGE_SENT}
        others = [lead for lead in leads if lead.id != stands.id]
        # By the slug that the look at the first one showed, a second one is known at once.
        assert len(others) == (1 if first == "slug" else 0)
        for one in others:
            assert (one.contact_status, one.duplicate_of) == (ContactStatus.CLOSED, stands.id)
        world.check(department.settings)
