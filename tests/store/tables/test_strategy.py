"""Changes of strategy: kept once, applied only where allowed, undone by a word."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingagents.core.strategy.auto_apply import DAILY_LIMIT, THRESHOLD, kept_id, say_strategy
from ingagents.core.strategy.proposals import Proposal
from ingagents.ports import Store
from ingagents.store.tables import strategy
from tests.support import open_test_store

pytestmark = pytest.mark.usefixtures("database")

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
RULES = "rules/strategy-1"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with open_test_store(tmp_path) as opened:
        yield opened


def change(setting: str, before: Any, after: Any, *, why: str = "Why.") -> Proposal:
    return Proposal(setting=setting, current=before, proposed=after, why=why, evidence="1 of 2")


SMALL = change(THRESHOLD, 6.0, 6.5)
LARGE = change(DAILY_LIMIT, 45, 30)


async def keep(store: Store, *proposals: Proposal, allowed: bool, days: float = 0) -> list[Any]:
    now = NOW + timedelta(days=days)
    made = [(one, RULES) for one in proposals]
    return await store.write(lambda t: strategy.keep(t, made, now=now, apply_small=allowed))


async def forced(store: Store, *, allowed: bool = True) -> list[str]:
    found = await store.read(lambda t: strategy.in_force(t, allowed=allowed))
    return [one.id for one in found]


async def test_without_permission_everything_waits(store):
    kept = await keep(store, SMALL, LARGE, allowed=False)
    assert [one.state for one in kept] == ["waiting", "waiting"]
    assert await forced(store) == []


async def test_with_permission_the_small_one_applies_and_the_large_one_waits(store):
    kept = await keep(store, SMALL, LARGE, allowed=True)
    assert [one.state for one in kept] == ["applied", "waiting"]
    assert await forced(store) == [kept_id(SMALL)]
    assert await forced(store, allowed=False) == []  # the setting alone undoes it
    applied = await store.read(lambda t: strategy.in_force(t, allowed=True))
    said = say_strategy(applied, await store.read(strategy.waiting))
    assert said[0].startswith(f"In force since 2027-03-01 ({kept_id(SMALL)}): {THRESHOLD}: 6.0 -> ")
    assert said[1].startswith("1 change of strategy waits")


async def test_a_proposal_made_again_keeps_its_id_and_its_day_and_gets_fresh_evidence(store):
    await keep(store, LARGE, allowed=False)
    (again,) = await keep(store, change(DAILY_LIMIT, 45, 30, why="Still."), allowed=False, days=1)
    assert (again.id, again.at, again.proposal.why) == (kept_id(LARGE), NOW, "Still.")
    assert len(await store.read(strategy.every)) == 1
    await keep(store, allowed=False, days=2)  # no longer proposed
    assert await store.read(strategy.every) == []


async def test_what_was_rejected_is_not_proposed_again_and_an_applied_one_is_undone(store):
    await keep(store, SMALL, allowed=True)
    name = kept_id(SMALL)
    undone = await store.write(
        lambda t: strategy.reject(t, name, by="Kim", reason="not now", now=NOW)
    )
    assert undone is not None
    assert (undone.state, undone.settled_by, undone.reason) == ("rejected", "Kim", "not now")
    assert await forced(store) == []
    assert await keep(store, SMALL, allowed=True, days=30) == []
    assert await store.write(lambda t: strategy.apply(t, name, by="Kim", now=NOW)) is None


async def test_a_person_may_approve_a_large_one_and_it_holds_also_without_permission(store):
    await keep(store, LARGE, allowed=False)
    name = kept_id(LARGE)
    approved = await store.write(lambda t: strategy.apply(t, name, by="Kim", now=NOW))
    assert approved is not None
    assert approved.state == "applied"
    assert await forced(store, allowed=False) == [name]


@pytest.mark.parametrize("name", ["", "strategy-0000000000", "lead-1"])
async def test_nothing_is_settled_under_an_unknown_name(store, name):
    await keep(store, LARGE, allowed=False)
    assert await store.write(lambda t: strategy.apply(t, name, by="Kim", now=NOW)) is None
    assert (
        await store.write(lambda t: strategy.reject(t, name, by="Kim", reason="", now=NOW)) is None
    )


async def test_what_was_decided_outlives_many_other_proposals(store):
    await keep(store, SMALL, allowed=True)
    for number in range(30):
        await keep(store, change(DAILY_LIMIT, 45, 5 + number), allowed=False, days=number)
    assert await forced(store) == [kept_id(SMALL)]
