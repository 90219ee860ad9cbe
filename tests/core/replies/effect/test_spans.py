"""Which days the names of months, quarters and seasons are, seen from a day on."""

from __future__ import annotations

from datetime import date

import pytest

from ingagents.core.replies.effect.calendar_words import words_of
from ingagents.core.replies.effect.spans import span_of

SUNDAY = date(2026, 11, 29)


def span(text: str, today: date = SUNDAY) -> tuple[date, date] | None:
    words = words_of("en")
    assert words is not None
    found = words.when.search(f" {text} ")
    assert found is not None
    return span_of(found.groupdict(), words, today)


@pytest.mark.parametrize(
    ("text", "first", "over"),
    [
        ("march", (2027, 3, 1), (2027, 4, 1)),
        ("december", (2026, 12, 1), (2027, 1, 1)),
        ("november", (2026, 11, 1), (2026, 12, 1)),
        ("march 2028", (2028, 3, 1), (2028, 4, 1)),
        ("29 february 2028", (2028, 2, 29), (2028, 3, 1)),
        ("next week", (2026, 11, 30), (2026, 12, 7)),
        ("next month", (2026, 12, 1), (2027, 1, 1)),
        ("next quarter", (2027, 1, 1), (2027, 4, 1)),
        ("next year", (2027, 1, 1), (2028, 1, 1)),
        ("next monday", (2026, 11, 30), (2026, 12, 1)),
        ("q2", (2027, 4, 1), (2027, 7, 1)),
        ("q4", (2026, 10, 1), (2027, 1, 1)),
        ("second quarter 2028", (2028, 4, 1), (2028, 7, 1)),
        ("h1 2028", (2028, 1, 1), (2028, 7, 1)),
        ("summer", (2027, 6, 1), (2027, 9, 1)),
        ("christmas", (2026, 12, 24), (2027, 1, 7)),
        ("easter 2028", (2028, 4, 14), (2028, 4, 18)),
        ("new year", (2027, 1, 1), (2028, 1, 1)),
        ("end of march", (2027, 3, 26), (2027, 4, 1)),
        ("mid march", (2027, 3, 15), (2027, 4, 1)),
        ("beginning of next year", (2027, 1, 1), (2028, 1, 1)),
        ("end of the month", (2026, 11, 25), (2026, 12, 1)),
        ("end of 2027", (2027, 10, 20), (2028, 1, 1)),
        ("week 12", (2027, 3, 22), (2027, 3, 29)),
        ("a couple of weeks", (2026, 12, 13), (2026, 12, 14)),
        ("half a year", (2027, 5, 30), (2027, 5, 31)),
        ("tomorrow", (2026, 11, 30), (2026, 12, 1)),
        ("2028", (2028, 1, 1), (2029, 1, 1)),
    ],
)
def test_a_name_means_the_days_to_come(text, first, over):
    assert span(text) == (date(*first), date(*over))


@pytest.mark.parametrize("text", ["31 june", "29 february 2027", "0 may", "99 may"])
def test_a_day_that_does_not_exist_is_none(text):
    assert span(text) is None
