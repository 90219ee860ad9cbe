"""What a webhook rings for, looked at soon and not too often.

    kind        looks apart   again
    MESSAGE     30 s          once more when a minute has passed: services show some texts late
    ACCEPTANCE  30 min        no: the news of it comes hours after the list has it
    ACCOUNT     2 min         no

However often it rings meanwhile, that is one look. A ring is heard when a look has begun so long
after it; until then, also over a restart, there is something to look at.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from ingagents.model import RingKind


class Pace(NamedTuple):
    """How far apart looks are, and how long after a ring the last one for it begins."""

    apart: timedelta
    settles: timedelta = timedelta(0)


PACES: Final[Mapping[RingKind, Pace]] = {
    RingKind.MESSAGE: Pace(timedelta(seconds=30), timedelta(seconds=60)),
    RingKind.ACCEPTANCE: Pace(timedelta(minutes=30)),
    RingKind.ACCOUNT: Pace(timedelta(minutes=2)),
}


def look_due(kind: RingKind, rang_at: datetime, looked_at: datetime | None) -> datetime:
    """When to look for what rang last at a moment; `looked_at` is when the last look began."""
    if looked_at is None:
        return rang_at
    pace = PACES[kind]
    settled = rang_at if rang_at > looked_at else rang_at + pace.settles
    return max(settled, looked_at + pace.apart)


def heard_until(kind: RingKind, looked_at: datetime) -> datetime:
    """Up to when rings are heard by a look that began at a moment."""
    return looked_at - PACES[kind].settles
