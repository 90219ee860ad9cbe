"""The people search: what a lead finder meets, page by page."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.sandbox.world import ACCOUNT, World, error_of

LEADS = {
    "api": "classic",
    "category": "people",
    "industry": ["6", "4"],
    "advanced_keywords": {"title": 'CTO OR Founder OR "VP Engineering"'},
}


async def found(client: httpx.AsyncClient, body: Any, **params: Any) -> Any:
    response = await client.post("/linkedin/search", json=body, params=params)
    assert response.status_code == 200, response.text
    return response.json()


async def everybody(client: httpx.AsyncClient, body: Any, limit: int) -> list[Any]:
    items: list[Any] = []
    cursor = None
    while True:
        page = await found(client, {"cursor": cursor} if cursor else body, limit=limit)
        items += page["items"]
        cursor = page["cursor"]
        if not cursor:
            return items


async def test_the_default_search_finds_many_people_most_of_them_good_leads():
    world = World()
    async with world.client() as client:
        items = await everybody(client, LEADS, 50)
    assert len(items) >= 120
    assert len({item["id"] for item in items}) == len(items)
    good = [
        item
        for item in items
        if item["name"] and item["industry"] and item.get("current_positions")
    ]
    assert len(good) > 0.8 * len(items)


async def test_industry_ids_are_found_by_their_names():
    async with World().client() as client:
        for name, expected in (("Technology", {"6", "1594"}), ("Software", {"4"})):
            response = await client.get(
                "/linkedin/search/parameters", params={"type": "INDUSTRY", "keywords": name}
            )
            assert {item["id"] for item in response.json()["items"]} == expected


@pytest.mark.parametrize(
    ("body", "fits"),
    [
        ({"keywords": '"Developer Advocate"'}, lambda p: "Developer Advocate" in p.headline),
        ({"industry": ["4"]}, lambda p: p.company and p.company.industry.id in {"4", "109", "118"}),
        ({"network_distance": [1]}, lambda p: p.distance == 1),
        ({"network_distance": [2, 3]}, lambda p: p.distance in {2, 3}),
        ({"profile_language": ["de"]}, lambda p: p.language == "de"),
        ({"advanced_keywords": {"first_name": "Annika"}}, lambda p: "Annika" in p.first_name),
        ({"advanced_keywords": {"last_name": "Brandt"}}, lambda p: "Brandt" in p.last_name),
        ({"advanced_keywords": {"company": "Nord"}}, lambda p: "Nord " in p.company_name),
        ({"url": "https://www.linkedin.com/search/results/people/?keywords=nurse"}, None),
    ],
)
async def test_classic_filters_keep_only_those_who_fit(body, fits):
    world = World()
    async with world.client() as client:
        items = await everybody(client, {"api": "classic", "category": "people", **body}, 50)
    ids = {item["id"] for item in items}
    fits = fits or (lambda p: "Nurse" in p.title)
    assert ids == {p.provider_id for p in world.market.people if fits(p)}


@pytest.mark.parametrize(
    ("body", "fits"),
    [
        ({"role": {"include": ["CTO"]}}, lambda p: "CTO" in p.title or "Chief Tech" in p.title),
        (
            {"role": {"include": ["CTO"], "exclude": ["Founder"]}},
            lambda p: ("CTO" in p.title or "Chief Tech" in p.title) and "Founder" not in p.title,
        ),
        ({"company_headcount": [{"min": 51, "max": 200}]}, lambda p: p.size == "51-200"),
        ({"company_headcount": [{"min": 10001}]}, lambda p: p.size == "10001+"),
        ({"seniority": {"include": ["vice_president"]}}, lambda p: _is_vice_president(p.title)),
        ({"first_name": "Annika"}, lambda p: "Annika" in p.first_name),
    ],
)
async def test_sales_navigator_filters_include_and_exclude(body, fits):
    world = World()
    body = {"api": "sales_navigator", "category": "people", **body}
    async with world.client() as client:
        items = await everybody(client, body, 100)
    assert {item["id"] for item in items} == {p.sales_id for p in world.market.people if fits(p)}


def _is_vice_president(title: str) -> bool:
    higher = any(word in title for word in ("Founder", "CTO"))
    return not higher and any(word in title for word in ("VP", "Vice President"))


async def test_sales_navigator_hits_carry_an_id_that_must_be_converted():
    world = World()
    body = {"api": "sales_navigator", "category": "people", "role": {"include": ["CTO"]}}
    async with world.client() as client:
        page = await found(client, body, limit=100)
        item = next(i for i in page["items"] if i["public_identifier"])
        assert item["id"].startswith("ACw")
        assert "/sales/lead/ACw" in item["public_profile_url"]
        refused = await client.post(
            "/users/invite", json={"account_id": ACCOUNT, "provider_id": item["id"]}
        )
        assert error_of(refused) == (422, "invalid_recipient")
        profile = (await client.get(f"/users/{item['id']}")).json()
    assert profile["provider_id"].startswith("ACo")
    assert profile["public_identifier"] == item["public_identifier"]


async def test_people_out_of_the_network_come_without_name_and_slug():
    async with World().client() as client:
        items = await everybody(client, {"api": "classic", "category": "people"}, 50)
    hidden = [item for item in items if item["network_distance"] == "OUT_OF_NETWORK"]
    assert {item["name"] for item in hidden} == {None, "LinkedIn Member"}
    assert all(item["public_identifier"] is None for item in hidden)
    assert any(
        item["public_identifier"] is None and item["network_distance"] == "DISTANCE_2"
        for item in items
    )


async def test_the_cursor_works_in_query_and_body_and_pages_never_overlap():
    async with World().client() as client:
        first = await found(client, LEADS, limit=20)
        in_query = await found(client, {}, limit=20, cursor=first["cursor"])
        in_body = await found(client, {"cursor": first["cursor"]}, limit=20)
    assert in_query == in_body
    assert in_query["paging"]["start"] == 20
    assert in_query["config"]["params"] == LEADS
    assert not {i["id"] for i in first["items"]} & {i["id"] for i in in_query["items"]}


async def test_classic_pages_end_at_fifty_and_queries_at_a_thousand():
    world = World(size=3000)
    async with world.client() as client:
        page = await found(client, {"api": "classic", "category": "people"}, limit=100)
        assert len(page["items"]) == page["paging"]["page_count"] == 50
        assert page["paging"]["total_count"] == 1000
        assert len(await everybody(client, {"api": "classic", "category": "people"}, 50)) == 1000


@pytest.mark.parametrize(
    ("body", "params", "expected"),
    [
        ({**LEADS, "account_id": ACCOUNT}, {}, (400, "invalid_parameters")),
        (LEADS, {"limit": 101}, (400, "invalid_parameters")),
        (LEADS, {"limit": "many"}, (400, "invalid_parameters")),
        ({"category": "people"}, {}, (400, "missing_parameters")),
        ({**LEADS, "colour": "blue"}, {}, (400, "invalid_parameters")),
        ({**LEADS, "industry": ["Software"]}, {}, (400, "invalid_parameters")),
        ({**LEADS, "industry": "4"}, {}, (400, "invalid_parameters")),
        ({"cursor": "made-up"}, {}, (400, "invalid_parameters")),
        ({"cursor": 7}, {}, (400, "invalid_parameters")),
        ({"url": "https://evil.example/?linkedin.com"}, {}, (400, "invalid_url")),
        ({"api": "recruiter", "category": "people"}, {}, (403, "feature_not_subscribed")),
        ({"api": "classic", "category": "jobs"}, {}, (501, "feature_not_implemented")),
        ({**LEADS, "open_to": ["proBono"]}, {}, (501, "feature_not_implemented")),
    ],
)
async def test_searches_that_cannot_be_answered_are_refused(body, params, expected):
    async with World().client() as client:
        response = await client.post("/linkedin/search", json=body, params=params)
    assert error_of(response) == expected


async def test_sales_navigator_needs_its_subscription():
    from ingagents.sandbox.market.account import Owner

    async with World(owner=Owner(sales_navigator=False)).client() as client:
        response = await client.post(
            "/linkedin/search", json={"api": "sales_navigator", "category": "people"}
        )
    assert error_of(response) == (403, "feature_not_subscribed")


async def test_a_limit_of_nothing_is_allowed_and_gives_nothing():
    async with World().client() as client:
        page = await found(client, LEADS, limit=0)
    assert (page["items"], page["cursor"]) == ([], None)


async def test_places_and_companies_have_ids_too():
    world = World()
    async with world.client() as client:
        parameter = await client.get(
            "/linkedin/search/parameters", params={"type": "LOCATION", "keywords": "Germany"}
        )
        place = parameter.json()["items"][0]
        assert place["title"] == "Germany"
        items = await everybody(
            client, {"api": "classic", "category": "people", "location": [place["id"]]}, 50
        )
        assert {i["id"] for i in items} == {
            p.provider_id for p in world.market.people if p.country == "DE"
        }
        unknown = await client.get("/linkedin/search/parameters", params={"type": "SHOE_SIZE"})
        assert error_of(unknown) == (400, "invalid_parameters")
        empty = await client.get("/linkedin/search/parameters", params={"type": "PERSONA"})
        assert empty.json()["items"] == []
