"""What is written, what is never written, and what is put right after a second look."""

from __future__ import annotations

import pytest

from ingagents.core.sheet.diff import Plan, plan, repair
from ingagents.core.sheet.orphans import strays, written
from ingagents.core.sheet.table import Table
from ingagents.model.spreadsheet import AddRows, ClearWords
from tests.sheet.tables import ROWS, a_table

HEADER = "ID|Lead ID|Since|In the sheet|Notes"
ONE, TWO = "g-1|lead-1|monday|a|hello", "g-2|lead-2|tuesday|b|"


def cells(found: Plan) -> dict[tuple[str, int], object]:
    return {(w.column, row): cell for w in found.writes for row, cell in w.cells.items()}


def repaired(before: Table, done: Plan, after: Table) -> Plan:
    """What a second look makes of the first write."""
    seen = strays(after, written(before, done.writes, done.add, {}), at_once=True)
    return repair(done, after, ROWS, seen.back)


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ((HEADER, ONE, TWO), {}),
        ((HEADER, TWO, "", "own|row", ONE), {}),
        ((HEADER, "g-1|lead-1|sunday|a|x", TWO), {("Since", 1): "monday"}),
        ((HEADER, "g-1|lead-1|||", TWO), {("Since", 1): "monday", ("In the sheet", 1): "a"}),
        (
            (HEADER, "g-1|lead-1|sunday|a", TWO, "g-1|lead-1|sunday|a"),
            {("Since", 1): "monday", ("Since", 3): "monday"},
        ),
        (("ID|Lead ID||In the sheet|Notes", ONE, TWO), {("Since", 0): "Since"}),
        (("key|Lead ID|Since|In the sheet|Notes", ONE, TWO), {("ID", 0): "ID"}),
        ((HEADER, "|lead-1|monday|a|hello", TWO), {("ID", 1): "g-1"}),
        ((HEADER, "g-1|lead-1|monday|5", TWO), {("In the sheet", 1): "a"}),
    ],
)
def test_only_what_differs_is_written_by_row_and_header(lines, wanted) -> None:
    found = plan(a_table(*lines, pinned=HEADER), ROWS)
    assert cells(found) == wanted
    assert found.add is None


@pytest.mark.parametrize("line", ["g-1|x|x|x|", "|lead-1|monday|x|", "own|a|b|c|d", ""])
def test_no_column_of_the_teams_is_ever_written(line: str) -> None:
    found = plan(a_table(HEADER, line, pinned=HEADER), ROWS)
    assert {write.column for write in found.writes} <= {"ID", "Lead ID", "Since", "In the sheet"}


@pytest.mark.parametrize(
    ("lines", "at"),
    [((HEADER,), 1), ((HEADER, ONE), 2), ((HEADER, ONE, "", "own|footer"), 2)],
)
def test_missing_rows_go_behind_the_last_one_of_ours(lines: tuple[str, ...], at: int) -> None:
    found = plan(a_table(*lines, pinned=HEADER), ROWS)
    keys = tuple(key for key in ROWS if len(lines) == 1 or key == "g-2")
    assert found.add == AddRows(7, at, 0, keys)
    assert cells(found)["Lead ID", at + len(keys) - 1] == "lead-2"
    assert ("ID", at) not in cells(found)  # the key comes with the row itself


def test_a_tab_without_its_key_column_gets_no_rows_before_it_has_one_again() -> None:
    table = a_table("Lead ID|Since|In the sheet|Notes", "lead-9|x|y|")
    assert plan(table, ROWS).add is None


def test_a_row_nobody_wants_is_left_alone() -> None:
    assert plan(a_table(HEADER, "g-7|old|row|z|", ONE, TWO), ROWS).is_empty


def test_a_row_in_which_nothing_is_said_any_more_is_emptied_and_never_added() -> None:
    silent = {"g-1": ("", "", ""), "g-2": ("", "", "")}
    found = plan(a_table(HEADER, ONE), silent)
    assert found.add is None
    assert {column for column, row in cells(found)} == {"Lead ID", "Since", "In the sheet"}
    assert set(cells(found).values()) == {""}


def test_words_that_landed_with_another_person_are_put_right() -> None:
    """Somebody sorted in the split second: g-1's new value stands in g-2's row."""
    before = a_table(HEADER, "g-1|lead-1|sunday|a|", TWO)
    done = plan(before, ROWS)
    after = a_table(HEADER, "g-2|lead-2|monday|b|", "g-1|lead-1|sunday|a|")
    assert cells(repaired(before, done, after)) == {
        ("Since", 1): "tuesday",
        ("Since", 2): "monday",
    }


@pytest.mark.parametrize(
    ("own", "landed", "back"),
    [
        ("||||", "||monday||", {("Since", 3): ""}),
        ("|party|friday||x", "|party|monday||x", {("Since", 3): "friday"}),
        ("|party|||", "|party|monday||", {("Since", 3): ""}),
        ("|party|friday||", "|party|friday||", {}),
    ],
)
def test_what_landed_in_a_row_of_the_teams_own_is_taken_back(own, landed, back) -> None:
    before = a_table(HEADER, "g-1|lead-1|sunday|a|", TWO, own)
    done = plan(before, ROWS)
    after = a_table(HEADER, ONE, TWO, landed)
    assert cells(repaired(before, done, after)) == back


def test_what_the_team_wrote_meanwhile_into_its_own_row_stays() -> None:
    before = a_table(HEADER, "g-1|lead-1|sunday|a|", TWO, "|party|friday||")
    after = a_table(HEADER, ONE, TWO, "|party|saturday||", "|another|sunday||")
    assert repaired(before, plan(before, ROWS), after).is_empty


def test_a_key_that_landed_in_a_wrong_column_is_cleared_by_what_it_says() -> None:
    before = a_table(HEADER, ONE)
    done = plan(before, ROWS)
    after = a_table(HEADER, ONE, "|||g-2|")
    assert repaired(before, done, after).strays == ClearWords(7, ("g-2",))


def test_nothing_is_put_right_where_all_is_well() -> None:
    before = a_table(HEADER, "g-1|lead-1|sunday|a|hello", TWO)
    assert repaired(before, plan(before, ROWS), a_table(HEADER, TWO, ONE)).is_empty
