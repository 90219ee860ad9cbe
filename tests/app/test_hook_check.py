"""`doctor --hooks`: the service is told where to post, once, with the secret of today."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ingagents.app.doctor import examine
from ingagents.app.hook_check import look_at_hooks
from ingagents.errors import IngagentsError, UsageError
from ingagents.sandbox.dripify import api as dripify
from ingagents.sandbox.faults import FaultPlan
from ingagents.sandbox.heyreach import api as heyreach
from ingagents.sandbox.heyreach.webhooks import Hooks
from ingagents.settings import Settings
from tests.models_world import served
from tests.sandbox.world import ACCOUNT, World

HERE = "http://127.0.0.1:9"
SECRET = "a-long-random-word-for-webhooks"
OTHERS = {"source": "messaging", "request_url": f"{HERE}/hooks/somebody"}


class ServedWorld(World):
    """A market, and where it is served."""

    address = ""


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@asynccontextmanager
async def unipile() -> AsyncGenerator[ServedWorld]:
    """A market that is served, with somebody else's webhook in it."""
    world = ServedWorld()
    async with served(world.app) as world.address, world.client() as client:
        assert (await client.post("/webhooks", json=OTHERS)).status_code == 201
        yield world


def settings(world: ServedWorld, secret: str = SECRET, **linkedin: Any) -> Settings:
    return Settings(
        database={"url": "sqlite:///ingagents.db"},
        linkedin={
            "service": "unipile",
            "base_url": world.address,
            "account_id": ACCOUNT,
            "api_key": "sandbox",
            "retries": 0,
            **linkedin,
        },
        web={"enabled": True, "hook_secret": secret},
    )


async def standing(world: World) -> list[dict[str, Any]]:
    async with world.client() as client:
        items: list[dict[str, Any]] = (await client.get("/webhooks")).json()["items"]
    return [one for one in items if one["request_url"] != OTHERS["request_url"]]


def secrets_of(hooks: list[dict[str, Any]]) -> set[str]:
    return {
        pair["value"] for one in hooks for pair in one["headers"] if pair["key"] == "Unipile-Auth"
    }


async def test_an_address_is_registered_once_for_each_source_and_anew_for_a_new_secret():
    async with unipile() as world:
        said = []
        for given in (f"{HERE}/", HERE, f"{HERE}/hooks/unipile"):
            what, remedy = await look_at_hooks(settings(world), given)
            assert remedy == ""
            assert SECRET not in what
            hooks = await standing(world)
            assert sorted(one["source"] for one in hooks) == [
                "account_status",
                "messaging",
                "users",
            ]
            assert {one["request_url"] for one in hooks} == {f"{HERE}/hooks/unipile"}
            assert [one["account_ids"][0]["id"] for one in hooks] == [ACCOUNT] * 3
            assert secrets_of(hooks) == {SECRET}
            said.append(what)
        assert ["already" in one for one in said] == [False, True, True]
        before = {one["id"] for one in await standing(world)}
        await look_at_hooks(settings(world, SECRET[::-1]), HERE)
        hooks = await standing(world)
        assert secrets_of(hooks) == {SECRET[::-1]}
        assert len(hooks) == 3
        assert before.isdisjoint(one["id"] for one in hooks)
        async with world.client() as client:
            assert len((await client.get("/webhooks")).json()["items"]) == 4


async def test_an_account_that_joined_is_told_of_too():
    both = [{"account_id": ACCOUNT}, {"account_id": "second-seat"}]
    async with unipile() as world:
        await look_at_hooks(settings(world), HERE)
        for _ in range(2):
            await look_at_hooks(settings(world, account_id="", accounts=both), HERE)
        hooks = await standing(world)
        told = [{one["id"] for one in hook["account_ids"]} for hook in hooks]
        assert told == [{ACCOUNT, "second-seat"}] * 3


async def test_what_was_cut_short_is_finished_by_the_same_command():
    async with unipile() as world:
        for kind in ("act_then_drop", "500", "429"):
            world.fail(kind, "POST /webhooks", requests=(2,))
            with pytest.raises(IngagentsError):
                await look_at_hooks(settings(world), HERE)
            world.faults.follow(FaultPlan())
            await look_at_hooks(settings(world), HERE)
            hooks = await standing(world)
            assert len(hooks) == 3, kind
            async with world.client() as client:
                for one in hooks:
                    await client.delete(f"/webhooks/{one['id']}")


@pytest.mark.parametrize(
    "address",
    ["campaign.example", "http://campaign.example", "https://", "ftp://x/", "https://x/?a=1"],
)
async def test_an_address_that_cannot_be_is_a_sentence(address):
    async with unipile() as world:
        with pytest.raises(UsageError):
            await look_at_hooks(settings(world), address)
        assert await standing(world) == []


async def test_without_a_secret_nothing_is_registered_and_the_doctor_says_so():
    async with unipile() as world:
        checks = await examine(settings(world, ""), hooks=HERE)
        (told,) = [one for one in checks if one["check"] == "hooks"]
        assert not told["ok"]
        assert "hook_secret_file" in told["fix"]
        assert await standing(world) == []


async def test_heyreach_is_told_once_and_again_for_a_new_secret():
    world = ServedWorld()
    own = {"account_id": str(heyreach.ACCOUNT), "campaign_id": str(heyreach.CAMPAIGN)}
    app = heyreach.create_app(world.market, faults=world.faults)
    async with served(app) as world.address:
        chosen = partial(settings, world, service="heyreach", **own)
        said = [await look_at_hooks(chosen(), HERE) for _ in range(2)]
        assert ["already" in what for what, _ in said] == [False, True]
        assert not any(SECRET in what for what, _ in said)
        for secret in (SECRET, SECRET[::-1]):
            await look_at_hooks(chosen(secret=secret), HERE)
            hooks = Hooks(world.market.record).all()
            assert {one.url for one in hooks} == {f"{HERE}/hooks/heyreach?secret={secret}"}
            assert sorted(one.event for one in hooks) == [
                "CONNECTION_REQUEST_ACCEPTED",
                "EVERY_MESSAGE_REPLY_RECEIVED",
            ]
        world.fail("act_then_drop", "POST /webhooks/CreateWebhook", requests=(1,))
        with pytest.raises(IngagentsError):
            await look_at_hooks(chosen(), HERE)
        world.faults.follow(FaultPlan())
        await look_at_hooks(chosen(), HERE)
        assert len(Hooks(world.market.record).all()) == 2


async def test_of_dripify_a_human_is_told_what_to_enter():
    world = ServedWorld()
    async with served(dripify.create_app(world.market)) as world.address:
        chosen = settings(world, service="dripify", account_id="", campaign_id=dripify.CAMPAIGN)
        what, _ = await look_at_hooks(chosen, HERE)
        assert f"{HERE}/hooks/dripify?secret=" in what
        assert SECRET not in what
