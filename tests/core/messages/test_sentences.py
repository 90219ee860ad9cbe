"""What counts as the same sentence said twice."""

import pytest

from ingagents.core.messages.sentences import repeated, sentences


@pytest.mark.parametrize(
    ("text", "earlier"),
    [
        ("Would you give a talk?", "Hi Lena, we plan it. Would you give a talk? Anna"),
        ("WOULD YOU - give a talk!", "Would you give a talk?"),
        ("Hello.\nWould you give a talk", "Would you give a talk..."),
        ("One more thing: would you give a talk?", "Would you give a talk?"),
    ],
)
def test_a_sentence_said_before_is_found_however_it_is_spelt(text, earlier):
    assert repeated(text, [earlier]) == "would you give a talk"


@pytest.mark.parametrize(
    ("text", "earlier"),
    [
        ("Would you give a longer talk?", "Would you give a talk?"),
        ("Best regards, Anna", "Kind regards, Anna"),
        ("Anna Berg", "Anna Berg"),
        ("", ""),
    ],
)
def test_other_words_a_name_and_nothing_are_no_repetition(text, earlier):
    assert repeated(text, [earlier]) == ""


def test_a_long_text_is_read_up_to_a_bound():
    assert len(list(sentences("one two three. " * 100_000))) < 1_000
