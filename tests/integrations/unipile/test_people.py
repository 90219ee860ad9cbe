"""Hits, profiles and relations of Unipile's JSON, read into our nouns: nothing is invented."""

from __future__ import annotations

import msgspec
import pytest

from ingagents.errors import BadAnswer
from ingagents.integrations.http.sanitise import json_object_of
from ingagents.integrations.unipile.people import (
    hit_of,
    profile_of,
    relations_of,
)
from ingagents.integrations.unipile.wire.lists import items_of
from ingagents.model import Position, Profile
from tests.integrations.unipile.shapes import (
    A_HIT,
    A_PROFILE,
    MEMBER,
)
from tests.integrations.unipile.wire.test_http import NO_IDS_AT_ALL


def test_a_hit_becomes_a_profile():
    assert hit_of(A_HIT) == Profile(
        name="Ines Falk",
        headline="Building things that last",
        location="Leipzig, Germany",
        industry="Software Development",
        linkedin_url="https://www.linkedin.com/in/ines-falk",
        provider_id=MEMBER,
        public_identifier="ines-falk",
        member_number="123456",
        position="VP Engineering",
        company="Nordlicht AG",
        positions=(Position(title="VP Engineering", company="Nordlicht AG", current=True),),
        network_distance=2,
        premium=True,
        open_profile=True,
        complete=True,
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"current_positions": None, "headline": "CTO at Acme"}, ("CTO", "Acme", True)),
        ({"current_positions": []}, ("Building things that last", "", False)),
        ({"current_positions": [None, 5]}, ("Building things that last", "", False)),
        (
            {"current_positions": [{"company": "Acme"}], "headline": "CTO at Acme Inc."},
            ("CTO", "Acme", True),
        ),
        ({"id": None, "public_identifier": None, "public_profile_url": None}, (..., ..., False)),
        ({"id": None}, (..., ..., True)),
    ],
)
def test_a_hit_is_complete_when_it_tells_who_does_what_where(changes, expected):
    hit = hit_of(A_HIT | changes)
    assert hit is not None
    found = (hit.position, hit.company, hit.complete)
    assert all(want in (..., got) for want, got in zip(expected, found, strict=True))


@pytest.mark.parametrize(
    "name",
    [
        *(None, "", "LinkedIn Member", "LinkedIn-Mitglied", " linkedin  member", "LinkedIn 회원"),
        *("Użytkownik LinkedIn", "Membre de LinkedIn", "عضو LinkedIn", "Deleted user", "undefined"),
    ],
)
def test_people_without_a_name_are_kept_as_incomplete(name):
    hit = hit_of(A_HIT | {"name": name})
    assert hit is not None
    assert (hit.name, hit.complete, hit.provider_id) == ("", False, MEMBER)


def test_a_hit_without_a_whole_name_takes_its_parts():
    hit = hit_of(A_HIT | {"name": None, "first_name": "Ines", "last_name": None})
    assert hit is not None
    assert (hit.name, hit.first_name, hit.last_name) == ("Ines", "Ines", "")


@pytest.mark.parametrize(
    "item", [None, 5, "x", [], {}, {"type": "COMPANY", "id": "1"}, {"type": []}]
)
def test_what_is_no_person_is_left_out(item):
    assert hit_of(item) is None


def test_a_pending_invitation_shows_already_in_the_search():
    hit = hit_of(A_HIT | {"pending_invitation": True})
    assert hit is not None
    assert hit.invitation == "pending"


def test_a_profile_is_read_whole():
    assert profile_of(A_PROFILE) == Profile(
        name="Ines Falk",
        first_name="Ines",
        last_name="Falk",
        headline="VP Engineering at Nordlicht AG | Speaker",
        summary="Line one\nline two",
        country="DE",
        language="de",
        email="ines@example.com",
        linkedin_url="https://www.linkedin.com/in/ines-falk",
        provider_id=MEMBER,
        public_identifier="ines-falk",
        member_number="123456",
        position="VP Engineering",
        company="Nordlicht AG",
        positions=(
            Position(title="Adviser", company="Alt GmbH", started="1/1/2010", ended="1/1/2012"),
            Position(title="VP Engineering", company="Nordlicht AG", current=True),
        ),
        skills=("Rust", "Go"),
        network_distance=3,
        premium=True,
        creator=True,
        follower_count=1200,
        connections_count=500,
        complete=True,
    )


def test_a_throttled_profile_is_not_complete():
    throttled = {**A_PROFILE, "work_experience": [], "throttled_sections": ["experience"]}
    assert not profile_of(throttled).complete
    assert profile_of(A_PROFILE | {"throttled_sections": []}).complete


@pytest.mark.parametrize(
    "body", [{}, {"object": "UserProfile"}, A_PROFILE | {"object": "UserRelationsList"}]
)
def test_what_is_no_profile_is_an_error_and_not_an_empty_profile(body):
    with pytest.raises(BadAnswer):
        profile_of(body)


@pytest.mark.parametrize(
    ("fields", "distance"),
    [
        ({"network_distance": "FIRST_DEGREE"}, 1),
        ({"network_distance": "SECOND_DEGREE"}, 2),
        ({"network_distance": "THIRD_DEGREE"}, 3),
        ({"network_distance": "DISTANCE_1"}, 1),
        ({"network_distance": "DISTANCE_2"}, 2),
        ({"network_distance": "DISTANCE_3"}, 3),
        ({"network_distance": "OUT_OF_NETWORK"}, 0),
        ({"network_distance": "SELF"}, 0),
        ({"network_distance": None}, 0),
        ({"network_distance": ["DISTANCE_1"]}, 0),
        ({"network_distance": "SECOND_DEGREE", "is_relationship": True}, 1),
        ({"network_distance": "SECOND_DEGREE", "is_relationship": None}, 2),
    ],
)
def test_the_distance_is_read_in_both_vocabularies(fields, distance):
    assert profile_of(A_PROFILE | fields).network_distance == distance


@pytest.mark.parametrize(
    ("invitation", "expected"),
    [
        ({"type": "SENT", "status": "PENDING"}, "pending"),
        ({"type": "SENT", "status": "IGNORED"}, "ignored"),
        ({"type": "SENT", "status": "WITHDRAWN"}, "withdrawn"),
        ({"type": "RECEIVED", "status": "PENDING"}, "received"),
        ({"type": "RECEIVED", "status": "IGNORED"}, "received"),
        ({"type": "SENT", "status": None}, ""),
        ({"type": None, "status": "PENDING"}, ""),
        ({}, ""),
        (None, ""),
        ("PENDING", ""),
    ],
)
def test_only_our_own_open_invitation_is_pending(invitation, expected):
    assert profile_of(A_PROFILE | {"invitation": invitation}).invitation == expected


@pytest.mark.parametrize(
    ("jobs", "expected"),
    [
        ([{"position": "A", "company": "X", "current": False}], ("VP Engineering", "Nordlicht AG")),
        ([{"position": "A", "company": "X", "end": None}], ("A", "X")),
        (
            [{"position": "A", "company": "X", "end": "1/1/2020"}],
            ("VP Engineering", "Nordlicht AG"),
        ),
        (
            [
                {"position": "A", "current": True},
                {"position": "B", "company": "Y", "current": True},
            ],
            ("B", "Y"),
        ),
        ([{"company": "X", "current": True}], ("VP Engineering", "X")),
        ("none", ("VP Engineering", "Nordlicht AG")),
    ],
)
def test_the_present_job_is_the_current_one_else_what_the_headline_says(jobs, expected):
    profile = profile_of(A_PROFILE | {"work_experience": jobs})
    assert (profile.position, profile.company) == expected


@pytest.mark.parametrize(
    ("fields", "slug", "url"),
    [
        ({"public_identifier": "Jane-Doe"}, "jane-doe", "https://www.linkedin.com/in/jane-doe"),
        (
            {"public_identifier": "j%C3%B6rg-1"},
            "jörg-1",
            "https://www.linkedin.com/in/j%C3%B6rg-1",
        ),
        (
            {"public_profile_url": "http://de.linkedin.com/in/Jane/de?x=1#y"},
            "jane",
            "https://www.linkedin.com/in/jane",
        ),
        (
            {"public_profile_url": f"https://www.linkedin.com/in/{MEMBER}"},
            "",
            f"https://www.linkedin.com/in/{MEMBER}",
        ),
        (
            {"public_profile_url": "https://www.linkedin.com/sales/lead/ACwAAB1,NAME_SEARCH,xYz"},
            "",
            "https://www.linkedin.com/sales/lead/ACwAAB1,NAME_SEARCH,xYz",
        ),
        (
            {
                "public_identifier": "jane",
                "public_profile_url": "https://www.linkedin.com/sales/lead/ACwAAB1,N,x",
            },
            "jane",
            "https://www.linkedin.com/in/jane",
        ),
        (
            {"public_profile_url": "https://evil.example/?x=linkedin.com/in/jane"},
            "",
            f"https://www.linkedin.com/in/{MEMBER}",
        ),
        (
            {"public_profile_url": "https://linkedin.com.evil.example/in/jane"},
            "",
            f"https://www.linkedin.com/in/{MEMBER}",
        ),
        (
            {"public_profile_url": "javascript://www.linkedin.com/in/jane"},
            "",
            f"https://www.linkedin.com/in/{MEMBER}",
        ),
        ({"public_identifier": MEMBER}, "", f"https://www.linkedin.com/in/{MEMBER}"),
        ({"public_profile_url": "https://["}, "", f"https://www.linkedin.com/in/{MEMBER}"),
        (
            {"id": "ACwAAB12cdEFgh34ijKL"},
            "",
            "https://www.linkedin.com/sales/lead/ACwAAB12cdEFgh34ijKL",
        ),
    ],
)
def test_addresses_are_linkedins_own_and_slugs_are_compared_alike(fields, slug, url):
    hit = hit_of({"type": "PEOPLE", "id": MEMBER, **fields})
    assert hit is not None
    assert (hit.public_identifier, hit.linkedin_url) == (slug, url)


@pytest.mark.parametrize(
    ("urn", "number"),
    [
        ("42", "42"),
        ("urn:li:member:42", "42"),
        ("urn:li:fsd_profile:ACoAA", ""),
        (None, ""),
    ],
)
def test_the_member_number_is_found_in_its_shapes(urn, number):
    assert profile_of(A_PROFILE | {"member_urn": urn}).member_number == number


def test_half_an_emoji_does_not_make_the_page_unreadable():
    page = json_object_of(b'{"items": [{"type": "PEOPLE", "id": "x", "headline": "CTO \\ud83d"}]}')
    assert page is not None
    hit = hit_of(items_of(page).items[0])
    assert hit is not None
    assert msgspec.json.encode(hit)


def test_relations_come_newest_first_and_are_first_degree():
    found = relations_of(
        [
            {"member_id": "old", "first_name": "O", "created_at": 1_700_000_000_000},
            None,
            {"member_id": None},
            {
                "member_id": "new",
                "first_name": "N",
                "last_name": "Ew",
                "headline": "CTO at Acme",
                "created_at": 1_800_000_000_000,
            },
            {"member_id": "theirs", "account_id": "another account"},
            {"member_id": "../me"},
        ],
        "acc",
    )
    people = found.people
    assert [one.what.partition(" gives ")[2] for one in found.wrong] == [
        "a connection of the account 'another account'",
        "'../me' as the id of a person",
    ]
    assert [(p.provider_id, p.name, p.network_distance) for p in people] == [
        ("new", "N Ew", 1),
        ("old", "O", 1),
    ]
    assert (people[0].position, people[0].company, people[0].complete) == ("CTO", "Acme", True)
    assert not people[1].complete


@pytest.mark.parametrize("bad", [bad for bad in NO_IDS_AT_ALL if bad])
@pytest.mark.parametrize("field", ["id", "public_identifier"])
def test_a_hit_with_an_id_that_is_none_is_left_out(field, bad):
    assert hit_of(A_HIT | {field: bad}) is None


def test_a_placeholder_in_place_of_a_slug_is_no_slug():
    hit = hit_of(A_HIT | {"public_identifier": "UNKNOWN", "public_profile_url": None})
    assert hit is not None
    assert hit.public_identifier == ""
