"""The account's working hours and days, in its own time zone, holidays and clock changes included."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ingagents.model import WorkingHours

_DAYS_AHEAD = 400
"""So many days are looked at for the next one that is no holiday."""


def is_open(at: datetime, hours: WorkingHours) -> bool:
    """Whether the wall clock of the account's zone stands inside working hours."""
    local = at.astimezone(ZoneInfo(hours.timezone))
    before_end = hours.end is None or local.time() < hours.end
    return works_on(local.date(), hours) and hours.start <= local.time() and before_end


def works_on(day: date, hours: WorkingHours) -> bool:
    """Whether a day of the account's calendar is a working day."""
    return day.isoweekday() in hours.days and day not in hours.holidays


def next_opening(at: datetime, hours: WorkingHours) -> datetime:
    """The first moment not before `at` inside working hours.

    An opening time that the clock shows twice opens at both (`fold`); one that it skips opens by
    as much later. So many days are looked at because hours inside a skipped hour do not happen,
    and holidays may follow each other.
    """
    if is_open(at, hours):
        return at
    zone = ZoneInfo(hours.timezone)
    today = at.astimezone(zone).date()
    for days in range(_DAYS_AHEAD):
        if not works_on(today + timedelta(days=days), hours):
            continue
        for fold in (0, 1):
            shown = datetime.combine(today + timedelta(days=days), hours.start, tzinfo=zone)
            opens = shown.replace(fold=fold).astimezone(UTC)
            if opens > at and is_open(opens, hours):
                return opens
    return at + timedelta(days=7)


def closing_of(day: date, hours: WorkingHours) -> datetime:
    """When a working day ends, in UTC."""
    zone = ZoneInfo(hours.timezone)
    if hours.end is None:
        day, end = day + timedelta(days=1), datetime.min.time()
    else:
        end = hours.end
    return datetime.combine(day, end, tzinfo=zone).astimezone(UTC)


def hours_left(now: datetime, hours: WorkingHours) -> float:
    """The part of today's working hours that is still to come, 0 to 1."""
    zone = ZoneInfo(hours.timezone)
    today = now.astimezone(zone).date()
    if not works_on(today, hours):
        return 0.0
    opens = datetime.combine(today, hours.start, tzinfo=zone).astimezone(UTC)
    closes = closing_of(today, hours)
    if closes <= opens:  # hours inside a skipped hour do not happen
        return 0.0
    return min(1.0, max(0.0, (closes - now) / (closes - opens)))


def start_of_day(at: datetime, timezone: str) -> datetime:
    """Midnight of the account's calendar day that `at` falls on, in UTC."""
    local = at.astimezone(ZoneInfo(timezone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)


def end_of_day(at: datetime, timezone: str) -> datetime:
    """Midnight after the account's calendar day that `at` falls on, in UTC."""
    return _local_midnight(at, timezone, days=1)


def _local_midnight(at: datetime, timezone: str, *, days: int) -> datetime:
    zone = ZoneInfo(timezone)
    day = at.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, datetime.min.time(), tzinfo=zone).astimezone(UTC)
