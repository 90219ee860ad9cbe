"""Reading LinkedIn through Unipile: what is asked for, and what becomes of the answers."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

import httpx
import pytest

from ingagents.errors import (
    AccountBlocked,
    BadAnswer,
    OwnAccount,
    PersonRefused,
    RequestRefused,
    TryLater,
    WrongAnswer,
)
from ingagents.integrations.unipile.account import UnipileAccount
from ingagents.integrations.unipile.profiles import SearchApi, UnipileProfiles, headcount_range
from ingagents.model import Profile, Recipient, SearchCriteria
from tests.fake_clock import FakeClock
from tests.integrations.unipile.wire.test_http import (
    NO_IDS_AT_ALL,
    Service,
    Step,
    a_wire,
    an_error,
    half,
    html,
    never,
)

CRITERIA = SearchCriteria(
    industries=("Technology",),
    positions=("CTO", "Founder", 'VP "Engineering"', " "),
    company_size="51-200",
    keywords="events",
)
SOME_IDS = {"items": [{"id": "6", "title": "Technology"}, {"id": "7", "title": "Technology X"}]}
NO_IDS: dict[str, Any] = {"items": []}
ONE_HIT: dict[str, Any] = {
    "items": [{"type": "PEOPLE", "id": "ACo1", "name": "Ines Falk", "headline": "CTO at Acme"}],
    "paging": {"total_count": 31},
    "cursor": "page 2",
}


def answer(body: Any) -> httpx.Response:
    return httpx.Response(200, content=json.dumps(body))


def a_client(
    *steps: Step, api: SearchApi = "classic", **options: Any
) -> tuple[UnipileProfiles, Service]:
    service = Service(*steps)
    return UnipileProfiles(a_wire(service, **options), api=api), service


def an_account(*steps: Step) -> tuple[UnipileAccount, Service]:
    service = Service(*steps)
    return UnipileAccount(a_wire(service)), service


def found_by(identifier: str) -> Recipient:
    return Recipient(public_identifier=identifier)


def sent(request: httpx.Request) -> Any:
    return json.loads(request.content)


async def test_a_classic_search_asks_with_ids_and_a_boolean_title():
    client, service = a_client(answer(SOME_IDS), answer(ONE_HIT))
    page = await client.search_profiles(CRITERIA, limit=500)
    lookup, search = service.requests
    assert lookup.url.path == "/api/v1/linkedin/search/parameters"
    assert dict(lookup.url.params) == {
        "account_id": "acc-1",
        "type": "INDUSTRY",
        "keywords": "Technology",
        "limit": "10",
    }
    assert (search.method, search.url.path) == ("POST", "/api/v1/linkedin/search")
    assert dict(search.url.params) == {"account_id": "acc-1", "limit": "50"}
    assert sent(search) == {
        "api": "classic",
        "category": "people",
        "keywords": "events",
        "industry": ["6"],
        "advanced_keywords": {"title": '"CTO" OR "Founder" OR "VP Engineering"'},
    }
    assert [hit.name for hit in page.profiles] == ["Ines Falk"]
    assert (page.cursor, page.total) == ("page 2", 31)


async def test_a_sales_navigator_search_has_its_own_filters():
    client, service = a_client(answer(SOME_IDS), answer(ONE_HIT), api="sales_navigator")
    await client.search_profiles(CRITERIA, limit=500)
    lookup, search = service.requests
    assert lookup.url.params["type"] == "SALES_INDUSTRY"
    assert search.url.params["limit"] == "100"
    assert sent(search) == {
        "api": "sales_navigator",
        "category": "people",
        "keywords": "events",
        "industry": {"include": ["6"]},
        "role": {"include": ["CTO", "Founder", 'VP "Engineering"']},
        "company_headcount": [{"min": 51, "max": 200}],
    }


async def test_empty_criteria_ask_for_everybody():
    client, service = a_client(answer(ONE_HIT))
    await client.search_profiles(SearchCriteria(), limit=0)
    assert sent(service.requests[0]) == {"api": "classic", "category": "people"}
    assert service.requests[0].url.params["limit"] == "1"


async def test_industries_linkedin_has_no_name_for_become_keywords():
    criteria = SearchCriteria(industries=("Event Tech", "Rockets"), keywords="stage")
    client, service = a_client(answer(NO_IDS), answer(NO_IDS), answer(ONE_HIT))
    await client.search_profiles(criteria)
    assert sent(service.requests[-1]) == {
        "api": "classic",
        "category": "people",
        "keywords": '(stage) AND ("Event Tech" OR "Rockets")',
    }


async def test_an_industry_without_a_name_does_not_narrow_the_ones_that_have_one():
    criteria = SearchCriteria(industries=("Technology", "Rockets"))
    client, service = a_client(answer(SOME_IDS), answer(NO_IDS), answer(ONE_HIT))
    await client.search_profiles(criteria)
    assert sent(service.requests[-1])["industry"] == ["6"]
    assert "keywords" not in sent(service.requests[-1])


async def test_filter_ids_are_looked_up_once():
    client, service = a_client(answer(SOME_IDS), answer(ONE_HIT), answer(ONE_HIT))
    await client.search_profiles(CRITERIA)
    await client.search_profiles(CRITERIA)
    assert len(service.requests) == 3


async def test_a_failed_lookup_is_not_remembered_as_no_such_industry():
    client, service = a_client(html(), answer(SOME_IDS), answer(ONE_HIT), retries=0)
    with pytest.raises(BadAnswer):
        await client.search_profiles(CRITERIA)
    await client.search_profiles(CRITERIA)
    assert sent(service.requests[-1])["industry"] == ["6"]


async def test_a_short_cursor_goes_into_the_query():
    client, service = a_client(answer(ONE_HIT))
    await client.search_profiles(SearchCriteria(keywords="x"), cursor="page 2")
    assert service.requests[0].url.params["cursor"] == "page 2"
    assert sent(service.requests[0])["keywords"] == "x"


async def test_a_long_cursor_is_the_whole_body():
    cursor = "c" * 501
    client, service = a_client(answer(ONE_HIT))
    await client.search_profiles(CRITERIA, cursor=cursor)
    assert sent(service.requests[0]) == {"cursor": cursor}
    assert "cursor" not in service.requests[0].url.params


@pytest.mark.parametrize("code", ["feature_not_subscribed", "subscription_required"])
async def test_without_sales_navigator_the_search_falls_back_to_classic_for_good(code):
    client, service = a_client(
        an_error(403, code),
        answer(SOME_IDS),
        answer(ONE_HIT),
        answer(ONE_HIT),
        api="sales_navigator",
    )
    page = await client.search_profiles(CRITERIA, limit=100)
    assert len(page.profiles) == 1
    await client.search_profiles(CRITERIA)
    assert service.requests[1].url.params["type"] == "INDUSTRY"
    assert [sent(request)["api"] for request in service.requests[2:]] == ["classic", "classic"]
    assert service.requests[2].url.params["limit"] == "50"


async def test_a_classic_search_that_is_not_subscribed_is_an_error():
    client, _ = a_client(an_error(403, "feature_not_subscribed"))
    with pytest.raises(RequestRefused):
        await client.search_profiles(SearchCriteria())


async def test_one_unreadable_hit_is_left_out_and_a_nameless_one_kept():
    items = [None, "x", {"type": "COMPANY", "id": "1"}, {"type": "PEOPLE", "id": "ACo9"}]
    client, _ = a_client(answer({"items": items, "cursor": None}))
    page = await client.search_profiles(SearchCriteria())
    assert [(hit.provider_id, hit.name, hit.complete) for hit in page.profiles] == [
        ("ACo9", "", False)
    ]
    assert page.cursor is None


async def test_a_search_without_hits_is_an_empty_page():
    client, _ = a_client(answer({"items": [], "cursor": None}))
    assert (await client.search_profiles(SearchCriteria())).profiles == ()


@pytest.mark.parametrize(
    "fault",
    [
        html,
        half,
        lambda: answer({"items": None}),
        lambda: answer({}),
        lambda: answer([]),
        lambda: httpx.ConnectError("x"),
        lambda: httpx.ReadTimeout("x"),
        lambda: httpx.ReadError("reset"),
        lambda: an_error(504, "request_timeout"),
        lambda: an_error(429, "too_many_requests"),
        lambda: never,
    ],
    ids=count(1),
)
async def test_a_failed_search_is_repeated_and_never_reads_as_an_empty_one(fault):
    client, service = a_client(fault(), fault(), retries=1, timeout_seconds=0.1)
    with pytest.raises(TryLater):
        await client.search_profiles(SearchCriteria())
    assert len(service.requests) == 2
    client, _ = a_client(fault(), answer(ONE_HIT), timeout_seconds=0.1)
    assert len((await client.search_profiles(SearchCriteria())).profiles) == 1


@pytest.mark.parametrize(
    ("band", "expected"),
    [
        ("51-200", {"min": 51, "max": 200}),
        ("1-10", {"min": 1, "max": 10}),
        ("10,001+", {"min": 10001}),
        ("10001+", {"min": 10001}),
        ("1.001 - 5.000", {"min": 1001, "max": 5000}),
        ("50–250", {"min": 11, "max": 500}),
        ("51-200 employees", {"min": 51, "max": 200}),
        ("11-20000", {"min": 11}),
        ("200-51", None),
        ("", None),
        ("many", None),
        ("200", None),
    ],
)
def test_a_size_band_becomes_bounds_the_filter_knows(band, expected):
    assert headcount_range(band) == expected


A_PROFILE: dict[str, Any] = {
    "object": "UserProfile",
    "provider_id": "ACo1",
    "public_identifier": "jörg-1",
    "first_name": "Ines",
    "invitation": {"type": "SENT", "status": "PENDING"},
    "network_distance": "SECOND_DEGREE",
}


async def test_a_profile_is_asked_for_with_the_sections_that_are_judged():
    client, service = a_client(answer(A_PROFILE))
    profile = await client.fetch_profile(found_by("jörg-1"))
    url = service.requests[0].url
    assert url.raw_path.startswith(b"/api/v1/users/j%C3%B6rg-1?")
    assert url.params["account_id"] == "acc-1"
    assert url.params["linkedin_sections"] == "experience,about,skills"
    assert "notify" not in url.params
    assert (profile.provider_id, profile.invitation, profile.network_distance) == (
        "ACo1",
        "pending",
        2,
    )


@pytest.mark.parametrize("identifier", [*NO_IDS_AT_ALL, "me", "ME", "jörg/../x?y"])
async def test_what_would_address_another_resource_is_never_asked_for(identifier):
    client, service = a_client()
    with pytest.raises(PersonRefused):
        await client.fetch_profile(found_by(identifier))
    assert service.requests == []


async def test_a_slug_that_leads_to_a_list_is_not_read_as_a_person():
    client, _ = a_client(answer({"object": "UserRelationsList", "items": []}), retries=0)
    with pytest.raises(BadAnswer):
        await client.fetch_profile(found_by("somebody"))


async def test_a_person_who_is_not_there_is_refused():
    client, _ = a_client(an_error(404, "resource_not_found"))
    with pytest.raises(PersonRefused):
        await client.fetch_profile(found_by("nobody"))


async def test_relations_are_paged_as_far_as_asked():
    def page(first: int, count: int, cursor: str | None) -> httpx.Response:
        items = [
            {"member_id": f"p{n}", "first_name": "P", "created_at": 10_000 - n}
            for n in range(first, first + count)
        ]
        return answer({"items": items, "cursor": cursor})

    client, service = a_client(page(0, 3, "more"))
    found = await client.newest_relations(limit=2)
    assert [person.provider_id for person in found.people] == ["p0", "p1"]
    assert dict(service.requests[0].url.params) == {"account_id": "acc-1", "limit": "2"}

    client, service = a_client(page(0, 1000, "more"), page(1000, 1000, "and more"))
    assert len((await client.newest_relations(limit=1500)).people) == 1500
    assert service.requests[1].url.params["cursor"] == "more"


AN_ACCOUNT = {
    "id": "acc-1",
    "name": "Ines",
    "connection_params": {"im": {"id": "ACoOwn"}},
    "sources": [{"status": "OK"}],
}
LOGGED_OUT = AN_ACCOUNT | {"sources": [{"status": "CREDENTIALS"}]}
OWNER = {"object": "AccountOwnerProfile", "provider_id": "ACoOwn", "premium": True}


async def test_the_account_is_read_from_its_record_and_its_owner():
    account, service = an_account(answer(AN_ACCOUNT), answer(OWNER))
    state = await account.account()
    assert (state.id, state.name, state.owner.provider_id) == ("acc-1", "Ines", "ACoOwn")
    assert (state.status, state.premium) == ("OK", True)
    assert [request.url.raw_path for request in service.requests] == [
        b"/api/v1/accounts/acc-1",
        b"/api/v1/users/me?account_id=acc-1",
    ]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((an_error(404, "resource_not_found"), answer(OWNER)), ("ACoOwn", "OK", True)),
        ((html(404), answer(OWNER)), ("ACoOwn", "OK", True)),
        ((answer(AN_ACCOUNT), an_error(404, "resource_not_found")), ("ACoOwn", "OK", False)),
        (
            (answer(LOGGED_OUT), an_error(401, "disconnected_account")),
            ("ACoOwn", "CREDENTIALS", False),
        ),
        ((answer(LOGGED_OUT), answer(OWNER)), ("ACoOwn", "CREDENTIALS", True)),
    ],
)
async def test_one_missing_half_of_the_account_does_not_hide_the_other(steps, expected):
    account, _ = an_account(*steps)
    state = await account.account()
    assert (state.owner.provider_id, state.status, state.premium) == expected


@pytest.mark.parametrize(
    ("steps", "error"),
    [
        ((an_error(404, "resource_not_found"),) * 2, AccountBlocked),
        ((an_error(401, "missing_credentials"),), AccountBlocked),
        ((answer(AN_ACCOUNT), an_error(401, "disconnected_account")), AccountBlocked),
        ((answer(AN_ACCOUNT), an_error(422, "limit_exceeded")), TryLater),
        ((an_error(400, "invalid_parameters"),), RequestRefused),
    ],
)
async def test_an_account_that_cannot_be_read_is_an_error(steps, error):
    account, _ = an_account(*steps)
    with pytest.raises(error):
        await account.account()


async def test_a_client_over_a_jumping_clock_never_waits_while_asking():
    clock = FakeClock()
    client, _ = a_client(html(), html(), answer(A_PROFILE), clock=clock)
    await client.fetch_profile(found_by("jörg-1"))
    assert clock.pauses == [0.75, 1.5]


async def test_a_search_goes_on_without_a_filter_the_service_cannot_name():
    client, service = a_client(an_error(404, "resource_not_found"), answer(ONE_HIT))
    page = await client.search_profiles(SearchCriteria(industries=("Software",)))
    assert [hit.name for hit in page.profiles] == ["Ines Falk"]
    assert sent(service.requests[-1])["keywords"] == '"Software"'


ASKED_ID, OTHER_ID = "ACoAABaskedForThisOne00", "ACoAACsomebodyElse00000"


@pytest.mark.parametrize(
    ("identifier", "record"),
    [
        ("jane-doe", {"public_identifier": "other-slug", "provider_id": OTHER_ID}),
        ("jane-doe", {"public_identifier": None, "provider_id": OTHER_ID}),
        (ASKED_ID, {"provider_id": OTHER_ID, "public_identifier": "jane-doe"}),
        (ASKED_ID, {"provider_id": None, "public_identifier": "jane-doe"}),
    ],
)
async def test_the_record_of_somebody_else_is_a_wrong_answer_and_not_asked_for_twice(
    identifier, record
):
    client, service = a_client(answer(A_PROFILE | record), retries=3)
    with pytest.raises(WrongAnswer, match="gave another"):
        await client.fetch_profile(found_by(identifier))
    assert len(service.requests) == 1  # a visit is counted by LinkedIn


async def test_what_is_known_of_a_person_helps_to_recognise_the_record():
    """Ids of Sales Navigator are in no record; the slug of the hit is."""
    record = A_PROFILE | {"provider_id": ASKED_ID, "public_identifier": "jane-doe"}
    known = Profile(provider_id="ACwAABsalesView0000000", public_identifier="Jane-Doe")
    client, _ = a_client(answer(record), answer(record | {"public_identifier": "kofi"}))
    found = await client.fetch_profile(known.recipient, known=known)
    assert found.provider_id == ASKED_ID
    with pytest.raises(WrongAnswer):
        await client.fetch_profile(known.recipient, known=known)


@pytest.mark.parametrize(
    "field",
    [{"is_self": True}, {"is_self": 1}, {"network_distance": "SELF"}, {"network_distance": "self"}],
)
async def test_our_own_profile_is_told_apart_whoever_says_so(field):
    client, _ = a_client(answer(A_PROFILE | field))
    with pytest.raises(OwnAccount, match="this is our own account"):
        await client.fetch_profile(found_by("jörg-1"))
    client, _ = a_client(answer(NO_IDS), answer({"items": [ONE_HIT["items"][0] | field]}))
    page = await client.search_profiles(SearchCriteria(industries=("X",)))
    assert page.profiles == ()


@pytest.mark.parametrize(
    ("account", "owner"),
    [
        ({"im": {"id": ASKED_ID}}, {}),
        ({"im": {"publicIdentifier": "Own-Slug"}}, {}),
        ({}, {"provider_id": ASKED_ID}),
        ({}, {"public_identifier": "own-slug"}),
        ({}, {"object_urn": "urn:li:member:4711"}),
        ({"im": {"publicIdentifier": "own-slug"}}, {"public_identifier": "own-slug-2"}),
    ],
)
async def test_the_accounts_own_ids_are_our_own_profile(account, owner):
    own = {"provider_id": ASKED_ID, "public_identifier": "own-slug", "member_urn": "4711"}
    record = {"id": "acc-1", "connection_params": account}
    service = Service(answer(record), answer(owner), answer(A_PROFILE | own))
    wire = a_wire(service)
    await UnipileAccount(wire).account()
    client = UnipileProfiles(wire)
    with pytest.raises(OwnAccount):
        await client.fetch_profile(found_by("own-slug"))
    assert len(service.requests) <= 3


async def test_a_service_that_answers_everything_with_our_own_record_closes_nobody():
    own = A_PROFILE | {"provider_id": ASKED_ID, "public_identifier": "us", "is_self": True}
    client, _ = a_client(answer(own))
    with pytest.raises(WrongAnswer):
        await client.fetch_profile(found_by("jane-doe"))


@pytest.mark.parametrize(
    ("account", "owner"),
    [
        (AN_ACCOUNT | {"id": "acc-2"}, OWNER),
        (
            AN_ACCOUNT | {"connection_params": {"im": {"id": ASKED_ID}}},
            OWNER | {"provider_id": OTHER_ID},
        ),
    ],
)
async def test_another_account_is_not_taken_for_ours(account, owner):
    ours, _ = an_account(answer(account), answer(owner))
    with pytest.raises(WrongAnswer):
        await ours.account()


async def test_connections_of_another_account_are_not_ours():
    client, _ = a_client(answer({"items": [{"member_id": "p", "account_id": "acc-2"}]}))
    found = await client.newest_relations()
    assert found.people == ()
    assert "acc-2" in found.wrong[0].what


@pytest.mark.parametrize("bad", NO_IDS_AT_ALL)
@pytest.mark.parametrize("field", ["provider_id", "public_identifier"])
async def test_a_profile_with_an_id_that_is_none_is_a_wrong_answer(field, bad):
    whole = {"provider_id": ASKED_ID, "public_identifier": "jane-doe"}
    client, service = a_client(answer(A_PROFILE | whole | {field: bad}), retries=3)
    if bad == "":  # as good as not there
        await client.fetch_profile(found_by("jane-doe" if field == "provider_id" else ASKED_ID))
    else:
        with pytest.raises(WrongAnswer):
            await client.fetch_profile(found_by("jane-doe" if field == "provider_id" else ASKED_ID))
    assert len(service.requests) == 1
