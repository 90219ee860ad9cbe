"""A day with webhooks: every answer is found once, by webhook, by looking or by both, and sooner."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from ingagents.app.department import Department
from ingagents.events import InvitationAccepted, ResponseReceived
from ingagents.sandbox.faults import FaultPlan, HookPlan
from ingagents.sandbox.postman import Postman
from ingagents.sandbox.unipile.news import UnipileNews
from ingagents.store.engine.codecs import moment
from ingagents.web import application
from tests.models_world import served
from tests.world import ACCOUNT, KEY, MONDAY, World, dead_letters, journal_of

SECRET = "a-long-random-word-for-webhooks"
BRISK: dict[str, Any] = {
    "outreach": {"rate_limiting": {"min_interval_minutes": 2, "max_interval_minutes": 8}},
}
TALKERS = ("positive", "question", "refusal", "unclear", "opt_out")
HOOKED = {"enabled": True, "hook_secret_file": "hook_secret"}


@asynccontextmanager
async def hooked(world: World, department: Department) -> AsyncGenerator[Postman]:
    """The page of a department is registered for all there is, and the market posts to it."""
    async with (
        served(application(department)) as address,
        httpx.AsyncClient() as http,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(world.app),
            base_url="http://sandbox/api/v1",
            headers={"X-API-KEY": KEY},
        ) as unipile,
    ):
        for source in ("messaging", "users", "account_status"):
            wish = {
                "source": source,
                "request_url": f"{address}/hooks/unipile",
                "headers": [{"key": "Unipile-Auth", "value": SECRET}],
            }
            assert (await unipile.post("/webhooks", json=wish)).status_code == 201
        postman = Postman(
            world.market,
            UnipileNews(world.market, account_id=ACCOUNT, faults=world.faults),
            faults=world.faults,
            http=http,
        )
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(partial(postman.work, world.clock, every=timedelta(seconds=10)))
            yield postman
            tasks.cancel_scope.cancel()


async def found(department: Department) -> list[tuple[str, timedelta]]:
    """Each answer that was taken in, and how long after it was written."""
    rows = await department.store.read(
        lambda t: t.rows("SELECT id, received_at, seen_at FROM replies ORDER BY received_at")
    )
    return [(str(key), moment(seen) - moment(wrote)) for key, wrote, seen in rows]


def written(world: World) -> list[str]:
    """What people we wrote to said, up to a while ago."""
    until = world.now - timedelta(hours=3)
    chats = {chat.id for chat in world.market.chats(until) if chat.person is not None}
    contacted = {act.person for act in world.market.record.acts}
    return [
        one.id
        for one in world.market.said(until)
        if one.sender is not None
        and one.sender.key in contacted
        and one.chat_id in chats
        and one.at > MONDAY
    ]


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hook_secret").write_text(SECRET)
    for name in ("by looking", *PLANS):
        (tmp_path / name).mkdir()


def middle(delays: list[timedelta]) -> timedelta:
    return sorted(delays)[len(delays) // 2]


async def a_day(folder: Path, plan: HookPlan | None) -> tuple[list[timedelta], list[int]]:
    """A working day's delays, and what the page answered to the posts; without a plan none come."""
    world = World(folder, plan=FaultPlan(hooks=plan or HookPlan()))
    posted: list[int] = []
    async with world.at_work(**BRISK, web=HOOKED) as department:
        await world.allocate(department, *world.welcoming(*TALKERS, count=12))
        if plan is None:
            await department.run(until=world.at(0, 20))
        else:
            async with hooked(world, department) as postman:
                await department.run(until=world.at(0, 20))
                posted = postman.posted
        answers = await found(department)
        assert set(written(world)) <= {key for key, _ in answers}
        told = Counter(one.reply_id for one in await journal_of(department, ResponseReceived))
        assert set(told) == {key for key, _ in answers}
        assert set(told.values()) == {1}
        accepted = Counter(one.lead_id for one in await journal_of(department, InvitationAccepted))
        assert set(accepted.values()) <= {1}
        assert await dead_letters(department) == []
        world.check(department.settings)
    return [delay for _, delay in answers], posted


PLANS = {
    "as in life": HookPlan(),
    "all of them twice": HookPlan(lost=0, twice=1, late=0, relation_seconds=0),
    "as bad as may be": HookPlan(lost=0.4, twice=0.5, late=0.5, late_seconds=7200),
    "none at all": HookPlan(lost=1),
}


async def test_every_answer_is_found_once_and_sooner_than_by_looking(tmp_path):
    without, _ = await a_day(tmp_path / "by looking", None)
    assert len(without) > 5
    for name, plan in PLANS.items():
        delays, posted = await a_day(tmp_path / name, plan)
        print(name, "median", middle(delays), "instead of", middle(without))
        assert len(delays) > 5
        assert set(posted) == ({200} if plan.lost < 1 else set())
        if plan.lost < 1:
            assert middle(delays) < middle(without), name
        if plan.lost == plan.late == 0:
            assert max(delays) < timedelta(minutes=3)
