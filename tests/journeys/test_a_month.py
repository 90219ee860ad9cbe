"""Weeks of the department on one market: whom a seat reaches, and what becomes of each conversation.

What is asserted is read from the market's own record of acts, and from what people said there.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from importlib import resources
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from ingagents.app.department import Department
from ingagents.model import AccountId, Lead
from ingagents.sandbox.market.account import NOTES_A_MONTH, Seat, owner_on
from ingagents.sandbox.market.timeline import Said, Story
from ingagents.sandbox.record import Act
from ingagents.store.tables import deliveries
from tests.world import ACCOUNT, MONDAY, ZONE, World, dead_letters, doubts_of, profile_of

BY_DEFAULT: dict[str, Any] = {
    "sales_manager": {
        "max_leads": 50,
        "search_below": 50,
        "allow_same_company": True,
        "write_to_other": True,
    },
    "outreach": {
        "rate_limiting": {"daily_limit": 45, "weekly_limit": 100, "spread": "even"},
    },
}
"""The limits of the settings' defaults; the campaign takes several people of a company."""

THE_MONTH_TURNS = MONDAY + timedelta(days=28)
"""The fourth day of work is April's first, and nobody says when LinkedIn's month begins."""


@pytest.fixture(autouse=True)
def _facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = resources.files("ingagents") / "sandbox" / "facts.toml"
    Path("facts.toml").write_text(told.read_text("utf-8"), "utf-8")


@asynccontextmanager
async def begun(world: World, **settings: Any) -> AsyncGenerator[Department, None]:
    """A department whose list holds everybody of the market."""
    async with world.at_work(**settings) as department:
        everybody = [profile_of(person) for person in world.market.people if person.slug]
        await department.leads.add(everybody, source="import:test")
        yield department


def evenings(first: datetime, working_days: int) -> Iterator[datetime]:
    """Seven in the evening of each day, days off included, until so many were worked."""
    day = first.astimezone(ZONE).replace(hour=19, minute=0)
    while working_days:
        yield day
        working_days -= day.isoweekday() < 6
        day += timedelta(days=1)


def working_days(since: datetime, until: datetime) -> int:
    """How many days of work began after one moment and up to another."""
    first, last = since.astimezone(ZONE).date(), until.astimezone(ZONE).date()
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(day.isoweekday() < 6 for day in days)


async def reached(folder: Path, seat: Seat) -> tuple[int, list[Act]]:
    """Ten days of work for 400 people on such a seat: how many had a first touch, and all acts."""
    world = World(folder, start=THE_MONTH_TURNS, owner=owner_on(seat))
    async with begun(world, **BY_DEFAULT) as department:
        for evening in evenings(world.now, 10):
            await department.run(until=evening)
            held = {hold.kind for hold in (await department.status()).limits.holds}
            assert held <= {"gap", "withdrawal"}, "but a pause between two acts nothing holds any"
        assert not await department.paused()
        assert await dead_letters(department) == []
        assert await doubts_of(department) == []
        world.check(department.settings)
    people = {act.person for act in world.acts()}
    print(seat, len(people), Counter((act.kind, bool(act.text)) for act in world.acts()))
    return len(people), world.acts()


async def test_a_free_seat_reaches_nearly_whom_a_premium_seat_reaches(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    free, acts = await reached(tmp_path_factory.mktemp("free"), "free")
    premium, _ = await reached(tmp_path_factory.mktemp("premium"), "premium")
    assert premium > 180
    assert free >= 0.9 * premium
    noted = [act for act in acts if act.kind == "invitation" and act.text]
    assert 1 <= len(noted) <= NOTES_A_MONTH


@pytest.mark.parametrize("week", [0, 30])
async def test_a_full_week_is_known_after_exactly_three_people(tmp_path: Path, week: int) -> None:
    world = World(tmp_path, size=160, owner=owner_on("free"), weekly_invitations=week)
    async with begun(world, **BY_DEFAULT) as department:
        days = evenings(world.now, 4 if week else 1)
        for evening in days:
            await department.run(until=evening)
        tried = await department.store.read(
            lambda t: list(deliveries.invitations_since(t, AccountId(ACCOUNT), MONDAY))
        )
        invited = [act for act in world.acts() if act.kind == "invitation"]
        assert len(invited) == week
        since = invited[-1].at if invited else MONDAY
        assert len({one.person for one in tried if one.at > since}) == 3
        assert not await department.paused()
        assert any(act.kind == "message" and act.at > tried[-1].at for act in world.acts())


async def test_for_a_month_everybody_who_accepts_hears_from_us_or_we_say_why(
    tmp_path: Path,
) -> None:
    """Follow-ups to the silent alone, no sentence twice, and never too many open invitations."""
    most = 25
    world = World(tmp_path, size=160, owner=owner_on("free"))
    sequence = {"sequence": {"max_pending_invitations": most}}
    settings = {**BY_DEFAULT, "outreach": {**BY_DEFAULT["outreach"], **sequence}}
    async with begun(world, **settings) as department:
        for evening in evenings(world.now, 20):
            await department.run(until=evening)
            async for lead in department.leads.every():
                assert_not_forgotten(world, lead)
        assert await dead_letters(department) == []
        assert await doubts_of(department) == []
        world.check(department.settings)
    assert_conversations(world)
    acts = world.acts()
    open_at = {act.at: len(world.market.pending(act.at)) for act in acts}
    assert most * 0.7 < max(open_at.values()) <= most
    kinds = Counter(act.kind for act in acts)
    assert kinds["withdrawal"] > 3
    assert sum(act.kind == "invitation" for act in acts if act.at > MONDAY + timedelta(days=21)) > 3


def assert_not_forgotten(world: World, lead: Lead) -> None:
    """Whoever accepted has a text within three working days, or it is told why not."""
    person = world.market.people.find(lead.profile.public_identifier)
    if person is None:
        return  # somebody was named who is not on the market
    story, now = world.market.story(person), world.now
    if lead.next_step_at is not None and lead.waits_for != "human":
        assert working_days(lead.next_step_at, now) <= 1, f"overdue: {lead}"
    since = story.connected_at
    if since is None or working_days(since, now) <= 3 or story.gone_by(now):
        return
    assert lead.next_step_reason, lead
    texts = [act for act in world.acts(person) if act.kind == "message" and act.at > since]
    spoken = [one for one in story.said if one.at <= now and (one.sender or not one.act)]
    assert texts or spoken, f"silent, and without a text since {since}: {lead}"
    assert lead.accepted_at is not None, lead


def assert_conversations(world: World) -> None:
    """What each person got, beside what they said."""
    acts: defaultdict[str, list[Act]] = defaultdict(list)
    for act in world.acts():
        acts[act.person].append(act)
    lengths: Counter[int] = Counter()
    for got in acts.values():
        story = world.market.story(world.market.find(got[0].provider_id))
        ends = ending_of(story)
        late = [act for act in got if ends is not None and act.at > ends.at]
        assert not late, f"written to after {ends}: {late}"
        texts = [sentences(act.text) for act in got if act.text]
        lengths[len(texts)] += 1
        for one, other in combinations(texts, 2):
            assert not one & other, f"said twice to {got[0].slug}: {one & other}"
    print(sorted(lengths.items()))
    assert lengths[3], "a message and two follow-ups, or a note, a message and one"


def ending_of(story: Story) -> Said | None:
    """After what nothing more may come of itself: their answer, or a human's word of ours."""
    return next(
        (
            one
            for one in story.said
            if (one.sender is not None and not one.event and one.answer_kind != "out_of_office")
            or (one.sender is None and not one.act)
        ),
        None,
    )


def sentences(text: str) -> set[str]:
    """What is said in a text, without the name under it."""
    parts = re.split(r"(?<=[.!?:])\s+|\n+", text)
    return {part.strip().lower() for part in parts} - {"", "robin keller"}
