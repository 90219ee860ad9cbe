"""The kill switch: while it is on nothing is sent, by nobody."""

from __future__ import annotations

from ingagents.context import Context
from ingagents.events import OutreachPaused, OutreachResumed
from ingagents.ports import Transaction
from ingagents.store.tables import key_value


async def state(context: Context) -> dict[str, str] | None:
    """Who set it, why and when; None when it is off."""
    found: dict[str, str] | None = await context.store.read(
        lambda t: key_value.noted(t, key_value.PAUSED)
    )
    return found


async def pause(context: Context, *, by: str, reason: str) -> bool:
    """Nothing is sent until `resume`; False when it was on already."""
    now = context.clock.now()

    def keep(transaction: Transaction) -> bool:
        if key_value.noted(transaction, key_value.PAUSED):
            return False
        note = {"by": by, "reason": reason, "at": now.isoformat()}
        key_value.note(transaction, key_value.PAUSED, note, at=now)
        context.queue.append(transaction, by, OutreachPaused(by=by, reason=reason))
        return True

    return await context.store.write(keep)


async def resume(context: Context, *, by: str) -> bool:
    """Sending may go on; False when it was not on."""

    def forget(transaction: Transaction) -> bool:
        if not key_value.forget(transaction, key_value.PAUSED):
            return False
        context.queue.append(transaction, by, OutreachResumed(by=by))
        return True

    return await context.store.write(forget)
