"""What the team does about a person: how far it is, who, when next; and whom it has to look at now."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache

from ingagents.core.lead_status import Cause
from ingagents.core.sheet.answers import plainly, unquoted
from ingagents.core.text import languages
from ingagents.model import ContactStatus, LeadStage

ENDED = frozenset({LeadStage.WON, LeadStage.LOST})
"""Stages after which there is nothing left to do, unless the person writes or a next date comes."""

_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})([-/.]?)(?P<month>(?<=\D)\d{1,2}|\d{2})\2(?P<day>(?<=\D)\d{1,2}|\d{2})",
    re.ASCII,
)
_CHARACTERS = re.compile(
    r"(?P<year>\d{4})[年년] ?(?P<month>\d{1,2})[月월] ?(?P<day>\d{1,2})[日일]?", re.ASCII
)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", re.ASCII)
_HOUR = re.compile(
    r"(?<=\d)(?:t| |, )\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?(?: ?z| ?[+-]\d{2}:?\d{2}| ?[ap]m)?$",
    re.ASCII,
)
_NUMBER = re.compile(r"(\d{1,4})(?:st|nd|rd|th|er|e|o|ème)?", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_SERIALS_BEGIN = date(1899, 12, 30)
"""Day 0 of a spreadsheet's calendar: Google's and Excel's cells count days from it."""

_YEARS = range(2000, 2100)
PLACE_MAX = 200
"""Characters of the place or the amount a stage is about."""
_NOTES_KEPT = 200


def needs_human_now(
    *,
    stage: str | None,
    next_date: date | None,
    handled_at: datetime | None,
    news_at: datetime | None,
    today: date,
) -> bool:
    """Whether a person who is the team's to answer waits for it today.

    What the person said (`news_at`) after the team last spoke of them (`handled_at`) always does.
    Else a next date decides; without one, a stage says that somebody is at it.
    """
    if handled_at is not None and news_at is not None and news_at > handled_at:
        return True
    if next_date is not None:
        return next_date <= today
    return not stage


def kept_date(next_date: date | None, today: date) -> date | None:
    """What is left of a next date when the person comes to another stage: one that is to come."""
    return next_date if next_date is not None and next_date > today else None


def why_back(before: ContactStatus, *, sent: bool, answered: bool, held: bool) -> Cause | None:
    """Why a lead that a stage has closed goes back, when that stage was said by mistake.

    `before` is where it stood. An allocation is not kept open for it, and its draft is void: it
    begins anew. What came of it since counts more, and who is held back goes nowhere. None: it
    stays closed.
    """
    if answered:
        return None
    if sent or before is ContactStatus.MESSAGE_SENT:
        return Cause.STAGE_UNSAID_SENT
    if held or before is ContactStatus.NEEDS_REVIEW:
        return Cause.STAGE_UNSAID_ASKED
    return Cause.STAGE_UNSAID


def stage_of(text: str, stages: Sequence[str]) -> str | None:
    """The stage a text names, however it is written; None: none."""
    plain = _plain(text)
    return next((str(one) for one in stages if _plain(one) == plain), None)


def stage_and_reason(text: str, stages: Sequence[str]) -> tuple[str | None, str]:
    """The stage and its reason: "Lost: no budget this year"."""
    if (stage := stage_of(text, stages)) is not None:
        return stage, ""
    name, _, reason = text.partition(":")
    if not any(map(str.isalnum, reason)):
        return None, ""
    return stage_of(name, stages), " ".join(reason.split())


def stage_nearest(text: str, stages: Sequence[str]) -> str | None:
    """The stage a text that names none comes closest to."""
    plain = _plain(text)
    known = {_plain(one): one for one in stages}
    close = difflib.get_close_matches(plain, known, n=1, cutoff=0.5)
    begun = (name for name in known if len(plain) >= 3 and name.startswith(plain))
    name = close[0] if close else next(begun, "")
    return known.get(name)


def date_of(text: str) -> date | None:
    """The calendar day a text names: 2027-01-31, 31.1.2027, 31/1/2027, a spreadsheet's number.

    Or 31 January 2027, in the languages whose file has months. An hour beside it changes nothing.
    None: it names none, or one of two: with a slash, 3/4 is April's to some and March's to others.
    """
    text = _HOUR.sub("", unquoted(text))
    if found := _SERIAL.fullmatch(text):
        return _in_reach(_SERIALS_BEGIN + timedelta(days=int(found[1])))
    if found := _YEAR_FIRST.fullmatch(text) or _CHARACTERS.fullmatch(text):
        return _day(found["year"], found["month"], found["day"])
    if found := _YEAR_LAST.fullmatch(text):
        first, second = int(found[1]), int(found[3])
        if found[2] == "." or first == second or first > 12:
            return _day(found[4], found[3], found[1])
        return _day(found[4], found[1], found[3]) if second > 12 else None
    return _named_day(text)


def _named_day(text: str) -> date | None:
    """The day that is written with its month's name, a day's and a year's number, in any order."""
    months, beside = _calendar_words()
    words = [word for word in re.split(r"[\s,./-]+", text) if word and word not in beside]
    named = [months[word] for word in words if word in months]
    numbers = [found for word in words if word not in months for found in [_NUMBER.fullmatch(word)]]
    if len(named) != 1 or len(numbers) != 2 or not all(numbers):
        return None
    said = sorted((found[1] for found in numbers if found), key=len)
    return _day(said[1], str(named[0]), said[0]) if len(said[0]) <= 2 < len(said[1]) else None


@cache
def _calendar_words() -> tuple[dict[str, int], frozenset[str]]:
    months: dict[str, int] = {}
    for file in languages.files().values():
        named = (row.replace("|", " ").split() for section, row in file if section == "months")
        months |= {plainly(name): number for number, row in enumerate(named, 1) for name in row}
    beside = (*languages.words("weekdays"), *languages.words("beside_date"))
    return months, frozenset(map(plainly, beside))


def with_note(notes: Sequence[str], new: str, *, instead_of: str = "") -> tuple[str, ...]:
    """The remarks with one more, or with one in the place of another; the newest 200 are kept."""
    kept = list(notes)
    if instead_of in kept:
        at = kept.index(instead_of)
        kept[at : at + 1] = [new] if new else []
    elif new:
        kept.append(new)
    return tuple(kept[-_NOTES_KEPT:])


def say_follow_up(stage: str | None, owner: str, next_date: date | None, place: str = "") -> str:
    """How things stand by the team's own words: "Meeting for Gold, owner Kim, next 2027-01-31"."""
    parts = (
        f"{stage or ''}{f' for {place}' if place else ''}".strip(),
        f"owner {owner}" if owner else "",
        f"next {next_date.isoformat()}" if next_date else "",
    )
    return ", ".join(part for part in parts if part)


def _plain(text: str) -> str:
    return re.sub(r"[\s_.!-]+", "", unquoted(text))


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return _in_reach(date(int(year), int(month), int(day)))
    except ValueError:
        return None


def _in_reach(day: date) -> date | None:
    return day if day.year in _YEARS else None
