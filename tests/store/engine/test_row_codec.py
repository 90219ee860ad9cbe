"""A struct's fields are a row's columns: every kind of value comes back as it was written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.review_policy import Review
from ingagents.model import (
    Classification,
    Delivery,
    Lead,
    LeadId,
    Look,
    Reply,
    Step,
    StepKind,
)
from ingagents.store.engine.row_codec import RowCodec, assigned, insert_into
from tests.factories import a_delivery, a_lead, a_reply, a_review

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


class Everything(msgspec.Struct, frozen=True, kw_only=True):
    """One field of every kind that a row can hold."""

    id: LeadId
    count: int = 0
    share: float | None = None
    flag: bool = False
    kind: Classification | None = None
    way: Classification | None = None
    word: Literal["a", "b"] = "a"
    step: Step = Step(StepKind.REPLY, "m:1")
    at: datetime = NOON
    until: datetime | None = None
    day: date | None = None
    lines: tuple[str, ...] = ()
    looks: tuple[Look, ...] = ()
    more: Mapping[str, Any] = {}
    left_out: int = 0


CODEC = RowCodec(Everything, without=["left_out"], empty_for_none=["way"])

_KINDS = st.none() | st.sampled_from(Classification)
_MOMENTS = st.datetimes(timezones=st.just(UTC))
_EVERYTHING = st.builds(
    Everything,
    id=st.text().map(LeadId),
    share=st.none() | st.floats(0, 1),
    flag=st.booleans(),
    kind=_KINDS,
    way=_KINDS,
    step=st.builds(Step, st.sampled_from(StepKind), st.text()),
    at=_MOMENTS,
    until=st.none() | _MOMENTS,
    day=st.none() | st.dates(),
    lines=st.lists(st.text()).map(tuple),
    looks=st.lists(st.builds(Look, at=_MOMENTS, found=st.booleans(), evidence=st.text())).map(
        tuple
    ),
    more=st.dictionaries(st.text(), st.integers(-9, 9) | st.text()),
)


@given(_EVERYTHING)
def test_what_is_written_is_read_back_the_same(item: Everything) -> None:
    values = CODEC.values(item)
    assert all(isinstance(one, str | int | float | None) for one in values.values())
    assert CODEC.read(tuple(values[name] for name in CODEC.names)) == item


def test_values_stand_in_rows_as_plain_words() -> None:
    item = Everything(
        id=LeadId("x"), flag=True, kind=Classification.SPEAKER, day=date(2027, 3, 1), lines=("a",)
    )
    assert CODEC.values(item) == {
        "id": "x",
        "count": 0,
        "share": None,
        "flag": 1,
        "kind": "Speaker",
        "way": "",
        "word": "a",
        "step": "reply:m:1",
        "at": "2027-03-01T12:00:00.000000Z",
        "until": None,
        "day": "2027-03-01",
        "lines": '["a"]',
        "looks": "[]",
        "more": "{}",
    }


def test_a_field_without_a_column_is_none_of_the_row() -> None:
    assert "left_out" not in CODEC.names
    assert "left_out" not in CODEC.values(Everything(id=LeadId("x")))


def test_a_row_of_another_width_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        CODEC.read(("x",))


@pytest.mark.parametrize(
    ("kind", "item", "empty"),
    [
        (Lead, a_lead(1), ()),
        (Delivery, a_delivery(1), ()),
        (Reply, a_reply(1), ()),
        (Review, a_review(1), ("way", "step")),
    ],
)
def test_every_noun_of_the_tables_comes_back_as_it_was(
    kind: type[Any], item: Any, empty: tuple[str, ...]
) -> None:
    codec = RowCodec(kind, empty_for_none=empty)
    values = codec.values(item)
    assert codec.read(tuple(values[name] for name in codec.names)) == item


def test_statements_name_each_column_once() -> None:
    assert insert_into("t", ("a", "b")) == "INSERT INTO t (a, b) VALUES (:a, :b)"
    assert assigned(["a", "b"]) == "a = :a, b = :b"
    assert RowCodec(Step).columns_of("s", o=["about"]) == "s.kind, o.about"
