"""What people answer: read once, kept once, and a stop to everything further.

An answer is found by its service id, so the same message seen by polling, before a send and by a
webhook is one reply. Its reading, what it does to the plan, the lead's new status, a suppression
and the events are one commit. Who writes to us in the chat of an invitation has accepted it. That
somebody is away is kept as what it is: no answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

import msgspec

from ingagents.communication.role_session import Commits
from ingagents.context import Context
from ingagents.core.identity import aliases_of_identifier
from ingagents.core.lead_status import Cause, Change, move
from ingagents.core.profiles.merge import names_of
from ingagents.events import (
    DecisionMade,
    LeadSuppressed,
    ResponseReceived,
    Role,
)
from ingagents.llm.tasks import Asked, LlmTasks
from ingagents.model import (
    ChatMessage,
    Decision,
    Effect,
    EffectKind,
    Lead,
    LeadId,
    ModelTask,
    Reason,
    Reply,
    ResponseAnalysis,
)
from ingagents.ports import Transaction
from ingagents.services.outreach.inbox.acceptances import accept, has_accepted
from ingagents.services.outreach.inbox.answers import Answering
from ingagents.services.reviews.requests import ask_about_reply, void_draft
from ingagents.store.tables import deliveries, leads, replies

OLD_TALK = timedelta(days=90)
"""An answer from before we knew the person counts only if it is not older than this."""


def answers_to_us(lead: Lead, conversation: Sequence[ChatMessage]) -> list[ChatMessage]:
    """Those of a conversation's messages that are the person's word to us.

    Everything they wrote since we know them; and before that a recent last word of theirs, which
    somebody of ours still owes an answer, or an opt-out of any age.
    """
    from ingagents.core.replies.history import is_only_sent
    from ingagents.core.response_analyser import analyse_response

    theirs = [message for message in conversation if _is_word_of_theirs(message)]
    sent = [message.text for message in conversation if message.from_us]
    since = lead.created_at - OLD_TALK
    last_is_theirs = bool(conversation) and not conversation[-1].from_us
    return [
        message
        for message in theirs
        if not is_only_sent(message.text, sent)
        and (
            message.sent_at >= lead.created_at
            or (last_is_theirs and message is theirs[-1] and message.sent_at >= since)
            or analyse_response(message.text, sent).opt_out
        )
    ]


async def take_in(
    messages: Sequence[ChatMessage],
    *,
    context: Context,
    llm: LlmTasks,
    session: Commits,
    agent: Role,
    answering: Answering | None = None,
) -> int:
    """Keep what is new among messages of any chats; how many of leads that were.

    `answering` prepares an answer to each, in the same commit; None: nobody does.

    One without a text (a voice message, a picture) is an answer too; one that has nothing but what
    we sent is none. A model is asked about none that we have, nor about a stranger's.
    """
    from ingagents.core.replies.history import is_only_sent

    keep = partial(_keep, context=context, agent=agent, answering=answering)
    taken = 0
    for message in messages:
        if not _is_word_of_theirs(message):
            continue
        lead_id, sent = await context.store.read(partial(_new_word_of, message=message))
        if lead_id is None or is_only_sent(message.text, sent):
            continue
        analysis, paid = await read_reply(llm, message.text, about=lead_id, sent=sent)
        effect = read_effect(message.text, analysis, at=message.sent_at, context=context, sent=sent)
        chosen = await answering.choose(llm, lead_id, message.text, analysis) if answering else {}
        read = _Read(message=message, analysis=analysis, effect=effect, paid=paid, chosen=chosen)
        taken += await session.commit(partial(keep, read=read))
    return taken


def read_effect(
    text: str,
    analysis: ResponseAnalysis,
    *,
    at: datetime,
    context: Context,
    sent: Sequence[str] = (),
) -> Effect:
    """What an answer written `at` some moment does to the plan. Its days are those of UTC."""
    from ingagents.core.replies.effect.effect import effect_of

    now = context.clock.now()
    return effect_of(text, analysis, received_at=at, now=now, timezone="UTC", sent=sent)


async def read_reply(
    llm: LlmTasks, text: str, *, about: LeadId | None = None, sent: Sequence[str] = ()
) -> tuple[ResponseAnalysis, Mapping[str, Any]]:
    """What a reply means, and what it cost to find out (for the decision's basis).

    `sent` are our texts to this person: nobody is asked what those mean. Whoever read it, the
    second net looks at what they took for harmless.
    """
    # The tables of the languages cost a task of a few seconds too much: read where they are used.
    from ingagents.core.llm.read_reply import settle_reply, worth_asking
    from ingagents.core.replies.history import without_sent
    from ingagents.core.replies.second_net import learned, second_look
    from ingagents.core.response_analyser import analyse_response

    rules, theirs = analyse_response(text, sent), without_sent(text, sent)
    if not llm.asks or not worth_asking(theirs, rules):
        return second_look(theirs, rules, learned()), {}
    asked = await ask_model_about(llm, theirs, about=about)
    return second_look(theirs, settle_reply(rules, asked.accepted), learned()), asked.basis


def read_again(
    context: Context, transaction: Transaction, reply: Reply, analysis: ResponseAnalysis
) -> Effect:
    """Keep another reading of a kept answer; what that one does to the plan."""
    sent = [
        text for one in deliveries.of_recipient(transaction, reply.lead_id) for text in one.says
    ]
    effect = read_effect(reply.text, analysis, at=reply.received_at, context=context, sent=sent)
    replies.read_again(transaction, reply.id, analysis, effect)
    return effect


async def ask_model_about(
    llm: LlmTasks, text: str, *, about: LeadId | None = None
) -> Asked[ResponseAnalysis]:
    """What the model alone reads in a reply."""
    from ingagents.core.llm.read_reply import accept_reply, ask_reply

    return await llm.ask(
        ask_reply(llm.prompts[ModelTask.REPLY], text, about=about),
        lambda question, answer: accept_reply(question, text, answer),
    )


def obey_opt_out(context: Context, transaction: Transaction, lead_id: LeadId, *, by: str) -> None:
    """Whoever asked for it is never written to again, under none of their names."""
    aliases = leads.aliases_of(transaction, lead_id)
    names = [name for name in names_of(aliases) if name[0] != "domain"]
    leads.suppress(transaction, names, reason="opted out", by=by, at=context.clock.now())
    suppressed = LeadSuppressed(lead_id=lead_id, reason="opted out in a reply")
    context.queue.append(transaction, by, suppressed)


def to_decision(
    analysis: ResponseAnalysis,
    reply: Reply,
    effect: Effect,
    paid: Mapping[str, Any] | None = None,
) -> Decision:
    """How a reply was read, what follows for the plan, and what was `paid` for a model's reading."""
    detail = f" ({analysis.detail.value})" if analysis.detail else ""
    until = {"until": effect.at.isoformat()} if effect.at is not None else {}
    return Decision(
        kind="reply",
        verdict=f"{analysis.sentiment.value}, {analysis.intent.value}{detail}",
        decided_by=analysis.decided_by,
        confidence=analysis.confidence,
        reasons=(
            *analysis.reasons,
            Reason(why=f"The plan {_BECOMES[effect.kind]}: {effect.reason}."),
        ),
        basis={
            "reply_id": reply.id,
            "received_at": reply.received_at.isoformat(),
            "effect": effect.kind.value,
            **until,
            **(paid or {}),
        },
    )


_BECOMES = {
    EffectKind.ENDS: "ends",
    EffectKind.RESUMES: "rests",
    EffectKind.ABSENT: "rests",
    EffectKind.REFERS: "ends",
}


class _Read(msgspec.Struct, frozen=True, kw_only=True):
    """A message of theirs with its reading and what that cost."""

    message: ChatMessage
    analysis: ResponseAnalysis
    effect: Effect
    paid: Mapping[str, Any]
    chosen: Mapping[str, Sequence[str]]


def _keep(
    transaction: Transaction,
    read: _Read,
    *,
    context: Context,
    agent: Role,
    answering: Answering | None,
) -> bool:
    message, analysis = read.message, read.analysis
    lead = leads.find_by_aliases(transaction, aliases_of_identifier(message.provider_id))
    if lead is None:
        return False
    reply_id, is_kept = _kept_as(transaction, message, lead.id)
    if is_kept:
        return False
    now = context.clock.now()
    reply = Reply(
        id=reply_id,
        lead_id=lead.id,
        campaign=lead.campaign,
        account_id=lead.account_id,
        chat_id=message.chat_id,
        text=message.text,
        received_at=message.sent_at,
    )
    if not replies.keep(transaction, reply, analysis, read.effect, now=now):
        return False
    if has_accepted(transaction, lead, message):
        lead = accept(context, transaction, lead, by=agent, at=now)
    decision = to_decision(analysis, reply, read.effect, read.paid)
    context.queue.append(transaction, agent, DecisionMade(lead_id=lead.id, decision=decision))
    if read.effect.kind is EffectKind.ABSENT:
        return True
    moved = move(lead.contact_status, Cause.OPTED_OUT if analysis.opt_out else Cause.ANSWERED)
    reason = "asked not to be written to" if analysis.opt_out else "answered"
    if not isinstance(moved, Change) or moved.after is lead.contact_status:
        reason = lead.status_reason or reason  # why they stand there was known before
    stands = leads.update(
        transaction,
        lead,
        now=now,
        moved=moved,
        status_reason=reason,
        response=message.text,
        response_sentiment=analysis.sentiment,
        response_intent=analysis.intent,
        response_detail=analysis.detail,
        responded_at=message.sent_at,
    )
    context.queue.append(
        transaction,
        agent,
        ResponseReceived(
            lead_id=lead.id,
            reply_id=reply.id,
            sentiment=analysis.sentiment,
            intent=analysis.intent,
            detail=analysis.detail,
            response_text=message.text,
        ),
    )
    void_draft(context, transaction, lead.id, "this person has answered")
    ask_about_reply(context, transaction, lead, reply, _with_what_to_do(analysis, read.effect))
    if analysis.opt_out:
        obey_opt_out(context, transaction, lead.id, by=agent)
    elif answering is not None and read.effect.kind is EffectKind.ENDS:
        answering.prepare(transaction, stands, reply, analysis, chosen=read.chosen)
    return True


def _with_what_to_do(analysis: ResponseAnalysis, effect: Effect) -> ResponseAnalysis:
    """The reading as a human is asked about it."""
    if effect.kind is not EffectKind.REFERS:
        return analysis
    todo = f"Thank them by hand: {effect.name} is to be a lead of its own, for you to look at."
    return msgspec.structs.replace(analysis, reasons=(*analysis.reasons, Reason(why=todo)))


def _new_word_of(transaction: Transaction, message: ChatMessage) -> tuple[LeadId | None, list[str]]:
    """Whose answer a message is that we do not have yet, and what we sent to that person.

    None for a stranger's or a known one.
    """
    lead = leads.find_by_aliases(transaction, aliases_of_identifier(message.provider_id))
    if lead is None or _kept_as(transaction, message, lead.id)[1]:
        return None, []
    acts = deliveries.of_recipient(transaction, lead.id)
    return lead.id, [text for one in acts for text in one.says]


def _is_word_of_theirs(message: ChatMessage) -> bool:
    """Not ours, and no note beside an invitation; but a no counts wherever it is written."""
    if message.from_us or not message.is_note:
        return not message.from_us
    from ingagents.core.response_analyser import analyse_response

    return analyse_response(message.text).opt_out


def _kept_as(transaction: Transaction, message: ChatMessage, lead_id: LeadId) -> tuple[str, bool]:
    """By which id a message is kept, and whether it is already.

    Another person's words, or other words, are another message also under an id that was kept:
    services number the messages of each chat anew, edit them, and show some without a text first.
    """
    message_id = message.id or _made_up(message)
    for one in (message_id, _made_up(message)):
        kept = replies.find(transaction, one)
        if kept is None or (kept.lead_id, kept.text) == (lead_id, message.text):
            return one, kept is not None
    return message_id, True


def _made_up(message: ChatMessage) -> str:
    known_by = message.id or message.sent_at.isoformat()
    parts = f"{message.chat_id}|{message.provider_id}|{known_by}|{message.text}"
    return "made-up-" + sha256(parts.encode()).hexdigest()[:32]
