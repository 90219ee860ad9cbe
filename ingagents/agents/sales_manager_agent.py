"""The Sales Manager: allocates leads, watches figures, reports, hands interested people over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, assert_never

import msgspec

from ingagents.agents.base_agent import BaseAgent
from ingagents.commands import SearchRequest
from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.reporter import Report
from ingagents.core.schedule import Job
from ingagents.core.sending.working_hours import start_of_day
from ingagents.display import counted
from ingagents.errors import SettingsError, TryLater, explain
from ingagents.events import (
    AgentError,
    DeliveryUncertain,
    LeadsImported,
    MessageSent,
    OutreachPaused,
    PerformanceAlert,
    ReportMade,
    ResponseReceived,
    ReviewAsked,
    Role,
    SearchFinished,
)
from ingagents.llm.tasks import LlmTasks
from ingagents.model import (
    DeliveryKind,
)
from ingagents.ports import Transaction, UnitOfWork
from ingagents.routing import ToSalesManager
from ingagents.services.management.allocation import Allocating
from ingagents.services.management.monitoring import prune, raise_alerts, take_back
from ingagents.services.management.notifications import Notices
from ingagents.services.management.policy import ManagerPolicy
from ingagents.services.management.reporting import Reporting, insights
from ingagents.services.management.strategy import propose_changes
from ingagents.services.management.supply import COORDINATED, Supply
from ingagents.services.outcome import Outcome
from ingagents.store.tables import key_value, leads

if TYPE_CHECKING:
    from ingagents.services.sheet.sync import SheetDesk


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
        llm: LlmTasks,
        sheet: SheetDesk | None = None,
    ) -> None:
        super().__init__(context, jobs)
        self.notices = notices
        # What a process before this one could not tell waits no longer than until now.
        self._notices_wait_until: datetime | None = context.clock.now()
        self.policy = policy
        self.supply = supply
        self.llm = llm
        self.sheet = sheet

    async def process_message(
        self, event: ToSalesManager, session: RoleSession
    ) -> UnitOfWork | None:
        del session
        return await self.handle_agent_event(event)

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
        if found := await self.notices.find_orphans(session):
            self.log.warning("mails.in_doubt", count=found)

    def left_until(self) -> datetime | None:
        return self._notices_wait_until

    def resume(self) -> None:
        self._notices_wait_until = self.context.clock.now()

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
        returned = await take_back(self.context, self.policy, session, self.agent_name)
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
        result = await session.commit(await self._allocating().choose(max_leads))
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
        pruned = await prune(self.context, self.policy, session)
        returned = await take_back(self.context, self.policy, session, self.agent_name)
        await self.handle_escalations()
        figures = await raise_alerts(
            self.context, self.policy, self.supply, session, self.agent_name
        )
        alerts = len(figures["alerts"])
        return Outcome(
            summary=f"{counted(alerts, 'figure')} out of bounds"
            if alerts
            else "all figures in bounds",
            figures={**figures, "returned": returned, "pruned": pruned},
        )

    async def generate_daily_report(self, session: RoleSession) -> Outcome:
        """Build the last whole day's report, with today so far beside it, and mail it, once."""
        reporting = self._reporting()
        report = await reporting.build_latest()
        if advice := await insights(self.llm, report):
            report = await reporting.build_latest(advice=advice)
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
        return await propose_changes(self.context, self.policy, self.llm, session, self.agent_name)

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

    async def handle_agent_event(self, event: ToSalesManager) -> UnitOfWork | None:
        """What the others report: a positive answer goes to humans, new leads are allocated.

        A mail is no change of the department's: it is claimed before and has its own outcome.
        """
        match event:
            case ResponseReceived() | PerformanceAlert() | OutreachPaused():
                await self._tell_the_team()
            case ReviewAsked() if self.notices.drafts:
                await self._tell_the_team()
            case SearchFinished(discovered=found) | LeadsImported(taken=found):
                return await self._allocating_late_arrivals(found)
            case AgentError():
                self.log.warning(
                    "agent.reported_error", by=event.agent, error=event.error, doing=event.doing
                )
            case DeliveryUncertain() | MessageSent() | ReviewAsked():
                pass  # history for the report; nothing to decide
            case _:
                assert_never(event)
        return None

    def _allocating(self) -> Allocating:
        return Allocating(
            context=self.context,
            policy=self.policy,
            supply=self.supply,
            llm=self.llm,
            agent=self.agent_name,
        )

    async def _allocating_late_arrivals(self, found: int) -> UnitOfWork | None:
        """Leads that came after the morning's coordination are allocated the same day.

        Only as many as the day's allocation was short of, and never before the coordination:
        it will choose among all.
        """
        now = self.context.clock.now()
        today = start_of_day(now, self.policy.campaign.timezone)
        noted = await self.context.store.read(lambda t: key_value.noted(t, COORDINATED))
        if not found or noted != today.isoformat():
            return None
        used = await self.context.store.read(lambda t: leads.allocated_since(t, today))
        if used >= self.policy.max_leads:
            return None
        return await self._allocating().choose(self.policy.max_leads - used)

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


_HOW_MAILED = {
    "sent": "mailed",
    "uncertain": "handed over, but the mail server did not confirm it",
    "before": "mailed before",
}


def _say_allocated(result: Mapping[str, Any]) -> str:
    passed = ", ".join(f"{count} {rule}" for rule, count in result["passed_over"].items())
    text = f"{result['allocated']} of {counted(result['candidates'], 'lead')} allocated ({result['strategy']})"
    if "model" in result:
        text += f", {result['model']['shared']} of them also the rules' choice"
    return f"{text}; passed over: {passed}" if passed else text
