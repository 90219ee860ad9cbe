"""Chats, messages and open invitations in Unipile's JSON: who said it, and when, or nobody.

In a chat of two only the two are heard. A time that cannot be is taken as now.
"""

from __future__ import annotations

from datetime import UTC, datetime

from ingagents.core.profiles.recognition import are_one, believable
from ingagents.errors import WrongAnswer
from ingagents.integrations.http.sanitise import (
    clean_text,
    count_of,
    flag_of,
    id_of,
    moment_of,
    object_of,
)
from ingagents.integrations.unipile.ids import (
    check_account,
    optional_id,
    required_id,
    slug_of,
    wrong,
)
from ingagents.model import ChatMessage, Recipient
from ingagents.model.linkedin import Chat, SentInvitation

_NAME_LENGTH_MAX = 200


def chat_of(item: object, account_id: str) -> Chat | None:
    """A one-to-one chat; None for groups, channels and what is no chat at all.

    Raises:
        WrongAnswer: it is another account's, or has an id that is none.
    """
    chat = object_of(item)
    if not chat or chat.get("type") not in (0, "0", None):
        return None
    check_account(chat, account_id, "a chat")
    return Chat(
        id=required_id(chat.get("id"), "a chat"),
        account_id=account_id,
        who=Recipient(
            provider_id=optional_id(chat.get("attendee_provider_id"), "the person of a chat")
        ),
        latest=moment_of(chat.get("timestamp")),
    )


def message_of(
    item: object, chat: Chat, *, now: datetime, own_provider_id: str = ""
) -> ChatMessage | WrongAnswer | None:
    """One message; None for events, hidden and deleted ones.

    A third person's may be theirs, or ours, under a wrong name: that is a wrong answer, given back
    and not raised, for the others of the chat are right.

    A message without text, such as a voice message, is kept: it too is an answer. Where the
    service hides whose chat it is, the message's `provider_id` is the sender's.

    Raises:
        WrongAnswer: it is of another chat or account, or has an id that is none.
    """
    message = object_of(item)
    if not message or any(flag_of(message.get(at)) for at in ("hidden", "deleted", "is_event")):
        return None
    if count_of(message.get("event_type")):
        return None  # a reaction, a missed call: what it is in words is empty
    check_account(message, chat.account_id, "a message")
    message_id = required_id(message.get("id"), "a message")
    if optional_id(message.get("chat_id"), "a message's chat") not in ("", chat.id):
        raise wrong(f"gives a message of {id_of(message['chat_id'])} for the chat {chat.id}")
    sender = optional_id(message.get("sender_id"), "a message's sender")
    other = chat.who.provider_id
    is_ours = bool(sender) and sender == own_provider_id
    is_theirs = bool(sender) and are_one(sender, other)
    from_us = is_ours or (flag_of(message.get("is_sender")) and not is_theirs)
    if sender and other and not from_us and not is_theirs:
        return wrong(f"gives a message of {sender} in the chat with {other}")
    return ChatMessage(
        id=message_id,
        chat_id=chat.id,
        provider_id=other or ("" if from_us else sender),
        text=clean_text(message.get("text")),
        sent_at=believable(moment_of(message.get("timestamp")), now),
        from_us=from_us,
        is_note=message.get("message_type") == "INVITATION",
    )


def invitation_of(item: object, account_id: str, *, now: datetime) -> SentInvitation | None:
    """An open invitation of ours; None where the service hides to whom.

    Raises:
        WrongAnswer: it is another account's, or has an id that is none.
    """
    invitation = object_of(item)
    check_account(invitation, account_id, "an invitation")
    provider_id = optional_id(invitation.get("invited_user_id"), "an invited person")
    if not provider_id:
        return None
    sent_at = moment_of(invitation.get("parsed_datetime"))
    return SentInvitation(
        to=Recipient(
            provider_id=provider_id,
            public_identifier=slug_of(invitation.get("invited_user_public_id")),
        ),
        id=id_of(invitation.get("id")),
        name=clean_text(invitation.get("invited_user"), _NAME_LENGTH_MAX),
        note=clean_text(invitation.get("invitation_text")),
        sent_at=None if sent_at is None else believable(sent_at, now),
    )


def timestamp(moment: datetime) -> str:
    """A moment as the service's filters demand it: `YYYY-MM-DDTHH:MM:SS.mmmZ`, nothing else."""
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='milliseconds')}Z"
