"""A tab as a table: rows by their keys, columns by their headers, wherever both stand.

Nothing in here trusts a position that people can change: the header row is found by the headers,
a column by its pin and its header, a row by its key, and a row that lost its key by its marks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec

from ingagents.core.sheet.layout import MARKS
from ingagents.model.spreadsheet import AddColumns, Cell, PinColumns, Tab, TabLook

_TOP_ROWS = 50
"""In so many upper rows a header is looked for."""

Row = tuple[Cell, ...]
"""What the department says stands in a row: the cells of `tab.machine`, in its order."""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A tab's rows. `persons` gives each known key its rows, duplicates included, upper ones first."""

    tab: Tab
    sheet_id: int
    header: int
    columns: Mapping[str, tuple[Cell, ...]]
    persons: Mapping[str, tuple[int, ...]]
    height: int
    key_position: int

    def at(self, row: int, column: str) -> Cell:
        """A cell; "" outside."""
        cells = self.columns.get(column, ())
        return cells[row] if row < len(cells) else ""

    def nobodys(self) -> Iterator[int]:
        """Rows that are not ours: the team's own ones, blank ones, those above the header."""
        taken = {row for rows in self.persons.values() for row in rows}
        taken.add(self.header)
        return (row for row in range(self.height) if row not in taken)


def mend(tab: Tab, look: TabLook) -> list[AddColumns | PinColumns]:
    """What has to be put right: missing columns, lost pins.

    A column of the department's that has no pin is taken over only where nothing has one (a copy
    of our sheet, or a tab prepared for us): elsewhere somebody has made it for words of their own.
    """
    header = _header_row(tab, look)
    line = [str(cell).strip() for cell in look.top[header]] if header < len(look.top) else []
    fine = _fine_columns(tab, look, header)
    used = {look.columns[name].position for name in fine}
    adopting = not look.columns and tab.key in line
    lost: list[tuple[str, int]] = []
    gone: list[str] = []
    for column in tab.columns:
        if column.name in fine:
            continue
        places = [at for at, text in enumerate(line) if text == column.name and at not in used]
        if places and (adopting or column.human):
            lost.append((column.name, places[0]))
            used.add(places[0])
        else:
            gone.append(column.name)
    changes: list[AddColumns | PinColumns] = []
    if lost:
        changes.append(PinColumns(tab, look.sheet_id, tuple(lost)))
    if gone:
        behind = max([len(line), *(len(row) for row in look.top)], default=0)
        behind = max([behind, *(column.position + 1 for column in look.columns.values())])
        changes.append(AddColumns(tab, look.sheet_id, tuple(gone), behind, header))
    return changes


def as_table(
    tab: Tab,
    look: TabLook,
    wanted: Mapping[str, Row],
    *,
    unsure: Collection[str] = (),
    added: Collection[str] = (),
    typed: Collection[str] = (),
) -> Table:
    """The tab as a table of the columns that need no mending.

    `wanted` holds the rows there should be: a row without a key, or with a key that is nobody's
    or somebody else's, is known by its marks if exactly one row that is missing has them. Of keys
    that were put back and may have landed in another row (`unsure`) the marks know better; of rows
    that were only just `added` they do not: those landed in a row that somebody copied meanwhile.
    Of keys that were just put into rows that people `typed` they know nothing yet.
    """
    header = _header_row(tab, look)
    columns = {name: look.columns[name].cells for name in _fine_columns(tab, look, header)}
    height = max((len(cells) for cells in columns.values()), default=0)
    persons: dict[str, list[int]] = {}
    keys = columns.get(tab.key, ())
    for row, cell in enumerate(keys):
        key = cell_text(cell)
        if row != header and key in wanted:
            persons.setdefault(key, []).append(row)
    table = Table(
        tab=tab,
        sheet_id=look.sheet_id,
        header=header,
        columns=columns,
        persons={key: tuple(rows) for key, rows in persons.items()},
        height=height,
        key_position=look.columns[tab.key].position if tab.key in look.columns else 0,
    )
    marked = {key: row for key, row in wanted.items() if key not in typed} if typed else wanted
    healed = _known_by_marks(table, marked, unsure, added)
    return msgspec.structs.replace(table, persons=healed) if healed else table


def same(one: Cell, other: Cell) -> bool:
    """Whether two cells say the same; a number is not the same as its text."""
    if isinstance(one, str) or isinstance(other, str):
        return isinstance(one, str) and isinstance(other, str) and one == other
    return abs(float(one) - float(other)) < 1e-9


def cell_text(cell: Cell) -> str:
    """A cell as somebody meant it: without blanks around, whole numbers without a point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _header_row(tab: Tab, look: TabLook) -> int:
    """Where most of our headers stand; the first row when they stand nowhere."""
    votes: Counter[int] = Counter()
    for name, found in look.columns.items():
        if name in found.cells:
            votes[found.cells.index(name)] += 1
    if not votes:
        names = {column.name for column in tab.columns}
        for row, line in enumerate(look.top[:_TOP_ROWS]):
            votes[row] = len(names & {str(cell).strip() for cell in line})
    if not votes:
        return 0
    (row, count), *_ = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))
    return row if count else 0


def _fine_columns(tab: Tab, look: TabLook, header: int) -> list[str]:
    """The pinned columns that are still meant as they were: the header says so, or nothing else.

    The column of the keys stays what it is whatever its header says: its cells prove it.
    """
    fine = []
    for name, found in look.columns.items():
        said = str(found.cells[header]).strip() if header < len(found.cells) else ""
        if said in {name, ""} or name == tab.key:
            fine.append(name)
    return fine


def _known_by_marks(
    table: Table, wanted: Mapping[str, Row], unsure: Collection[str], added: Collection[str]
) -> dict[str, tuple[int, ...]] | None:
    """The persons with rows that lost their keys; None when there is nothing to heal."""
    pairs = [
        pair
        for pair in MARKS.get(table.tab.kind, ())
        if all(name in table.columns for name in pair)
    ]
    missing = [key for key in wanted if key not in table.persons or key in unsure]
    if not missing or not pairs:
        return None
    by_marks = _marked(table.tab, pairs, {key: wanted[key] for key in missing})
    nobodys = set(table.nobodys())
    doubtful = sorted(nobodys)
    doubtful += [
        row for key, rows in table.persons.items() if len(rows) > 1 or key in unsure for row in rows
    ]
    found: dict[str, list[int]] = {}
    for row in doubtful:
        signs = ((pair, tuple(table.at(row, name) for name in pair)) for pair in pairs)
        known = {by_marks[sign] for sign in signs if sign in by_marks} - {""}
        if len(known) == 1 and (row in nobodys or not known & set(added)):
            found.setdefault(known.pop(), []).append(row)
    if not found:
        return None
    moved = {row for rows in found.values() for row in rows}
    kept = {
        key: left
        for key, rows in table.persons.items()
        if key not in found and (left := tuple(row for row in rows if row not in moved))
    }
    return {**kept, **{key: tuple(sorted(rows)) for key, rows in found.items()}}


_Sign = tuple[tuple[str, str], tuple[Cell, ...]]


def _marked(
    tab: Tab, pairs: Sequence[tuple[str, str]], rows: Mapping[str, Row]
) -> dict[_Sign, str]:
    """The key that goes with each pair of marks; "" where several rows have the same."""
    found: dict[_Sign, str] = {}
    for pair in pairs:
        first, second = (tab.machine.index(name) for name in pair)
        for key, row in rows.items():
            if row[first] != "" and row[second] != "":
                sign = (pair, (row[first], row[second]))
                found[sign] = "" if sign in found else key
    return found
