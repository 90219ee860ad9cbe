"""Chats and messages in Unipile v1's dialect."""

from __future__ import annotations

import pytest

from ingagents.sandbox.market.behaviour import wall_of
from tests.sandbox.world import ACCOUNT, World, error_of, invite, write


async def test_the_life_of_an_invitation_until_its_answer_stands_in_the_chat():
    world = World()
    person = world.welcoming()
    async with world.client() as client:
        await invite(client, person, "Hello there")
        path = f"/chat_attendees/{person.provider_id}/chats"
        assert (await client.get(path)).json()["items"] == []
        world.pass_time(days=8)
        (chat,) = (await client.get(path)).json()["items"]
        assert chat["attendee_provider_id"] == person.provider_id
        assert (chat["type"], chat["unread"], chat["archived"]) == (0, 1, 0)
        by_own_id = await client.get(f"/chat_attendees/{chat['attendee_id']}/chats")
        assert by_own_id.json()["items"] == [chat]
        alone = (await client.get(f"/chats/{chat['id']}")).json()
        messages = (await client.get(f"/chats/{chat['id']}/messages")).json()
    assert messages["object"] == "MessageList"
    reply, note = messages["items"]
    assert alone == {**chat, "lastMessage": reply}
    assert (note["is_sender"], note["message_type"]) == (1, "INVITATION")
    assert note["text"] == "Hello there"
    assert (reply["is_sender"], reply["message_type"]) == (0, "MESSAGE")
    assert reply["sender_id"] == person.provider_id
    assert note["sender_id"] == world.market.own_id
    assert all(type(reply[name]) is int for name in ("is_sender", "seen", "hidden", "is_event"))
    assert reply["timestamp"].endswith("Z")
    assert len(reply["timestamp"]) == len("2027-03-01T08:00:00.000Z")


async def test_a_message_to_a_connection_arrives_as_form_and_as_json():
    world = World()
    person = world.friend()
    async with world.client() as client:
        as_form = await write(client, person, "Grüße aus dem Formular 🚀\nzweite Zeile")
        as_json = await client.post(
            "/chats",
            json={"account_id": ACCOUNT, "attendees_ids": [person.provider_id], "text": "JSON"},
        )
        as_urlencoded = await client.post(
            "/chats",
            data={"account_id": ACCOUNT, "attendees_ids": person.provider_id, "text": "url"},
        )
    assert [as_form.status_code, as_json.status_code, as_urlencoded.status_code] == [201] * 3
    texts = [act.text for act in world.market.record.acts]
    assert texts == ["Grüße aus dem Formular 🚀\nzweite Zeile", "JSON", "url"]
    assert as_form.json()["object"] == "ChatStarted"


async def test_ids_may_be_null_on_success_and_the_message_is_there_all_the_same():
    world = World()
    friends = [p for p in world.market.people if p.distance == 1]
    nulls = 0
    async with world.client() as client:
        for person in friends:
            answer = (await write(client, person, "Hello")).json()
            nulls += answer["chat_id"] is None and answer["message_id"] is None
        own = (await client.get("/messages", params={"sender_id": world.market.own_id})).json()
    assert 0 < nulls < len(friends)
    assert sum(item["text"] == "Hello" for item in own["items"]) == len(friends)


async def test_inmail_is_asked_for_by_a_bracketed_field():
    world = World()
    person = world.someone(lambda p: p.distance in {2, 3} and p.open_profile and not wall_of(1, p))
    fields = {"account_id": ACCOUNT, "attendees_ids": person.provider_id, "text": "Hello"}
    async with world.client() as client:
        files = [(name, (None, value)) for name, value in fields.items()]
        refused = await client.post("/chats", files=files)
        assert error_of(refused) == (422, "no_connection_with_recipient")
        sent = await client.post("/chats", files=[*files, ("linkedin[inmail]", (None, "true"))])
        assert sent.status_code == 201
        nested = {**fields, "attendees_ids": [person.provider_id], "linkedin": {"inmail": True}}
        assert (await client.post("/chats", json=nested)).status_code == 201


@pytest.mark.parametrize(
    ("content_type", "content", "expected"),
    [
        ("application/json", b"{", (400, "malformed_request")),
        ("application/json", b"[]", (400, "malformed_request")),
        ("text/plain", b"hello", (415, "unsupported_media_type")),
        ("multipart/form-data", b"no boundary", (400, "malformed_request")),
        ("multipart/form-data; boundary=x", b"--y\r\n", (400, "malformed_request")),
        ("application/json", b"{}", (400, "missing_parameters")),
        ("application/json", b"", (400, "missing_parameters")),
        ("application/json", b'{"account_id": 1}', (400, "invalid_parameters")),
    ],
)
async def test_bodies_that_cannot_be_read_are_refused(content_type, content, expected):
    async with World().client() as client:
        response = await client.post(
            "/chats", content=content, headers={"content-type": content_type}
        )
    assert error_of(response) == expected


async def test_a_reply_goes_into_its_chat_and_guards_the_account():
    world = World()
    person = world.friend()
    async with world.client() as client:
        await write(client, person, "Hello")
        (chat,) = (await client.get(f"/chat_attendees/{person.provider_id}/chats")).json()["items"]
        path = f"/chats/{chat['id']}/messages"
        wrong = await client.post(path, json={"text": "Hi", "account_id": "other"})
        assert error_of(wrong) == (404, "resource_not_found")
        sent = await client.post(path, files={"text": (None, "And?")})
        assert (sent.status_code, sent.json()["object"]) == (201, "MessageSent")
        newest = (await client.get(path)).json()["items"][0]
        assert newest["text"] == "And?"
        missing = await client.post("/chats/nothing/messages", json={"text": "Hi"})
        assert error_of(missing) == (404, "resource_not_found")


@pytest.mark.parametrize("path", ["/messages", "/chats"])
@pytest.mark.parametrize(
    "moment",
    ["2027-03-01T08:00:00+00:00", "2027-03-01T08:00:00Z", "2027-03-01", "2027-13-01T08:00:00.000Z"],
)
@pytest.mark.parametrize("bound", ["after", "before"])
async def test_moments_in_filters_have_three_digits_and_a_z(path, moment, bound):
    async with World().client() as client:
        response = await client.get(path, params={bound: moment})
    assert error_of(response) == (400, "invalid_parameters")


async def test_bounds_are_exclusive():
    world = World()
    async with world.client() as client:
        await write(client, world.friend(), "Hello")
        own = {"sender_id": world.market.own_id}
        newest = (await client.get("/messages", params=own)).json()["items"][0]
        at = newest["timestamp"]
        for bound in ("after", "before"):
            page = (await client.get("/messages", params={**own, bound: at})).json()
            assert newest not in page["items"]
        earlier = {**own, "after": "2027-03-01T07:59:59.999Z"}
        assert (await client.get("/messages", params=earlier)).json()["items"] == [newest]


async def test_messages_come_newest_first_and_pages_do_not_shift_when_more_arrive():
    world = World()
    friends = [p for p in world.market.people if p.distance == 1]
    async with world.client() as client:
        for person in friends[:6]:
            await write(client, person, "Hello")
            world.pass_time(minutes=1)
        before = (await client.get("/messages", params={"limit": 250})).json()["items"]
        first = (await client.get("/messages", params={"limit": 3})).json()
        await write(client, friends[7], "One more")
        second = await client.get("/messages", params={"limit": 250, "cursor": first["cursor"]})
    assert first["items"] + second.json()["items"] == before
    moments = [item["timestamp"] for item in before]
    assert moments == sorted(moments, reverse=True)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/accounts", 250),
        ("/chats", 250),
        ("/messages", 250),
        ("/users/invite/sent", 100),
        ("/users/relations", 1000),
        ("/linkedin/search/parameters", 100),
    ],
)
async def test_each_list_has_its_own_largest_page(path, most):
    async with World().client() as client:
        largest = await client.get(path, params={"type": "INDUSTRY", "limit": most})
        assert largest.status_code == 200
        for limit in (0, most + 1, -1, "x"):
            response = await client.get(path, params={"type": "INDUSTRY", "limit": limit})
            assert error_of(response) == (400, "invalid_parameters")


async def test_an_inbox_holds_more_than_answers_to_us():
    world = World()
    async with world.client() as client:
        world.pass_time(hours=4)
        chats = (await client.get("/chats")).json()["items"]
        messages = (await client.get("/messages")).json()["items"]
    assert {chat["type"] for chat in chats} == {0, 1}
    assert "sponsored" in {chat.get("content_type") for chat in chats}
    assert {message["is_event"] for message in messages} == {0, 1}
    group = next(chat for chat in chats if chat["type"] == 1)
    assert "attendee_provider_id" not in group


async def test_chats_can_be_asked_for_by_account_type_and_unread():
    world = World()
    async with world.client() as client:
        await write(client, world.friend(), "Hello")
        read = (await client.get("/chats", params={"unread": "false"})).json()["items"]
        one_to_one = [chat["attendee_provider_id"] for chat in read if chat["type"] == 0]
        assert one_to_one == [world.friend().provider_id]
        other = (await client.get("/chats", params={"account_type": "WHATSAPP"})).json()
        assert other["items"] == []
