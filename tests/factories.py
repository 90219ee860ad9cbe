"""The nouns with sensible defaults: a test names only what it is about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ingagents.core.allocator import LANES, AllocationRules, C, Pool
from ingagents.core.review_policy import Review
from ingagents.core.sending.wanted import UNJUDGED
from ingagents.model import (
    FIRST_CONTACT,
    AccountId,
    AccountState,
    Alias,
    Campaign,
    ChatMessage,
    Classification,
    Decision,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Draft,
    Effect,
    EffectKind,
    Intent,
    Lead,
    LeadId,
    Mail,
    Profile,
    Reply,
    ResponseAnalysis,
    Sentiment,
)
from ingagents.store.tables.deliveries import fingerprint

MONDAY = datetime(2027, 2, 8, 9, 0, tzinfo=UTC)
"""A working day in winter; 10:00 in Berlin."""


def a_profile(number: int = 1, **changes: Any) -> Profile:
    """A complete profile; each number is another person in another company."""
    fields: dict[str, Any] = {
        "name": f"Robin Muster{number}",
        "first_name": "Robin",
        "last_name": f"Muster{number}",
        "headline": f"CTO at Firma {number}",
        "position": "CTO",
        "company": f"Firma {number} GmbH",
        "industry": "Software",
        "location": "Berlin, Germany",
        "linkedin_url": f"https://www.linkedin.com/in/robin-muster-{number}",
        "public_identifier": f"robin-muster-{number}",
        "provider_id": f"ACoAATest{number:06d}",
        "network_distance": 2,
    }
    return Profile(**{**fields, **changes})


def a_pool(people: Iterable[C], rules: AllocationRules) -> Pool[C]:
    """People to allocate, in the order in which a database would hand them out."""
    people = list(people)
    good = [
        one
        for one in people
        if one.classification == UNJUDGED or one.quality_score >= rules.quality_threshold
    ]
    lanes: dict[str, list[C]] = {lane: [] for lane in LANES}
    for one in sorted(
        (one for one in good if one.linkedin_url),
        key=lambda one: (
            0 if rules.strategy == "oldest_first" else -one.quality_score,
            one.created_at,
            one.id,
        ),
    ):
        lanes[one.classification].append(one)
    return Pool(
        lanes=lanes,
        candidates=len(people),
        below_threshold=len(people) - len(good),
        no_address=sum(not one.linkedin_url for one in good),
    )


def a_lead(number: int = 1, **changes: Any) -> Lead:
    """A lead nobody has contacted, with the profile of the same number."""
    profile = changes.pop("profile", None) or a_profile(number)
    fields: dict[str, Any] = {
        "id": LeadId(f"lead-{number:06d}"),
        "name": profile.name,
        "position": profile.position,
        "company": profile.company,
        "linkedin_url": profile.linkedin_url,
        "provider_id": profile.provider_id,
        "classification": Classification.SPEAKER,
        "classification_confidence": 0.8,
        "quality_score": 7.5,
        "source": "search",
        "profile": profile,
        "created_at": MONDAY,
        "last_updated": MONDAY,
    }
    return Lead(**{**fields, **changes})


def aliases_of_lead(lead: Lead) -> tuple[Alias, ...]:
    """The names a made-up lead is known by: its slug and its provider id."""
    return (
        Alias("slug", lead.profile.public_identifier),
        Alias("acoa", lead.provider_id),
    )


def a_delivery(number: int = 1, **changes: Any) -> Delivery:
    """A claimed invitation to the lead of the same number."""
    text = changes.pop("text", f"Hello Robin Muster{number}, will you speak at our summit?")
    fields: dict[str, Any] = {
        "id": f"delivery-{number:06d}",
        "recipient": f"lead-{number:06d}",
        "account_id": AccountId("account-1"),
        "kind": DeliveryKind.INVITATION,
        "step": FIRST_CONTACT,
        "text": text,
        "text_hash": fingerprint(text),
        "state": DeliveryState.CLAIMED,
        "address": f"ACoAATest{number:06d}",
        "claimed_at": MONDAY,
    }
    return Delivery(**{**fields, **changes})


def a_draft(number: int = 1, **changes: Any) -> Draft:
    """An invitation text for the lead of the same number."""
    fields: dict[str, Any] = {
        "lead_id": LeadId(f"lead-{number:06d}"),
        "kind": DeliveryKind.INVITATION,
        "text": f"Hello Robin Muster{number}, will you speak at our summit?",
        "written_by": "template:speaker:1",
    }
    return Draft(**{**fields, **changes})


def a_review(number: int = 1, **changes: Any) -> Review:
    """An open question about the invitation to the lead of the same number."""
    text = changes.pop("text", f"Hello Robin Muster{number}, will you speak at our summit?")
    fields: dict[str, Any] = {
        "id": f"ab{number:04d}",
        "kind": "draft",
        "subject": f"lead-{number:06d}/{FIRST_CONTACT}",
        "lead_id": LeadId(f"lead-{number:06d}"),
        "recipient": f"Robin Muster{number}",
        "address": f"ACoAATest{number:06d}",
        "account_id": AccountId("account-1"),
        "way": DeliveryKind.INVITATION,
        "step": FIRST_CONTACT,
        "text": text,
        "text_hash": fingerprint(text),
        "text_limit": 300,
        "written_by": "template:speaker:1",
        "asked_at": MONDAY,
        "expires_at": MONDAY + timedelta(hours=72),
    }
    return Review(**{**fields, **changes})


def a_reply(number: int = 1, **changes: Any) -> Reply:
    """An answer of the lead of the same number."""
    fields: dict[str, Any] = {
        "id": f"message-{number:06d}",
        "lead_id": LeadId(f"lead-{number:06d}"),
        "chat_id": f"chat-{number:06d}",
        "text": "Sounds good, tell me more.",
        "received_at": MONDAY,
    }
    return Reply(**{**fields, **changes})


def an_analysis(**changes: Any) -> ResponseAnalysis:
    """A positive reading of a reply."""
    fields: dict[str, Any] = {
        "sentiment": Sentiment.POSITIVE,
        "intent": Intent.INTERESTED,
        "confidence": 0.9,
    }
    return ResponseAnalysis(**{**fields, **changes})


def an_effect(**changes: Any) -> Effect:
    """An answer that ends the plan."""
    return Effect(**{"kind": EffectKind.ENDS, "reason": "has answered", **changes})


def a_chat_message(number: int = 1, **changes: Any) -> ChatMessage:
    """A message that the person of this number wrote to us."""
    fields: dict[str, Any] = {
        "id": f"message-{number:06d}",
        "chat_id": f"chat-{number:06d}",
        "provider_id": f"ACoAATest{number:06d}",
        "text": "Sounds good, tell me more.",
        "sent_at": MONDAY,
        "from_us": False,
    }
    return ChatMessage(**{**fields, **changes})


def a_decision(**changes: Any) -> Decision:
    """A judgement without much behind it."""
    fields: dict[str, Any] = {
        "kind": "quality",
        "verdict": "7.5",
        "decided_by": "rules:1",
    }
    return Decision(**{**fields, **changes})


def a_campaign(**changes: Any) -> Campaign:
    """The event the settings' defaults speak of, signed."""
    fields: dict[str, Any] = {
        "event_name": "InG Summit",
        "event_date": date(2027, 5, 20),
        "event_city": "Berlin",
        "sender_name": "Kim Beispiel",
    }
    return Campaign(**{**fields, **changes})


def an_account(**changes: Any) -> AccountState:
    """A premium account in good order."""
    fields: dict[str, Any] = {
        "id": AccountId("account-1"),
        "name": "Kim Beispiel",
        "owner": Profile(provider_id="ACoAATestOwn"),
        "premium": True,
    }
    return AccountState(**{**fields, **changes})


def a_mail(**changes: Any) -> Mail:
    """A short mail to the team."""
    fields: dict[str, Any] = {
        "recipients": ("team@example.com",),
        "subject": "Daily report",
        "text": "All is well.",
        "message_id": "<mail-1@example.com>",
    }
    return Mail(**{**fields, **changes})
