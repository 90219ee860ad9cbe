"""The last look before a send: limits, pauses, suppressions, answers, approvals, the campaign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from ingagents.context import Context
from ingagents.core.campaign_gate import CampaignGate
from ingagents.core.identity import aliases_of_profile
from ingagents.core.profiles.merge import names_of
from ingagents.core.rate_limiter import RateRules, Usage, WaitUntil, rehearsed
from ingagents.core.send_policy import Channel, DoNotSend, MaySend, SendFacts, may_send
from ingagents.core.strategy.auto_apply import rules_after
from ingagents.model import FIRST_CONTACT, AccountId, Decision, DeliveryKind, Draft, Lead
from ingagents.ports import Transaction
from ingagents.services.leads.suppression import held_by
from ingagents.services.outreach.send_outcomes import usage_of
from ingagents.services.reviews.approval import Approvals
from ingagents.services.reviews.requests import draft_subject
from ingagents.store.tables import key_value, leads, replies, reviews, strategy


@dataclass(frozen=True, kw_only=True)
class ContactPolicy:
    """Who writes, under which rules. `live` False: everything up to the act, and no act."""

    account_id: AccountId
    rules: RateRules
    gate: CampaignGate
    live: bool
    apply_small_changes: bool = False

    def rules_now(self, transaction: Transaction) -> RateRules:
        """The limits with the changes of strategy that are in force."""
        steps = strategy.in_force(transaction, allowed=self.apply_small_changes)
        return rules_after(self.rules, steps)


@dataclass(frozen=True, kw_only=True)
class LastLook:
    """Looks inside a transaction of the caller's, so that what it saw holds for what is written."""

    context: Context
    policy: ContactPolicy
    approvals: Approvals

    def verdict(
        self, transaction: Transaction, lead: Lead, kind: DeliveryKind, *, unapproved: str = ""
    ) -> MaySend | WaitUntil | DoNotSend:
        """Whether this may go to this lead now."""
        usage, moment = self.usage(transaction, kind, but=lead.id)
        seen = self.circumstances(transaction, lead, usage=usage, unapproved=unapproved)
        return may_send(lead, seen, now=moment)

    def circumstances(
        self, transaction: Transaction, lead: Lead, *, usage: Usage, unapproved: str
    ) -> SendFacts:
        """Everything that may speak against writing to a lead."""
        known = {*leads.aliases_of(transaction, lead.id), *aliases_of_profile(lead.profile)}
        names = names_of(tuple(sorted(known)))
        pause = key_value.noted(transaction, key_value.PAUSED)
        return SendFacts(
            paused=f"paused by {pause['by']}: {pause['reason']}" if pause else "",
            barred=str(self.policy.gate.bar(self.context.clock.now()) or ""),
            suppressed=leads.is_suppressed(transaction, names),
            held=held_by(transaction, lead),
            replied=replies.has_any(transaction, lead.id),
            rejected=self.approvals.rejected(transaction, lead.id),
            unapproved=unapproved,
            usage=usage,
            rules=self.policy.rules_now(transaction),
        )

    def usage(
        self, transaction: Transaction, kind: DeliveryKind | None, *, but: str = ""
    ) -> tuple[Usage, datetime]:
        """What counts against the limits, and the moment one more act would go.

        A dry run uses no quota, but ends where the real one would: what it has shown today (of
        others than the lead `but`) goes first.
        """
        now, account = self.context.clock.now(), self.policy.account_id
        usage = usage_of(transaction, account, kind, now=now)
        if self.policy.live:
            return usage, now
        subject = draft_subject(but, FIRST_CONTACT)
        count = reviews.count_shown(transaction, now=now, but=subject)
        return rehearsed(now, usage, self.policy.rules_now(transaction), count=count)


def permitted(permit: MaySend, draft: Draft, way: Channel, *, gap_draw: float) -> Decision:
    """The permit as the journal keeps it, with the number that the pause after the send came from."""
    decision = permit.to_decision(draft, way)
    basis = {**decision.basis, "gap_draw": round(gap_draw, 4)}
    return msgspec.structs.replace(decision, basis=basis)
