"""What happened: past-tense facts, and with the requests of `commands` one closed union.

The journal stores them as JSON under `type`; a changed shape raises its `VERSIONS` entry and adds
a step to `_UPGRADES`, so that yesterday's journal can always be read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Literal, get_args

import msgspec

from ingagents.commands import LeadAllocation, Message, SearchRequest
from ingagents.model import (
    BriefDecision,
    Decision,
    DeliveryKind,
    Intent,
    LeadId,
    Refusal,
    ReplyDetail,
    Sentiment,
)

Role = Literal["sales_manager", "lead_finder", "outreach"]
ROLES: tuple[Role, ...] = ("sales_manager", "lead_finder", "outreach")
SearchStop = Literal["end", "enough", "bound", "service", "stopping"]
"""Why a search ended: no more results, enough of them, too many pages, or it was cut off there."""
ReviewKind = Literal["draft", "answer", "send", "reply", "strategy"]
"""What a human is asked about: a text, a doubtful act, an unclear answer, a proposed change."""


class LeadDiscovered(Message, frozen=True, tag="lead_discovered"):
    """A new person is in the database, and the judgements that were made of them at first."""

    lead_id: LeadId
    source: str = ""
    decisions: tuple[BriefDecision, ...] = ()


class SearchFinished(Message, frozen=True, tag="search_finished"):
    """A search ended: how many people were seen, and what became of them.

    `stop` is why, `stopped_by` says it in a sentence. `exhausted`: there is nobody else to be found.
    """

    seen: int
    discovered: int
    known: int = 0
    unusable: int = 0
    pages: int = 0
    stop: SearchStop = "end"
    stopped_by: str = ""
    exhausted: bool = False


class LeadsImported(Message, frozen=True, tag="leads_imported"):
    """A file was taken in."""

    source: str
    taken: int
    merged: int
    refused: int


class LeadUpdated(Message, frozen=True, tag="lead_updated"):
    """Fields of a lead changed by somebody outside the usual path (an import, a person)."""

    lead_id: LeadId
    changes: Mapping[str, Any]
    by: str


class DecisionMade(Message, frozen=True, tag="decision_made"):
    """A judgement about one lead, with its reasons and what it was decided on."""

    lead_id: LeadId
    decision: Decision


class AllocationReturned(Message, frozen=True, tag="allocation_returned"):
    """An allocation nobody acted on was taken back."""

    lead_id: LeadId
    reason: str


class DeliveryClaimed(Message, frozen=True, tag="delivery_claimed"):
    """An outward act is about to be tried; its quota is reserved."""

    lead_id: LeadId | None
    delivery_id: str
    kind: DeliveryKind
    text_hash: str


class MessageSent(Message, frozen=True, tag="message_sent"):
    """A person was written to, and the service confirmed it."""

    lead_id: LeadId
    delivery_id: str
    kind: DeliveryKind
    message_id: str = ""


class DeliveryRefused(Message, frozen=True, tag="delivery_refused"):
    """The service said no; nothing reached the person."""

    lead_id: LeadId | None
    delivery_id: str
    refusal: Refusal
    detail: str = ""


class DeliveryUncertain(Message, frozen=True, tag="delivery_uncertain"):
    """The act may or may not have happened; it is never repeated, only looked up."""

    lead_id: LeadId | None
    delivery_id: str
    detail: str = ""


class DeliverySettled(Message, frozen=True, tag="delivery_settled"):
    """A doubt was cleared by reading the service back, or by a human."""

    lead_id: LeadId | None
    delivery_id: str
    verdict: Literal["sent", "not_sent", "human"]
    evidence: str = ""


class InvitationAccepted(Message, frozen=True, tag="invitation_accepted"):
    """A person we invited is now a connection."""

    lead_id: LeadId
    accepted_at: datetime


class InvitationWithdrawn(Message, frozen=True, tag="invitation_withdrawn"):
    """An invitation that nobody took is open no more; the delivery is the withdrawal's."""

    lead_id: LeadId
    delivery_id: str
    reason: str


class LeadEnrolled(Message, frozen=True, tag="lead_enrolled"):
    """A person is in a campaign of the service's; `over` says why that sends them nothing more."""

    lead_id: LeadId
    delivery_id: str
    over: str = ""


class ResponseReceived(Message, frozen=True, tag="response_received"):
    """A person answered, and what the answer means."""

    lead_id: LeadId
    reply_id: str
    sentiment: Sentiment
    intent: Intent
    detail: ReplyDetail = ReplyDetail.NONE
    response_text: str = ""


class LeadSuppressed(Message, frozen=True, tag="lead_suppressed"):
    """Somebody may never be written to again."""

    lead_id: LeadId | None = None
    subject: str = ""
    reason: str = ""


class FactsChanged(Message, frozen=True, tag="facts_changed"):
    """What may be told is another than before, wherever that was written; by id of a fact or owner."""

    ids: Mapping[str, Literal["added", "changed", "removed"]]


class LeadErased(Message, frozen=True, tag="lead_erased"):
    """Everything about a person was overwritten; the event itself names nobody.

    `rows` are the journal rows that were changed, by number, with the digest of what stands there
    now: no other change of a row counts as an erasure. `counts` says how much went where.
    """

    by: str
    rows: Mapping[int, str] = {}
    counts: Mapping[str, int] = {}


class AgentError(Message, frozen=True, tag="agent_error"):
    """Something failed inside an agent; its work waits in the journal."""

    agent: str
    error: str
    doing: str = ""
    lead_id: LeadId | None = None


class LanguageModelLost(Message, frozen=True, tag="language_model_lost"):
    """No language model can be asked any more; the rules decide until one is back."""

    reason: str


class LanguageModelBack(Message, frozen=True, tag="language_model_back"):
    """A language model answers again."""

    server: str
    lost_at: datetime


class PerformanceAlert(Message, frozen=True, tag="performance_alert"):
    """A figure left its bounds."""

    metric: str
    value: float
    threshold: float
    detail: str = ""


class TeamNotified(Message, frozen=True, tag="team_notified"):
    """A human was told; `unreached`: who of the team was not though others were, and why."""

    about: str
    delivery_id: str
    lead_id: LeadId | None = None
    unreached: Mapping[str, str] = {}


class ReportMade(Message, frozen=True, tag="report_made"):
    """The report of a day was built and handed over."""

    day: date
    delivery_id: str = ""


class StrategyProposed(Message, frozen=True, tag="strategy_proposed"):
    """The sales manager proposes changes; nothing is applied by this."""

    proposals: tuple[Mapping[str, Any], ...]
    decided_by: str


class ReviewAsked(Message, frozen=True, tag="review_asked"):
    """A human is asked to decide; `ingagents review` shows what and why."""

    review_id: str
    kind: ReviewKind
    lead_id: LeadId | None = None
    text_hash: str = ""
    reason: str = ""


class ReviewDecided(Message, frozen=True, tag="review_decided"):
    """A human decided; for a draft, for exactly the text of this hash."""

    review_id: str
    kind: ReviewKind
    verdict: Literal["approved", "edited", "rejected", "taken_back"]
    by: str
    lead_id: LeadId | None = None
    text_hash: str = ""
    reason: str = ""


class ReviewLapsed(Message, frozen=True, tag="review_lapsed"):
    """A question or an approval holds no longer: something it was bound to changed, or time."""

    review_id: str
    kind: ReviewKind
    state: Literal["void", "expired"]
    reason: str
    lead_id: LeadId | None = None


class OutreachPaused(Message, frozen=True, tag="outreach_paused"):
    """The kill switch was set."""

    by: str
    reason: str = ""


class OutreachResumed(Message, frozen=True, tag="outreach_resumed"):
    """The kill switch was released."""

    by: str


Event = (
    SearchRequest
    | LeadDiscovered
    | SearchFinished
    | LeadsImported
    | LeadUpdated
    | DecisionMade
    | LeadAllocation
    | AllocationReturned
    | DeliveryClaimed
    | MessageSent
    | DeliveryRefused
    | DeliveryUncertain
    | DeliverySettled
    | InvitationAccepted
    | InvitationWithdrawn
    | LeadEnrolled
    | ResponseReceived
    | LeadSuppressed
    | FactsChanged
    | LeadErased
    | AgentError
    | LanguageModelLost
    | LanguageModelBack
    | PerformanceAlert
    | TeamNotified
    | ReportMade
    | StrategyProposed
    | ReviewAsked
    | ReviewDecided
    | ReviewLapsed
    | OutreachPaused
    | OutreachResumed
)


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """An event with its place in the journal."""

    seq: int
    event_id: str
    agent: str
    timestamp: datetime
    event: Event

    @property
    def type(self) -> str:
        """The event's name, as the specification writes it."""
        return event_type(self.event)


class UnreadableEvent(Exception):
    """A stored event of an unknown type or version, or one that no longer decodes."""


VERSIONS: Mapping[str, int] = {"lead_discovered": 2}
"""Types whose shape has changed since version 1, with the version written today."""

_UPGRADES: Mapping[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {
    ("lead_discovered", 1): dict  # its judgements are events of their own
}
"""(type, version) -> function from that version's fields to the next one's."""

_TAGS: Mapping[type[Any], str] = {kind: str(kind.__struct_config__.tag) for kind in get_args(Event)}
_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def event_type(event: Event) -> str:
    """The event's name in the journal."""
    return _TAGS[type(event)]


def encode(event: Event) -> bytes:
    """The event as JSON, its `type` included."""
    return _encoder.encode(event)


def decode(data: bytes | str, *, stored_type: str, version: int = 1) -> Event:
    """The event a journal row holds.

    Raises:
        UnreadableEvent: unknown type, newer version, or fields that do not fit.
    """
    current = VERSIONS.get(stored_type, 1)
    try:
        if version == current:
            event = _decoder.decode(data)
        elif version > current:
            raise UnreadableEvent(f"{stored_type} version {version} is newer than this program")
        else:
            fields = msgspec.json.decode(data)
            for step in range(version, current):
                fields = _UPGRADES[stored_type, step](fields)
            event = msgspec.convert(fields, Event)
    except (msgspec.MsgspecError, LookupError, ValueError, TypeError, AttributeError) as exc:
        raise UnreadableEvent(f"{stored_type} version {version} cannot be read: {exc}") from exc
    if _TAGS[type(event)] != stored_type:
        raise UnreadableEvent(f"a row of type {stored_type} holds a {event_type(event)}")
    return event


def lead_ids(event: Event) -> tuple[LeadId, ...]:
    """The leads an event speaks of."""
    if isinstance(event, LeadAllocation):
        return event.lead_ids
    lead_id = getattr(event, "lead_id", None)
    return (lead_id,) if lead_id else ()
