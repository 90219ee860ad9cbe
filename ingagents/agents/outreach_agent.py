"""Outreach: writes to allocated leads under the accounts' limits, watches for answers.

What is to do stands in the database: leads with status Allocated. An allocation event is only the
wakeup that says so. Each account has its desk; they are gone on with in turn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar, assert_never

from ingagents.agents.base_agent import BaseAgent
from ingagents.commands import LeadAllocation
from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.message_generator import Unwritable
from ingagents.core.schedule import Job
from ingagents.core.send_policy import Channel
from ingagents.events import OutreachResumed, ReviewDecided, Role
from ingagents.model import FIRST_CONTACT, AccountState, Draft, Lead, ResponseAnalysis, Step
from ingagents.ports import UnitOfWork
from ingagents.routing import ToOutreach
from ingagents.services.outcome import Outcome, together
from ingagents.services.outreach.desk import Desk
from ingagents.services.outreach.inbox.replies import read_reply
from ingagents.services.outreach.sending.send import SendMessage
from ingagents.services.outreach.sending.send_outcomes import SendOutcome
from ingagents.services.outreach.sending.ways import Ways


class OutreachAgent(BaseAgent):
    """Handles messaging and response tracking, for one account or several."""

    agent_name: ClassVar[Role] = "outreach"

    def __init__(
        self,
        context: Context,
        jobs: Mapping[str, Job],
        *,
        ways: Sequence[Ways],
        glance_every: timedelta,
    ) -> None:
        super().__init__(context, jobs)
        self.desks = tuple(
            Desk(context, one, self, agent=self.agent_name, glance_every=glance_every)
            for one in ways
        )

    @property
    def contact(self) -> SendMessage:
        """How the first account writes."""
        return self.desks[0].contact

    async def process_message(self, event: ToOutreach, session: RoleSession) -> UnitOfWork | None:
        del session
        match event:
            case LeadAllocation() | OutreachResumed() | ReviewDecided():
                for desk in self.desks:
                    desk.resume()  # the leads themselves are the work
            case _:
                assert_never(event)
        return None

    async def run_job(self, job: str, session: RoleSession) -> Outcome:
        match job:
            case "outreach":
                return await self.process_allocated_leads(session)
            case "replies":
                return await self.monitor_responses(session)
            case _:
                raise ValueError(f"outreach has no job {job}")

    def next_wake(self, now: datetime) -> datetime:
        return min(self.left_until(), *(desk.doorbell.next_at(now) for desk in self.desks))

    async def look_out(self) -> None:
        for desk in self.desks:
            await desk.doorbell.look_out()

    async def go_on(self, session: RoleSession) -> bool:
        worked = [await desk.go_on(session) for desk in self.desks]
        return any(worked)

    def left_until(self) -> datetime:
        return min(desk.left_until() for desk in self.desks)

    def resume(self) -> None:
        for desk in self.desks:
            desk.resume(anew=True)

    async def recover(self, session: RoleSession) -> None:
        for desk in self.desks:
            await desk.recover()
            if len(self.desks) > 1:  # before the first of them writes to the owner of another
                await desk.know_itself(session)
        if found := await self.desks[0].doubts.find_orphans(session):
            self.resume()
            self.log.warning("deliveries.in_doubt", count=found)
        if left := await self.desks[0].doubts.ask_about_left(session):
            self.log.warning("deliveries.of_left_accounts", count=left)

    async def process_allocated_leads(self, session: RoleSession) -> Outcome:
        """Send what limits and hours of each account allow at this moment, best lead first."""
        return together(
            {desk.policy.account_id: await desk.send_all(session) for desk in self.desks}
        )

    async def generate_message(self, lead: Lead, way: Channel) -> Draft | Unwritable:
        """A text for this lead that is fit to send, or why there is none."""
        written = await self.contact.drafting.text_for(lead, way)
        return written if isinstance(written, Unwritable) else written.draft

    async def send_message(
        self,
        lead: Lead,
        account: AccountState,
        session: RoleSession,
        *,
        step: Step = FIRST_CONTACT,
    ) -> SendOutcome:
        """Take a step towards one lead from an account: look, draft, claim, act, outcome."""
        named = (desk for desk in self.desks if desk.policy.account_id == account.id)
        desk = next(named, self.desks[0])
        return await desk.send_message(lead, account, session, step=step)

    async def monitor_responses(self, session: RoleSession) -> Outcome:
        """Look once for answers and accepted invitations, in each account."""
        return together(
            {desk.policy.account_id: await desk.monitor(session) for desk in self.desks}
        )

    async def analyse_response(self, response_text: str) -> ResponseAnalysis:
        """What a reply means, by rules, and with a model's help where they doubt."""
        return (await read_reply(self.contact.llm, response_text))[0]
