"""Webhooks of the market: registered, delivered over real HTTP, and as unkind as in life."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ingagents.sandbox.faults import FaultPlan, HookPlan
from ingagents.sandbox.postman import Postman
from ingagents.sandbox.unipile.news import UnipileNews
from tests.models_world import served
from tests.sandbox.world import ACCOUNT, World, error_of, invite, write

KIND = HookPlan(lost=0, twice=0, late=0, relation_seconds=0)


class Door:
    """Takes posts, and answers as it is told."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answers: list[int] = []

    async def take(self, request: Request) -> Response:
        self.taken.append(json.loads(await request.body()))
        self.headers.append(dict(request.headers))
        return Response(status_code=self.answers.pop(0) if self.answers else 200)

    def told(self, event: str) -> list[dict[str, Any]]:
        return [body for body in self.taken if body.get("event") == event]


@asynccontextmanager
async def at_the_door(world: World, *sources: str) -> AsyncGenerator[tuple[Door, Postman]]:
    """A door of ours that is registered for these sources, and who posts."""
    door = Door()
    app = Starlette(routes=[Route("/door", door.take, methods=["POST"])])
    async with served(app) as address, world.client() as client, httpx.AsyncClient() as http:
        for source in sources:
            made = await client.post("/webhooks", json=wish(f"{address}/door", source))
            assert made.status_code == 201
            assert made.json()["object"] == "WebhookCreated"
        yield (
            door,
            Postman(
                world.market,
                UnipileNews(world.market, account_id=ACCOUNT, faults=world.faults),
                faults=world.faults,
                http=http,
            ),
        )


def wish(address: str, source: str = "messaging", **more: Any) -> dict[str, Any]:
    headers = [{"key": "Unipile-Auth", "value": "a word"}]
    return {"source": source, "request_url": address, "headers": headers, **more}


async def days(world: World, postman: Postman, count: int = 4) -> None:
    for _ in range(count * 24 * 6):
        world.pass_time(minutes=10)
        await postman.post_due()


async def some_life(world: World) -> None:
    async with world.client() as client:
        for nth in range(12):
            await invite(client, world.welcoming(nth=nth), "Hello")
        for friend in [p for p in world.market.people if p.distance == 1][:5]:
            await write(client, friend, "Hello")


async def test_everything_said_and_every_connection_is_told_our_own_words_too():
    world = World(plan=FaultPlan(hooks=KIND))
    async with at_the_door(world, "messaging", "users") as (door, postman):
        began = world.time
        await some_life(world)
        await days(world, postman)
        said = [one for one in world.market.said(world.time) if one.at >= began]
        told = door.told("message_received")
        assert sorted(one["message_id"] for one in told) == sorted(one.id for one in said)
        assert {one["is_sender"] for one in told} == {True, False}
        met = [one for one in world.market.relations(world.time) if one.since >= began]
        assert len(door.told("new_relation")) == len(met) > 3
        assert all(one["unipile-auth"] == "a word" for one in door.headers)
        assert not any("content-type" in one for one in door.headers)
        assert [one.get("account_id") for one in door.taken] == [ACCOUNT] * len(door.taken)


async def test_as_in_life_some_come_twice_late_never_and_in_another_order():
    world = World(plan=FaultPlan(hooks=HookPlan(lost=0.2, twice=0.3, late=0.4)))
    async with at_the_door(world, "messaging") as (door, postman):
        began = world.time
        await some_life(world)
        await days(world, postman)
        said = [one.id for one in world.market.said(world.time) if one.at >= began]
        told = [one["message_id"] for one in door.told("message_received")]
        counts = Counter(told)
        assert set(counts.values()) == {1, 2}
        assert 0 < len(set(said) - set(told)) < len(said) / 2
        once = list(dict.fromkeys(told))
        assert once != [one for one in said if one in counts]


@pytest.mark.parametrize(("answers", "taken"), [([200], 1), ([204], 6), ([500, 401], 3), ([], 1)])
async def test_what_is_not_answered_with_200_comes_again_five_times(answers, taken):
    world = World(plan=FaultPlan(hooks=KIND))
    async with at_the_door(world, "account_status") as (door, postman):
        door.answers = [*answers * 6][:6] if answers == [204] else answers
        world.faults.follow(FaultPlan(hooks=KIND, account_status="CREDENTIALS"))
        await days(world, postman, 1)
        assert len(door.taken) == taken
        assert door.taken[0] == {
            "AccountStatus": {
                "account_id": ACCOUNT,
                "account_type": "LINKEDIN",
                "message": "CREDENTIALS",
            }
        }


async def test_while_the_account_is_not_in_order_that_alone_is_told():
    world = World(plan=FaultPlan(hooks=KIND))
    async with at_the_door(world, "messaging", "account_status") as (door, postman):
        await some_life(world)
        world.faults.follow(FaultPlan(hooks=KIND, account_status="STOPPED"))
        await days(world, postman, 2)
        assert len(door.taken) == 1
        world.faults.follow(FaultPlan(hooks=KIND))
        await postman.post_due()
        assert door.taken[1:] == [
            {"AccountStatus": {**door.taken[0]["AccountStatus"], "message": "OK"}}
        ]


async def test_they_are_listed_and_deleted_and_only_this_machine_is_posted_to():
    world = World()
    here = "http://127.0.0.1:9/x"
    async with world.client() as client:
        first = (await client.post("/webhooks", json=wish(here, name="a"))).json()["webhook_id"]
        world.pass_time(seconds=1)
        await client.post("/webhooks", json=wish(here, "users", account_ids=[ACCOUNT]))
        page = (await client.get("/webhooks", params={"limit": 1})).json()
        assert [one["source"] for one in page["items"]] == ["users"]
        rest = (await client.get("/webhooks", params={"cursor": page["cursor"]})).json()
        assert [one["id"] for one in rest["items"]] == [first]
        assert (await client.delete(f"/webhooks/{first}")).json() == {"object": "WebhookDeleted"}
        assert error_of(await client.delete(f"/webhooks/{first}"))[0] == 404
        for address in ("https://example.org/x", "file:///etc/passwd", "http://[", ""):
            refused = await client.post("/webhooks", json=wish(address))
            assert error_of(refused) == (400, "invalid_url")
        for wrong in ({"source": "weather"}, {"headers": [{"key": "a b", "value": ""}]}):
            refused = await client.post("/webhooks", json={**wish(here), **wrong})
            assert error_of(refused) == (400, "invalid_parameters")
