"""What an act is a step of: a value, kept in a row as one word and what it is about."""

from __future__ import annotations

import pytest

from ingagents.model import FIRST_CONTACT, Step, StepKind

STORED = [
    (FIRST_CONTACT, "first-contact"),
    (Step(StepKind.FIRST_MESSAGE), "first-message"),
    (Step(StepKind.FOLLOW_UP, "2"), "follow-up:2"),
    (Step(StepKind.ANSWER, "msg-1"), "answer:msg-1"),
    (Step(StepKind.REPLY, "m:1:2"), "reply:m:1:2"),
    (Step(StepKind.REPORT, "2027-03-01:so-far"), "report:2027-03-01:so-far"),
    (Step(StepKind.DEAD_LETTER, "outreach:17"), "dead-letter:outreach:17"),
]


@pytest.mark.parametrize(("step", "stored"), STORED)
def test_a_step_is_stored_as_one_word_and_read_back_the_same(step: Step, stored: str) -> None:
    assert str(step) == stored
    assert Step.parse(stored) == step


def test_every_kind_of_step_is_read_back_alone_and_with_what_it_is_about() -> None:
    for kind in StepKind:
        for step in (Step(kind), Step(kind, "a:b")):
            assert Step.parse(str(step)) == step


def test_a_word_that_is_no_step_is_refused() -> None:
    with pytest.raises(ValueError, match="no-such-step"):
        Step.parse("no-such-step:1")
