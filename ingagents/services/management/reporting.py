"""Reports put together: which day they are about, from what is counted and what waits now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ingagents.context import Context
from ingagents.core.llm.insights import accept_insights, ask_insights
from ingagents.core.reporter import NeedsHuman, Report, ReportFacts, build_report
from ingagents.core.reporting.daily_metrics import DayFigures
from ingagents.core.reporting.incidents import stopped
from ingagents.core.reporting.open_matters import needs_human
from ingagents.core.strategy.auto_apply import say_strategy
from ingagents.errors import UsageError
from ingagents.llm.tasks import LlmTasks
from ingagents.model import ModelTask, Step, StepKind
from ingagents.ports import Transaction
from ingagents.services.management.policy import ManagerPolicy
from ingagents.services.management.supply import Supply
from ingagents.services.outreach.account import means_now
from ingagents.store import metrics
from ingagents.store.conversations import conversations
from ingagents.store.open_matters import open_matters
from ingagents.store.tables import strategy

HISTORY_DAYS = 14
_YEARS = range(1900, 9001)
"""Of days that may be asked for: those around them are days of the calendar too."""


@dataclass(frozen=True, kw_only=True)
class Reporting:
    """Builds the reports of one department."""

    context: Context
    policy: ManagerPolicy
    supply: Supply

    async def build(self, day: date | None = None, *, advice: Sequence[str] = ()) -> Report:
        """A day's report; by default today's so far. A past day's says nothing of how it is now.

        Raises:
            UsageError: no calendar of ours knows the days around it.
        """
        today = self._today()
        wanted = day or today
        if wanted.year not in _YEARS:
            raise UsageError(
                f"there is no report of {wanted}",
                f"name a day of the years {_YEARS[0]} to {_YEARS[-1]}",
            )
        return await self._build(wanted, current=wanted >= today, advice=advice)

    async def build_latest(self, *, advice: Sequence[str] = ()) -> Report:
        """The last whole working day's, with what came since and what waits now beside it.

        Before there was a whole day: today's so far.
        """
        judged = self.supply.judged_day(self.context.clock.now())
        day = self._today()
        if judged is not None:
            day, over = judged
            if not over:
                day = self.supply.working_day_before(day)
            began = await self.context.store.read(metrics.began_at)
            if began is None or began >= midnight(day + timedelta(days=1), self._zone):
                day = self._today()
        return await self._build(day, current=True, advice=advice)

    def step_of(self, report: Report) -> Step:
        """The claim by which a report is mailed once: of a day so far, and of the whole day.

        The report that a working day after days off opens with is one of its own: it tells what
        came on them, which the one of the first day off could not.
        """
        day, today = report.day.isoformat(), self._today()
        judged = self.supply.judged_day(self.context.clock.now())
        if report.day == today and judged != (today, True):
            return Step(StepKind.REPORT, f"{day}:so-far")
        after_days_off = self.supply.works_on(today) and today - report.day > timedelta(days=1)
        return Step(StepKind.REPORT, f"{day}:{today.isoformat()}" if after_days_off else day)

    async def _build(self, wanted: date, *, current: bool, advice: Sequence[str]) -> Report:
        now, zone, today = self.context.clock.now(), self._zone, self._today()
        start, end = midnight(wanted, zone), midnight(wanted + timedelta(days=1), zone)
        barred = str(self.policy.gate.bar(now) or "") if current else ""

        def read(transaction: Transaction) -> Report:
            began = metrics.began_at(transaction) or now
            lived = (wanted - began.astimezone(zone).date()).days
            week = [
                figures_of(transaction, wanted - timedelta(days=back), zone)
                for back in range(min(6, max(0, lived)), -1, -1)
            ]
            days = [wanted - timedelta(days=back) for back in range(HISTORY_DAYS - 1, -1, -1)]
            fortnight = [
                (one, midnight(one, zone), midnight(one + timedelta(days=1), zone)) for one in days
            ]
            beside = current and wanted < today
            outage = metrics.model_outage(transaction, start, end)
            facts = ReportFacts(
                today=week[-1],
                yesterday=week[-2] if len(week) > 1 else None,
                week=week,
                answers=metrics.answers(transaction, start, now if beside else end),
                needs_human=open_now(transaction, today) if current else (),
                would_go=metrics.would_go(transaction, limit=self.policy.dry_run_shows)
                if current
                else (),
                stopped=stopped(metrics.stopped(transaction, start, end)),
                fortnight=metrics.sends_and_answers(transaction, fortnight),
                advice=advice,
                judgements=(
                    *((outage.sentence(zone),) if outage else ()),
                    *metrics.judgements(transaction, start, end),
                    *(self._said_of_strategy(transaction) if current else ()),
                ),
                campaign=self.policy.campaign,
                generated_at=now,
                barred=barred,
                means=tuple(
                    mean
                    for one in self.supply.accounts
                    if current
                    for mean in means_now(transaction, one, now=now)
                ),
                programme=self.supply.programme(transaction, now) if current else (),
                outlook=self.supply.outlook(transaction, now, barred=barred) if current else None,
                idle=[
                    alert.detail
                    for _, alert in self.supply.idle(transaction, now, barred=barred)
                    if current and not self.policy.dry_run_shows
                ],
                so_far=metrics.day_figures(
                    transaction, today, end, midnight(today + timedelta(days=1), zone)
                )
                if beside
                else None,
                past=wanted < today,
                conversations=conversations(transaction, end, now=now if current else None),
            )
            return build_report(facts)

        return await self.context.store.read(read)

    def _said_of_strategy(self, transaction: Transaction) -> list[str]:
        applied = strategy.in_force(transaction, allowed=self.policy.apply_small_changes)
        return say_strategy(applied, strategy.waiting(transaction))

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.policy.campaign.timezone)

    def _today(self) -> date:
        return self.context.clock.now().astimezone(self._zone).date()


async def insights(llm: LlmTasks, report: Report) -> Sequence[str]:
    """What a model says of the day's figures; nothing where none is asked or none holds."""
    if not llm.asks:
        return ()
    question = ask_insights(report, llm.prompts[ModelTask.REPORT])
    asked = await llm.ask(question, lambda _, answer: accept_insights(answer, report))
    return asked.accepted or ()


def open_now(transaction: Transaction, today: date) -> list[NeedsHuman]:
    """What only a person can settle on the campaign's `today`."""
    return needs_human(open_matters(transaction, today=today), today=today)


def figures_of(transaction: Transaction, day: date, zone: ZoneInfo) -> DayFigures:
    """What is counted about a day of the zone's calendar."""
    end = midnight(day + timedelta(days=1), zone)
    return metrics.day_figures(transaction, day, midnight(day, zone), end)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a calendar day begins in a zone."""
    return datetime(day.year, day.month, day.day, tzinfo=zone)
