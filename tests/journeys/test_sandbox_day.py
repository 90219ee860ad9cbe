"""Whole days of the department on a market where nothing goes wrong.

Days on which anything does are in `tests.simulation`.
"""

from __future__ import annotations

from typing import Any

from ingagents.events import ResponseReceived
from ingagents.model import Sentiment
from tests.world import World, dead_letters, doubts_of, journal_of, statuses

SMALL: dict[str, Any] = {
    "sales_manager": {"max_leads": 18, "search_below": 30},
    "lead_finder": {"max_leads_per_day": 24},
    "outreach": {
        "rate_limiting": {
            "daily_limit": 15,
            "weekly_limit": 25,
            "min_interval_minutes": 4,
            "max_interval_minutes": 20,
        }
    },
}


async def test_a_quiet_day_writes_to_people_hears_them_and_reports(tmp_path):
    world = World(tmp_path, size=60)
    async with world.at_work(**SMALL) as department:
        await department.run(until=world.at(0, 19))
        assert len(world.acts()) == 15
        found = await statuses(department)
        assert found["Message Sent"] + found["Responded"] + found.get("Suppressed", 0) == 15
        positive = [
            event
            for event in await journal_of(department, ResponseReceived)
            if event.sentiment is Sentiment.POSITIVE
        ]
        assert positive
        assert len(world.mail.about("positive reply")) == len(positive)
        assert len(world.mail.about("report")) == 1
        assert await dead_letters(department) == []
        assert await doubts_of(department) == []
        world.check(department.settings)


async def test_the_same_seed_makes_the_same_day(tmp_path):
    days = []
    for run in ("one", "two"):
        (tmp_path / run).mkdir()
        world = World(tmp_path / run, size=60)
        async with world.at_work(**SMALL) as department:
            await department.run(until=world.at(0, 18))
        days.append([(act.person, act.at, act.text) for act in world.acts()])
    assert days[0] == days[1]
