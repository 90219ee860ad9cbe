"""A simulated month is asked why, all the time: an answer for everybody, and it comes true."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest

from ingagents.app.department import Department
from ingagents.core.sending.plans import Gate
from ingagents.core.why.why import Why
from ingagents.core.why.why_words import NotYet
from ingagents.errors import InputError
from ingagents.model import LeadId
from ingagents.ports import Transaction
from ingagents.services.why import Idle, Reading
from ingagents.store.tables import leads
from tests.world import World, profile_of

DAYS = 31
EVERY = timedelta(hours=3, minutes=50)
LATEST = timedelta(hours=1)
"""So long after a moment the next pass has been, and the state is another one."""
SECTIONS: dict[str, Any] = {
    "sales_manager": {"max_leads": 6, "search_below": 5},
    "lead_finder": {"max_leads_per_day": 8, "quality_threshold": 5.0},
    "outreach": {
        "reply_look_minutes": 20,
        "response_check_interval_hours": 4,
        "sequence": {"follow_ups": [1, 2], "withdraw_after_days": 5},
        "rate_limiting": {"daily_limit": 4, "weekly_limit": 15, "spread": "even"},
    },
}


async def everybody(department: Department) -> tuple[Idle, dict[LeadId, Why]]:
    """The gate of each, asked one by one, which is how the department counts them."""
    explaining = await department._hiring.explaining()

    def read(transaction: Transaction) -> tuple[Idle, dict[LeadId, Why]]:
        """In one look: the agents are at work meanwhile."""
        reading = Reading(explaining, transaction)
        people = leads.every(transaction, limit=1000)
        return reading.idle(), {one.id: reading.of(one) for one in people}

    idle, found = await department.store.read(read)
    counted = Counter(one.gate for one in found.values())
    assert {one.gate: one.people for one in idle.groups} == counted
    assert all(one.reason and one.change for one in found.values())
    return idle, found


class Asking:
    """Asks about everybody, and looks later whether what was said came true."""

    def __init__(self, world: World, department: Department) -> None:
        self.world = world
        self.department = department
        self.said: dict[LeadId, Why] = {}
        self.met: Counter[str] = Counter()
        self.came_true: Counter[str] = Counter()

    async def ask(self) -> None:
        now, (_, found) = self.world.now, await everybody(self.department)
        self._compare(found, now)
        self.met.update(one.gate for one in found.values())

    def _compare(self, found: dict[LeadId, Why], now: datetime) -> None:
        for lead_id, before in self.said.items():
            after = found[lead_id]
            if before.lifts_at is None or before.lifts_at > now - LATEST:
                continue
            assert (after.gate, after.lifts_at) != (before.gate, before.lifts_at), (before, after)
            self.came_true[before.gate] += 1
        self.said = found


async def test_for_a_month_everybody_has_one_gate_and_what_it_predicts_comes_true(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    world = World(tmp_path, size=60)
    until = world.now + timedelta(days=DAYS)
    async with world.at_work(**SECTIONS) as department:
        await department.leads.add(
            [profile_of(one) for one in world.strangers(12)], source="import:test"
        )
        asking = Asking(world, department)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(lambda: department.run(until=until))
            while world.now < until - EVERY:
                await world.clock.sleep_until(world.now + EVERY)
                await asking.ask()
    assert {Gate.LIMITS, Gate.NOT_DUE, Gate.ANSWERED, NotYet.ALLOCATION} <= asking.met.keys()
    assert {Gate.LIMITS, Gate.NOT_DUE} <= asking.came_true.keys()


async def test_who_is_meant_is_found_as_everywhere_and_a_pause_is_the_whole_department_s(
    tmp_path: Path,
) -> None:
    world = World(tmp_path, size=60)
    async with world.at_work() as department:
        people = world.strangers(2)
        await world.allocate(department, *people)
        requests = len(world.requests)
        await department.pause(by="Kim", reason="press day")
        assert (await department.leads.why(people[0].slug)).why.gate is Gate.PAUSED
        idle = await department.leads.idle()
        assert idle.account is not None
        assert (idle.account.gate, idle.next_at) == (Gate.PAUSED, None)
        assert [(one.gate, one.people) for one in idle.groups] == [(Gate.PAUSED, 2)]
        with pytest.raises(InputError):
            await department.leads.why("nobody of that name")
        assert len(world.requests) == requests


async def test_in_a_dry_run_whoever_was_shown_waits_for_the_real_thing(tmp_path: Path) -> None:
    world = World(tmp_path, size=60)
    world.go_to(0, 10)
    async with world.at_work(live=False, linkedin={"live": False}) as department:
        ids = await world.allocate(department, *world.strangers(2))
        assert (await department.leads.why(ids[0])).why.gate is NotYet.TURN
        await department.once("outreach")
        shown = (await department.leads.why(ids[0])).why
        assert (shown.gate, shown.lifts_at) == (NotYet.DRY_RUN, None)
        assert shown.change == "linkedin.live = true"
        idle = await department.leads.idle()
        assert [(one.gate, one.people) for one in idle.groups] == [(NotYet.DRY_RUN, 2)]
        assert [one.why.gate for one in await department.leads.next_up(9)] == [NotYet.DRY_RUN] * 2


@pytest.mark.parametrize("stages", [3, 0], ids=["a track is full", "all are"])
async def test_whom_the_programme_has_no_place_for_is_told_apart_from_whom_others_come_before(
    tmp_path: Path, stages: int
) -> None:
    world = World(tmp_path, size=240)
    programme = [
        {"kind": "Speaker", "name": "AI", "places": stages, "topics": ["AI", "machine learning"]},
        {"kind": "Speaker", "name": "Quantum", "places": 0},
        {"kind": "Sponsor", "name": "Gold", "places": 1},
    ]
    turns = {"max_leads": 3, "allocation_strategy": "balanced"}
    async with world.at_work(programme=programme, sales_manager=turns) as department:
        people = [profile_of(one) for one in world.strangers(120)]
        await department.leads.add(people, source="import:test")
        idle, found = await everybody(department)
        by_kind = {
            (lead.classification, found[lead.id].gate) async for lead in department.leads.every()
        }
        assert ("Sponsor", Gate.PROGRAMME) in by_kind
        assert ("Speaker", Gate.PROGRAMME) in by_kind
        assert (("Speaker", NotYet.FULL) in by_kind) is bool(stages)
        assert all(one.lifts_at is None for one in idle.groups if one.gate is Gate.PROGRAMME)


async def test_that_the_search_finds_nobody_else_is_a_gate_before_nobody_known(
    tmp_path: Path,
) -> None:
    world = World(tmp_path, size=60)
    world.go_to(0, 10)
    sections: dict[str, Any] = {
        "lead_finder": {"max_leads_per_day": 1000},
        "sales_manager": {"search_below": 1000},
    }
    async with world.at_work(**sections) as department:
        assert (await department.leads.idle()).search is None
        assert (await department.once("search")).figures["exhausted"]
        idle, _ = await everybody(department)
        assert idle.search is NotYet.SEARCH_EXHAUSTED
