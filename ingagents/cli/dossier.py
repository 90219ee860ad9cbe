"""What `leads show` says of one person: who it is, where the conversation stands, every decision."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ingagents.cli.journal import readable
from ingagents.cli.terminal import at_minute
from ingagents.model import NOT_JUDGED, DeliveryKind
from ingagents.model.step import public_name

if TYPE_CHECKING:
    from ingagents.communication.journal import Entry
    from ingagents.services.leads.views import Dossier


def say_dossier(dossier: Dossier, zone: ZoneInfo) -> Iterator[str]:
    """All that is known of one person, line by line."""
    from ingagents.core.conversation.follow_up import say_follow_up

    lead = dossier.lead
    yield f"{lead.name}  ({lead.id})"
    yield f"  {lead.position} at {lead.company}" if lead.company else f"  {lead.position}"
    yield f"  {lead.linkedin_url or 'no LinkedIn address known'}"
    score = "not scored" if lead.quality_score is None else f"quality {lead.quality_score:.2f}"
    yield f"  {lead.classification or NOT_JUDGED}, {score}, from {lead.source}"
    reason = f": {lead.status_reason}" if lead.status_reason else ""
    yield f"  {lead.contact_status}{reason}"
    if lead.step:
        yield f"  last step: {lead.step}"
    if lead.next_step or lead.next_step_reason:
        when = f" on {at_minute(lead.next_step_at, zone)}" if lead.next_step_at else ""
        why = f": {lead.next_step_reason}" if lead.next_step_reason else ""
        yield f"  next step: {lead.next_step or 'none'}{when}{why}"
    if told := say_follow_up(lead.stage, lead.owner, lead.next_date, lead.place):
        yield f"  the team: {told}{f': {lead.stage_reason}' if lead.stage_reason else ''}"
    for note in lead.notes:
        yield f"  note: {note}"
    if dossier.suppressed:
        yield f"  suppressed: {dossier.suppressed}"
    for review in dossier.waiting:
        yield f"  waits for you ({review.kind}): `ingagents review show {review.id}`"
    if lead.message_sent:
        yield f"  we wrote: {_indented(lead.message_sent)}"
    if lead.response:
        yield f"  they answered ({lead.response_sentiment}, {lead.response_intent}): {_indented(lead.response)}"
    for delivery in dossier.deliveries:
        when = at_minute(delivery.claimed_at, zone)
        message = delivery.kind is DeliveryKind.MESSAGE
        what = public_name(delivery.step, invitation=False) if message else delivery.kind
        yield f"  {when} {what} {delivery.state} {delivery.detail}".rstrip()
    yield "decisions:"
    for entry in dossier.history:
        yield from _say_entry(at_minute(entry.timestamp, zone), entry)


def _indented(text: str) -> str:
    """A text of several lines under the line that names it."""
    return text.strip().replace("\n", "\n    ")


def _say_entry(when: str, entry: Entry) -> Iterator[str]:
    from ingagents.core.why.story import decisions_of
    from ingagents.services.journal_book import read_event

    event = read_event(entry)
    decisions = decisions_of(event) if event is not None else ()
    if not decisions or entry.type != "decision_made":
        left_out = {"lead_id", "decisions"} if decisions else {"lead_id"}
        said = ", ".join(f"{k}={v}" for k, v in readable(entry).items() if k not in left_out)
        yield f"  {when} {entry.type} {said}"
    for decision in decisions:
        yield (
            f"  {when} {decision.kind}: {_indented(decision.verdict)}"
            f" ({decision.decided_by}, confidence {decision.confidence:.2f})"
        )
        for reason in decision.reasons:
            evidence = f' ["{reason.evidence}"]' if reason.evidence else ""
            yield f"      because {reason.why}{evidence}"
