"""The sandbox's own routes: what it received, and who lives in it."""

from __future__ import annotations

from tests.sandbox.world import World, error_of, invite, write


async def test_the_record_shows_what_was_done_and_who_got_one_too_many():
    world = World()
    person = world.friend()
    async with world.client() as client:
        await invite(client, world.stranger(), "Hello")
        await write(client, person, "Hi")
        await write(client, person, "Hi")
        record = (await client.get("http://sandbox/sandbox/record")).json()
    assert [(act["kind"], act["text"], act["request"]) for act in record["acts"]] == [
        ("invitation", "Hello", 1),
        ("message", "Hi", 2),
        ("message", "Hi", 3),
    ]
    assert record["acts"][1]["slug"] == person.slug
    assert record["people_contacted"] == 2
    assert record["contacted_twice"] == [
        {
            "provider_id": person.provider_id,
            "slug": person.slug,
            "acts": [2, 3],
            "same_text": True,
        }
    ]
    assert record["same_text_again"] == [[2, 3]]


async def test_people_can_be_added_and_are_found():
    world = World()
    async with world.client() as client:
        body = {"people": [{"name": "Bo Lund", "public_identifier": "bo-lund", "position": "CTO"}]}
        added = await client.post("http://sandbox/sandbox/people", json=body)
        assert added.status_code == 201
        profile = (await client.get("/users/bo-lund")).json()
        assert profile["provider_id"] == added.json()["people"][0]["provider_id"]
        search = {"api": "classic", "category": "people", "keywords": '"Bo Lund"'}
        found = (await client.post("/linkedin/search", json=search)).json()
        assert [item["id"] for item in found["items"]] == [profile["provider_id"]]
        wrong = await client.post("http://sandbox/sandbox/people", json={"people": 3})
        assert error_of(wrong) == (400, "invalid_parameters")
    assert (profile["first_name"], profile["last_name"]) == ("Bo", "Lund")
