"""Rows and columns are found wherever people have put them."""

from __future__ import annotations

import pytest

from ingagents.core.sheet.table import as_table, cell_text, mend, same
from ingagents.model.spreadsheet import AddColumns, Cell, PinColumns
from tests.sheet.tables import GUESTS, ROWS, a_look, a_table

HEADER = "ID|Lead ID|Since|In the sheet|Notes"
TWO = (HEADER, "g-1|lead-1|monday|a|hello", "g-2|lead-2|tuesday|b|")


@pytest.mark.parametrize(
    ("lines", "persons", "header"),
    [
        (TWO, {"g-1": (1,), "g-2": (2,)}, 0),
        ((TWO[0], TWO[2], TWO[1]), {"g-2": (1,), "g-1": (2,)}, 0),
        (("|||My title", "", *TWO), {"g-1": (3,), "g-2": (4,)}, 2),
        ((TWO[0], "", "own|row", TWO[1]), {"g-1": (3,)}, 0),
        ((TWO[0], TWO[1], TWO[1]), {"g-1": (1, 2)}, 0),
        ((TWO[1], TWO[0]), {"g-1": (0,)}, 1),
        ((HEADER,), {}, 0),
    ],
    ids=["as written", "sorted", "rows above", "own rows", "copied", "header moved", "empty"],
)
def test_rows_are_found_by_their_keys(lines, persons, header) -> None:
    table = a_table(*lines, pinned=HEADER)
    assert table.persons == persons
    assert table.header == header


@pytest.mark.parametrize(
    ("line", "known"),
    [
        ("|lead-1|monday|a", True),
        ("typed over|lead-1|monday|a", True),
        ("g-2|lead-1|monday|a", True),  # somebody else's key, whose own row stands below
        ("|lead-1|monday|typed over", True),
        ("|lead-1|typed over|a", True),
        ("|lead-1|typed over|typed over", False),
        ("|lead-2|monday|a", False),
        ("|||", False),
    ],
)
def test_a_row_without_its_key_is_known_by_its_marks(line: str, known: bool) -> None:
    table = a_table(HEADER, line, TWO[2])
    assert table.persons.get("g-1") == ((1,) if known else None)
    assert table.persons["g-2"] == (2,)


def test_rows_that_say_the_same_are_not_told_apart_by_their_marks() -> None:
    twins = {"g-1": ROWS["g-1"], "g-2": ROWS["g-1"]}
    table = as_table(GUESTS, a_look(HEADER, "|lead-1|monday|a"), twins)
    assert table.persons == {}


@pytest.mark.parametrize(
    ("lines", "pinned", "changes"),
    [
        (TWO, HEADER, []),
        (("Notes|Since|ID|In the sheet|Lead ID",), None, []),
        (("ID|Lead ID|Since|In the sheet", "g-1"), None, [("add", ("Notes",), 4)]),
        # A pin whose header says something else is the team's column now.
        (
            ("ID|Lead ID|Renamed|In the sheet|Notes",),
            HEADER,
            [("add", ("Since",), 5)],
        ),
        # The team's own "Since" is not taken over, their "Notes" is read where it stands.
        (
            ("ID|Lead ID|Since|In the sheet|Notes|Since",),
            "ID|Lead ID||In the sheet||",
            [("pin", (("Notes", 4),), 0), ("add", ("Since",), 6)],
        ),
        # A copy of our sheet has lost all pins: it is taken over whole.
        ((HEADER,), "||||", [("pin", tuple((n, i) for i, n in enumerate(HEADER.split("|"))), 0)]),
        # Two columns of a name: the pin tells.
        (
            ("ID|Notes|Lead ID|Since|In the sheet|Notes",),
            "ID||Lead ID|Since|In the sheet|Notes",
            [],
        ),
        # A cleared header is put back, a renamed key column stays the key column.
        (("key|Lead ID||In the sheet|Notes",), HEADER, []),
        (("",), "", [("add", tuple(HEADER.split("|")), 1)]),
        # A tab the team had already: their Since is theirs, their Notes is read.
        (
            ("Mine|Since|Notes",),
            "||",
            [("pin", (("Notes", 2),), 0), ("add", ("ID", "Lead ID", "Since", "In the sheet"), 3)],
        ),
    ],
)
def test_what_is_missing_is_added_and_what_lost_its_pin_gets_it_back(lines, pinned, changes):
    found: list[object] = []
    for change in mend(GUESTS, a_look(*lines, pinned=pinned)):
        if isinstance(change, AddColumns):
            found.append(("add", change.names, change.behind))
        else:
            assert isinstance(change, PinColumns)
            found.append(("pin", change.columns, 0))
    assert found == changes


def test_a_column_that_needs_mending_is_not_part_of_the_table() -> None:
    table = a_table("ID|Lead ID|Renamed|In the sheet|Notes", "g-1|lead-1|x", pinned=HEADER)
    assert "Since" not in table.columns
    assert table.at(1, "Since") == ""
    assert table.at(99, "ID") == ""


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("a", "a", True),
        ("a", "A", False),
        (7.5, 7.5, True),
        (0.1 + 0.2, 0.3, True),
        (7.5, "7.5", False),
        (True, "yes", False),
        ("", "", True),
    ],
)
def test_a_number_is_not_its_text(one: Cell, other: Cell, equal: bool) -> None:
    assert same(one, other) is equal


@pytest.mark.parametrize(
    ("cell", "text"), [(" x ", "x"), (7.0, "7"), (7.5, "7.5"), (True, "True"), ("", "")]
)
def test_a_cell_reads_as_somebody_meant_it(cell: Cell, text: str) -> None:
    assert cell_text(cell) == text
