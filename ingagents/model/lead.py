"""A person we keep, how things stand with them, and the judgements about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, NewType

import msgspec

from ingagents.display import Shown, Told, person
from ingagents.model.campaign import DEFAULT_CAMPAIGN, AccountId, CampaignId
from ingagents.model.profile import Profile
from ingagents.model.step import WaitsFor

LeadId = NewType("LeadId", str)
NOT_JUDGED = "not judged yet"
"""In place of a kind, where there was nothing to judge by."""


class Classification(StrEnum):
    """What a person could be for the event."""

    SPEAKER = "Speaker"
    SPONSOR = "Sponsor"
    OTHER = "Other"


class ContactStatus(StrEnum):
    """Where a lead stands: the specification's five, what is less, and what can go wrong."""

    NOT_CONTACTED = "Not Contacted"
    ALLOCATED = "Allocated"
    MESSAGE_SENT = "Message Sent"
    RESPONDED = "Responded"
    CLOSED = "Closed"
    INVITED = "Invited"
    """An invitation without a text is out."""
    ENROLLED = "Enrolled"
    """In a campaign of the service's, which has sent nothing yet as far as it says."""
    NEEDS_REVIEW = "Needs Review"
    UNCERTAIN = "Uncertain"
    SUPPRESSED = "Suppressed"
    FAILED = "Failed"


class LeadStage(StrEnum):
    """How far a human of the team has come with a person: the stages there are without a setting.

    Won and Lost are always among them: they end what the department does by itself.
    """

    IN_DISCUSSION = "In Discussion"
    MEETING = "Meeting"
    PROPOSAL = "Proposal"
    WON = "Won"
    LOST = "Lost"


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


class Reason(Shown, msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why: one sentence, the words in the input it rests on, and how much it counted."""

    why: str
    evidence: str = ""
    weight: float = 0.0

    def _told(self) -> Told:
        return Told(self.why, super()._told().rows)


DecisionKind = Literal[
    "profile", "classification", "quality", "allocation", "message", "send", "reply",
    "suppression", "duplicate", "status",
]  # fmt: skip


class Decision(Shown, msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
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

    def _told(self) -> Told:
        why = "; ".join(reason.why for reason in self.reasons)
        line = f"{self.kind} {self.verdict} ({self.confidence:.2f}, by {self.decided_by})"
        rows = [(one.why, one.evidence or None, one.weight or None) for one in self.reasons]
        return Told(f"{line}: {why}" if why else line, rows, ("why", "evidence", "weight"))


class BriefDecision(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A decision as the event of a new lead keeps it: its fields in this order, without names.

    Of each reason stand there why, evidence and weight. There are twice as many of these as leads,
    and the names would be a third of them.
    """

    kind: DecisionKind
    verdict: str
    decided_by: str
    confidence: float = 1.0
    reasons: tuple[tuple[str, str, float], ...] = ()
    basis: Mapping[str, Any] = {}

    @classmethod
    def of(cls, whole: Decision) -> BriefDecision:
        """A decision, said briefly."""
        return cls(
            kind=whole.kind,
            verdict=whole.verdict,
            decided_by=whole.decided_by,
            confidence=whole.confidence,
            reasons=tuple((one.why, one.evidence, one.weight) for one in whole.reasons),
            basis=whole.basis,
        )

    def whole(self) -> Decision:
        """The decision it was made of."""
        return Decision(
            kind=self.kind,
            verdict=self.verdict,
            decided_by=self.decided_by,
            confidence=self.confidence,
            reasons=tuple(
                Reason(why=why, evidence=evidence, weight=weight)
                for why, evidence, weight in self.reasons
            ),
            basis=self.basis,
        )


class Lead(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """A person we may write to. `version` counts the changes and guards against lost updates.

    `duplicate_of` is the lead that was found to be the same person, if this one was closed for
    that. `contradictions` say where LinkedIn contradicted what was known: a human decides on the
    text. `stage` with its reason, `place` (the place or the amount it is about), `owner`,
    `next_date` and `notes` are the team's own words; at `handled_at`
    somebody last said what is to come of this person; at `written_by_hand_at` somebody of the team
    last wrote to them from our account beside the department. `account_id` is the account that
    wrote to them, if one has. `step` is the last step done and `next_step` the one to come, by the
    names of `model.step.public_name`; without a next one `next_step_reason` says why.
    `put_off_reason` is what was in the way of the next one when it was its turn, until
    `put_off_until` or (None) for good, and `put_off_for` whether it waits for facts. `waits_for` is
    what the conversation waits for now, `track` the line of the programme they are written to for.
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
    duplicate_of: LeadId | None = None
    reasons: tuple[str, ...] = ()
    contradictions: tuple[str, ...] = ()
    profile: Profile = Profile()
    allocated_at: datetime | None = None
    allocated_by: str | None = None
    sent_at: datetime | None = None
    invited_at: datetime | None = None
    accepted_at: datetime | None = None
    written_by_hand_at: datetime | None = None
    responded_at: datetime | None = None
    stage: str | None = None
    stage_reason: str = ""
    place: str = ""
    owner: str = ""
    next_date: date | None = None
    notes: tuple[str, ...] = ()
    handled_at: datetime | None = None
    step: str = ""
    next_step: str = ""
    next_step_at: datetime | None = None
    next_step_reason: str = ""
    put_off_until: datetime | None = None
    put_off_reason: str = ""
    put_off_for: WaitsFor = WaitsFor.NOTHING
    waits_for: WaitsFor = WaitsFor.NOTHING
    track: str = ""
    campaign: CampaignId = DEFAULT_CAMPAIGN
    account_id: AccountId = AccountId("")
    created_at: datetime
    last_updated: datetime
    version: int = 1

    def to_dict(self) -> dict[str, Any]:
        """The lead as plain JSON values, as `leads export` prints it.

        Whoever is not `judged` yet is of no kind, and stands there as Other.
        """
        fields: dict[str, Any] = msgspec.to_builtins(self)
        fields["judged"] = self.classification is not None
        fields["classification"] = self.classification or Classification.OTHER.value
        return fields

    def _told(self) -> Told:
        judged = [self.classification or NOT_JUDGED]
        if self.quality_score is not None:
            judged.append(f"quality {self.quality_score:.1f}")
        who = person(self.name, self.position, self.company)
        line = f"{self.id[:8]} {who}: {', '.join(judged)}, {self.contact_status}"
        left_out = {"profile", "version", "provider_id"}
        return Told(line, [row for row in super()._told().rows if row[0] not in left_out])
