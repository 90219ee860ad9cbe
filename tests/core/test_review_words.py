"""A question to a human is called the same wherever it is shown."""

from __future__ import annotations

import pytest

from ingagents.core.review_policy import KINDS, Review
from ingagents.core.review_words import WORDS, count_by_kind, headline
from ingagents.model import FIRST_CONTACT, DeliveryKind, Step
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
