"""How HeyReach writes people, leads of a campaign and conversations."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from ingagents.sandbox.market.background import Chat
from ingagents.sandbox.market.campaign import Enrolled
from ingagents.sandbox.market.people import Person


def iso(moment: datetime) -> str:
    """Seven digits after the second and a Z, as .NET writes a moment."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")


def profile(person: Person) -> dict[str, Any]:
    """Somebody's profile; what it does not say is null."""
    return {
        "linkedin_id": person.member_number,
        "profileUrl": url(person),
        "firstName": person.first_name,
        "lastName": person.last_name,
        "headline": person.headline or None,
        "location": person.location or None,
        "companyName": person.company_name or None,
        "companyUrl": None,
        "position": person.title or None,
        "about": None,
        "emailAddress": None,
        "tags": None,
    }


def url(person: Person) -> str:
    """The address of somebody's profile."""
    return f"https://www.linkedin.com/in/{quote(person.slug or person.provider_id, safe='')}"


def lead(one: Enrolled, *, account: int) -> dict[str, Any]:
    """A row of the campaign's list."""
    connection = "None"
    if one.invited:
        connection = "ConnectionAccepted" if one.connected_at is not None else "ConnectionSent"
    message = "MessageSent" if one.messages else "None"
    if one.answered_at is not None:
        message = "MessageReply"
    return {
        "id": int(one.person.member_number),
        "linkedInUserProfileId": one.person.provider_id,
        "linkedInUserProfile": profile(one.person),
        "creationTime": iso(one.at),
        "lastActionTime": iso(one.last_at) if one.touched else None,
        "failedTime": iso(one.at) if one.failed else None,
        "leadCampaignStatus": one.status,
        "leadConnectionStatus": connection,
        "leadMessageStatus": message,
        "errorCode": one.failed or None,
        "leadCampaignStatusMessage": None,
        "linkedInSenderId": account,
        "linkedInSenderFullName": None,
    }


def chat_id(chat: Chat) -> str:
    """What HeyReach calls a conversation."""
    return "2-" + base64.b64encode(chat.id.encode("ascii")).decode("ascii")


def conversation(chat: Chat, *, account: int, last: int | None = None) -> dict[str, Any]:
    """A conversation with its newest messages; `last`: no more than so many of them."""
    said = chat.said[-last:] if last else chat.said
    newest = chat.said[-1]
    return {
        "id": chat_id(chat),
        "read": newest.sender is None,
        "groupChat": chat.person is None,
        "blockedByMe": False,
        "blockedByParticipant": False,
        "lastMessageAt": iso(newest.at),
        "lastMessageText": newest.text,
        "lastMessageType": "TEXT",
        "lastMessageSender": "ME" if newest.sender is None else "CORRESPONDENT",
        "totalMessages": len(chat.said),
        "campaignId": None,
        "linkedInAccountId": account,
        "correspondentProfile": None if chat.person is None else profile(chat.person),
        "linkedInAccount": None,
        "messages": [
            {
                "createdAt": iso(one.at),
                "body": one.text,
                "subject": None,
                "postLink": None,
                "isInMail": False,
                "sender": "ME" if one.sender is None else "CORRESPONDENT",
            }
            for one in said
        ],
    }
