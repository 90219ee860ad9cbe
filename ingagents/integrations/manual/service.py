"""What there is to know of LinkedIn without an account there: what we were told, and nothing else.

An act is handed to a human and waits for their word. That nothing is shown proves nothing, so
nothing is ever concluded from these empty answers: see `services.outreach.send_outcomes.hand_over`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from ingagents.model import (
    AccountId,
    AccountState,
    ChatMessage,
    Profile,
    Recipient,
    SearchCriteria,
    SearchPage,
    SendResult,
)
from ingagents.model.linkedin import Chat, ChatMessages, ChatPage, Connections, SentInvitation


class ByHand:
    """All ports of a service at once."""

    def __init__(self, account_id: str) -> None:
        self._account = AccountState(id=AccountId(account_id), name="by hand")

    async def account(self) -> AccountState:
        """Always in order."""
        return self._account

    async def search_profiles(
        self, criteria: SearchCriteria, *, cursor: str | None = None, limit: int = 50
    ) -> SearchPage:
        """Nobody: people come by list and sheet."""
        del criteria, cursor, limit
        return SearchPage(profiles=())

    async def fetch_profile(self, who: Recipient, *, known: Profile | None = None) -> Profile:
        """What we know, under the name by which the human finds the person."""
        profile = known or Profile()
        return msgspec.structs.replace(
            profile,
            provider_id=profile.provider_id or who.provider_id or who.public_identifier,
            public_identifier=profile.public_identifier or who.public_identifier,
            linkedin_url=profile.linkedin_url or who.linkedin_url,
        )

    async def newest_relations(self, *, limit: int = 100) -> Connections:
        """None: `ingagents leads accepted` says who accepted."""
        del limit
        return Connections()

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

    async def pending_invitations(self) -> Sequence[SentInvitation]:
        """None: so none is withdrawn by itself."""
        return ()

    async def withdraw_invitation(self, invitation_id: str) -> SendResult:
        """Hand it to a human."""
        del invitation_id
        return _HANDED


_HANDED = SendResult(outcome="by_hand", detail="handed to a human, who sends it on LinkedIn")
