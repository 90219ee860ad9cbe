"""Which message from our account a human wrote."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.sending.by_hand import last_by_hand
from ingagents.model import DeliveryState
from tests.factories import MONDAY, a_chat_message, a_delivery

OURS = a_delivery(service_id="message-ours", text="Hi Ada, would you speak?")


def message(number: int = 1, **changes):
    fields = {"from_us": True, "sent_at": MONDAY + timedelta(hours=number), "text": "By hand"}
    return a_chat_message(number, **{**fields, **changes})


@pytest.mark.parametrize(
    ("changes", "by_hand"),
    [
        ({}, True),
        ({"text": ""}, True),  # a picture
        ({"text": " \n"}, True),
        ({"text": "", "id": "message-ours"}, False),
        ({"id": "message-ours"}, False),
        ({"text": "hi  ADA, would you speak?"}, False),
        ({"text": "The text of a draft"}, False),
        ({"from_us": False}, False),
        ({"is_note": True}, False),
    ],
)
def test_what_is_none_of_our_acts_is_a_humans(changes, by_hand):
    found = last_by_hand([message(**changes)], [OURS], ["The text of a draft"])
    assert (found is not None) is by_hand


def test_a_first_word_that_was_adopted_as_a_humans_stays_a_humans():
    adopted = a_delivery(service_id="message-000001", text="By hand", by_hand=True)
    assert last_by_hand([message()], [adopted]) is not None


@pytest.mark.parametrize("state", list(DeliveryState))
def test_an_act_of_any_state_is_ours(state):
    act = a_delivery(text="By hand", state=state)
    assert last_by_hand([message()], [act]) is None


@given(st.permutations([1, 2, 3]))
def test_the_newest_counts_in_whatever_order_they_stand(order):
    found = last_by_hand([message(one) for one in order], [OURS])
    assert found is not None
    assert found.sent_at == MONDAY + timedelta(hours=3)


def test_what_a_campaign_was_given_to_send_is_ours():
    enrolled = msgspec.structs.replace(OURS, texts={"first_message": message().text})
    assert last_by_hand([message()], [enrolled]) is None
