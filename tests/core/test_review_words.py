"""A question to a human is called the same wherever it is shown."""

from __future__ import annotations

import pytest

from ingagents.core.review_policy import KINDS, Review
from ingagents.core.review_words import WORDS, count_by_kind, headline, step_asked
from ingagents.events import ReviewKind
from ingagents.model import FIRST_CONTACT, DeliveryKind, Reason, Step
from ingagents.model.step import StepKind
from tests.factories import MONDAY


def test_every_kind_has_its_words() -> None:
    assert set(WORDS) == set(KINDS)


def test_kinds_are_counted_in_one_order_with_their_nouns() -> None:
    assert count_by_kind(["reply", "draft", "strategy", "draft"]) == "2 drafts, 1 reply, 1 change"
    assert count_by_kind([]) == ""


@pytest.mark.parametrize(
    ("step", "way", "text", "said"),
    [
        (FIRST_CONTACT, DeliveryKind.INVITATION, "Hi", "the invitation: Hi"),
        (FIRST_CONTACT, DeliveryKind.INVITATION, "", "the invitation: without a text"),
        (FIRST_CONTACT, DeliveryKind.MESSAGE, "Hi", "the first message: Hi"),
        (Step(StepKind.FIRST_MESSAGE), DeliveryKind.MESSAGE, "Hi", "the first message: Hi"),
        (Step(StepKind.FOLLOW_UP, "2"), DeliveryKind.MESSAGE, "Hi", "the follow-up 2: Hi"),
    ],
)
def test_a_send_in_doubt_names_its_step(
    step: Step, way: DeliveryKind, text: str, said: str
) -> None:
    review = Review(
        id="r1", kind="send", subject="d1", way=way, step=step, text=text, asked_at=MONDAY
    )
    assert headline(review) == said


@pytest.mark.parametrize(
    ("step", "way", "said"),
    [
        (FIRST_CONTACT, DeliveryKind.INVITATION, "Hi"),
        (FIRST_CONTACT, DeliveryKind.MESSAGE, "Hi"),
        (Step(StepKind.FIRST_MESSAGE), DeliveryKind.MESSAGE, "the first message: Hi"),
        (Step(StepKind.FOLLOW_UP, "1"), DeliveryKind.MESSAGE, "the follow-up 1: Hi"),
        (None, None, "Hi"),
    ],
)
def test_a_later_text_names_its_step(
    step: Step | None, way: DeliveryKind | None, said: str
) -> None:
    review = Review(
        id="r1", kind="draft", subject="d1", way=way, step=step, text="Hi", asked_at=MONDAY
    )
    assert headline(review) == said


def test_an_answer_without_a_text_is_about_what_no_fact_answers() -> None:
    why = Reason(why="no fact answers: Is there parking?")
    review = Review(id="r1", kind="answer", subject="s", reasons=(why,), asked_at=MONDAY)
    assert headline(review) == "no fact answers: Is there parking?"


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_is_about_an_act_is_asked_for_a_step(kind: ReviewKind) -> None:
    step = Step(StepKind.FOLLOW_UP, "1")
    review = Review(id="r1", kind=kind, subject="s", step=step, asked_at=MONDAY)
    assert step_asked(review) == ("the follow-up 1" if kind in {"draft", "answer", "send"} else "")
