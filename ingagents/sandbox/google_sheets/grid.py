"""One tab of the simulated spreadsheet: cells, rows, columns, and what sticks to them.

As in Google's: sorting moves cells and nothing else; inserting, deleting and moving a column takes
its width, its developer metadata, its validation and its protection along.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

CELL_LENGTH_MAX = 50_000
"""Characters; Google's limit for a cell."""

CELLS_MAX = 10_000_000
"""Cells; Google's limit for a spreadsheet."""

Dimension = Literal["ROWS", "COLUMNS"]


class Formula(str):
    """A cell that calculates: what must never come out of a text we wrote."""

    __slots__ = ()


Value = str | float | bool | Formula | None


class BadRequest(Exception):
    """What Google answers with 400 INVALID_ARGUMENT."""


class Area(NamedTuple):
    """Rows `top` to `bottom`, columns `left` to `right`; the last ones are not part of it."""

    top: int
    left: int
    bottom: int
    right: int


class ColumnState:
    """What moves with a column: its width and its developer metadata (id -> key, value)."""

    def __init__(self, width: int = 100, metadata: dict[int, dict[str, Any]] | None = None) -> None:
        self.width = width
        self.metadata = metadata or {}


class Grid:
    """The cells of a tab and everything that has a place on it. `changed` is set by every change."""

    def __init__(
        self, sheet_id: int, title: str, *, row_count: int = 1000, column_count: int = 26
    ) -> None:
        self.sheet_id = sheet_id
        self.title = title
        self.row_count = row_count
        self.columns = [ColumnState() for _ in range(column_count)]
        self.rows: list[list[Value]] = []
        self.frozen_rows = 0
        self.rules: list[dict[str, Any]] = []
        """Validations, protections and the filter: {"kind", "range", ...}."""
        self.changed = True

    @property
    def column_count(self) -> int:
        """How many columns there are, blank ones included."""
        return len(self.columns)

    def at(self, row: int, column: int) -> Value:
        """What a cell holds."""
        cells = self.rows[row] if row < len(self.rows) else ()
        return cells[column] if column < len(cells) else None

    def put(self, row: int, column: int, value: Value) -> None:
        """Write a cell.

        Raises:
            BadRequest: it lies outside, or the text is too long.
        """
        if row >= self.row_count or column >= self.column_count:
            raise BadRequest(
                f"Range exceeds grid limits. Max rows: {self.row_count}, max columns: "
                f"{self.column_count}"
            )
        if isinstance(value, str) and len(value) > CELL_LENGTH_MAX:
            raise BadRequest(
                "Your input contains more than the maximum of 50000 characters in a single cell."
            )
        while len(self.rows) <= row:
            self.rows.append([])
        cells = self.rows[row]
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = None if value == "" and not isinstance(value, bool) else value
        self.changed = True

    def column(self, position: int) -> list[Value]:
        """A whole column, without the blank cells at its end."""
        cells = [row[position] if position < len(row) else None for row in self.rows]
        while cells and cells[-1] is None:
            cells.pop()
        return cells

    def last_row(self) -> int:
        """How many rows there are down to the last one with anything in it."""
        while self.rows and all(cell is None for cell in self.rows[-1]):
            self.rows.pop()
        return len(self.rows)

    def insert(self, dimension: Dimension, at: int, count: int) -> None:
        """Put blank rows or columns in before `at`.

        Raises:
            BadRequest: there is no such place.
        """
        if not 0 <= at <= self._size(dimension) or count < 1:
            raise BadRequest("Invalid requests: the insert position is out of bounds.")
        if dimension == "ROWS":
            if at < len(self.rows):
                self.rows[at:at] = [[] for _ in range(count)]
            self.row_count += count
        else:
            for row in self.rows:
                if at < len(row):
                    row[at:at] = [None] * count
            self.columns[at:at] = [ColumnState() for _ in range(count)]
        self._shift(dimension, lambda index, end: index + count * (index > at - end))

    def delete(self, dimension: Dimension, start: int, end: int) -> None:
        """Take rows or columns away.

        Raises:
            BadRequest: there are no such ones, or nothing would be left.
        """
        if not 0 <= start < end <= self._size(dimension):
            raise BadRequest("Invalid requests: the range to delete is out of bounds.")
        if end - start == self._size(dimension):
            raise BadRequest("You can't delete all the rows or columns on the sheet.")
        if dimension == "ROWS":
            del self.rows[start:end]
            self.row_count -= end - start
        else:
            for row in self.rows:
                del row[start:end]
            del self.columns[start:end]
        self._shift(dimension, lambda index, _end: min(index, max(start, index - (end - start))))

    def move(self, dimension: Dimension, start: int, end: int, to: int) -> None:
        """Move rows or columns before `to`, counted as things stand before the move.

        Raises:
            BadRequest: there are no such ones, or no such place.
        """
        size = self._size(dimension)
        if not (0 <= start < end <= size and 0 <= to <= size):
            raise BadRequest("Invalid requests: the move is out of bounds.")
        if start <= to <= end:
            return
        order = list(range(size))
        block = order[start:end]
        del order[start:end]
        place = to if to < start else to - len(block)
        order[place:place] = block
        if dimension == "ROWS":
            self.rows = [self.rows[i] if i < len(self.rows) else [] for i in order]
        else:
            self.rows = [[row[i] if i < len(row) else None for i in order] for row in self.rows]
            self.columns = [self.columns[i] for i in order]
        places = {old: new for new, old in enumerate(order)}
        for rule in self.rules:
            where, first, last = rule["range"], *_bounds(dimension)
            if where.get(last, 0) - where.get(first, 0) == 1:
                where[first] = places[where[first]]
                where[last] = where[first] + 1
        self.changed = True

    def sort(self, area: Area, keys: Sequence[tuple[int, bool]]) -> None:
        """Sort the rows of an area by (column, descending) keys: numbers, texts, then blanks."""
        block = [
            [self.at(row, column) for column in range(area.left, area.right)]
            for row in range(area.top, min(area.bottom, len(self.rows)))
        ]
        for column, descending in reversed(keys):
            place = column - area.left
            filled = [row for row in block if row[place] is not None]
            blank = [row for row in block if row[place] is None]
            filled.sort(key=lambda row: _order(row[place]), reverse=descending)
            block = filled + blank
        for row, cells in enumerate(block, start=area.top):
            line = self.rows[row]
            line.extend([None] * (area.right - len(line)))
            line[area.left : area.right] = cells
        self.changed = True

    def replace(self, area: Area, find: str, by: str, *, whole: bool, match_case: bool) -> int:
        """Replace text in cells; how many cells were changed."""
        pattern = re.compile(re.escape(find), 0 if match_case else re.IGNORECASE)
        changed = 0
        for row in range(area.top, min(area.bottom, len(self.rows))):
            for column in range(area.left, min(area.right, len(self.rows[row]))):
                value = self.rows[row][column]
                if isinstance(value, str) and (
                    pattern.fullmatch(value) if whole else pattern.search(value)
                ):
                    self.put(row, column, pattern.sub(lambda _: by, value))
                    changed += 1
        return changed

    def formulas(self) -> list[str]:
        """Every cell that calculates."""
        return [cell for row in self.rows for cell in row if isinstance(cell, Formula)]

    def copy(self) -> Grid:
        """The same tab once more, so that a change can be thrown away."""
        twin = Grid(self.sheet_id, self.title, row_count=self.row_count, column_count=0)
        twin.columns = [
            ColumnState(one.width, {key: dict(value) for key, value in one.metadata.items()})
            for one in self.columns
        ]
        twin.rows = [list(row) for row in self.rows]
        twin.frozen_rows = self.frozen_rows
        twin.rules = [{**rule, "range": dict(rule["range"])} for rule in self.rules]
        twin.changed = self.changed
        return twin

    def _size(self, dimension: Dimension) -> int:
        return self.row_count if dimension == "ROWS" else self.column_count

    def _shift(self, dimension: Dimension, place: Callable[[int, int], int]) -> None:
        """Let rules follow an insert or a delete; a rule whose range is gone goes too."""
        first, last = _bounds(dimension)
        kept = []
        for rule in self.rules:
            where = rule["range"]
            if first in where:
                where[first] = place(where[first], 1)
            if last in where:
                where[last] = place(where[last], 0)
            if where.get(first, 0) < where.get(last, 1 << 40):
                kept.append(rule)
        self.rules = kept
        self.changed = True


def _bounds(dimension: Dimension) -> tuple[str, str]:
    name = "Row" if dimension == "ROWS" else "Column"
    return f"start{name}Index", f"end{name}Index"


def _order(value: Value) -> tuple[int, float, str]:
    if isinstance(value, bool):
        return 2, float(value), ""
    if isinstance(value, int | float):
        return 0, float(value), ""
    return 1, 0.0, str(value).casefold()
