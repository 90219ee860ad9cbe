"""Rows that people typed: read under all headers, and known again wherever they stand by then."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from ingagents.core.sheet.orphans import Back
from ingagents.core.sheet.table import as_table
from ingagents.core.sheet.typed import (
    HEADS,
    answers_alone,
    content_of,
    landed,
    own_headers,
    typed_rows,
    with_own_columns,
)
from tests.sheet.tables import GUESTS, ROWS, a_look, a_table

LINES = (
    "ID|Lead ID|Since|In the sheet|Notes|Their talk",
    "g-1|lead-1|monday|a||",
    "|||||Queues",
    "||||only a note|",
    "|||an answer||",
    "|||||",
    "|x|||n|7",
)


def never(_cells: Sequence[str], _below: Sequence[Sequence[str]]) -> bool:
    """No row is a header."""
    return False


def always(_cells: Sequence[str], _below: Sequence[Sequence[str]]) -> bool:
    """Every row is a header."""
    return True


def named(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """A row with "Full name" in it is a header, if anything stands below it."""
    return "Full name" in cells and bool(below)


def test_rows_that_are_nobodys_are_read_whole_and_our_own_headers_say_nothing_of_a_person() -> None:
    look = a_look(*LINES)
    found, *_ = typed_rows(a_table(*LINES), look, {}, answered="In the sheet", heads=never)
    assert found.headers == ("", "", "", "", "", "Their talk")
    assert set(found.rows) == {2, 3, 6}
    assert found.rows[6] == ("", "x", "", "", "n", "7")
    assert list(answers_alone(a_table(*LINES), answered="In the sheet")) == [4]


def test_a_row_in_which_something_landed_by_mistake_waits_till_that_is_put_right() -> None:
    back: Back = {"Lead ID": {6: "before"}}
    found, *_ = typed_rows(
        a_table(*LINES), a_look(*LINES), back, answered="In the sheet", heads=never
    )
    assert set(found.rows) == {2, 3}


def test_rows_above_the_header_are_left_alone() -> None:
    lines = ("||||a title|", *LINES)
    look = a_look(*lines, pinned="ID|Lead ID|Since|In the sheet|Notes|")
    table = as_table(GUESTS, look, ROWS)
    assert table.header == 1
    found, *_ = typed_rows(table, look, {}, answered="In the sheet", heads=never)
    assert set(found.rows) == {3, 4, 7}


def test_a_row_holds_the_same_wherever_its_columns_stand() -> None:
    other = ("Their talk|Notes|ID|Lead ID|Since|In the sheet", "7|n|new-key|x||")
    assert content_of(a_look(*LINES), 6, beside={0}) == content_of(a_look(*other), 1, beside={2})
    assert content_of(a_look(*LINES), 6, beside={0}) != content_of(a_look(*LINES), 2, beside={0})


def test_a_key_counts_only_in_the_row_it_was_meant_for() -> None:
    meant = {"g-2": content_of(a_look(*LINES), 6, beside={0})}
    for row, counts in ((6, True), (2, False)):
        lines = [*LINES]
        lines[row] = f"g-2{lines[row]}"
        table = landed(a_table(*lines), a_look(*lines), meant)
        assert ("g-2" in table.persons) is counts
        assert table.persons["g-1"] == (1,)


def test_a_key_that_was_just_typed_is_not_looked_for_by_the_marks_of_its_lead() -> None:
    lines = ["ID|Lead ID|Since|In the sheet|Notes", "g-2|B|||", "|lead-2|tuesday||"]
    look = a_look(*lines)
    marked = as_table(GUESTS, look, ROWS, unsure={"g-2"})
    assert marked.persons["g-2"] == (2,)
    typed = as_table(GUESTS, look, ROWS, unsure={"g-2"}, typed={"g-2"})
    assert typed.persons["g-2"] == (1,)
    assert msgspec.structs.replace(marked, persons={}) == msgspec.structs.replace(typed, persons={})


def test_below_the_upper_rows_a_row_is_read_from_our_columns_alone() -> None:
    whole = a_look(*LINES)
    look = msgspec.structs.replace(whole, top=whole.top[:2])
    found, *pasted = typed_rows(a_table(*LINES), look, {}, answered="In the sheet", heads=always)
    assert found.rows == {3: ("", "", "", "", "only a note", ""), 6: ("", "x", "", "", "n", "")}
    assert pasted == [], "half a row is no header"


OWN_LINES = (
    "ID|Lead ID|Since|In the sheet|Notes|Mine",
    "g-1|lead-1|monday|a||",
    "Full name|Talk|||Veto|",
    "Ada|Queues||||",
    "Bo|Locks|||never|",
    "g-2|lead-2|tuesday|b||",
    "Cy|Ropes||||",
    "|||||",
    "Talk|Full name||||",
    "Pipes|Di|||no|",
    "Full name|Firm||||",
    "Ed|Acme||||",
    "|||||",
    "|Full name||||",
)


def test_a_table_with_a_header_of_its_own_is_read_under_it_until_a_blank_row_or_one_of_ours() -> (
    None
):
    ours, *pasted = typed_rows(
        a_table(*OWN_LINES), a_look(*OWN_LINES), {}, answered="In the sheet", heads=named
    )
    assert set(ours.rows) == {6, 13}
    assert [(one.head, set(one.rows)) for one in pasted] == [(2, {3, 4}), (8, {9}), (10, {11})]
    assert [one.headers[:2] for one in pasted] == [
        ("Full name", "Talk"), ("Talk", "Full name"), ("Full name", "Firm"),
    ]  # fmt: skip
    assert pasted[0].rows[3][:2] == ("Ada", "Queues")
    assert [one.vetoed for one in pasted] == [{4: "never"}, {}, {}]


def test_rows_below_one_that_waits_wait_too_for_it_may_be_their_header() -> None:
    found = typed_rows(
        a_table(*OWN_LINES),
        a_look(*OWN_LINES),
        {"Since": {2: "before", 9: ""}},
        answered="In the sheet",
        heads=named,
    )
    assert [set(one.rows) for one in found] == [{6, 8, 13}]


@pytest.mark.parametrize(
    ("header", "body", "answered"),
    [
        ("Full name|Talk||", "Ada|Queues||", "In the sheet"),
        ("Full name|Talk||" + HEADS, "Ada|Queues||taken", "In the sheet"),
        ("Full name|Talk||Mail", "Ada|Queues||", "In the sheet"),
        ("Full name|Talk||Mail", "Ada|Queues||a@b", "Since"),
        ("Full name||Mail|Firm", "Ada||a@b|Acme", "Lead ID"),
        (f"Full name||{HEADS}|Firm", "Ada||taken|Acme", "Since"),
        ("Full name|Talk|Mail|Firm", "Ada|Queues|a@b|Acme", ""),
    ],
)
def test_a_pasted_table_is_answered_where_it_holds_nothing_of_its_own(
    header: str, body: str, answered: str
) -> None:
    lines = (OWN_LINES[0], f"{header}||", f"{body}||")
    _, found = typed_rows(a_table(*lines), a_look(*lines), {}, answered="In the sheet", heads=named)
    assert found.answered == answered
    texts = [*found.headers, *found.rows[2]]
    assert not {HEADS, "taken"} & set(texts)
    assert ("Queues" in texts) is ("Queues" in body)
    assert ("a@b" in texts) is ("a@b" in body)


def test_the_teams_own_columns_are_read_beside_ours_and_out_of_sight_where_a_look_is_short() -> (
    None
):
    table, look = a_table(*LINES), a_look(*LINES)
    assert own_headers(table, look) == ["", "", "", "", "", "Their talk"]
    found = with_own_columns(table, look, {"their_talk": 5, "beyond": 9}, str.upper)
    assert found.tab.human == ("Notes", "their_talk", "beyond")
    assert found.columns["their_talk"] == ("THEIR TALK", "", "QUEUES", "", "", "", "7")
    assert set(found.columns["beyond"]) == {""}
    short = msgspec.structs.replace(look, top=look.top[:2])
    assert with_own_columns(table, short, {"their_talk": 5}, str.upper) is table
