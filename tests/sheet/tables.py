"""Small tabs as a look shows them, written as text."""

from __future__ import annotations

from ingagents.core.sheet.table import Table, as_table
from ingagents.model.spreadsheet import Cell, Column, ColumnLook, Tab, TabLook

GUESTS = Tab(
    "conflicts",  # a kind with marks
    "Guests",
    (
        Column("ID"),
        Column("Lead ID"),
        Column("Since"),
        Column("In the sheet"),
        Column("Notes", human=True),
    ),
)
"""A tab with all there is, in few columns."""

ROWS: dict[str, tuple[Cell, ...]] = {
    "g-1": ("lead-1", "monday", "a"),
    "g-2": ("lead-2", "tuesday", "b"),
}


def a_look(*lines: str, pinned: str | None = None) -> TabLook:
    """A look at lines of cells divided by "|"; columns are pinned by their headers in line 0.

    `pinned` gives the pins apart, as "ID|Notes|" in the order of the columns, "" for none.
    """
    rows = [tuple(_cell(text) for text in line.split("|")) for line in lines]
    width = max(map(len, rows), default=0)
    rows = [row + ("",) * (width - len(row)) for row in rows]
    names = pinned.split("|") if pinned is not None else [str(cell) for cell in rows[0]]
    known = {column.name for column in GUESTS.columns}
    return TabLook(
        sheet_id=7,
        columns={
            name: ColumnLook(at, tuple(row[at] for row in rows))
            for at, name in enumerate(names)
            if name in known
        },
        top=tuple(rows),
    )


def a_table(*lines: str, pinned: str | None = None) -> Table:
    """The same as a table, of the two guests."""
    return as_table(GUESTS, a_look(*lines, pinned=pinned), ROWS)


def _cell(text: str) -> Cell:
    text = text.strip()
    try:
        return float(text)
    except ValueError:
        return text
