"""How many people can still be written to, and how many of them have to be found first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ingagents.agents.outcomes import usage_of
from ingagents.core.rate_limiter import WEEK, RateRules, sendable_until
from ingagents.model import AccountId
from ingagents.ports import Transaction
from ingagents.store import leads

__all__ = ["Supply"]

AHEAD = WEEK
"""So far ahead people are looked for: more would grow stale in the store."""


@dataclass(frozen=True, kw_only=True)
class Supply:
    """What the account's limits leave room for, beside who is there to be written to."""

    account_id: AccountId
    rules: RateRules
    quality_threshold: float

    def room(self, transaction: Transaction, now: datetime, ahead: timedelta) -> int:
        """How many more may be allocated, for all of them to be written to within `ahead`."""
        usage = usage_of(transaction, self.account_id, None, now=now)
        sendable = sendable_until(now, now + ahead, usage, self.rules)
        return max(0, sendable - leads.waiting(transaction))

    def in_store(self, transaction: Transaction) -> int:
        """How many nobody has written to who are good enough and have an address."""
        return leads.in_store(transaction, at_least=self.quality_threshold)

    def needed(self, transaction: Transaction, now: datetime) -> int:
        """How many more are to be found, for the account not to run dry in the days ahead."""
        return max(0, self.room(transaction, now, AHEAD) - self.in_store(transaction))
