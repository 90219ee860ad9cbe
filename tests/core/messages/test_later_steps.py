"""What a later text may say of the earlier ones, and how the last one ends."""

from __future__ import annotations

import pytest

from ingagents.core.messages.later_steps import out_of_step, without_references
from ingagents.core.messages.pretence import pretences

ABOUT_OUR_OWN = [
    "In my last message I left something out.",
    "A short addition to my note.",
    "I wrote to you about the event.",
    "I have not heard from you.",
    "Following up on my message, here is more.",
]


@pytest.mark.parametrize("text", ABOUT_OUR_OWN)
def test_our_own_earlier_text_may_be_spoken_of_where_there_is_one(text: str) -> None:
    assert without_references(text, wrote=True) != text
    assert without_references(text, wrote=False) == text


@pytest.mark.parametrize(
    "text",
    [
        "As we discussed on our call, here is more.",
        "I wrote this after our meeting.",
        "We met, as I said in my last message.",
        "Following up on our conversation last week.",
    ],
)
def test_a_meeting_that_never_was_is_no_earlier_text(text: str) -> None:
    left = without_references(text, wrote=True, accepted=True)
    assert list(pretences(left, "", wrote=True)) or "our meeting" in left


def test_thanks_for_accepting_are_due_only_to_who_has_just_accepted() -> None:
    text = "Thank you for accepting my invitation."
    assert without_references(text, wrote=True) == text
    assert "accepting" not in without_references(text, wrote=True, accepted=True)


ENDS = [
    "This is my last message about it. All the best!",
    "I will not write to you again. Thank you for your time.",
    "I won't contact you any further about this.",
    "I will leave it at that, and wish you a good time.",
]
PUSHES = [
    "I will call you on Monday.",
    "Please answer this message.",
    "This is your last chance.",
    "I am still waiting for an answer.",
    "Why have you not replied?",
    "You should decide now.",
    "I will follow up until you answer.",
    "Let me know by Friday.",
    "Don't miss it.",
]


@pytest.mark.parametrize("text", ENDS)
def test_the_last_text_and_no_other_says_that_it_is_the_last(text: str) -> None:
    assert list(out_of_step(text, last=True)) == []
    assert list(out_of_step(text, last=False)) == [
        "says that it is the last message, and it is not"
    ]
    assert list(out_of_step("Would that suit you?", last=False)) == []
    assert "does not say that it is the last message" in list(out_of_step("Regards", last=True))


@pytest.mark.parametrize("text", PUSHES)
@pytest.mark.parametrize("last", [True, False])
def test_nobody_is_pushed_to_answer(text: str, last: bool) -> None:
    assert "pushes for an answer" in list(out_of_step(f"{ENDS[0]} {text}", last=last))


@pytest.mark.parametrize(
    "text", ["Shall we talk?", "I look forward to your answer.", "Talk soon!", "See you there."]
)
def test_the_last_text_asks_for_nothing_any_more(text: str) -> None:
    expects = "is the last message, and still asks for an answer"
    assert expects in list(out_of_step(f"{ENDS[1]} {text}", last=True))
