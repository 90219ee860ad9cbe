"""The facts that a send rests on: what LinkedIn shows, and what the database knows in one reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from ingagents.context import Context
from ingagents.core.conversation.withdrawals import invited_again_from
from ingagents.core.facts.facts import earlier_texts
from ingagents.core.identity import aliases_of_profile
from ingagents.core.lead_status import Cause
from ingagents.core.message_generator import Unwritable
from ingagents.core.profiles.contradictions import renamed
from ingagents.core.profiles.merge import names_of
from ingagents.core.reconciler import CLOCK_SKEW
from ingagents.core.review_policy import Lapse, Review, answered_at, text_kind
from ingagents.core.send_policy import note_limit
from ingagents.core.sending.by_hand import last_by_hand
from ingagents.core.sending.first_touch import Touch, first_touch
from ingagents.core.sending.send_facts import AccountFacts, Seen, SendFacts, Text, Unseen
from ingagents.core.text.prompt_injection import cleaned
from ingagents.errors import OwnAccount, PersonRefused, explain
from ingagents.model import (
    FIRST_CONTACT,
    AccountState,
    ChatMessage,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Lead,
    LeadId,
    Profile,
    Step,
)
from ingagents.ports import Inbox, ProfileSource, Transaction
from ingagents.services.leads.intake import Reception
from ingagents.services.leads.suppression import held_by
from ingagents.services.outreach.account import (
    AccountPolicy,
    account_facts,
    notes_now,
    recipient_of,
)
from ingagents.services.outreach.sending.doubles import namesakes_of
from ingagents.services.outreach.sending.send_outcomes import NOTE_LIMIT_SHOWN
from ingagents.services.reviews.approval import Approvals, has_answered
from ingagents.services.reviews.requests import draft_subject
from ingagents.store.tables import deliveries, key_value, lead_plans, leads, reviews

_BEST = 50
"""So many of the best who wait are compared with whoever may get one of a few notes."""


async def look(
    lead: Lead, account: AccountState, *, profiles: ProfileSource, inbox: Inbox
) -> Seen | Unseen:
    """The person as LinkedIn shows them at this moment: one profile, one conversation.

    Raises:
        TryLater, AccountBlocked, RequestRefused: it shows nobody just now. `WrongAnswer` when the
            service showed somebody else.
    """
    try:
        shown = await profiles.fetch_profile(recipient_of(lead), known=lead.profile)
        profile = cleaned(shown).profile
        to = profile.recipient
        said = await inbox.conversation(to) if to.provider_id else ()
    except PersonRefused as exc:
        ours = isinstance(exc, OwnAccount)
        cause = Cause.SUPPRESSED if ours else Cause.REFUSED_FOR_GOOD
        return Unseen(cause=cause, reason=explain(exc))
    return Seen(profile=profile, conversation=tuple(said), premium=account.premium)


@dataclass(frozen=True, kw_only=True)
class Gather:
    """What is asked for the facts of a send beside the database: rules, and how people are read."""

    context: Context
    policy: AccountPolicy
    reception: Reception
    approvals: Approvals

    def facts(
        self,
        transaction: Transaction,
        lead_id: LeadId,
        seen: Seen | Unseen,
        *,
        step: Step = FIRST_CONTACT,
        text: Text | Unwritable | None = None,
    ) -> SendFacts | None:
        """All that may speak against writing to a lead now; None: the lead is gone.

        The caller's transaction makes it one reading; inside a commit it holds for what is written.

        Raises:
            WrongAnswer: LinkedIn shows the person under an id of a lead with another name.
        """
        stored = leads.find(transaction, lead_id)
        if stored is None:
            return None
        acts = deliveries.of_person(transaction, lead_id)
        lead, same_as = stored, None
        doubles = former = tuple[Lead, ...]()
        if isinstance(seen, Seen):
            seen = msgspec.structs.replace(seen, profile=_as_believed(stored, seen.profile, acts))
            lead, _ = self.reception.as_shown(
                transaction, stored, seen.profile, looked=self.policy.look_judges
            )
            stands, same, former = namesakes_of(transaction, stored, seen.profile)
            doubles = tuple(one for one in same if one is not stored)
            same_as = stands if stands is not stored else None
        now = self.context.clock.now()
        subject, kind = draft_subject(lead_id, step), text_kind(step)
        review = reviews.standing(transaction, kind, subject)
        account = account_facts(transaction, self.policy, now=now, but=subject)
        rejection = reviews.rejection(transaction, kind, subject)
        facts = SendFacts(
            step=step,
            coming=lead_plans.coming(transaction, stored),
            by_hand=_by_hand_since(_written_beside(acts, seen.conversation), review),
            earlier=earlier_texts(acts),
            stored=stored,
            lead=lead,
            same_as=same_as,
            doubles=doubles,
            former=former,
            suppressed=_suppressed(transaction, stored, lead, seen),
            replied=has_answered(transaction, lead_id, review),
            held=held_by(transaction, stored),
            rejected=f"rejected by {rejection.decided_by}: {rejection.reason}" if rejection else "",
            claimed=next((one.state for one in acts if self._stands(one, stored, step)), None),
            withdrawn_until=invited_again_from(
                [one for one in acts if one.account_id == self.policy.account_id]
            ),
            lost=next((one for one in reversed(acts) if _is_lost(one, step)), None),
            seen=seen,
            text=text,
            review=review,
            approval=self.approvals.rule,
            shown=reviews.shown(transaction, subject),
            note_limit=note_limit(
                premium=seen.premium,
                shown_limit=key_value.noted(
                    transaction, NOTE_LIMIT_SHOWN, of=self.policy.account_id
                ),
            ),
            touch=self._touch(transaction, lead, seen, account, review, now),
            enrols=self.policy.enrols,
            account=account,
        )
        return self._with_lapse(transaction, facts)

    def _touch(
        self,
        transaction: Transaction,
        lead: Lead,
        seen: Seen | Unseen,
        account: AccountFacts,
        review: Review | None,
        now: datetime,
    ) -> Touch:
        """Whether an invitation would have a note."""
        if self.policy.enrols:
            noted = self.policy.first_touch != "bare"
            told = "" if noted else "out"
            return Touch(noted=noted, reason=f"its invitation is with{told} a note")
        if seen.profile.network_distance == 1:
            return Touch(noted=True, reason="a connection is not invited")
        refusals = account.refusals
        notes = notes_now(
            transaction, self.policy, premium=seen.premium, refusals=refusals, now=now
        )
        # Who else waits is asked where it matters alone.
        waiting = leads.best_waiting(transaction, limit=_BEST) if notes.left else ()
        return first_touch(
            lead,
            self.policy.first_touch,
            notes,
            now=now,
            waiting=waiting,
            refused_noted=lead.id in refusals.bare_next,
            approved=review is not None and review.state == "approved",
        )

    @staticmethod
    def _stands(act: Delivery, lead: Lead, step: Step) -> bool:
        """Whether an act that would be claimed now is on its way already, or has arrived.

        From whichever account: a person has one voice.
        """
        same = (act.campaign, act.step) == (lead.campaign, step)
        return same and not act.state.frees_step

    def _with_lapse(self, transaction: Transaction, facts: SendFacts) -> SendFacts:
        """The facts with why the review that stands holds no longer for this person now."""
        if facts.review is None or not isinstance(facts.seen, Seen):
            return facts
        if not facts.channel.limit:
            bare = Lapse(state="void", reason=f"it has no note: {facts.touch.reason}")
            return msgspec.structs.replace(facts, lapse=bare)
        text = facts.text
        lapse = self.approvals.why_lapsed(
            transaction,
            facts.review,
            facts.lead,
            profile=facts.profile,
            way=facts.channel,
            text=text.draft.text if isinstance(text, Text) and text.review_id else None,
        )
        return msgspec.structs.replace(facts, lapse=lapse)


def _written_beside(
    acts: Sequence[Delivery], conversation: Sequence[ChatMessage]
) -> datetime | None:
    """When somebody wrote to the person by hand, since the first of our acts."""
    if not acts:
        return None
    first = acts[0].attempted_at or acts[0].claimed_at
    since = [one for one in conversation if one.sent_at >= first - CLOCK_SKEW]
    last = last_by_hand(since, acts)
    return last.sent_at if last is not None else None


def _by_hand_since(at: datetime | None, review: Review | None) -> datetime | None:
    """What a human wrote before the message that is answered does not speak against the answer."""
    answers = answered_at(review) if review is not None else None
    return None if at is not None and answers is not None and at <= answers else at


def _is_lost(act: Delivery, step: Step) -> bool:
    return act.state is DeliveryState.LOST and act.step == step


def _suppressed(transaction: Transaction, stored: Lead, lead: Lead, seen: Seen | Unseen) -> str:
    """Why a person is never to be written to, under any name that is known of them or shown."""
    known = {*leads.aliases_of(transaction, stored.id), *aliases_of_profile(lead.profile)}
    if isinstance(seen, Seen) and not renamed(stored, seen.profile):
        known.update(aliases_of_profile(seen.profile))
    return leads.is_suppressed(transaction, names_of(tuple(sorted(known))))


def _as_believed(lead: Lead, profile: Profile, acts: list[Delivery]) -> Profile:
    """LinkedIn called this person connected when we invited them: its word then counts.

    A claim writes down the distance that was read, so only that refusal leaves a 1 behind.
    """
    if lead.profile.network_distance != 1 or profile.network_distance == 1:
        return profile
    corrected = any(
        one.kind is DeliveryKind.INVITATION and one.state is DeliveryState.REFUSED for one in acts
    )
    return msgspec.structs.replace(profile, network_distance=1) if corrected else profile
