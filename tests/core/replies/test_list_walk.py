"""A list that is longer than one look: the walk ends where it ends, and notices one that does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.replies.list_walk import WALKS_MAX, Walk, merge_walks

NINE = datetime(2027, 3, 1, 9, tzinfo=UTC)
A_WALK = Walk(after=NINE - timedelta(days=30), began=NINE)


def pages_until_it_stands_still(cursors: Any, *, most: int) -> Any:
    """How many pages a walk reads of a list with these cursors; None when it never stands still."""
    walk = A_WALK
    for number in range(most):
        cursor = cursors(number)
        if not walk.moves_to(cursor):
            return number + 1
        walk = walk.next(cursor, items=250, reached=None)
    return None


@given(before=st.integers(0, 50), circle=st.integers(1, 50))
def test_a_list_that_leads_back_is_noticed_whatever_stands_before_the_circle(before, circle):
    def cursors(number):
        return f"c{number if number < before else before + (number - before) % circle}"

    read = pages_until_it_stands_still(cursors, most=1000)
    assert read is not None
    assert read <= 4 * (before + circle) + 2


@given(pages=st.integers(1, 3000))
def test_a_list_that_moves_is_read_however_long_it_is(pages):
    assert pages_until_it_stands_still(lambda number: f"c{number}", most=pages) is None


def test_a_mark_outlives_the_process():
    walk = A_WALK.next("c1", items=250, reached=NINE - timedelta(hours=1)).with_done(["a", "b"])
    assert msgspec.convert(msgspec.to_builtins(walk), Walk) == walk


def test_a_page_that_fails_leaves_the_mark_where_it_is():
    walk = A_WALK.next("c1", items=250, reached=None).with_done(["a"])
    failed = walk.failed()
    assert (failed.cursor, failed.done, failed.failures) == ("c1", ("a",), 1)


def test_without_its_cursor_a_walk_begins_at_what_it_had_reached():
    reached = NINE - timedelta(hours=5)
    walk = A_WALK.next("c1", items=250, reached=reached).anew()
    assert (walk.cursor, walk.before) == (None, reached + timedelta(milliseconds=1))
    assert A_WALK.anew().before is None


def test_what_was_reached_is_never_higher_than_before():
    walk = A_WALK.next("c1", items=1, reached=NINE - timedelta(hours=5))
    assert walk.next("c2", items=1, reached=NINE).reached == NINE - timedelta(hours=5)
    assert walk.next("c2", items=1, reached=None).reached == NINE - timedelta(hours=5)


hours = st.integers(0, 400)


@given(st.lists(st.tuples(hours, hours, hours), min_size=0, max_size=30))
def test_joined_walks_leave_out_nothing_and_the_oldest_keeps_its_place(spans):
    walks = []
    for one in spans:
        low, middle, high = sorted(one)
        walks.append(
            Walk(
                after=NINE + timedelta(hours=low),
                began=NINE + timedelta(hours=high),
                cursor="c",
                reached=NINE + timedelta(hours=middle),
            )
        )
    joined = merge_walks(walks)
    assert len(joined) < WALKS_MAX
    assert joined[:1] == walks[:1]
    for hour in range(401):
        changed = NINE + timedelta(hours=hour, minutes=-1)
        to_read = any(one.after < changed < (one.reached or one.after) for one in walks)
        read = any(one.after < changed < (one.reached or one.before or changed) for one in joined)
        assert read or not to_read


@pytest.mark.parametrize("skipped", [0, 1, 7])
def test_joined_walks_remember_what_was_skipped(skipped):
    walks = [A_WALK.next("c", items=1, reached=None, skipped=skipped)] * (WALKS_MAX + 3)
    assert sum(walk.skipped for walk in merge_walks(walks)) == skipped * len(walks)
