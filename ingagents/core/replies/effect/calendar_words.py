"""How a language names days: the sections `[later]`, `[calendar]` and `[months]` of its file, as patterns.

`words_of` compiles them once, when a reply can first be in that language. What is written is folded
as the plain text of a reply is, so accents do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache

import msgspec

from ingagents.core.replies.language_tables import ANY
from ingagents.core.replies.text import fold
from ingagents.core.text import languages

UNITS = ("day", "week", "month", "quarter", "half", "year")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SEASONS = ("spring", "summer", "autumn", "winter", "christmas", "easter", "newyear")
QUARTERS = ("q1", "q2", "q3", "q4")
_PARTS = ("start", "middle", "end")


class Marker(StrEnum):
    """What stands beside a day and says how it is meant: a key of `[later]`."""

    IN = "in"
    FROM = "from"
    UNTIL = "until"
    AFTER = "after"
    AHEAD = "ahead"
    """So long from the message on: "in two weeks", "for two weeks"."""
    NONE = ""
    """Nothing, but it can only be meant for later: "next week", "Q2"."""


class Marked(msgspec.Struct, frozen=True, kw_only=True):
    """A phrase of `[later]`: what stands before a day, and what behind it."""

    marker: Marker
    before: re.Pattern[str] | None
    behind: re.Pattern[str]


class CalendarWords(msgspec.Struct, frozen=True, kw_only=True):
    """How a language names days."""

    when: re.Pattern[str]
    """Whatever names a span of days, by groups: day, part, next, week, q, amount, month, ..."""
    markers: tuple[Marked, ...]
    """The longest phrases first: "not until" is more than "until"."""
    meant: Mapping[str, str]
    """The key of `[calendar]` under which a folded word stands."""
    months: Mapping[str, int]
    back: re.Pattern[str]
    """A word of somebody's return."""
    neither: re.Pattern[str]
    """A word that refuses a day as well as another one: "neither", "nor in March"."""
    also: re.Pattern[str]
    """A word that does so in a clause with a "not": "not in March either"."""


@cache
def words_of(code: str) -> CalendarWords | None:
    """The words of a language by its code; None when its file has no `[later]`."""
    later = _rows(code, "later")
    if not later:
        return None
    calendar: dict[str, list[str]] = {}
    for one in (code, ANY):
        for key, written in _rows(one, "calendar"):
            calendar.setdefault(key, []).extend(_listed(written))
    months = {
        fold(name): number
        for number, (_, row) in enumerate(_rows(code, "months"), 1)
        for name in row.replace("|", " ").split()
    }
    return CalendarWords(
        when=_when(calendar, months),
        markers=tuple(_markers(later, any_of(calendar.get("beside", ())))),
        meant={
            word: key
            for key, listed in calendar.items()
            if key not in {"beside", "back", "neither", "also"}
            for word in listed
        },
        months=months,
        back=_said(calendar, "back"),
        neither=_said(calendar, "neither"),
        also=_said(calendar, "also"),
    )


def _rows(code: str, section: str) -> list[tuple[str, str]]:
    """The rows "key: words" of a section; a row without a key has none."""
    rows = (row for name, row in languages.files()[code] if name == section)
    parted = (row.rpartition(":") for row in rows)
    return [(key, written) for key, _, written in parted]


def _listed(written: str) -> list[str]:
    plain = (fold(one).replace("'", " ").strip() for one in written.split(","))
    return [one for one in plain if one]


def _markers(later: list[tuple[str, str]], beside: str) -> Iterator[Marked]:
    phrases = [(one, Marker(key)) for key, written in later for one in _listed(written)]
    for phrase, marker in sorted(phrases, key=lambda pair: -len(pair[0])):
        before, _, behind = phrase.partition("_")
        leading = rf" {re.escape(before.strip())} (?:{beside} )*$"
        yield Marked(
            marker=marker,
            before=re.compile(leading) if before.strip() else None,
            behind=re.compile(rf"{re.escape(behind.rstrip())}(?= )"),
        )


def _said(calendar: Mapping[str, list[str]], key: str) -> re.Pattern[str]:
    return re.compile(rf" {any_of(calendar.get(key, []))}(?= )")


def any_of(words: Mapping[str, int] | list[str] | tuple[str, ...]) -> str:
    """A pattern for any of the words, long ones first; it matches nothing where there are none."""
    listed = sorted(words, key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, listed))})" if listed else "(?!)"


def _when(calendar: Mapping[str, list[str]], months: Mapping[str, int]) -> re.Pattern[str]:
    """Everything that names a span of days, the longest way first.

    "Thursday" is another day with "next week" beside it, and "December" with "next year"; so neither
    "next" is taken for that of the Thursday or of the December.
    """

    def of(*keys: str) -> str:
        return any_of([word for key in keys for word in calendar.get(key, ())])

    beside = f"(?:{of('beside')} )*"
    weekday, units, seasons = of(*WEEKDAYS), of(*UNITS), of(*SEASONS)

    def following(span: str) -> str:
        step = of("next", "after next")
        return f"{step} {beside}{span}(?= )|{span} {beside}{step}(?= )(?! {beside}{units} )"

    month = any_of(months)
    year = rf"(?: (?:, )?{beside}(?:20\d\d|{following(of('year'))}))?"
    of_week, near = following(of("week")), r"(?:, )?(?:[^\W\d_]{1,5} ){0,2}"
    figure = r"\d{1,2}(?!\d)[^\W\d_]{0,2}"
    day = (
        rf"date(?:\d{{8}}|\d{{4}})|{figure} {beside}{month}{year}(?![^\W_])"
        rf"|{month} {beside}{figure}(?: ,)?{year}(?![^\W_])"
    )
    span = f"(?:{units}|{month}|{seasons}|{weekday})"
    number = rf"(?:\d{{1,3}}|{of(*(key for key in calendar if key.isdecimal()))})"
    quarter = "|".join(
        rf"{of(unit)} ?[1-4]|[1-4][^\W\d_]{{0,3}} {of(unit)}" for unit in ("quarter", "half")
    )
    quarter = rf"(?:{quarter}|{of(*QUARTERS)}){year}"
    inner = f"{following(span)}|{quarter}|{month}{year}|{seasons}{year}|{units}|20\\d\\d"
    return re.compile(
        rf"(?<= )(?:"
        rf"(?:{weekday} (?:, )?{beside})?(?:(?P<first>{figure}) (?:[^\W\d_]{{1,3}} )?)??"
        rf"(?P<day>{day})"
        rf"|(?P<part>{of(*_PARTS)}) {beside}(?P<inner>{inner})"
        rf"|(?P<onweek>{weekday} (?:{near}(?:{of_week}|{month}(?= ))|{beside}{of('this')})"
        rf"|(?:(?:{of_week}) {near}|{of('this')} {beside})(?!\w\w? ){weekday})"
        rf"|(?P<this>{of('this')})"
        rf"|(?P<next>{following(span)})"
        rf"|(?:{of('week')}) (?P<week>[1-5]?\d)(?!\d)"
        rf"|(?P<q>{quarter})"
        rf"|(?P<amount>(?:{number} (?:[^\W\d_]{{1,3}} )?)?{number} {units}|{of('halfyear')})"
        rf"|(?P<month>{month}{year})"
        rf"|(?P<season>{seasons}{year})"
        rf"|(?P<bare>{of(*(key for key in calendar if key.startswith('bare ')))})"
        rf"|(?P<weekday>{weekday}(?: (?:, )?{beside}(?P<nth>{figure})(?= ))?)"
        rf"|(?P<tomorrow>{of('tomorrow')})"
        rf"|(?P<year>20\d\d)(?!\d))"
    )
