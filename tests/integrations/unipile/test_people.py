"""Unipile's JSON, read into our nouns: whatever arrives, nothing raises and nothing is invented."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.profiles.recognition import is_plain_id
from ingagents.errors import BadAnswer, WrongAnswer
from ingagents.integrations.http.sanitise import clean_text, json_object_of, moment_of
from ingagents.integrations.unipile.account import account_state_of
from ingagents.integrations.unipile.chats import chat_of, invitation_of, message_of, timestamp
from ingagents.integrations.unipile.ids import id_of, optional_id, required_id, slug_of
from ingagents.integrations.unipile.people import (
    hit_of,
    profile_of,
    relations_of,
)
from ingagents.integrations.unipile.wire.lists import items_of, parameter_ids_of
from ingagents.model import ChatMessage, Position, Profile, Recipient
from ingagents.model.linkedin import Chat
from tests.integrations.unipile.wire.test_http import NO_IDS_AT_ALL

NO_IDS: tuple[Any, ...] = (*NO_IDS_AT_ALL, True, 1.5, [], {})
NOT_EMPTY_NO_IDS: tuple[Any, ...] = tuple(bad for bad in NO_IDS if bad != "")

MEMBER = "ACoAAB12cdEFgh34ijKLmn56opQRst"
A_HIT: dict[str, Any] = {
    "object": "SearchResult",
    "type": "PEOPLE",
    "id": MEMBER,
    "public_identifier": "Ines-Falk",
    "public_profile_url": "https://www.linkedin.com/in/ines-falk?trk=x",
    "member_urn": "urn:li:member:123456",
    "name": "Ines Falk",
    "headline": "Building things that last",
    "location": "Leipzig, Germany",
    "industry": None,
    "network_distance": "DISTANCE_2",
    "pending_invitation": False,
    "premium": True,
    "open_profile": True,
    "current_positions": [
        {"role": "VP Engineering", "company": "Nordlicht AG", "industry": ["Software Development"]}
    ],
}
A_PROFILE: dict[str, Any] = {
    "object": "UserProfile",
    "provider_id": MEMBER,
    "public_identifier": "ines-falk",
    "member_urn": "123456",
    "first_name": "Ines",
    "last_name": "Falk",
    "headline": "VP Engineering at Nordlicht AG | Speaker",
    "summary": "Line one\nline two",
    "primary_locale": {"country": "DE", "language": "de"},
    "contact_info": {"emails": [None, "not a mail", "ines@example.com"], "adresses": []},
    "is_premium": True,
    "is_creator": True,
    "is_relationship": False,
    "network_distance": "THIRD_DEGREE",
    "follower_count": 1200,
    "connections_count": 500,
    "work_experience": [
        {"position": "Adviser", "company": "Alt GmbH", "start": "1/1/2010", "end": "1/1/2012"},
        {"position": "VP Engineering", "company": "Nordlicht AG", "current": True, "start": None},
    ],
    "skills": [{"name": "Rust"}, {"name": None}, "Go", {"name": "Rust"}],
}


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


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("half an emoji \ud83d", "half an emoji \ufffd"),
        ("whole \ud83d\ude80", "whole 🚀"),
        ("nul\x00 bell\x07 \x85", "nul bell"),
        ("  two\nlines\t", "two\nlines"),
        (None, ""),
        (5, ""),
        (["x"], ""),
    ],
)
def test_text_can_be_stored_everywhere(dirty, clean):
    assert clean_text(dirty) == clean


def test_text_is_bounded():
    assert len(clean_text("🚀" * 50_000)) == 20_000
    assert clean_text("abcdef", 3) == "abc"


def test_half_an_emoji_does_not_make_the_page_unreadable():
    page = json_object_of(b'{"items": [{"type": "PEOPLE", "id": "x", "headline": "CTO \\ud83d"}]}')
    assert page is not None
    hit = hit_of(items_of(page).items[0])
    assert hit is not None
    assert msgspec.json.encode(hit)


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b'{"a": ', b"[1]", b"null", b"\xff\xfe", b"[" * 100_000, b"9" * 9999],
)
def test_what_is_no_json_object_is_none(content):
    assert json_object_of(content) is None


@pytest.mark.parametrize(
    ("cursor", "expected"),
    [("abc", "abc"), (None, None), ("", None), (7, "7"), ("a/b?c=%2f&..", "a/b?c=%2f&..")],
)
def test_the_cursor_of_a_page_is_text_or_none(cursor, expected):
    assert items_of({"items": [], "cursor": cursor}).cursor == expected


@pytest.mark.parametrize("cursor", [[], {}, True, 1.5, "a\x00", "a\nb", "x" * 30_000])
def test_a_list_that_does_not_say_where_it_goes_on_is_not_at_its_end(cursor):
    with pytest.raises(BadAnswer):
        items_of({"items": [], "cursor": cursor})


@pytest.mark.parametrize(
    ("paging", "total"),
    [({"total_count": 7}, 7), ({"total_count": None}, None), (None, None), ({}, None)],
)
def test_the_total_is_unknown_unless_told(paging, total):
    assert items_of({"items": [], "paging": paging}).total == total


def test_an_unreadable_item_does_not_stop_the_page():
    assert items_of({"items": [None, {"id": 1}]}).items == [None, {"id": 1}]


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


AN_ACCOUNT: dict[str, Any] = {
    "object": "Account",
    "id": "acc",
    "name": "Ines Falk",
    "connection_params": {"im": {"id": MEMBER, "premiumFeatures": []}},
    "sources": [{"id": "s", "status": "OK"}],
}


@pytest.mark.parametrize(
    ("account", "owner", "expected"),
    [
        (AN_ACCOUNT, {"premium": True}, ("Ines Falk", MEMBER, "OK", True)),
        (
            AN_ACCOUNT,
            {"premium": False, "sales_navigator": None},
            ("Ines Falk", MEMBER, "OK", False),
        ),
        (
            AN_ACCOUNT,
            {"sales_navigator": {"owner_seat_id": "1", "contract_id": "2"}},
            ("Ines Falk", MEMBER, "OK", True),
        ),
        (AN_ACCOUNT, {"sales_navigator": {"error": "x"}}, ("Ines Falk", MEMBER, "OK", False)),
        (
            AN_ACCOUNT | {"sources": [{"status": "OK"}, {"status": "CREDENTIALS"}]},
            None,
            ("Ines Falk", MEMBER, "CREDENTIALS", False),
        ),
        (
            AN_ACCOUNT | {"connection_params": {"im": {"premiumFeatures": ["premium"]}}},
            None,
            ("Ines Falk", "", "OK", True),
        ),
        (
            None,
            {"provider_id": MEMBER, "first_name": "Ines", "last_name": "Falk"},
            ("Ines Falk", MEMBER, "OK", False),
        ),
        ({"sources": "OK", "connection_params": []}, {}, ("", "", "OK", False)),
    ],
)
def test_the_account_is_read_from_either_source(account, owner, expected):
    state = account_state_of("acc", account, owner)
    assert (state.name, state.owner.provider_id, state.status, state.premium) == expected
    assert state.id == "acc"


@pytest.mark.parametrize(
    ("term", "ids"),
    [
        ("Software Development", ("4",)),
        (" software development ", ("4",)),
        ("software", ("4", "5")),
        ("Farming", ()),
    ],
)
def test_a_filter_term_finds_its_own_title_first(term, ids):
    items = [
        {"id": "5", "title": "Embedded Software Products"},
        {"id": 4, "title": "Software Development"},
        {"id": None, "title": "Software"},
        None,
    ]
    assert set(parameter_ids_of({"items": items}, term)) == set(ids)


NOW = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
CHAT = Chat(id="c", account_id="acc", who=Recipient(provider_id="them"), latest=None)
A_MESSAGE: dict[str, Any] = {
    "id": "m",
    "sender_id": "them",
    "text": "Hello",
    "timestamp": "2027-03-01T09:00:00.123Z",
    "is_sender": 0,
    "message_type": "MESSAGE",
}


@pytest.mark.parametrize(
    ("fields", "from_us"),
    [
        ({}, False),
        ({"is_sender": 1, "sender_id": None}, True),
        ({"is_sender": True, "sender_id": "our-id-of-another-seat"}, True),
        ({"is_sender": 1}, False),  # the id says more than the flag
        ({"is_sender": None, "sender_id": "us"}, True),
        ({"is_sender": 0, "sender_id": "us"}, True),
        ({"is_sender": None, "sender_id": None}, False),
    ],
)
def test_our_own_messages_are_told_by_flag_or_sender(fields, from_us):
    message = message_of(A_MESSAGE | fields, CHAT, now=NOW, own_provider_id="us")
    assert isinstance(message, ChatMessage)
    assert (message.from_us, message.provider_id) == (from_us, "them")


@pytest.mark.parametrize(
    "fields",
    [
        {"hidden": 1},
        {"deleted": 1},
        {"is_event": 1},
        {"hidden": True},
    ],
)
def test_events_hidden_and_deleted_messages_are_none(fields):
    assert message_of(A_MESSAGE | fields, CHAT, now=NOW) is None


@pytest.mark.parametrize(
    "timestamp",
    [
        *(None, "", "yesterday", 0, -1, 10**30, True, {}),
        *("2100-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z", "2027-03-01T10:00:00.001Z"),
        *("1970-01-01T00:00:00.000Z", "0001-01-01T00:00:00Z", "1601-01-01T00:00:00Z"),
        *(NOW.timestamp() * 1000 + 60_000, NOW.timestamp() * 1_000_000),
    ],
)
def test_a_time_that_cannot_be_is_taken_as_now(timestamp):
    message = message_of(A_MESSAGE | {"timestamp": timestamp}, CHAT, now=NOW)
    assert isinstance(message, ChatMessage)
    assert message.sent_at == NOW


def test_a_time_that_can_be_is_believed():
    message = message_of(A_MESSAGE | {"timestamp": "2019-03-01T10:00:00Z"}, CHAT, now=NOW)
    assert isinstance(message, ChatMessage)
    assert message.sent_at == datetime(2019, 3, 1, 10, tzinfo=UTC)


THEIRS, THIRD = "ACoAABthePersonOfTheChat", "ACoAACsomebodyElse0000"


@pytest.mark.parametrize(
    ("attendee", "fields", "heard"),
    [
        (THEIRS, {"sender_id": THEIRS}, True),
        (THEIRS, {"sender_id": None}, True),  # in a chat of two only one other can have said it
        (THEIRS, {"sender_id": f"urn:li:fsd_profile:{THEIRS}"}, True),
        (
            THEIRS,
            {"sender_id": "ACwAABsalesViewOfThem000"},
            False,
        ),  # nothing says that it is theirs
        (THEIRS, {"sender_id": THIRD}, False),
        (THEIRS, {"sender_id": THIRD, "is_sender": None}, False),
        (THEIRS, {"sender_id": "somebody"}, False),
        (THEIRS, {"sender_id": THEIRS.lower()}, False),  # in member ids case counts
        (THEIRS, {"sender_id": THIRD, "is_sender": 1}, True),  # ours, under an id of another seat
        (THEIRS, {"sender_id": "us"}, True),
        ("", {"sender_id": THIRD}, True),
        (THEIRS, {"sender_id": THIRD, "message_type": "INVITATION"}, False),
    ],
)
def test_in_a_chat_of_two_only_the_two_are_heard(attendee, fields, heard):
    chat = Chat(id="c", account_id="acc", who=Recipient(provider_id=attendee), latest=None)
    found = message_of(A_MESSAGE | fields, chat, now=NOW, own_provider_id="us")
    assert isinstance(found, ChatMessage) == heard


@pytest.mark.parametrize(
    "fields",
    [
        {"chat_id": "another"},
        {"account_id": "another"},
        {"account_id": 7},
        *({"id": bad} for bad in (None, *NO_IDS)),
        *({"chat_id": bad} for bad in NOT_EMPTY_NO_IDS),
        *({"sender_id": bad} for bad in NOT_EMPTY_NO_IDS),
    ],
)
def test_a_message_of_another_chat_or_with_ids_that_are_none_is_a_wrong_answer(fields):
    with pytest.raises(WrongAnswer):
        message_of(A_MESSAGE | fields, CHAT, now=NOW)


def test_a_message_that_says_whose_it_is_rightly_is_read():
    named = A_MESSAGE | {"chat_id": "c", "account_id": "acc"}
    assert message_of(named, CHAT, now=NOW) == message_of(A_MESSAGE, CHAT, now=NOW)


def test_the_note_of_an_invitation_is_marked_and_a_voice_message_kept():
    note = message_of(A_MESSAGE | {"message_type": "INVITATION"}, CHAT, now=NOW)
    audio = {"text": None, "attachments": [{"type": "audio"}]}
    voice = message_of(A_MESSAGE | audio, CHAT, now=NOW)
    assert isinstance(note, ChatMessage)
    assert isinstance(voice, ChatMessage)
    assert (note.is_note, voice.is_note, voice.text) == (True, False, "")


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"id": "c", "type": 0, "attendee_provider_id": "p"}, ("c", "p")),
        ({"id": "c", "attendee_provider_id": None}, ("c", "")),
        ({"id": "c", "type": 1}, None),
        ({"id": "c", "type": 2}, None),
        ({"id": "c", "type": []}, None),
        ({"id": "..", "type": 1}, None),
        ({"id": "c", "account_id": "acc"}, ("c", "")),
        (None, None),
    ],
)
def test_only_chats_of_two_are_read(item, expected):
    chat = chat_of(item, "acc")
    assert (chat and (chat.id, chat.who.provider_id)) == expected


@pytest.mark.parametrize(
    "fields",
    [
        {"account_id": "another"},
        *({"id": bad} for bad in (None, *NO_IDS)),
        *({"attendee_provider_id": bad} for bad in NOT_EMPTY_NO_IDS),
    ],
)
def test_a_chat_of_another_account_or_with_ids_that_are_none_is_a_wrong_answer(fields):
    with pytest.raises(WrongAnswer):
        chat_of({"id": "c", "type": 0, **fields}, "acc")


@pytest.mark.parametrize(
    "fields",
    [
        {"account_id": "another"},
        *({"invited_user_id": bad} for bad in NOT_EMPTY_NO_IDS),
        *({"invited_user_public_id": bad} for bad in NOT_EMPTY_NO_IDS),
    ],
)
def test_an_invitation_of_another_account_or_with_ids_that_are_none_is_a_wrong_answer(fields):
    with pytest.raises(WrongAnswer):
        invitation_of({"invited_user_id": "p", **fields}, "acc", now=NOW)


def test_an_invitation_is_not_from_the_future():
    sent = {"invited_user_id": "p", "parsed_datetime": "2100-01-01T00:00:00.000Z"}
    found = invitation_of(sent, "acc", now=NOW)
    assert found is not None
    assert found.sent_at == NOW


@pytest.mark.parametrize("bad", [bad for bad in NO_IDS_AT_ALL if bad])
@pytest.mark.parametrize("field", ["id", "public_identifier"])
def test_a_hit_with_an_id_that_is_none_is_left_out(field, bad):
    assert hit_of(A_HIT | {field: bad}) is None


def test_a_placeholder_in_place_of_a_slug_is_no_slug():
    hit = hit_of(A_HIT | {"public_identifier": "UNKNOWN", "public_profile_url": None})
    assert hit is not None
    assert hit.public_identifier == ""


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2027, 3, 1, 9, 0, tzinfo=UTC), "2027-03-01T09:00:00.000Z"),
        (datetime(2027, 3, 1, 9, 0, 0, 1999, tzinfo=UTC), "2027-03-01T09:00:00.001Z"),
        (
            datetime(2027, 3, 1, 9, 0, tzinfo=timezone(timedelta(hours=2))),
            "2027-03-01T07:00:00.000Z",
        ),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00.000Z"),
    ],
)
def test_filter_times_have_three_digits_and_a_z(moment, text):
    assert timestamp(moment) == text


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2027-03-01T09:00:00.123Z", datetime(2027, 3, 1, 9, 0, 0, 123_000, tzinfo=UTC)),
        ("2027-03-01T11:00:00+02:00", datetime(2027, 3, 1, 9, 0, tzinfo=UTC)),
        ("2027-03-01T09:00:00", datetime(2027, 3, 1, 9, 0, tzinfo=UTC)),
        (1_803_891_600_000, datetime(2027, 3, 1, 9, 0, tzinfo=UTC)),
        (10**30, None),
        (float("nan"), None),
        (float("inf"), None),
        ("0001-01-01T00:00:00+14:00", None),
        ("2 months ago", None),
        (True, None),
        (None, None),
        ({}, None),
    ],
)
def test_moments_are_read_or_none(value, moment):
    assert moment_of(value) == moment


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", "a"),
        (" a ", "a"),
        (5, "5"),
        (True, ""),
        (None, ""),
        ("a\x00", ""),
        (1.5, ""),
        *((bad, "") for bad in NO_IDS_AT_ALL),
    ],
)
def test_ids_are_kept_as_they_are_or_dropped(value, expected):
    assert id_of(value) == expected


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
ANY_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=12,
)
FIELDS = sorted(
    {
        *A_HIT,
        *A_PROFILE,
        *A_MESSAGE,
        *AN_ACCOUNT,
        *("items", "cursor", "paging", "invitation", "created_at", "member_id", "hidden", "title"),
        *(
            "current",
            "start",
            "end",
            "year",
            "month",
            "emails",
            "im",
            "status",
            "type",
            "recruiter",
        ),
        *("attendee_provider_id", "company", "position", "role", "throttled_sections", "premium"),
    }
)
ANY_OBJECT = st.recursive(
    st.dictionaries(st.sampled_from(FIELDS), ANY_VALUE, max_size=12),
    lambda inner: st.dictionaries(
        st.sampled_from(FIELDS), inner | st.lists(inner, max_size=3) | ANY_VALUE, max_size=12
    ),
    max_leaves=8,
)


@given(ANY_OBJECT)
def test_every_shape_of_an_answer_is_read_or_a_bad_answer_and_all_results_can_be_stored(body):
    results: list[Any] = [hit_of(body)]
    for read in (
        profile_of,
        items_of,
        lambda answer: parameter_ids_of(answer, "x"),
        lambda answer: account_state_of("acc", answer, answer),
        lambda answer: relations_of([answer], "acc").people,
        lambda answer: chat_of(answer, "acc"),
        lambda answer: message_of(answer, CHAT, now=NOW, own_provider_id="us"),
        lambda answer: invitation_of(answer, "acc", now=NOW),
    ):
        try:
            results.append(read(body))
        except BadAnswer:
            continue
    for result in results:
        if not (hasattr(result, "items") and hasattr(result, "cursor")):
            json.loads(msgspec.json.encode(result))


@given(ANY_VALUE)
def test_no_value_at_all_raises(value):
    results: list[Any] = [hit_of(value)]
    results.append(clean_text(value))
    results += [id_of(value), moment_of(value)]
    if not isinstance(value, dict):
        results += [chat_of(value, "acc"), message_of(value, CHAT, now=NOW)]
        results.append(relations_of([value], "acc"))
    msgspec.json.encode(results)


@given(ANY_VALUE)
def test_whatever_comes_as_an_id_is_plain_or_refused(value):
    for read in (id_of, slug_of, lambda v: optional_id(v, "x"), lambda v: required_id(v, "x")):
        try:
            found = read(value)
        except WrongAnswer:
            continue
        assert found == "" or is_plain_id(found)
