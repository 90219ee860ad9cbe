"""The sales manager: who is handed out, and what is taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingagents.app.department import Department
from ingagents.commands import LeadAllocation, SearchRequest
from ingagents.events import (
    AllocationReturned,
    LeadsImported,
    SearchFinished,
)
from ingagents.model import (
    Classification,
    ContactStatus,
    Lead,
    Profile,
)
from ingagents.sandbox.market.people import Person
from ingagents.store.tables import leads
from tests.world import (
    AT_ONCE,
    World,
    journal_of,
    status_of,
    statuses,
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.go_to(0, 9, 1)
    return world


async def stock(
    department: Department, count: int, *, role: str = "CTO", first: int = 0, company: str = ""
) -> None:
    """Leads nobody has contacted, each in a company of their own unless one is named."""
    await department.leads.add(
        [
            Profile(
                name=f"Kim {'Ab' * (number % 3 + 1)}{chr(97 + number % 26)}{number}",
                headline=role,
                position=role,
                company=company or f"Firma {number}",
                linkedin_url=f"https://www.linkedin.com/in/kim-{number}",
            )
            for number in range(first, first + count)
        ],
        source="import:test",
    )


async def allocated(department: Department) -> list[Lead]:
    return await department.store.read(lambda t: leads.allocated(t, limit=1000))


async def somebody_answers(world: World, department: Department, *kinds: str) -> Person:
    """One person is written to, accepts, answers so, and the answer is read."""
    (person,) = world.welcoming(*kinds)
    await world.allocate(department, person)
    world.go_to(0, 9, 5)
    await department.once("outreach")
    world.go_to(0, 12)
    await department.once("replies")
    return person


# --- allocation -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("in_store", "asked"), [(9, True), (10, False)])
async def test_leads_are_asked_for_when_fewer_than_set_are_uncontacted(world, in_store, asked):
    async with world.at_work() as department:
        await stock(department, in_store)
        outcome = await department.once("coordinate")
        assert outcome.figures["search_requested"] is asked
        assert len(await journal_of(department, SearchRequest)) == asked
        assert outcome.figures["uncontacted"] == in_store
        assert outcome.figures["allocated"] == in_store


async def test_nobody_is_searched_for_when_nobody_more_can_be_written_to(world):
    limits = {"daily_limit": 3, "weekly_limit": 8}
    async with world.at_work(outreach={"rate_limiting": limits}) as department:
        await stock(department, 8)
        outcome = await department.once("coordinate")
        assert outcome.figures["uncontacted"] == 8
        assert not outcome.figures["search_requested"]


async def test_a_search_is_asked_for_as_many_as_can_still_be_written_to(world):
    limits = {"daily_limit": 5, "weekly_limit": 12}
    async with world.at_work(outreach={"rate_limiting": limits}) as department:
        await stock(department, 4)
        await department.once("coordinate")
        (request,) = await journal_of(department, SearchRequest)
        assert request.wanted == 8


async def test_no_more_are_allocated_than_can_be_written_to_before_they_are_taken_back(world):
    limits = {"daily_limit": 5, "weekly_limit": 100}
    async with world.at_work(
        outreach={"rate_limiting": limits},
        sales_manager={"max_leads": 50, "take_back_after_hours": 24},
    ) as department:
        await stock(department, 30)
        first = await department.once("allocate")
        again = await department.once("allocate")
        assert 5 <= first.figures["allocated"] <= 10
        assert again.figures["allocated"] == 0
        assert len(await allocated(department)) == first.figures["allocated"]


async def test_quality_priority_hands_out_the_best(world):
    async with world.at_work(sales_manager={"max_leads": 5}) as department:
        await stock(department, 6)
        await stock(department, 6, role="Working student", first=100)
        await department.once("allocate")
        chosen = await allocated(department)
        rest = [
            lead
            async for lead in department.leads.every()
            if lead.contact_status is ContactStatus.NOT_CONTACTED
        ]
        assert len(chosen) == 5
        assert min(_score(lead) for lead in chosen) >= max(_score(lead) for lead in rest)
        (event,) = await journal_of(department, LeadAllocation)
        assert set(event.lead_ids) == {lead.id for lead in chosen}


async def test_balanced_hands_out_as_many_speakers_as_sponsors(world):
    manager = {"allocation_strategy": "balanced", "max_leads": 8}
    async with world.at_work(sales_manager=manager) as department:
        await stock(department, 10, role="CTO and keynote speaker on distributed systems")
        await stock(department, 10, role="Head of Marketing, sponsorships", first=100)
        await department.once("allocate")
        kinds = [lead.classification for lead in await allocated(department)]
        assert kinds.count(Classification.SPEAKER) == kinds.count(Classification.SPONSOR) == 4


async def test_oldest_first_hands_out_in_the_order_they_came(world):
    manager = {"allocation_strategy": "oldest_first", "max_leads": 3}
    async with world.at_work(sales_manager=manager) as department:
        for number in range(5):
            world.pass_time(minutes=1)
            await stock(department, 1, first=number)
        await department.once("allocate")
        urls = {lead.linkedin_url for lead in await allocated(department)}
        assert urls == {f"https://www.linkedin.com/in/kim-{number}" for number in range(3)}


async def test_never_below_the_threshold_never_suppressed_never_two_of_a_company(world):
    async with world.at_work(lead_finder={"quality_threshold": 5.0}) as department:
        await stock(department, 3)
        await stock(department, 3, first=50, company="One GmbH")
        await stock(department, 3, first=100, role="Gardener")
        await department.leads.suppress("https://www.linkedin.com/in/kim-1", reason="x", by="Kim")
        outcome = await department.once("allocate")
        chosen = await allocated(department)
        assert all(_score(lead) >= 5 for lead in chosen)
        assert "https://www.linkedin.com/in/kim-1" not in {lead.linkedin_url for lead in chosen}
        assert [lead.company for lead in chosen].count("One GmbH") == 1
        assert outcome.figures["passed_over"]["same_company"] == 2
        world.pass_time(hours=1)
        assert (await department.once("allocate")).figures["allocated"] == 0  # the same day


async def test_an_allocation_nobody_acted_on_is_taken_back_after_the_set_time(world):
    async with world.at_work(sales_manager={"take_back_after_hours": 24}) as department:
        await stock(department, 3)
        await department.once("allocate")
        await department.pause(by="Kim")
        world.go_to(1, 9, 0)
        assert (await department.once("monitor")).figures["returned"] == 0
        world.go_to(1, 9, 2)
        assert (await department.once("monitor")).figures["returned"] == 3
        assert await statuses(department) == {"Not Contacted": 3}
        assert len(await journal_of(department, AllocationReturned)) == 3


@pytest.mark.parametrize("fault", ["act_then_drop", "504"])
async def test_an_act_in_doubt_is_never_taken_back(world, fault):
    (person,) = world.silent()
    world.fail(fault)
    async with world.at_work(sales_manager={"take_back_after_hours": 1}) as department:
        await world.allocate(department, person)
        await department.once("outreach")
        world.pass_time(hours=2)
        await department.once("monitor")
        assert await status_of(department, person) is ContactStatus.UNCERTAIN


async def test_late_arrivals_are_allocated_the_same_day_up_to_the_days_rest(world):
    async with world.at_work(sales_manager={"max_leads": 8}) as department:
        await stock(department, 5)
        await department.once("coordinate")
        assert len(await allocated(department)) == 5
        path = world.folder / "late.csv"
        rows = [f"Kim Late{n},CTO,Late {n},https://www.linkedin.com/in/late-{n}" for n in range(9)]
        path.write_text("\n".join(["name,position,company,linkedin_url", *rows]), "utf-8")
        await department.leads.import_file(path)
        await department.once("monitor")
        assert len(await allocated(department)) == 8
        await department.leads.import_file(path)
        await department.once("monitor")
        assert len(await allocated(department)) == 8


async def test_late_arrivals_are_allocated_in_the_commit_that_acknowledges_them(world):
    async with world.at_work(sales_manager={"max_leads": 5}) as department:
        await department.once("coordinate")
        await stock(department, 9)
        manager = await department.agent("sales_manager")
        works: list[Any] = []
        for event in (
            LeadsImported(source="late.csv", taken=9, merged=0, refused=0),
            SearchFinished(seen=9, discovered=9),
        ):
            async with department.queue.session("sales_manager") as session:
                works.append(await manager.process_message(event, session))
            assert await allocated(department) == [], "the handler itself commits nothing"
        await department.store.write(works[0])
        assert len(await allocated(department)) == 5


async def test_leads_that_arrive_before_the_coordination_wait_for_it(world):
    world.go_to(0, 8)
    async with world.at_work() as department:
        path = world.folder / "early.csv"
        path.write_text(
            "name,position,company,linkedin_url\nKim A,CTO,A,https://www.linkedin.com/in/kim-a\n"
        )
        await department.leads.import_file(path)
        await department.once("monitor")
        assert await allocated(department) == []
        world.go_to(0, 9)
        await department.once("coordinate")
        assert len(await allocated(department)) == 1


async def test_a_coordination_run_again_the_same_day_hands_out_only_the_rest(world):
    """A morning that failed half-way is run again; it must not hand out twice the day's number."""
    async with world.at_work(sales_manager={"max_leads": 6}) as department:
        await stock(department, 20)
        await department.once("coordinate")
        again = await department.once("coordinate")
        assert again.figures["allocated"] == 0
        assert len(await allocated(department)) == 6
        world.go_to(1, 9, 1)
        assert (await department.once("coordinate")).figures["allocated"] == 6


async def test_a_mail_server_that_is_down_does_not_make_the_morning_hand_out_more(world):
    async with world.at_work(sales_manager={"max_leads": 6}, **AT_ONCE) as department:
        await somebody_answers(world, department, "positive")
        await stock(department, 40)
        world.mail.answers = ["refused"] * 100
        world.go_to(1, 9, 0)
        await department.run(until=world.at(1, 11))
        found = await statuses(department)
        assert found["Not Contacted"] >= 40 - 6


# --- what the team is told ----------------------------------------------------------------------------


def _score(lead: Lead) -> float:
    assert lead.quality_score is not None
    return lead.quality_score
