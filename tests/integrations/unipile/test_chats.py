"""Chats, messages and open invitations of Unipile's JSON: whose they are, and what is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from ingagents.errors import WrongAnswer
from ingagents.integrations.unipile.chats import chat_of, invitation_of, message_of, timestamp
from ingagents.model import ChatMessage, Recipient
from ingagents.model.linkedin import Chat
from tests.integrations.unipile.shapes import (
    A_MESSAGE,
    CHAT,
    NO_IDS,
    NOT_EMPTY_NO_IDS,
    NOW,
)


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
        {"deleted": "True"},
        {"is_event": 1.0},
        {"is_event": None, "event_type": 1, "text": None},
        {"event_type": 8},
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


@pytest.mark.parametrize(
    "timestamp",
    ["2019-03-01T10:00:00Z", 1_551_434_400, 1_551_434_400_000, "1551434400", "1551434400000"],
    ids=repr,
)
def test_a_time_that_can_be_is_believed(timestamp):
    message = message_of(A_MESSAGE | {"timestamp": timestamp}, CHAT, now=NOW)
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


def test_a_message_that_is_no_event_says_so_in_several_ways():
    for fields in ({"event_type": None}, {"event_type": 0}, {"is_event": 0}, {"is_event": "0"}):
        assert message_of(A_MESSAGE | fields, CHAT, now=NOW) is not None


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
        ({"id": "c", "type": "0", "attendee_provider_id": "p"}, ("c", "p")),
        ({"id": "c", "type": 1}, None),
        ({"id": "c", "type": "1"}, None),
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
