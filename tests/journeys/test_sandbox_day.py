"""Whole days of the department on a market where anything goes wrong, many seeds of them.

What must hold whatever happens: nobody is written to twice, no limit is exceeded, and every lead
and every event is accounted for. A failing seed is in the name of the test: run it alone with -k.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from ingagents.events import ResponseReceived
from ingagents.model import ContactStatus, DeliveryState, Sentiment
from ingagents.sandbox.faults import FaultRule
from tests.world import (
    World,
    dead_letters,
    deliveries_of,
    doubts_of,
    journal_of,
    only_deaths,
    statuses,
)

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
ON_SENDS = [
    "act_then_drop",
    "drop",
    "act_then_silent",
    "silent",
    "act_then_504",
    "504",
    "act_then_500",
    "500",
    "429",
    "html",
    "truncated",
    "refuse",
]
ON_READS = ["drop", "504", "500", "429", "html", "truncated"]
REFUSALS = [
    "user_unreachable",
    "cannot_resend_yet",
    "too_many_characters",
    "unprocessable_entity",
    "no_connection_with_recipient",
]
SEEDS = range(40)


@pytest.fixture
def quick_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: these days are about order, not about the disk."""
    memory = Path("/dev/shm")
    if not memory.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


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


@pytest.mark.parametrize("seed", SEEDS)
async def test_whatever_goes_wrong_nobody_is_met_twice_and_nothing_is_lost(
    quick_folder: Path, seed: int
) -> None:
    chance = random.Random(seed)
    world = World(quick_folder, seed=seed, size=60)
    world.mail.answers = [
        chance.choice(["sent", "sent", "refused", "unknown", "lost"]) for _ in range(30)
    ]
    world.die_before = {n for n in range(1, 60) if chance.random() < 0.04}
    world.die_after = {n for n in range(1, 60) if chance.random() < 0.04}
    departments = chance.choice([1, 1, 2])
    async with world.keeping_time():
        _new_trouble(world, chance)
        while world.now < world.at(0, 19):
            await _one_process_life(world, chance, departments)
        world.plan()
        world.mail.answers = []
        world.die_before = world.die_after = set()
        async with world.department(**SMALL) as department:
            await department.resume(by="test")
            await department.run(until=world.at(1, 10, 30))  # faults end: doubts must settle
            world.check(department.settings)
            await _everybody_is_accounted_for(world, department)
            for letter in await dead_letters(department):
                assert "mail about" in letter.error, letter


async def _one_process_life(world: World, chance: random.Random, departments: int) -> None:
    """Processes work until one dies or a while is over; then the next trouble begins."""
    hours = chance.uniform(0.5, 5)
    until = min(world.at(0, 19), world.now + (world.at(0, 2) - world.at(0, 1)) * hours)
    try:
        async with anyio.create_task_group() as tasks:
            for _ in range(departments):
                tasks.start_soon(_one_process, world, until, chance)
    except BaseExceptionGroup as group:
        if not only_deaths(group):
            raise
    _new_trouble(world, chance)


async def _one_process(world: World, until: Any, chance: random.Random) -> None:
    async with world.department(**SMALL) as department:
        if chance.random() < 0.3:
            await department.resume(by="test")
        if chance.random() < 0.1:
            await department.pause(by="test")
        await department.run(until=until)


def _new_trouble(world: World, chance: random.Random) -> None:
    rules = [
        FaultRule(
            kind=chance.choice(ON_SENDS),  # type: ignore[arg-type]
            on=chance.choice(["POST /users/invite", "POST /chats"]),
            probability=chance.choice([0.1, 0.4, 1.0]),
            type=chance.choice(REFUSALS),
            seconds=chance.choice([1, 600]),
        )
        for _ in range(chance.randrange(4))
    ]
    rules += [
        FaultRule(
            kind=chance.choice(ON_READS),  # type: ignore[arg-type]
            on=chance.choice(
                ["GET /users/AC", "GET /chat", "POST /linkedin", "GET /users/rel", "GET"]
            ),
            probability=chance.choice([0.05, 0.3]),
            seconds=1,
        )
        for _ in range(chance.randrange(3))
    ]
    world.plan(
        *rules,
        seed=chance.randrange(1000),
        lag_seconds=chance.choice([0, 0, 0, 60, 300, 5000]),
        account_status=chance.choice(["OK"] * 12 + ["CREDENTIALS", "CONNECTING"]),
    )


async def _everybody_is_accounted_for(world: World, department: Any) -> None:
    """Each lead's status says what the market knows of it."""
    met = {act.person: act for act in world.acts()}
    async for lead in department.leads.every():
        acts = await deliveries_of(department, lead.id)
        over = {DeliveryState.REFUSED, DeliveryState.LOST}
        live = [one for one in acts if one.state not in over]
        assert len(live) <= 1
        known = lead.provider_id or lead.linkedin_url.rpartition("/")[2]
        act = met.pop(world.market.find(known).key, None)
        status = lead.contact_status
        if status in {ContactStatus.NOT_CONTACTED, ContactStatus.ALLOCATED}:
            # What shows only after all looks is adopted when its turn comes.
            assert act is None or any(one.state is DeliveryState.LOST for one in acts)
            assert live == []
            continue
        if status is ContactStatus.UNCERTAIN:
            assert len(live) == 1
            assert live[0].state is DeliveryState.UNCERTAIN
        if status is ContactStatus.MESSAGE_SENT:
            assert act is not None
            assert lead.message_sent == act.text
        if act is not None:
            assert status in {
                ContactStatus.MESSAGE_SENT,
                ContactStatus.RESPONDED,
                ContactStatus.SUPPRESSED,
                ContactStatus.UNCERTAIN,
                ContactStatus.NEEDS_REVIEW,
            }, (status, lead.status_reason)
            assert acts
    assert met == {}, "somebody was written to who is no lead"
    for doubt in await doubts_of(department):
        assert doubt.recipient == "team" or doubt.looks, doubt
