"""A search that is cut off, by whatever it may be, goes on where it stood."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ingagents.commands import SearchRequest
from ingagents.errors import AccountBlocked, RequestRefused
from ingagents.events import SearchFinished
from ingagents.model import SearchCriteria, SearchPage
from ingagents.sandbox.faults import FaultRule
from tests.agents.test_lead_finder_agent import SEARCH, found, place, searching
from tests.world import (
    Died,
    World,
    dead_letters,
    dies,
    finder_of,
    journal_of,
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.go_to(0, 10)
    return world


# --- interruptions ----------------------------------------------------------------------------------


async def test_a_service_that_goes_down_between_pages_keeps_what_was_found_and_goes_on_there(world):
    async with world.keeping_time(), searching(world, max_leads_per_day=30) as department:
        world.fail("500", on=SEARCH, requests=(3, 4))
        outcome = await department.once("search")
        assert outcome.try_later.startswith("service")
        assert outcome.figures["discovered"] == len(await found(department)) > 0
        before = world.asked(SEARCH)
        kept = await place(department)
        assert kept["cursor"]
        assert kept["pages"] == 2
        world.plan()
        again = await department.once("search")
        assert again.figures["discovered"] == 30 == len(await found(department))
        assert world.asked(SEARCH) - before == 2  # the first two pages are not read again
        assert await place(department) is None


async def test_a_process_that_dies_between_pages_goes_on_where_it_stood(world):
    async with world.keeping_time():
        with dies():
            async with searching(world, max_leads_per_day=30) as department:
                client = finder_of(department).search.profiles
                search = client.search_profiles

                async def dies_at_page_two(criteria: SearchCriteria, **how: Any) -> SearchPage:
                    if how.get("cursor"):
                        raise Died
                    return await search(criteria, **how)

                client.search_profiles = dies_at_page_two  # type: ignore[method-assign]
                await department.once("search")
        before = world.asked(SEARCH)
        async with searching(world, max_leads_per_day=30) as department:
            assert len(await found(department)) >= 5
            outcome = await department.once("search")
            assert outcome.figures["discovered"] == len(await found(department)) == 30
            assert world.asked(SEARCH) - before == outcome.figures["pages"] - 1


@pytest.mark.parametrize("size", [40, 400], ids=["the end of the results", "enough"])
async def test_a_process_that_dies_before_it_tells_what_a_search_found_tells_it_after(
    tmp_path, size
):
    world = World(tmp_path, size=size)
    world.go_to(0, 10)
    async with world.keeping_time():
        with dies():
            async with searching(world, max_leads_per_day=30) as department:
                agent = finder_of(department)
                append = agent.append

                def dies_at_the_end(transaction: Any, *events: Any) -> None:
                    if isinstance(events[0], SearchFinished):
                        raise Died
                    append(transaction, *events)

                agent.append = dies_at_the_end  # type: ignore[method-assign]
                await department.once("search")
        before = world.asked(SEARCH)
        async with searching(world, max_leads_per_day=30) as department:
            await department.once("search")
            (told,) = await journal_of(department, SearchFinished)
            assert told.discovered == len(await found(department)) > 3
            assert world.asked(SEARCH) == before, "no page is read again"
            assert await place(department) is None


async def test_a_department_that_is_stopped_during_a_search_goes_on_after_the_restart(world):
    async with world.keeping_time():
        async with searching(world, max_leads_per_day=30) as department:
            agent = finder_of(department)
            search = agent.search.profiles.search_profiles

            async def stop_meanwhile(*args: Any, **how: Any) -> SearchPage:
                await agent.stop()
                return await search(*args, **how)

            agent.search.profiles.search_profiles = stop_meanwhile  # type: ignore[method-assign]
            outcome = await department.once("search")
            assert "stopping" in outcome.try_later
            assert 0 < len(await found(department)) < 30
        async with searching(world, max_leads_per_day=30) as department:
            await department.run(until=world.now + timedelta(minutes=10))
            assert len(await found(department)) == 30
            assert await place(department) is None


async def test_a_search_asked_for_that_the_service_cut_off_goes_on_by_itself(world):
    world.fail("500", on=SEARCH, requests=(2, 3))
    async with world.keeping_time(), searching(world, max_leads_per_day=40) as department:
        agent = finder_of(department)
        agent.jobs = {}
        await department.queue.publish("sales_manager", SearchRequest(reason="short", wanted=22))
        await department.run(until=world.now + timedelta(minutes=20))
        assert len(await found(department)) == 22
        ends = await journal_of(department, SearchFinished)
        assert [end.stop for end in ends] == ["service", "enough"]
        assert await dead_letters(department) == []


async def test_a_cursor_that_no_longer_holds_begins_the_search_again(world):
    async with world.keeping_time(), searching(world, max_leads_per_day=30) as department:
        world.fail("500", on=SEARCH, requests=(3, 4))
        await department.once("search")
        world.refuse("invalid_parameters", on=SEARCH, status=400)
        outcome = await department.once("search")
        assert len(await found(department)) == 30
        assert outcome.figures["known"] >= 10
        names = [lead.provider_id for lead in await found(department)]
        assert len(names) == len(set(names))


async def test_a_service_that_refuses_every_cursor_ends_the_search_instead_of_circling(world):
    async with world.keeping_time(), searching(world, max_leads_per_day=60) as department:
        client = finder_of(department).search.profiles
        search = client.search_profiles

        async def first_page_only(criteria: SearchCriteria, **how: Any) -> SearchPage:
            if how.get("cursor"):
                raise RequestRefused("what cursor?")
            return await search(criteria, **how)

        client.search_profiles = first_page_only  # type: ignore[method-assign]
        with pytest.raises(RequestRefused):
            await department.once("search")
        assert world.asked(SEARCH) == 2
        assert len(await found(department)) >= 5


async def test_a_lost_login_is_an_error_and_no_empty_result(world):
    world.plan(
        FaultRule(kind="refuse", on=SEARCH, requests=(1,), status=401, type="expired_credentials")
    )
    async with world.keeping_time(), searching(world) as department:
        with pytest.raises(AccountBlocked):
            await department.once("search")


async def test_a_search_for_something_else_does_not_go_on_where_the_other_stood(world):
    async with world.keeping_time(), searching(world, max_leads_per_day=40) as department:
        world.fail("500", on=SEARCH, requests=(2, 3))
        await department.once("search")
        world.plan()
        other = SearchCriteria(positions=("Head of Marketing",))
        await department.queue.publish("sales_manager", SearchRequest(criteria=other, wanted=5))
        agent = finder_of(department)
        await agent.run_now("search", patience_seconds=0)
        first, second, third = await journal_of(department, SearchFinished)
        assert second.discovered <= 5
        assert third.discovered + second.discovered + first.discovered == 40
