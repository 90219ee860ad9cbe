"""Acts that may have happened: found after a death, read back until they are settled.

A doubt is never repeated. `core.reconciler` judges what the service shows; here it is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import msgspec

from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.lead_status import Cause
from ingagents.core.reconciler import (
    LookRules,
    Verdict,
    judge,
    next_look,
    read_enrolment,
    read_evidence,
)
from ingagents.errors import PersonRefused, RequestRefused, TryLater, WrongAnswer, explain
from ingagents.events import DeliverySettled
from ingagents.model import (
    Delivery,
    DeliveryKind,
    DeliveryState,
    Lead,
    Look,
    Recipient,
    SendResult,
)
from ingagents.ports import (
    CampaignSender,
    Inbox,
    ProfileSource,
    SendingAccount,
    SentItems,
    Transaction,
)
from ingagents.services.outreach.account import AccountPolicy, in_order
from ingagents.services.outreach.enrolments.stops import note_stopped
from ingagents.services.outreach.sending.send_outcomes import (
    AGENT,
    NOT_FOUND,
    give_up,
    mark_sent,
    mark_uncertain,
    moved_by,
)
from ingagents.services.outreach.taking_back import Note
from ingagents.services.outreach.withdrawals.withdrawal_outcomes import note_withdrawn
from ingagents.services.outreach.wrong_answers import note_wrong, resting_until
from ingagents.services.reviews.requests import ask_about_send
from ingagents.store.tables import deliveries, leads, reviews

TO_PEOPLE = (
    DeliveryKind.INVITATION,
    DeliveryKind.MESSAGE,
    DeliveryKind.REPLY,
    DeliveryKind.WITHDRAWAL,
    DeliveryKind.ENROLMENT,
    DeliveryKind.STOP,
)
DIED = "the process died between the attempt and its outcome"

_OF_CAMPAIGN = frozenset({DeliveryKind.ENROLMENT, DeliveryKind.STOP})
_TAKES_BACK: Mapping[DeliveryKind, Note] = {
    DeliveryKind.WITHDRAWAL: note_withdrawn,
    DeliveryKind.STOP: note_stopped,
}
_DOWN_AFTER = 2
"""So many doubts in a row that cannot be read back: it is the service, not one person."""


@dataclass(frozen=True, kw_only=True)
class Doubts:
    """Finds and settles doubtful acts towards people."""

    context: Context
    policy: AccountPolicy
    account: SendingAccount
    profiles: ProfileSource
    inbox: Inbox
    sent_items: SentItems
    campaigns: CampaignSender | None
    rules: LookRules

    async def find_orphans(self, session: RoleSession) -> int:
        """Acts that a dead process left without an outcome are doubts from now on.

        Only the holder of the role sends, so whatever is open when a new hold begins has no owner
        any more. Runs before anything is sent; how many were found.
        """
        left = await self.context.store.read(lambda t: deliveries.open_attempts(t, kinds=TO_PEOPLE))
        if not left:
            return 0

        def doubt_all(transaction: Transaction) -> None:
            for delivery in deliveries.open_attempts(transaction, kinds=TO_PEOPLE):
                lead = leads.find(transaction, delivery.recipient)
                if lead is None:
                    deliveries.doubt(transaction, delivery.id, detail=DIED)
                else:
                    mark_uncertain(self.context, transaction, delivery, lead, DIED)
                    if not self.rules.looks:  # nothing is to be seen: only a human knows
                        ask_about_send(self.context, transaction, delivery, lead, DIED)

        await session.commit(doubt_all)
        return len(left)

    async def ask_about_left(self, session: RoleSession) -> int:
        """Ask the team about doubts of accounts that are ours no more: nobody reads those back.

        What another account shows of the person proves nothing of them. How many were asked about.
        """
        ours = {self.policy.account_id, *self.policy.others}

        def left(transaction: Transaction) -> list[Delivery]:
            return [
                one
                for one in deliveries.doubtful(transaction, kinds=TO_PEOPLE)
                if one.account_id not in ours
                and reviews.standing(transaction, "send", one.id) is None
            ]

        def ask(transaction: Transaction) -> int:
            asked = 0
            for one in left(transaction):
                lead = leads.find(transaction, one.recipient)
                if lead is not None:
                    reason = f"the account {one.account_id} is none of ours any more: look there"
                    self._ask(transaction, one, lead, reason)
                    asked += 1
            return asked

        return await session.commit(ask) if await self.context.store.read(left) else 0

    async def settle_due(self, session: RoleSession) -> bool:
        """Read those doubts back whose next look is due; False when some could not be read.

        Raises:
            AccountBlocked: what the service shows meanwhile is stale and proves nothing.
        """
        now = self.context.clock.now()
        due = [one for one in await self._unjudged() if next_look(one, self.rules) <= now]
        if not due:
            return True
        wrong = await self.context.store.read(resting_until)
        rested = [one for one in due if wrong.get(one.recipient, now) <= now]
        in_a_row, all_read = 0, len(rested) == len(due)
        try:
            in_order(await self.account.account())
        except TryLater:
            return False
        for delivery in rested:
            try:
                look = await self._look_at(delivery)
            except (PersonRefused, RequestRefused) as exc:
                look = Look(
                    at=now, found=False, evidence=f"not to be seen: {explain(exc)}", blind=True
                )
            except TryLater as exc:
                in_a_row, all_read = in_a_row + 1, False
                if isinstance(exc, WrongAnswer):
                    note = partial(self._note_wrong, delivery=delivery, exc=exc, in_a_row=in_a_row)
                    await session.commit(note)
                if in_a_row >= _DOWN_AFTER:
                    break
                continue
            in_a_row = 0
            await session.commit(partial(self._write, delivery_id=delivery.id, look=look))
        return all_read

    def _note_wrong(
        self, transaction: Transaction, *, delivery: Delivery, exc: WrongAnswer, in_a_row: int
    ) -> None:
        note_wrong(
            self.context,
            transaction,
            exc,
            agent=AGENT,
            doing="reading back what was sent",
            lead=leads.find(transaction, delivery.recipient),
            in_a_row=in_a_row,
        )

    async def next_due(self) -> datetime | None:
        """When the next look is due."""
        looks = [next_look(delivery, self.rules) for delivery in await self._unjudged()]
        return min(looks, default=None)

    async def _unjudged(self) -> Sequence[Delivery]:
        """Doubts of the account with looks left, about which nobody was asked: those are a human's.

        Each account reads its own acts back: what another one did it cannot see, and that would
        prove nothing.
        """

        def read(transaction: Transaction) -> list[Delivery]:
            return [
                delivery
                for delivery in deliveries.doubtful(transaction, kinds=TO_PEOPLE)
                if len(delivery.looks) < self.rules.looks
                and delivery.account_id == self.policy.account_id
                and reviews.standing(transaction, "send", delivery.id) is None
            ]

        return await self.context.store.read(read)

    async def _look_at(self, delivery: Delivery) -> Look:
        """Ask every source that could show the act."""
        read = self.context.store.read
        lead = await read(partial(leads.find, lead_id=delivery.recipient))
        acts = await read(partial(deliveries.of_recipient, recipient=delivery.recipient))
        known = Recipient() if lead is None else lead.profile.recipient
        who = msgspec.structs.replace(known, provider_id=delivery.address)
        if delivery.kind in _OF_CAMPAIGN and self.campaigns is not None:
            shown = await self.campaigns.enrolment(who, delivery.campaign_id)
            return read_enrolment(delivery, shown, now=self.context.clock.now())
        profile = await self.profiles.fetch_profile(who)
        withdrawal = delivery.kind is DeliveryKind.WITHDRAWAL
        conversation = () if withdrawal else await self.inbox.conversation(who)
        pending: set[str] = set()
        invited = withdrawal or delivery.kind is DeliveryKind.INVITATION
        if invited and profile.invitation != "pending":
            pending = {one.to.provider_id for one in await self.sent_items.pending_invitations()}
        return read_evidence(
            delivery,
            profile,
            conversation,
            pending=delivery.address in pending,
            now=self.context.clock.now(),
            others={one.service_id for one in acts if one.service_id},
        )

    def _write(self, transaction: Transaction, delivery_id: str, look: Look) -> None:
        """Add a look, and settle the doubt if it decides."""
        delivery = deliveries.find(transaction, delivery_id)
        if delivery is None or delivery.state is not DeliveryState.UNCERTAIN:
            return
        looks = (*delivery.looks, look)
        deliveries.doubt(transaction, delivery_id, detail=delivery.detail, looks=looks)
        looked_at = deliveries.find(transaction, delivery_id)
        lead = leads.find(transaction, delivery.recipient)
        if looked_at is None or lead is None:
            return
        verdict = judge(looked_at, self.rules, tries_before=_not_found(transaction, looked_at))
        if verdict.state != "look_again":
            self._settle(transaction, looked_at, lead, verdict)

    def _settle(
        self, transaction: Transaction, delivery: Delivery, lead: Lead, verdict: Verdict
    ) -> None:
        now = self.context.clock.now()
        if (note := _TAKES_BACK.get(delivery.kind)) is not None:
            if verdict.state == "sent":
                note(self.context, transaction, delivery, lead, verdict.reason)
            else:
                give_up(self.context, transaction, delivery, verdict.reason)
        elif verdict.state == "sent":
            read_back = SendResult(outcome="sent", detail=f"read back: {verdict.reason}")
            mark_sent(self.context, transaction, delivery, lead, read_back)
        elif verdict.state == "not_sent":
            give_up(self.context, transaction, delivery, verdict.reason)
            moved = moved_by(delivery, lead, Cause.NOT_FOUND)
            if moved is not None:
                leads.update(
                    transaction,
                    lead,
                    now=now,
                    moved=moved,
                    status_reason=f"{NOT_FOUND}: {verdict.reason}",
                    allocated_at=now,
                )
        else:
            self._ask(transaction, delivery, lead, verdict.reason)
        settled = DeliverySettled(
            lead_id=lead.id,
            delivery_id=delivery.id,
            verdict=verdict.state if verdict.state != "look_again" else "human",
            evidence=verdict.reason,
        )
        self.context.queue.append(transaction, AGENT, settled)

    def _ask(self, transaction: Transaction, delivery: Delivery, lead: Lead, reason: str) -> None:
        """Only a human can tell."""
        review = ask_about_send(self.context, transaction, delivery, lead, reason)
        moved = moved_by(delivery, lead, Cause.NOT_TO_BE_FOUND)
        if moved is not None:
            told = f"{reason}: `ingagents review show {review.id}`"
            now = self.context.clock.now()
            leads.update(transaction, lead, now=now, moved=moved, status_reason=told)


def _not_found(transaction: Transaction, delivery: Delivery) -> int:
    """How many earlier acts of the same step were taken for not sent."""
    return sum(
        one.state is DeliveryState.LOST and one.step == delivery.step
        for one in deliveries.of_recipient(transaction, delivery.recipient)
    )
