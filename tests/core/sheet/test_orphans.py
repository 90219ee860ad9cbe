"""What landed in a row that is nobody's is known by what was written, and goes back."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core.sheet.diff import plan
from ingagents.core.sheet.orphans import Written, joined, strays, written
from ingagents.core.sheet.table import as_table
from tests.sheet.tables import GUESTS, ROWS, a_look, a_table

HEADER = "ID|Lead ID|Since|In the sheet|Notes"
ONE, TWO = "g-1|lead-1|monday|a|", "g-2|lead-2|tuesday|b|"
OLD_ONE = "g-1|lead-1|sunday|a|"


def done(*lines: str) -> Written:
    """What a sync writes that finds these rows, as it is noted."""
    table = a_table(HEADER, *lines)
    found = plan(table, ROWS)
    noted = msgspec.to_builtins(written(table, found.writes, found.add, {}).bounded())
    return msgspec.convert(noted, Written)


def test_what_landed_astray_unseen_is_found_by_the_next_look_and_the_row_gets_its_words_back() -> (
    None
):
    noted = done(OLD_ONE, TWO, "|party|friday|cake|")
    look = a_table(HEADER, OLD_ONE, TWO, "|party|monday|cake|", "")
    assert strays(look, noted).back == {"Since": {3: "friday"}}


def test_what_stands_with_whom_it_was_written_for_may_stand_in_a_row_of_the_teams_too() -> None:
    noted = done(OLD_ONE, TWO)
    look = a_table(HEADER, ONE, TWO, "|party|monday|cake|")
    assert strays(look, noted).back == {}
    assert strays(look, noted, at_once=True).back == {"Since": {3: ""}}


def test_what_was_found_once_is_looked_for_until_it_is_gone() -> None:
    first = strays(a_table(HEADER, OLD_ONE, TWO, "|party|monday|cake|"), done(OLD_ONE, TWO))
    assert first.found.cells
    again = strays(a_table(HEADER, ONE, TWO, "", "|party|monday|cake|"), first.found)
    assert again.back == {"Since": {4: ""}}, "though it stands with g-1 by now"
    gone = strays(a_table(HEADER, ONE, TWO, "|party||cake|"), again.found)
    assert (gone.back, gone.found) == ({}, Written())


def test_a_key_that_may_have_landed_over_anothers_proves_nothing_against_the_rows_marks() -> None:
    noted = done("|lead-1|monday|a|", TWO)
    assert noted.whose("ID") == {"g-1"}
    look = a_look(HEADER, "|lead-1|monday|a|", "g-1|lead-2|tuesday|b|")
    table = as_table(GUESTS, look, ROWS, unsure=noted.whose("ID"))
    assert table.persons == {"g-1": (1,), "g-2": (2,)}
    assert "g-1" in strays(table, noted).found.whose("ID"), "until it is put right"


def test_no_more_is_kept_than_twenty_thousand_cells_and_no_blank_rows() -> None:
    cells: dict[str, dict[str, tuple[str, ...]]] = {
        "Since": {str(n): ("g-1",) for n in range(30_000)},
        "Lead ID": {"x": ("g-1",)},
    }
    kept = Written(cells, (("", ""), ("", "party"))).bounded()
    assert sum(map(len, kept.cells.values())) == 20_000
    assert kept.lines == (("", "party"),)


def test_what_is_joined_knows_the_rows_as_the_later_one_did() -> None:
    one = Written({"Since": {"a": ("g-1",)}}, (("", "old"),))
    both = joined(one, Written({"Since": {"a": ("g-2",), "b": ("g-1",)}}, (("", "new"),)))
    assert both == Written({"Since": {"a": ("g-1", "g-2"), "b": ("g-1",)}}, (("", "new"),))


OWN = st.lists(
    st.tuples(*[st.sampled_from(["", "x", "y", "monday", "sunday"])] * 3).filter(any),
    min_size=1,
    max_size=5,
)


@pytest.mark.parametrize("column", [1, 2, 3])
@given(own=OWN, data=st.data())
def test_wherever_our_words_land_in_the_teams_rows_those_read_again_as_before(
    column: int, own: list[tuple[str, ...]], data: st.DataObject
) -> None:
    lines = [["", *row, ""] for row in own]
    right = ONE.split("|")
    old = [*right[:column], "old", *right[column + 1 :]]
    noted = done("|".join(old), TWO, *("|".join(line) for line in lines))
    order = data.draw(st.permutations(lines))
    hit = data.draw(st.integers(0, len(order) - 1))
    landed = [list(line) for line in order]
    landed[hit][column] = right[column]
    rows = [HEADER, "|".join(old), TWO, *("|".join(line) for line in landed)]
    look = a_table(*rows)
    for name, cells in strays(look, noted).back.items():
        for row, cell in cells.items():
            landed[row - 3][HEADER.split("|").index(name)] = str(cell)
    assert sorted(landed) == sorted(lines)
