"""Why nothing is sent to somebody now: the first gate that holds, its value, and what would lift it.

Whoever waits for a step is asked about by the gates of `core.gates`, the same that stand before a
send; what only a look at LinkedIn shows is left open, for nobody is visited to answer. Who does not
wait for one stands before a gate of `core.why_words.NotYet`:

    nobody has written to them   BELOW_THRESHOLD, NO_ADDRESS, OTHER, SAME_COMPANY,
                                 PROGRAMME, FULL, ALLOCATION
    they may be written to       RESTING, DRY_RUN, then the account's gates, then TURN
    somebody has written         NOT_ACCEPTED, IN_DOUBT, NEEDS_HUMAN, ENROLLED, ENDED

The moment of ALLOCATION, FULL and TURN is when they are decided on anew, of all others when the gate
lifts by itself; None: it does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal, NamedTuple

import msgspec

from ingagents.core.allocator import Rule
from ingagents.core.gates import of_person
from ingagents.core.sending.plans import Gate, Wait
from ingagents.core.sending.send_facts import SendFacts
from ingagents.core.why.why_words import UNJUDGED_VALUE, NotYet, change_of, open_by
from ingagents.display import Shown, Told
from ingagents.model import ContactStatus, Lead, LeadId, WaitsFor


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What one gate says: open or shut with the value that decides it, or not asked yet.

    `at_the_visit`: only LinkedIn's page says it, which is looked at right before the act.
    """

    gate: Gate | NotYet
    says: Literal["open", "shut", "at_the_visit"]
    value: str = ""


class Why(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """The first gate that holds for somebody; the last of `asked`, where several were."""

    lead_id: LeadId
    gate: Gate | NotYet
    reason: str
    lifts_at: datetime | None = None
    change: str
    """What would change it, for a human."""
    asked: tuple[Answer, ...] = ()

    def _told(self) -> Told:
        until = f" until {self.lifts_at.isoformat()}" if self.lifts_at else ""
        return Told(f"{self.gate}{until}: {self.reason}; {self.change}", super()._told().rows)


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """How the next allocation, at `next_at`, looks at somebody whom nobody has written to.

    `against` is the rule that passes them over, `no_room` why the programme has no place for them,
    `place` (from 1, of `chosen`) where they would stand.
    """

    suppressed: str = ""
    held: str = ""
    against: Rule | None = None
    no_room: str = ""
    threshold: float
    place: int | None = None
    chosen: int = 0
    next_at: datetime


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """What stands before somebody's due step beside the gates about the person.

    `wait` is what the account's gates say, `ahead` how many come before them in the queue, `shown`
    whether a dry run has shown their text already.
    """

    wait: Wait | None = None
    live: bool = True
    shown: bool = False
    resting_until: datetime | None = None
    ahead: int = 0
    next_pass: datetime


class Standing(NamedTuple):
    """All that a gate follows from for whoever waits for no step of ours now.

    `comes_later`: the next step has a moment, and it is still to come.
    """

    status: ContactStatus
    waits: WaitsFor
    comes_later: bool
    is_double: bool


def standing_of(lead: Lead, now: datetime) -> Standing:
    """How a lead stands."""
    later = lead.next_step_at is not None and lead.next_step_at > now
    return Standing(lead.contact_status, lead.waits_for, later, lead.duplicate_of is not None)


def is_due(standing: Standing) -> bool:
    """Whether a later step waits for nothing but the gates of a send."""
    talks = standing.status in _TALKS
    return talks and standing.waits in _TIMED and not standing.comes_later


def gate_of(standing: Standing) -> Gate | NotYet:
    """The gate before whoever is not due, and is not waiting for a first contact."""
    match standing.status:
        case ContactStatus.SUPPRESSED:
            return Gate.SUPPRESSED
        case ContactStatus.RESPONDED:
            return NotYet.ENDED if standing.waits is WaitsFor.NOTHING else Gate.ANSWERED
        case ContactStatus.CLOSED:
            return Gate.SAME_PERSON if standing.is_double else NotYet.ENDED
        case ContactStatus.UNCERTAIN:
            return NotYet.IN_DOUBT
        case ContactStatus.NEEDS_REVIEW:
            return NotYet.NEEDS_HUMAN
        case status if status in _TALKS:
            return _WAITING[standing.waits]
        case _:
            return NotYet.ENDED


def why_rests(
    lead: Lead,
    now: datetime,
    *,
    next_look: datetime | None = None,
    question: str = "",
    stopped: str = "",
    withdraw_after: timedelta | None = None,
) -> Why:
    """Of whoever waits for no step of ours now.

    `question` is the id of what a human is asked, `stopped` of what one was handed and is not to
    send any more, `withdraw_after` how long an invitation may wait.
    """
    standing = standing_of(lead, now)
    gate = gate_of(standing)
    moment = next_look if gate is NotYet.IN_DOUBT else None
    if standing.comes_later and gate in {Gate.NOT_DUE, Gate.ANSWERED}:
        moment = lead.next_step_at
    planned = lead.next_step_reason if lead.waits_for or not lead.status_reason else ""
    reason = planned or lead.status_reason or f"the lead is {lead.contact_status}"
    change = f"`ingagents review show {question}`" if question else ""
    if stopped and not question and gate in {NotYet.IN_DOUBT, NotYet.NEEDS_HUMAN}:
        change = (
            f"nothing is to be sent; say whether it went out: `ingagents review show {stopped}`"
        )
    if gate is NotYet.NOT_ACCEPTED and withdraw_after and lead.sent_at:
        day = (lead.sent_at + withdraw_after).date().isoformat()
        change = f"they accept the invitation; from {day} on it is withdrawn"
    return _why(lead, gate, reason, moment, change=change)


def why_not_allocated(lead: Lead, offer: Offer) -> Why:
    """Of whoever nobody has written to and nobody was asked to."""
    score = lead.quality_score or 0.0
    judged = lead.classification is not None
    quality = f"quality {score:.1f}, and {offer.threshold:.1f} is asked for"
    kind = f"kind {lead.classification}: {lead.status_reason or '; '.join(lead.reasons[:1])}"
    place = f"place {offer.place} of {offer.chosen}" if offer.place else "others come before"
    address = lead.linkedin_url or "no LinkedIn address is known"
    ladder: tuple[tuple[Gate | NotYet, bool, str], ...] = (
        (Gate.SUPPRESSED, bool(offer.suppressed), offer.suppressed or "no suppression names them"),
        (Gate.HELD, bool(offer.held), offer.held or "nobody holds them back"),
        (
            NotYet.BELOW_THRESHOLD,
            judged and score < offer.threshold,
            quality if judged else UNJUDGED_VALUE,
        ),
        (NotYet.NO_ADDRESS, not lead.linkedin_url, address),
        (NotYet.OTHER, offer.against == "other", kind if judged else UNJUDGED_VALUE),
        (
            NotYet.SAME_COMPANY,
            offer.against == "same_company",
            f"{lead.company or 'no company'}: one person of a company at a time",
        ),
        (Gate.PROGRAMME, bool(offer.no_room), offer.no_room or open_by(Gate.PROGRAMME)),
        (NotYet.FULL, offer.place is None, f"{place}: the next allocation takes {offer.chosen}"),
        (NotYet.ALLOCATION, True, f"{place} in the next allocation"),
    )
    asked: list[Answer] = []
    for gate, shut, value in ladder:
        asked.append(Answer(gate=gate, says="shut" if shut else "open", value=value))
        if shut:
            break
    last = asked[-1]
    timed = last.gate in {NotYet.FULL, NotYet.ALLOCATION}
    return _why(lead, last.gate, last.value, offer.next_at if timed else None, asked)


def why_not_sent(facts: SendFacts, turn: Turn, now: datetime) -> Why:
    """Of whoever waits for a step that is due: the gates of a send, as far as they are known."""
    lead, asked = facts.stored, list[Answer]()
    for gate, shut in of_person(facts, now):
        if gate in AT_THE_VISIT:
            asked.append(Answer(gate=gate, says="at_the_visit"))
        elif shut is None:
            asked.append(Answer(gate=gate, says="open", value=_value(gate, facts)))
        else:
            asked.append(Answer(gate=gate, says="shut", value=shut.reason))
            until = shut.until if isinstance(shut, Wait) else None
            review = facts.review.id if facts.review is not None else ""
            change = f"`ingagents review approve {review}`" if gate is Gate.APPROVAL else ""
            return _why(lead, gate, shut.reason, until, asked, change=change)
    first, reason, until = _before_the_turn(turn, now)
    asked += _of_account(facts, first)
    asked.append(Answer(gate=first, says="shut", value=reason))
    return _why(lead, first, reason, until, asked)


def _before_the_turn(turn: Turn, now: datetime) -> tuple[Gate | NotYet, str, datetime | None]:
    """The first that is shut of what stands before a step when no gate about the person does."""
    if turn.resting_until is not None and turn.resting_until > now:
        reason = "LinkedIn's service answered about somebody else when asked for them"
        return NotYet.RESTING, reason, turn.resting_until
    if not turn.live and turn.shown:
        return NotYet.DRY_RUN, "their text was shown; linkedin.live is false", None
    if turn.wait is not None:
        before = f"; {turn.ahead} wait before them" if turn.ahead else ""
        return turn.wait.gate, f"{turn.wait.reason}{before}", turn.wait.until
    return NotYet.TURN, f"{turn.ahead} wait before them in the queue", turn.next_pass


def _of_account(facts: SendFacts, shut: Gate | NotYet) -> Iterator[Answer]:
    """The account's gates before the one that is shut; none where it stands before them all."""
    if shut in {NotYet.RESTING, NotYet.DRY_RUN}:
        return
    for gate in _OF_ACCOUNT:
        if gate is shut or shut is Gate.BLOCKED:
            return
        yield Answer(gate=gate, says="open", value=_value(gate, facts))


def _value(gate: Gate, facts: SendFacts) -> str:
    """The value by which a gate is open."""
    account = facts.account
    match gate:
        case Gate.KIND:
            return str(facts.lead.classification or UNJUDGED_VALUE)
        case Gate.STATUS:
            return str(facts.lead.contact_status)
        case Gate.NOT_DUE:
            at = facts.coming.at
            return f"due since {at.isoformat()}" if at else "the first contact"
        case Gate.APPROVAL:
            if facts.standing is not None:
                return f"approved by {facts.standing.decided_by}"
            return f"outreach.approval is {facts.approval}; its text is judged when it is written"
        case Gate.CAMPAIGN:
            day = account.campaign.event_date
            return f"the event is on {day.isoformat()}" if day else "the event has no day"
        case Gate.LIMITS:
            return f"{len(account.usage.acts)} acts in the last seven days"
        case _:
            return open_by(gate)


def _why(
    lead: Lead,
    gate: Gate | NotYet,
    reason: str,
    lifts_at: datetime | None,
    asked: list[Answer] | None = None,
    *,
    change: str = "",
) -> Why:
    only = (Answer(gate=gate, says="shut", value=reason),)
    return Why(
        lead_id=lead.id,
        gate=gate,
        reason=reason,
        lifts_at=lifts_at,
        change=change or change_of(gate, lead.id[:8]),
        asked=tuple(asked) if asked else only,
    )


_TIMED = frozenset({WaitsFor.MOMENT, WaitsFor.LATER, WaitsFor.FACTS})
_WAITING: Mapping[WaitsFor, Gate | NotYet] = MappingProxyType(
    {
        WaitsFor.NOTHING: NotYet.ENDED,
        WaitsFor.ACCEPTANCE: NotYet.NOT_ACCEPTED,
        WaitsFor.OUTCOME: NotYet.IN_DOUBT,
        WaitsFor.HUMAN: NotYet.NEEDS_HUMAN,
        WaitsFor.SERVICE: NotYet.ENROLLED,
        **dict.fromkeys(_TIMED, Gate.NOT_DUE),
    }
)
_TALKS = frozenset({ContactStatus.ENROLLED, ContactStatus.INVITED, ContactStatus.MESSAGE_SENT})
_OF_ACCOUNT = (Gate.CAMPAIGN, Gate.PAUSED, Gate.OPEN_INVITATIONS, Gate.LIMITS)
AT_THE_VISIT = frozenset(
    {
        Gate.NOT_SHOWN,
        Gate.NO_ID,
        Gate.ARRIVED,
        Gate.NO_NAME,
        Gate.WRITTEN_BY_HAND,
        Gate.NOT_CONNECTED,
        Gate.INVITED,
        Gate.TEXT,
        Gate.CHANGED,
    }
)
"""Gates whose facts are read right before the act: LinkedIn's page, and the text written for it."""
