"""Days with an account of Unipile v2: found, invited, answered, followed, and nobody twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp

from ingagents.app.hook_check import look_at_hooks
from ingagents.events import InvitationAccepted, ResponseReceived
from ingagents.sandbox.unipile import v2
from tests.world import ACCOUNT, KEY, World, dead_letters, journal_of

BRISK: dict[str, Any] = {
    "linkedin": {"api_version": 2},
    "outreach": {"rate_limiting": {"min_interval_minutes": 2, "max_interval_minutes": 8}},
}


class NewerWorld(World):
    """The same world, as v2 shows it."""

    def face(self) -> ASGIApp:
        return v2.create_app(self.market, api_key=KEY, account_id=ACCOUNT, faults=self.faults)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NewerWorld:
    monkeypatch.chdir(tmp_path)
    return NewerWorld(tmp_path)


async def test_two_days_with_v2_are_as_with_v1(world: NewerWorld) -> None:
    async with world.at_work(**BRISK) as department:
        await world.allocate(department, *world.welcoming("positive", "question", count=6))
        await department.run(until=world.at(1, 20))
        assert {request.split()[1].split("/")[1] for request in world.requests} == {"v2"}
        assert len(await journal_of(department, InvitationAccepted)) >= 4
        assert len(await journal_of(department, ResponseReceived)) >= 4
        assert {act.kind for act in world.acts()} == {"invitation", "message"}
        assert await dead_letters(department) == []
        world.check(department.settings)


@pytest.mark.parametrize("kind", ["act_then_drop", "act_then_504", "html"])
async def test_an_act_in_doubt_is_read_back_and_not_repeated(world: NewerWorld, kind: str) -> None:
    person = world.silent()[0]
    async with world.at_work(**BRISK) as department:
        await world.allocate(department, person)
        world.fail(kind, "POST /users/me/relation-requests")
        await department.run(until=world.at(0, 12))
        assert len(world.acts(person)) == 1
        world.check(department.settings)


async def test_the_doctor_says_that_its_webhooks_are_not_read(world: NewerWorld) -> None:
    web = {"enabled": True, "hook_secret": "a-long-random-word-for-webhooks"}
    told, _ = await look_at_hooks(world.settings(**BRISK, web=web))
    assert "v2" in told
