"""What comes next in a conversation, when, and why: one next step a person, or a reason for none.

    what stands                                 what comes next
    an enrolment                                nothing: the service's campaign takes every step
    the invitation, not accepted                nothing: it waits for that
    the invitation, accepted                    the message, some hours later
    the first message                           follow-up 1, so many working days later
    follow-up N                                 follow-up N+1, or nothing after the last
    an answer of ours that was approved         that answer, at once
    an answer, a human's word, a stage, a hold  nothing: the conversation is a human's
    a no                                        nothing, for good: a no is a no
    Won or Lost                                 nothing, for good: it is over, and why
    a step in doubt                             nothing until it is known
    "in March"                                  an answer in March, by a human's hand
    an automatic absence                        the same as before it, when they are back

Silence alone is followed up. The plan follows from what is written down, so it is made anew in
every commit that changes that (`store/tables/lead_plans.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

import msgspec

from ingagents.core.conversation.follow_up import ENDED
from ingagents.core.sending.working_hours import next_opening, works_on
from ingagents.model import (
    ContactStatus,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Effect,
    EffectKind,
    Intent,
    Lead,
    Step,
    StepKind,
    WaitsFor,
    WorkingHours,
)
from ingagents.model.step import in_words

_DAYS_AHEAD = 400
_OPEN = frozenset({ContactStatus.ENROLLED, ContactStatus.INVITED, ContactStatus.MESSAGE_SENT})
_ANSWERED = "they have answered: a human goes on"
_WHY_NOT = {
    ContactStatus.RESPONDED: (_ANSWERED, WaitsFor.HUMAN),
    ContactStatus.CLOSED: ("the lead is closed", WaitsFor.NOTHING),
    ContactStatus.SUPPRESSED: ("they are never to be written to", WaitsFor.NOTHING),
    ContactStatus.FAILED: ("they cannot be reached", WaitsFor.NOTHING),
    ContactStatus.NEEDS_REVIEW: ("a human decides first", WaitsFor.HUMAN),
}
_ANEW = ("it begins anew", WaitsFor.NOTHING)
_OUT = frozenset({DeliveryState.CLAIMED, DeliveryState.ATTEMPTED, DeliveryState.UNCERTAIN})
_TALK = (StepKind.FIRST_CONTACT, StepKind.FIRST_MESSAGE, StepKind.FOLLOW_UP)
"""Steps that the department takes by itself, in their order."""

ANSWER = Step(StepKind.ANSWER)
"""What a human writes by hand; one that was prepared and approved has a number."""


class SequenceRules(msgspec.Struct, frozen=True, kw_only=True):
    """`[outreach.sequence]`: what comes after an invitation, and how long after.

    `message_delay_hours` are the least and the most; `follow_ups` are working days after the text
    before, of the account's calendar in `hours`.
    """

    message_after_acceptance: bool
    message_delay_hours: tuple[float, float]
    follow_ups: tuple[int, ...]
    hours: WorkingHours


class Conversation(msgspec.Struct, frozen=True, kw_only=True):
    """All that a plan rests on: the person, our acts, and what humans of the team said.

    `effects` is what each of their answers does, oldest first. `held` and `rejected` are sentences,
    `asked` is a text's review that waits for a human, by the step it is for, `unsure` one that asks
    whether an act arrived. `approved` is the answer of ours that may go, and since when.
    """

    lead: Lead
    acts: Sequence[Delivery] = ()
    effects: Sequence[Effect] = ()
    held: str = ""
    rejected: str = ""
    asked: tuple[Step, str] | None = None
    unsure: str = ""
    approved: tuple[Step, datetime] | None = None


class Coming(msgspec.Struct, frozen=True, kw_only=True):
    """The next step and its moment, or neither; and why. A step without a moment waits for a human."""

    step: Step | None = None
    at: datetime | None = None
    reason: str = ""
    waits: WaitsFor = WaitsFor.NOTHING

    def is_due(self, step: Step, now: datetime) -> bool:
        """Whether it is this step's turn, by now."""
        return self.step == step and self.at is not None and self.at <= now


def coming_step(talk: Conversation, rules: SequenceRules) -> Coming:
    """What comes next with a person, in the account's working hours."""
    lead = talk.lead
    if not has_begun(lead):
        return Coming()  # the first contact is the allocation's to plan
    if (answer := _approved_answer(talk, rules)) is not None:
        return answer
    if (later := _asked_for_later(talk, rules)) is not None:
        return later
    if (ended := _ended(talk)) is not None:
        return ended
    if (in_doubt := _in_doubt(talk)) is not None:
        return in_doubt
    by_campaign = any(act.texts and act.state is DeliveryState.SENT for act in talk.acts)
    if by_campaign or lead.contact_status is ContactStatus.ENROLLED:
        told = "the campaign at the service takes the steps"
        return Coming(reason=told, waits=WaitsFor.SERVICE)
    last = _last_sent(talk.acts)
    if last is None:
        return _of_a_human("the invitation was not ours: a human goes on")
    planned = _after(last, lead, rules)
    if planned.step is None or planned.at is None:
        return planned
    if talk.asked is not None and talk.asked[0] == planned.step:
        reason = f"a human must approve its text: `ingagents review approve {talk.asked[1]}`"
        return Coming(step=planned.step, reason=reason, waits=WaitsFor.HUMAN)
    return _put_off(_when_back(planned, talk.effects, rules), lead, rules)


def has_begun(lead: Lead) -> bool:
    """Whether there is a conversation to go on with: somebody of ours wrote, or invited."""
    return bool(lead.step) or lead.sent_at is not None


def _approved_answer(talk: Conversation, rules: SequenceRules) -> Coming | None:
    """The prepared answer that a human approved, where nothing else speaks against it."""
    lead = talk.lead
    stopped = talk.held or (lead.put_off_reason and lead.put_off_until is None)
    if talk.approved is None or lead.contact_status is not ContactStatus.RESPONDED or stopped:
        return None
    if (in_doubt := _in_doubt(talk)) is not None:
        return in_doubt
    step, since = talk.approved
    at = next_opening(since, rules.hours)
    planned = Coming(step=step, at=at, reason="it is approved", waits=WaitsFor.MOMENT)
    return _put_off(planned, lead, rules)


def _asked_for_later(talk: Conversation, rules: SequenceRules) -> Coming | None:
    """A human's answer on the day that the last answer names, where nothing else was said since."""
    lead, last = talk.lead, _answers(talk.effects)[-1:]
    answered = lead.contact_status is ContactStatus.RESPONDED and lead.stage is None
    if not answered or not last or last[0].kind is not EffectKind.RESUMES or last[0].at is None:
        return None
    at = opening_of(last[0].at, rules.hours)
    reason = f"{last[0].reason}: a human goes on then"
    return Coming(step=ANSWER, at=at, reason=reason, waits=WaitsFor.HUMAN)


def _answers(effects: Sequence[Effect]) -> list[Effect]:
    return [one for one in effects if one.kind is not EffectKind.ABSENT]


def _when_back(planned: Coming, effects: Sequence[Effect], rules: SequenceRules) -> Coming:
    """The same, not before the day on which whoever is away is back."""
    away = [one for one in effects if one.kind is EffectKind.ABSENT and one.at is not None]
    latest = max(away, key=lambda one: one.at or date.min, default=None)
    if latest is None or latest.at is None or planned.at is None:
        return planned
    back = opening_of(latest.at, rules.hours)
    if back <= planned.at:
        return planned
    return msgspec.structs.replace(planned, at=back, reason=latest.reason)


def _of_a_human(reason: str) -> Coming:
    return Coming(reason=reason, waits=WaitsFor.HUMAN)


def _ended(talk: Conversation) -> Coming | None:
    """Why nothing more is written by itself; None when nothing says so."""
    lead = talk.lead
    if lead.contact_status is ContactStatus.UNCERTAIN:
        return None  # what is in doubt says it better
    if lead.stage in ENDED:
        why = f": {lead.stage_reason}" if lead.stage_reason else ""
        return Coming(reason=f"{lead.stage}{why}; nothing more is written")
    declined = lead.response_intent is Intent.NOT_INTERESTED and lead.stage is None
    if declined and lead.contact_status is ContactStatus.RESPONDED:
        return Coming(reason="they said no: nothing more is written")
    if lead.contact_status not in _OPEN:
        why, waits = _WHY_NOT.get(lead.contact_status, _ANEW)
        return Coming(reason=lead.status_reason or why, waits=waits)
    if _answers(talk.effects):
        return _of_a_human(_ANSWERED)
    if lead.written_by_hand_at is not None:
        day = lead.written_by_hand_at.date().isoformat()
        return _of_a_human(
            f"somebody of the team wrote by hand on {day}: the conversation is theirs"
        )
    if lead.stage is not None:
        return _of_a_human(f"the team talks to this person: {lead.stage}")
    if talk.held:
        return _of_a_human(talk.held)
    if talk.rejected:
        return Coming(reason=talk.rejected)
    gone = {DeliveryKind.WITHDRAWAL, DeliveryKind.STOP}
    if any(one.kind in gone and not one.state.frees_step for one in talk.acts):
        return Coming(reason="the invitation was withdrawn, or may have been")
    if lead.put_off_reason and lead.put_off_until is None:
        return _of_a_human(lead.put_off_reason)
    return None


def _in_doubt(talk: Conversation) -> Coming | None:
    for act in talk.acts:
        if act.step.kind in (*_TALK, StepKind.ANSWER) and act.state in _OUT:
            name = act.in_words
            if talk.unsure:
                said = f"a human says whether {name} has arrived"
                return _of_a_human(f"{said}: `ingagents review show {talk.unsure}`")
            told = f"it is not known yet whether {name} has arrived"
            return Coming(reason=told, waits=WaitsFor.OUTCOME)
    return None


def _last_sent(acts: Sequence[Delivery]) -> Delivery | None:
    sent = [one for one in acts if one.step.kind in _TALK and one.state is DeliveryState.SENT]
    return max(sent, key=lambda one: _place(one.step), default=None)


def _place(step: Step) -> tuple[int, int]:
    return _TALK.index(step.kind), int(step.about or 0)


def _after(last: Delivery, lead: Lead, rules: SequenceRules) -> Coming:
    """The step after the last one that went out."""
    if last.by_hand:
        return _of_a_human("somebody of the team wrote by hand: the conversation is theirs")
    if last.kind is DeliveryKind.INVITATION:
        return _after_invitation(lead, rules)
    done = int(last.step.about or 0)
    if done >= len(rules.follow_ups):
        told = "the last follow-up is sent" if done else "outreach.sequence.follow_ups has none"
        return Coming(reason=told)
    days = rules.follow_ups[done]
    before = in_words(last.step, invitation=False)
    return Coming(
        step=Step(StepKind.FOLLOW_UP, str(done + 1)),
        at=after_working_days(last.attempted_at or last.claimed_at, days, rules.hours),
        reason=f"{days} working days after {before}, if there is no answer",
        waits=WaitsFor.MOMENT,
    )


def _after_invitation(lead: Lead, rules: SequenceRules) -> Coming:
    if lead.accepted_at is None:
        why = "waits for the invitation to be accepted"
        return Coming(reason=why, waits=WaitsFor.ACCEPTANCE)
    if not rules.message_after_acceptance:
        return Coming(reason="outreach.sequence.message_after_acceptance is false")
    least, most = rules.message_delay_hours
    hours = least + (most - least) * delay_draw(lead)
    at = next_opening(lead.accepted_at + timedelta(hours=hours), rules.hours)
    return Coming(
        step=Step(StepKind.FIRST_MESSAGE),
        at=at,
        reason=f"{hours:.0f} hours after the invitation was accepted, in working hours",
        waits=WaitsFor.MOMENT,
    )


def _put_off(planned: Coming, lead: Lead, rules: SequenceRules) -> Coming:
    """The same, later, where something was in its way the last time."""
    until = lead.put_off_until
    if until is None or planned.at is None or until <= planned.at:
        return planned
    at = next_opening(until, rules.hours)
    waits = lead.put_off_for or WaitsFor.LATER
    return msgspec.structs.replace(planned, at=at, reason=lead.put_off_reason, waits=waits)


def delay_draw(lead: Lead) -> float:
    """A number from 0 to 1 that is this person's own, so that a plan made anew is the same plan."""
    return int.from_bytes(sha256(f"delay/{lead.id}".encode()).digest()[:6]) / 2**48


def after_working_days(at: datetime, days: int, hours: WorkingHours) -> datetime:
    """The same time of day so many working days later, or the next moment inside working hours."""
    zone = ZoneInfo(hours.timezone)
    local = at.astimezone(zone)
    day, left = local.date(), days
    for _ in range(_DAYS_AHEAD + days * 2):
        if left == 0:
            break
        day += timedelta(days=1)
        left -= works_on(day, hours)
    return next_opening(datetime.combine(day, local.time(), tzinfo=zone), hours)


def opening_of(day: date, hours: WorkingHours) -> datetime:
    """The first moment of that day, or after it, inside working hours."""
    midnight = datetime.combine(day, time(), tzinfo=ZoneInfo(hours.timezone))
    return next_opening(midnight, hours)
