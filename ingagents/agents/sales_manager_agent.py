"""The Sales Manager: allocates leads, watches figures, reports, hands interested people over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import msgspec

from ingagents.agents.base_agent import BaseAgent
from ingagents.communication import journal
from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.lead_status import Cause, move
from ingagents.core.rate_limiter import start_of_day
from ingagents.core.reporter import Report
from ingagents.core.reporting.daily_metrics import DayFigures, find_alerts
from ingagents.core.reporting.outlook import NOTHING_SENT, NOTHING_TO_ALLOCATE
from ingagents.core.schedule import Job
from ingagents.core.strategy.auto_apply import Kept
from ingagents.core.strategy.proposals import propose
from ingagents.display import counted
from ingagents.errors import SettingsError, TryLater, explain
from ingagents.events import (
    AgentError,
    AllocationReturned,
    DeliveryUncertain,
    Event,
    LeadsImported,
    MessageSent,
    OutreachPaused,
    PerformanceAlert,
    ReportMade,
    ResponseReceived,
    ReviewAsked,
    Role,
    SearchFinished,
    SearchRequest,
    StrategyProposed,
)
from ingagents.model import (
    DeliveryKind,
    DeliveryState,
)
from ingagents.ports import Transaction, UnitOfWork
from ingagents.services.management.allocation import Advisor, Allocating, ManagerPolicy
from ingagents.services.management.notifications import Notices
from ingagents.services.management.reporting import HISTORY_DAYS, Reporting, figures_of, midnight
from ingagents.services.management.supply import COORDINATED, Supply
from ingagents.services.outcome import Outcome
from ingagents.services.reviews.requests import ask_about_changes
from ingagents.services.sheet.sync import SheetDesk
from ingagents.store import metrics
from ingagents.store.tables import deliveries, key_value, leads, strategy

BY_RULES = "rules/strategy-1"


class SalesManagerAgent(BaseAgent):
    """Coordinates sales department operations."""

    agent_name: ClassVar[Role] = "sales_manager"

    def __init__(
        self,
        context: Context,
        jobs: Mapping[str, Job],
        *,
        notices: Notices,
        policy: ManagerPolicy,
        supply: Supply,
        advisor: Advisor | None = None,
        sheet: SheetDesk | None = None,
    ) -> None:
        super().__init__(context, jobs)
        self.notices = notices
        self._notices_wait_until: datetime | None = None
        self.policy = policy
        self.supply = supply
        self.advisor = advisor
        self.sheet = sheet

    async def process_message(self, event: Event, session: RoleSession) -> UnitOfWork | None:
        return await self.handle_agent_event(event, session)

    async def run_job(self, job: str, session: RoleSession) -> Outcome:
        match job:
            case "coordinate":
                return await self.coordinate_daily_operations(session)
            case "allocate":
                return await self.allocate_leads(session)
            case "monitor":
                return await self.monitor_performance(session)
            case "report":
                return await self.generate_daily_report(session)
            case "optimise":
                return await self.optimise_strategy(session)
            case "sync":
                return await self.sync_sheet(session)
            case _:
                raise ValueError(f"the sales manager has no job {job}")

    async def recover(self, session: RoleSession) -> None:
        if found := await self.notices.mailroom.find_orphans(session):
            self.log.warning("mails.in_doubt", count=found)

    def next_wake(self, now: datetime) -> datetime:
        usual = super().next_wake(now)
        return min(usual, self._notices_wait_until or usual)

    async def go_on(self, session: RoleSession) -> bool:
        """Tell what waited: for the end of the quiet hours, or for further texts to approve."""
        waited = self._notices_wait_until
        if waited is None or self.context.clock.now() < waited:
            return await super().go_on(session)
        self._notices_wait_until = None
        return await self.handle_escalations() > 0

    async def coordinate_daily_operations(self, session: RoleSession) -> Outcome:
        """The morning: ask for leads when short, allocate, look after what got stuck."""
        returned = await self._take_back(session)
        now = self.context.clock.now()
        uncontacted, needed = await self.context.store.read(lambda t: self.supply.stock(t, now))
        asked = uncontacted < self.policy.search_below and needed > 0
        if asked:
            await self._request_search(session, uncontacted, needed)
        today = start_of_day(now, self.policy.campaign.timezone)
        allocated = await self.allocate_leads(session, await self._left_to_coordinate(today))
        await session.commit(lambda t: key_value.note(t, COORDINATED, today.isoformat(), at=now))
        stuck = await self.handle_escalations()
        return Outcome(
            summary=f"{allocated.figures['allocated']} allocated, {returned} taken back,"
            f" {'a search asked for' if asked else counted(uncontacted, 'lead') + ' in store'}",
            figures={
                **allocated.figures,
                "returned": returned,
                "search_requested": asked,
                "uncontacted": uncontacted,
                "needed": needed,
                "escalated": stuck,
            },
        )

    async def allocate_leads(self, session: RoleSession, max_leads: int | None = None) -> Outcome:
        """Choose the day's leads by the strategy and hand them to outreach, in one commit."""
        allocating = Allocating(
            context=self.context,
            policy=self.policy,
            supply=self.supply,
            advisor=self.advisor,
            agent=self.agent_name,
        )
        result = await allocating.choose(session, max_leads)
        return Outcome(summary=_say_allocated(result), figures=result)

    async def handle_escalations(self, *, gather: bool = True) -> int:
        """Tell the team what it was not told yet; how many notices went.

        `gather`: texts to approve that may be followed by more wait for them.
        While no mail can be handed over the rest waits for the next time.
        """
        try:
            return await self._tell_the_team(gather=gather)
        except TryLater as exc:
            self.log.warning("notices.wait", error=explain(exc))
            return 0

    async def monitor_performance(self, session: RoleSession) -> Outcome:
        """Count the day so far and alert where a figure left its bounds, once a day for each.

        That nobody is left to be allocated is told once, until somebody is again.
        """
        pruned = await self._prune(session)
        returned = await self._take_back(session)
        await self.handle_escalations()
        now = self.context.clock.now()
        zone = ZoneInfo(self.policy.campaign.timezone)
        today = await self.context.store.read(
            lambda t: figures_of(t, now.astimezone(zone).date(), zone)
        )
        alerts = find_alerts(today)
        bar = self.policy.gate.bar(now)
        once_for_all = (bar.to_alert(),) if bar is not None else ()
        barred = str(bar or "")
        idle = await self.context.store.read(
            lambda t: [] if self.policy.dry_run_shows else self.supply.idle(t, now, barred=barred)
        )

        def raise_new(transaction: Transaction) -> list[str]:
            raised = []
            if self.supply.anybody(transaction):
                key_value.forget(transaction, f"alert.{NOTHING_TO_ALLOCATE}")
            day = today.day.isoformat()
            for alert, said in (
                *((one, day) for one in alerts),
                *((one, one.detail) for one in once_for_all),
                *(
                    (one, about.isoformat() if one.metric == NOTHING_SENT else _GOES_ON)
                    for about, one in idle
                ),
            ):
                name = f"alert.{alert.metric}"
                if key_value.noted(transaction, name) != said:
                    key_value.note(transaction, name, said, at=now)
                    self.append(transaction, alert)
                    raised.append(alert.metric)
            return raised

        raised = await session.commit(raise_new)
        alerts = (*alerts, *(one for _, one in idle))
        return Outcome(
            summary=f"{counted(len(alerts), 'figure')} out of bounds"
            if alerts
            else "all figures in bounds",
            figures={
                "metrics": msgspec.to_builtins(today),
                "alerts": [msgspec.to_builtins(alert) for alert in alerts],
                "raised": raised,
                "returned": returned,
                "pruned": pruned,
            },
        )

    async def generate_daily_report(self, session: RoleSession) -> Outcome:
        """Build the last whole day's report, with today so far beside it, and mail it, once."""
        reporting = self._reporting()
        report = await reporting.build_latest()
        if self.advisor is not None:
            asked = await self.advisor.insights(report)
            report = await reporting.build_latest(advice=asked.accepted or ())
        how, posted, error = "not mailed: sales_manager.report_recipients is empty", None, None
        mailroom, pages = self.notices.mailroom, self.notices.pages
        if mailroom.open:
            try:
                posted = await mailroom.post(
                    pages.report_mail(report),
                    kind=DeliveryKind.REPORT,
                    steps={reporting.step_of(report): None},
                    agent=self.agent_name,
                )
                how = _HOW_MAILED[posted.state] + "".join(
                    f", but not to {who} ({why})" for who, why in posted.unreached.items()
                )
            except TryLater as exc:
                error = exc
                how = f"not mailed yet: {explain(exc)}"
        if error is None and (posted is None or posted.delivery_id):
            made = ReportMade(day=report.day, delivery_id=posted.delivery_id if posted else "")
            await session.commit(lambda t: self.append(t, made))
        return Outcome(
            summary=f"{report.day.isoformat()}: {report.summary}; {how}",
            figures={
                "day": report.day.isoformat(),
                "summary": report.summary,
                "mailed": posted is not None and posted.state == "sent",
                "not_reached": dict(posted.unreached) if posted is not None else {},
                "metrics": msgspec.to_builtins(report.today),
            },
            error=error,
        )

    async def build_report(self, day: date | None = None, *, advice: Sequence[str] = ()) -> Report:
        """The report of a day, by default of today so far; `advice` are a model's insights."""
        return await self._reporting().build(day, advice=advice)

    def _reporting(self) -> Reporting:
        return Reporting(context=self.context, policy=self.policy, supply=self.supply)

    async def optimise_strategy(self, session: RoleSession) -> Outcome:
        """Propose changes from a fortnight's figures, as data.

        They wait for a human; only small steps of a closed list apply, and only when allowed.
        """
        now, allowed = self.context.clock.now(), self.policy.apply_small_changes
        zone = ZoneInfo(self.policy.campaign.timezone)
        today = now.astimezone(zone).date()

        def read(
            transaction: Transaction,
        ) -> tuple[list[DayFigures], dict[str, tuple[int, int]], ManagerPolicy]:
            days = [today - timedelta(days=back) for back in range(HISTORY_DAYS - 1, -1, -1)]
            history = [figures_of(transaction, one, zone) for one in days]
            since = midnight(days[0], zone)
            policy = self.policy.after(strategy.in_force(transaction, allowed=allowed))
            return history, metrics.contacted_and_positive(transaction, since), policy

        history, by_kind, policy = await self.context.store.read(read)
        found = propose(history, by_kind, policy.current)
        made = {one.setting: (one, BY_RULES) for one in found.proposals}
        decided_by, reasons = BY_RULES, list(found.reasons)
        if self.advisor is not None:
            asked = await self.advisor.proposals(history, by_kind, policy.current)
            if asked.accepted is not None:
                decided_by = asked.decided_by
                # Where both propose a change of one setting, the rules' stands.
                made = {one.setting: (one, decided_by) for one in asked.accepted} | made
            elif asked.why_not:
                reasons.append(f"no model's proposals: {asked.why_not}")

        def keep(transaction: Transaction) -> list[Kept]:
            kept = strategy.keep(transaction, made.values(), now=now, apply_small=allowed)
            proposals = tuple(one.to_dict() for one in kept)
            self.append(transaction, StrategyProposed(proposals=proposals, decided_by=decided_by))
            ask_about_changes(self.context, transaction, kept)
            return kept

        kept = await session.commit(keep)
        applied = sum(one.state == "applied" for one in kept)
        said = f"{counted(len(kept), 'change')} proposed" if kept else "no change proposed"
        return Outcome(
            summary=f"{said}, {applied} applied" if applied else said,
            figures={"proposals": [one.to_dict() for one in kept], "reasons": reasons},
        )

    async def sync_sheet(self, session: RoleSession) -> Outcome:
        """Keep the team's sheet in step with the database; without one there is nothing to do."""
        if self.sheet is None:
            return Outcome(summary="no sheet is kept: sheets.enabled is false", figures={})
        return await self.sheet.sync(session)

    def sheet_or_refuse(self) -> SheetDesk:
        """Who keeps the team's sheet.

        Raises:
            SettingsError: there is no sheet.
        """
        if self.sheet is None:
            raise SettingsError("sheets.enabled is false", "set it to true to keep a sheet")
        return self.sheet

    async def handle_agent_event(self, event: Event, session: RoleSession) -> UnitOfWork | None:
        """What the others report: a positive answer goes to humans, new leads are allocated."""
        match event:
            case ResponseReceived() | PerformanceAlert() | OutreachPaused():
                await self._tell_the_team()
            case ReviewAsked() if self.notices.drafts:
                await self._tell_the_team()
            case SearchFinished(discovered=found) | LeadsImported(taken=found):
                await self._allocate_late_arrivals(found, session)
            case AgentError():
                self.log.warning(
                    "agent.reported_error", by=event.agent, error=event.error, doing=event.doing
                )
            case DeliveryUncertain() | MessageSent() | ReviewAsked():
                pass  # history for the report; nothing to decide
            case _:
                self.log.debug("event.not_mine", event_type=type(event).__name__)
        return None

    async def _allocate_late_arrivals(self, found: int, session: RoleSession) -> None:
        """Leads that came after the morning's coordination are allocated the same day.

        Only as many as the day's allocation was short of, and never before the coordination:
        it will choose among all.
        """
        now = self.context.clock.now()
        today = start_of_day(now, self.policy.campaign.timezone)
        noted = await self.context.store.read(lambda t: key_value.noted(t, COORDINATED))
        if not found or noted != today.isoformat():
            return
        used = await self.context.store.read(lambda t: leads.allocated_since(t, today))
        if used < self.policy.max_leads:
            await self.allocate_leads(session, self.policy.max_leads - used)

    async def _left_to_coordinate(self, today: datetime) -> int:
        """How many the morning may allocate; a coordination run again gives only the rest."""

        def read(transaction: Transaction) -> int:
            if key_value.noted(transaction, COORDINATED) != today.isoformat():
                return self.policy.max_leads
            return max(0, self.policy.max_leads - leads.allocated_since(transaction, today))

        return await self.context.store.read(read)

    async def _request_search(self, session: RoleSession, uncontacted: int, needed: int) -> None:
        reason = (
            f"{uncontacted} uncontacted leads, fewer than {self.policy.search_below};"
            f" {needed} more can be contacted in the coming week"
        )
        request = SearchRequest(reason=reason, wanted=needed)
        await session.commit(lambda t: self.append(t, request))

    async def _take_back(self, session: RoleSession) -> int:
        """Give leads back that were allocated long ago and never written to."""
        now = self.context.clock.now()
        before = now - self.policy.take_back_after
        hours = self.policy.take_back_after.total_seconds() / 3600
        reason = f"allocated {hours:.0f} h ago and not written to"

        def take_back(transaction: Transaction) -> int:
            overdue = [
                lead
                for lead in leads.allocated_before(transaction, before)
                if not _act_stands(transaction, lead.id)
            ]
            for lead in overdue:
                leads.update(
                    transaction,
                    lead,
                    now=now,
                    moved=move(lead.contact_status, Cause.TAKEN_BACK),
                    status_reason=reason,
                    allocated_at=None,
                    allocated_by=None,
                )
                self.append(transaction, AllocationReturned(lead_id=lead.id, reason=reason))
            return len(overdue)

        return await session.commit(take_back)

    async def tell_now(self) -> int:
        """Tell what a task just brought (for `once`); how many notices went.

        Raises:
            BusyElsewhere: another process does this role's work, and will tell.
        """
        async with self.context.queue.session(self.agent_name, patience_seconds=0):
            return await self.handle_escalations(gather=False)

    async def _tell_the_team(self, *, gather: bool = True) -> int:
        """Mail every notice that is due, once; how many went."""
        told, self._notices_wait_until = await self.notices.tell(self.agent_name, gather=gather)
        return told

    async def _prune(self, session: RoleSession) -> int:
        """Drop handled history that is older than the set age, a page at a time."""
        before = self.context.clock.now() - self.policy.keep_history
        pruned = 0
        while gone := await session.commit(lambda t: journal.prune(t, before=before)):
            pruned += gone
        return pruned


_GOES_ON = "goes on"
"""Of what is told once until it is over, not once a day."""

_HOW_MAILED = {
    "sent": "mailed",
    "uncertain": "handed over, but the mail server did not confirm it",
    "before": "mailed before",
}


def _act_stands(transaction: Transaction, lead_id: str) -> bool:
    """Whether an act towards a lead is under way, in doubt or done: then it is not given back."""
    return any(
        one.state is not DeliveryState.REFUSED
        for one in deliveries.of_recipient(transaction, lead_id)
    )


def _say_allocated(result: Mapping[str, Any]) -> str:
    passed = ", ".join(f"{count} {rule}" for rule, count in result["passed_over"].items())
    text = f"{result['allocated']} of {counted(result['candidates'], 'lead')} allocated ({result['strategy']})"
    if "model" in result:
        text += f", {result['model']['shared']} of them also the rules' choice"
    return f"{text}; passed over: {passed}" if passed else text
