"""How many people can still be written to, and how many of them have to be found first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ingagents.communication import journal
from ingagents.core.programme import TrackState, in_words, room_left
from ingagents.core.rate_limiter import (
    WEEK,
    RateRules,
    Usage,
    WaitUntil,
    can_send,
    sendable_until,
)
from ingagents.core.reporting.outlook import Outlook, find_idleness, kept_back
from ingagents.core.sending.warm_up import warmed_up
from ingagents.core.sending.working_hours import works_on
from ingagents.core.strategy.auto_apply import THRESHOLD, in_force, rules_after
from ingagents.events import PerformanceAlert, SearchFinished
from ingagents.ports import Transaction
from ingagents.services.outreach.account import AccountPolicy, paused, usage_of
from ingagents.store import metrics
from ingagents.store.programme import programme_now
from ingagents.store.tables import candidates, key_value, leads, schedule, strategy
from ingagents.store.tables.candidates import Available

COORDINATED = "coordinated.day"
"""The note of the day whose leads were allocated in the morning."""

_ORDINARY_WAITS = 2
"""The pause between two sends, and the hours that may begin after it."""

_DAYS_BACK = 60
"""So far back the last working day is looked for; holidays may follow each other."""

AHEAD = WEEK
"""So far ahead people are looked for: more would grow stale in the store."""


@dataclass(frozen=True, kw_only=True)
class Supply:
    """What the accounts' limits leave room for, beside who is there to be written to.

    Limits and threshold are those of the settings, with the changes of strategy in force;
    `small_changes`: also with those that nobody approved.
    """

    accounts: tuple[AccountPolicy, ...]
    quality_threshold: float
    small_changes: bool
    allow_same_company: bool
    write_to_other: bool

    @property
    def account(self) -> AccountPolicy:
        """The first account: by its calendar days are judged."""
        return self.accounts[0]

    def room(self, transaction: Transaction, now: datetime, ahead: timedelta) -> int:
        """How many more may be allocated, for all of them to be written to within `ahead`."""
        sendable = self._sendable(transaction, now, ahead)
        room, places = sendable - leads.waiting(transaction), self.places(transaction, now)
        return max(0, room if places is None else min(room, places))

    def programme(self, transaction: Transaction, now: datetime) -> tuple[TrackState, ...]:
        """How it stands with each track of the programme."""
        return programme_now(transaction, self.account.programme, now=now)

    def places(self, transaction: Transaction, now: datetime) -> int | None:
        """How many more the programme lets be allocated; None: it sets no limit."""
        return room_left(self.programme(transaction, now))

    def in_store(self, transaction: Transaction, now: datetime) -> Available:
        """How many nobody has written to who are good enough and have an address."""
        steps = strategy.in_force(transaction, allowed=self.small_changes)
        return candidates.available(
            transaction,
            at_least=in_force(THRESHOLD, self.quality_threshold, steps),
            allow_same_company=self.allow_same_company,
            write_to_other=self.write_to_other,
            now=now,
        )

    def stock(self, transaction: Transaction, now: datetime) -> tuple[int, int]:
        """How many are in store, and how many more the account needs not to run dry in the days ahead."""
        stored = self.in_store(transaction, now).free
        return stored, max(0, self.room(transaction, now, AHEAD) - stored)

    def outlook(self, transaction: Transaction, now: datetime, *, barred: str = "") -> Outlook:
        """How it stands now; `barred` says why the campaign lets nothing out."""
        finished = journal.last_of(transaction, SearchFinished)
        allocated, room = leads.waiting(transaction), self._sendable(transaction, now, AHEAD)
        states, store = self.programme(transaction, now), self.in_store(transaction, now)
        if (places := room_left(states)) is not None:
            room = min(room, places + allocated)
        full = "; ".join(in_words(states)) if places == 0 else ""
        return Outlook(
            allocated=allocated,
            in_store=store.free,
            kept_back=kept_back(store.same_company, store.others),
            room=room,
            held=_paused(transaction) or barred or self._held(transaction, now) or full,
            exhausted=finished is not None and finished.exhausted,
            searched=finished is not None,
            last_pass=last.said if (last := schedule.runs(transaction).get("outreach")) else "",
        )

    def anybody(self, transaction: Transaction, now: datetime) -> bool:
        """Whether there is somebody to be written to."""
        return bool(leads.waiting(transaction) or self.in_store(transaction, now).free)

    def idle(
        self, transaction: Transaction, now: datetime, *, barred: str = ""
    ) -> list[tuple[date, PerformanceAlert]]:
        """Alerts of today, or of the last working day, on which nothing went on; with the day."""
        if (judged := self.judged_day(now)) is None:
            return []
        day, over = judged
        zone = ZoneInfo(self.account.rules.hours.timezone)
        start, end = (
            datetime.combine(one, datetime.min.time(), tzinfo=zone).astimezone(UTC)
            for one in (day, day + timedelta(days=1))
        )
        found = find_idleness(
            metrics.day_figures(transaction, day, start, end),
            self.outlook(transaction, now, barred=barred),
            worked=key_value.noted(transaction, COORDINATED) == start.isoformat(),
            over=over,
        )
        return [(day, one) for one in found]

    def judged_day(self, now: datetime) -> tuple[date, bool] | None:
        """The working day that can be judged: today, or the last one before; whether it is over.

        None when no day is a working day.
        """
        zone, hours = ZoneInfo(self.account.rules.hours.timezone), self.account.rules.hours
        local = now.astimezone(zone)
        today = local.date()
        if works_on(today, hours) and local.time() >= hours.start:
            return today, hours.end is not None and local.time() >= hours.end
        return (self.working_day_before(today), True) if hours.days else None

    def works_on(self, day: date) -> bool:
        """Whether a day is a working day."""
        return works_on(day, self.account.rules.hours)

    def working_day_before(self, day: date) -> date:
        """The last working day before a day; the day before where there is none."""
        before = [day - timedelta(days=back) for back in range(1, _DAYS_BACK)]
        return next((one for one in before if self.works_on(one)), before[0])

    def _sendable(self, transaction: Transaction, now: datetime, ahead: timedelta) -> int:
        """How many first contacts the accounts that go on may make within `ahead`."""
        return sum(
            sendable_until(now, now + ahead, usage, rules)
            for usage, rules in self._going_on(transaction, now)
        )

    def _held(self, transaction: Transaction, now: datetime) -> str:
        """Why no account sends; "" when one does."""
        said = [_held(usage, now, rules) for usage, rules in self._going_on(transaction, now)]
        stopped = "every account has stopped: see `ingagents status`"
        return next(iter(said), stopped) if all(said) else ""

    def _going_on(
        self, transaction: Transaction, now: datetime
    ) -> Iterator[tuple[Usage, RateRules]]:
        """What each account did and may do, but for those that have stopped alone."""
        for one in self.accounts:
            if not one.others or not paused(transaction, one):
                usage = usage_of(transaction, one.account_id, now=now).concerning(None)
                steps = strategy.in_force(transaction, allowed=self.small_changes)
                yield usage, warmed_up(rules_after(one.rules, steps), one.warm_up_from, now)


def _held(usage: Usage, now: datetime, rules: RateRules) -> str:
    """What holds sends beside the hours of the day and the pause between two, which hold nobody up."""
    verdict = can_send(now, usage, rules)
    for _ in range(_ORDINARY_WAITS):
        if isinstance(verdict, WaitUntil) and verdict.limit in {"hours", "gap"}:
            verdict = can_send(verdict.moment, usage, rules)
    return verdict.reason if isinstance(verdict, WaitUntil) else ""


def _paused(transaction: Transaction) -> str:
    paused = key_value.noted(transaction, key_value.PAUSED)
    return f"outreach is paused ({paused['reason']})" if paused else ""
