"""A free seat, 400 people, ten days of work, and a process that dies again and again all the while.

Cron calls; most calls die at a boundary of chance. No seat can reach more people than the two
weeks' invitations and those who are connected already.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ingagents.sandbox.market.account import NOTES_A_MONTH
from ingagents.sandbox.market.market import Market
from tests.kills.launcher import MONDAY
from tests.kills.nursery import Nursery
from tests.kills.test_cron import call
from tests.kills.workday import SEED, listed, workday

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="processes are forked and killed by signal 9"),
    pytest.mark.timeout(3600),
]

PEOPLE, A_DAY, A_WEEK = 400, 45, 100
"""The limits are the settings' defaults."""

NIGHTS = (0, 1, 1, 1, 1, 3, 1, 1, 1, 1)
"""Ten days of work, in days after the one before."""

KILLED_A_DAY = 8
"""Calls of `once --task outreach` that are to die, beside those of the other tasks."""


def test_killed_all_the_time_it_reaches_nearly_everybody_whom_any_seat_can(
    tmp_path: Path, warm: Nursery
) -> None:
    people = [one for one in Market(SEED, PEOPLE, now=lambda: MONDAY).people if one.slug]
    chance, deaths = random.Random(1), 0
    with workday(
        tmp_path / "day",
        warm,
        people=listed(people),
        market=("--seed", str(SEED), "--size", str(PEOPLE), "--seat", "free"),
        weekly=A_WEEK,
        limit=10 * A_DAY,
        daily=A_DAY,
    ) as day:
        for nights in NIGHTS:
            day.later(nights, daily=A_DAY)
            deaths += call(day, chance, together=True)
            outreach = ["outreach"] * KILLED_A_DAY
            deaths += call(day, chance, together=False, tasks=outreach)
            call(day, None, together=False)
            held = json.loads(day.succeeds("status", "--json"))["limits"]["holds"]
            assert {hold["kind"] for hold in held} <= {"gap", "withdrawal"}, held
        found = day.check()
        acts: list[dict[str, Any]] = day.record()["acts"]
    reached = {act["slug"] for act in acts}
    kinds = Counter((act["kind"], bool(act["text"])) for act in acts)
    print(f"{deaths} deaths", len(reached), kinds, found)
    assert deaths > 5 * len(NIGHTS)
    connected = sum(one.distance == 1 for one in people)
    assert len(reached) >= 0.9 * (2 * A_WEEK + connected)
    assert 1 <= kinds["invitation", True] <= NOTES_A_MONTH
