"""What waits for a human's word, and whether that word still holds.

An approval is given to one act: this text, to this person, from this account, in this step. It
holds for exactly that and for a limited time; whatever changes voids it. A rejection is for good.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

import msgspec

from ingagents.core.send_policy import SURE_ENOUGH
from ingagents.display import Shown, Told
from ingagents.events import ReviewKind
from ingagents.model import (
    DEFAULT_CAMPAIGN,
    AccountId,
    CampaignId,
    DeliveryKind,
    Intent,
    LeadId,
    Reason,
    ReplyDetail,
    ResponseAnalysis,
    Sentiment,
    Step,
    StepKind,
)

WRITTEN_FOR, CONTRADICTED = "written_for", "contradicted"
"""Parts of a draft's evidence: name, position and company it was written for; and what LinkedIn
said otherwise than we knew, in sentences."""
TOLD = "told"
"""The part of a draft's evidence that names the facts it tells, by their ids."""
SAID_BEFORE = "conversation"
"""The part of a draft's evidence that shows what was said before: from, at, text."""
TEXTS = "texts"
"""The part of an enrolment's evidence that has the texts of all steps, the first as it was written."""
BY_HAND = "send_on"
"""The part of a send's evidence that says where a human is to send it themselves."""
STOPPED = "stopped"
"""The part of a shown send's evidence that says why it is not to be sent any more, and is no offer."""
GROUNDS = "grounds"
"""The part of a shown draft's evidence that says what it rests on (`core.frozen_text`)."""

ANSWERS, RECEIVED_AT, RESTS_ON, OPEN = "answers", "received_at", "rests_on", "open"
"""Parts of an answer's evidence: the id of the reply it answers and when that was written, its
sentences with what each rests on, and the questions that no fact answers."""
CHOSEN = "chosen"
"""The part of an answer's evidence with the facts that a model found, by question."""
PREPARED = "prepared"
"""The part of an answer's evidence that knows the prepared text by its hash: another is a human's."""

KINDS: tuple[ReviewKind, ...] = ("draft", "answer", "send", "reply", "strategy")

ReviewState = Literal["open", "approved", "rejected", "void", "expired", "done", "shown"]
"""`approved` waits to be carried out, `done` was; `void` and `expired` need a new question. `shown`
is a dry run's draft: nobody has to answer it, and it goes as it stands once sends are for real."""

Wish = Literal["approve", "edit", "reject"]


class Review(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """A question to a human with everything to answer it by, and the answer.

    `subject` is what it is about: a lead's step, a delivery, a reply, a setting; one question or
    approval stands per subject. `recipient` is the person's name as LinkedIn showed it,
    `text_limit` counts UTF-16 units, `expires_at` None means that only an answer ends it.
    """

    id: str
    kind: ReviewKind
    subject: str
    lead_id: LeadId | None = None
    recipient: str = ""
    address: str = ""
    account_id: AccountId = AccountId("")
    campaign: CampaignId = DEFAULT_CAMPAIGN
    way: DeliveryKind | None = None
    step: Step | None = None
    text: str = ""
    text_hash: str = ""
    text_limit: int = 0
    written_by: str = ""
    confidence: float = 1.0
    reasons: tuple[Reason, ...] = ()
    evidence: Mapping[str, Any] = {}
    asked_at: datetime
    expires_at: datetime | None = None
    state: ReviewState = "open"
    decided_at: datetime | None = None
    decided_by: str = ""
    reason: str = ""

    @property
    def texts(self) -> Mapping[str, str]:
        """Of an enrolment: the texts of all steps by their names, the first as a human left it."""
        texts = self.evidence.get(TEXTS, {})
        first = next(iter(texts), "")
        return {**texts, first: self.text} if first else {}

    def _told(self) -> Told:
        line = f"{self.id[:8]} {self.kind} about {self.recipient or self.subject}, {self.state}"
        return Told(f"{line}: {self.text}" if self.text else line, super()._told().rows)


def text_kind(step: Step) -> ReviewKind:
    """What a question about the text of a step is called."""
    return "answer" if step.kind is StepKind.ANSWER else "draft"


def answered_at(review: Review) -> datetime | None:
    """When the message was written that an answer is for; None where it is none."""
    at = review.evidence.get(RECEIVED_AT) if review.kind == "answer" else None
    return None if at is None else datetime.fromisoformat(at)


class Intended(msgspec.Struct, frozen=True, kw_only=True):
    """The act at hand. `name` and `way` are None where nobody looked at LinkedIn just now."""

    lead_id: LeadId
    address: str
    account_id: AccountId
    step: Step
    text_hash: str
    name: str | None = None
    way: DeliveryKind | None = None


class Lapse(msgspec.Struct, frozen=True, kw_only=True):
    """A question or an approval that holds no longer, and why."""

    state: Literal["void", "expired"]
    reason: str


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody is told whose decision comes second. `ok`: it is as they wished anyway."""

    ok: bool
    says: str


CONSEQUENCES: Mapping[ReviewKind, Mapping[Wish, str]] = MappingProxyType(
    {
        "draft": {
            "approve": "exactly this text goes to this person, once, under the limits",
            "edit": "your text goes instead, if it is fit to send; that counts as your approval",
            "reject": "nothing is written to this person; the lead is closed with your reason",
        },
        "answer": {
            "approve": "exactly this answer goes to this person, once, under the limits",
            "edit": "your text goes instead; that counts as your approval",
            "reject": "this answer is not sent; the conversation stays with you",
        },
        "send": {
            "approve": "it did go out: the lead counts as written to",
            "reject": "it did not go out: after another look at LinkedIn it may be tried again",
        },
        "reply": {
            "approve": "you have seen to it; `--as interested`, `not_interested`,"
            " `requesting_info`, `not_now` or `opt_out` corrects how it was read",
            "reject": "nothing follows from it; the lead is closed with your reason",
        },
        "strategy": {
            "approve": "the change is in force from now on, or you are told what to set by hand",
            "reject": "the same change is not proposed again; where it is in force it is undone",
        },
    }
)
"""What each answer does, for whoever has to give it; what is not here cannot be answered so."""


_OF_A_STOP: Mapping[Wish, str] = MappingProxyType(
    {
        "approve": "they are out of the campaign: it sends them nothing more",
        "reject": "they stay in the campaign, which may write to them; nobody is asked again",
    }
)


def settled_as(review: Review, *, went: bool) -> str:
    """What an act is from now on of which a human said whether it was done."""
    if review.way is DeliveryKind.STOP:
        return _OF_A_STOP["approve" if went else "reject"]
    if went:
        return "counts as sent"
    says = "LinkedIn is looked at once more before it is tried again"
    if BY_HAND in review.evidence:
        says = "what it took of the limits is free again"
    return f"counts as not sent; {says}"


def consequences_of(review: Review) -> Mapping[Wish, str]:
    """What each answer to this question does; an answer without a text cannot be approved."""
    every = CONSEQUENCES[review.kind]
    if review.way is DeliveryKind.STOP:
        return _OF_A_STOP
    if STOPPED in review.evidence:
        return {**every, "reject": "it did not go out: nobody sends it any more"}
    if BY_HAND in review.evidence:
        return {**every, "reject": "it did not go out: it may be handed out again, if it is due"}
    if review.kind == "answer" and not review.text:
        return {wish: does for wish, does in every.items() if wish != "approve"}
    return every


READINGS: Mapping[str, tuple[Sentiment, Intent, ReplyDetail]] = MappingProxyType(
    {
        "interested": (Sentiment.POSITIVE, Intent.INTERESTED, ReplyDetail.INTEREST),
        "not_interested": (Sentiment.NEGATIVE, Intent.NOT_INTERESTED, ReplyDetail.REFUSAL),
        "requesting_info": (Sentiment.NEUTRAL, Intent.REQUESTING_INFO, ReplyDetail.QUESTION),
        "not_now": (Sentiment.NEUTRAL, Intent.NOT_INTERESTED, ReplyDetail.NOT_NOW),
        "opt_out": (Sentiment.NEGATIVE, Intent.NOT_INTERESTED, ReplyDetail.OPT_OUT),
    }
)
"""What a human may call a reply, and what that means."""

_AUTOMATIC = frozenset({ReplyDetail.OUT_OF_OFFICE, ReplyDetail.BOUNCE})
_DONE: Mapping[ReviewKind, str] = {
    "draft": "and has gone out",
    "answer": "and has gone out",
    "send": "and is settled",
    "reply": "and is seen to",
    "strategy": "and is carried out",
}


def lapsed(
    review: Review,
    *,
    now: datetime,
    intended: Intended | None = None,
    unfit: tuple[str, ...] = (),
) -> Lapse | None:
    """Why a question or an approval holds no longer; None while it does.

    `intended` is what would be sent, `unfit` why its text may not be sent as things stand now.
    """
    if intended is not None:
        changes = _changes(review, intended)
        if changes:
            return Lapse(state="void", reason=f"since it was asked, {changes} changed")
    if unfit:
        reason = "the text no longer fits the person: " + "; ".join(unfit)
        return Lapse(state="void", reason=reason)
    if review.expires_at is not None and now >= review.expires_at:
        what = "the approval" if review.state == "approved" else "the draft"
        return Lapse(
            state="expired", reason=f"{what} held until {review.expires_at:%Y-%m-%d %H:%M} UTC"
        )
    return None


def answer_to(review: Review, wish: Wish) -> Answered | None:
    """What to tell somebody whose wish comes too late; None while it can be met.

    A change of strategy that is in force can still be rejected: that undoes it. So can a text that
    was approved and has not gone out: a no counts until it is too late.
    """
    by = f"by {review.decided_by}"
    if review.decided_at is not None:
        by += f" on {review.decided_at:%Y-%m-%d %H:%M} UTC"
    match review.state:
        case "open" | "shown":
            return None
        case "approved" if wish == "reject":
            return None
        case "approved":
            says = f"was approved {by} already and goes out when limits and hours allow"
            return Answered(ok=wish == "approve", says=says)
        case "done" if review.kind == "strategy" and wish == "reject":
            return None
        case "done":
            says = f"was approved {by} {_DONE[review.kind]}"
            return Answered(ok=wish == "approve", says=says)
        case "rejected":
            says = f"was rejected {by} for good: {review.reason}"
            return Answered(ok=wish == "reject", says=says)
        case "void" | "expired":
            return Answered(ok=False, says=f"is {review.state}: {review.reason}")


def as_shown(review: Review) -> dict[str, Any]:
    """A dry run's text as it is told: to whom, over which channel, the exact words."""
    person = review.evidence.get(WRITTEN_FOR, {})
    return {
        "lead_id": review.lead_id,
        "name": review.recipient,
        "position": person.get("position", ""),
        "company": person.get("company", ""),
        "channel": review.way.value if review.way else "",
        "text": review.text,
        "shown_at": review.asked_at.isoformat(),
        "review": review.id,
    }


def needs_reading(analysis: ResponseAnalysis) -> bool:
    """Whether a human must read a reply, because the reading of it is unsure.

    An opt-out is obeyed however unsure, and shown as well if it is (a threat is); a machine's
    answer that was surely one needs nobody.
    """
    if analysis.confidence < SURE_ENOUGH:
        return True
    return (
        not analysis.opt_out and analysis.intent == "unclear" and analysis.detail not in _AUTOMATIC
    )


def read_by(human: str, reading: str) -> ResponseAnalysis:
    """A reply as a human read it: one of `READINGS`."""
    sentiment, intent, detail = READINGS[reading]
    return ResponseAnalysis(
        sentiment=sentiment,
        intent=intent,
        detail=detail,
        confidence=1.0,
        reasons=(Reason(why=f"{human} read it so"),),
        decided_by=f"human:{human}",
    )


def _changes(review: Review, intended: Intended) -> str:
    """What of the act is not as it was when the question was asked."""
    changed = [
        what
        for what, before, after in (
            ("the lead", review.lead_id, intended.lead_id),
            ("the LinkedIn id", review.address, intended.address),
            ("the account", review.account_id, intended.account_id),
            ("the step", review.step, intended.step),
            ("the text", review.text_hash, intended.text_hash),
        )
        if before != after
    ]
    if intended.name is not None and _folded(intended.name) != _folded(review.recipient):
        changed.append("the name")
    if intended.way is not None and intended.way is not review.way:
        changed.append("the way of writing")
    return ", ".join(changed)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
