"""Bad days: what a client meets, and whether the act was performed all the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from ingagents.sandbox.faults import ConnectionDropped, FaultPlan, FaultRule, Faults, NeverAnswered
from tests.sandbox.world import World, error_of, invite, write

INVITE = "POST /users/invite"


@pytest.mark.parametrize(
    ("kind", "performed", "error"),
    [
        ("act_then_drop", 1, ConnectionDropped),
        ("drop", 0, ConnectionDropped),
        ("act_then_silent", 1, NeverAnswered),
        ("silent", 0, NeverAnswered),
    ],
)
async def test_a_dropped_or_silent_connection_surfaces_as_a_transport_error(kind, performed, error):
    world = World()
    world.fail(kind, INVITE)
    async with world.client() as client:
        with pytest.raises(error):
            await invite(client, world.stranger())
        assert len(world.market.record.acts) == performed
        # Only the first such request was planned to fail.
        assert (await invite(client, world.stranger(1))).is_success
    assert issubclass(ConnectionDropped, httpx.ReadError)
    assert issubclass(NeverAnswered, httpx.ReadTimeout)


@pytest.mark.parametrize(
    ("kind", "performed", "expected"),
    [
        ("act_then_504", 1, (504, "request_timeout")),
        ("504", 0, (504, "request_timeout")),
        ("act_then_500", 1, (500, "unexpected_error")),
        ("500", 0, (500, "unexpected_error")),
        ("429", 0, (429, "too_many_requests")),
    ],
)
async def test_errors_come_with_or_without_the_act(kind, performed, expected):
    world = World()
    world.fail(kind, INVITE, seconds=7)
    async with world.client() as client:
        response = await invite(client, world.stranger())
    assert error_of(response) == expected
    assert len(world.market.record.acts) == performed
    assert (response.headers.get("retry-after") == "7") is (kind == "429")


async def test_any_error_of_the_service_can_be_ordered():
    world = World()
    world.fail("refuse", INVITE, status=403, type="account_restricted")
    async with world.client() as client:
        assert error_of(await invite(client, world.stranger())) == (403, "account_restricted")
    assert world.market.record.acts == []


async def test_html_and_half_a_body_arrive_as_success_that_cannot_be_read():
    world = World()
    async with world.client() as client:
        world.fail("html", INVITE)
        page = await invite(client, world.stranger())
        world.fail("truncated", INVITE)
        half = await invite(client, world.stranger(1))
    assert (page.status_code, half.status_code) == (200, 201)
    assert page.headers["content-type"].startswith("text/html")
    assert page.text.startswith("<!DOCTYPE html>")
    assert half.text.startswith('{"object":"UserInv')
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        half.json()
    assert len(world.market.record.acts) == 2


async def test_a_slow_answer_waits_real_seconds_and_then_arrives_whole():
    from ingagents.sandbox.faults import FaultyWire

    waited = []

    async def note(seconds):
        waited.append(seconds)

    world = World()
    assert isinstance(world.app, FaultyWire)
    world.app._sleep = note
    world.fail("slow", seconds=4)
    async with world.client() as client:
        assert (await client.get("/accounts")).json()["object"] == "AccountList"
    assert waited == [4]


def test_a_plan_by_number_strikes_exactly_those_requests():
    rule = FaultRule(kind="500", on="GET /chats", requests=(2, 3))
    faults = Faults(FaultPlan(rules=(rule,)))
    asked = ["GET /chats", "POST /chats", "GET /chats", "GET /chats/7", "GET /chats"]
    assert [faults.strike(request) is not None for request in asked] == [
        False,
        False,
        True,
        True,
        False,
    ]


def test_chance_is_seeded_and_about_as_often_as_said():
    def strikes(seed: int) -> list[bool]:
        plan = FaultPlan(seed=seed, rules=(FaultRule(kind="500", probability=0.3),))
        faults = Faults(plan)
        return [faults.strike("GET /x") is not None for _ in range(1000)]

    assert strikes(1) == strikes(1) != strikes(2)
    assert 250 < sum(strikes(1)) < 350


async def test_own_acts_and_answers_show_up_only_after_the_lag():
    world = World(plan=FaultPlan(lag_seconds=30))
    person, friend = world.silent(), world.friend()
    async with world.client() as client:
        await invite(client, person)
        await write(client, friend, "Hello")

        async def visible() -> list[int]:
            sent = (await client.get("/users/invite/sent")).json()["items"]
            chats = await client.get(f"/chat_attendees/{friend.provider_id}/chats")
            profile = (await client.get(f"/users/{person.provider_id}")).json()
            return [len(sent), len(chats.json()["items"]), int("invitation" in profile)]

        world.pass_time(seconds=29)
        assert await visible() == [0, 0, 0]
        assert error_of(await invite(client, person)) == (422, "already_invited_recently")
        world.pass_time(seconds=1)
        assert await visible() == [1, 1, 1]


async def test_a_lost_session_refuses_acts_and_leaves_reads_as_they_were():
    world = World()
    person = world.welcoming()
    orders = "http://sandbox/sandbox/faults"
    async with world.client() as client:
        await invite(client, person)
        world.pass_time(seconds=1)
        await client.post(orders, json={"account_status": "CREDENTIALS"})
        (account,) = (await client.get("/accounts")).json()["items"]
        assert [source["status"] for source in account["sources"]] == ["CREDENTIALS"]
        assert error_of(await invite(client, world.stranger(5))) == (401, "disconnected_account")
        search = await client.post(
            "/linkedin/search", json={"api": "classic", "category": "people"}
        )
        assert error_of(search) == (401, "disconnected_account")
        world.pass_time(days=8)
        sent = (await client.get("/users/invite/sent")).json()["items"]
        assert [item["invited_user_id"] for item in sent] == [person.provider_id]
        await client.post(orders, json={})
        assert (await client.get("/users/invite/sent")).json()["items"] == []


async def test_orders_can_be_given_and_read_over_http_and_nonsense_is_refused():
    world = World()
    orders = "http://sandbox/sandbox/faults"
    plan = {"rules": [{"kind": "500", "on": "GET /accounts", "requests": [1]}]}
    async with world.client() as client:
        answer = await client.post(orders, json=plan)
        assert answer.json()["rules"][0]["kind"] == "500"
        assert error_of(await client.get("/accounts"))[0] == 500
        assert (await client.get(orders)).json() == answer.json()
        for wrong in ({"rules": [{"kind": "earthquake"}]}, {"rules": 1}, {"lag": 3}):
            response = await client.post(orders, json=wrong)
            assert error_of(response) == (400, "invalid_parameters")


async def test_the_sandboxs_own_routes_never_fail_on_order():
    world = World()
    world.fail("500", probability=1.0)
    async with world.client() as client:
        assert (await client.get("http://sandbox/sandbox/record")).status_code == 200
        assert (await client.get("/accounts")).status_code == 500


def test_reads_stay_frozen_while_one_trouble_follows_another():
    faults, now = Faults(FaultPlan(account_status="ERROR")), World().time
    assert faults.read_moment(now) == now
    faults.follow(FaultPlan(account_status="CREDENTIALS"))
    assert faults.read_moment(now + timedelta(hours=1)) == now
    faults.follow(FaultPlan())
    assert faults.read_moment(now + timedelta(hours=1)) == now + timedelta(hours=1)


async def test_another_persons_record_comes_when_ordered():
    world = World()
    asked, other = world.stranger(), world.stranger(1)
    world.fail("instead", f"GET /users/{asked.slug}", instead=f"/users/{other.slug}")
    async with world.client() as client:
        lie = (await client.get(f"/users/{asked.slug}")).json()
        truth = (await client.get(f"/users/{asked.slug}")).json()
    assert (lie["provider_id"], truth["provider_id"]) == (other.provider_id, asked.provider_id)


async def test_the_fields_of_an_answer_and_of_the_items_of_a_list_can_be_altered():
    world = World()
    lies: list[tuple[str, dict[str, Any], int]] = [
        ("GET /users/me", {"premium": 7}, 1),
        ("POST /linkedin", {"network_distance": "SELF"}, 1),
        ("POST /linkedin", {"items": []}, 2),
    ]
    rules = [FaultRule(kind="alter", on=on, fields=f, requests=(n,)) for on, f, n in lies]
    world.faults.follow(FaultPlan(rules=tuple(rules)))
    search = {"api": "classic", "category": "people"}
    async with world.client() as client:
        assert (await client.get("/users/me")).json()["premium"] == 7
        first = (await client.post("/linkedin/search", json=search)).json()
        second = (await client.post("/linkedin/search", json=search)).json()
    assert {item["network_distance"] for item in first["items"]} == {"SELF"}
    assert (second["object"], second["items"]) == ("LinkedinSearch", [])


async def test_a_lie_about_an_error_is_the_error_all_the_same():
    world = World()
    world.fail("alter", "GET /users/nobody", fields={"is_self": True})
    async with world.client() as client:
        assert (await client.get("/users/nobody-here")).status_code == 404


@pytest.mark.parametrize("name", ["slug", "id"])
async def test_our_own_profile_says_that_it_is_ours(name):
    world = World()
    asked = world.market.own_slug if name == "slug" else world.market.own_id
    async with world.client() as client:
        own = (await client.get(f"/users/{asked}")).json()
    assert (own["object"], own["is_self"], own["network_distance"]) == ("UserProfile", True, "SELF")
    assert own["provider_id"] == world.market.own_id
