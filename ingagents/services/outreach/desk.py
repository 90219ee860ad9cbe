"""One account at work: it sends what waits for it, looks for answers, and stops when it is in trouble.

Each account has a desk of its own; whom nobody has written to yet is anybody's of them.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial

from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.sending.plans import Gate, Wait
from ingagents.core.sending.send_facts import AccountFacts
from ingagents.errors import (
    AccountBlocked,
    IngagentsError,
    RequestRefused,
    ServiceError,
    TryLater,
    WrongAnswer,
    explain,
)
from ingagents.events import Role
from ingagents.log import narrator
from ingagents.model import FIRST_CONTACT, AccountState, Lead, LeadId, Step
from ingagents.services.outcome import Outcome
from ingagents.services.outreach.account import account_facts, in_order
from ingagents.services.outreach.backfill import Recollection
from ingagents.services.outreach.enrolments.progress import follow
from ingagents.services.outreach.inbox.doorbell import Doorbell
from ingagents.services.outreach.inbox.look_outcome import outcome_of_look
from ingagents.services.outreach.inbox.reply_look import Looked, ReplyLook
from ingagents.services.outreach.kill_switch import pause_outreach
from ingagents.services.outreach.ourselves import OUR_OWN, know_ourselves
from ingagents.services.outreach.outreach_pass import (
    Pass,
    may_send_now,
    needs_no_visit,
    next_step_at,
    outcome_of,
    queue_of,
)
from ingagents.services.outreach.sending.facts import look
from ingagents.services.outreach.sending.later_steps import nothing_new
from ingagents.services.outreach.sending.send_outcomes import SendOutcome
from ingagents.services.outreach.sending.ways import Ways, Worker
from ingagents.services.outreach.wrong_answers import forget_wrong, note_wrong
from ingagents.services.reviews.requests import lapse_drafts
from ingagents.store.metrics import acceptances_after

SERVICE_RESTS = timedelta(minutes=5)
"""How long a service that is down is left alone; longer if it asks for more."""

_DOWN_AFTER = 2
"""So many people in a row whom the service cannot show: it is the service, not one of them."""

_REFUSED_AFTER = 3
"""So many people whom the service refuses to show as our mistake: it is not one of them."""

_TOO_MANY_REQUESTS = 429
_NEVER = timedelta(days=365)


class Desk:
    """One account's work, gone on with by whoever holds the role."""

    def __init__(
        self, context: Context, ways: Ways, worker: Worker, *, agent: Role, glance_every: timedelta
    ) -> None:
        self.context, self.worker, self.agent = context, worker, agent
        self.account, self.profiles, self.inbox = ways.account, ways.profiles, ways.inbox
        self.contact, self.doubts, self.withdrawals = ways.contact, ways.doubts, ways.withdrawals
        self.policy = ways.contact.policy
        self.log = narrator().bind(agent=agent)
        account_id = self.policy.account_id
        self.recollection = Recollection(
            context=context, inbox=ways.inbox, sent_items=ways.sent_items, account_id=account_id
        )
        self._recollected = self._known = False
        self.reply_look = ReplyLook(
            context=context,
            inbox=ways.inbox,
            reception=self.contact.reception,
            answering=self.contact.answering,
            account_id=account_id,
            agent=agent,
        )
        self._go_on_at = now = context.clock.now()
        campaigns = self.contact.campaigns
        self.doorbell = Doorbell(
            look=self.reply_look,
            every=glance_every,
            profiles=ways.profiles,
            account=ways.account,
            follow=partial(follow, campaigns, ways.inbox, self.policy, context)
            if campaigns is not None and self.policy.live
            else None,
        )
        self._look_on_at = now + _NEVER
        self._knows_what_is_left = False

    def left_until(self) -> datetime:
        """When the account's work wants to be gone on with."""
        return min(self._go_on_at, self._look_on_at)

    def resume(self, *, anew: bool = False) -> None:
        """There is something to send now; `anew`: also what somebody before left is looked for."""
        self._go_on_at = self.context.clock.now()
        if anew:
            self._knows_what_is_left = False

    async def know_itself(self, session: RoleSession) -> None:
        """Learn once who owns the account: a colleague is nobody's lead. Not now: another time."""
        if not self._known:
            try:
                await self._know_ourselves(await self.account.account(), session)
            except ServiceError as exc:
                self.log.info("account.not_read", error=explain(exc))

    async def _know_ourselves(
        self, account: AccountState, session: RoleSession
    ) -> frozenset[LeadId]:
        ours = await know_ourselves(
            account,
            account_id=self.policy.account_id,
            context=self.context,
            session=session,
            agent=self.agent,
        )
        self._known = True
        return ours

    async def recover(self) -> None:
        """See once whether an earlier look for answers left something to be gone on with."""
        if not self._knows_what_is_left and await self.reply_look.left():
            self._look_on_at = self.context.clock.now()
        self._knows_what_is_left = True

    async def go_on(self, session: RoleSession) -> bool:
        """Go on with what is due; True when something was done."""
        sends, looks = (at <= self.context.clock.now() for at in (self._go_on_at, self._look_on_at))
        if sends:
            await self.send_all(session)
        if looks:
            await self._look_on(session)
        news = 0
        async with self._bearing(session), self._telling(session):
            if news := await self.doorbell.answer(session, stopping=self._stopping):
                self.resume(anew=True)  # an answer may go by itself
        return sends or looks or news > 0

    async def send_all(self, session: RoleSession) -> Outcome:
        """Send what limits and hours allow at this moment, best lead first."""
        state = Pass()
        ended = SendOutcome(kind="waits", reason="")
        try:
            all_read = await self.doubts.settle_due(session)
            await lapse_drafts(self.context, session)
            await self.contact.answering.renew(session)
            state.withdrawn = await self.withdrawals.run(session, stopping=self._stopping)
            ended = await self._one_pass(state, session)
        except TryLater as exc:
            ended = SendOutcome(kind="waits", reason=explain(exc), stop=True)
            asked = timedelta(seconds=exc.retry_after_seconds or 0.0)
            self._go_on_at = self.context.clock.now() + max(asked, SERVICE_RESTS)
            self.log.warning("outreach.service_down", error=explain(exc))
            return await self._outcome(state, ended, error=exc)
        except (AccountBlocked, RequestRefused) as exc:
            await self._pause(explain(exc), session)
            mended = f"{exc.remedy or 'mend it'}, then `ingagents resume`"
            return await self._outcome(state, ended, error=exc.with_remedy(mended))
        self._go_on_at = await self._next_look_or(ended, all_read=all_read)
        return await self._outcome(state, ended)

    async def send_message(
        self,
        lead: Lead,
        account: AccountState,
        session: RoleSession,
        *,
        step: Step = FIRST_CONTACT,
    ) -> SendOutcome:
        """Take a step towards one lead: look, draft, claim, act, outcome."""
        seen = await look(lead, account, profiles=self.profiles, inbox=self.inbox)
        return await self.contact.run(lead.id, seen, session, step=step)

    async def monitor(self, session: RoleSession) -> Outcome:
        """Look once for answers and accepted invitations."""
        looked, trouble = Looked(), None
        try:
            await self._look(looked, session)
            looked.replies += await self.doorbell.take_told(session)
            async with self._telling(session):
                await self.doorbell.look_at_connections(session)
        except ServiceError as exc:
            trouble = exc
            if isinstance(exc, AccountBlocked):
                await self._pause(explain(exc), session)
        self._after(looked)
        accepted = await self.context.store.read(lambda t: acceptances_after(t, looked.began))
        return outcome_of_look(looked, accepted, trouble=trouble or looked.trouble)

    async def _look(self, looked: Looked, session: RoleSession, *, newest: bool = True) -> None:
        """Look for answers; what the bounds of a look leave is gone on with after other work."""
        self._look_on_at = self.context.clock.now() + _NEVER
        self.worker.doing = "looking for answers"
        await self.reply_look.look(looked, session, stopping=self._stopping, newest=newest)
        if looked.cut:
            self._look_on_at = self.context.clock.now()

    async def _look_on(self, session: RoleSession) -> None:
        """Go on looking for answers where the last look was cut short."""
        looked = Looked()
        async with self._bearing(session):
            await self._look(looked, session, newest=False)
        self._after(looked)
        self.log.info("replies.looked_on", replies=looked.replies, left=looked.left())

    def _after(self, looked: Looked) -> None:
        """Whoever answered is to be stopped in a campaign, and an answer may go by itself: now."""
        if looked.replies:
            self.resume()

    def _stopping(self) -> bool:
        return self.worker.stopping

    async def _one_pass(self, state: Pass, session: RoleSession) -> SendOutcome:
        """Write to allocated leads until a limit, a stop or the end.

        Raises:
            TryLater, AccountBlocked, RequestRefused: the service, not one person, is in the way.
        """
        policy, began = self.policy, self.context.clock.now()
        if (bar := policy.gate.bar(began)) is not None:
            return SendOutcome.waiting(Wait(gate=Gate.CAMPAIGN, reason=str(bar)))
        await self._recollect(session)
        state.queue = await self.context.store.read(lambda t: queue_of(t, policy, now=began))
        for lead in state.turns():
            if self.worker.stopping:
                return SendOutcome(kind="waits", reason="stopping")
            now = self.context.clock.now()
            step = state.queue.step_of(lead)
            wait = needs_no_visit(await self._account_facts(), lead, step, now=now)
            if wait is not None and not wait.of_one_kind:
                return SendOutcome.waiting(wait)
            if wait is not None:
                state.hold_up(wait)
            elif state.queue.resting.get(lead.id, now) > now:
                state.leave_alone(lead)
            elif not self._shown_today(lead, state):
                contacted = await self._try(lead, step, state, session)
                if contacted is not None and contacted.stop:
                    return contacted
        if state.down is not None:
            raise state.down
        if state.held is not None:
            return SendOutcome.waiting(state.held)
        return SendOutcome(kind="waits", reason="" if state.queue.leads else "nobody is allocated")

    async def _recollect(self, session: RoleSession) -> None:
        """Before this process's first send: what the service knows and this database does not.

        Raises:
            TryLater, AccountBlocked, RequestRefused: it cannot be known now, so nothing is sent.
        """
        now, policy = self.context.clock.now(), self.policy
        if self._recollected or policy.enrols or not policy.live:
            return
        account = await self._account_facts()
        if not await self.context.store.read(lambda t: may_send_now(t, policy, account, now=now)):
            return
        async with self._telling(session):
            adopted = await self.recollection.catch_up(session)
        self._recollected = True
        if adopted:
            self.log.warning(
                "deliveries.adopted",
                count=adopted,
                why="the service knows acts this database does not: restored from a backup?",
            )

    async def _try(
        self, lead: Lead, step: Step, state: Pass, session: RoleSession
    ) -> SendOutcome | None:
        """Write to one lead; None when the service could not show this person just now."""
        if step != FIRST_CONTACT:
            nothing = await nothing_new(self.context, self.contact.drafting, lead, step, session)
            if nothing is not None:
                return self._counted(lead, nothing, state)
        if state.account is None:
            async with self._telling(session):
                state.account = in_order(await self.account.account())
            state.ours = await self._know_ourselves(state.account, session)
        self.worker.doing = f"writing to {lead.name}"
        if lead.id in state.ours:
            return self._counted(lead, SendOutcome(kind="skipped", reason=OUR_OWN), state)
        try:
            contacted = await self.send_message(lead, state.account, session, step=step)
        except TryLater as exc:
            state.down, state.unseen = exc, state.unseen + 1
            if isinstance(exc, WrongAnswer):
                await self._note_wrong(exc, session, lead=lead, in_a_row=state.unseen)
            if state.unseen >= _DOWN_AFTER or exc.status == _TOO_MANY_REQUESTS:
                raise
            return None
        except RequestRefused as exc:
            state.refused += 1
            if state.refused >= _REFUSED_AFTER:
                raise
            contacted = await self.contact.set_aside(lead, explain(exc), session, step=step)
        state.unseen = 0
        if lead.id in state.queue.resting:
            await session.commit(lambda t: forget_wrong(self.context, t, lead))
        return self._counted(lead, contacted, state)

    def _counted(self, lead: Lead, contacted: SendOutcome, state: Pass) -> SendOutcome:
        state.count(lead, contacted)
        self.log.info(
            "lead.contacted",
            lead_id=lead.id,
            name=lead.name,
            result=contacted.kind,
            reason=contacted.reason,
        )
        return contacted

    @asynccontextmanager
    async def _telling(self, session: RoleSession) -> AsyncGenerator[None, None]:
        """Tell the team of a wrong answer that is about no lead in particular."""
        try:
            yield
        except WrongAnswer as exc:
            await self._note_wrong(exc, session)
            raise

    @asynccontextmanager
    async def _bearing(self, session: RoleSession) -> AsyncGenerator[None, None]:
        """Trouble with a look between the others ends that look; the next one comes."""
        try:
            yield
        except AccountBlocked as exc:
            await self._pause(explain(exc), session)
        except ServiceError as exc:
            self.log.warning("replies.service_down", error=explain(exc))

    async def _note_wrong(
        self, exc: WrongAnswer, session: RoleSession, *, lead: Lead | None = None, in_a_row: int = 1
    ) -> None:
        self.log.warning("linkedin.wrong_answer", error=explain(exc), doing=self.worker.doing)
        note = partial(note_wrong, self.context, exc=exc, agent=self.agent, doing=self.worker.doing)
        await session.commit(lambda t: note(t, lead=lead, in_a_row=in_a_row))

    def _shown_today(self, lead: Lead, state: Pass) -> bool:
        """Whether a dry run need not look again: LinkedIn counts every visit of a profile."""
        shown = state.queue.shown.get(lead.id)
        return shown is not None and self.contact.drafting.stands(lead, shown)

    async def _account_facts(self) -> AccountFacts:
        """What may hold up every send, read before anybody's profile is visited for nothing."""
        now, policy = self.context.clock.now(), self.policy
        return await self.context.store.read(lambda t: account_facts(t, policy, now=now))

    async def _next_look_or(self, ended: SendOutcome, *, all_read: bool) -> datetime:
        """When to go on: the wait that ended the pass, or the next look at a doubt."""
        now = self.context.clock.now()
        moments = [now + _NEVER]
        if (look := await self.doubts.next_due()) is not None:
            soonest = timedelta(seconds=5) if all_read else SERVICE_RESTS
            moments.append(max(look, now + soonest))
        until = ended.wait.until if ended.wait is not None else None
        policy = self.policy
        step = await self.context.store.read(lambda t: next_step_at(t, policy, now=now))
        others = (until, await self.withdrawals.next_at(), step)
        return min([*moments, *(one for one in others if one is not None)])

    async def _pause(self, reason: str, session: RoleSession) -> None:
        """Stop: only a human can mend what is wrong."""
        await session.commit(
            lambda t: pause_outreach(
                self.context, t, reason, doing="working with LinkedIn", alone=self.policy.alone
            )
        )
        self._go_on_at = self.context.clock.now() + _NEVER

    async def _outcome(
        self, state: Pass, ended: SendOutcome, *, error: IngagentsError | None = None
    ) -> Outcome:
        return await outcome_of(state, ended, self.context, self.policy, error=error)
