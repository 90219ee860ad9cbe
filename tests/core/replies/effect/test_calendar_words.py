"""Every language's words for days are in order."""

from __future__ import annotations

import pytest

from ingagents.core.replies.effect.calendar_words import (
    QUARTERS,
    SEASONS,
    UNITS,
    WEEKDAYS,
    Marker,
    words_of,
)
from ingagents.core.text import languages

CODES = [code for code, rows in languages.files().items() if any(r[0] == "later" for r in rows)]
OTHERS = {
    "beside", "start", "middle", "end", "next", "after next", "this", "back", "neither", "also",
    "tomorrow", "halfyear",
}  # fmt: skip
KEYS = {*UNITS, *WEEKDAYS, *SEASONS, *QUARTERS, *OTHERS}


def test_the_languages_people_answer_in_most_name_days():
    assert set(CODES) >= {
        "en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "nb", "fi", "cs", "tr", "ru", "uk",
    }  # fmt: skip
    assert words_of("zh") is None


@pytest.mark.parametrize("code", CODES)
def test_every_row_has_a_key_that_is_known(code):
    for section, row in languages.files()[code]:
        key, colon, written = row.partition(":")
        if section == "calendar":
            assert key.removeprefix("bare ") in KEYS or key.isdecimal(), row
        if section == "later":
            assert Marker(key), row
            assert all(one.count("_") == 1 for one in written.split(",")), row
        if section in {"later", "calendar"}:
            assert colon, row
            assert written.strip(), row


@pytest.mark.parametrize("code", CODES)
def test_a_language_has_its_months_weekdays_and_lengths(code):
    words = words_of(code)
    assert words is not None
    assert set(words.months.values()) == set(range(1, 13))
    assert {*WEEKDAYS, "day", "week", "month", "year", "next", "end"} <= set(words.meant.values())
    assert {one.marker for one in words.markers} == set(Marker) - {Marker.NONE}
    for month, number in words.months.items():
        found = words.when.search(f" 12 {month} 2027 ")
        assert found is not None, month
        assert found["day"], month
        assert words.months[month] == number
