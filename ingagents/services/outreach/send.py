"""Writing to one person: look, draft, claim, act, write down. Law 2 lives in the order here.

look     the person's profile and chat, right now
draft    a text that is fit to send to exactly this person; a model is asked here or not at all
claim    one commit: the last rules are looked at, the quota is reserved, the act is recorded
act      one request that is never repeated
outcome  one commit: sent, refused, or a doubt that is only ever read back
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import anyio
import msgspec

from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.identity import aliases_of_profile
from ingagents.core.lead_status import Cause, Change, move
from ingagents.core.message_generator import Unwritable
from ingagents.core.profiles.contradictions import renamed
from ingagents.core.rate_limiter import WaitUntil, draw_gap
from ingagents.core.reconciler import read_evidence
from ingagents.core.review_policy import Review
from ingagents.core.send_policy import Channel, DoNotSend, MaySend, choose_way, note_limit
from ingagents.core.text.prompt_injection import cleaned
from ingagents.errors import Conflict, OwnAccount, PersonRefused, explain
from ingagents.events import AgentError, DecisionMade, DeliveryClaimed, Event
from ingagents.llm.tasks import LlmTasks
from ingagents.model import (
    FIRST_CONTACT,
    AccountState,
    ChatMessage,
    ContactStatus,
    Decision,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Lead,
    Profile,
    Reason,
    Recipient,
    Refusal,
    SendResult,
)
from ingagents.ports import DirectSender, Inbox, ProfileSource, Transaction
from ingagents.services.leads.intake import Reception
from ingagents.services.outreach.account import recipient_of
from ingagents.services.outreach.draft import Drafted, Drafting
from ingagents.services.outreach.last_look import ContactPolicy, LastLook, permitted
from ingagents.services.outreach.replies import answers_to_us, take_in
from ingagents.services.outreach.send_outcomes import (
    AGENT,
    NOTE_LIMIT_SHOWN,
    SendOutcome,
    adopt,
    taken_for_lost,
    write_outcome,
)
from ingagents.services.outreach.wrong_answers import refuse_mixture
from ingagents.services.reviews.approval import Approvals, as_approved
from ingagents.services.reviews.requests import void_draft
from ingagents.store.tables import deliveries, holds, key_value, leads, replies, vetoes

FRESH_CLAIM_SECONDS = 5.0
"""Real seconds a claim may be old when the request leaves. A process that slept in between (its
machine was suspended) must not act on it: somebody may have taken its work over."""


@dataclass(frozen=True, kw_only=True)
class SendMessage:
    """Contacts leads, one at a time."""

    context: Context
    profiles: ProfileSource
    inbox: Inbox
    sender: DirectSender
    llm: LlmTasks
    reception: Reception
    drafting: Drafting
    policy: ContactPolicy
    approvals: Approvals

    @property
    def last_look(self) -> LastLook:
        """What may speak against a send at the last moment."""
        return LastLook(context=self.context, policy=self.policy, approvals=self.approvals)

    async def write_to(
        self, lead: Lead, account: AccountState, session: RoleSession
    ) -> SendOutcome:
        """Write to one allocated lead, if everything allows it at this moment.

        Raises:
            TryLater, AccountBlocked, RequestRefused: before the act; nothing left, the lead stays
                allocated. `WrongAnswer` when the service showed somebody else.
        """
        try:
            shown = await self.profiles.fetch_profile(recipient_of(lead), known=lead.profile)
            profile = cleaned(shown).profile
            conversation = tuple(await self.inbox.conversation(profile.recipient))
        except PersonRefused as exc:
            ours = isinstance(exc, OwnAccount)
            cause = Cause.SUPPRESSED if ours else Cause.REFUSED_FOR_GOOD
            return await self._skip(lead, DoNotSend(cause=cause, reason=explain(exc)), session)
        if not profile.provider_id:
            skip = DoNotSend(cause=Cause.MUST_DECIDE, reason="LinkedIn gives no id to write to")
            return await self._skip(lead, skip, session)
        if answers := answers_to_us(lead, conversation):
            await session.commit(lambda t: self._learn(t, lead, profile))
            if await take_in(
                answers, context=self.context, llm=self.llm, session=session, agent=AGENT
            ):
                return SendOutcome(kind="answered", reason="this person has written to us")
        adopted = await self._adopt_lost(lead, profile, conversation, session)
        if adopted is not None:
            return adopted
        profile = await self._as_believed(lead, profile)
        if not profile.name:
            skip = DoNotSend(
                cause=Cause.MUST_DECIDE,
                reason="LinkedIn shows no name for this person; look at the profile by hand",
            )
            return await self._skip(lead, skip, session)
        known, _ = await self.context.store.read(
            lambda t: self.reception.as_shown(t, lead, profile)
        )
        way = choose_way(
            profile,
            note_limit=await self._note_limit(account),
            conversation=conversation,
            now=self.context.clock.now(),
        )
        if isinstance(way, DoNotSend):
            return await self._skip(lead, way, session, profile)
        word = await self.approvals.word_on(known, profile, way, session)
        if isinstance(word, DoNotSend):
            return await self._skip(lead, word, session, profile)
        drafted = await self.draft(known, way) if word is None else as_approved(word, known)
        if isinstance(drafted, Unwritable):
            reason = "no fit message could be written: " + "; ".join(drafted.reasons)
            skip = DoNotSend(cause=Cause.MUST_DECIDE, reason=reason)
            return await self._skip(lead, skip, session, profile)
        if word is None and self.approvals.missing(drafted.draft, known):
            return await self._ask_for_approval(lead, profile, drafted, way, conversation, session)
        if not self.policy.live:
            contacted = await self._show(lead, profile, drafted, way, word, session)
        else:
            contacted = await self._send(lead, profile, drafted, way, word, session)
        return msgspec.structs.replace(contacted, instead=drafted.instead)

    async def draft(self, lead: Lead, way: Channel) -> Drafted | Unwritable:
        """A text for this lead that is fit to send, or why there is none.

        What a dry run has shown is that text, as long as what it rests on stays.
        """
        shown = await self.drafting.as_shown(lead, way)
        if isinstance(shown, Drafted):
            return shown

        def would_go(transaction: Transaction) -> bool:
            return isinstance(self.last_look.verdict(transaction, lead, way.kind), MaySend)

        may_ask = await self.context.store.read(would_go)
        return await self.drafting.write(lead, way, may_ask=may_ask, instead_of=shown)

    async def _send(
        self,
        lead: Lead,
        profile: Profile,
        drafted: Drafted,
        way: Channel,
        approved: Review | None,
        session: RoleSession,
    ) -> SendOutcome:
        claimed = await session.commit(
            lambda t: self._claim(t, lead.id, profile, drafted, way, approved)
        )
        if isinstance(claimed, SendOutcome):
            return claimed
        stale = timedelta(seconds=FRESH_CLAIM_SECONDS * self.context.clock.pace)
        if self.context.clock.now() - claimed.claimed_at > stale:
            result = SendResult(
                outcome="refused",
                refusal=Refusal.RETRY_LATER,
                detail="the process slept between claim and act; nothing was sent",
            )
        else:
            result = await self._act(claimed, profile.recipient)
        return await self.context.store.write(
            lambda t: write_outcome(self.context, t, claimed, result)
        )

    async def _act(self, delivery: Delivery, to: Recipient) -> SendResult:
        """The one request. Whatever goes wrong in here after this line may have reached a person."""
        try:
            if delivery.kind is DeliveryKind.INVITATION:
                return await self.sender.send_invitation(to, delivery.text)
            return await self.sender.send_message(to, delivery.text)
        except anyio.get_cancelled_exc_class():
            stopped = SendResult(outcome="unknown", detail="stopped while waiting for the answer")
            with anyio.CancelScope(shield=True):
                await self.context.store.write(
                    lambda t: write_outcome(self.context, t, delivery, stopped)
                )
            raise
        except Exception as exc:  # noqa: BLE001  an adapter's bug is a doubt, never a second try
            return SendResult(outcome="unknown", detail=explain(exc))

    def _look(
        self,
        transaction: Transaction,
        lead: Lead,
        profile: Profile,
        drafted: Drafted,
        way: Channel,
        approved: Review | None,
    ) -> tuple[Lead, MaySend] | SendOutcome:
        """The last look: the person as the profile shows them, with the permit to write to them."""
        learned = self._learn(transaction, lead, profile)
        if learned is None:
            return SendOutcome(kind="skipped", reason="another lead is the same person")
        unapproved = self.approvals.in_force(
            transaction, approved, learned, profile=profile, draft=drafted.draft, way=way
        )
        verdict = self.last_look.verdict(transaction, learned, way.kind, unapproved=unapproved)
        if not isinstance(verdict, MaySend):
            return self._held_back(transaction, learned, verdict, way)
        return learned, verdict

    def _claim(
        self,
        transaction: Transaction,
        lead_id: str,
        profile: Profile,
        drafted: Drafted,
        way: Channel,
        approved: Review | None,
    ) -> Delivery | SendOutcome:
        """The last look and the claim, in one commit."""
        now, policy, draft = self.context.clock.now(), self.policy, drafted.draft
        lead = leads.find(transaction, lead_id)
        if lead is None:
            return SendOutcome(kind="skipped", reason="the lead is gone")
        looked = self._look(transaction, lead, profile, drafted, way, approved)
        if isinstance(looked, SendOutcome):
            return looked
        learned, verdict = looked
        delivery = Delivery(
            id=self.context.new_id(),
            recipient=learned.id,
            account_id=policy.account_id,
            campaign=learned.campaign,
            kind=way.kind,
            step=FIRST_CONTACT,
            text=draft.text,
            text_hash=deliveries.fingerprint(draft.text),
            state=DeliveryState.ATTEMPTED,
            address=profile.provider_id,
            approved_by=self.approvals.signed(approved),
            claimed_at=now,
            attempted_at=now,
        )
        if not deliveries.claim(transaction, delivery):
            return self._stand_by_claim(transaction, learned)
        draw = self.context.chance.random()
        gap = draw_gap(policy.rules, draw)
        holds.hold(
            transaction,
            policy.account_id,
            "gap",
            until=now + gap,
            reason=f"a pause of {gap.total_seconds() / 60:.1f} min after the last send",
        )
        self._journal(
            transaction,
            DecisionMade(lead_id=learned.id, decision=drafted.to_decision()),
            DecisionMade(
                lead_id=learned.id, decision=permitted(verdict, drafted.draft, way, gap_draw=draw)
            ),
            DeliveryClaimed(
                lead_id=learned.id,
                delivery_id=delivery.id,
                kind=way.kind,
                text_hash=delivery.text_hash,
            ),
        )
        return delivery

    def _held_back(
        self, transaction: Transaction, lead: Lead, verdict: WaitUntil | DoNotSend, way: Channel
    ) -> SendOutcome:
        """What the last look had against a send."""
        if isinstance(verdict, WaitUntil):
            kind_held = verdict.held == way.kind.value
            return SendOutcome(
                kind="waits", reason=verdict.reason, wait=verdict, stop=not kind_held
            )
        waits = lead.contact_status is ContactStatus.ALLOCATED and verdict.cause is None
        if waits and replies.has_any(transaction, lead.id):
            verdict = DoNotSend(cause=Cause.ANSWERED, reason=verdict.reason)
        return self._write_skip(transaction, lead, verdict)

    def _stand_by_claim(self, transaction: Transaction, lead: Lead) -> SendOutcome:
        """The database holds a live first act already: the lead takes the state of that one."""
        reason = "a first message to this person is claimed already"
        states = {one.state for one in deliveries.of_recipient(transaction, lead.id)}
        if not states - {DeliveryState.REFUSED, DeliveryState.LOST}:
            raise Conflict(f"the claim for lead {lead.id} was not taken", "it is tried again")
        sent = DeliveryState.SENT in states
        skip = DoNotSend(cause=Cause.SENT if sent else Cause.IN_DOUBT, reason=reason)
        return self._write_skip(transaction, lead, skip)

    async def _adopt_lost(
        self,
        lead: Lead,
        profile: Profile,
        conversation: tuple[ChatMessage, ...],
        session: RoleSession,
    ) -> SendOutcome | None:
        """An earlier act that was not found by reading back may show by now: it is not repeated."""
        lost = await self.context.store.read(lambda t: taken_for_lost(t, lead.id))
        if lost is None:
            return None
        now = self.context.clock.now()
        look = read_evidence(lost, profile, conversation, pending=False, now=now)
        if not look.found:
            return None

        def write(transaction: Transaction) -> SendOutcome:
            fresh = leads.find(transaction, lead.id) or lead
            return adopt(self.context, transaction, lost, fresh, look.evidence)

        return await session.commit(write)

    async def _as_believed(self, lead: Lead, profile: Profile) -> Profile:
        """LinkedIn called this person connected when we invited them: its word then counts.

        A claim writes down the distance that was read, so only that refusal leaves a 1 behind.
        """
        if lead.profile.network_distance != 1 or profile.network_distance == 1:
            return profile
        acts = await self.context.store.read(lambda t: deliveries.of_recipient(t, lead.id))
        corrected = any(
            one.kind is DeliveryKind.INVITATION and one.state is DeliveryState.REFUSED
            for one in acts
        )
        return msgspec.structs.replace(profile, network_distance=1) if corrected else profile

    def _learn(self, transaction: Transaction, lead: Lead, profile: Profile) -> Lead | None:
        """Keep what LinkedIn shows of the person; None when they are another lead's double.

        Raises:
            WrongAnswer: LinkedIn shows them under an id of a lead with another name.
        """
        aliases = aliases_of_profile(profile)
        other = leads.find_by_aliases(transaction, aliases)
        now = self.context.clock.now()
        fresh = leads.find(transaction, lead.id) or lead
        if other is not None and other.id != lead.id:
            refuse_mixture(fresh, other)
            reason = f"the same person as lead {other.id}"
            closed = leads.update(
                transaction,
                fresh,
                now=now,
                moved=move(fresh.contact_status, Cause.SAME_PERSON),
                status_reason=reason,
                duplicate_of=other.id,
            )
            decision = Decision(
                kind="duplicate",
                verdict=closed.contact_status.value,
                decided_by="rules/identity-1",
                reasons=(Reason(why=f"LinkedIn shows {reason}"),),
                basis={"same_as": other.id},
            )
            self._journal(transaction, DecisionMade(lead_id=lead.id, decision=decision))
            return None
        if not renamed(fresh, profile):
            leads.add_aliases(transaction, lead.id, aliases)
        return self.reception.learn(transaction, fresh, profile)

    async def _note_limit(self, account: AccountState) -> int:
        shown = await self.context.store.read(lambda t: key_value.noted(t, NOTE_LIMIT_SHOWN))
        return note_limit(premium=account.premium, shown_limit=shown)

    async def set_aside(self, lead: Lead, reason: str, session: RoleSession) -> SendOutcome:
        """Leave a lead to a human, because the service cannot be asked about this person."""
        error = AgentError(
            agent=AGENT, error=reason, doing=f"looking at {lead.name}", lead_id=lead.id
        )
        await session.commit(lambda t: self._journal(t, error))
        return await self._skip(lead, DoNotSend(cause=Cause.MUST_DECIDE, reason=reason), session)

    async def _skip(
        self, lead: Lead, skip: DoNotSend, session: RoleSession, profile: Profile | None = None
    ) -> SendOutcome:
        """Write nothing to a lead; what was read of the person is kept with it."""

        def write(transaction: Transaction) -> SendOutcome:
            fresh = leads.find(transaction, lead.id)
            if fresh is None or fresh.contact_status is not ContactStatus.ALLOCATED:
                return SendOutcome(kind="skipped", reason="the lead was changed meanwhile")
            if profile is not None and (learned := self._learn(transaction, fresh, profile)):
                fresh = learned
            elif profile is not None:
                return SendOutcome(kind="skipped", reason="another lead is the same person")
            return self._write_skip(transaction, fresh, skip)

        return await session.commit(write)

    def _write_skip(self, transaction: Transaction, lead: Lead, skip: DoNotSend) -> SendOutcome:
        if skip.cause is not None and not skip.asked:
            void_draft(self.context, transaction, lead.id, skip.reason)
        moved = move(lead.contact_status, skip.cause) if skip.cause is not None else None
        if isinstance(moved, Change):
            adopted = moved.cause is Cause.ALREADY_INVITED
            if moved.cause is Cause.HELD:  # an allocated lead: no doubt is left about it
                vetoes.begin_anew(transaction, lead.id)
            now = self.context.clock.now()
            leads.update(
                transaction,
                lead,
                now=now,
                moved=moved,
                status_reason=skip.reason,
                sent_at=now if adopted else lead.sent_at,
            )
        self._journal(transaction, DecisionMade(lead_id=lead.id, decision=skip.to_decision()))
        return SendOutcome(kind="for_review" if skip.asked else "skipped", reason=skip.reason)

    async def _ask_for_approval(
        self,
        lead: Lead,
        profile: Profile,
        drafted: Drafted,
        way: Channel,
        conversation: tuple[ChatMessage, ...],
        session: RoleSession,
    ) -> SendOutcome:
        """Put the text before a human and set the lead aside, in one commit."""

        def ask(transaction: Transaction) -> SendOutcome:
            fresh = leads.find(transaction, lead.id)
            if fresh is None or fresh.contact_status is not ContactStatus.ALLOCATED:
                return SendOutcome(kind="skipped", reason="the lead was changed meanwhile")
            learned = self._learn(transaction, fresh, profile)
            if learned is None:
                return SendOutcome(kind="skipped", reason="another lead is the same person")
            written = DecisionMade(lead_id=lead.id, decision=drafted.to_decision())
            self._journal(transaction, written)
            skip = self.approvals.ask(
                transaction,
                learned,
                drafted.draft,
                way=way,
                profile=profile,
                conversation=conversation,
            )
            return self._write_skip(transaction, learned, skip)

        return await session.commit(ask)

    async def _show(
        self,
        lead: Lead,
        profile: Profile,
        drafted: Drafted,
        way: Channel,
        approved: Review | None,
        session: RoleSession,
    ) -> SendOutcome:
        """linkedin.live is false: all the real run does up to the act, and the text is kept.

        It is the text that goes out once `live` is true, as long as what it rests on stays.
        """

        def show(transaction: Transaction) -> SendOutcome:
            fresh = leads.find(transaction, lead.id)
            if fresh is None or fresh.contact_status is not ContactStatus.ALLOCATED:
                return SendOutcome(kind="skipped", reason="the lead was changed meanwhile")
            looked = self._look(transaction, fresh, profile, drafted, way, approved)
            if isinstance(looked, SendOutcome):
                return looked
            learned, _ = looked
            grounds = self.drafting.grounds(learned, way)
            self.approvals.show(
                transaction, learned, drafted, way=way, profile=profile, grounds=grounds
            )
            shown = f"would send {drafted.draft.kind.value}: {drafted.draft.text}"
            return SendOutcome(kind="dry_run", reason=shown)

        return await session.commit(show)

    def _journal(self, transaction: Transaction, *events: Event) -> None:
        self.context.queue.append(transaction, AGENT, *events)
