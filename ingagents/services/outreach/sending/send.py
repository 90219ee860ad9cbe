"""Writing to one person: look, plan, draft, claim, act, write down. Law 2 lives in the order here.

look     the person's profile and chat, right now
plan     the facts, read at once, pass the gates of `core.gates`
draft    a text that is fit to send to exactly this person; a model is asked here or not at all
claim    one commit: the facts are read again and planned again; the quota is reserved, the act recorded
act      one request that is never repeated
outcome  one commit: sent, refused, or a doubt that is only ever read back
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import msgspec

from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.gates import plan
from ingagents.core.identity import aliases_of_profile
from ingagents.core.lead_status import Cause, Change, move
from ingagents.core.message_generator import Unwritable
from ingagents.core.profiles.contradictions import renamed
from ingagents.core.review_policy import Review
from ingagents.core.sending.plans import (
    Adopt,
    AskHuman,
    Gate,
    Plan,
    Send,
    Skip,
    Wait,
    decision_against,
)
from ingagents.core.sending.send_facts import Seen, SendFacts, Unseen
from ingagents.errors import Conflict
from ingagents.events import AgentError, DecisionMade, DeliveryClaimed, Event
from ingagents.llm.tasks import LlmTasks
from ingagents.model import (
    FIRST_CONTACT,
    ContactStatus,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Lead,
    LeadId,
    Profile,
    SendResult,
    Step,
)
from ingagents.ports import CampaignSender, DirectSender, Transaction
from ingagents.services.leads.intake import Reception
from ingagents.services.outreach.account import AccountPolicy, note_look, rest_after
from ingagents.services.outreach.inbox.answers import Answering
from ingagents.services.outreach.inbox.replies import answers_to_us, take_in
from ingagents.services.outreach.sending.act import carry_out
from ingagents.services.outreach.sending.doubles import close_as_double, take_over_addresses
from ingagents.services.outreach.sending.draft import Drafted, Drafting, drafted_from
from ingagents.services.outreach.sending.facts import Gather
from ingagents.services.outreach.sending.later_steps import put_off
from ingagents.services.outreach.sending.send_outcomes import (
    AGENT,
    SendOutcome,
    adopt,
    write_outcome,
)
from ingagents.services.reviews.approval import Approvals
from ingagents.services.reviews.requests import lapse, void_draft
from ingagents.store.tables import deliveries, leads, vetoes


@dataclass(frozen=True, kw_only=True)
class SendMessage:
    """Takes the steps of conversations, one at a time."""

    context: Context
    sender: DirectSender
    campaigns: CampaignSender | None
    llm: LlmTasks
    reception: Reception
    drafting: Drafting
    policy: AccountPolicy
    approvals: Approvals
    answering: Answering

    @property
    def gather(self) -> Gather:
        """What a plan rests on."""
        return Gather(
            context=self.context,
            policy=self.policy,
            reception=self.reception,
            approvals=self.approvals,
        )

    async def run(
        self,
        lead_id: LeadId,
        seen: Seen | Unseen,
        session: RoleSession,
        *,
        step: Step = FIRST_CONTACT,
    ) -> SendOutcome:
        """Take a step towards one lead, `seen` at this moment, if everything allows it.

        Raises:
            TryLater, AccountBlocked, RequestRefused: before the act; nothing left, the lead stays
                allocated. `WrongAnswer` when the service showed somebody else.
        """
        facts = await self.context.store.read(
            lambda t: self.gather.facts(t, lead_id, seen, step=step)
        )
        if facts is not None and await self._heard(facts, session):
            return SendOutcome(kind="answered", reason="this person has written to us")
        drafted = None if facts is None else await self._draft(facts)
        ended = await self._execute(lead_id, seen, drafted, session, step)
        instead = drafted.instead if isinstance(drafted, Drafted) else ""
        return msgspec.structs.replace(ended, instead=instead)

    async def set_aside(
        self, lead: Lead, reason: str, session: RoleSession, *, step: Step = FIRST_CONTACT
    ) -> SendOutcome:
        """Leave a lead to a human, because the service cannot be asked about this person."""
        error = AgentError(
            agent=AGENT, error=reason, doing=f"looking at {lead.name}", lead_id=lead.id
        )
        await session.commit(lambda t: self._journal(t, error))
        unseen = Unseen(cause=Cause.MUST_DECIDE, reason=reason)
        return await self._execute(lead.id, unseen, None, session, step)

    async def _heard(self, facts: SendFacts, session: RoleSession) -> bool:
        """Take in what the person has written to us; whether there was anything new."""
        answers = answers_to_us(facts.stored, facts.conversation)
        if not answers:
            return False
        # Who wrote is found by the names that LinkedIn shows: they are learnt before.
        await session.commit(lambda t: self._learn(t, facts))
        taken = await take_in(
            answers,
            context=self.context,
            llm=self.llm,
            session=session,
            agent=AGENT,
            answering=self.answering,
        )
        return bool(taken)

    async def _draft(self, facts: SendFacts) -> Drafted | Unwritable | None:
        """The text that would go; None when nothing would, so that no model is paid for it."""
        planned = plan(facts, self.context.clock.now())
        if not isinstance(planned, Send):
            return None
        if (approved := planned.approved) is not None:
            why = f"approved by {approved.decided_by} (review {approved.id})"
            return drafted_from(approved, facts.lead, why, approval=approved.id)
        return await self.drafting.text_for(
            facts.lead,
            planned.channel,
            step=facts.step,
            earlier=facts.earlier,
            shown=facts.shown,
        )

    async def _execute(
        self,
        lead_id: LeadId,
        seen: Seen | Unseen,
        drafted: Drafted | Unwritable | None,
        session: RoleSession,
        step: Step,
    ) -> SendOutcome:
        """Carry out what the gates say at the moment of the commit; act if that was a claim."""
        ended = await session.commit(lambda t: self._commit(t, lead_id, seen, drafted, step))
        if isinstance(ended, SendOutcome):
            return ended
        request = partial(self._request, ended, seen.profile)
        write = partial(write_outcome, alone=self.policy.alone)
        return await carry_out(self.context, ended, request, write)

    def _commit(
        self,
        transaction: Transaction,
        lead_id: LeadId,
        seen: Seen | Unseen,
        drafted: Drafted | Unwritable | None,
        step: Step,
    ) -> Delivery | SendOutcome:
        """Look at everything again, and write down what follows from it: a claim, or why not."""
        text = drafted.text if isinstance(drafted, Drafted) else drafted
        facts = self.gather.facts(transaction, lead_id, seen, step=step, text=text)
        if facts is None:
            return SendOutcome(kind="skipped", reason="the lead is gone")
        planned = plan(facts, self.context.clock.now())
        lead = self._learn(transaction, facts)
        note_look(self.context, transaction, self.policy, facts, planned)
        self._put_away_lapsed(transaction, facts, planned)
        if facts.same_as is not None:
            reason = close_as_double(self.context, transaction, lead, facts.same_as)
            return SendOutcome(kind="skipped", reason=reason)
        match planned:
            case Send() if isinstance(drafted, Drafted):
                carry_out = self._claim if self.policy.live else self._show
                return carry_out(transaction, lead, facts, drafted, planned)
            case AskHuman() if planned.review is not None:
                return self._leave_to_human(
                    transaction, lead, facts, planned.reason, planned.review
                )
            case AskHuman() if isinstance(drafted, Drafted):
                review = self._ask(transaction, lead, facts, drafted)
                return self._leave_to_human(transaction, lead, facts, planned.reason, review)
            case Send() | AskHuman():
                # What stood before it is gone since a text would have been written: at once anew.
                reason, now = "nothing stands before it by now", self.context.clock.now()
                return SendOutcome(
                    kind="waits", reason=reason, wait=Wait(gate=Gate.TEXT, reason=reason, until=now)
                )
            case Wait():
                return SendOutcome.waiting(planned)
            case Adopt() if planned.lost is not None:
                return adopt(self.context, transaction, planned.lost, lead, planned.reason)
            case Adopt():
                return self._leave(transaction, lead, Cause.ALREADY_INVITED, planned.reason)
            case Skip() if not facts.begins:
                return self._leave_step(transaction, lead, planned)
            case Skip():
                return self._leave(transaction, lead, planned.cause, planned.reason)

    def _claim(
        self,
        transaction: Transaction,
        lead: Lead,
        facts: SendFacts,
        drafted: Drafted,
        planned: Send,
    ) -> Delivery:
        """Reserve the act and the quota: from here on it counts as tried."""
        now, policy, draft = self.context.clock.now(), self.policy, drafted.draft
        delivery = Delivery(
            id=self.context.new_id(),
            recipient=lead.id,
            campaign=lead.campaign,
            account_id=policy.account_id,
            kind=planned.channel.kind,
            step=facts.step,
            text=draft.text,
            text_hash=deliveries.fingerprint(draft.text),
            state=DeliveryState.ATTEMPTED,
            address=facts.profile.provider_id,
            approved_by=self.approvals.signed(planned.approved),
            claimed_at=deliveries.moment_after(transaction, policy.account_id, now),
            attempted_at=now,
            facts=draft.facts,
            texts=draft.texts,
            campaign_id=policy.campaign_id if draft.texts else "",
        )
        if not deliveries.claim(
            transaction, delivery
        ):  # the index has the last word, not the facts
            raise Conflict(f"the claim for lead {lead.id} was not taken", "it is tried again")
        if lead.account_id != policy.account_id:  # from now on their one voice
            leads.update(transaction, lead, now=now, account_id=policy.account_id)
        draw = rest_after(self.context, transaction, policy, "send")
        self._journal(
            transaction,
            DecisionMade(lead_id=lead.id, decision=drafted.to_decision()),
            DecisionMade(lead_id=lead.id, decision=planned.to_decision(draft, gap_draw=draw)),
            DeliveryClaimed(
                lead_id=lead.id,
                delivery_id=delivery.id,
                kind=delivery.kind,
                text_hash=delivery.text_hash,
            ),
        )
        return delivery

    async def _request(self, delivery: Delivery, who: Profile) -> SendResult:
        to = who.recipient
        if delivery.kind is DeliveryKind.ENROLMENT and self.campaigns is not None:
            return await self.campaigns.enrol(who, delivery.texts)
        if delivery.kind is DeliveryKind.INVITATION:
            return await self.sender.send_invitation(to, delivery.text)
        return await self.sender.send_message(to, delivery.text)

    def _show(
        self,
        transaction: Transaction,
        lead: Lead,
        facts: SendFacts,
        drafted: Drafted,
        planned: Send,
    ) -> SendOutcome:
        """linkedin.live is false: all the real run does up to the act, and the text is kept.

        It is the text that goes out once `live` is true, as long as what it rests on stays.
        """
        way = planned.channel
        self.approvals.show(
            transaction,
            lead,
            drafted,
            facts=facts,
            grounds=self.drafting.grounds(lead, way, facts.step),
        )
        text = drafted.draft.text or "(without a note)"
        shown = f"would send {drafted.draft.kind.value}: {text}"
        return SendOutcome(kind="dry_run", reason=shown)

    def _ask(
        self, transaction: Transaction, lead: Lead, facts: SendFacts, drafted: Drafted
    ) -> Review:
        """Put the text before a human."""
        self._journal(transaction, DecisionMade(lead_id=lead.id, decision=drafted.to_decision()))
        return self.approvals.ask(
            transaction,
            lead,
            drafted.draft,
            facts=facts,
        )

    def _leave_to_human(
        self, transaction: Transaction, lead: Lead, facts: SendFacts, why: str, review: Review
    ) -> SendOutcome:
        reason = f"{why}: `ingagents review approve {review.id}`"
        cause = Cause.MUST_DECIDE if facts.begins else None
        left = self._leave(transaction, lead, cause, reason, decided=False)
        return msgspec.structs.replace(left, kind="for_review")

    def _leave(
        self,
        transaction: Transaction,
        lead: Lead,
        cause: Cause | None,
        reason: str,
        *,
        decided: bool = True,
    ) -> SendOutcome:
        """Write nothing to a lead and say why; unless a human decides its draft is void."""
        if cause is not None and decided:
            void_draft(self.context, transaction, lead.id, reason)
        moved = move(lead.contact_status, cause) if cause is not None else None
        if isinstance(moved, Change):
            if moved.cause is Cause.HELD:  # an allocated lead: no doubt is left about it
                vetoes.begin_anew(transaction, lead.id)
            now = self.context.clock.now()
            leads.update(
                transaction,
                lead,
                now=now,
                moved=moved,
                status_reason=reason,
                allocated_at=None if moved.cause is Cause.TAKEN_BACK else lead.allocated_at,
                sent_at=now if moved.cause is Cause.ALREADY_INVITED else lead.sent_at,
            )
        self._journal(transaction, DecisionMade(lead_id=lead.id, decision=decision_against(reason)))
        return SendOutcome(kind="skipped", reason=reason)

    def _leave_step(self, transaction: Transaction, lead: Lead, planned: Skip) -> SendOutcome:
        """A later step is not taken: the lead stays where it is, and its plan says why."""
        if planned.cause is Cause.SUPPRESSED:
            return self._leave(transaction, lead, planned.cause, planned.reason)
        if planned.puts_off:
            until = planned.until(self.context.clock.now())
            put_off(self.context, transaction, lead.id, until, planned.reason)
        return self._leave(transaction, lead, None, planned.reason)

    def _put_away_lapsed(self, transaction: Transaction, facts: SendFacts, planned: Plan) -> None:
        """A question or an approval that holds no longer; where the lead moves on, it is void anyway."""
        moves = isinstance(planned, Adopt) or (
            isinstance(planned, Skip) and planned.cause is not None
        )
        waits = not facts.begins or facts.lead.contact_status is ContactStatus.ALLOCATED
        if waits and not moves and facts.review is not None and facts.lapse is not None:
            lapse(self.context, transaction, facts.review, facts.lapse)

    def _learn(self, transaction: Transaction, facts: SendFacts) -> Lead:
        """Keep what LinkedIn shows of the person, unless they are another lead's double.

        Leads that are doubles of this one are closed, so that its names are its own.
        """
        stored, profile = facts.stored, facts.profile
        if not isinstance(facts.seen, Seen) or facts.same_as is not None:
            return stored
        for double in facts.doubles:
            close_as_double(self.context, transaction, double, stored)
        if not renamed(stored, profile):
            for former in facts.former:
                take_over_addresses(self.context, transaction, stored, former, profile)
            leads.add_aliases(transaction, stored.id, aliases_of_profile(profile))
        return self.reception.learn(transaction, stored, profile, looked=self.policy.look_judges)

    def _journal(self, transaction: Transaction, *events: Event) -> None:
        self.context.queue.append(transaction, AGENT, *events)
