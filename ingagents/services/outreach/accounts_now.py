"""The department's accounts as they stand, in one look: what holds each, and who waits for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ingagents.core.gates import may_act
from ingagents.core.sending.plans import Wait
from ingagents.core.sending.send_facts import AccountFacts
from ingagents.model import Lead, LeadId
from ingagents.ports import Transaction
from ingagents.services.outreach.account import account_facts
from ingagents.services.outreach.outreach_pass import Queue, queue_of
from ingagents.services.outreach.sending.facts import Gather


@dataclass(frozen=True, kw_only=True)
class AccountNow:
    """What speaks for and against an account's acts, and whom it would write to."""

    gather: Gather
    facts: AccountFacts
    queue: Queue


@dataclass(frozen=True, kw_only=True)
class AccountsNow:
    """Every account, in the order of the settings."""

    each: Sequence[AccountNow]

    @classmethod
    def read(
        cls, transaction: Transaction, gathers: Sequence[Gather], *, now: datetime
    ) -> AccountsNow:
        """As the database has them."""
        return cls(
            each=[
                AccountNow(
                    gather=one,
                    facts=account_facts(transaction, one.policy, now=now),
                    queue=queue_of(transaction, one.policy, now=now),
                )
                for one in gathers
            ]
        )

    @property
    def queued(self) -> Mapping[LeadId, Lead]:
        """Whoever waits for one of them, each once, in order."""
        return {lead.id: lead for one in self.each for lead in one.queue.leads}

    def speaking_with(self, lead: Lead) -> AccountNow:
        """The account that writes to a lead; while none has, the first that goes on."""
        own = (one for one in self.each if one.gather.policy.account_id == lead.account_id)
        free = (one for one in self.each if not one.facts.paused)
        return next(own, None) or next(free, self.each[0])

    def held(self, *, now: datetime) -> Wait | None:
        """What holds every account, as the first that goes on again says; None: one may act."""
        said = [may_act(one.facts, now) for one in self.each]
        waits = [one for one in said if isinstance(one, Wait)]
        if len(waits) < len(said):
            return None
        return min(waits, key=lambda one: (one.until is None, one.until or now))
