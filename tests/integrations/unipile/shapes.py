"""Samples of what Unipile answers, as its documentation and real answers show them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ingagents.model import Recipient
from ingagents.model.linkedin import Chat
from tests.integrations.unipile.wire.test_http import NO_IDS_AT_ALL

NO_IDS: tuple[Any, ...] = (*NO_IDS_AT_ALL, True, 1.5, [], {})
NOT_EMPTY_NO_IDS: tuple[Any, ...] = tuple(bad for bad in NO_IDS if bad != "")
MEMBER = "ACoAAB12cdEFgh34ijKLmn56opQRst"
A_HIT: dict[str, Any] = {
    "object": "SearchResult",
    "type": "PEOPLE",
    "id": MEMBER,
    "public_identifier": "Ines-Falk",
    "public_profile_url": "https://www.linkedin.com/in/ines-falk?trk=x",
    "member_urn": "urn:li:member:123456",
    "name": "Ines Falk",
    "headline": "Building things that last",
    "location": "Leipzig, Germany",
    "industry": None,
    "network_distance": "DISTANCE_2",
    "pending_invitation": False,
    "premium": True,
    "open_profile": True,
    "current_positions": [
        {"role": "VP Engineering", "company": "Nordlicht AG", "industry": ["Software Development"]}
    ],
}
A_PROFILE: dict[str, Any] = {
    "object": "UserProfile",
    "provider_id": MEMBER,
    "public_identifier": "ines-falk",
    "member_urn": "123456",
    "first_name": "Ines",
    "last_name": "Falk",
    "headline": "VP Engineering at Nordlicht AG | Speaker",
    "summary": "Line one\nline two",
    "primary_locale": {"country": "DE", "language": "de"},
    "contact_info": {"emails": [None, "not a mail", "ines@example.com"], "adresses": []},
    "is_premium": True,
    "is_creator": True,
    "is_relationship": False,
    "network_distance": "THIRD_DEGREE",
    "follower_count": 1200,
    "connections_count": 500,
    "work_experience": [
        {"position": "Adviser", "company": "Alt GmbH", "start": "1/1/2010", "end": "1/1/2012"},
        {"position": "VP Engineering", "company": "Nordlicht AG", "current": True, "start": None},
    ],
    "skills": [{"name": "Rust"}, {"name": None}, "Go", {"name": "Rust"}],
}
AN_ACCOUNT: dict[str, Any] = {
    "object": "Account",
    "id": "acc",
    "name": "Ines Falk",
    "connection_params": {"im": {"id": MEMBER, "premiumFeatures": []}},
    "sources": [{"id": "s", "status": "OK"}],
}
NOW = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
CHAT = Chat(id="c", account_id="acc", who=Recipient(provider_id="them"), latest=None)
A_MESSAGE: dict[str, Any] = {
    "id": "m",
    "sender_id": "them",
    "text": "Hello",
    "timestamp": "2027-03-01T09:00:00.123Z",
    "is_sender": 0,
    "message_type": "MESSAGE",
}
