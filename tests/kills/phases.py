"""Days on which a department may die: each begins where the ones before it ended well.

A conversation takes weeks. What is due on its later days is rehearsed by letting the days before
pass undisturbed, and dying on the last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from tests.kills.campaign import CampaignDay
from tests.kills.nursery import Nursery
from tests.kills.team import Team
from tests.kills.workday import Workday, workday

FIRST = "first contact"
WEEKS_LATER = "weeks later"
"""The message to whoever accepted, follow-ups to the silent, withdrawals of what nobody took."""
APPROVED = "an answer approved"
"""A team that decides: notices on every channel, answers approved and sent."""

BY_CAMPAIGN = "by a campaign"
"""The service's own campaign sends: enrolled, followed, and stopped for whom the team talks to."""

PHASES: Mapping[str, tuple[float, ...]] = {
    FIRST: (),
    WEEKS_LATER: (28,),
    APPROVED: (1,),
    BY_CAMPAIGN: (2,),
}
"""What is due on the day of the deaths, and how many days pass after each day before it."""


@contextmanager
def begun(
    folder: Path, nursery: Nursery, *, database: str = "", phase: str = FIRST
) -> Iterator[Workday]:
    """The day of a phase, at its beginning; `database` is PostgreSQL's URL."""
    team = Team() if phase == APPROVED else None
    by_campaign: dict[str, Any] = {"kind": CampaignDay, "limit": 2}
    chosen = by_campaign if phase == BY_CAMPAIGN else {}
    with (
        team.receiver.listening() if team else nullcontext(),
        workday(folder, nursery, database=database, team=team, **chosen) as day,
    ):
        for days in PHASES[phase]:
            assert day.work()
            day.later(days)
        if team:
            team.begin()
        if isinstance(day, CampaignDay):
            day.begin()
        yield day
