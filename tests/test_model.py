"""The nouns: frozen values that go through JSON and come back the same."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from datetime import UTC, datetime, time

import msgspec
import pytest

from ingagents import model
from ingagents.model import (
    ChatMessage,
    Classification,
    ContactStatus,
    Delivery,
    Intent,
    Lead,
    Look,
    Mail,
    Position,
    ReplyDetail,
    ResponseAnalysis,
    SearchPage,
    SendResult,
    Sentiment,
    WorkingHours,
)
from tests.factories import (
    MONDAY,
    a_campaign,
    a_chat_message,
    a_decision,
    a_delivery,
    a_draft,
    a_lead,
    a_mail,
    a_profile,
    a_reply,
    an_account,
    an_analysis,
)

RECORDS = [
    cls
    for module in pkgutil.iter_modules(model.__path__, f"{model.__name__}.")
    for _, cls in inspect.getmembers(importlib.import_module(module.name), inspect.isclass)
    if issubclass(cls, msgspec.Struct) and cls.__module__ == module.name
]
BY_THEIR_MODULE = {"ingagents.model.linkedin", "ingagents.model.spreadsheet"}
"""What a service shows, known to those who look at it: not on the face, which everybody loads."""
VALUES: list[msgspec.Struct] = [
    a_campaign(),
    a_chat_message(),
    a_decision(),
    a_delivery(looks=(Look(at=MONDAY, found=True, evidence="the chat"),), attempted_at=MONDAY),
    a_draft(),
    a_lead(sent_at=MONDAY, response_detail=ReplyDetail.MEETING),
    a_mail(),
    a_profile(positions=(Position(title="CTO", current=True),), skills=("Python",)),
    a_reply(),
    an_account(),
    an_analysis(),
    SearchPage(profiles=(a_profile(),), cursor="next", total=7),
    SendResult(outcome="unknown", detail="timeout"),
    WorkingHours(start=time(9), end=None, days=frozenset({1, 5}), timezone="Europe/Berlin"),
]


@pytest.mark.parametrize("cls", RECORDS)
def test_every_noun_is_frozen_documented_and_public(cls: type[msgspec.Struct]) -> None:
    assert cls.__struct_config__.frozen
    assert cls.__doc__
    assert (cls.__name__ in model.__all__) != (cls.__module__ in BY_THEIR_MODULE)


def test_all_is_sorted_and_there() -> None:
    assert sorted(model.__all__, key=lambda name: (not name.isupper(), name)) == model.__all__
    for name in model.__all__:
        assert hasattr(model, name)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_every_noun_goes_through_json_and_comes_back_the_same(value: msgspec.Struct) -> None:
    assert msgspec.json.decode(msgspec.json.encode(value), type=type(value)) == value


def test_a_lead_prints_as_the_plain_values_people_export() -> None:
    lead = a_lead(
        contact_status=ContactStatus.RESPONDED,
        response_sentiment=Sentiment.POSITIVE,
        response_intent=Intent.INTERESTED,
        classification=Classification.SPONSOR,
    )
    fields = lead.to_dict()
    assert msgspec.convert(json.loads(json.dumps(fields)), Lead) == lead
    assert {
        "id",
        "name",
        "position",
        "company",
        "linkedin_url",
        "classification",
        "quality_score",
        "contact_status",
        "message_sent",
        "response",
        "response_sentiment",
        "response_intent",
        "created_at",
        "last_updated",
    } <= set(fields)
    assert fields["classification"] == "Sponsor"
    assert fields["contact_status"] == "Responded"
    assert (fields["response_sentiment"], fields["response_intent"]) == ("positive", "interested")
    assert fields["message_sent"] is None
    assert datetime.fromisoformat(fields["created_at"]) == MONDAY
    assert datetime.fromisoformat(fields["last_updated"]).tzinfo is not None


def test_the_words_of_the_specification_are_kept() -> None:
    assert [status.value for status in ContactStatus][:5] == [
        "Not Contacted",
        "Allocated",
        "Message Sent",
        "Responded",
        "Closed",
    ]
    assert {one.value for one in Classification} == {"Speaker", "Sponsor", "Other"}
    assert {one.value for one in Sentiment} == {"positive", "negative", "neutral"}
    assert {one.value for one in Intent} == {
        "interested",
        "not_interested",
        "requesting_info",
        "unclear",
    }


@pytest.mark.parametrize("outcome", ["sent", "refused", "unknown"])
def test_only_a_confirmed_act_is_a_success(outcome: str) -> None:
    result = msgspec.convert({"outcome": outcome}, SendResult)
    assert result.success is (outcome == "sent")


@pytest.mark.parametrize("detail", list(ReplyDetail))
def test_only_an_opt_out_closes_the_door_for_ever(detail: ReplyDetail) -> None:
    analysis: ResponseAnalysis = an_analysis(detail=detail)
    assert analysis.opt_out is (detail is ReplyDetail.OPT_OUT)


def test_a_stored_value_of_the_wrong_shape_is_refused() -> None:
    for cls, data in (
        (Lead, b'{"id": "x"}'),
        (Delivery, b'{"id": 5}'),
        (ChatMessage, b"[]"),
        (Mail, b'{"recipients": "me"}'),
    ):
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(data, type=cls)


def test_moments_keep_their_zone() -> None:
    lead = msgspec.json.decode(msgspec.json.encode(a_lead()), type=Lead)
    assert lead.created_at.tzinfo is not None
    assert lead.created_at.utcoffset() == UTC.utcoffset(None)
