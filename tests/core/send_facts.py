"""Facts of a send at which every gate is open, to shut one after the other."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec

from ingagents.core.rate_limiter import RateRules, Usage
from ingagents.core.review_policy import Lapse, Review
from ingagents.core.sending.campaign_gate import CampaignGate
from ingagents.core.sending.first_touch import Touch
from ingagents.core.sending.send_facts import AccountFacts, Seen, SendFacts, Text
from ingagents.model import (
    FIRST_CONTACT,
    AccountId,
    ChatMessage,
    ContactStatus,
    Delivery,
    DeliveryKind,
    DeliveryState,
    WorkingHours,
)
from tests.factories import a_chat_message, a_draft, a_lead, a_profile

NOW = datetime(2027, 2, 8, 9, 0, tzinfo=UTC)
INVITATION, MESSAGE = DeliveryKind.INVITATION, DeliveryKind.MESSAGE
OPEN = CampaignGate(event_date=None, stop_days_before=14, timezone="Europe/Berlin")
OVER = msgspec.structs.replace(OPEN, event_date=date(2027, 2, 1))
HOURS = WorkingHours(start=time(0), end=None, days=frozenset(range(1, 8)), timezone="Europe/Berlin")
NOTED = Touch(noted=True, reason="as many notes as invitations")
BARE = Touch(noted=False, reason="no notes left")
RULES = RateRules(
    daily_limit=5,
    weekly_limit=10,
    message_daily_limit=5,
    spread="greedy",
    min_interval_minutes=5,
    max_interval_minutes=15,
    hours=HOURS,
)
ACCOUNT = AccountFacts(campaign=OPEN, usage=Usage(acts=()), rules=RULES)
STRANGER = a_profile(network_distance=2, invitation="")
ALLOCATED = a_lead(contact_status=ContactStatus.ALLOCATED)
TALKED_TO = a_lead(contact_status=ContactStatus.MESSAGE_SENT)
DRAFT = a_draft(kind=INVITATION, confidence=0.75)
TEXT = Text(draft=DRAFT, written_for=ALLOCATED)
QUESTION = Review(id="abc123", kind="draft", subject="lead/first-contact", asked_at=NOW)
APPROVED = msgspec.structs.replace(QUESTION, state="approved", decided_by="Kim")
LAPSE = Lapse(state="void", reason="the name changed")
LOST = Delivery(
    id="d1",
    recipient=ALLOCATED.id,
    account_id=AccountId("a"),
    kind=MESSAGE,
    step=FIRST_CONTACT,
    text="Hello",
    text_hash="",
    state=DeliveryState.LOST,
    claimed_at=NOW - timedelta(days=100),
)


def facts(**changes: Any) -> SendFacts:
    account = {
        name: changes.pop(name)
        for name in (
            "campaign",
            "paused",
            "too_many_open",
            "usage",
            "rules",
            "rehearsed",
            "refusals",
            "tracks",
            "programme",
            "wanted",
        )
        if name in changes
    }
    begins = changes.get("step", FIRST_CONTACT) == FIRST_CONTACT
    lead = ALLOCATED if begins else TALKED_TO
    profile = changes.pop("profile", STRANGER if begins else a_profile(network_distance=1))
    said = changes.pop("conversation", ())
    unseen = changes.pop("unseen", None)
    return SendFacts(
        **{
            "stored": lead,
            "lead": lead,
            "seen": unseen or Seen(profile=profile, conversation=said),
            "text": TEXT,
            "note_limit": 200,
            "touch": NOTED,
            "account": msgspec.structs.replace(ACCOUNT, **account),
            **changes,
        }
    )


def ours(days_ago: float, **changes: Any) -> ChatMessage:
    return a_chat_message(from_us=True, sent_at=NOW - timedelta(days=days_ago), **changes)
