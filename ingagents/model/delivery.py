"""A text for one person and the act of sending it: an invitation, a message, a mail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Literal

import msgspec

from ingagents.display import Shown, Told
from ingagents.model.campaign import DEFAULT_CAMPAIGN, AccountId, CampaignId
from ingagents.model.lead import LeadId, Reason
from ingagents.model.profile import Profile
from ingagents.model.step import Step, in_words

TEAM = "team"
"""The recipient of mails to the team."""


class Draft(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """A text for one person, not sent yet. `written_by` names template or model and version.

    `facts` are the ids of what it tells.
    """

    lead_id: LeadId
    kind: DeliveryKind
    text: str
    written_by: str
    confidence: float = 1.0
    reasons: tuple[Reason, ...] = ()
    facts: tuple[str, ...] = ()
    texts: Mapping[str, str] = {}
    """Of an enrolment: the texts of all steps, by the step's public name; the first is `text`."""


class DeliveryKind(StrEnum):
    """What kind of outward act a delivery is."""

    INVITATION = "invitation"
    MESSAGE = "message"
    REPLY = "reply"
    WITHDRAWAL = "withdrawal"
    """Of an invitation that nobody took."""
    ENROLMENT = "enrolment"
    """Of a person in a campaign of the service's, which sends by itself, later."""
    STOP = "stop"
    """Of an enrolment whose plan has ended."""
    ALERT = "alert"
    REPORT = "report"


class DeliveryState(StrEnum):
    """An act's life. REFUSED gives quota and step back; LOST, which no look found, the step.

    What a human had to send and says they did not is REFUSED, without a `refusal`.
    """

    CLAIMED = "claimed"
    ATTEMPTED = "attempted"
    SENT = "sent"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    LOST = "lost"

    @property
    def frees_step(self) -> bool:
        """Whether another act of the step may be claimed; the index `deliveries_once` says the same."""
        return self in {DeliveryState.REFUSED, DeliveryState.LOST}


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One reading back of a doubtful act: when, what the service showed, what that says.

    `blind`: the service did not show the person at all, which proves nothing.
    """

    at: datetime
    found: bool
    evidence: str
    blind: bool = False


class Delivery(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """An outward act with its three durable facts: claimed, attempted, outcome.

    `recipient` is a lead id, or for mails a group name such as "team". One live delivery exists
    per (recipient, campaign, step): the database forbids a second one.
    """

    id: str
    recipient: str
    account_id: AccountId
    campaign: CampaignId = DEFAULT_CAMPAIGN
    kind: DeliveryKind
    step: Step
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
    facts: tuple[str, ...] = ()
    """The ids of the facts that the text rests on."""
    refusal: Refusal | None = None
    by_hand: bool = False
    """The service showed it, and its text is none of ours: it may be a human's own."""
    texts: Mapping[str, str] = {}
    """What the service's campaign was given to send, step by step; it sends it, and we do not."""
    campaign_id: str = ""
    """Which campaign of the service's that is: the settings may name another by now."""

    @property
    def says(self) -> tuple[str, ...]:
        """Every text that the person has of it, or will have; none of a bare invitation."""
        said = self.texts.values() or (self.text,)
        return tuple(text for text in said if text)

    @property
    def in_words(self) -> str:
        """What it is called in a sentence: `the follow-up 1`."""
        if self.kind is DeliveryKind.ENROLMENT:
            return "the enrolment"
        if self.kind is DeliveryKind.STOP:
            return "the end of the enrolment"
        return in_words(self.step, invitation=self.kind is DeliveryKind.INVITATION)

    def _told(self) -> Told:
        line = f"{self.kind} ({self.step}) to {self.recipient[:8]}, {self.state}: {self.text}"
        return Told(line, super()._told().rows)


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
    CANNOT_RESEND = "cannot_resend"
    """One of three things, which only what follows tells apart: `core.refusals`."""
    ACCOUNT_BLOCKED = "account_blocked"
    """The session or the key is gone, or the account is restricted: stop, tell a human."""
    OUR_MISTAKE = "our_mistake"


class SendResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one outward act.

    `unknown` means it may have happened: it is never repeated, only looked up; `by_hand`, that a human
    has it to send, and says whether they did. `unreached` says to
    whom a mail does not come though it went to others.
    """

    outcome: Literal["sent", "refused", "unknown", "by_hand"]
    message_id: str = ""
    chat_id: str = ""
    refusal: Refusal | None = None
    retry_after_seconds: float | None = None
    detail: str = ""
    """The service's own words, for the journal."""
    unreached: Mapping[str, str] = {}

    @classmethod
    def refused(
        cls, refusal: Refusal, detail: str, retry_after_seconds: float | None = None
    ) -> SendResult:
        """The act was not done, and why."""
        return cls(
            outcome="refused",
            refusal=refusal,
            detail=detail,
            retry_after_seconds=retry_after_seconds,
        )

    @property
    def success(self) -> bool:
        """True only when the service confirmed the act."""
        return self.outcome == "sent"


class AccountState(msgspec.Struct, frozen=True, kw_only=True):
    """The sending LinkedIn account. `status` other than "OK" means a human must log in again.

    `premium` accounts may write notes of 300 characters, free ones of 200.
    """

    id: AccountId
    name: str = ""
    owner: Profile = Profile()
    status: str = "OK"
    premium: bool = False


class Mail(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """A mail to the team, ready to go."""

    recipients: tuple[str, ...]
    subject: str
    text: str
    html: str = ""
    message_id: str = ""
    """Journaled before the mail goes, to settle a doubt; without "@" it gets the sender's domain."""

    def _told(self) -> Told:
        return Told(f"{self.subject}, to {', '.join(self.recipients)}", [("text", self.text)])
