"""Spans: below one another, with the error that ended them, and none where nobody takes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ingagents.tracing import Listener, Span, span, told_to

BEGAN = datetime(2027, 2, 8, 9, tzinfo=UTC)


def listener(taken: list[Span]) -> Listener:
    """Takes spans, on a clock that goes on a second at each look."""
    moments = (BEGAN + timedelta(seconds=number) for number in range(100))
    return Listener(take=taken.append, now=lambda: next(moments))


def test_what_is_done_within_something_stands_below_it() -> None:
    taken: list[Span] = []
    with told_to(listener(taken)):
        with span("search"), span("GET sandbox", "client", server__address="sandbox") as told:
            told["http.response.status_code"] = 200
        with span("allocate"):
            pass
    inner, outer, other = taken
    assert (inner.parent_id, inner.trace_id) == (outer.span_id, outer.trace_id)
    assert (outer.parent_id, other.parent_id) == ("", "")
    assert other.trace_id != outer.trace_id
    assert inner.attributes == {"server.address": "sandbox", "http.response.status_code": 200}
    assert (inner.began, inner.ended) == (
        BEGAN + timedelta(seconds=1),
        BEGAN + timedelta(seconds=2),
    )
    assert not inner.failed


def test_what_fails_is_named_by_its_kind_and_not_by_its_words() -> None:
    taken: list[Span] = []
    with told_to(listener(taken)), pytest.raises(ValueError, match="Ada"), span("reading"):
        raise ValueError("Ada Lovelace cannot be read")
    assert taken[0].failed == "ValueError"
    assert "Ada" not in repr(taken)


def test_without_anybody_to_take_them_there_are_none() -> None:
    taken: list[Span] = []
    with told_to(listener(taken)):
        pass
    with span("search") as told:
        told["x"] = 1
    assert taken == []
