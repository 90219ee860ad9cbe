"""Whether a human's word is needed, and whether it still holds: for exactly this act, for a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ingagents.core.response_analyser import analyse_response
from ingagents.core.review_policy import (
    CONSEQUENCES,
    KINDS,
    READINGS,
    Intended,
    answer_to,
    consequences_of,
    lapsed,
    needs_reading,
    read_by,
)
from ingagents.model import DeliveryKind, Intent, ReplyDetail
from tests.factories import MONDAY, a_review, an_analysis

NOON = MONDAY + timedelta(hours=3)
HOUR = timedelta(hours=1)


def intended(**changes: Any) -> Intended:
    """The act that the factory's question asks about."""
    asked = a_review()
    fields: dict[str, Any] = {
        "lead_id": asked.lead_id,
        "address": asked.address,
        "account_id": asked.account_id,
        "step": asked.step,
        "text_hash": asked.text_hash,
        "name": asked.recipient,
        "way": asked.way,
    }
    return Intended(**{**fields, **changes})


@pytest.mark.parametrize(
    "changes",
    [{}, {"name": None, "way": None}, {"name": "robin   MUSTER1"}],
    ids=["the same", "nobody looked at LinkedIn", "the name only spelt otherwise"],
)
def test_an_approval_holds_for_exactly_the_act_it_was_given_for(changes) -> None:
    assert lapsed(a_review(state="approved"), now=NOON, intended=intended(**changes)) is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"lead_id": "lead-2"}, "the lead"),
        ({"address": "ACoAAOther"}, "the LinkedIn id"),
        ({"account_id": "account-2"}, "the account"),
        ({"step": "second-contact"}, "the step"),
        ({"text_hash": "of another text"}, "the text"),
        ({"name": "Robin Muster-Schmidt"}, "the name"),
        ({"way": DeliveryKind.MESSAGE}, "the way of writing"),
        ({"address": "", "name": "Kim"}, "the LinkedIn id, the name"),
    ],
)
@pytest.mark.parametrize("state", ["open", "approved"])
def test_whatever_changes_voids_it(state, changes, says) -> None:
    gone = lapsed(a_review(state=state), now=NOON, intended=intended(**changes))
    assert gone is not None
    assert gone.state == "void"
    assert f"since it was asked, {says} changed" == gone.reason


def test_a_text_that_no_longer_fits_the_person_is_void_with_the_reasons() -> None:
    gone = lapsed(a_review(), now=NOON, intended=intended(), unfit=("too long", "shouts"))
    assert gone is not None
    assert gone.state == "void"
    assert "too long; shouts" in gone.reason


@pytest.mark.parametrize(
    ("after", "state"),
    [(72 * HOUR - timedelta(seconds=1), None), (72 * HOUR, "expired"), (900 * HOUR, "expired")],
)
def test_it_expires_to_the_second(after, state) -> None:
    gone = lapsed(a_review(), now=MONDAY + after)
    assert (gone.state if gone else None) == state


def test_what_has_no_end_never_expires() -> None:
    assert lapsed(a_review(expires_at=None), now=MONDAY + 10_000 * HOUR) is None


DECIDED: dict[str, Any] = {"decided_at": MONDAY, "decided_by": "Kim", "reason": "too pushy"}


@pytest.mark.parametrize(
    ("state", "wish", "ok", "says"),
    [
        ("approved", "approve", True, "approved by Kim on 2027-02-08 09:00"),
        ("approved", "edit", False, "approved by Kim"),
        ("done", "approve", True, "has gone out"),
        ("done", "reject", False, "has gone out"),
        ("rejected", "reject", True, "too pushy"),
        ("rejected", "approve", False, "rejected by Kim on 2027-02-08 09:00 UTC for good: too"),
        ("rejected", "edit", False, "for good"),
        ("void", "approve", False, "is void: too pushy"),
        ("expired", "reject", False, "is expired"),
    ],
)
def test_whoever_answers_second_is_told_who_was_first(state, wish, ok, says) -> None:
    answered = answer_to(a_review(state=state, **DECIDED), wish)
    assert answered is not None
    assert answered.ok is ok
    assert says in answered.says


def test_a_text_that_was_approved_can_still_be_refused() -> None:
    """Whether it is too late for that is seen in the commit: once it is claimed, it is."""
    assert answer_to(a_review(state="approved", **DECIDED), "reject") is None


def test_an_open_question_can_be_answered() -> None:
    assert [answer_to(a_review(), wish) for wish in ("approve", "edit", "reject")] == [None] * 3


def test_a_change_of_strategy_that_is_in_force_can_still_be_rejected() -> None:
    in_force = a_review(kind="strategy", state="done", **DECIDED)
    assert answer_to(in_force, "reject") is None
    told = answer_to(in_force, "approve")
    assert told is not None
    assert told.ok


def test_every_kind_of_question_says_what_yes_and_no_do() -> None:
    for kind in KINDS:
        assert {"approve", "reject"} <= set(CONSEQUENCES[kind])
    assert "did go out" in CONSEQUENCES["send"]["approve"]
    assert "did not go out" in CONSEQUENCES["send"]["reject"]
    assert [kind for kind in KINDS if "edit" in CONSEQUENCES[kind]] == ["draft", "answer"]


@pytest.mark.parametrize(
    ("text", "wishes"), [("Hi", {"approve", "edit", "reject"}), ("", {"edit", "reject"})]
)
def test_an_answer_that_no_fact_gave_a_text_cannot_be_approved(text, wishes) -> None:
    assert set(consequences_of(a_review(kind="answer", text=text))) == wishes


@pytest.mark.parametrize(
    ("changes", "needed"),
    [
        ({}, False),
        ({"confidence": 0.49}, True),
        ({"confidence": 0.5}, False),
        ({"intent": Intent.UNCLEAR}, True),
        ({"intent": Intent.UNCLEAR, "detail": ReplyDetail.OUT_OF_OFFICE}, False),
        ({"intent": Intent.UNCLEAR, "detail": ReplyDetail.BOUNCE, "confidence": 0.3}, True),
        ({"detail": ReplyDetail.OPT_OUT, "confidence": 0.1}, True),
        ({"detail": ReplyDetail.OPT_OUT, "intent": Intent.UNCLEAR}, False),
    ],
)
def test_a_human_reads_what_was_read_unsurely(changes, needed) -> None:
    assert needs_reading(an_analysis(**changes)) is needed


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("Sounds great, count me in!", False),
        ("Please do not contact me again.", False),
        ("I am out of office until Monday.", False),
        ("🤷", True),
        ("Hm.", True),
    ],
)
def test_the_rules_readings_go_to_a_human_when_they_do_not_understand(text, needed) -> None:
    assert needs_reading(analyse_response(text)) is needed


@pytest.mark.parametrize("reading", READINGS)
def test_a_humans_reading_is_sure_and_says_whose_it_is(reading) -> None:
    analysis = read_by("Kim", reading)
    assert (analysis.confidence, analysis.decided_by) == (1.0, "human:Kim")
    assert not needs_reading(analysis)
    assert analysis.opt_out is (reading == "opt_out")
