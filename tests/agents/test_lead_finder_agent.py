"""The lead finder on a market that misbehaves: pages, visits, interruptions, everybody once."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ingagents.app.department import Department
from ingagents.errors import StoreFull
from ingagents.events import AgentError, LeadDiscovered
from ingagents.model import Lead, Profile, Recipient, SearchPage
from ingagents.store.tables import key_value
from tests.world import (
    World,
    finder_of,
    journal_of,
)

SEARCH = "POST /linkedin/search"
VISIT = "GET /users/AC"


UNBOUNDED = {
    "daily_limit": 1_000, "weekly_limit": 7_000, "min_interval_minutes": 0,
    "max_interval_minutes": 0,
}  # fmt: skip


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.go_to(0, 10)
    return world


@asynccontextmanager
async def searching(
    world: World, *, page_size: int = 10, **finder: Any
) -> AsyncGenerator[Department, None]:
    """A department whose lead finder reads pages of ten; nobody else asks for a search.

    Its account may write to more people than there are, and so a search is not ended by that.
    """
    async with world.department(
        lead_finder=finder, sales_manager={"search_below": 0}, outreach={"rate_limiting": UNBOUNDED}
    ) as department:
        await department.agent("lead_finder")
        agent = finder_of(department)
        agent.search.policy = dataclasses.replace(agent.search.policy, page_size=page_size)
        yield department


async def found(department: Department) -> list[Lead]:
    return [lead async for lead in department.leads.every()]


async def place(department: Department) -> Any:
    """Where an interrupted search stands."""
    return await department.store.read(lambda t: key_value.noted(t, key_value.SEARCH))


async def test_a_search_pages_until_the_days_number_is_found_and_no_further(world):
    async with world.keeping_time(), searching(world, max_leads_per_day=25) as department:
        outcome = await department.once("search")
        assert outcome.figures["discovered"] == 25
        assert len(await found(department)) == 25
        assert world.asked(SEARCH) == outcome.figures["pages"] == 3
        again = await department.once("search")
        assert again.figures["discovered"] == 0
        assert world.asked(SEARCH) == 3
        world.go_to(1, 10)
        assert (await department.once("search")).figures["discovered"] == 25


EVERYBODY = {"allow_same_company": True, "write_to_other": True}


async def test_a_search_takes_no_more_people_than_can_be_written_to_in_a_week(world):
    limits = {"daily_limit": 5, "weekly_limit": 12}
    async with (
        world.keeping_time(),
        world.department(
            lead_finder={"max_leads_per_day": 100},
            sales_manager={"search_below": 0, **EVERYBODY},
            outreach={"rate_limiting": limits},
        ) as department,
    ):
        assert (await department.once("search")).figures["discovered"] == 12
        again = await department.once("search")
        assert again.figures["discovered"] == 0
        assert "as many are in store as can be contacted" in again.figures["stopped_by"]
        assert "as many are in store as can be contacted" in again.summary


async def test_who_is_below_the_threshold_is_no_store(world):
    limits = {"daily_limit": 5, "weekly_limit": 12}
    async with (
        world.keeping_time(),
        world.department(
            lead_finder={"max_leads_per_day": 30, "quality_threshold": 9.9},
            sales_manager={"search_below": 0},
            outreach={"rate_limiting": limits},
        ) as department,
    ):
        assert (await department.once("search")).figures["discovered"] == 12
        assert (await department.once("search")).figures["discovered"] == 12


async def test_a_search_ends_with_its_results(tmp_path):
    world = World(tmp_path, size=40)
    async with world.keeping_time(), searching(world, max_leads_per_day=500) as department:
        outcome = await department.once("search")
        assert outcome.figures["stopped_by"] == "end of the results"
        assert outcome.try_later == ""
        leads = await found(department)
        assert len(leads) == outcome.figures["discovered"] > 3
        assert len(await journal_of(department, LeadDiscovered)) == len(leads)
        assert all(lead.reasons and lead.classification for lead in leads)
        assert await place(department) is None


async def test_nobody_is_found_twice_on_another_day(tmp_path):
    world = World(tmp_path, size=60)
    async with world.keeping_time(), searching(world, max_leads_per_day=500) as department:
        first = await department.once("search")
        visits = world.asked(VISIT)
        world.go_to(1, 10)
        second = await department.once("search")
        assert second.figures["discovered"] == 0
        assert second.figures["known"] == first.figures["discovered"]
        assert world.asked(VISIT) == visits


async def test_a_person_known_under_another_form_of_url_is_not_a_second_lead(tmp_path):
    """Imported by slug, by hashed id in a URL and by Sales Navigator's address; then searched."""
    world = World(tmp_path, size=60)
    async with world.keeping_time(), searching(world, max_leads_per_day=500) as department:
        people = world.people(lambda p: p.distance in {2, 3}, 30)
        forms = [
            Profile(name=p.name, linkedin_url=url)
            for p, url in zip(
                people,
                [
                    form.format(p=p)
                    for form, p in zip(
                        [
                            "https://www.linkedin.com/in/{p.slug}/",
                            "http://de.linkedin.com/in/{p.slug}?trk=abc",
                            "linkedin.com/in/{p.provider_id}",
                        ]
                        * 10,
                        people,
                        strict=True,
                    )
                ],
                strict=True,
            )
        ]
        await department.leads.add(forms, source="import:test")
        outcome = await department.once("search")
        everybody = await found(department)
        assert len(everybody) == 30 + outcome.figures["discovered"]
        assert outcome.figures["known"] > 0
        ids = [lead.provider_id for lead in everybody if lead.provider_id]
        assert len(ids) == len(set(ids))
        people_found = {
            world.market.find(lead.linkedin_url.rstrip("/").rpartition("/")[2]).key
            for lead in everybody
        }
        assert len(people_found) == len(everybody), "the same person twice"


async def test_nameless_hits_do_not_stop_a_search_and_are_visited_in_vain_only_once(world):
    async with world.keeping_time(), searching(world, max_leads_per_day=60) as department:
        outcome = await department.once("search")
        assert outcome.figures["discovered"] == 60
        assert outcome.figures["unusable"] >= 2
        assert all(lead.name for lead in await found(department))
        visited = [request for request in world.requests if request.startswith(VISIT)]
        world.go_to(1, 10)
        again = await department.once("search")
        assert again.figures["unusable"] >= outcome.figures["unusable"]
        everything = [request for request in world.requests if request.startswith(VISIT)]
        assert len(everything) == len(set(everything)) > len(visited) > 0


async def test_a_nameless_hit_whose_profile_shows_a_name_becomes_a_lead(world):
    async with world.keeping_time(), searching(world, max_leads_per_day=60) as department:
        client = finder_of(department).search.profiles
        fetch = client.fetch_profile

        async def named(who: Recipient, **known: Any) -> Profile:
            seen = await fetch(who, **known)
            person = world.market.find(who.provider_id)
            return msgspec.structs.replace(seen, name=person.name, complete=True)

        client.fetch_profile = named  # type: ignore[method-assign]
        outcome = await department.once("search")
        assert outcome.figures["unusable"] == 0
        hidden = {p.provider_id for p in world.market.people if p.distance == 0}
        assert hidden & {lead.provider_id for lead in await found(department)}


async def test_only_hits_that_are_not_enough_are_visited(world):
    async with world.keeping_time(), searching(world, max_leads_per_day=60) as department:
        complete: set[str] = set()
        client = finder_of(department).search.profiles
        search = client.search_profiles

        async def watched(*args: Any, **kwargs: Any) -> SearchPage:
            page = await search(*args, **kwargs)
            complete.update(hit.provider_id for hit in page.profiles if hit.complete)
            return page

        client.search_profiles = watched  # type: ignore[method-assign]
        await department.once("search")
        visited = {r.rpartition("/")[2] for r in world.requests if r.startswith(VISIT)}
        assert complete
        assert visited
        assert not visited & complete


async def test_profile_visits_stop_at_the_days_cap_also_after_a_restart(world):
    settings = {"max_leads_per_day": 60, "profile_visits_per_day": 2}
    async with world.keeping_time():
        async with searching(world, **settings) as department:
            await department.once("search")
            assert world.asked(VISIT) == 2
        async with searching(world, **settings) as department:
            await department.once("search")
            assert world.asked(VISIT) == 2
            world.go_to(1, 10)
            await department.once("search")
            assert world.asked(VISIT) <= 4


@pytest.mark.parametrize("fault", ["500", "429", "html", "truncated", "drop", "silent"])
async def test_a_visit_that_fails_does_not_stop_the_search(world, fault):
    world.fail(fault, on=VISIT, probability=1.0, seconds=1)
    async with world.keeping_time(), searching(world, max_leads_per_day=60) as department:
        outcome = await department.once("search")
        assert outcome.figures["discovered"] > 30
        assert outcome.figures["unusable"] > 0
        assert outcome.try_later == ""


async def test_an_analysis_that_breaks_on_one_person_is_published_and_the_others_are_kept(world):
    async with world.keeping_time(), searching(world, max_leads_per_day=20) as department:
        agent = finder_of(department)
        analyse = agent.search.analyse
        broken: list[Profile] = []

        def breaks_once(profile: Profile, *, source: str, asked: Any = None) -> Any:
            if not broken:
                broken.append(profile)
                raise ZeroDivisionError("odd profile")
            return analyse(profile, source=source, asked=asked)

        agent.search.analyse = breaks_once  # type: ignore[method-assign]
        outcome = await department.once("search")
        assert outcome.figures["discovered"] == 20
        assert outcome.figures["unusable"] >= 1
        (error,) = await journal_of(department, AgentError)
        assert "odd profile" in error.error


async def test_a_full_disk_during_a_visit_is_not_taken_for_a_bad_profile(world):
    async with world.keeping_time(), searching(world) as department:
        agent = finder_of(department)

        async def full() -> bool:
            raise StoreFull("no room")

        agent.search._may_visit = full  # type: ignore[method-assign]
        with pytest.raises(StoreFull):
            await department.once("search")


# --- people who must not come back -------------------------------------------------------------------


async def test_suppressed_people_are_not_stored_anew(tmp_path):
    world = World(tmp_path, size=60)
    async with world.keeping_time(), searching(world, max_leads_per_day=500) as department:
        unwanted = world.strangers(40)
        for person in unwanted:
            url = f"https://www.linkedin.com/in/{person.slug}"
            await department.leads.suppress(url, reason="asked", by="Kim")
        await department.once("search")
        slugs = {lead.profile.public_identifier for lead in await found(department)}
        assert slugs
        assert not slugs & {person.slug for person in unwanted}


async def test_a_search_that_the_days_limit_ends_says_so(world):
    async with world.keeping_time(), searching(world, max_leads_per_day=5) as department:
        await department.once("search")
        again = await department.once("search")
    assert again.figures["stopped_by"] == "enough: the 5 of a day are found"


async def test_only_a_search_that_could_have_taken_more_is_exhausted(tmp_path):
    async def searched(folder: str, most: int) -> Any:
        world = World(tmp_path / folder, size=60)
        world.go_to(0, 10)
        async with (
            world.keeping_time(),
            searching(world, page_size=100, max_leads_per_day=most) as department,
        ):
            return (await department.once("search")).figures

    everybody = await searched("all", 1_000)
    assert everybody["exhausted"]
    most = everybody["discovered"] - 1
    assert most > 1
    fewer = await searched("fewer", most)
    assert fewer["discovered"] == most
    assert not fewer["exhausted"]
