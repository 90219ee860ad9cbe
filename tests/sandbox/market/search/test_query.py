"""LinkedIn's search language."""

from __future__ import annotations

import pytest

from ingagents.sandbox.market.search.query import fold, matcher


@pytest.mark.parametrize(
    ("query", "text", "fits"),
    [
        ("", "Nurse", True),
        ("CTO", "Co-Founder & CTO", True),
        ("cto", "Chief Technology Officer at Kite", True),
        ("CTO", "Director of Photography", False),
        ("CTO OR Founder", "Co-Founder", True),
        ('CTO OR "VP Engineering"', "VP of Engineering", True),
        ('"VP Engineering"', "Vice President, Engineering", True),
        ('"VP Engineering"', "Engineering VP", False),
        ("VP Engineering", "Engineering VP", True),
        ("founder NOT assistant", "Assistant to the Founder", False),
        ("founder AND ai", "Founder, AI lab", True),
        ("(CTO OR CIO) AND Berlin", "CIO in Berlin", True),
        ("(CTO OR CIO) AND Berlin", "CIO in Paris", False),
        ("NOT NOT CTO", "CTO", True),
        ("C++", "C++ developer", True),
        ("李伟", "李伟", True),
        ("or", "Founder OR not", True),
    ],
)
def test_queries_fit_whole_words_phrases_and_operators(query, text, fits):
    assert matcher(query)(fold(text)) is fits


@pytest.mark.parametrize(
    "query",
    ['"open', "((((", "))))", "OR OR OR", "AND", "NOT", "NOT )", '""', "(" * 3000, "NOT " * 3000],
)
def test_broken_queries_are_answered_without_an_error(query):
    matcher(query)(fold("CTO at Kitewave"))
