"""The days a reply names for later: "in March", "until 3 January", "ask me in two weeks".

`moments` finds them in the plain words of a reply, in the languages its sentences can be in
(`calendar_words`), and `spans` tells which days they are. A bare "March" counts only behind a word
such as "in"; "next week" and "Q2" stand alone. What such a day is worth is decided in `effect`.

03/04 is March's to some and April's to others: it names no day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import zip_longest

import msgspec

from ingagents.core.replies.effect.calendar_words import WEEKDAYS, CalendarWords, Marker, words_of
from ingagents.core.replies.effect.spans import Span, span_of

_FURTHEST = timedelta(days=2 * 366)
"""What is further off than this is no day somebody waits for."""
_DAY = timedelta(days=1)
_HALF_A_YEAR = timedelta(days=184)
_MOST = 60
"""So many days of a text are read; whoever names more asks for none."""
_TO = 7
"""Signs between the two days of a span: " to ", " bis "."""
_NEAR = 3
"""Spaces between a year and the month that is of it: " , in "."""
_BARE_WEEKDAYS = frozenset(f"bare {day}" for day in WEEKDAYS)
_SHORT = 2
"""Letters of a weekday that may be another word: German "so", "do"."""
_BEFORE = 48
_BEHIND = 32


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """A named span of days, and where its words and those of its marker stand in the text."""

    marker: Marker | None
    """None: nothing stands beside it that tells how it is meant."""
    first: date
    """Its first day."""
    over: date
    """The day after its last one."""
    until: date
    """When "until" it is over: the start of "March", the day after "3 March"."""
    words: str
    begin: int
    end: int


def moments(
    text: str,
    starts: Sequence[int],
    possible: Sequence[frozenset[str]],
    *,
    today: date,
    unmarked: bool = False,
) -> list[Moment]:
    """The days a plain text names that are still to come on `today`, first to last; at most 60.

    `starts` are the offsets of its sentences and `possible` the languages of each, as
    `language_tables` tells them. `unmarked`: also single days that have no marker.
    """
    found: dict[tuple[int, Marker | None], Moment] = {}
    ends = (*starts[1:], len(text) + 1)
    read = [
        (start, f" {text[start : end - 1]} ", words)
        for start, end, codes in zip(starts, ends, possible, strict=False)
        for words in filter(None, map(words_of, sorted(codes)))
    ]
    weeks = (week for _, sentence, words in read for week in _weeks(sentence, words, today))
    week = max(weeks, default=None)
    for start, sentence, words in read:
        for one in _in_sentence(sentence, words, today, week):
            if one.marker is None and not unmarked:
                continue
            begin, stop = start - 1 + one.begin, start - 1 + one.end
            placed = msgspec.structs.replace(one, begin=begin, end=stop)
            found.setdefault((stop, one.marker), placed)
            if len(found) == _MOST:
                return list(found.values())
    return sorted(found.values(), key=lambda one: one.begin)


def comes_back(sentence: str, possible: frozenset[str]) -> bool:
    """Whether a plain sentence speaks of somebody's return."""
    words = filter(None, map(words_of, sorted(possible)))
    return any(one.back.search(f" {sentence} ") for one in words)


def refuses(clause: str, possible: frozenset[str], *, denied: bool) -> bool:
    """Whether the words around a day refuse it as another one is; `denied`: a "not" is one of them."""
    words = filter(None, map(words_of, sorted(possible)))
    text = f" {clause} "
    return any(one.neither.search(text) or (denied and one.also.search(text)) for one in words)


def _weeks(sentence: str, words: CalendarWords, today: date) -> Iterator[date]:
    """The days from which on a weekday is meant: "next week is better", "not this week"."""
    every = list(words.when.finditer(sentence))
    for found, behind in zip_longest(every, every[1:]):
        if (span := span_of(found.groupdict(), words, today)) is None:
            continue
        of_weeks = "week" in map(words.meant.get, found.group().split())
        near = behind and sentence.count(" ", found.end(), behind.start()) <= _NEAR
        ahead = found["amount"] and (
            _marked(sentence, found, words)[0] is Marker.AHEAD
            or (near and behind["weekday"])  # "a week on Thursday"
        )
        if found["this"]:
            yield span[1]
        elif found["week"] or (of_weeks and (found["next"] or ahead)):
            yield span[0]


def _in_sentence(
    sentence: str, words: CalendarWords, today: date, week: date | None
) -> Iterator[Moment]:
    day_ends, year_ends, year = -_TO - 1, 0, None
    for found in words.when.finditer(sentence):
        part = found.groupdict()
        marker, begin, end = _marked(sentence, found, words)
        if part["day"] and (part["first"] or found.start() - day_ends <= _TO):
            marker = Marker.UNTIL  # "24 to 31 December"
        if part["day"]:
            day_ends = end
        since = year if sentence.count(" ", year_ends, found.start()) <= _NEAR else None
        if part["weekday"] or words.meant.get(part["bare"] or "") in _BARE_WEEKDAYS:
            since = week
        span = span_of(part, words, today, since)
        if span and (part["year"] or part["next"]) and span[1] - span[0] > _HALF_A_YEAR:
            year_ends, year = found.end(), span[0]  # "next year in December"
        is_weekday = len(part["weekday"] or "") > _SHORT
        if marker is None and is_weekday and week:
            marker = Marker.NONE  # "next week is better, call me Tuesday"
        is_day = part["day"] or is_weekday
        if span is None or (marker is None and not is_day):
            continue
        if not _is_to_come(span, marker, today):
            continue
        one_day = span[1] - span[0] == _DAY
        yield Moment(
            marker=marker,
            first=span[0],
            over=span[1],
            until=span[1] if one_day or part["part"] else span[0],
            words=_DAY_WORD.sub(_in_figures, sentence[begin:end].strip()),
            begin=begin,
            end=end,
        )


def _is_to_come(span: Span, marker: Marker | None, today: date) -> bool:
    """Whether it is not over, nor far off; what has begun still has an end."""
    counts = span[1] if marker in {Marker.UNTIL, Marker.AFTER} else span[0]
    return today <= counts <= today + _FURTHEST


def _marked(
    sentence: str, found: re.Match[str], words: CalendarWords
) -> tuple[Marker | None, int, int]:
    """What stands beside a named day, with where both begin and end; None: nothing that counts."""
    before = sentence[max(0, found.start() - _BEFORE) : found.start()]
    behind = sentence[found.end() : found.end() + _BEHIND]
    long = found["amount"] is not None
    for one in words.markers:
        if (one.marker is Marker.AHEAD) is not long:
            continue
        right = one.behind.match(behind)
        left = one.before.search(before) if right and one.before else None
        if right and (left or one.before is None):
            begin = found.start() - len(before) + left.start() + 1 if left else found.start()
            return one.marker, begin, found.end() + right.end()
    quarter = found["q"] is not None and any(map(str.isdecimal, found["q"]))
    bare = quarter or any(found[name] for name in ("next", "onweek", "nth", "bare", "tomorrow"))
    alone = bare and behind.startswith(" ")
    return (Marker.NONE if alone else None), found.start(), found.end()


# --- days in figures ----------------------------------------------------------------------------

_ABBREVIATED = re.compile(r"\b([^\W\d_]{3,5})\. (?=\d)")
"""The dot of "Jan. 5", which ends no sentence."""
_NUMERIC = re.compile(
    r"(?<![\w./-])(?:(?P<y>20\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
    r"|(?P<d1>\d{1,2})\. ?(?P<m1>\d{1,2})\.(?: ?(?P<y1>20\d\d|\d\d(?!\d)))?"
    r"|(?P<d2>\d\d)\.(?P<m2>\d\d)"
    r"|(?P<a>\d{1,2})(?P<mark>[/-])(?P<b>\d{1,2})(?:(?P=mark)(?P<y3>20\d\d|\d\d(?!\d)))?)"
    r"(?![\w/]|[.-]\d)",
    re.ASCII,
)


def with_numeric_days(text: str) -> str:
    """The text with each day in figures (14.12., 2027-01-31) as one word that `moments` knows.

    Else their figures are parted, or taken for a telephone number.
    """
    return _NUMERIC.sub(_as_word, _ABBREVIATED.sub(r"\1 ", text))


def _as_word(found: re.Match[str]) -> str:
    part = found.groupdict()
    day, month = part["d"] or part["d1"] or part["d2"], part["m"] or part["m1"] or part["m2"]
    year = part["y"] or part["y1"] or part["y3"] or ""
    if part["a"] is not None:
        first, second = int(part["a"]), int(part["b"])
        if part["mark"] == "-" and not year:
            return found.group()  # 10-13: days from and to
        if first != second and first <= 12 and second <= 12:
            return " "
        day, month = (part["b"], part["a"]) if second > 12 else (part["a"], part["b"])
    if not (1 <= int(month or 0) <= 12 and 1 <= int(day or 0) <= 31):
        return found.group()
    year = f"20{year}" if len(year) == 2 else year
    return f" date{year}{int(month or 0):02}{int(day or 0):02} "


_DAY_WORD = re.compile(r"date(\d{4})?(\d\d)(\d\d)")


def _in_figures(found: re.Match[str]) -> str:
    return "-".join(filter(None, found.groups()))
