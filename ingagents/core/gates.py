"""May this be sent to this person, now? Every send passes the same gates, in the same order.

`plan` looks at facts alone and asks nobody. The first gate that is shut answers: which one, why,
and until when. It is asked before a text is written, and again inside the commit that claims.

    gate              is shut when                                    what follows
    SAME_PERSON       LinkedIn shows another lead's names             closed, as the other's double
    SUPPRESSED        never to be written to                          suppressed
    ANSWERED          the person has written to us                    responded
    STATUS            the lead does not wait for this step any more   nothing
    NOT_DUE           this later step is not next, or not yet         nothing
    HELD              somebody of the team holds the person back      a human's turn
    REJECTED          a human will not have this person written to    closed
    WITHDRAWN         an invitation of ours to them was withdrawn     closed
    CLAIMED           this step is claimed already                    as that message stands
    NOT_SHOWN         LinkedIn does not show the person               as LinkedIn says
    NO_ID             LinkedIn gives no id to write to                a human's turn
    ARRIVED           a message taken for lost shows after all        sent
    NO_NAME           LinkedIn shows no name                          a human's turn
    WRITTEN_BY_HAND   one of us wrote to the person lately            a human's turn
    NOT_CONNECTED     a later step, and the person is no connection   another look in a day
    INVITED           an invitation is pending, or was refused        sent, or a human's turn
    KIND              not judged before, and of no use as shown       back to the manager
    BLOCKED           LinkedIn takes no invitation to them for weeks  a wait until a moment
    PROGRAMME         no place is open that a first touch may fill    a wait until one is
    VOICE             another account has written to the person        a wait: they keep that voice
    TEXT              no text is fit to send                          a human's turn
    CHANGED           the person is another than the text is for      nothing: it is written anew
    APPROVAL          a human must see this text first                a human's turn
    CAMPAIGN          the event is over, near, or not set up          a wait that a human ends
    PAUSED            the kill switch                                 a wait that a human ends
    OPEN_INVITATIONS  as many as may stand open already do            invitations wait
    LIMITS            day, week, gap, hold or working hours           a wait until a moment

The last four stand before every send of the account, whoever it is to: `may_act` asks them alone.

Before an answer, what ANSWERED and WRITTEN_BY_HAND look at is what came after the message that it
answers. Of these, INVITED, KIND and PROGRAMME are asked before the first contact alone, NOT_DUE and NOT_CONNECTED before the steps
after it. Those never move a lead by a human's turn or a closed door: the lead stays, its next step
is put off and says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from ingagents.core.lead_status import Cause
from ingagents.core.message_generator import Unwritable
from ingagents.core.rate_limiter import Go, WaitUntil, can_send, rehearsed
from ingagents.core.reconciler import read_evidence
from ingagents.core.send_policy import (
    RECENT_CONTACT,
    Approval,
    needs_approval,
)
from ingagents.core.sending.person_waits import blocked, placed, voiced
from ingagents.core.sending.plans import Adopt, AskHuman, Gate, Plan, Send, Shut, Skip, Wait
from ingagents.core.sending.send_facts import AccountFacts, SendFacts, Text, Unseen
from ingagents.core.sending.wanted import unwanted
from ingagents.model import (
    ContactStatus,
    DeliveryKind,
    DeliveryState,
    Draft,
    Lead,
    StepKind,
)
from ingagents.model.step import in_words


def plan(facts: SendFacts, now: datetime) -> Plan:
    """What is to be done about a lead: sent, or what the first gate that is shut says."""
    for _, shut in of_person(facts, now):
        if shut is not None:
            return shut
    permit = may_act(facts.account, now, facts.channel.kind, first=facts.begins)
    if isinstance(permit, Wait):
        return permit
    return Send(channel=facts.channel, go=permit, approved=facts.standing)


def of_person(facts: SendFacts, now: datetime) -> Iterator[tuple[Gate, Shut | None]]:
    """The gates before the account's, in order, each with what it says; None: it is open.

    What stands behind one that is shut may rest on facts that are not there.
    """
    for gate, says in _OF_A_PERSON.items():
        yield gate, says(facts, now)


def may_act(
    account: AccountFacts,
    now: datetime,
    kind: DeliveryKind | None = None,
    *,
    first: bool = True,
) -> Go | Wait:
    """Whether the account may act at all: in a first contact or later, of a `kind` or in any way."""
    if (bar := account.campaign.bar(now)) is not None:
        return Wait(gate=Gate.CAMPAIGN, reason=str(bar))
    if account.paused:
        return Wait(gate=Gate.PAUSED, reason=account.paused)
    if account.too_many_open and kind is DeliveryKind.INVITATION:
        reason = account.too_many_open
        return Wait(gate=Gate.OPEN_INVITATIONS, reason=reason, held="invitation")
    usage, moment = rehearsed(now, account.usage, account.rules, count=account.rehearsed)
    verdict = can_send(moment, usage, account.rules, kind, first=first)
    return _limited(verdict) if isinstance(verdict, WaitUntil) else verdict


# --- the gates --------------------------------------------------------------------------------


def _same_person(facts: SendFacts, _: datetime) -> Shut | None:
    if facts.same_as is None:
        return None
    reason = f"the same person as lead {facts.same_as.id}"
    return Skip(gate=Gate.SAME_PERSON, reason=reason, cause=Cause.SAME_PERSON)


def _suppressed(facts: SendFacts, _: datetime) -> Shut | None:
    if not facts.suppressed:
        return None
    reason = f"suppressed: {facts.suppressed}"
    return Skip(gate=Gate.SUPPRESSED, reason=reason, cause=Cause.SUPPRESSED)


def _answered(facts: SendFacts, _: datetime) -> Shut | None:
    if not facts.replied:
        return None
    allocated = facts.lead.contact_status is ContactStatus.ALLOCATED
    cause = Cause.ANSWERED if allocated else None
    return Skip(gate=Gate.ANSWERED, reason="this person has answered", cause=cause)


def _status(facts: SendFacts, _: datetime) -> Shut | None:
    status, stage = facts.lead.contact_status, facts.lead.stage
    if facts.begins and stage is not None and status is ContactStatus.ALLOCATED:
        # Said while an earlier try was in doubt, which then did not go out.
        reason = f"the team talks to this person: {stage}"
        return Skip(gate=Gate.STATUS, reason=reason, cause=Cause.TEAM_TALKS)
    if status in _WRITES_FROM.get(facts.step.kind, _GOES_ON_FROM):
        return None
    return Skip(gate=Gate.STATUS, reason=f"the lead is {status.value} by now")


def _not_due(facts: SendFacts, now: datetime) -> Shut | None:
    coming = facts.coming
    if facts.begins or coming.is_due(facts.step, now):
        return None
    reason = coming.reason or "this step is not next any more"
    return Skip(gate=Gate.NOT_DUE, reason=reason)


def _held(facts: SendFacts, _: datetime) -> Shut | None:
    return Skip(gate=Gate.HELD, reason=facts.held, cause=Cause.HELD) if facts.held else None


def _rejected(facts: SendFacts, _: datetime) -> Shut | None:
    if not facts.rejected:
        return None
    return Skip(gate=Gate.REJECTED, reason=facts.rejected, cause=Cause.DRAFT_REJECTED)


def _withdrawn(facts: SendFacts, _: datetime) -> Shut | None:
    if facts.withdrawn_until is None or facts.profile.network_distance == 1:
        return None
    reason = (
        "the invitation to this person was withdrawn; LinkedIn takes no other one before"
        f" {facts.withdrawn_until.date().isoformat()}, and then it is a human's to send"
    )
    return Skip(gate=Gate.WITHDRAWN, reason=reason, cause=Cause.WITHDRAWN)


def _claimed(facts: SendFacts, _: datetime) -> Shut | None:
    if facts.claimed is None:
        return None
    if not facts.begins:
        reason = f"{in_words(facts.step, invitation=False)} to this person is claimed already"
        return Skip(gate=Gate.CLAIMED, reason=reason)
    sent = Cause.ENROLLED if facts.enrols else Cause.SENT
    return Skip(
        gate=Gate.CLAIMED,
        reason="a first message to this person is claimed already",
        cause=sent if facts.claimed is DeliveryState.SENT else Cause.IN_DOUBT,
    )


def _not_shown(facts: SendFacts, _: datetime) -> Shut | None:
    if not isinstance(facts.seen, Unseen):
        return None
    return Skip(gate=Gate.NOT_SHOWN, reason=facts.seen.reason, cause=facts.seen.cause)


def _no_id(facts: SendFacts, _: datetime) -> Shut | None:
    if facts.profile.provider_id:
        return None
    return _by_hand(Gate.NO_ID, "LinkedIn gives no id to write to")


def _arrived(facts: SendFacts, now: datetime) -> Shut | None:
    if facts.lost is None:
        return None
    look = read_evidence(facts.lost, facts.profile, facts.conversation, pending=False, now=now)
    return Adopt(gate=Gate.ARRIVED, reason=look.evidence, lost=facts.lost) if look.found else None


def _no_name(facts: SendFacts, _: datetime) -> Shut | None:
    if facts.profile.name:
        return None
    reason = "LinkedIn shows no name for this person; look at the profile by hand"
    return _by_hand(Gate.NO_NAME, reason)


def _written_by_hand(facts: SendFacts, now: datetime) -> Shut | None:
    if not facts.begins:
        if facts.by_hand is None:
            return None
        when = facts.by_hand.date().isoformat()
        reason = f"somebody of the team wrote by hand on {when}: the conversation is theirs"
        return _by_hand(Gate.WRITTEN_BY_HAND, reason)
    ours = [message for message in facts.conversation if message.from_us]
    if not ours or now - ours[-1].sent_at >= RECENT_CONTACT:
        return None
    when = ours[-1].sent_at.date().isoformat()
    reason = f"somebody wrote to this person from this account on {when}; decide by hand"
    return _by_hand(Gate.WRITTEN_BY_HAND, reason)


def _invited(facts: SendFacts, _: datetime) -> Shut | None:
    profile = facts.profile
    state = profile.invitation
    # What became of an invitation does not matter to a connection.
    if profile.network_distance == 1 or not state or not facts.begins:
        return None
    if state == "pending":
        reason = (
            "an invitation to this person was already pending on LinkedIn; adopted, not repeated"
        )
        return Adopt(gate=Gate.INVITED, reason=reason)
    if state == "received":
        reason = "this person has invited us; accept it on LinkedIn and write by hand"
        return _by_hand(Gate.INVITED, reason)
    reason = f"an earlier invitation to this person was {state}; a second one is a human's decision"
    return _by_hand(Gate.INVITED, reason)


def _not_connected(facts: SendFacts, _: datetime) -> Shut | None:
    if facts.begins or facts.profile.network_distance == 1:
        return None
    reason = "LinkedIn does not show this person as a connection: looked at again"
    return Skip(gate=Gate.NOT_CONNECTED, reason=reason)


def _kind(facts: SendFacts, _: datetime) -> Shut | None:
    if not facts.begins or facts.stored.classification is not None:
        return None  # who was judged before was allocated for it
    approved = facts.standing is not None and facts.standing.state == "approved"
    reason = "" if approved else unwanted(facts.lead, facts.account.wanted)
    return Skip(gate=Gate.KIND, reason=reason, cause=Cause.TAKEN_BACK) if reason else None


def _blocked(facts: SendFacts, now: datetime) -> Shut | None:
    if facts.channel.kind is not DeliveryKind.INVITATION:
        return None
    return blocked(facts.account, facts.stored, now)


def _programme(facts: SendFacts, _: datetime) -> Shut | None:
    return placed(facts.account, facts.lead) if facts.begins else None


def _voice(facts: SendFacts, _: datetime) -> Shut | None:
    return voiced(facts.account, facts.stored)


def _text(facts: SendFacts, _: datetime) -> Shut | None:
    if not isinstance(facts.text, Unwritable):
        return None
    reason = "no fit message could be written: " + "; ".join(facts.text.reasons)
    return _by_hand(Gate.TEXT, reason)


def _changed(facts: SendFacts, _: datetime) -> Shut | None:
    text = facts.text
    if not isinstance(text, Text) or text.review_id:  # an approval lapses by its own rules
        return None
    before, after = text.written_for, facts.lead
    changed = [part for part in _RESTS_ON if getattr(before, part) != getattr(after, part)]
    way = facts.channel
    if text.draft.kind is not way.kind or bool(text.draft.text) is not bool(way.limit):
        changed.append("way of writing")
    if not changed:
        return None
    reason = f"since the text was written, the {' and the '.join(changed)} changed"
    return Skip(gate=Gate.CHANGED, reason=reason)


def _approval(facts: SendFacts, _: datetime) -> Shut | None:
    text, standing = facts.text, facts.standing
    if isinstance(text, Text) and text.review_id:
        return _still_approved(facts, text.review_id)
    if standing is not None and standing.state != "approved":
        reason = "a human must approve this text first"
        return AskHuman(gate=Gate.APPROVAL, reason=reason, review=standing)
    if not isinstance(text, Text):
        return None
    if standing is not None:
        return Skip(gate=Gate.APPROVAL, reason=f"another text is approved ({standing.id})")
    if not facts.channel.limit:
        return None  # there is nothing to approve
    why = unapproved(text.draft, facts.lead, facts.approval, begins=facts.begins)
    return AskHuman(gate=Gate.APPROVAL, reason=why) if why else None


def _still_approved(facts: SendFacts, review_id: str) -> Shut | None:
    """A text goes under its approval, and under no other's."""
    review = facts.review
    if review is None or review.id != review_id or review.state != "approved":
        return Skip(gate=Gate.APPROVAL, reason=f"its approval {review_id} is gone")
    if facts.lapse is None:
        return None
    reason = f"its approval {review_id} holds no longer: {facts.lapse.reason}"
    return Skip(gate=Gate.APPROVAL, reason=reason)


_OF_A_PERSON: Mapping[Gate, Callable[[SendFacts, datetime], Shut | None]] = MappingProxyType(
    {
        Gate.SAME_PERSON: _same_person,
        Gate.SUPPRESSED: _suppressed,
        Gate.ANSWERED: _answered,
        Gate.STATUS: _status,
        Gate.NOT_DUE: _not_due,
        Gate.HELD: _held,
        Gate.REJECTED: _rejected,
        Gate.WITHDRAWN: _withdrawn,
        Gate.CLAIMED: _claimed,
        Gate.NOT_SHOWN: _not_shown,
        # From here on LinkedIn shows the person.
        Gate.NO_ID: _no_id,
        Gate.ARRIVED: _arrived,
        Gate.NO_NAME: _no_name,
        Gate.WRITTEN_BY_HAND: _written_by_hand,
        Gate.NOT_CONNECTED: _not_connected,
        Gate.INVITED: _invited,
        Gate.KIND: _kind,
        Gate.BLOCKED: _blocked,
        Gate.PROGRAMME: _programme,
        Gate.VOICE: _voice,
        Gate.TEXT: _text,
        Gate.CHANGED: _changed,
        Gate.APPROVAL: _approval,
    }
)
_WRITES_FROM: Mapping[StepKind, frozenset[ContactStatus]] = MappingProxyType(
    {
        StepKind.FIRST_CONTACT: frozenset({ContactStatus.ALLOCATED}),
        StepKind.ANSWER: frozenset({ContactStatus.RESPONDED}),
    }
)
_GOES_ON_FROM = frozenset({ContactStatus.INVITED, ContactStatus.MESSAGE_SENT})
_RESTS_ON = ("name", "position", "company", "classification", "profile")
"""Fields of a lead that a text is made from."""


def unapproved(draft: Draft, lead: Lead, rule: Approval, *, begins: bool) -> str:
    """Why a human must see a draft first; "" when nobody must.

    Whoever nobody could judge is shown to a human once, before the conversation `begins`.
    """
    if lead.contradictions:
        return f"a human must decide: {'; '.join(lead.contradictions)}"
    if begins and lead.classification is None:
        return "a human must decide: no position is known, and this service shows nobody's page"
    if not needs_approval(draft, rule):
        return ""
    return f"a human must approve this text first (confidence {draft.confidence:.2f})"


def _by_hand(gate: Gate, reason: str) -> Skip:
    return Skip(gate=gate, reason=reason, cause=Cause.MUST_DECIDE)


def _limited(verdict: WaitUntil) -> Wait:
    until = None if verdict.limit == "never" else verdict.moment
    return Wait(gate=Gate.LIMITS, reason=verdict.reason, until=until, held=verdict.held)
