"""When the service answers about somebody else: nothing rests on it, it is told, and asked again.

The lead stays as it is. Leads that were answered wrongly come last in the queue, and are asked
for less and less often: every look is a visit that LinkedIn counts, and one odd person must not
keep the others from being written to.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from ingagents.context import Context
from ingagents.core.profiles.recognition import names_agree
from ingagents.errors import WrongAnswer, explain
from ingagents.events import AgentError
from ingagents.model import Lead, LeadId
from ingagents.ports import Transaction
from ingagents.store.tables import key_value

_REPEATED = 2
"""So many wrong answers, about one lead or in a row, are the service's fault: that is an alert."""

_NOTED = "answers.wrong"
_SHORTEST_REST = timedelta(hours=1)
_LONGEST_REST = timedelta(hours=6)
_KEPT = timedelta(days=14)


def note_wrong(
    context: Context,
    transaction: Transaction,
    exc: WrongAnswer,
    *,
    agent: str,
    doing: str,
    lead: Lead | None = None,
    about: LeadId | None = None,
    in_a_row: int = 1,
) -> None:
    """Remember and tell a wrong answer, about a lead or in general; so many came in a row.

    One that is `about` a lead's chat does not let the lead rest. Of those about the same lead the
    first two are told, then only every doubling.
    """
    count = 1 if lead is None else _count_again(context, transaction, lead)
    if count & (count - 1):  # no power of two
        return
    error = AgentError(
        agent=agent, error=explain(exc), doing=doing, lead_id=lead.id if lead else about
    )
    context.queue.append(transaction, agent, error)
    if max(count, in_a_row) >= _REPEATED:
        now = context.clock.now()
        told = {"what": exc.what, "at": now.isoformat()}
        key_value.note(transaction, key_value.WRONG_ANSWERS, told, at=now)


def resting_until(transaction: Transaction) -> dict[str, datetime]:
    """Leads that were answered wrongly, and until when each is left alone (the past: not now)."""
    return {
        lead_id: datetime.fromisoformat(one["at"]) + rest_after(one["count"])
        for lead_id, one in _noted(transaction).items()
    }


def forget_wrong(context: Context, transaction: Transaction, lead: Lead) -> None:
    """The service showed the lead as it should."""
    noted = _noted(transaction)
    if noted.pop(lead.id, None) is not None:
        key_value.note(transaction, _NOTED, noted, at=context.clock.now())


def rest_after(count: int) -> timedelta:
    """How long to leave alone what was answered wrongly so often.

    None for the first two wrong answers, then an hour, and twice as long each time.
    """
    if count <= _REPEATED:
        return timedelta()
    doublings = min(count - _REPEATED - 1, 10)
    return min(_LONGEST_REST, _SHORTEST_REST * (1 << doublings))


def refuse_mixture(lead: Lead, other: Lead) -> None:
    """LinkedIn shows a lead under a name of another lead: one person, or an answer mixed of two.

    Raises:
        WrongAnswer: their names do not agree, so neither may be taken for the other.
    """
    if not names_agree(lead.name, other.name):
        raise WrongAnswer(
            f"LinkedIn shows {lead.name} under an id of {other.name}",
            "neither is taken for the other; see on LinkedIn who is who",
        )


def _count_again(context: Context, transaction: Transaction, lead: Lead) -> int:
    now = context.clock.now()
    noted = {
        lead_id: one
        for lead_id, one in _noted(transaction).items()
        if now - datetime.fromisoformat(one["at"]) < _KEPT
    }
    count: int = noted.get(lead.id, {}).get("count", 0) + 1
    noted[lead.id] = {"count": count, "at": now.isoformat()}
    key_value.note(transaction, _NOTED, noted, at=now)
    return count


def _noted(transaction: Transaction) -> dict[str, dict[str, Any]]:
    return key_value.noted(transaction, _NOTED) or {}
