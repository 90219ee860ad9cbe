"""Unipile v1's dialect: every trap the service is known for is here to be met."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from ingagents.sandbox.faults import FaultPlan
from ingagents.sandbox.unipile.api import create_app
from tests.sandbox.world import ACCOUNT, MONDAY, World, error_of, invite


async def test_a_missing_or_wrong_key_is_answered_alike():
    world = World()
    for key in ("", "wrong"):
        async with world.client(key) as client:
            for path in ("/accounts", "/users/nobody-x", "http://sandbox/sandbox/record"):
                assert error_of(await client.get(path)) == (401, "missing_credentials")


async def test_without_a_configured_key_any_key_but_none_will_do():
    world = World()
    world.app = create_app(world.market, api_key=None)
    async with world.client("whatever") as client:
        assert (await client.get("/accounts")).status_code == 200
    async with world.client("") as client:
        assert (await client.get("/accounts")).status_code == 401


async def test_accounts_name_the_own_member_id_and_the_state_of_the_session():
    world = World()
    async with world.client() as client:
        accounts = (await client.get("/accounts")).json()
        assert accounts["object"] == "AccountList"
        (account,) = accounts["items"]
        assert account == (await client.get(f"/accounts/{ACCOUNT}")).json()
        assert account["connection_params"]["im"]["id"] == world.market.own_id
        assert [source["status"] for source in account["sources"]] == ["OK"]
        assert error_of(await client.get("/accounts/other")) == (404, "resource_not_found")
        me = (await client.get("/users/me")).json()
    assert me["object"] == "AccountOwnerProfile"
    assert (me["provider_id"], me["premium"]) == (world.market.own_id, True)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/users/me"),
        ("GET", "/users/relations"),
        ("GET", "/users/invite/sent"),
        ("DELETE", "/users/invite/sent/7"),
        ("POST", "/linkedin/search"),
        ("POST", "/users/invite"),
        ("POST", "/chats"),
    ],
)
async def test_routes_want_the_account_and_the_right_one(method, path):
    async with World().client() as client:
        without = await client.request(method, path, params={"account_id": ""}, json={})
        assert error_of(without) == (400, "missing_parameters")
        other = {"account_id": "other"}
        body = other if path in {"/users/invite", "/chats"} else {}
        response = await client.request(method, path, params=other, json=body)
        assert error_of(response) == (404, "resource_not_found")


async def test_unknown_routes_and_methods_are_errors_of_the_service():
    async with World().client() as client:
        assert error_of(await client.get("/nowhere")) == (404, "resource_not_found")
        assert (await client.put("/users/invite")).status_code == 405


# --- profiles --------------------------------------------------------------------------------


async def test_a_profile_is_found_by_slug_member_id_and_sales_navigator_id():
    world = World()
    person = world.welcoming()
    async with world.client() as client:
        answers = [
            (await client.get(f"/users/{name}")).json()
            for name in (person.slug, person.slug.upper(), person.provider_id, person.sales_id)
        ]
        assert error_of(await client.get("/users/nobody-there")) == (404, "resource_not_found")
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["object"] == "UserProfile"
    assert answers[0]["provider_id"] == person.provider_id
    assert answers[0]["network_distance"] in {"SECOND_DEGREE", "THIRD_DEGREE"}
    assert "invitation" not in answers[0]


async def test_sections_come_only_when_asked_for():
    world = World()
    person = world.someone(lambda p: bool(p.company_name) and p.distance == 2)
    path = f"/users/{person.provider_id}"
    async with world.client() as client:
        bare = (await client.get(path)).json()
        assert "work_experience" not in bare
        some = (await client.get(path, params={"linkedin_sections": "experience"})).json()
        assert some["work_experience"][0]["current"] is True
        assert some["work_experience"][0]["end"] is None
        assert "skills" not in some
        everything = (await client.get(path, params={"linkedin_sections": "*"})).json()
        assert {"work_experience", "education", "skills"} <= set(everything)


async def test_throttled_sections_are_missing_and_named_in_an_answer_of_200():
    world = World(plan=FaultPlan(throttled_sections=("experience",)))
    person = world.someone(lambda p: bool(p.company_name) and p.distance == 2)
    async with world.client() as client:
        response = await client.get(
            f"/users/{person.provider_id}", params={"linkedin_sections": "*"}
        )
    assert response.status_code == 200
    assert "work_experience" not in response.json()
    assert response.json()["throttled_sections"] == ["experience"]


async def test_the_profile_tells_how_an_invitation_stands():
    world = World()
    person = world.welcoming()
    path = f"/users/{person.provider_id}"
    async with world.client() as client:
        await invite(client, person)
        pending = (await client.get(path)).json()
        assert pending["invitation"] == {"type": "SENT", "status": "PENDING"}
        assert pending["is_relationship"] is False
        world.pass_time(days=8)
        accepted = (await client.get(path)).json()
    assert "invitation" not in accepted
    assert (accepted["is_relationship"], accepted["network_distance"]) == (True, "FIRST_DEGREE")


async def test_strangers_are_invented_from_their_slug_where_welcome():
    world = World(welcome_strangers=True)
    async with world.client() as client:
        ada = (await client.get("/users/ada-quist-1a2b")).json()
        assert (ada["first_name"], ada["last_name"]) == ("Ada", "Quist")
        again = (await client.get(f"/users/{ada['provider_id']}")).json()
        assert again == ada
        umlaut = (await client.get("/users/j%C3%BCrgen-m%C3%BCller")).json()
        assert umlaut["first_name"] == "Jürgen"
        assert error_of(await client.get("/users/nobody-x")) == (404, "resource_not_found")


# --- invitations -----------------------------------------------------------------------------


async def test_an_invitation_is_answered_with_its_id_and_seen_as_pending():
    world = World()
    person = world.silent()
    async with world.client() as client:
        response = await invite(client, person, "Hello there")
        assert response.is_success
        assert response.json()["object"] == "UserInvitationSent"
        assert "usage" not in response.json()
        sent = (await client.get("/users/invite/sent")).json()
    assert sent["object"] == "InvitationList"
    (item,) = sent["items"]
    assert item["id"] == response.json()["invitation_id"]
    assert item["id"].isdecimal()
    assert item["invited_user_id"] == person.provider_id
    assert item["invitation_text"] == "Hello there"


@pytest.mark.parametrize(
    ("age", "words", "told"),
    [
        (timedelta(hours=12), "Sent today", timedelta()),
        (timedelta(hours=36), "Sent yesterday", timedelta(days=1)),
        (timedelta(days=5, hours=9), "Sent 5 days ago", timedelta(days=5)),
        (timedelta(days=10), "Sent 1 week ago", timedelta(days=7)),
        (timedelta(days=75), "Sent 2 months ago", timedelta(days=60)),
    ],
)
async def test_dates_of_invitations_are_relative_words_and_their_moment_drifts(age, words, told):
    world = World()
    async with world.client() as client:
        await invite(client, world.silent())
        for _ in range(2):
            world.time = MONDAY + age
            (item,) = (await client.get("/users/invite/sent")).json()["items"]
            assert item["date"] == words
            assert datetime.fromisoformat(item["parsed_datetime"]) == world.time - told
            age += timedelta(minutes=1)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"message": "x" * 301}, (400, "too_many_characters")),
        ({"message": ""}, (400, "invalid_parameters")),
        ({"message": 7}, (400, "invalid_parameters")),
        ({"provider_id": ""}, (400, "missing_parameters")),
        ({"provider_id": "jane-doe"}, (400, "invalid_parameters")),
        ({"provider_id": "https://www.linkedin.com/in/x"}, (400, "invalid_parameters")),
        ({"provider_id": "ACoAA" + "x" * 32}, (422, "invalid_recipient")),
    ],
)
async def test_invitations_that_are_wrong_in_themselves_are_refused(body, expected):
    world = World()
    valid = {"account_id": ACCOUNT, "provider_id": world.stranger().provider_id}
    async with world.client() as client:
        response = await client.post("/users/invite", json={**valid, **body})
    assert error_of(response) == expected
    assert world.market.record.acts == []


async def test_a_second_pending_invitation_is_refused_and_a_cancelled_one_cools_down():
    world = World()
    person = world.silent()
    async with world.client() as client:
        first = (await invite(client, person)).json()["invitation_id"]
        assert error_of(await invite(client, person)) == (422, "already_invited_recently")
        cancelled = await client.delete(f"/users/invite/sent/{first}")
        assert cancelled.json() == {"object": "InvitationCanceled"}
        assert (await client.get("/users/invite/sent")).json()["items"] == []
        assert error_of(await invite(client, person)) == (422, "already_invited_recently")
        again = await client.delete(f"/users/invite/sent/{first}")
        assert error_of(again) == (404, "resource_not_found")
        world.pass_time(days=22)
        assert (await invite(client, person)).is_success


async def test_the_early_warning_rides_on_the_success_that_crosses_it():
    world = World(weekly_invitations=4)
    usages = []
    async with world.client() as client:
        for nth in range(4):
            answer = await invite(client, world.stranger(nth))
            usages.append(answer.json().get("usage"))
        assert error_of(await invite(client, world.stranger(4))) == (422, "cannot_resend_yet")
    assert usages == [None, 50, 75, 95]


async def test_relations_are_newest_first_with_milliseconds_and_pages():
    world = World()
    person = world.welcoming()
    async with world.client() as client:
        await invite(client, person)
        world.pass_time(days=8)
        everybody = (await client.get("/users/relations", params={"limit": 1000})).json()
        assert everybody["object"] == "UserRelationsList"
        assert everybody["items"][0]["member_id"] == person.provider_id
        since = [item["created_at"] for item in everybody["items"]]
        assert since == sorted(since, reverse=True)
        assert since[0] > 10**12
        first = (await client.get("/users/relations", params={"limit": 5})).json()
        rest = (
            await client.get("/users/relations", params={"limit": 1000, "cursor": first["cursor"]})
        ).json()
        assert first["items"] + rest["items"] == everybody["items"]
        assert rest["cursor"] is None
        named = await client.get("/users/relations", params={"filter": person.first_name})
        assert person.provider_id in {item["member_id"] for item in named.json()["items"]}
