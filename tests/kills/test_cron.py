"""Cron alone takes every step of weeks, and a `once` that is killed anywhere changes nothing of it."""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.kills.boundaries import KINDS
from tests.kills.deaths import Fresh, on_postgres, sqlite
from tests.kills.nursery import Child, Nursery
from tests.kills.workday import LIMIT, Workday, quiet_people, workday
from tests.postgres import PostgresServer

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="processes are forked and killed by signal 9"),
    pytest.mark.timeout(3600),
]

TASKS = ("coordinate", "search", "allocate", "outreach", "replies")
DAYS_BETWEEN = (0, 1, 1, 5, 1, 6, 1, 1, 6, 1, 1, 5, 1, 6, 1)
"""Between two days on which cron calls: weeks in all, with what is due on each of them."""
REACHES = 30
"""A `once` dies at the so-manieth boundary of a kind, if it passes as many; sooner more often."""
BUSY = 75
STEPS = ("first-contact", "first-message", "follow-up:1", "follow-up:2", "withdrawal")


def call(
    day: Workday,
    chance: random.Random | None,
    *,
    together: bool,
    tasks: Sequence[str] = TASKS,
) -> int:
    """All tasks in a turn, each to die at some boundary if chance decides; how many did."""
    called: list[Child] = []
    for task in chance.sample(tasks, len(tasks)) if chance else tasks:
        called.append(day.start("once", "--task", task, at=_boundary(chance) if chance else ""))
        if not together:
            called[-1].wait()
    codes = Counter(child.wait() for child in called)
    told = [child.said for child in called if child.code not in {0, BUSY, -signal.SIGKILL}]
    assert not told, "\n".join(told)
    return codes[-signal.SIGKILL]


def _boundary(chance: random.Random) -> str:
    if chance.random() < 0.2:
        return ""
    return f"{chance.choice(KINDS)}:{int(REACHES ** chance.random())}"


def left_to_do(day: Workday) -> list[str]:
    """What is not done; nobody calls the other jobs."""
    return [one for one in day.standing() if one.split(":")[0] not in {"report", "monitor"}]


def assert_takes_every_step(
    folder: Path, warm: Nursery, fresh: Fresh, chance: random.Random
) -> None:
    """Weeks of calls, killed ones and then one undisturbed each day: all as if nobody had died.

    But for a message that nobody can see in the chat: a human says whether it has arrived.
    """
    deaths = 0
    with (
        fresh() as database,
        workday(folder, warm, database=database, limit=100, daily=LIMIT) as day,
    ):
        for days in DAYS_BETWEEN:
            day.later(days, daily=LIMIT)
            deaths += call(day, chance, together=True)
            deaths += call(day, chance, together=False)
            call(day, None, together=False)
        for _ in range(20):
            if left_to_do(day):
                call(day, None, together=False)
        assert left_to_do(day) == []
        found = day.check()
        sent = Counter(
            step if step in STEPS else "withdrawal"
            for (step,) in day.rows(
                "SELECT step FROM deliveries WHERE state = 'sent'"
                " AND kind IN ('invitation', 'message', 'withdrawal')"
            )
        )
        print(f"{deaths} deaths", found, sent)
        assert set(sent) == set(STEPS)
        asked = {
            lead_id
            for (lead_id,) in day.rows(
                "SELECT d.recipient FROM reviews r JOIN deliveries d ON d.id = r.subject"
                " WHERE r.kind = 'send' AND r.state = 'open' AND d.state = 'uncertain'"
            )
        }
        leads = {lead["linkedin_url"]: lead for lead in day.leads()}
        for *_, url in quiet_people():
            lead = leads[url]
            assert lead["step"] == "follow_up_2" or lead["id"] in asked, lead
        for lead in leads.values():
            assert lead["next_step"] or lead["next_step_reason"] or not lead["step"], lead
    assert deaths > 2 * len(DAYS_BETWEEN)


def test_cron_alone_takes_every_step_and_a_killed_once_changes_nothing(
    tmp_path: Path, warm: Nursery
) -> None:
    assert_takes_every_step(tmp_path / "day", warm, sqlite, random.Random(1))


def test_cron_alone_does_the_same_on_postgres(
    tmp_path: Path, warm: Nursery, postgres: PostgresServer
) -> None:
    assert_takes_every_step(tmp_path / "day", warm, on_postgres(postgres), random.Random(2))
