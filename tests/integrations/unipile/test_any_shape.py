"""Whatever arrives from Unipile, nothing raises but a bad answer, and all that is read can be stored."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.profiles.recognition import is_plain_id
from ingagents.errors import BadAnswer, WrongAnswer
from ingagents.integrations.http.sanitise import clean_text, id_of, moment_of
from ingagents.integrations.unipile.account import account_state_of
from ingagents.integrations.unipile.chats import chat_of, invitation_of, message_of
from ingagents.integrations.unipile.ids import optional_id, required_id, slug_of
from ingagents.integrations.unipile.people import (
    hit_of,
    profile_of,
    relations_of,
)
from ingagents.integrations.unipile.wire.lists import items_of, parameter_ids_of
from tests.integrations.unipile.shapes import (
    A_HIT,
    A_MESSAGE,
    A_PROFILE,
    AN_ACCOUNT,
    CHAT,
    NOW,
)

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
