"""What to write into a tab so that it says what the department says, and what landed wrong.

Only the department's columns are ever written. After a write the tab is looked at again and this
module is asked again: a cell that should say something else is written anew, and what landed in a
row that is nobody's is taken back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

import msgspec

from ingagents.core.sheet.orphans import Back
from ingagents.core.sheet.table import Row, Table, cell_text, same
from ingagents.model.spreadsheet import AddRows, Cell, ClearWords, Write


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Rows to put in, then cells to write; `strays` are keys that landed in a wrong column."""

    add: AddRows | None = None
    writes: tuple[Write, ...] = ()
    strays: ClearWords | None = None

    @property
    def added(self) -> tuple[str, ...]:
        """The keys of the rows that are put in."""
        return self.add.keys if self.add is not None else ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing has to be done."""
        return self.add is None and not self.writes and self.strays is None


def plan(
    table: Table,
    wanted: Mapping[str, Row],
    back: Back | None = None,
    *,
    keys_alone: Collection[str] = (),
    beside: Mapping[str, Mapping[int, str]] | None = None,
) -> Plan:
    """Make a tab say what is wanted, and put `back` what our words replaced in nobody's rows.

    Rows of the tab that nobody wants are left alone: they are the team's, or older than what the
    department keeps showing. Missing rows go behind the last one of ours; a row in which nothing
    is to be said any more (its person was erased) is emptied where it stands and never added.
    Rows that were only just taken get their keys alone (`keys_alone`) till a look has shown these.
    `beside` holds what rows that are added say in the team's columns, by position.
    """
    cells: dict[str, dict[int, Cell]] = defaultdict(dict)
    _write_headers(table, cells)
    _write_rows(table, wanted, cells, keys_alone)
    missing = tuple(
        key for key, row in wanted.items() if key not in table.persons and any(c != "" for c in row)
    )
    add = None
    if missing and table.tab.key in table.columns:
        at = 1 + max([table.header, *(rows[-1] for rows in table.persons.values())])
        more = beside or {}
        places = sorted({place for key in missing for place in more.get(key, {})})
        lines = tuple(
            (place, tuple(more.get(key, {}).get(place, "") for key in missing)) for place in places
        )
        add = AddRows(table.sheet_id, at, table.key_position, missing, lines)
        for row, key in enumerate(missing, start=at):
            for name, cell in zip(table.tab.machine, wanted[key], strict=True):
                if cell != "" and name in table.columns:
                    cells[name][row] = cell
    _put_back(back or {}, cells, below=add)
    return Plan(add=add, writes=_as_writes(table, cells))


def repair(done: Plan, after: Table, wanted: Mapping[str, Row], back: Back) -> Plan:
    """What the second look shows to be wrong. New rows are left to the next sync."""
    cells: dict[str, dict[int, Cell]] = defaultdict(dict)
    _write_headers(after, cells)
    _write_rows(after, wanted, cells)
    _put_back(back, cells)
    standing = {cell_text(cell) for cell in after.columns.get(after.tab.key, ())}
    lost = [key for key in done.added if key not in standing]
    strays = ClearWords(after.sheet_id, tuple(lost)) if lost else None
    return Plan(writes=_as_writes(after, cells), strays=strays)


def _put_back(
    back: Back, cells: dict[str, dict[int, Cell]], *, below: AddRows | None = None
) -> None:
    """Write what belongs there; rows `below` the new ones are further down by then."""
    for name, rows in back.items():
        for row, cell in rows.items():
            moved = len(below.keys) if below is not None and row >= below.at else 0
            cells[name][row + moved] = cell


def _write_headers(table: Table, cells: dict[str, dict[int, Cell]]) -> None:
    """Headers of ours that somebody cleared; the team's own are theirs."""
    for name in (table.tab.key, *table.tab.machine):
        if name in table.columns and table.at(table.header, name) != name:
            cells[name][table.header] = name


def _write_rows(
    table: Table,
    wanted: Mapping[str, Row],
    cells: dict[str, dict[int, Cell]],
    keys_alone: Collection[str] = (),
) -> None:
    if table.tab.key in table.columns:
        for key, rows in table.persons.items():
            for row in rows:
                if table.at(row, table.tab.key) != key:
                    cells[table.tab.key][row] = key
    for place, name in enumerate(table.tab.machine):
        if name not in table.columns:
            continue
        stands, writes = table.columns[name], cells[name]
        height = len(stands)
        for key, rows in table.persons.items():
            if key in keys_alone:
                continue
            cell = wanted[key][place]
            for row in rows:
                if not same(stands[row] if row < height else "", cell):
                    writes[row] = cell


def _as_writes(table: Table, cells: Mapping[str, dict[int, Cell]]) -> tuple[Write, ...]:
    return tuple(Write(table.tab, name, found) for name, found in cells.items() if found)
