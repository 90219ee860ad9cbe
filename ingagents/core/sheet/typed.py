"""Rows that people typed or pasted into a tab: whole, under all headers, and known again.

Such a row has no key yet. It gets one by a write to its number, and whoever sorts the sheet in
that split second makes the key land elsewhere: so the next look has to show the key in a row that
reads as the one it was meant for, before anything else is written there.

A table that was pasted with a header row of its own is read under that. Its cells stand under headers
of the tab that have nothing to do with them: so its rows stay as they are, and whoever is taken
from one gets a row of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import msgspec

from ingagents.core.sheet.answers import read_veto
from ingagents.core.sheet.layout import PERSON_COLUMNS, VETO
from ingagents.core.sheet.orphans import Back
from ingagents.core.sheet.table import Table, cell_text
from ingagents.model.spreadsheet import Cell, Column, Tab, TabLook

Content = tuple[tuple[str, int], ...]
"""What stands in a row, in whatever order of columns."""


Line = tuple[str, ...]
"""A row's cells as texts, by position."""

Heads = Callable[[Line, Sequence[Line]], bool]
"""Whether a row is the header of those below it."""

HEADS = "the header of the rows below"
"""The answer to a header row. It marks the column that its table is answered in."""

_BELOW_LOOKED_AT = 50
"""So many rows show whether the one above them is their header."""


class TypedRows(msgspec.Struct, frozen=True, kw_only=True):
    """By row the texts in it, under `headers`; a header that says nothing of a person is "".

    `head` is the row of a header that was pasted with them, None under the tab's own. `answered` is
    the column their answers go to; "" where a pasted table covers all that could hold one.
    """

    headers: Line
    rows: Mapping[int, Line]
    answered: str
    head: int | None = None

    @property
    def vetoed(self) -> dict[int, str]:
        """By row what stands under a pasted Veto and is not plainly none."""
        places = [at for at, text in enumerate(self.headers) if text == VETO]
        said = {row: line[at] for at in places for row, line in self.rows.items() if at < len(line)}
        return {row: text for row, text in said.items() if read_veto(text) != "clear"}


def typed_rows(
    table: Table, look: TabLook, back: Back, *, answered: str, heads: Heads
) -> tuple[TypedRows, ...]:
    """The rows below the header that are nobody's and hold more than an answer of ours.

    First those under the tab's own header, then each table that was pasted with one of its own: its
    rows end with a blank row, a row of ours, or the next header. Where something has yet to be put
    `back`, a row is not as people wrote it, and waits with those below it. Where a look shows our
    columns alone, no row is read as a header.
    """
    places = {name: look.columns[name].position for name in table.columns}
    headers = own_headers(table, look)
    beside = {places[name] for name in (answered, table.tab.key) if name in places}
    waiting = {row for cells in back.values() for row in cells}
    whole = len(look.top) >= table.height
    under_ours: dict[int, Line] = {}
    pasted: list[tuple[int, dict[int, Line]]] = []
    for run in _runs(table, look, waiting, beside):
        inside: dict[int, Line] = under_ours
        lines = list(run.values())
        for at, (row, line) in enumerate(run.items(), start=1):
            if whole and heads(_without_mark(line), lines[at : at + _BELOW_LOOKED_AT]):
                inside = {}
                pasted.append((row, inside))
            else:
                inside[row] = (*line, *("",) * (len(headers) - len(line)))
    ours = TypedRows(headers=tuple(headers), rows=under_ours, answered=answered)
    return (ours, *(_pasted(table, look, row, rows, places, answered) for row, rows in pasted))


def own_headers(table: Table, look: TabLook) -> list[str]:
    """The headers of a tab as people read them; "" over those of our columns that tell of no person."""
    places = {name: look.columns[name].position for name in table.columns}
    raw = look.top[table.header] if table.header < len(look.top) else ()
    headers = [cell_text(cell) for cell in raw]
    headers += [""] * (max(places.values(), default=-1) + 1 - len(headers))
    for name, place in places.items():
        headers[place] = name if name in PERSON_COLUMNS else ""
    return headers


def with_own_columns(
    table: Table, look: TabLook, own: Mapping[str, int], said: Callable[[str], str]
) -> Table:
    """The table with the team's own columns, whose cells say what `said` makes of them.

    Only for reading: nothing is ever written there. Where a look does not show the tab whole, those
    columns are out of sight.
    """
    if len(look.top) < table.height:
        return table
    columns = {
        name: tuple(said(cell_text(line[place])) if place < len(line) else "" for line in look.top)
        for name, place in own.items()
    }
    more = tuple(Column(name, human=True) for name in columns)
    tab = msgspec.structs.replace(table.tab, columns=(*table.tab.columns, *more))
    return msgspec.structs.replace(table, tab=tab, columns={**table.columns, **columns})


def _runs(
    table: Table, look: TabLook, waiting: Collection[int], beside: Collection[int]
) -> Iterator[dict[int, Line]]:
    """Rows of nobody's below the header that stand together, with nothing blank between them."""
    run: dict[int, Line] = {}
    before = waits = -1
    for row in table.nobodys():
        if row < table.header:
            continue
        line = tuple(cell_text(cell) for cell in _line(look, row))
        blank = not any(text for at, text in enumerate(line) if at not in beside)
        if run and (blank or row != before + 1):
            yield run
            run = {}
        if blank:
            continue
        if row in waiting or row == waits + 1:
            waits = row  # it may be the header of what stands below it
        else:
            run[row] = line
        before = row
    if run:
        yield run


def _without_mark(line: Line) -> Line:
    return tuple("" if text == HEADS else text for text in line)


def _pasted(
    table: Table,
    look: TabLook,
    head: int,
    rows: Mapping[int, Line],
    places: Mapping[str, int],
    answered: str,
) -> TypedRows:
    """A table under its own header, without the column that its answers go to."""
    header = tuple(cell_text(cell) for cell in _line(look, head))
    name = _answer_column(table.tab, header, tuple(rows.values()), places, answered)
    aside = {places[name]} if name else set()
    ours = {table.tab.key, *table.tab.machine} - PERSON_COLUMNS
    headers = ("" if at in aside or text in ours else text for at, text in enumerate(header))
    return TypedRows(
        headers=tuple(headers),
        rows={
            row: tuple("" if at in aside else text for at, text in enumerate(line))
            for row, line in rows.items()
        },
        answered=name,
        head=head,
    )


def _answer_column(
    tab: Tab, header: Line, lines: Sequence[Line], places: Mapping[str, int], answered: str
) -> str:
    """The department's column in which a pasted table holds nothing of its own; "" for none.

    That of the answers where it can be. Never one in which people say who somebody is: what is left
    of an answer there would be read as a name by the next who types into that row.
    """

    def said(name: str) -> str:
        return header[places[name]] if places[name] < len(header) else ""

    def is_filled(name: str) -> bool:
        return any(line[places[name]] for line in lines if places[name] < len(line))

    if said(answered) in {"", HEADS} or not is_filled(answered):
        return answered
    others = [name for name in tab.machine if name in places and name not in PERSON_COLUMNS]
    marked = [name for name in others if said(name) == HEADS]
    free = [name for name in others if not said(name) and not is_filled(name)]
    end = max((at for at, text in enumerate(header) if text), default=0)
    nearest = sorted(free, key=lambda name: (places[name] < end, places[name]))
    return next(iter((*marked, *nearest)), "")


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
