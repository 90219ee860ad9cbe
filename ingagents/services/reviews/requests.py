"""Asking a human, in the commit of whatever cannot go on without one; and taking questions back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.facts.answers import ANSWERED
from ingagents.core.lead_status import Cause, Change, move
from ingagents.core.review_policy import (
    BY_HAND,
    CONTRADICTED,
    SAID_BEFORE,
    TEXTS,
    TOLD,
    WRITTEN_FOR,
    Lapse,
    Review,
    needs_reading,
    text_kind,
)
from ingagents.core.send_policy import MESSAGE_LIMIT, SURE_ENOUGH
from ingagents.core.sending.send_facts import SendFacts
from ingagents.core.strategy.auto_apply import Kept
from ingagents.events import AllocationReturned, ReviewAsked, ReviewLapsed
from ingagents.model import (
    AccountId,
    ChatMessage,
    Delivery,
    Draft,
    Lead,
    Profile,
    Reason,
    Reply,
    ResponseAnalysis,
    Step,
)
from ingagents.ports import Transaction
from ingagents.store.tables import deliveries, leads, reviews

_SHORTEST_ID = 6
_LAPSES_AT_ONCE = 500
_MESSAGES_SHOWN = 50
"""How many messages of the conversation stand beside a text: all of them, but for old friends."""
_LONGEST_MESSAGE = 2_000
_LONGEST_EVIDENCE = 600
_PROFILE_SHOWN = ("headline", "location", "industry", "company_size", "language", "summary")


def draft_subject(lead_id: str, step: Step) -> str:
    """What an approval of a text is about: one text for one step of one person."""
    return f"{lead_id}/{step}"


def ask_about_draft(
    context: Context,
    transaction: Transaction,
    lead: Lead,
    question: Review,
    *,
    conversation: tuple[ChatMessage, ...],
    valid: timedelta,
) -> Review:
    """Ask whether exactly the text of `about_draft` may go to exactly this person."""
    said_before = [
        {
            "from": "us" if one.from_us else "them",
            "at": one.sent_at.isoformat(),
            "text": one.text[:_LONGEST_MESSAGE],
        }
        for one in conversation[-_MESSAGES_SHOWN:]
    ]
    now = context.clock.now()
    reviews.put_away(transaction, question.subject)
    return _ask(
        context,
        transaction,
        msgspec.structs.replace(
            question,
            reasons=(*(Reason(why=one) for one in lead.contradictions), *question.reasons),
            evidence={
                CONTRADICTED: lead.contradictions,
                **question.evidence,
                SAID_BEFORE: said_before,
            },
            asked_at=now,
            expires_at=now + valid,
        ),
    )


def show_draft(
    context: Context,
    transaction: Transaction,
    shown: Review,
    *,
    evidence: Mapping[str, Any],
    until: datetime,
) -> Review:
    """Keep the text that a dry run shows, and until when LinkedIn need not be looked at again.

    The same text stays the one that was shown first. `evidence` says what it rests on.
    """
    before = reviews.shown(transaction, shown.subject)
    shown = msgspec.structs.replace(
        shown,
        state="shown",
        evidence={**shown.evidence, **evidence},
        asked_at=context.clock.now(),
        expires_at=until,
    )
    if before is not None and before.text_hash == shown.text_hash:
        same = msgspec.structs.replace(shown, id=before.id, asked_at=before.asked_at)
        if reviews.show(transaction, same):
            return same
    return _with_new_id(context, shown, lambda named: reviews.show(transaction, named))


def about_draft(lead: Lead, draft: Draft, facts: SendFacts, *, account_id: AccountId) -> Review:
    """A draft with everything to judge it by; when it is asked about is for the caller to say."""
    way, profile = facts.channel, facts.profile
    return Review(
        id="",
        kind="draft",
        subject=draft_subject(lead.id, facts.step),
        lead_id=lead.id,
        recipient=profile.name or lead.name,
        address=profile.provider_id,
        account_id=account_id,
        campaign=lead.campaign,
        way=way.kind,
        step=facts.step,
        text=draft.text,
        text_hash=deliveries.fingerprint(draft.text),
        text_limit=way.limit,
        written_by=draft.written_by,
        confidence=draft.confidence,
        reasons=(*draft.reasons, Reason(why=way.reason)),
        evidence={
            WRITTEN_FOR: {"name": lead.name, "position": lead.position, "company": lead.company},
            "profile": _profile_shown(lead.profile),
            TOLD: list(draft.facts),
            **({TEXTS: dict(draft.texts)} if draft.texts else {}),
        },
        asked_at=lead.last_updated,
    )


def ask_about_send(
    context: Context,
    transaction: Transaction,
    delivery: Delivery,
    lead: Lead,
    reason: str,
    *,
    by_hand: bool = False,
) -> Review:
    """Ask whether an act that may have happened did: reading back could not tell.

    `by_hand`: it is the human who is asked that has it to send.
    """
    return _ask(
        context,
        transaction,
        Review(
            id="",
            kind="send",
            subject=delivery.id,
            lead_id=lead.id,
            recipient=lead.name,
            address=delivery.address,
            account_id=delivery.account_id,
            campaign=delivery.campaign,
            way=delivery.kind,
            step=delivery.step,
            text=delivery.text,
            text_hash=delivery.text_hash,
            confidence=0.5,
            reasons=(
                Reason(why=f"it was {delivery.in_words}"),
                Reason(why=reason),
                Reason(why="the act itself", evidence=delivery.detail),
            ),
            evidence={
                "tried_at": (delivery.attempted_at or delivery.claimed_at).isoformat(),
                "looks": msgspec.to_builtins(delivery.looks),
                **({BY_HAND: lead.linkedin_url} if by_hand else {}),
            },
            asked_at=context.clock.now(),
        ),
    )


def ask_about_reply(
    context: Context, transaction: Transaction, lead: Lead, reply: Reply, analysis: ResponseAnalysis
) -> Review | None:
    """Ask what a reply means if its reading is unsure; None when nobody need be asked.

    `lead` is as they stood before it.
    """
    if not needs_reading(analysis) or _only_closes(lead, reply, analysis):
        return None
    return _ask(
        context,
        transaction,
        Review(
            id="",
            kind="reply",
            subject=reply.id,
            lead_id=lead.id,
            recipient=lead.name,
            address=lead.provider_id,
            campaign=lead.campaign,
            text=reply.text,
            text_hash=deliveries.fingerprint(reply.text),
            written_by=analysis.decided_by,
            confidence=analysis.confidence,
            reasons=analysis.reasons,
            evidence={
                "read_as": f"{analysis.sentiment.value}, {analysis.intent.value}",
                "received_at": reply.received_at.isoformat(),
                "we_wrote": (lead.message_sent or "")[:MESSAGE_LIMIT],
                "profile": _profile_shown(lead.profile),
            },
            asked_at=context.clock.now(),
        ),
    )


def _only_closes(lead: Lead, reply: Reply, analysis: ResponseAnalysis) -> bool:
    """Whether somebody who said yes, or asked, only thanks now: however it is read, nothing follows."""
    if lead.response_intent not in ANSWERED or analysis.confidence < SURE_ENOUGH:
        return False
    # the tables of the languages
    from ingagents.core.replies.closing import only_closes
    from ingagents.core.replies.text import own_words

    return only_closes(own_words(reply.text), today=reply.received_at.date())


def ask_about_answer(context: Context, transaction: Transaction, question: Review) -> Review:
    """Ask whether exactly this answer may go; one that goes by a rule is only written down."""
    return _ask(context, transaction, question)


def ask_about_changes(context: Context, transaction: Transaction, kept: Sequence[Kept]) -> None:
    """Ask about every change of strategy that waits; one that applied by itself can be undone.

    `kept` is all that is proposed now. Questions about anything else are taken back: the newest
    figures do not speak for it any more.
    """
    gone = Lapse(state="void", reason="the newest figures do not speak for it any more")
    names = {one.id for one in kept}
    for review in reviews.listed(transaction, kind="strategy", limit=_LAPSES_AT_ONCE):
        if review.subject not in names:
            lapse(context, transaction, review, gone)
    for one in kept:
        _ask(context, transaction, _about_change(context, one))


def lapse(context: Context, transaction: Transaction, review: Review, gone: Lapse) -> bool:
    """Put a question or an approval away that holds no longer; False when somebody was first."""
    if reviews.settle(transaction, review, state=gone.state, reason=gone.reason) is None:
        return False
    event = ReviewLapsed(
        review_id=review.id,
        kind=review.kind,
        state=gone.state,
        reason=gone.reason,
        lead_id=review.lead_id,
    )
    context.queue.append(transaction, "review", event)
    return True


def void_draft(context: Context, transaction: Transaction, lead_id: str, reason: str) -> None:
    """Nothing more is to be written to a lead as things are: its drafts and approvals are void."""
    for review in reviews.drafts(transaction, lead_id):
        if review.state == "shown":
            reviews.put_away(transaction, review.subject)
        else:
            lapse(context, transaction, review, Lapse(state="void", reason=reason))


def sent_as_approved(context: Context, transaction: Transaction, delivery: Delivery) -> None:
    """A text went out: the approval for it is carried out, one for another text is void."""
    subject = draft_subject(delivery.recipient, delivery.step)
    reviews.put_away(transaction, subject)
    review = reviews.standing(transaction, text_kind(delivery.step), subject)
    if review is None:
        return
    if review.state == "approved" and review.text_hash == delivery.text_hash:
        reviews.settle(transaction, review, state="done")
    else:
        gone = Lapse(state="void", reason="this person has been written to meanwhile")
        lapse(context, transaction, review, gone)


async def lapse_drafts(context: Context, session: RoleSession) -> None:
    """Drafts that nobody decided on in time: their leads are given back."""
    now = context.clock.now()
    if await context.store.read(lambda t: reviews.due(t, now=now, limit=1)):
        await session.commit(lambda t: _lapse_due(context, t))


def _lapse_due(context: Context, transaction: Transaction) -> None:
    now = context.clock.now()
    over = reviews.due(transaction, now=now, limit=_LAPSES_AT_ONCE)
    for review in over:
        lapse(context, transaction, review, Lapse(state="expired", reason="nobody decided in time"))
        lead = leads.find(transaction, review.lead_id) if review.lead_id else None
        moved = move(lead.contact_status, Cause.NOBODY_DECIDED) if lead else None
        if lead is None or not isinstance(moved, Change):
            continue
        reason = f"nobody decided in time on its draft (review {review.id})"
        leads.update(
            transaction,
            lead,
            now=now,
            moved=moved,
            status_reason=reason,
            allocated_at=None,
            allocated_by=None,
        )
        returned = AllocationReturned(lead_id=lead.id, reason=reason)
        context.queue.append(transaction, "review", returned)


def _ask(context: Context, transaction: Transaction, question: Review) -> Review:
    """Put a question under a new short id; the one that stands when there is one already."""
    standing = reviews.standing(transaction, question.kind, question.subject)
    if standing is not None:
        return standing
    review = _with_new_id(context, question, lambda named: reviews.ask(transaction, named))
    if review.state != "open":
        return review
    asked = ReviewAsked(
        review_id=review.id,
        kind=review.kind,
        lead_id=review.lead_id,
        text_hash=review.text_hash,
        reason=review.reasons[0].why if review.reasons else "",
    )
    context.queue.append(transaction, "review", asked)
    return review


def _with_new_id(context: Context, review: Review, keep: Callable[[Review], bool]) -> Review:
    """Keep a review under a short id of its own."""
    length = _SHORTEST_ID
    while not keep(named := msgspec.structs.replace(review, id=context.new_id()[:length])):
        length += 1
    return named


def _about_change(context: Context, one: Kept) -> Review:
    proposal = one.proposal
    review = Review(
        id="",
        kind="strategy",
        subject=one.id,
        text=f"{proposal.setting}: {proposal.current} -> {proposal.proposed}",
        written_by=one.decided_by,
        reasons=(Reason(why=proposal.why, evidence=proposal.evidence),),
        asked_at=context.clock.now(),
    )
    if one.state == "waiting":
        return review
    return msgspec.structs.replace(
        review, state="done", decided_at=one.settled_at, decided_by=one.settled_by
    )


def _profile_shown(profile: Profile) -> dict[str, str]:
    """What of a profile helps to judge a text written for it."""
    fields = {name: str(getattr(profile, name))[:_LONGEST_EVIDENCE] for name in _PROFILE_SHOWN}
    return {name: value for name, value in fields.items() if value}
