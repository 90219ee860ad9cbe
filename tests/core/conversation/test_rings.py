"""When a ring is looked after: at once, not twice within the pace, and until a look was late enough."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.conversation.rings import PACES, heard_until, look_due
from ingagents.model import RingKind

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("kind", "rang", "looked", "due"),
    [
        ("message", 0, None, 0),  # nobody looked yet
        ("message", 0, -300, 0),  # long ago
        ("message", 0, -10, 20),  # just now, and before it rang
        ("message", 0, 0, 60),  # at it: once more, services show some late
        ("message", 0, 45, 75),
        ("message", 100, 45, 100),
        ("acceptance", 0, -60, 1740),
        ("acceptance", 0, 0, 1800),
        ("account", 0, -600, 0),
        ("account", 0, -60, 60),
    ],
)
def test_a_look_is_due(kind: str, rang: float, looked: float | None, due: float) -> None:
    looked_at = None if looked is None else after(looked)
    assert look_due(RingKind(kind), after(rang), looked_at) == after(due)


@given(
    kind=st.sampled_from(RingKind),
    rings=st.lists(st.floats(0, 3_600), min_size=1, max_size=200),
)
def test_however_often_it_rings_looks_keep_their_pace_and_every_ring_is_heard(kind, rings):
    pace, looks, waits = PACES[kind], list[datetime](), [after(second) for second in sorted(rings)]
    now, left = waits[0], waits
    while left:
        rung = [at for at in left if at <= now]
        if not rung:
            now = left[0]
            continue
        due = look_due(kind, rung[-1], looks[-1] if looks else None)
        if due > now:
            now = min([due, *(at for at in left if at > now)])
            continue
        looks.append(now)
        left = [at for at in left if at > heard_until(kind, now)]
    assert all(later - earlier >= pace.apart for earlier, later in pairwise(looks))
    assert looks[-1] >= waits[-1] + pace.settles
