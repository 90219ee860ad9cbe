"""The notation of the language files."""

from __future__ import annotations

import pytest

from ingagents.core.replies.notation import Cue, Phrase
from ingagents.core.text.word_lists import rows_of


@pytest.mark.parametrize(
    ("row", "text", "matches"),
    [
        ("remove me", "remove me", True),
        ("remove me", "remove them", False),
        ("stop ~ emailing", "stop it now please emailing", True),
        ("stop ~ emailing", "stop it now pretty please emailing", False),
        ("[please ]stop", "stop", True),
        ("[please ]stop", "please stop", True),
        ("(bitte )?stopp", "stopp", True),
        ("(talk|speak) to", "speak to", True),
        ("unsubscri*", "unsubscribed", True),
        ("no, thanks", "no , thanks", True),
        ("no, thanks", "no thanks", True),
        ("no$", "no thanks", False),
        ("ask !(me|us) *", "ask jane", True),
        ("ask !(me|us) *", "ask us", False),
        ("ask !(me|us) *", "ask usha", True),
        ("Größe", "grosse", True),
    ],
)
def test_a_phrase_matches_what_its_notation_says(row, text, matches):
    phrase = Phrase("en", Cue.OPT_OUT, row)
    first = text.split()[0]
    starts = any(
        first.startswith(one.rstrip("*")) if one.endswith("*") else first == one
        for one in phrase.first_words
    )
    assert (starts and phrase.match(f"{text} . ", 0) >= 0) is matches


def test_rows_stand_under_their_titles_and_go_on_when_indented():
    text = "[not]\n(no|\n    not)\n# a word\n[opt_out]\nstop\n  now\n[other_title]\nx"
    assert list(rows_of(text)) == [
        ("not", "(no|not)"), ("opt_out", "stop now"), ("other_title", "x"),
    ]  # fmt: skip
