"""When a stop that was refused is tried again, and when it is a human's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from ingagents.core.sending.stops import LOST_MOST, REFUSED_MOST, is_a_humans, rests_until

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


def test_a_stop_that_nobody_refused_need_not_rest():
    assert rests_until(0, None) is None


def test_each_refusal_rests_for_longer_and_all_of_them_for_less_than_a_day_and_a_half():
    ends = [rests_until(count, NOON) for count in range(1, REFUSED_MOST)]
    rests = [end - NOON for end in ends if end is not None]
    assert len(rests) == REFUSED_MOST - 1
    assert all(2 * one == longer for one, longer in pairwise(rests))
    assert timedelta(hours=12) < sum(rests, timedelta()) < timedelta(hours=36)


@pytest.mark.parametrize(
    ("refused", "lost", "humans"),
    [
        (0, 0, False),
        (REFUSED_MOST - 1, LOST_MOST - 1, False),
        (REFUSED_MOST, 0, True),
        (0, LOST_MOST, True),
    ],
)
def test_after_so_many_tries_a_human_has_it_at_once(refused, lost, humans):
    assert is_a_humans(refused=refused, lost=lost) is humans
    if refused >= REFUSED_MOST:
        assert rests_until(refused, NOON) is None
