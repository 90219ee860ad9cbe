"""What an account at work is given: its ports and what works over them, and whose hands they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ingagents.ports import Inbox, ProfileSource, SendingAccount, SentItems
from ingagents.services.outreach.reconcile import Doubts
from ingagents.services.outreach.sending.send import SendMessage
from ingagents.services.outreach.withdrawals.withdrawals import TakesBack


class Worker(Protocol):
    """Whose hands work at a desk: an agent, which may be asked to stop, and says what it does."""

    doing: str

    @property
    def stopping(self) -> bool:
        """True once it was asked to stop."""
        ...


@dataclass(frozen=True, kw_only=True)
class Ways:
    """What an account works with: its ports, and how it writes, reads back and takes back."""

    account: SendingAccount
    profiles: ProfileSource
    inbox: Inbox
    sent_items: SentItems
    contact: SendMessage
    doubts: Doubts
    withdrawals: TakesBack
