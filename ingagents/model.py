"""The nouns of the department, in the order the day meets them. All frozen, all plain values.

A search hit is a `Profile`; a profile we keep is a `Lead` with its `Alias`es; a judgement is a
`Decision` with `Reason`s; a text for one person is a `Draft`; an act towards a person (an
invitation, a message, a mail) is a `Delivery`; what comes back a `Reply`, `ResponseAnalysis` inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Literal, NewType

import msgspec

__all__ = [
    "AccountId",
    "AccountState",
    "Alias",
    "AliasKind",
    "Campaign",
    "ChatMessage",
    "Classification",
    "ContactStatus",
    "Decision",
    "DecisionKind",
    "Delivery",
    "DeliveryKind",
    "DeliveryState",
    "Draft",
    "Intent",
    "Lead",
    "LeadId",
    "Look",
    "Mail",
    "ModelAnswer",
    "ModelTask",
    "Position",
    "Profile",
    "Question",
    "Reason",
    "Refusal",
    "Reply",
    "ReplyDetail",
    "ResponseAnalysis",
    "SearchCriteria",
    "SearchPage",
    "SendResult",
    "Sentiment",
    "WorkingHours",
]

LeadId = NewType("LeadId", str)
AccountId = NewType("AccountId", str)


class Classification(StrEnum):
    """What a person could be for the event."""

    SPEAKER = "Speaker"
    SPONSOR = "Sponsor"
    OTHER = "Other"


class ContactStatus(StrEnum):
    """Where a lead stands: the specification's five, and four more for what can go wrong."""

    NOT_CONTACTED = "Not Contacted"
    ALLOCATED = "Allocated"
    MESSAGE_SENT = "Message Sent"
    RESPONDED = "Responded"
    CLOSED = "Closed"
    NEEDS_REVIEW = "Needs Review"
    UNCERTAIN = "Uncertain"
    SUPPRESSED = "Suppressed"
    FAILED = "Failed"


class Sentiment(StrEnum):
    """The tone of a reply."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    NEUTRAL = "neutral"


class Intent(StrEnum):
    """What the writer of a reply wants: the specification's four."""

    INTERESTED = "interested"
    NOT_INTERESTED = "not_interested"
    REQUESTING_INFO = "requesting_info"
    UNCLEAR = "unclear"


class ReplyDetail(StrEnum):
    """A finer reading of a reply than its `Intent`."""

    OPT_OUT = "opt_out"
    OUT_OF_OFFICE = "out_of_office"
    REFERRAL = "referral"
    MEETING = "meeting"
    QUESTION = "question"
    NOT_NOW = "not_now"
    REFUSAL = "refusal"
    INTEREST = "interest"
    BOUNCE = "bounce"
    NONE = ""


AliasKind = Literal[
    "slug", "acoa", "acwa", "ae", "member_number", "email", "legacy", "name_company"
]


class Alias(msgspec.Struct, frozen=True, order=True):
    """One name under which LinkedIn knows a person; a person has a set of them."""

    kind: AliasKind
    value: str


class Position(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One job on a profile. Dates are as the service wrote them."""

    title: str = ""
    company: str = ""
    description: str = ""
    location: str = ""
    current: bool = False
    started: str = ""
    ended: str = ""


class Profile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a service or a file says about a person. Untrusted text; empty where unknown.

    `network_distance` 0 is unknown or out of network. `invitation` is the state of our own one, as
    the service sees it. `complete` is False where a hit or profile lacks what a decision needs.
    """

    name: str = ""
    first_name: str = ""
    last_name: str = ""
    headline: str = ""
    summary: str = ""
    location: str = ""
    country: str = ""
    language: str = ""
    industry: str = ""
    company_size: str = ""
    email: str = ""
    linkedin_url: str = ""
    provider_id: str = ""
    public_identifier: str = ""
    member_number: str = ""
    position: str = ""
    company: str = ""
    positions: tuple[Position, ...] = ()
    skills: tuple[str, ...] = ()
    network_distance: int = 0
    invitation: Literal["", "pending", "ignored", "withdrawn", "received"] = ""
    open_profile: bool = False
    premium: bool = False
    creator: bool = False
    follower_count: int = 0
    connections_count: int = 0
    complete: bool = True


class SearchCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to look for. `company_size` is LinkedIn's band, such as "51-200"; empty: any."""

    industries: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    company_size: str = ""
    keywords: str = ""


class SearchPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a search; `cursor` asks for the next one and is None at the end."""

    profiles: tuple[Profile, ...]
    cursor: str | None = None
    total: int | None = None


class Reason(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why: one sentence, the words in the input it rests on, and how much it counted."""

    why: str
    evidence: str = ""
    weight: float = 0.0


DecisionKind = Literal[
    "profile", "classification", "quality", "allocation", "message", "send", "reply",
    "suppression", "duplicate", "status",
]  # fmt: skip


class Decision(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A judgement with everything needed to explain it later.

    `decided_by` names the rule or model and its version; `basis` holds what it was decided on
    (the service's answer, the random draw, the figures at that moment).
    """

    kind: DecisionKind
    verdict: str
    decided_by: str
    confidence: float = 1.0
    reasons: tuple[Reason, ...] = ()
    basis: Mapping[str, Any] = {}


class Lead(msgspec.Struct, frozen=True, kw_only=True):
    """A person we may write to. `version` counts the changes and guards against lost updates.

    `contradictions` say where LinkedIn contradicted what was known: a human decides on the text.
    """

    id: LeadId
    name: str = ""
    position: str = ""
    company: str = ""
    linkedin_url: str = ""
    classification: Classification | None = None
    classification_confidence: float | None = None
    quality_score: float | None = None
    contact_status: ContactStatus = ContactStatus.NOT_CONTACTED
    message_sent: str | None = None
    response: str | None = None
    response_sentiment: Sentiment | None = None
    response_intent: Intent | None = None
    response_detail: ReplyDetail | None = None
    provider_id: str = ""
    source: str = ""
    status_reason: str = ""
    reasons: tuple[str, ...] = ()
    contradictions: tuple[str, ...] = ()
    profile: Profile = Profile()
    allocated_at: datetime | None = None
    allocated_by: str | None = None
    sent_at: datetime | None = None
    accepted_at: datetime | None = None
    responded_at: datetime | None = None
    created_at: datetime
    last_updated: datetime
    version: int = 1

    def to_dict(self) -> dict[str, Any]:
        """The lead as plain JSON values, as `leads export` prints it."""
        fields: dict[str, Any] = msgspec.to_builtins(self)
        return fields


class Campaign(msgspec.Struct, frozen=True, kw_only=True):
    """The event and who signs for it: the only facts a message may state about us.

    `audience` and `topics` are by language (ISO 639), under "" what was given without one.
    """

    event_name: str
    event_date: date
    event_city: str = ""
    sender_name: str = ""
    timezone: str = "Europe/Berlin"
    event_url: str = ""
    audience: Mapping[str, str] = {}
    topics: Mapping[str, tuple[str, ...]] = {}


class WorkingHours(msgspec.Struct, frozen=True, kw_only=True):
    """When we may write, in `timezone`, on ISO weekdays. `end` None means midnight ("24:00")."""

    start: time
    end: time | None
    days: frozenset[int]
    timezone: str


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A text for one person, not sent yet. `written_by` names template or model and version."""

    lead_id: LeadId
    kind: DeliveryKind
    text: str
    written_by: str
    confidence: float = 1.0
    reasons: tuple[Reason, ...] = ()


class DeliveryKind(StrEnum):
    """What kind of outward act a delivery is."""

    INVITATION = "invitation"
    MESSAGE = "message"
    REPLY = "reply"
    ALERT = "alert"
    REPORT = "report"


class DeliveryState(StrEnum):
    """An act's life. REFUSED gives quota and step back; LOST, which no look found, the step."""

    CLAIMED = "claimed"
    ATTEMPTED = "attempted"
    SENT = "sent"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    LOST = "lost"


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """An outward act with its three durable facts: claimed, attempted, outcome.

    `recipient` is a lead id, or for mails a group name such as "team". One live delivery exists
    per (recipient, account_id, step): the database forbids a second one.
    """

    id: str
    recipient: str
    account_id: AccountId
    kind: DeliveryKind
    step: str
    text: str
    text_hash: str
    state: DeliveryState
    address: str = ""
    """What the service calls the recipient: a provider id, or mail addresses."""
    approved_by: str = ""
    claimed_at: datetime
    attempted_at: datetime | None = None
    settled_at: datetime | None = None
    service_id: str = ""
    chat_id: str = ""
    detail: str = ""
    looks: tuple[Look, ...] = ()


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One reading back of a doubtful act: when, what the service showed, what that says."""

    at: datetime
    found: bool
    evidence: str


class Refusal(StrEnum):
    """Why a service did not act, by what we do next."""

    RETRY_LATER = "retry_later"
    """Nothing happened; the same act may be claimed again later."""
    THIS_PERSON = "this_person"
    """This person cannot be reached; the next one can."""
    ALREADY_INVITED = "already_invited"
    ALREADY_CONNECTED = "already_connected"
    NOT_CONNECTED = "not_connected"
    TOO_LONG = "too_long"
    LIMIT_REACHED = "limit_reached"
    """The account may not do this kind of act for now."""
    ACCOUNT_BLOCKED = "account_blocked"
    """The session or the key is gone, or the account is restricted: stop, tell a human."""
    OUR_MISTAKE = "our_mistake"


class SendResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one outward act.

    `unknown` means it may have happened: it is never repeated, only looked up. `usage_percent` warns
    of the invitation limit. `unreached` says to whom a mail does not come though it went to others.
    """

    outcome: Literal["sent", "refused", "unknown"]
    message_id: str = ""
    chat_id: str = ""
    refusal: Refusal | None = None
    retry_after_seconds: float | None = None
    usage_percent: float | None = None
    detail: str = ""
    """The service's own words, for the journal."""
    unreached: Mapping[str, str] = {}

    @property
    def success(self) -> bool:
        """True only when the service confirmed the act."""
        return self.outcome == "sent"


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


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """An answer of a person to us, as we keep it; `id` is the service's message id."""

    id: str
    lead_id: LeadId
    chat_id: str = ""
    text: str
    received_at: datetime


class ResponseAnalysis(msgspec.Struct, frozen=True, kw_only=True):
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


class AccountState(msgspec.Struct, frozen=True, kw_only=True):
    """The sending LinkedIn account. `status` other than "OK" means a human must log in again.

    `premium` accounts may write notes of 300 characters, free ones of 200.
    """

    id: AccountId
    name: str = ""
    owner: Profile = Profile()
    status: str = "OK"
    premium: bool = False


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """A mail to the team, ready to go."""

    recipients: tuple[str, ...]
    subject: str
    text: str
    html: str = ""
    pictures: Mapping[str, bytes] = {}
    """PNG files by the `cid:` under which the page shows them."""
    message_id: str = ""
    """Journaled before the mail goes, to settle a doubt; without "@" it gets the sender's domain."""


class ModelTask(StrEnum):
    """What a language model may be asked for; `[llm.tasks.<name>]` has the settings of each."""

    PROFILE = "profile"
    CLASSIFY = "classify"
    MESSAGE = "message"
    REPLY = "reply"
    ALLOCATION = "allocation"
    REPORT = "report"
    STRATEGY = "strategy"


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What a model is asked: instructions, marked data, and the shape of the answer.

    `prompt_version` names the prompt file and its version ("classify/1"); `schema` is the JSON
    schema of the answer, an object; `about` names the leads whose budget pays.
    """

    task: ModelTask
    prompt_version: str
    system: str
    user: str
    schema: Mapping[str, Any]
    max_output_tokens: int = 1000
    about: tuple[LeadId, ...] = ()


class ModelAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a model said. Untrusted: `accept` in the core decides whether anything of it counts.

    `data` is the decoded JSON, None when the text is none. `cost_usd` is None when the model has
    no known price. A `cached` answer cost nothing this time.
    """

    data: Any = None
    text: str = ""
    stop: Literal["complete", "length", "refused"] = "complete"
    provider: str = ""
    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    cached: bool = False
    seconds: float = 0.0
