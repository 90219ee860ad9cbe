"""The kill switch: while it is on nothing is sent, by nobody."""

from __future__ import annotations

from ingagents.context import Context
from ingagents.display import one_line
from ingagents.events import AgentError, OutreachPaused, OutreachResumed, Role
from ingagents.model import AccountId, Lead
from ingagents.ports import Transaction
from ingagents.store.tables import key_value

_OUTREACH: Role = "outreach"


async def state(context: Context) -> dict[str, str] | None:
    """Who set it, why and when; None when it is off."""
    found: dict[str, str] | None = await context.store.read(
        lambda t: key_value.noted(t, key_value.PAUSED)
    )
    return found


async def pause(context: Context, *, by: str, reason: str) -> bool:
    """Nothing is sent until `resume`; False when it was on already."""
    now, reason = context.clock.now(), one_line(reason)

    def keep(transaction: Transaction) -> bool:
        if key_value.noted(transaction, key_value.PAUSED):
            return False
        note = {"by": by, "reason": reason, "at": now.isoformat()}
        key_value.note(transaction, key_value.PAUSED, note, at=now)
        context.queue.append(transaction, by, OutreachPaused(by=by, reason=reason))
        return True

    return await context.store.write(keep)


async def resume(context: Context, *, by: str) -> bool:
    """Sending may go on, in every account; False when it was not on."""

    def forget(transaction: Transaction) -> bool:
        alone = key_value.noted_of_accounts(transaction, key_value.PAUSED)
        were_on = [key_value.forget(transaction, key_value.PAUSED, of=one) for one in ("", *alone)]
        if not any(were_on):
            return False
        context.queue.append(transaction, by, OutreachResumed(by=by))
        return True

    return await context.store.write(forget)


def pause_outreach(
    context: Context,
    transaction: Transaction,
    reason: str,
    *,
    doing: str,
    lead: Lead | None = None,
    alone: AccountId | None = None,
) -> None:
    """Set the kill switch, because only a human can mend what is wrong, and say so.

    `alone` is the account that stops, where others go on; None: nobody sends any more.
    """
    if key_value.noted(transaction, key_value.PAUSED, of=alone or ""):
        return
    now = context.clock.now()
    note = {"by": _OUTREACH, "reason": reason, "at": now.isoformat()}
    key_value.note(transaction, key_value.PAUSED, note, at=now, of=alone or "")
    reason = reason if alone is None else f"the account {alone} stops alone: {reason}"
    error = AgentError(
        agent=_OUTREACH, error=reason, doing=doing, lead_id=lead.id if lead else None
    )
    context.queue.append(transaction, _OUTREACH, OutreachPaused(by=_OUTREACH, reason=reason), error)
