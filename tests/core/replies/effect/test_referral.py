"""Who is named where somebody sends us to somebody else."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingagents.core.replies.effect.referral import person_named, without_title_dots
from ingagents.core.replies.evidence import collect
from ingagents.core.replies.text import PlainReply, plain_reply


def read(text: str) -> PlainReply:
    return plain_reply(without_title_dots(text))


def named(text: str) -> str:
    return person_named(collect(read(text)))


@pytest.mark.parametrize(
    ("text", "dotless"),
    [
        ("Ask Dr. Jane Doe.", "Ask Dr Jane Doe."),
        ("Ask Mr. X. He knows.", "Ask Mr X. He knows."),
        ("It is in May. Ask me then.", "It is in May. Ask me then."),
    ],
)
def test_the_dot_of_a_title_ends_no_sentence(text, dotless):
    assert without_title_dots(text) == dotless


def test_who_is_greeted_is_not_who_is_named():
    assert named("Hello Jane Doe, please ask my colleague Peter Smith.") == "Peter Smith"
    assert named("Hello Jane Doe, wrong person.") == ""


@given(st.text(max_size=120))
@example("Æóª\x10À>5\U00096b5e\U0009abe0\x05\U000a6012\x07")
def test_what_is_named_stands_in_the_text(text):
    said = f"Please contact my colleague {text}"
    assert all(
        word in read(said).own for word in named(said).split()
    )  # letters are read as one form
