"""What is due: daily jobs at a time of day, repeating ones at an interval.

A daily job missed while nobody ran is due once when somebody starts, if its day is not over. Days
are the sender's; on the day the clock springs forward a job inside the gap is due after it, and
on the day it falls back it is due once (cronsim).
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec
from cronsim import CronSim


class Daily(msgspec.Struct, frozen=True):
    """At a time of day, in a time zone, on given ISO weekdays."""

    at: time
    timezone: str
    days: frozenset[int] = frozenset(range(1, 8))


class Every(msgspec.Struct, frozen=True):
    """At an interval, counted from the last run; at once when there was none."""

    interval: timedelta


class Job(msgspec.Struct, frozen=True):
    """A named piece of work and when it is wanted."""

    name: str
    when: Daily | Every


def due(job: Job, *, last_due: datetime | None, now: datetime) -> datetime | None:
    """The moment the job is due for, if it is due now; else None.

    `last_due` is the moment its last run was for. A `last_due` in the future (somebody put the
    clock back) counts as none.
    """
    if last_due is not None and last_due > now:
        last_due = None
    match job.when:
        case Daily() as daily:
            latest, _ = _around(daily, now)
            return None if last_due is not None and latest and last_due >= latest else latest
        case Every(interval):
            return now if last_due is None or now - last_due >= interval else None


def next_due(job: Job, *, last_due: datetime | None, now: datetime) -> datetime:
    """When the job is due next; not after `now` when it is due already."""
    ready = due(job, last_due=last_due, now=now)
    if ready is not None:
        return ready
    match job.when:
        case Daily() as daily:
            return _around(daily, now)[1]
        case Every(interval):
            return (last_due or now) + interval


def _around(daily: Daily, now: datetime) -> tuple[datetime | None, datetime]:
    """Today's moment if it has come, and the next one; a day that is over is never made up for."""
    local = now.astimezone(ZoneInfo(daily.timezone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    latest = None
    moment = _next(daily, midnight.astimezone(UTC) - timedelta(seconds=1))
    while moment <= now:  # a job of last evening that the clock skipped stands here first
        latest = moment
        moment = _next(daily, moment)
    return latest, moment


@lru_cache(maxsize=64)  # every agent asks at every look, and the answer holds all day
def _next(daily: Daily, after: datetime) -> datetime:
    weekdays = ",".join(str(day % 7) for day in sorted(daily.days)) or "*"
    expression = f"{daily.at.minute} {daily.at.hour} * * {weekdays}"
    local = after.astimezone(ZoneInfo(daily.timezone))
    moments = (moment.astimezone(UTC) for moment in CronSim(expression, local))
    return next(moment for moment in moments if moment > after)  # cronsim knows no second 02:30
