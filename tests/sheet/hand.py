"""Somebody at work in the sheet at the worst moment, and the proof that no word was lost.

The hand acts on the spreadsheet itself, as a person in the browser does. After each of its acts
the proof takes down where every word stands; whatever the department does then must leave each
word in its column and with its person.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from ingagents.core.sheet.layout import NOTES, OWNER, STAGE
from ingagents.model.spreadsheet import Tab
from ingagents.sandbox.google_sheets.api import SheetsFace
from ingagents.sandbox.google_sheets.grid import Area, Grid, Value
from ingagents.sandbox.google_sheets.workbook import Book

TYPED_OVER = "typed-over-"
"""What stands in a key cell that somebody typed over."""

Words = dict[str, tuple[str, str, str]]
"""By word: the header of its column, the key of its row ("" in the team's own rows), and the name."""


GUEST = "https://www.linkedin.com/in/guest-"
"""Where the addresses of people begin whose rows are pasted."""

PASTED = "Ada Lund-"
"""How their names begin."""

TABLE_HEADERS = (
    ("First Name", "Last Name", "URL", "Email Address", "Company", "Position"),
    ("Full name", "Default Profile Url", "Company Name", "Current Job Title", "Veto"),
    ("Nom", "Prénom", "Société", "Profil LinkedIn"),
)

STAGES = ("Meeting", "won", "Lost: no budget", "In discussion", "nonsense")


class Hand:
    """Acts at random, seeded. `log` tells what it did, for a failing test."""

    acts: tuple[str, ...] = (
        *(
            "sort",
            "sort",
            "sort",
            "insert_rows",
            "insert_rows",
            "delete_row",
            "move_rows",
            "move_rows",
        ),
        *("insert_column", "delete_column", "move_column", "move_column", "move_column"),
        *("rename_column", "write_note", "write_note", "write_note", "write_own_cell"),
        *("write_own_row", "type_over", "copy_row", "filter", "nothing"),
        *("paste_person", "paste_person", "write_stage", "write_stage"),
    )

    def __init__(self, face: SheetsFace, tab: Tab, seed: object) -> None:
        self.face = face
        self.tab = tab
        self.chance = random.Random(f"hand/{seed}")
        self.log: list[str] = []
        self.known: dict[str, str] = {}
        """People's names by their keys: a word in such a row must stay with them."""
        self.pasted: set[str] = set()
        """What stands in tables that were pasted, and may come to stand under any header."""
        self._words = 0
        self._copied: dict[str, int] = {}

    def copied(self) -> set[str]:
        """The names in rows that were copied not long ago.

        Such a row may have lost its key; whose it says the same as is told by the next sync, or by
        the one after where the column that would tell it was deleted meanwhile.
        """
        now = self.log.count("--- sync")
        return {name for name, at in self._copied.items() if now - at <= 2}

    def act(self, times: int = 1) -> None:
        """Do a few things."""
        with self.face.shelf.open() as book:
            grid = self._grid(book)
            if grid is None:
                return
            for _ in range(times):
                kind = self.chance.choice(self.acts)
                self.log.append(kind)
                getattr(self, kind)(grid)

    def words(self) -> Words:
        """Every word of people's and where it stands."""
        with self.face.shelf.open() as book:
            grid = self._grid(book)
            return {} if grid is None else words_of(grid, self.tab)

    def standing(self) -> set[str]:
        """The keys that stand in the tab."""
        with self.face.shelf.open() as book:
            grid = self._grid(book)
            rows = range(grid.last_row()) if grid is not None else ()
            return {key_of(grid, self.tab, row) for row in rows} if grid is not None else set()

    def word(self) -> str:
        """A word nobody has written before."""
        self._words += 1
        return f"word-{self._words}"

    def _grid(self, book: Book) -> Grid | None:
        return next((grid for grid in book.grids if grid.title == self.tab.title), None)

    # --- what people do --------------------------------------------------------------------------

    def sort(self, grid: Grid) -> None:
        column = self.chance.randrange(grid.column_count)
        top = header_of(grid, self.tab) + 1
        bottom = grid.last_row()
        if bottom > top:
            area = Area(top, 0, bottom, grid.column_count)
            grid.sort(area, [(column, self.chance.random() < 0.5)])

    def insert_rows(self, grid: Grid) -> None:
        grid.insert("ROWS", self._row(grid), self.chance.randint(1, 3))

    def delete_row(self, grid: Grid) -> None:
        row = self._row(grid)
        if row != header_of(grid, self.tab) and row < grid.row_count:
            grid.delete("ROWS", row, row + 1)

    def move_rows(self, grid: Grid) -> None:
        row = self._row(grid)
        if row < grid.row_count:
            grid.move("ROWS", row, row + 1, self._row(grid))

    def insert_column(self, grid: Grid) -> None:
        at = self.chance.randrange(grid.column_count + 1)
        grid.insert("COLUMNS", at, 1)
        name = self.chance.choice([f"Mine {self.word()}", *self.tab.machine[:3], NOTES])
        grid.put(header_of(grid, self.tab), at, name)
        if name in self.tab.machine:  # a second column of that name, with words of their own
            for row in self._lead_rows(grid)[:2]:
                grid.put(row, at, self.word())

    def delete_column(self, grid: Grid) -> None:
        if grid.column_count > 12:
            at = self.chance.randrange(grid.column_count)
            grid.delete("COLUMNS", at, at + 1)

    def move_column(self, grid: Grid) -> None:
        at = self.chance.randrange(grid.column_count)
        grid.move("COLUMNS", at, at + 1, self.chance.randrange(grid.column_count + 1))

    def rename_column(self, grid: Grid) -> None:
        at = self.chance.randrange(grid.column_count)
        if self.chance.random() < 0.3:
            grid.put(header_of(grid, self.tab), at, f"Renamed {self.word()}")

    def write_note(self, grid: Grid) -> None:
        header = header_of(grid, self.tab)
        places = [at for at in range(grid.column_count) if grid.at(header, at) in {NOTES, OWNER}]
        rows = self._lead_rows(grid)
        if places and rows:
            grid.put(self.chance.choice(rows), self.chance.choice(places), self.word())

    def write_own_cell(self, grid: Grid) -> None:
        header = header_of(grid, self.tab)
        own = [at for at in range(grid.column_count) if str(grid.at(header, at)).startswith("Mine")]
        rows = self._lead_rows(grid)
        if own and rows:
            grid.put(self.chance.choice(rows), self.chance.choice(own), self.word())

    def write_own_row(self, grid: Grid) -> None:
        """A row of the team's, behind everything or in between, with words in several columns."""
        at = self.chance.choice([grid.last_row(), self._row(grid)])
        grid.insert("ROWS", min(at, grid.row_count), 1)
        header = header_of(grid, self.tab)
        free = [c for c in range(grid.column_count) if grid.at(header, c) != self.tab.key]
        for column in self.chance.sample(free, k=min(4, len(free))):
            grid.put(at, column, self.word())

    def paste_person(self, grid: Grid) -> None:
        """A row with a new person, or with one that was pasted before, anywhere."""
        header = header_of(grid, self.tab)
        places = {str(grid.at(header, at)): at for at in range(grid.column_count)}
        if "Name" not in places or "LinkedIn URL" not in places:
            return
        number = self.chance.randint(1, 12)
        at = max(self.chance.choice([grid.last_row(), self._row(grid)]), header + 1)
        grid.insert("ROWS", min(at, grid.row_count), 1)
        grid.put(at, places["Name"], f"{PASTED}{number}")
        grid.put(at, places["LinkedIn URL"], f"{GUEST}{number}")
        if NOTES in places:
            grid.put(at, places[NOTES], self.word())

    def paste_table(self, grid: Grid) -> None:
        """A table with a header of its own, as an export has it, behind everything or in between."""
        own = [
            f"Own {self.word()}" for _ in range(self.chance.choice([0, 2, 9, grid.column_count]))
        ]
        header = [*self.chance.choice(TABLE_HEADERS), *own]
        self.chance.shuffle(header)
        numbers = [self.chance.randint(13, 40) for _ in range(self.chance.randint(0, 4))]
        rows = [[_cell_of(name, number, self.word) for name in header] for number in numbers]
        self.pasted |= {text for cells in (header, *rows) for text in cells}
        at = max(
            self.chance.choice([grid.last_row(), self._row(grid)]), header_of(grid, self.tab) + 1
        )
        place = self.chance.choice([0, 0, 0, 3])
        grid.insert("ROWS", min(at, grid.row_count), len(rows) + 1)
        missing = place + len(header) - grid.column_count
        if missing > 0:
            grid.insert("COLUMNS", grid.column_count, missing)
        for row, cells in enumerate([header, *rows], at):
            for column, value in enumerate(cells, place):
                grid.put(row, column, value)

    def write_stage(self, grid: Grid) -> None:
        header, rows = header_of(grid, self.tab), self._lead_rows(grid)
        places = [at for at in range(grid.column_count) if grid.at(header, at) == STAGE]
        if places and rows:
            grid.put(self.chance.choice(rows), places[0], self.chance.choice(STAGES))

    def type_over(self, grid: Grid) -> None:
        """Over one of the department's own cells, even its key."""
        header = header_of(grid, self.tab)
        names = {self.tab.key, *self.tab.machine}
        places = [c for c in range(grid.column_count) if grid.at(header, c) in names]
        rows = self._lead_rows(grid)
        if not places or not rows:
            return
        column = self.chance.choice(places)
        typed: list[Value] = ["", "typed over", 7.0]
        text = self.chance.choice(typed)
        if grid.at(header, column) == self.tab.key:
            text = f"{TYPED_OVER}{self.word()}"
        grid.put(self.chance.choice(rows), column, text)

    def copy_row(self, grid: Grid) -> None:
        rows = self._lead_rows(grid)
        if rows:
            row = self.chance.choice(rows)
            line = [grid.at(row, column) for column in range(grid.column_count)]
            kept = {self.tab.key, *self.tab.machine}
            at = self._row(grid)
            grid.insert("ROWS", at, 1)
            for column, value in enumerate(line):
                if grid.at(header_of(grid, self.tab), column) in kept:
                    grid.put(at, column, value)
                    self._copied[str(value)] = self.log.count("--- sync")

    def filter(self, grid: Grid) -> None:
        grid.rules = [rule for rule in grid.rules if rule["kind"] != "filter"]
        grid.rules.append({"kind": "filter", "range": {"sheetId": grid.sheet_id}})
        grid.changed = True

    def nothing(self, grid: Grid) -> None:
        del grid

    # --- where ------------------------------------------------------------------------------------

    def _row(self, grid: Grid) -> int:
        """Any row down to a few behind the last one."""
        return self.chance.randrange(grid.last_row() + 3)

    def _lead_rows(self, grid: Grid) -> list[int]:
        header = header_of(grid, self.tab)
        return [row for row in range(grid.last_row()) if row != header and self._key(grid, row)]

    def _key(self, grid: Grid, row: int) -> str:
        return key_of(grid, self.tab, row)


def _cell_of(header: str, number: int, word: Callable[[], str]) -> str:
    """What stands below a header of a pasted table, of one of its people."""
    if header in {"URL", "Default Profile Url", "Profil LinkedIn"}:
        return f"{GUEST}{number}"
    if header in {"First Name", "Prénom", "Full name"}:
        return f"{PASTED}{number}"
    if header == "Veto":
        return "no"
    return word() if header.startswith("Own") else f"{header} {number}"


def header_of(grid: Grid, tab: Tab) -> int:
    """The row with most of the tab's headers."""
    names = {column.name for column in tab.columns}
    rows = range(min(grid.last_row(), 400) or 1)
    return max(rows, key=lambda row: (len(names & set(map(str, _line(grid, row)))), -row))


def key_of(grid: Grid, tab: Tab, row: int) -> str:
    """Whose row it is."""
    column = key_column(grid, tab)
    value = grid.at(row, column) if column is not None else None
    return value if isinstance(value, str) else ""


def key_column(grid: Grid, tab: Tab) -> int | None:
    """Where the keys stand: at their pin, as nobody else may have it."""
    pin = tab.pin(tab.key)
    return next((at for at, one in enumerate(grid.columns) if pin in one.metadata), None)


def words_of(grid: Grid, tab: Tab) -> Words:
    """Words stand in people's columns, and in rows that are nobody's in any column."""
    header = header_of(grid, tab)
    ours = {pin for name in (tab.key, *tab.machine) for pin in [tab.pin(name)]}
    pin = tab.pin("Name")
    named = next((at for at, one in enumerate(grid.columns) if pin in one.metadata), None)
    found: Words = {}
    for row in range(grid.last_row()):
        key = key_of(grid, tab, row)
        name = str(grid.at(row, named)) if named is not None else ""
        for column, value in enumerate(_line(grid, row)):
            if row == header or not isinstance(value, str) or not value.startswith("word-"):
                continue
            if ours.isdisjoint(grid.columns[column].metadata):
                found[value] = (str(grid.at(header, column)), key, name)
    return found


def _line(grid: Grid, row: int) -> list[Value]:
    return list(grid.rows[row]) if row < len(grid.rows) else []
