"""Which days the words of a date mean: "March", "Q2 2027", "Friday", seen from a day on.

A name without a year is the next one of that name, or the one that is now or was lately, which is
then past: "in December" is not next year's on the fifth of December. Seasons are those of the North
by whole months.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from ingagents.core.replies.effect.calendar_words import (
    QUARTERS,
    SEASONS,
    UNITS,
    WEEKDAYS,
    CalendarWords,
)

Span = tuple[date, date]
"""From a day to before another."""

_LATELY = timedelta(days=31)
_DAY = timedelta(days=1)
_YEAR = re.compile(r"20\d\d")
_NUMBER = re.compile(r"\d+")
_SEASON_BEGINS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
_MONTHS_OF = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_DAYS_OF = {"day": 1, "week": 7, "month": 30, "quarter": 91, "half": 182, "year": 365}
_LONGEST = 5_000
_NUMBERED_WEEKS = 9
"""In so many weeks there is the day that somebody names by its number alone, or it is no day."""


def span_of(
    part: Mapping[str, str | None], words: CalendarWords, today: date, since: date | None = None
) -> Span | None:
    """The days that a match of `CalendarWords.when` means, by its groups; None: there are none.

    `since`, where another word tells it, is the day from which on the next of a name is meant.
    """
    if day := part["day"]:
        return _day(day, words, today, since)
    if inner := part["inner"]:
        return _part_of(words.meant[part["part"] or ""], inner, words, today, since)
    if week := part["week"]:
        return _week(int(week), today)
    if amount := part["amount"]:
        return _amount(amount, words, today)
    if weekday := part["weekday"]:
        return _weekday(weekday, words, since or today + _DAY)
    if part["tomorrow"]:
        return today + _DAY, today + 2 * _DAY
    if part["this"]:
        return _around("week", today)
    if onweek := part["onweek"]:
        if any(one in words.months for one in onweek.split()):
            return None  # the first or the last Friday in March
        return _weekday(onweek, words, _weeks_on(_steps(onweek, words), today))
    named = ("next", "q", "month", "season", "bare", "year")
    return _whole(next(filter(None, map(part.get, named)), ""), words, today, since)


def _day(said: str, words: CalendarWords, today: date, since: date | None) -> Span | None:
    pieces = said.split()
    if said.startswith("date"):
        figures = said[4:]
        year = int(figures[:4]) if len(figures) == 8 else None
        month, number = int(figures[-4:-2]), int(figures[-2:])
    else:
        year = _year_in(said, words, today)
        month = next(words.months[one] for one in pieces if one in words.months)
        number = int(next(re.findall(r"\d+", one)[0] for one in pieces if one[0].isdecimal()))
    days = (_date(one, month, number) for one in _years(year, today))
    return _meant([(day, day + _DAY) for day in days if day is not None], year, today, since)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # 31 June, 29 February
        return None


def _year_in(said: str, words: CalendarWords, today: date) -> int | None:
    """The year that is said beside a name: "2027", "next year"."""
    if figures := next(filter(_YEAR.fullmatch, said.split()), None):
        return int(figures)
    steps = _steps(said, words) if _has(said, "year", words) else 0
    return today.year + steps if steps else None


def _steps(said: str, words: CalendarWords) -> int:
    """How many on: 1 for "next", 2 for "after next"; of these the latest counts."""
    return 2 if _has(said, "after next", words) else int(_has(said, "next", words))


def _has(said: str, key: str, words: CalendarWords) -> bool:
    return any(
        meant.removeprefix("bare ") == key and f" {word} " in f" {said} "
        for word, meant in words.meant.items()
    )


def _years(year: int | None, today: date) -> tuple[int, ...]:
    return (year,) if year else tuple(range(today.year - 1, today.year + 3))


def _meant(
    spans: Sequence[Span], year: int | None, today: date, since: date | None = None
) -> Span | None:
    """The one of these that is meant, first to last; a year that is said decides."""
    if since and not year:
        return next((span for span in spans if span[0] >= since), None)
    late = date.min if year else today - _LATELY
    return next((span for span in spans if span[0] >= late or span[1] > today), None)


def _whole(said: str, words: CalendarWords, today: date, since: date | None) -> Span | None:
    """A month, quarter, season or year, or the next of anything."""
    key, year, steps = _key(said, words), _year_in(said, words, today), _steps(said, words)
    if key in UNITS:
        following = _around(key, _around(key, today)[1])
        return _around(key, following[1]) if steps > 1 else following
    if key in WEEKDAYS:
        # "Next Thursday" is to some the one of next week: it is never too late to ask.
        return _weekday(said, words, _weeks_on(steps, today) if steps else since or today + _DAY)
    if key == "newyear":
        return _of_year("year", year or today.year + 1)
    spans = [span for one in _years(year, today) if (span := _of_year(key, one)) is not None]
    return _meant(spans, year, today, since)


def _key(said: str, words: CalendarWords) -> str:
    """What is named: a key of the calendar, "m3" for March, "q2", "h1"; "newyear" with its number."""
    pieces = [one for one in said.split() if not _YEAR.fullmatch(one)]
    if not pieces:
        return "newyear" if said else ""
    if found := re.search(r"\d", " ".join(pieces)):
        letters = re.findall(r"[^\W\d_]+", " ".join(pieces))
        half = any(words.meant.get(one) == "half" for one in letters)
        return ("h" if half else "q") + found.group()
    for length in range(len(pieces), 0, -1):
        for begin in range(len(pieces) - length + 1):
            word = " ".join(pieces[begin : begin + length])
            if word in words.months:
                return f"m{words.months[word]}"
            meant = words.meant.get(word, "").removeprefix("bare ")
            if meant in {*UNITS, *WEEKDAYS, *SEASONS, *QUARTERS}:
                return meant
    return ""


def _of_year(key: str, year: int) -> Span | None:
    """The span of that key in a year."""
    if key == "year":
        return date(year, 1, 1), date(year + 1, 1, 1)
    if key in _SEASON_BEGINS:
        return _months_from(year, _SEASON_BEGINS[key], 3)
    if key == "christmas":
        return date(year, 12, 24), date(year + 1, 1, 7)
    if key == "easter":
        return _easter(year) - 2 * _DAY, _easter(year) + 2 * _DAY
    if not key[1:].isdecimal():
        return None
    size = {"m": 1, "q": 3, "h": 6}[key[0]]
    month = (int(key[1:]) - 1) * size + 1
    return _months_from(year, month, size) if month <= 12 else None


def _months_from(year: int, month: int, count: int) -> Span:
    after = month - 1 + count
    return date(year, month, 1), date(year + after // 12, after % 12 + 1, 1)


def _around(unit: str, day: date) -> Span:
    """The week, month, quarter, half or year of a day."""
    if unit == "day":
        return day, day + _DAY
    if unit == "week":
        monday = day - day.weekday() * _DAY
        return monday, monday + 7 * _DAY
    size = _MONTHS_OF[unit]
    return _months_from(day.year, (day.month - 1) // size * size + 1, size)


def _weeks_on(count: int, today: date) -> date:
    """The Monday of this week or of a later one."""
    return _around("week", today)[0] + 7 * count * _DAY


def _weekday(said: str, words: CalendarWords, since: date) -> Span:
    """The first day of that name since one; of "Thursday 26" the first with that number."""
    key = next(key for key in WEEKDAYS if _has(said, key, words))
    day = since + (WEEKDAYS.index(key) - since.weekday()) % 7 * _DAY
    if found := _NUMBER.search(said):
        later = (day + 7 * weeks * _DAY for weeks in range(_NUMBERED_WEEKS))
        day = next((one for one in later if one.day == int(found.group())), day)
    return day, day + _DAY


def _week(number: int, today: date) -> Span | None:
    spans: list[Span] = []
    for year in _years(None, today):
        try:
            monday = date.fromisocalendar(year, number, 1)
        except ValueError:
            continue
        spans.append((monday, monday + 7 * _DAY))
    return _meant(spans, None, today)


def _amount(said: str, words: CalendarWords, today: date) -> Span | None:
    """So long from today on; of "two or three weeks" the longer."""
    pieces, counts, unit = said.split(), [0], ""
    for begin in range(len(pieces)):
        for end in range(len(pieces), begin, -1):
            word = " ".join(pieces[begin:end])
            meant = word if word.isdecimal() else words.meant.get(word, "")
            if meant.isdecimal():
                counts.append(int(meant))
            elif meant in UNITS:
                unit = meant
    if words.meant.get(said) == "halfyear":
        counts, unit = [1], "half"
    days = max(counts) * _DAYS_OF.get(unit, 0)
    day = today + min(days, _LONGEST) * _DAY
    return (day, day + _DAY) if days else None


def _part_of(
    part: str, said: str, words: CalendarWords, today: date, since: date | None
) -> Span | None:
    """The beginning, middle or end of a span; "the end of the month" is this month's."""
    key = _key(said, words)
    this = key in UNITS and not _steps(said, words) and _year_in(said, words, today) is None
    whole = _around(key, today) if this else _whole(said, words, today, since)
    if whole is None or part == "start":
        return whole
    start, end = whole
    if part == "middle":
        return start + (end - start) // 2 - _DAY, end
    return end - max((end - start) // 5, _DAY), end


def _easter(year: int) -> date:
    """Easter Sunday (Gregorian; the anonymous algorithm as in Meeus, Astronomical Algorithms, 8)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (8 * b + 13) // 25 + 15) % 30
    rest = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 19 * rest) // 433
    month = (h + rest - 7 * m + 90) // 25
    return date(year, month, (h + rest - 7 * m + 33 * month + 19) % 32)
