"""What happened to one person, each event in a sentence, with the reasons of what was decided."""

from __future__ import annotations

from ingagents import events as e
from ingagents.events import Event
from ingagents.model import Decision

_EXCERPT = 160
"""Characters of somebody's words in a sentence."""


def tell(event: Event) -> tuple[str, ...]:
    """An event in a sentence, then why; nothing of what only counts beside others."""
    match event:
        case e.LeadDiscovered():
            found = f"found: {event.source}" if event.source else "found"
            return (found, *(line for one in decisions_of(event) for line in _decided(one)))
        case e.DecisionMade():
            return _decided(event.decision)
        case e.AllocationReturned():
            return (f"taken back from outreach: {event.reason}",)
        case e.DeliveryClaimed():
            return (f"{event.kind} claimed",)
        case e.MessageSent():
            return (f"{event.kind} sent",)
        case e.DeliveryRefused():
            return (f"refused ({event.refusal}): {event.detail}",)
        case e.DeliveryUncertain():
            return (f"not known whether it arrived: {event.detail}",)
        case e.DeliverySettled():
            return (f"read back: {event.verdict.replace('_', ' ')}: {event.evidence}",)
        case e.InvitationAccepted():
            return ("the invitation is accepted",)
        case e.InvitationWithdrawn():
            return (f"the invitation is withdrawn: {event.reason}",)
        case e.ResponseReceived():
            words = " ".join(event.response_text.split())[:_EXCERPT]
            return (f"they answered ({event.sentiment}, {event.intent}): {words}",)
        case _:
            return _of_the_team(event)


def decisions_of(event: Event) -> tuple[Decision, ...]:
    """The judgements an event tells of."""
    match event:
        case e.DecisionMade():
            return (event.decision,)
        case e.LeadDiscovered():
            return tuple(one.whole() for one in event.decisions)
        case _:
            return ()


def _of_the_team(event: Event) -> tuple[str, ...]:
    match event:
        case e.LeadEnrolled():
            over = f"the service's campaign sends nothing more: {event.over}"
            return (over if event.over else "enrolled in the service's campaign",)
        case e.LeadSuppressed():
            return (f"never to be written to: {event.reason}",)
        case e.LeadUpdated():
            said = ", ".join(f"{name} {value}" for name, value in event.changes.items())
            return (f"{event.by} changed: {said[:_EXCERPT]}",)
        case e.ReviewAsked():
            return (f"a human is asked ({event.kind} {event.review_id}): {event.reason}",)
        case e.ReviewDecided():
            verdict = event.verdict.replace("_", " ")
            why = f": {event.reason}" if event.reason else ""
            return (f"{event.by} {verdict} {event.kind} {event.review_id}{why}",)
        case e.ReviewLapsed():
            return (f"the {event.kind} {event.review_id} holds no longer: {event.reason}",)
        case e.AgentError():
            return (f"{event.agent} failed: {event.error}",)
        case _:
            return ()


def _decided(decision: Decision) -> tuple[str, ...]:
    """A judgement, then each factor with the words it rests on and what it weighed."""
    verdict = " ".join(decision.verdict.split())[:_EXCERPT]
    told = [f"{decision.kind}: {verdict} (by {decision.decided_by})"]
    for one in decision.reasons:
        evidence = f' ["{one.evidence}"]' if one.evidence else ""
        weight = f" ({one.weight:+.2f})" if one.weight else ""
        told.append(f"{one.why}{evidence}{weight}")
    return tuple(told)
