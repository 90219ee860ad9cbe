"""Withdrawing invitations that nobody took: looked at, claimed, one request, written down.

At most a few a pass, the oldest first, in working hours, with a pause between two. Right before, the
list of open invitations, the person's profile and the chat are read: whoever accepted or answered is
noted as that, and whoever might have is looked at again another day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

import msgspec

from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.conversation.withdrawals import (
    DECIDED_BY,
    REST,
    InvitationFacts,
    Leave,
    Why,
    Withdraw,
    WithdrawalRules,
    decide,
    waits,
)
from ingagents.core.rate_limiter import draw_gap
from ingagents.core.sending.send_facts import Seen, Unseen
from ingagents.errors import Conflict, RequestRefused, TryLater, WrongAnswer, explain
from ingagents.events import AgentError
from ingagents.llm.tasks import LlmTasks
from ingagents.log import narrator
from ingagents.model import (
    AccountState,
    Decision,
    Delivery,
    DeliveryKind,
    Lead,
    Reason,
    SendResult,
    Step,
)
from ingagents.model.linkedin import SentInvitation
from ingagents.model.step import StepKind
from ingagents.ports import Inbox, ProfileSource, SendingAccount, SentItems, Transaction
from ingagents.services.outreach.account import AccountPolicy, in_order, note_open, paused
from ingagents.services.outreach.inbox.acceptances import note_acceptances
from ingagents.services.outreach.inbox.answers import Answering
from ingagents.services.outreach.inbox.replies import answers_to_us, take_in
from ingagents.services.outreach.sending.act import carry_out
from ingagents.services.outreach.sending.facts import look
from ingagents.services.outreach.sending.send_outcomes import AGENT
from ingagents.services.outreach.taking_back import claim_back, journal_claim
from ingagents.services.outreach.withdrawals.open_invitations import (
    candidates,
    forget,
    looks_at,
    rest,
)
from ingagents.services.outreach.withdrawals.withdrawal_outcomes import (
    note_withdrawn,
    write_withdrawal,
)
from ingagents.services.outreach.wrong_answers import note_wrong
from ingagents.store.tables import deliveries, holds, leads, replies

log = narrator()

Waiting = datetime | str | None


class TakesBack(Protocol):
    """Whoever takes back, at the head of a pass, what is out and should be no more."""

    async def run(self, session: RoleSession, *, stopping: Callable[[], bool]) -> int:
        """Do what is due now; how many were taken back."""
        ...

    async def next_at(self) -> datetime | None:
        """When the next one may go, if one is due and its pause alone holds it."""
        ...


@dataclass(frozen=True, kw_only=True)
class Withdrawals:
    """Takes open invitations back, one at a time."""

    context: Context
    account: SendingAccount
    profiles: ProfileSource
    inbox: Inbox
    sent_items: SentItems
    llm: LlmTasks
    answering: Answering
    policy: AccountPolicy

    @property
    def rules(self) -> WithdrawalRules:
        """When, and how many may stand open."""
        return self.policy.withdrawals

    async def run(self, session: RoleSession, *, stopping: Callable[[], bool]) -> int:
        """Withdraw what is due and may be withdrawn now; how many were.

        What the service cannot show now is looked at in another pass, and holds no send up.

        Raises:
            AccountBlocked: what the service shows is stale, or nothing may be done.
        """
        due = await self.context.store.read(self._due)
        if not due:
            return 0
        try:
            account = in_order(await self.account.account())
            listed = await self.sent_items.pending_invitations()
            await session.commit(
                lambda t: note_open(t, self.policy.account_id, len(listed), self._now)
            )
            return await self._each(due, account, _by_person(listed), session, stopping)
        except RequestRefused as exc:
            error = AgentError(agent=AGENT, error=explain(exc), doing="withdrawing invitations")
            await session.commit(lambda t: self._rest(t, error))
        except TryLater as exc:
            log.warning("withdrawals.service_down", error=explain(exc))
        return 0

    async def next_at(self) -> datetime | None:
        """When the next withdrawal may go, if one is due and its pause alone holds it."""
        now = self._now

        def read(transaction: Transaction) -> datetime | None:
            wait = self._waits(transaction, now)
            due = wait is None or isinstance(wait, datetime)
            if not due or not candidates(transaction, self.policy, now=now):
                return None
            return wait if isinstance(wait, datetime) else now

        return await self.context.store.read(read)

    @property
    def _now(self) -> datetime:
        return self.context.clock.now()

    async def _each(
        self,
        due: Sequence[Delivery],
        account: AccountState,
        listed: Mapping[str, SentInvitation],
        session: RoleSession,
        stopping: Callable[[], bool],
    ) -> int:
        withdrawn = 0
        for invitation in due:
            if stopping() or await self._must_wait():
                break
            shown = listed.get(invitation.address)
            withdrawn += await self._one(invitation, account, shown, session)
        return withdrawn

    async def _must_wait(self) -> bool:
        wait = await self.context.store.read(lambda t: self._waits(t, self._now))
        return wait is not None

    async def _one(
        self,
        invitation: Delivery,
        account: AccountState,
        listed: SentInvitation | None,
        session: RoleSession,
    ) -> bool:
        """Look at the person, and withdraw what surely is open; whether it was."""
        lead = await self.context.store.read(partial(leads.find, lead_id=invitation.recipient))
        if lead is None:
            return False
        try:
            seen = await look(lead, account, profiles=self.profiles, inbox=self.inbox)
        except WrongAnswer as exc:
            await session.commit(partial(self._unseen, invitation=invitation, exc=exc))
            return False
        if await self._heard(lead, seen, session):
            return False
        return await self._withdraw(invitation, seen, listed, session)

    async def _heard(self, lead: Lead, seen: Seen | Unseen, session: RoleSession) -> bool:
        """Take in an acceptance or an answer; whether there was one."""
        answers = answers_to_us(lead, seen.conversation)
        taken = answers and await take_in(
            answers,
            context=self.context,
            llm=self.llm,
            session=session,
            agent=AGENT,
            answering=self.answering,
        )
        accepted = seen.profile.network_distance == 1 and await note_acceptances(
            (seen.profile,), context=self.context, session=session, agent=AGENT
        )
        return bool(taken or accepted)

    async def _withdraw(
        self,
        invitation: Delivery,
        seen: Seen | Unseen,
        listed: SentInvitation | None,
        session: RoleSession,
    ) -> bool:
        """Claim and take it back, if everything still speaks for it at the moment of the commit."""
        claimed = await session.commit(lambda t: self._commit(t, invitation.id, seen, listed))
        if claimed is None:
            return False
        delivery, planned = claimed
        request = partial(self._request, planned)
        write = partial(write_withdrawal, alone=self.policy.alone)
        return await carry_out(self.context, delivery, request, write)

    def _due(self, transaction: Transaction) -> list[Delivery]:
        """Those to look at in this pass; none while something holds every withdrawal."""
        now = self._now
        if not self.policy.live or self._waits(transaction, now) is not None:
            return []
        return candidates(transaction, self.policy, now=now)

    def _waits(self, transaction: Transaction, now: datetime) -> Waiting:
        return waits(
            now,
            paused=paused(transaction, self.policy),
            holds=holds.holds(transaction, self.policy.account_id),
            hours=self.policy.rules_now(transaction, now).hours,
        )

    def _commit(
        self,
        transaction: Transaction,
        invitation_id: str,
        seen: Seen | Unseen,
        listed: SentInvitation | None,
    ) -> tuple[Delivery, Withdraw] | None:
        now = self._now
        sent = deliveries.find(transaction, invitation_id)
        lead = leads.find(transaction, sent.recipient) if sent is not None else None
        if sent is None or lead is None or self._waits(transaction, now) is not None:
            return None
        step = Step(StepKind.WITHDRAWAL, about=sent.id)
        looks = looks_at(transaction, sent.id)
        facts = InvitationFacts(
            invitation=sent,
            lead=lead,
            replied=replies.has_any(transaction, lead.id),
            earlier=tuple(
                one for one in deliveries.of_recipient(transaction, lead.id) if one.step == step
            ),
            open=listed,
            shown=seen.profile if isinstance(seen, Seen) else None,
            conversation=seen.conversation,
            looks=looks,
        )
        match decide(facts, self.rules, now):
            case Leave(why=Why.OVER, reason=reason):
                over = self._claimed(transaction, sent, "nobody here: read back")
                note_withdrawn(self.context, transaction, over, lead, reason)
                forget(transaction, sent.id, now=now)
            case Leave(why=why):
                looks += why is Why.UNCLEAR
                rest(transaction, sent.id, looks=looks, now=now)
            case Withdraw() as planned:
                forget(transaction, sent.id, now=now)
                self._pause(transaction, now)
                delivery = self._claimed(transaction, sent)
                decision = Decision(
                    kind="send",
                    verdict="withdraw invitation",
                    decided_by=DECIDED_BY,
                    reasons=(Reason(why=planned.reason),),
                )
                journal_claim(self.context, transaction, delivery, lead, decision)
                return delivery, planned
        return None

    def _claimed(self, transaction: Transaction, sent: Delivery, approved_by: str = "") -> Delivery:
        """The withdrawal as an act of its own."""
        kind = DeliveryKind.WITHDRAWAL
        delivery = claim_back(self.context, transaction, sent, kind, approved_by=approved_by)
        if delivery is None:
            raise Conflict(f"the invitation {sent.id} is being withdrawn", "it is tried again")
        return delivery

    def _pause(self, transaction: Transaction, now: datetime) -> None:
        gap = draw_gap(self.policy.rules_now(transaction, now), self.context.chance.random())
        holds.hold(
            transaction,
            self.policy.account_id,
            "withdrawal",
            until=now + gap,
            reason=f"a pause of {gap.total_seconds() / 60:.1f} min after the last withdrawal",
        )

    async def _request(self, planned: Withdraw) -> SendResult:
        result = await self.sent_items.withdraw_invitation(planned.invitation_id)
        told = planned.reason if result.success else result.detail
        return msgspec.structs.replace(result, detail=told)

    def _unseen(self, transaction: Transaction, invitation: Delivery, exc: WrongAnswer) -> None:
        """The service answered about somebody else: that says nothing of this invitation."""
        looks = looks_at(transaction, invitation.id)
        rest(transaction, invitation.id, looks=looks, now=self._now)
        note_wrong(
            self.context,
            transaction,
            exc,
            agent=AGENT,
            doing="looking at an open invitation",
            lead=leads.find(transaction, invitation.recipient),
        )

    def _rest(self, transaction: Transaction, error: AgentError) -> None:
        """The service calls the request itself wrong: it is not asked again before tomorrow."""
        holds.hold(
            transaction,
            self.policy.account_id,
            "withdrawal",
            until=self._now + REST,
            reason=error.error,
        )
        self.context.queue.append(transaction, AGENT, error)


def _by_person(listed: Sequence[SentInvitation]) -> dict[str, SentInvitation]:
    return {one.to.provider_id: one for one in listed}
