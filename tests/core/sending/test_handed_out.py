"""What was handed out says "do NOT send" once the person is not to be written to, and why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ingagents.core.review_policy import BY_HAND, STOPPED, Review, consequences_of
from ingagents.core.review_words import asked_of, head_of, headline
from ingagents.core.sending.handed_out import as_it_stands, why_not_to_send
from ingagents.model import FIRST_CONTACT, ContactStatus, DeliveryKind, Step, StepKind
from tests.factories import MONDAY, a_lead

LATER, EARLIER = MONDAY + timedelta(hours=1), MONDAY - timedelta(hours=1)
ANSWER = Step(StepKind.ANSWER, "1")


def handed_out(**changes: Any) -> Review:
    fields: dict[str, Any] = {
        "id": "r1",
        "kind": "send",
        "subject": "d1",
        "recipient": "Ada",
        "way": DeliveryKind.INVITATION,
        "step": FIRST_CONTACT,
        "text": "Dear Ada",
        "evidence": {BY_HAND: "https://www.linkedin.com/in/ada", "tried_at": "x"},
        "asked_at": MONDAY,
    }
    return Review(**{**fields, **changes})


@pytest.mark.parametrize(
    ("lead", "beside", "why"),
    [
        ({}, {}, ""),
        ({}, {"suppressed": "competitor"}, "suppressed: competitor"),
        (
            {"contact_status": ContactStatus.SUPPRESSED, "status_reason": "asked us not to"},
            {},
            "asked us not to",
        ),
        ({"contact_status": ContactStatus.CLOSED}, {}, "the lead is closed"),
        ({"contact_status": ContactStatus.FAILED}, {}, "they cannot be reached"),
        ({"stage": "Lost", "stage_reason": "no budget"}, {}, "Lost: no budget"),
        ({"stage": "Won"}, {}, "Won"),
        ({"stage": "Meeting"}, {}, "Meeting"),
        ({}, {"answered_at": EARLIER}, "this person has answered"),
        ({}, {"held": "held by Kim"}, "held by Kim"),
        (
            {"written_by_hand_at": LATER},
            {},
            "somebody of the team has written to them since",
        ),
    ],
)
def test_whoever_is_not_to_be_written_to_is_told_with_the_reason(
    lead: dict[str, Any], beside: dict[str, Any], why: str
) -> None:
    assert why_not_to_send(handed_out(), a_lead(**lead), **beside) == why


def test_of_somebody_who_is_gone_nothing_is_sent() -> None:
    assert why_not_to_send(handed_out(), None) == "the lead is gone"


@pytest.mark.parametrize(
    ("lead", "answered_at", "stops"),
    [
        ({}, EARLIER, False),
        ({"stage": "Meeting"}, EARLIER, False),
        ({}, LATER, True),
        ({"stage": "Lost"}, EARLIER, True),
    ],
)
def test_an_answer_of_ours_is_stopped_by_what_came_after_it(
    lead: dict[str, Any], answered_at: Any, stops: bool
) -> None:
    asked = handed_out(step=ANSWER, way=DeliveryKind.REPLY)
    assert bool(why_not_to_send(asked, a_lead(**lead), answered_at=answered_at)) is stops


def test_what_is_to_be_sent_is_shown_as_it_is_with_where() -> None:
    shown = as_it_stands(handed_out(), "")
    assert headline(shown) == "send by hand, the invitation: Dear Ada"
    assert (asked_of(shown), head_of(shown)) == (
        "Send by hand to",
        "to be sent by hand: the exact text",
    )
    assert "LinkedIn" not in consequences_of(shown)["reject"], "nothing looks there"


def test_what_is_not_to_be_sent_offers_no_text_and_can_still_be_answered() -> None:
    shown = as_it_stands(handed_out(), "suppressed: competitor")
    assert shown.text == "do NOT send: suppressed: competitor; did it go out already?"
    assert headline(shown) == f"the invitation: {shown.text}"
    assert head_of(shown) == "not to be sent any more"
    assert BY_HAND not in shown.evidence
    assert shown.evidence[STOPPED] == "suppressed: competitor"
    assert set(consequences_of(shown)) == {"approve", "reject"}


def test_what_was_said_of_it_is_kept_and_is_no_offer_any_more() -> None:
    shown = as_it_stands(handed_out(state="done"), "suppressed: competitor")
    assert headline(shown) == "the invitation: Dear Ada"
    assert BY_HAND not in shown.evidence
