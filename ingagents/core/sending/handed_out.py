"""What was handed to a human to be sent by hand, and what it says now: send it, or do not.

Whatever shows such a question asks here, so that nobody who works down a list writes to somebody
who said no meanwhile. The question stays: only a human knows whether it went out before that.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from ingagents.core.conversation.follow_up import ENDED
from ingagents.core.review_policy import BY_HAND, STOPPED, Review
from ingagents.model import ContactStatus, DeliveryKind, Lead, Reason, StepKind

_OVER = {
    ContactStatus.SUPPRESSED: "they are never to be written to",
    ContactStatus.CLOSED: "the lead is closed",
    ContactStatus.FAILED: "they cannot be reached",
}


def why_not_to_send(
    review: Review,
    lead: Lead | None,
    *,
    suppressed: str = "",
    held: str = "",
    answered_at: datetime | None = None,
) -> str:
    """Why what was handed out is not to be sent any more, as the person stands; "" when it is.

    `suppressed` and `held` are sentences, `answered_at` is when their last answer was seen. An
    answer of ours is stopped only by what they wrote after it was handed out, and what takes
    somebody out of a campaign by nothing.
    """
    if lead is None:
        return "the lead is gone"
    if review.way is DeliveryKind.STOP:
        return ""
    answers = review.step is not None and review.step.kind is StepKind.ANSWER
    if suppressed:
        return f"suppressed: {suppressed}"
    if lead.contact_status in _OVER:
        return lead.status_reason or _OVER[lead.contact_status]
    if lead.stage is not None and (lead.stage in ENDED or not answers):
        return f"{lead.stage}: {lead.stage_reason}" if lead.stage_reason else f"{lead.stage}"
    if answered_at is not None and (not answers or answered_at > review.asked_at):
        return "this person has answered"
    if held:
        return held
    wrote = lead.written_by_hand_at
    if wrote is not None and wrote > review.asked_at:
        return "somebody of the team has written to them since"
    return ""


def as_it_stands(review: Review, stop: str) -> Review:
    """A question about what was handed out as it is to be shown; `stop` says why it is not sent.

    The text is offered while it is to be sent, and then alone.
    """
    evidence = {name: one for name, one in review.evidence.items() if name != BY_HAND}
    if review.state != "open":
        return replace(review, evidence=evidence)
    if not stop:
        return review
    return replace(
        review,
        text=f"do NOT send: {stop}; did it go out already?",
        reasons=(Reason(why=f"it was handed out to be sent by hand; since then: {stop}"),),
        evidence={**evidence, STOPPED: stop},
    )
