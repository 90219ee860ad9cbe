"""What became of an act towards a person: delivery, lead, account and events in one commit."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from ingagents.context import Context
from ingagents.core.lead_status import Cause, Change, move
from ingagents.core.send_policy import AfterRefusal, after_cannot_resend, after_refusal
from ingagents.core.sending.plans import Wait
from ingagents.events import (
    AgentError,
    DeliveryRefused,
    DeliveryUncertain,
    MessageSent,
    Role,
)
from ingagents.model import (
    FIRST_CONTACT,
    AccountId,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Lead,
    Refusal,
    SendResult,
    Step,
    WaitsFor,
)
from ingagents.model.step import public_name
from ingagents.ports import Transaction
from ingagents.services.outreach.account import refusals_of
from ingagents.services.outreach.enrolments.progress import note_enrolled
from ingagents.services.outreach.kill_switch import pause_outreach
from ingagents.services.reviews.requests import ask_about_send, sent_as_approved, void_draft
from ingagents.store.tables import deliveries, holds, key_value, leads

AGENT: Role = "outreach"

NOT_FOUND = "not found by reading back"
"""How the detail of an act begins that the looks took for not sent."""

NOTE_LIMIT_SHOWN = "limit.note"
SHORT_NOTE = 200

_REFUSED_RESTS = timedelta(days=1)
"""How long a later step waits that was refused, whatever holds the account meanwhile."""

_MISTAKES = "refusals.mistakes"
_MISTAKES_IN_A_ROW = 5
"""So many people in a row refused as our mistake: it is no single person's case."""


class SendOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one lead. `stop` ends the pass; `wait` says what it waits for.

    `again`: the same person is next, in another way.

    `instead` says why the text was not the one that a dry run has shown.
    """

    kind: Literal[
        "sent",
        "enrolled",
        "refused",
        "uncertain",
        "skipped",
        "for_review",
        "dry_run",
        "waits",
        "answered",
    ]
    reason: str = ""
    wait: Wait | None = None
    stop: bool = False
    again: bool = False
    instead: str = ""

    @classmethod
    def waiting(cls, wait: Wait) -> SendOutcome:
        """A send that waits; the pass ends unless acts of another kind may go meanwhile."""
        return cls(kind="waits", reason=wait.reason, wait=wait, stop=not wait.of_one_kind)


def write_outcome(
    context: Context,
    transaction: Transaction,
    delivery: Delivery,
    result: SendResult,
    *,
    alone: AccountId | None = None,
) -> SendOutcome:
    """Write down how an act ended: sent, refused, or a doubt that is only ever read back.

    `alone` is the account that stops by itself when it is in trouble; None: all sending does.
    """
    lead = leads.find(transaction, delivery.recipient)
    if lead is None:
        return outcome_of_nobody(context, transaction, delivery, result)
    if result.outcome == "unknown":
        return mark_uncertain(context, transaction, delivery, lead, result.detail)
    if result.outcome == "by_hand":
        return hand_over(context, transaction, delivery, lead, result.detail)
    if result.outcome == "refused":
        return _write_refusal(context, transaction, delivery, lead, result, alone=alone)
    return mark_sent(context, transaction, delivery, lead, result)


def mark_sent(
    context: Context, transaction: Transaction, delivery: Delivery, lead: Lead, result: SendResult
) -> SendOutcome:
    """The service confirmed the act, or showed it when read back; or a human saw it."""
    now = context.clock.now()
    news = deliveries.settle(
        transaction,
        delivery.id,
        DeliveryState.SENT,
        now=now,
        service_id=result.message_id,
        chat_id=result.chat_id,
        detail=result.detail,
    )
    if news:
        _write_sent(context, transaction, delivery, lead, message_id=result.message_id)
    enrolled = delivery.kind is DeliveryKind.ENROLMENT
    return SendOutcome(kind="enrolled" if enrolled else "sent", reason=result.detail)


def mark_uncertain(
    context: Context, transaction: Transaction, delivery: Delivery, lead: Lead, detail: str
) -> SendOutcome:
    """The act may have happened: it leaves the work queue at once and is only ever read back."""
    if deliveries.doubt(transaction, delivery.id, detail=detail):
        moved = moved_by(delivery, lead, Cause.IN_DOUBT)
        if moved is not None:
            leads.update(
                transaction,
                lead,
                now=context.clock.now(),
                moved=moved,
                status_reason=f"the send may have happened: {detail}",
            )
        doubt = DeliveryUncertain(lead_id=lead.id, delivery_id=delivery.id, detail=detail)
        context.queue.append(transaction, AGENT, doubt)
    return SendOutcome(kind="uncertain", reason=detail)


def hand_over(
    context: Context, transaction: Transaction, delivery: Delivery, lead: Lead, detail: str
) -> SendOutcome:
    """A human sends it: it counts as tried, and is in doubt until they say what they did."""
    mark_uncertain(context, transaction, delivery, lead, detail)
    handed = leads.find(transaction, lead.id)
    if handed is not None:
        ask_about_send(context, transaction, delivery, handed, detail, by_hand=True)
    return SendOutcome(kind="for_review", reason=detail)


def moved_by(delivery: Delivery, lead: Lead, cause: Cause) -> Change | None:
    """Where a doubt about an act, and its end, leave the lead; None: where it stands.

    About a later step than the first contact it says nothing: the person was written to already.
    """
    if delivery.step != FIRST_CONTACT:
        return None
    moved = move(lead.contact_status, cause)
    return moved if isinstance(moved, Change) else None


def taken_for_lost(transaction: Transaction, lead_id: str, step: Step) -> Delivery | None:
    """The act of a step that was not found by reading back, if there was one."""
    acts = deliveries.of_recipient(transaction, lead_id)
    lost = [one for one in acts if one.state is DeliveryState.LOST and one.step == step]
    return lost[-1] if lost else None


def give_up(context: Context, transaction: Transaction, delivery: Delivery, reason: str) -> None:
    """The looks took a doubt for not sent: it may be tried again, but its quota stays used.

    Looks can be wrong, and only a definite refusal gives quota back.
    """
    now = context.clock.now()
    detail = f"{NOT_FOUND}: {reason}"
    deliveries.settle(transaction, delivery.id, DeliveryState.LOST, now=now, detail=detail)


def adopt(
    context: Context, transaction: Transaction, lost: Delivery, lead: Lead, evidence: str
) -> SendOutcome:
    """An act that was taken for lost shows after all: it counts as sent from when it was tried."""
    reason = f"it had arrived after all: {evidence}"
    if deliveries.settle_lost(transaction, lost.id, now=context.clock.now(), detail=reason):
        _write_sent(context, transaction, lost, lead, message_id="")
    return SendOutcome(kind="skipped", reason=reason)


def outcome_of_nobody(
    context: Context, transaction: Transaction, delivery: Delivery, result: SendResult
) -> SendOutcome:
    """The lead was erased meanwhile; what may have reached the person still counts.

    Nothing the service said of them is kept.
    """
    gone = "the lead is gone"
    if result.outcome in {"unknown", "by_hand"}:
        deliveries.doubt(transaction, delivery.id, detail=gone)
        return SendOutcome(kind="uncertain", reason=gone)
    sent = result.outcome == "sent"
    state = DeliveryState.SENT if sent else DeliveryState.REFUSED
    deliveries.settle(transaction, delivery.id, state, now=context.clock.now(), detail=gone)
    return SendOutcome(kind="sent" if sent else "refused", reason=gone)


def _write_sent(
    context: Context,
    transaction: Transaction,
    delivery: Delivery,
    lead: Lead,
    *,
    message_id: str,
) -> None:
    key_value.forget(transaction, _MISTAKES, of=delivery.account_id)
    sent_as_approved(context, transaction, delivery)
    if delivery.kind is DeliveryKind.ENROLMENT:
        note_enrolled(context, transaction, delivery, lead)
        return
    now = context.clock.now()
    invited = delivery.kind is DeliveryKind.INVITATION
    moved = move(lead.contact_status, Cause.SENT if delivery.text else Cause.INVITED)
    at = delivery.attempted_at or now
    leads.update(
        transaction,
        lead,
        now=now,
        moved=moved,
        status_reason="" if isinstance(moved, Change) else lead.status_reason,
        message_sent=delivery.text or lead.message_sent,
        account_id=delivery.account_id,
        sent_at=at,
        step=public_name(delivery.step, invitation=invited),
        put_off_until=None,
        put_off_reason="",
        put_off_for=WaitsFor.NOTHING,
        invited_at=at if invited else lead.invited_at,
    )
    sent = MessageSent(
        lead_id=lead.id, delivery_id=delivery.id, kind=delivery.kind, message_id=message_id
    )
    context.queue.append(transaction, AGENT, sent)


def settle_refused(
    context: Context, transaction: Transaction, delivery: Delivery, lead: Lead, result: SendResult
) -> Refusal | None:
    """Write down that the service refused an act; None when somebody settled it before."""
    refusal = result.refusal or Refusal.OUR_MISTAKE
    if not deliveries.settle(
        transaction,
        delivery.id,
        DeliveryState.REFUSED,
        now=context.clock.now(),
        detail=result.detail,
        refusal=refusal,
    ):
        return None
    refused = DeliveryRefused(
        lead_id=lead.id, delivery_id=delivery.id, refusal=refusal, detail=result.detail
    )
    context.queue.append(transaction, AGENT, refused)
    return refusal


def _write_refusal(
    context: Context,
    transaction: Transaction,
    delivery: Delivery,
    lead: Lead,
    result: SendResult,
    *,
    alone: AccountId | None,
) -> SendOutcome:
    now = context.clock.now()
    refusal = settle_refused(context, transaction, delivery, lead, result)
    if refusal is None:
        return SendOutcome(kind="refused", reason="settled by somebody else meanwhile")
    there_already = refusal in {Refusal.ALREADY_INVITED, Refusal.ALREADY_CONNECTED}
    if there_already and (lost := taken_for_lost(transaction, lead.id, delivery.step)) is not None:
        return adopt(context, transaction, lost, lead, result.detail)
    after = _after(transaction, delivery, lead, refusal, result, now=now)
    if after.hold is not None:
        kind, lasts = after.hold
        reason = f"{kind} held: {after.reason}"
        holds.hold(transaction, delivery.account_id, kind, until=now + lasts, reason=reason)
    _correct_belief(transaction, delivery, lead, refusal, after, now=now)
    if after.cause is not Cause.REFUSED_FOR_NOW:
        void_draft(context, transaction, lead.id, after.reason)
    doing = f"sending {delivery.kind}"
    if after.pause or _mistaken_again(transaction, delivery, refusal, now=now):
        reason = f"LinkedIn: {after.reason}"
        pause_outreach(context, transaction, reason, doing=doing, lead=lead, alone=alone)
        return SendOutcome(kind="refused", reason=after.reason, stop=True)
    if refusal is Refusal.OUR_MISTAKE:
        mistake = AgentError(agent=AGENT, error=after.reason, doing=doing, lead_id=lead.id)
        context.queue.append(transaction, AGENT, mistake)
    return SendOutcome(kind="refused", reason=after.reason, stop=after.stop, again=after.again)


def _after(
    transaction: Transaction,
    delivery: Delivery,
    lead: Lead,
    refusal: Refusal,
    result: SendResult,
    *,
    now: datetime,
) -> AfterRefusal:
    """What the refusal means, with what the account and the person have met before."""
    if refusal is Refusal.CANNOT_RESEND and delivery.kind is DeliveryKind.INVITATION:
        return after_cannot_resend(
            lead.id,
            delivery.claimed_at,
            detail=result.detail,
            refusals=refusals_of(transaction, delivery.account_id, now=now),
        )
    after = after_refusal(
        refusal,
        kind=delivery.kind,
        detail=result.detail,
        retry_after_seconds=result.retry_after_seconds,
        refusals_of_lead=sum(
            one.state is DeliveryState.REFUSED and one.refusal is not Refusal.CANNOT_RESEND
            for one in deliveries.of_recipient(transaction, lead.id)
        ),
    )
    if after.cause is Cause.REFUSED_FOR_GOOD and taken_for_lost(
        transaction, lead.id, delivery.step
    ):
        reason = f"an earlier invitation may have arrived after all; then: {after.reason}"
        return msgspec.structs.replace(after, cause=Cause.REFUSED_UNCLEAR, reason=reason)
    return after


def _correct_belief(
    transaction: Transaction,
    delivery: Delivery,
    lead: Lead,
    refusal: Refusal,
    after: AfterRefusal,
    *,
    now: datetime,
) -> None:
    """What the refusal taught us about the person or the account."""
    profile = lead.profile
    if refusal is Refusal.ALREADY_CONNECTED:
        profile = msgspec.structs.replace(profile, network_distance=1)
    if refusal is Refusal.NOT_CONNECTED:
        profile = msgspec.structs.replace(profile, network_distance=0)
    if refusal is Refusal.TOO_LONG and delivery.kind is DeliveryKind.INVITATION:
        own = delivery.account_id
        key_value.note(transaction, NOTE_LIMIT_SHOWN, SHORT_NOTE, at=now, of=own)
    if delivery.step != FIRST_CONTACT:  # the lead stays; only this step of it waits
        for_now = after.cause is Cause.REFUSED_FOR_NOW
        leads.update(
            transaction,
            lead,
            now=now,
            profile=profile,
            put_off_until=now + _REFUSED_RESTS if for_now else None,
            put_off_reason=after.reason,
            put_off_for=WaitsFor.LATER,
        )
        return
    moved = move(lead.contact_status, after.cause)
    leads.update(
        transaction,
        lead,
        now=now,
        moved=moved,
        profile=profile,
        status_reason=after.reason if isinstance(moved, Change) else lead.status_reason,
    )


def _mistaken_again(
    transaction: Transaction, delivery: Delivery, refusal: Refusal, *, now: datetime
) -> bool:
    """Whether so many people in a row were refused as our mistake that it must be all of them."""
    if refusal is not Refusal.OUR_MISTAKE:
        return False
    own = delivery.account_id
    known = key_value.noted(transaction, _MISTAKES, of=own) or ()
    people = sorted({*known, delivery.recipient})
    key_value.note(transaction, _MISTAKES, people, at=now, of=own)
    return len(people) >= _MISTAKES_IN_A_ROW
