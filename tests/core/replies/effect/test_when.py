"""The days a text names for later, in words and in figures."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.replies.effect.calendar_words import Marker
from ingagents.core.replies.effect.when import Moment, comes_back, moments, with_numeric_days
from ingagents.core.replies.language_tables import tell_languages
from ingagents.core.replies.text import plain_reply

TODAY = date(2026, 11, 29)


def named(text: str, today: date = TODAY) -> list[Moment]:
    reply = plain_reply(with_numeric_days(text))
    return moments(reply.text, reply.starts, tell_languages(reply).of_sentences, today=today)


@pytest.mark.parametrize(
    ("text", "marker", "first"),
    [
        ("I will be back on 14 December.", "from", date(2026, 12, 14)),
        ("I will be away until 14.12. this year.", "until", date(2026, 12, 14)),
        ("I will be away until 14.12.2026 I think.", "until", date(2026, 12, 14)),
        ("I will be away until 2026-12-14 I think.", "until", date(2026, 12, 14)),
        ("I will be away until 12/14/2026 I think.", "until", date(2026, 12, 14)),
        ("I will be away until 14/12 I think.", "until", date(2026, 12, 14)),
        ("I will be away until Jan. 5 I think.", "until", date(2027, 1, 5)),
        ("I will be away until the 1st of March 2027.", "until", date(2027, 3, 1)),
        ("Please write to me after Easter.", "after", date(2027, 3, 26)),
        ("Please write to me in three months.", "ahead", date(2027, 2, 27)),
        ("Please write to me on Friday.", "in", date(2026, 12, 4)),
        ("Please write to me next month.", "", date(2026, 12, 1)),
    ],
)
def test_a_day_is_found_with_what_stands_beside_it(text, marker, first):
    (one,) = named(text)
    assert (one.marker, one.first) == (Marker(marker), first)


@pytest.mark.parametrize(
    "text",
    [
        "I will be away until 03/04 I think.",
        "I will be away until 3/4/2027 I think.",
        "I will be away until 31.2. I think.",
        "We may march with them, and our budget is 12.50 a head.",
        "March is a month of the year and so is May.",
        "Call me at 10.30 please.",
        "We were there in March 2025.",
        "It was two weeks ago that I wrote to you.",
        "I have two weeks of work and the first quarter of a cake.",
    ],
)
def test_what_is_no_day_or_may_be_two_or_is_past_is_none(text):
    assert named(text) == []


def test_of_two_days_beside_each_other_the_second_is_the_end():
    ends = [one for one in named("Closed 24 December to 2 January.") if one.marker is Marker.UNTIL]
    assert [one.first for one in ends] == [date(2027, 1, 2)]
    (one,) = named("I am at the fair on 10 to 13 December.")
    assert (one.marker, one.until) == (Marker.UNTIL, date(2026, 12, 14))


def test_until_a_month_is_its_start_and_until_a_day_the_day_after():
    assert [one.until for one in named("Not free until March.")] == [date(2027, 3, 1)]
    assert [one.until for one in named("Not free until 3 March.")] == [date(2027, 3, 4)]
    assert [one.until for one in named("Not free until the end of March.")] == [date(2027, 4, 1)]


def test_a_return_is_told():
    assert comes_back("i am back in the office", frozenset({"en"}))
    assert comes_back("ich bin wieder da", frozenset({"de"}))
    assert not comes_back("i am in the office", frozenset({"en", "any"}))


@given(day=st.dates(TODAY, TODAY + timedelta(days=300)))
def test_every_day_is_found_however_it_is_written(day):
    for written in (f"{day:%d %B}", f"{day:%B} {day.day}", f"{day:%d.%m.}", day.isoformat()):
        (one,) = named(f"I will be away until {written} I think.")
        assert one.first == day


@given(st.text(max_size=200), st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_no_text_raises_and_no_span_ends_before_it_begins(text, today):
    for one in named(f"until {text}", today):
        assert one.first < one.over
        assert one.until > today or one.over > today or one.first >= today
