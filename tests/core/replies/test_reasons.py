"""What is shown of a reading: the words that tell most, in the writer's own writing."""

from __future__ import annotations

import pytest

from ingagents.core.replies.reasons import quote
from ingagents.core.response_analyser import analyse_response


@pytest.mark.parametrize(
    ("text", "key_info"),
    [
        ("Thanks! What does it cost? I may come.", "What does it cost?"),
        ("I am out of office until 5 May. I read no mail.", "until 5 May"),
        ("Ich bin im Urlaub, Abwesenheitsnotiz, bis zum 12. Mai.", "bis zum 12. Mai"),
        ("I am the wrong person, please write to kim@acme.test.", "kim@acme.test"),
    ],
)
def test_the_key_words_of_a_reply_are_shown_as_they_were_written(text, key_info):
    assert analyse_response(text).key_info == key_info


def test_what_decided_stands_before_what_did_not():
    first, *others = analyse_response("Not interested. Sounds great, but no budget.").reasons
    assert first.weight > 0
    assert "(did not decide)" not in first.why
    assert [one.weight for one in others] == sorted((one.weight for one in others), reverse=True)


def test_a_quote_is_one_line_of_a_bounded_length():
    assert quote("one\n two") == "one two"
    assert len(quote("word " * 100)) == 160
