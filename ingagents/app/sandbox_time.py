"""The simulated market's time: fast, kept in the market's file, a working day at a time.

It goes on while nobody looks, but no further than a day, so that somebody who tries one command
after another sees answers come in, and somebody who comes back next week has missed nothing.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ingagents.core.sending.working_hours import works_on
from ingagents.errors import StoreError
from ingagents.integrations.clock import CompressedClock, JumpingClock, SystemClock
from ingagents.ports import Clock
from ingagents.settings import Settings, as_time
from ingagents.store.engine.folders import check_writable
from ingagents.store.engine.open_store import beside

if TYPE_CHECKING:
    from ingagents.sandbox.record import Record

_DAY_BEGINS = time(8, 55)
_DAY_LONGEST = timedelta(hours=23, minutes=50)
_AFTER_HOURS = timedelta(minutes=90)
_ABSENCE_MAX = timedelta(days=1)
"""However long nobody looked, at most this much market time has passed meanwhile."""

_TIME = "time"


class SandboxTime:
    """The market's time: it runs fast, is kept in the market's file, and never ends a day early."""

    def __init__(self, settings: Settings) -> None:
        from ingagents.sandbox.record import Record

        file = beside(settings.database.url, ".sandbox", folder=settings.path("."))
        check_writable(file)
        file.parent.mkdir(parents=True, exist_ok=True)
        self.record: Record = Record(file)
        self.stands_still = False
        """Set when a day's run is over: time waits for whoever looks next."""
        self._settings = settings
        self._wall = SystemClock()
        self.zone = ZoneInfo(settings.campaign.timezone)
        limits = settings.outreach.rate_limiting
        self._hours = limits.to_hours(settings.campaign.timezone)
        self._ends = as_time(limits.working_hours_end)

    def clock(self, *, jumping: bool = False) -> Clock:
        """A clock that goes on where the market's time stood."""
        start = self.begin()
        return JumpingClock(start) if jumping else CompressedClock(start, pace=self.pace)

    @property
    def pace(self) -> float:
        """Market seconds in one second of the wall clock, when no run hurries."""
        return self._pace(1, self._settings.sandbox.day_seconds)

    def begin_run(self, clock: Clock, *, watched: bool) -> datetime:
        """Begin the days of a run; the evening of the last one.

        Those that somebody watches go by in `run_seconds`, or as long as the work in them takes.
        """
        self.skip_to_work(clock)
        chosen = self._settings.sandbox
        if watched and isinstance(clock, JumpingClock):
            clock.keep_pace(self._pace(chosen.days, chosen.run_seconds))
        return self.days_end(clock.now(), chosen.days)

    def _pace(self, days: int, seconds: float) -> float:
        """At which so many days, without their nights, last so many seconds."""
        start = datetime(2026, 1, 1, tzinfo=UTC)  # any day: its length is what counts
        length = self.day_ends(start) - self.day_begins(start)
        return max(1.0, days * length / timedelta(seconds=1) / seconds)

    def skip_to_work(self, clock: Clock) -> None:
        """Put a sandbox clock forward to the next working day when the present one is over."""
        now = clock.now()
        opens = self.working_day(now)
        if opens > now and isinstance(clock, CompressedClock | JumpingClock):
            clock.set(opens)

    def days_end(self, at: datetime, days: int) -> datetime:
        """The evening of the last of so many working days, the day of a moment the first."""
        ends = self.day_ends(at)
        for _ in range(days - 1):
            ends = self.day_ends(self.working_day(ends))
        return ends

    async def skip_nights(self, clock: Clock, until: datetime) -> None:
        """Put the clock from each evening before the last to the next working day's morning.

        Only until an evening: whoever names another moment wants all the time before it.
        """
        if self.day_ends(until) != until:
            return
        while (evening := self.day_ends(clock.now())) < until:
            await clock.sleep_until(evening)
            self.skip_to_work(clock)

    def begin(self) -> datetime:
        """Where time goes on: where it stood, plus what passed while nobody looked."""
        kept = self.record.recall(_TIME)
        wall = self._wall.now()
        if kept is None:
            return self.working_day(wall)
        stood = json.loads(kept)
        self.stands_still = not stood["pace"]
        away = (wall - datetime.fromisoformat(stood["wall"])) * float(stood["pace"])
        passed = min(max(away, timedelta(0)), _ABSENCE_MAX)
        return datetime.fromisoformat(stood["now"]) + passed

    def keep(self, clock: Clock) -> None:
        """Remember where time stands, and whether it passes while nobody looks."""
        stands = {
            "now": clock.now().isoformat(),
            "wall": self._wall.now().isoformat(),
            "pace": 0.0 if self.stands_still else clock.pace,
        }
        self.record.remember(_TIME, json.dumps(stands))

    def leave(self, clock: Clock) -> None:
        """Let time go on from here, unless it stood still and nobody worked.

        An error in here must not hide the one that ended the work.
        """
        if not self.stands_still:
            with suppress(StoreError):
                self.keep(clock)

    def working_day(self, at: datetime) -> datetime:
        """The beginning of the first working day whose end is after a moment."""
        for days in range(60):  # holidays may follow each other
            begins = self.day_begins(at + timedelta(days=days))
            works = works_on(begins.astimezone(self.zone).date(), self._hours)
            if works and (days or self.day_ends(at) > at):
                return begins
        return self.day_begins(at)

    def day_begins(self, at: datetime) -> datetime:
        """The department's morning on the calendar day of a moment: shortly before all jobs."""
        opens = min(_DAY_BEGINS, self._hours.start)
        return datetime.combine(at.astimezone(self.zone).date(), opens, self.zone).astimezone(UTC)

    def day_ends(self, at: datetime) -> datetime:
        """The department's evening: after working hours, when the last answers were read."""
        begins = self.day_begins(at)
        closes = datetime.combine(at.astimezone(self.zone).date(), self._ends, self.zone)
        if self._hours.end is None:
            closes += timedelta(days=1)
        return min(closes.astimezone(UTC) + _AFTER_HOURS, begins + _DAY_LONGEST)

    def close(self) -> None:
        """Let go of the market's file."""
        self.record.close()
