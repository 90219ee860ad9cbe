"""The sending account is nobody's lead, by whatever it is recognised."""

from __future__ import annotations

import pytest

from ingagents.model import ContactStatus, Profile
from ingagents.sandbox.faults import FaultRule
from tests.world import AT_ONCE, World, lead_of, status_of


@pytest.fixture
def world(tmp_path) -> World:
    world = World(tmp_path)
    world.go_to(0, 9, 30)
    return world


ANYBODY = {"sales_manager": {"write_to_other": True}}


def our_own(world: World, by: str) -> Profile:
    """A row that names us by slug or by member id."""
    own = {"slug": world.market.own_slug, "id": world.market.own_id}[by]
    return Profile(name="Robin Keller", linkedin_url=f"https://www.linkedin.com/in/{own}")


@pytest.mark.parametrize("by", ["slug", "id"])
async def test_the_account_is_never_written_to_nor_visited(world, by):
    async with world.at_work(**AT_ONCE, **ANYBODY) as department:
        await department.leads.add([our_own(world, by)], source="import:test")
        await department.once("allocate")
        outcome = await department.once("outreach")
        (lead,) = [lead async for lead in department.leads.every()]
        assert lead.contact_status is ContactStatus.SUPPRESSED
        assert "this is our own account" in lead.status_reason
        assert (outcome.figures["skipped"], outcome.try_later) == (1, "")
        assert world.acts() == []
        assert world.asked("GET /users/me") == 1
        assert world.asked(f"GET /users/{world.market.own_slug}") == 0
        assert world.asked(f"GET /users/{world.market.own_id}") == 0


@pytest.mark.parametrize("by", ["slug", "id"])
async def test_who_is_known_to_be_us_is_not_taken_in_any_more(world, by):
    (somebody,) = world.silent()
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, somebody)
        await department.once("outreach")
        imported = await department.leads.add([our_own(world, by)], source="import:again")
        assert (imported.taken, imported.suppressed) == (0, 1)


@pytest.mark.parametrize("fields", [{"is_self": True}, {"network_distance": "SELF"}])
async def test_a_profile_that_says_it_is_ours_is_no_lead(world, fields):
    person, other = world.silent(2)
    on = f"GET /users/{person.slug}"
    world.plan(FaultRule(kind="alter", on=on, fields=fields, probability=1.0))
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person, other)
        outcome = await department.once("outreach")
        assert [act.person for act in world.acts()] == [other.key]
        lead = await lead_of(department, person)
        assert lead.contact_status is ContactStatus.SUPPRESSED
        assert "this is our own account" in lead.status_reason
        assert outcome.try_later == ""
        await department.once("outreach")
        assert world.asked(on) == 1


async def test_our_own_profile_among_the_hits_is_left_out(world):
    fields = {"network_distance": "SELF"}
    world.plan(FaultRule(kind="alter", on="POST /linkedin", fields=fields, probability=1.0))
    async with world.at_work() as department:
        outcome = await department.once("search")
        assert (outcome.figures["seen"], outcome.try_later) == (0, "")
        assert [lead async for lead in department.leads.every()] == []


async def test_a_hit_with_the_accounts_own_id_is_left_out_though_nothing_says_so(world):
    fields = {"id": world.market.own_id, "public_identifier": world.market.own_slug}
    world.plan(FaultRule(kind="alter", on="POST /linkedin", fields=fields, probability=1.0))
    async with world.at_work() as department:
        outcome = await department.once("search")
        assert outcome.figures["discovered"] == 0


async def test_a_service_that_gives_our_record_for_everybody_suppresses_nobody(world):
    person, other = world.silent(2)
    own = f"/users/{world.market.own_slug}"
    world.plan(FaultRule(kind="instead", on="GET /users/", instead=own, probability=1.0))
    async with world.at_work(**AT_ONCE) as department:
        await world.allocate(department, person, other)
        await department.once("outreach")
        assert world.acts() == []
        assert await status_of(department, person) is ContactStatus.ALLOCATED
        assert await status_of(department, other) is ContactStatus.ALLOCATED
