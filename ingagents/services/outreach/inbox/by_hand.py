"""Noting that somebody of the team wrote to a person by hand, from our account."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.identity import aliases_of_identifier
from ingagents.core.review_policy import Lapse, answered_at
from ingagents.core.sending.by_hand import last_by_hand
from ingagents.events import DecisionMade, Role
from ingagents.model import ChatMessage, Decision, Lead, Reason
from ingagents.ports import Transaction
from ingagents.services.reviews.requests import lapse
from ingagents.store.tables import deliveries, leads, reviews

_DECIDED_BY = "rules/by-hand-1"


async def note_by_hand(
    messages: Sequence[ChatMessage], *, context: Context, session: RoleSession, agent: Role
) -> bool:
    """Note when a human last wrote to the person of a chat; whether that was new.

    `messages` are of one chat. What was noted already costs one reading and no commit.
    """
    if not any(one.from_us for one in messages):
        return False
    found = await context.store.read(partial(_new_by_hand, messages=messages))
    if found is None:
        return False
    return await session.commit(partial(_note, messages=messages, context=context, agent=agent))


def _new_by_hand(
    transaction: Transaction, messages: Sequence[ChatMessage]
) -> tuple[Lead, ChatMessage] | None:
    """Whom somebody wrote to by hand, and what, if it was not noted yet."""
    lead = leads.find_by_aliases(transaction, aliases_of_identifier(messages[0].provider_id))
    if lead is None:
        return None
    noted = lead.written_by_hand_at
    newer = [one for one in messages if noted is None or one.sent_at > noted]
    acts = deliveries.of_recipient(transaction, lead.id)
    drafts = [one.text for one in reviews.of_lead(transaction, lead.id) if one.kind == "draft"]
    last = last_by_hand(newer, acts, drafts)
    return (lead, last) if last is not None else None


def _note(
    transaction: Transaction, messages: Sequence[ChatMessage], *, context: Context, agent: Role
) -> bool:
    found = _new_by_hand(transaction, messages)
    if found is None:
        return False
    lead, last = found
    leads.update(transaction, lead, now=context.clock.now(), written_by_hand_at=last.sent_at)
    decision = Decision(
        kind="send",
        verdict="written by hand",
        decided_by=_DECIDED_BY,
        reasons=(
            Reason(why="the chat holds a message of ours that is none of the department's acts"),
        ),
        basis={"message_id": last.id, "sent_at": last.sent_at.isoformat()},
    )
    context.queue.append(transaction, agent, DecisionMade(lead_id=lead.id, decision=decision))
    gone = Lapse(state="void", reason="somebody of the team has answered by hand")
    for review in reviews.drafts(transaction, lead.id):
        if (answers := answered_at(review)) is not None and answers < last.sent_at:
            lapse(context, transaction, review, gone)
    return True
