"""Outreach: writes to allocated leads under the account's limits, watches for answers.

What is to do stands in the database: leads with status Allocated. An allocation event is only the
bell that says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from ingagents.agents.base_agent import BaseAgent, Desk, Outcome
from ingagents.agents.contact import Contact, Contacted, usage_of
from ingagents.agents.correspondence import note_acceptances, take_in
from ingagents.agents.doubts import Doubts
from ingagents.communication.message_queue import Work, Working, explain
from ingagents.core.message_generator import Unwritable
from ingagents.core.rate_limiter import WaitUntil, can_send
from ingagents.core.response_analyser import analyse_response
from ingagents.core.schedule import Job
from ingagents.core.sending import Way
from ingagents.errors import AccountBlocked, RequestRefused, ServiceError, TryLater
from ingagents.events import AgentError, Event, LeadAllocation, OutreachPaused, Role
from ingagents.model import AccountState, Draft, Lead, ResponseAnalysis
from ingagents.ports import LinkedInClient, LinkedInSender, Transaction
from ingagents.store import deliveries, leads, notes
from ingagents.store.rows import moment, stamp

__all__ = ["OutreachAgent"]

PASS_MAX = 1000
"""Leads looked at in one pass; the next pass takes the rest."""

OVERLAP = timedelta(hours=1)
"""New messages are asked for from this long before the last look: services show some late."""

_NEVER = timedelta(days=365)


class OutreachAgent(BaseAgent):
    """Handles messaging and response tracking."""

    agent_name: ClassVar[Role] = "outreach"

    def __init__(
        self,
        desk: Desk,
        jobs: Mapping[str, Job],
        *,
        client: LinkedInClient,
        sender: LinkedInSender,
        contact: Contact,
        doubts: Doubts,
    ) -> None:
        super().__init__(desk, jobs)
        self.client = client
        self.sender = sender
        self.contact = contact
        self.doubts = doubts
        self._go_on_at = desk.clock.now()

    async def process_message(self, event: Event, working: Working) -> Work | None:
        del working
        if isinstance(event, LeadAllocation):
            self._go_on_at = self.desk.clock.now()  # the leads themselves are the work
        return None

    async def run_job(self, job: str, working: Working) -> Outcome:
        match job:
            case "outreach":
                return await self.process_allocated_leads(working)
            case "replies":
                return await self.monitor_responses(working)
            case _:
                raise ValueError(f"outreach has no job {job}")

    def next_wake(self, now: datetime) -> datetime:
        del now
        return self._go_on_at

    async def go_on(self, working: Working) -> bool:
        if self._go_on_at > self.desk.clock.now():
            return False
        await self.process_allocated_leads(working)
        return True

    async def recover(self, working: Working) -> None:
        if found := await self.doubts.find_orphans(working):
            self.log.warning("deliveries.in_doubt", count=found)

    async def process_allocated_leads(self, working: Working) -> Outcome:
        """Send what limits and hours allow at this moment, best lead first."""
        counts: Counter[str] = Counter()
        ended = Contacted(kind="waits", reason="")
        await self.doubts.settle_due(working)
        try:
            ended = await self._one_pass(counts, working)
        except TryLater as exc:
            ended = Contacted(kind="waits", reason=explain(exc), stop=True)
            wait = timedelta(seconds=max(exc.retry_after_seconds or 0.0, 300.0))
            self._go_on_at = self.desk.clock.now() + wait
            self.log.warning("outreach.service_down", error=explain(exc))
            return self._outcome(counts, ended, try_later=explain(exc))
        except (AccountBlocked, RequestRefused) as exc:
            await self._pause(explain(exc), working)
            return self._outcome(counts, ended, try_later=f"paused: {explain(exc)}")
        self._go_on_at = await self._next_look_or(ended)
        return self._outcome(counts, ended)

    def generate_message(self, lead: Lead, way: Way) -> Draft | Unwritable:
        """A text for this lead that is fit to send, or why there is none."""
        return self.contact.draft(lead, way)

    async def send_message(self, lead: Lead, account: AccountState, working: Working) -> Contacted:
        """Write to one lead: look, draft, claim, act, outcome."""
        return await self.contact.write_to(lead, account, working)

    async def monitor_responses(self, working: Working) -> Outcome:
        """Look once for answers and accepted invitations."""
        now = self.desk.clock.now()
        try:
            messages = await self.sender.new_messages(after=await self._look_from(now))
            taken = await take_in(messages, desk=self.desk, working=working, agent=self.agent_name)
            await working.commit(
                lambda t: notes.note(t, notes.REPLIES_SEEN_UNTIL, stamp(now), at=now)
            )
            relations = await self.client.newest_relations()
        except AccountBlocked as exc:
            await self._pause(explain(exc), working)
            return Outcome(
                summary=f"not looked: {explain(exc)}", figures={}, try_later=explain(exc)
            )
        except ServiceError as exc:
            return Outcome(
                summary=f"not looked: {explain(exc)}", figures={}, try_later=explain(exc)
            )
        accepted = await note_acceptances(
            relations, desk=self.desk, working=working, agent=self.agent_name
        )
        return Outcome(
            summary=f"{taken} new answers, {accepted} invitations accepted",
            figures={"replies": taken, "accepted": accepted, "messages_read": len(messages)},
        )

    def analyse_response(self, response_text: str) -> ResponseAnalysis:
        """What a reply means, by rules."""
        return analyse_response(response_text)

    async def _one_pass(self, counts: Counter[str], working: Working) -> Contacted:
        """Write to allocated leads until a limit, a stop or the end."""
        account: AccountState | None = None
        queue = await self.desk.store.read(lambda t: leads.allocated(t, limit=PASS_MAX))
        for lead in queue:
            if self.stopping:
                return Contacted(kind="waits", reason="stopping")
            wait = await self._must_wait(dry_runs=counts["dry_run"])
            if wait is not None:
                return Contacted(kind="waits", reason=wait.reason, wait=wait)
            account = account or await self.client.account()
            if account.status != "OK":
                raise AccountBlocked(
                    f"the LinkedIn account reports {account.status}",
                    "log in again at the service, then `ingagents resume`",
                )
            self.doing = f"writing to {lead.name}"
            contacted = await self.send_message(lead, account, working)
            counts[contacted.kind] += 1
            self.log.info(
                "lead.contacted",
                lead_id=lead.id,
                name=lead.name,
                result=contacted.kind,
                reason=contacted.reason,
            )
            if contacted.stop:
                return contacted
        return Contacted(kind="waits", reason="" if queue else "nobody is allocated")

    async def _must_wait(self, *, dry_runs: int) -> WaitUntil | None:
        """What holds up every send, before anybody's profile is visited for nothing."""
        now, policy = self.desk.clock.now(), self.contact.policy

        def ask(transaction: Transaction) -> WaitUntil | None:
            pause = notes.noted(transaction, notes.PAUSED)
            if pause:
                reason = f"paused by {pause['by']}: {pause['reason']}"
                return WaitUntil(moment=now + _NEVER, limit="never", reason=reason)
            usage = usage_of(transaction, policy.account_id, None, now=now)
            if dry_runs:  # a dry run uses no quota, but should end where a real one would
                usage = type(usage)(
                    reserved=(*usage.reserved, *[now] * dry_runs), holds=usage.holds
                )
            verdict = can_send(now, usage, policy.rules)
            return verdict if isinstance(verdict, WaitUntil) else None

        return await self.desk.store.read(ask)

    async def _look_from(self, now: datetime) -> datetime:
        """From when on messages are new to us."""

        def read(transaction: Transaction) -> datetime:
            seen = notes.noted(transaction, notes.REPLIES_SEEN_UNTIL)
            first = deliveries.first_claim(transaction)
            if seen:
                return moment(seen) - OVERLAP
            return (first or now) - OVERLAP

        return await self.desk.store.read(read)

    async def _next_look_or(self, ended: Contacted) -> datetime:
        """When to go on: the wait that ended the pass, or the next look at a doubt."""
        now = self.desk.clock.now()
        moments = [now + _NEVER]
        if (look := await self.doubts.next_due()) is not None:
            moments.append(max(look, now + timedelta(seconds=5)))
        if ended.wait is not None:
            moments.append(ended.wait.moment)
        return min(moments)

    async def _pause(self, reason: str, working: Working) -> None:
        """Set the kill switch: only a human can mend what is wrong."""
        now = self.desk.clock.now()

        def pause(transaction: Transaction) -> None:
            if notes.noted(transaction, notes.PAUSED):
                return
            note = {"by": self.agent_name, "reason": reason, "at": now.isoformat()}
            notes.note(transaction, notes.PAUSED, note, at=now)
            self.append(
                transaction,
                OutreachPaused(by=self.agent_name, reason=reason),
                AgentError(agent=self.agent_name, error=reason, doing="sending"),
            )

        await working.commit(pause)
        self._go_on_at = now + _NEVER

    def _outcome(self, counts: Counter[str], ended: Contacted, *, try_later: str = "") -> Outcome:
        said = [f"{count} {kind.replace('_', ' ')}" for kind, count in counts.items() if count]
        summary = ", ".join(said) or "nothing sent"
        if ended.reason:
            when = f" until {ended.wait.moment.isoformat()}" if ended.wait else ""
            summary += f"; waits{when}: {ended.reason}"
        return Outcome(
            summary=summary,
            figures={kind: counts[kind] for kind in RESULTS},
            waits_until=ended.wait.moment if ended.wait else None,
            waits_for=ended.reason,
            try_later=try_later,
        )


RESULTS = ("sent", "uncertain", "refused", "skipped", "answered", "dry_run")
