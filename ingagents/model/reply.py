"""What comes back, and what it means."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec

from ingagents.display import Shown, Told
from ingagents.model.campaign import DEFAULT_CAMPAIGN, AccountId, CampaignId
from ingagents.model.lead import Intent, LeadId, Reason, ReplyDetail, Sentiment


class ChatMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a conversation, theirs or ours."""

    id: str
    chat_id: str
    provider_id: str
    """The other person's id, whoever wrote this message."""
    text: str
    sent_at: datetime
    from_us: bool
    is_note: bool = False
    """The note of an accepted invitation, shown by LinkedIn as a first message: not an answer."""


class Reply(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """An answer of a person to us, as we keep it; `id` is the service's message id."""

    id: str
    lead_id: LeadId
    campaign: CampaignId = DEFAULT_CAMPAIGN
    account_id: AccountId = AccountId("")
    chat_id: str = ""
    text: str
    received_at: datetime

    def _told(self) -> Told:
        line = f"of lead {self.lead_id[:8]}, {self.received_at:%Y-%m-%d %H:%M %Z}: {self.text}"
        return Told(line, super()._told().rows)


class EffectKind(StrEnum):
    """What becomes of the conversation's plan after an answer."""

    ENDS = "ends"
    """A human goes on."""
    RESUMES = "resumes"
    """The person asked for a later day."""
    ABSENT = "absent"
    """Nobody has answered: the person is away."""
    REFERS = "refers"
    """Another person is named: the plan ends, and a human looks at that one."""


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer does to the plan, and why. `at` is the first day on which it may go on."""

    kind: EffectKind
    reason: str
    at: date | None = None
    name: str = ""
    """Who is named instead."""


class ResponseAnalysis(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """What a reply means. `opt_out` is True when the person asks not to be written to again."""

    sentiment: Sentiment
    intent: Intent
    detail: ReplyDetail = ReplyDetail.NONE
    confidence: float
    key_info: str = ""
    reasons: tuple[Reason, ...] = ()
    decided_by: str = "rules"

    @property
    def opt_out(self) -> bool:
        """True when nothing may ever be sent to this person again."""
        return self.detail is ReplyDetail.OPT_OUT
