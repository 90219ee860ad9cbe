"""What there is to know of LinkedIn without an account there: what we were told, and nothing else.

An act is handed to a human and waits for their word. That nothing is shown proves nothing, so
nothing is ever concluded from these empty answers: see `services.outreach.sending.send_outcomes.hand_over`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ingagents.integrations.known_people import KnownPeople
from ingagents.model import (
    AccountId,
    AccountState,
    ChatMessage,
    Recipient,
    SendResult,
)
from ingagents.model.linkedin import Chat, ChatMessages, ChatPage


class ByHand(KnownPeople):
    """All ports of a service at once."""

    def __init__(self, account_id: str) -> None:
        self._account = AccountState(id=AccountId(account_id), name="by hand")

    async def account(self) -> AccountState:
        """Always in order."""
        return self._account

    async def send_invitation(self, to: Recipient, note: str) -> SendResult:
        """Hand it to a human."""
        del to, note
        return _HANDED

    async def send_message(self, to: Recipient, text: str) -> SendResult:
        """Hand it to a human."""
        del to, text
        return _HANDED

    async def conversation(
        self, who: Recipient, *, after: datetime | None = None
    ) -> Sequence[ChatMessage]:
        """Nothing: `ingagents leads reply` brings what was said."""
        del who, after
        return ()

    async def chats(
        self, *, after: datetime, before: datetime | None = None, cursor: str | None = None
    ) -> ChatPage:
        """None."""
        del after, before, cursor
        return ChatPage(chats=())

    async def messages(self, chat: Chat, *, after: datetime) -> ChatMessages:
        """None."""
        del chat, after
        return ChatMessages()

    async def withdraw_invitation(self, invitation_id: str) -> SendResult:
        """Hand it to a human."""
        del invitation_id
        return _HANDED


_HANDED = SendResult(outcome="by_hand", detail="handed to a human, who sends it on LinkedIn")
