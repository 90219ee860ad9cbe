"""Where the simulated spreadsheet is kept: in the sandbox's record, a tab to a value.

Each request holds the record alone, so that a `run` and a `once` beside it share one sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from ingagents.sandbox.google_sheets.grid import ColumnState, Formula, Grid, Value
from ingagents.sandbox.google_sheets.workbook import Book
from ingagents.sandbox.record import Record

SPREADSHEET_ID = "sandbox-spreadsheet"
"""The one spreadsheet there is."""

CALLS = "sheets.calls"
_BOOK = "sheets.book"


class Shelf:
    """Gives the spreadsheet out, one request at a time, and keeps what was changed."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._version = -1
        self._book = Book(SPREADSHEET_ID, "Sales department")

    @contextmanager
    def open(self) -> Iterator[Book]:
        """The spreadsheet as it stands; what was changed is on the disk when the block is left."""
        with self._record.alone():
            self._refresh()
            before = list(self._book.grids)
            try:
                yield self._book
            except BaseException:
                self._version = -1  # what the block began is not kept
                raise
            self._keep(before)

    def count(self, kind: str) -> None:
        """Count a request durably, under its kind."""
        counts = self.counts()
        counts[kind] = counts.get(kind, 0) + 1
        self._record.remember(CALLS, msgspec.json.encode(counts).decode())

    def counts(self) -> dict[str, int]:
        """How many requests of each kind there were."""
        return msgspec.json.decode(self._record.recall(CALLS) or "{}", type=dict[str, int])

    def _refresh(self) -> None:
        kept = self._record.recall(_BOOK)
        listed = msgspec.json.decode(kept, type=_Listed) if kept else _Listed()
        if listed.version == self._version:
            return
        self._version = listed.version
        texts = (self._record.recall(f"{_BOOK}/{sheet_id}") for sheet_id in listed.tabs)
        grids = [_read(msgspec.json.decode(text)) for text in texts if text]
        self._book = Book(SPREADSHEET_ID, self._book.title, grids)

    def _keep(self, before: list[Grid]) -> None:
        grids = self._book.grids
        changed = [grid for grid in grids if grid.changed]
        if not changed and grids == before:
            return
        for grid in changed:
            text = msgspec.json.encode(_written(grid)).decode()
            self._record.remember(f"{_BOOK}/{grid.sheet_id}", text)
            grid.changed = False
        self._version += 1
        listed = _Listed(version=self._version, tabs=[grid.sheet_id for grid in grids])
        self._record.remember(_BOOK, msgspec.json.encode(listed).decode())


class _Listed(msgspec.Struct):
    """Which tabs are kept, and how often anything was changed."""

    version: int = 0
    tabs: list[int] = []


def _written(grid: Grid) -> dict[str, Any]:
    return {
        "sheet_id": grid.sheet_id,
        "title": grid.title,
        "row_count": grid.row_count,
        "frozen_rows": grid.frozen_rows,
        "columns": [[column.width, column.metadata] for column in grid.columns],
        "rules": grid.rules,
        "rows": [
            [{"=": str(cell)} if isinstance(cell, Formula) else cell for cell in row]
            for row in grid.rows
        ],
    }


def _read(kept: dict[str, Any]) -> Grid:
    grid = Grid(kept["sheet_id"], kept["title"], row_count=kept["row_count"], column_count=0)
    grid.frozen_rows = kept["frozen_rows"]
    grid.columns = [
        ColumnState(width, {int(identity): data for identity, data in metadata.items()})
        for width, metadata in kept["columns"]
    ]
    grid.rules = kept["rules"]
    grid.rows = [[_value(cell) for cell in row] for row in kept["rows"]]
    grid.changed = False
    return grid


def _value(cell: Any) -> Value:
    return Formula(cell["="]) if isinstance(cell, dict) else cell
