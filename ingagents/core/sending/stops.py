"""When somebody whom the service did not stop is tried again, and when a human takes them out instead."""

from __future__ import annotations

from datetime import datetime, timedelta

REFUSED_MOST = 8
"""So many refusals of one enrolment's stop, over most of a day; then a human has it."""
LOST_MOST = 3
"""So many stops that did not happen though nobody refused them; then a human has it."""
_FIRST_REST = timedelta(minutes=10)


def is_a_humans(*, refused: int, lost: int) -> bool:
    """Whether trying again has had its chances."""
    return refused >= REFUSED_MOST or lost >= LOST_MOST


def rests_until(refused: int, refused_at: datetime | None) -> datetime | None:
    """Until when a refused stop rests: each time twice as long; None: it need not."""
    if refused_at is None or refused >= REFUSED_MOST:
        return None
    doubled: int = 2 ** max(refused - 1, 0)
    return refused_at + doubled * _FIRST_REST
