"""Rows that people typed or pasted into a tab: whole, under all headers, and known again.

Such a row has no key yet. It gets one by a write to its number, and whoever sorts the sheet in
that split second makes the key land elsewhere: so the next look has to show the key in a row that
reads as the one it was meant for, before anything else is written there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec

from ingagents.core.sheet.layout import PERSON_COLUMNS
from ingagents.core.sheet.orphans import Back
from ingagents.core.sheet.table import Table, cell_text
from ingagents.model.spreadsheet import Cell, TabLook

Content = tuple[tuple[str, int], ...]
"""What stands in a row, in whatever order of columns."""


class TypedRows(msgspec.Struct, frozen=True, kw_only=True):
    """By row the texts in it, under `headers`; a header that says nothing of a person is ""."""

    headers: tuple[str, ...]
    rows: Mapping[int, tuple[str, ...]]


def typed_rows(table: Table, look: TabLook, back: Back, *, answered: str) -> TypedRows:
    """The rows below the header that are nobody's and hold more than an answer of ours.

    Where something has yet to be put `back`, a row is not as people wrote it, and waits.
    """
    places = {name: look.columns[name].position for name in table.columns}
    raw = look.top[table.header] if table.header < len(look.top) else ()
    headers = [cell_text(cell) for cell in raw]
    headers += [""] * (max(places.values(), default=-1) + 1 - len(headers))
    for name, place in places.items():
        headers[place] = name if name in PERSON_COLUMNS else ""
    beside = {places[name] for name in (answered, table.tab.key) if name in places}
    waiting = {row for cells in back.values() for row in cells}
    rows: dict[int, tuple[str, ...]] = {}
    for row in table.nobodys():
        if row < table.header or row in waiting:
            continue
        line = tuple(cell_text(cell) for cell in _line(look, row))
        if any(text for at, text in enumerate(line) if at not in beside):
            rows[row] = (*line, *("",) * (len(headers) - len(line)))
    return TypedRows(headers=tuple(headers), rows=rows)


def answers_alone(table: Table, *, answered: str) -> Iterator[int]:
    """Rows of nobody's below the header that hold our answer and nothing else of ours."""
    for row in table.nobodys():
        names = (table.tab.key, *table.tab.machine)
        filled = [name for name in names if table.at(row, name) != ""]
        if row > table.header and filled == [answered]:
            yield row


def content_of(look: TabLook, row: int, *, beside: Collection[int]) -> Content:
    """What a row holds in all columns but some; the same wherever row and columns stand by now."""
    said = Counter(
        text
        for at, cell in enumerate(_line(look, row))
        if at not in beside and (text := cell_text(cell))
    )
    return tuple(sorted(said.items()))


def landed(table: Table, look: TabLook, meant: Mapping[str, Content]) -> Table:
    """The table without the keys that do not stand in the row they were `meant` for."""
    beside = {table.key_position}
    wrong = {
        key
        for key, content in meant.items()
        for row in table.persons.get(key, ())
        if content_of(look, row, beside=beside) != content
    }
    kept = {key: rows for key, rows in table.persons.items() if key not in wrong}
    return msgspec.structs.replace(table, persons=kept) if wrong else table


def _line(look: TabLook, row: int) -> Sequence[Cell]:
    """A row whole; below the upper rows what stands in our columns."""
    if row < len(look.top):
        return look.top[row]
    line: list[Cell] = [""] * (1 + max((one.position for one in look.columns.values()), default=-1))
    for found in look.columns.values():
        if row < len(found.cells):
            line[found.position] = found.cells[row]
    return line
