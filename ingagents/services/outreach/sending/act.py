"""The one request that a claim allows, whatever it asks for; how it ended is written down.

It is never repeated. A claim that is not fresh any more is not acted on, and whatever goes wrong
once the request may have left is a doubt.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import anyio

from ingagents.context import Context
from ingagents.errors import explain
from ingagents.model import Delivery, Refusal, SendResult
from ingagents.ports import Transaction

T = TypeVar("T")
Request = Callable[[], Awaitable[SendResult]]
Write = Callable[[Context, Transaction, Delivery, SendResult], T]

FRESH_CLAIM_SECONDS = 5.0
"""Real seconds a claim may be old when the request leaves. A process that slept in between (its
machine was suspended) must not act on it: somebody may have taken its work over."""


async def carry_out(context: Context, claimed: Delivery, request: Request, write: Write[T]) -> T:
    """Act on a claim, once, and `write` its outcome; what `write` says of it."""
    stale = timedelta(seconds=FRESH_CLAIM_SECONDS * context.clock.pace)
    if context.clock.now() - claimed.claimed_at > stale:
        result = SendResult.refused(
            Refusal.RETRY_LATER, "the process slept between claim and act; nothing was sent"
        )
    else:
        result = await attempt(context, claimed, request, write)
    return await context.store.write(lambda t: write(context, t, claimed, result))


async def attempt(
    context: Context, claimed: Delivery, request: Request, write: Write[T]
) -> SendResult:
    """The request itself. Whatever goes wrong in here may have reached a person."""
    try:
        return await request()
    except anyio.get_cancelled_exc_class():
        stopped = SendResult(outcome="unknown", detail="stopped while waiting for the answer")
        with anyio.CancelScope(shield=True):
            await context.store.write(lambda t: write(context, t, claimed, stopped))
        raise
    except Exception as exc:  # noqa: BLE001  an adapter's bug is a doubt, never a second try
        return SendResult(outcome="unknown", detail=explain(exc))
