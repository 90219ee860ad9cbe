"""What a LinkedIn service shows of an account: its chats, connections and open invitations."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ingagents.errors import WrongAnswer
from ingagents.model.profile import Profile, Recipient
from ingagents.model.reply import ChatMessage


class SentInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """An open invitation of ours, as the service shows it; `sent_at` is good to a day at best.

    `id` is what it is withdrawn by.
    """

    to: Recipient
    id: str = ""
    name: str = ""
    note: str = ""
    sent_at: datetime | None = None


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """How far a campaign of the service's is with a person, as the service shows it.

    `invited`, `accepted` and `messaged` are what it says was done; `at` is when it did the last of
    it. `answered`: they wrote, whatever was done before. `stopped`: nothing more is sent, and `detail`
    says why where the service does.
    """

    to: Recipient
    invited: bool = False
    accepted: bool = False
    messaged: bool = False
    answered: bool = False
    failed: bool = False
    paused: bool = False
    stopped: bool = False
    at: datetime | None = None
    detail: str = ""


class Chat(msgspec.Struct, frozen=True, kw_only=True):
    """A one-to-one chat of an account; `who` is the other person, without a name where hidden.

    `latest` is when something was last written in it.
    """

    id: str
    account_id: str
    who: Recipient
    latest: datetime | None


class ChatPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of the chats, the one with the newest text first.

    `cursor` asks for the next page and is None at the end; `wrong` are those whose record cannot
    be read.
    """

    chats: tuple[Chat, ...]
    cursor: str | None = None
    wrong: tuple[WrongAnswer, ...] = ()


class Connections(msgspec.Struct, frozen=True, kw_only=True):
    """First-degree connections, newest first; `wrong` are those whose record cannot be read."""

    people: tuple[Profile, ...] = ()
    wrong: tuple[WrongAnswer, ...] = ()


class ChatMessages(msgspec.Struct, frozen=True, kw_only=True):
    """What a chat holds, oldest first; `wrong` are a third person's."""

    messages: tuple[ChatMessage, ...] = ()
    wrong: tuple[WrongAnswer, ...] = ()
