"""A whole day in the sandbox on the jumping clock, and what the rules cost for a lead and a reply."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ingagents.app.department import open_department
from ingagents.core.lead_classifier import classify
from ingagents.core.quality_scorer import Weights, calculate_score
from ingagents.core.response_analyser import analyse_response
from ingagents.model import Profile, SearchCriteria
from ingagents.settings import Settings
from ingagents.store.engine.sqlite import SqliteStore
from tests.benchmarks.lab import Figures, Lab, Row, awaited, in_rounds, medians, row


def rows(lab: Lab) -> Iterator[Row]:
    """No raw limit and no goal stands beside these: they tell of the whole."""
    found = medians(in_rounds([{"day": awaited(partial(day, lab.folder))}, {"rules": rules}], 1))
    yield row("a day in the sandbox", found["day"]["seconds"], "s")
    yield row("a day in the sandbox: commits a lead", found["day"]["commits_a_lead"], "")
    yield row("the rules, for a lead", found["rules"]["lead_us"], "us")
    yield row("the rules, for a reply", found["rules"]["reply_us"], "us")


async def day(folder: Path) -> Figures:
    """Searched, allocated, sent, answered, reported."""
    home = folder / uuid.uuid4().hex
    home.mkdir()
    settings = Settings(database={"url": f"sqlite:///{home}/d.db"}, email={"outbox": str(home)})
    began = time.perf_counter()
    async with open_department(settings, jumping=True, seed=1) as department:
        await department.run(until=department.day_ends())
        report = await department.report()
        store = department.store
        assert isinstance(store, SqliteStore)
        return {
            "seconds": time.perf_counter() - began,
            "commits_a_lead": store.commits / report.today.leads_discovered,
        }


def rules() -> Figures:
    """Microseconds of the rules for one lead and one reply."""
    chance = random.Random(1)
    roles = ("CTO", "Head of Partnerships", "Senior Engineer", "HR Manager", "Founder & CEO")
    people = [
        Profile(name=f"Ann {n}", position=f"{chance.choice(roles)} {n % 97}", company=f"Acme {n}")
        for n in range(1000)
    ]
    criteria, weights = SearchCriteria(positions=("CTO", "Founder")), Weights()
    began = time.perf_counter()
    for person in people:
        calculate_score(person, classify(person, criteria=criteria), criteria, weights)
    lead = (time.perf_counter() - began) / len(people)
    replies = [
        f"Thanks for writing, could you send me the programme for day {n}?" for n in range(300)
    ]
    began = time.perf_counter()
    for reply in replies:
        analyse_response(reply)
    return {
        "lead_us": lead * 1e6,
        "reply_us": (time.perf_counter() - began) / len(replies) * 1e6,
    }
