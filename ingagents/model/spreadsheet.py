"""The nouns of a spreadsheet: tabs with named columns, what a look shows, what is changed.

A column is known by its header. A hidden pin (Google's developer metadata) stays with it when
people move it, so that a write finds the column wherever it stands by then: the words of another
column can never be overwritten, however the team rearranges the sheet while a sync runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from zlib import crc32

import msgspec

Cell = str | float | bool
"""What stands in a cell: text, a number, a ticked box; "" where nothing stands."""


class Column(msgspec.Struct, frozen=True):
    """A column of ours. A human column is never written by the department, only read.

    `shows` is what of a row's subject stands in one of the department's; the key has none, and is
    `typed` where people give it.
    """

    name: str
    shows: Callable[[Any], object] | None = None
    human: bool = False
    width: int = 120
    typed: bool = False
    choices: tuple[str, ...] = ()


class Tab(msgspec.Struct, frozen=True):
    """A tab of ours. `kind` stays when the title is chosen otherwise.

    In one that `takes_rows` people add rows of their own: a look shows all its columns.
    """

    kind: str
    title: str
    columns: tuple[Column, ...]
    takes_rows: bool = False

    @property
    def key(self) -> str:
        """The header of the column that says whose row it is."""
        return next(one.name for one in self.columns if one.shows is None and not one.human)

    @property
    def machine(self) -> tuple[str, ...]:
        """The department's columns beside the key, in their order."""
        return tuple(one.name for one in self.columns if not one.human and one.name != self.key)

    @property
    def human(self) -> tuple[str, ...]:
        """The team's columns."""
        return tuple(column.name for column in self.columns if column.human)

    def pin(self, column: str) -> int:
        """The id of a column's pin: always the same, so that nobody need remember it."""
        return crc32(f"ingagents/{self.kind}/{column}".encode()) & 0x7FFFFFFF or 1


class SheetFound(msgspec.Struct, frozen=True):
    """A tab that stands in the spreadsheet, ours or not."""

    sheet_id: int
    title: str


class ColumnLook(msgspec.Struct, frozen=True):
    """A pinned column as it stands: where, and its cells from the first row on."""

    position: int
    cells: tuple[Cell, ...]


class TabLook(msgspec.Struct, frozen=True):
    """A tab as it stands at one moment: its pinned columns by header, and its upper rows whole.

    Of a tab that takes rows every row is an upper one.
    """

    sheet_id: int
    columns: Mapping[str, ColumnLook]
    top: tuple[tuple[Cell, ...], ...]


class CreateTab(msgspec.Struct, frozen=True):
    """Make a tab with its headers, frozen, with widths, choices, protection and pins."""

    tab: Tab
    sheet_id: int


class AddColumns(msgspec.Struct, frozen=True):
    """Make columns of a tab that stands, behind `behind` columns, headed in row `header`."""

    tab: Tab
    sheet_id: int
    names: tuple[str, ...]
    behind: int
    header: int


class PinColumns(msgspec.Struct, frozen=True):
    """Pin columns that stand without a pin: (header, position). An older pin is taken away."""

    tab: Tab
    sheet_id: int
    columns: tuple[tuple[str, int], ...]


class AddRows(msgspec.Struct, frozen=True):
    """Put new rows in before row `at`, with their keys in column `position`.

    `beside` are texts for other columns, by position, as many as keys: what people may change then.
    """

    sheet_id: int
    at: int
    position: int
    keys: tuple[str, ...]
    beside: tuple[tuple[int, tuple[str, ...]], ...] = ()


class ClearWords(msgspec.Struct, frozen=True):
    """Empty the cells of a tab that hold exactly one of these words, or leave it with a `mark`."""

    sheet_id: int
    words: tuple[str, ...]
    mark: str = ""


Change = CreateTab | AddColumns | PinColumns | AddRows | ClearWords
"""What is done to a spreadsheet's shape. Only fresh rows and columns ever get content by it."""


class Write(msgspec.Struct, frozen=True):
    """Cells of one pinned column, by row; a text is written as text and never read as a formula."""

    tab: Tab
    column: str
    cells: Mapping[int, Cell]
