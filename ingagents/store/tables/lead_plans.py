"""What comes next with each person, kept in the commit that changes what it follows from.

Whoever changes a lead, an act, an answer, a hold or a review of somebody who was written to marks
the lead, here in the tables; nobody else has to remember it. The plan is made once a commit, right before it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from ingagents.core.conversation.sequence import (
    ANSWER,
    Coming,
    Conversation,
    SequenceRules,
    coming_step,
    has_begun,
)
from ingagents.model import AccountId, Lead, Step
from ingagents.model.step import public_name, step_named
from ingagents.ports import Transaction
from ingagents.store.engine.codecs import stamp
from ingagents.store.tables import key_value

_CHANGED = "leads.plans"
_RULES = "sequence.rules"
_PLAN = (
    "UPDATE leads SET next_step = :step, next_step_at = :at, next_step_reason = :reason,"
    " waits_for = :waits WHERE id = :id"
)
_BY_ITSELF = f"next_step <> '{public_name(ANSWER, invitation=False)}'"
_BEGUN = "sent_at IS NOT NULL OR step <> ''"


def mark(transaction: Transaction, lead_id: str) -> None:
    """Something changed that a plan follows from."""
    changed: dict[str, None] | None = transaction.state.get(_CHANGED)
    if changed is None:
        changed = transaction.state[_CHANGED] = {}
        transaction.before_commit(_CHANGED, _write)
    changed[lead_id] = None


def follow(transaction: Transaction, rules: SequenceRules, *, facts: str, now: datetime) -> bool:
    """Plan by these rules from now on; False when they were followed already.

    `facts` stands for all that may be told to people: with other facts, whatever was put off
    because there was nothing to tell is looked at again.
    """
    noted = {"rules": msgspec.to_builtins(rules), "facts": facts}
    before: dict[str, Any] = key_value.noted(transaction, _RULES) or {}
    if _same(before, noted):
        return False
    key_value.note(transaction, _RULES, noted, at=now)
    if before.get("facts") != facts:
        transaction.run(
            "UPDATE leads SET put_off_until = NULL, put_off_reason = '', put_off_for = ''"
            " WHERE put_off_until IS NOT NULL"
        )
    for (lead_id,) in transaction.rows(f"SELECT id FROM leads WHERE {_BEGUN}"):
        mark(transaction, lead_id)
    return True


def is_followed(transaction: Transaction, rules: SequenceRules, *, facts: str) -> bool:
    """Whether plans are made by these rules already."""
    noted = {"rules": msgspec.to_builtins(rules), "facts": facts}
    return _same(key_value.noted(transaction, _RULES) or {}, noted)


def coming(transaction: Transaction, lead: Lead) -> Coming:
    """What comes next with a lead, as things stand in this transaction."""
    if not has_begun(lead):  # nobody need ask for more: it is the allocation's to plan
        return Coming()
    rules = _rules(transaction)
    return Coming() if rules is None else coming_step(_conversation(transaction, lead), rules)


def due(
    transaction: Transaction, account_id: AccountId, *, now: datetime, limit: int
) -> list[tuple[str, Step]]:
    """Whose step is due from an account, the longest due first."""
    return [
        (str(lead_id), step_named(str(name)))
        for lead_id, name in transaction.rows(
            f"SELECT id, next_step FROM leads WHERE next_step_at <= :now AND {_BY_ITSELF}"
            " AND account_id = :account_id ORDER BY next_step_at, id LIMIT :limit",
            {"now": stamp(now), "account_id": account_id, "limit": limit},
        )
    ]


def to_come(transaction: Transaction, *, now: datetime, limit: int) -> list[str]:
    """Whose next step has a moment after this one, the soonest first."""
    rows = transaction.rows(
        "SELECT id FROM leads WHERE next_step_at > :now ORDER BY next_step_at, id LIMIT :limit",
        {"now": stamp(now), "limit": limit},
    )
    return [str(lead_id) for (lead_id,) in rows]


def next_at(transaction: Transaction, account_id: AccountId, *, now: datetime) -> datetime | None:
    """When the next step after a moment is due."""
    ((at,),) = transaction.rows(
        f"SELECT min(next_step_at) FROM leads WHERE next_step_at > :now AND {_BY_ITSELF}"
        " AND account_id = :account_id",
        {"now": stamp(now), "account_id": account_id},
    )
    return None if at is None else datetime.fromisoformat(str(at))


def _write(transaction: Transaction) -> None:
    from ingagents.store.tables import leads

    changed = transaction.state.pop(_CHANGED, None) or {}
    if _rules(transaction) is None:
        return
    for lead_id in changed:
        lead = leads.find(transaction, lead_id)
        if lead is None or not (has_begun(lead) or lead.next_step):
            continue
        plan = coming(transaction, lead)
        name = "" if plan.step is None else public_name(plan.step, invitation=False)
        stands = (lead.next_step, lead.next_step_at, lead.next_step_reason, lead.waits_for)
        if (name, plan.at, plan.reason, plan.waits) == stands:
            continue
        at = None if plan.at is None else stamp(plan.at)
        row = {
            "id": lead_id,
            "step": name,
            "at": at,
            "reason": plan.reason,
            "waits": plan.waits.value,
        }
        transaction.run(_PLAN, row)


def _conversation(transaction: Transaction, lead: Lead) -> Conversation:
    from ingagents.store.tables import deliveries, replies, reviews, vetoes

    said = reviews.of_lead(transaction, lead.id)
    asked = [one for one in said if one.kind == "draft"]
    no = next((one for one in reversed(asked) if one.state == "rejected"), None)
    held = vetoes.of_lead(transaction, lead.id)
    return Conversation(
        lead=lead,
        acts=deliveries.of_recipient(transaction, lead.id),
        effects=[one.effect for one in replies.effects_of(transaction, lead.id)],
        held=held[0].in_words if held else "",
        rejected=f"rejected by {no.decided_by}: {no.reason}" if no else "",
        asked=next(
            ((one.step, one.id) for one in asked if one.state == "open" and one.step is not None),
            None,
        ),
        unsure=next((one.id for one in said if one.kind == "send" and one.state == "open"), ""),
        approved=next(
            (
                (one.step, one.decided_at)
                for one in reversed(said)
                if one.kind == "answer" and one.state == "approved" and one.step and one.decided_at
            ),
            None,
        ),
    )


def _rules(transaction: Transaction) -> SequenceRules | None:
    noted = key_value.noted(transaction, _RULES)
    return None if noted is None else msgspec.convert(noted["rules"], SequenceRules)


def _same(before: dict[str, Any], after: dict[str, Any]) -> bool:
    return msgspec.json.encode(before, order="deterministic") == msgspec.json.encode(
        after, order="deterministic"
    )
