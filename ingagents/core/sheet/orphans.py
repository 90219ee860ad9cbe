"""What was written into a tab and may have landed in a row that is nobody's, and its way back.

A write goes to rows by number. Whoever sorts, inserts or deletes rows in that split second makes it
land elsewhere. In a row of a lead's the next look shows that and the row is written anew; in a row
that is nobody's only what was written there can tell our words from the team's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b

import msgspec

from ingagents.core.sheet.layout import MARKS, PERSON_COLUMNS
from ingagents.core.sheet.table import Table, cell_text, same
from ingagents.model.spreadsheet import AddRows, Cell, Write

Back = dict[str, dict[int, Cell]]
"""By column and row: what belongs into a cell that our words landed in."""

_HEADER, _NOBODY = "", "-"
"""Whose the header row is, and the rows that are nobody's, among the keys of rows."""

_CELLS_KEPT, _LINES_KEPT = 20_000, 500

Line = tuple[Cell, ...]
"""A row in the department's columns, the key first; "" in one that was not there."""


class Written(msgspec.Struct, frozen=True, omit_defaults=True):
    """Cells that were written and not seen since, and what nobody's rows said before.

    `cells` gives for each column the digests of what was written, and for whom: what people are
    told of a person is not kept a second time, and is known again when that person was erased.
    """

    cells: dict[str, dict[str, tuple[str, ...]]] = {}
    lines: tuple[Line, ...] = ()

    def whose(self, column: str) -> frozenset[str]:
        """For whom something was written into a column."""
        return frozenset(key for keys in self.cells.get(column, {}).values() for key in keys)

    def bounded(self) -> Written:
        """As much of it as is kept from one sync to the next: the first 20,000 cells, 500 rows."""
        left, cells = _CELLS_KEPT, {}
        for name, digests in self.cells.items():
            cells[name] = dict(list(digests.items())[: max(left, 0)])
            left -= len(cells[name])
        return Written(cells, tuple(line for line in self.lines if any(line))[:_LINES_KEPT])


class Strays(msgspec.Struct, frozen=True):
    """What a look shows of cells that were written: how to undo it, and which ones those are."""

    back: Back
    found: Written


def written(table: Table, writes: Sequence[Write], add: AddRows | None, back: Back) -> Written:
    """What these writes put into a tab that stood like this, and how nobody's rows will read then."""
    whose = {row: key for key, rows in table.persons.items() for row in rows}
    whose[table.header] = _HEADER
    if add is not None:
        whose |= dict(enumerate(add.keys, start=add.at))
    cells: dict[str, dict[str, tuple[str, ...]]] = {}
    for write in writes:
        digests = cells.setdefault(write.column, {})
        for row, cell in write.cells.items():
            sign = _digest(cell)
            digests[sign] = (*digests.get(sign, ()), whose.get(row, _NOBODY))
    return Written(cells, tuple(_lines(table, back)))


def joined(one: Written, other: Written) -> Written:
    """Both as one; the rows are as the second knew them."""
    names = one.cells.keys() | other.cells.keys()
    cells = {}
    for name in names:
        cells[name] = dict(one.cells.get(name, {}))
        for sign, keys in other.cells.get(name, {}).items():
            cells[name][sign] = (*cells[name].get(sign, ()), *keys)
    return Written(cells, other.lines)


def strays(table: Table, done: Written, *, at_once: bool = False) -> Strays:
    """Cells of ours in rows that are nobody's, with what belongs there.

    Later than `at_once`, what stands with everybody it was written for has landed where it should:
    the same words in a row of the team's are the team's. A row that held something of its own
    before gets that back, if it is known again by the rest of the row; else our words are taken
    out; where that is a key alone, in a copy of somebody's row, the copy gets its own key back.
    What was found once is astray until it is not found any more.
    """
    names = [name for name in (table.tab.key, *table.tab.machine) if name in table.columns]
    astray = {
        name: dict(cells) if at_once else _astray(table, name, cells)
        for name in names
        for cells in [done.cells.get(name, {})]
    }
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    if over := _over_other_keys(table):
        found[table.tab.key] = over
    if not any(astray.values()):
        return Strays({}, Written(found))
    places = [(table.tab.key, *table.tab.machine).index(name) for name in names]
    before = [tuple(line[place] for place in places) for line in done.lines]
    now = [(row, tuple(table.at(row, name) for name in names)) for row in table.nobodys()]
    known = Counter(before)
    left = list((known - Counter(line for _, line in now)).elements())
    met: Counter[Line] = Counter()
    back: Back = {}
    for row, line in now:
        met[line] += 1
        if met[line] <= known[line] or not any(cell != "" for cell in line):
            continue
        signs = {
            at: sign for at, cell in enumerate(line) if (sign := _digest(cell)) in astray[names[at]]
        }
        match = _said_before(line, signs.keys(), left)
        if match is not None:
            left.remove(match)
        elif line in known:
            continue  # somebody copied a row of their own
        only_key = [names[at] for at in signs] == [table.tab.key]
        twin = _twin_of(table, row) if only_key else ""
        for at, sign in signs.items():
            belongs = match[at] if match is not None else twin
            if not same(line[at], belongs):
                back.setdefault(names[at], {})[row] = belongs
                found.setdefault(names[at], {})[sign] = (*astray[names[at]][sign], _NOBODY)
    return Strays(back, Written(found))


def _twin_of(table: Table, row: int) -> str:
    """Whose row this one is a copy of, by its marks; "" when it is nobody's or several people's."""
    twins = {
        key
        for key, rows in table.persons.items()
        for pair in MARKS.get(table.tab.kind, ())
        if not PERSON_COLUMNS.issuperset(pair)  # a typed row may say the same, and is no copy
        and all(table.at(row, name) != "" for name in pair)
        and any(
            all(same(table.at(row, name), table.at(one, name)) for name in pair) for one in rows
        )
    }
    return twins.pop() if len(twins) == 1 else ""


def _over_other_keys(table: Table) -> dict[str, tuple[str, ...]]:
    """Keys in rows that are somebody else's by their marks: till they are gone they prove nothing."""
    return {
        _digest(cell): (said, _NOBODY)
        for key, rows in table.persons.items()
        for row in rows
        if (said := cell_text(cell := table.at(row, table.tab.key))) != key
        and said in table.persons
    }


def _astray(
    table: Table, name: str, digests: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """Those of the written cells of a column that somebody they were written for does not say."""
    return {
        sign: tuple(keys)
        for sign, keys in digests.items()
        if not all(_says(table, key, name, sign) for key in set(keys))
    }


def _says(table: Table, key: str, name: str, sign: str) -> bool:
    rows = (table.header,) if key == _HEADER else table.persons.get(key, ())
    return bool(rows) and all(_digest(table.at(row, name)) == sign for row in rows)


def _lines(table: Table, back: Back) -> Iterator[Line]:
    for row in table.nobodys():
        yield tuple(
            back.get(name, {}).get(row, table.at(row, name))
            for name in (table.tab.key, *table.tab.machine)
        )


def _said_before(line: Line, suspect: Iterable[int], left: Sequence[Line]) -> Line | None:
    """The row as it was that differs only where our words stand now."""
    places = set(suspect)
    for one in left:
        if all(at in places or same(cell, one[at]) for at, cell in enumerate(line)):
            return one
    return None


def _digest(cell: Cell) -> str:
    said = f"t{cell}" if isinstance(cell, str) else f"n{float(cell):.9g}"
    return blake2b(said.encode("utf-8", "replace"), digest_size=8).hexdigest()
