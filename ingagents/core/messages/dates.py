"""The days a text of ours names, in the languages it may be written in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from ingagents.core.messages.reader_language import LANGUAGES
from ingagents.core.messages.values import month_names

_AFTER_THE_EVENT = timedelta(days=60)
"""A day without a year is the last one up to so long after the event."""


def days_in(text: str, event_date: date) -> Iterator[tuple[int, int, date]]:
    """Every day that a text names, with where it stands; one without a year is near the event."""
    for found in _pattern().finditer(_flat(text)):
        part = found.groupdict()
        number = next(filter(None, (part["d1"], part["d2"], part["d3"], part["d4"])))
        month = next(filter(None, (part["m1"], part["m2"], part["m3"], part["m4"])))
        year = next(filter(None, (part["y1"], part["y2"], part["y3"], part["y4"])), "")
        at = int(month) if month.isdecimal() else _months()[month]
        if (day := _day(year, at, int(number), event_date)) is not None:
            yield found.start(), found.end(), day


def _day(year: str, month: int, number: int, event_date: date) -> date | None:
    latest = event_date + _AFTER_THE_EVENT
    try:
        if year:
            return date(int(year), month, number)
        day = date(latest.year, month, number)
        return day if day <= latest else date(latest.year - 1, month, number)
    except ValueError:  # 31 June, 29 February
        return None


def _flat(text: str) -> str:
    """Small letters without accents, sign for sign: places stay what they are."""
    return "".join(unicodedata.normalize("NFKD", sign)[0] for sign in text.casefold()[:10_000])


@cache
def _months() -> dict[str, int]:
    names: dict[str, int] = {}
    for language in LANGUAGES:
        for at, name in enumerate(month_names(language), start=1):
            names[_flat(name)] = at
            if language == "en":
                names[name[:3].casefold()] = at
    return names


@cache
def _pattern() -> re.Pattern[str]:
    month = "|".join(sorted(_months(), key=len, reverse=True))
    return re.compile(
        r"(?<!\d)(?:(?P<y1>\d{4})-(?P<m1>\d{2})-(?P<d1>\d{2})"
        r"|(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\.(?P<y2>\d{4})?"
        rf"|(?P<d3>\d{{1,2}})(?:st|nd|rd|th|er|\.)? (?:de |of )?(?P<m3>{month})\b(?:,? (?:de |del )?(?P<y3>\d{{4}}))?"
        rf"|\b(?P<m4>{month}) (?P<d4>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<y4>\d{{4}}))?)(?!\d)"
    )
