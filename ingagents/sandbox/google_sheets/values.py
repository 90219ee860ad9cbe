"""How cells are addressed and how what is typed or sent becomes a value, as Google does it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from ingagents.sandbox.google_sheets.grid import Area, BadRequest, Formula, Grid, Value

Major = Literal["ROWS", "COLUMNS"]

_CELL = re.compile(r"([A-Za-z]{0,3})([0-9]{0,7})")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_EPOCH = date(1899, 12, 30)
_PLAIN_TITLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ERROR = "#ERROR!"
"""What a formula shows: the sandbox calculates nothing, it only tells that it would."""


def taken(value: Any, option: str) -> Value:
    """A value as it is stored. RAW keeps text as text; USER_ENTERED reads it as if typed.

    Raises:
        BadRequest: it is no value a cell can hold.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return float(value)
    if not isinstance(value, str):
        raise BadRequest("Invalid values: struct_value and list_value are not allowed.")
    return value if option == "RAW" else _typed(value)


def _typed(text: str) -> Value:
    if text.startswith("'"):
        return text[1:]
    if _NUMBER.fullmatch(text):
        return float(text)
    if len(text) > 1 and text[0] in "=+":
        return Formula(text if text[0] == "=" else f"={text}")
    if text.upper() in {"TRUE", "FALSE"}:
        return text.upper() == "TRUE"
    if day := _DAY.fullmatch(text):
        try:
            return float((date(int(day[1]), int(day[2]), int(day[3])) - _EPOCH).days)
        except ValueError:
            return text
    return text


def shown(value: Value, option: str) -> Any:
    """A value as a read shows it."""
    if value is None:
        return ""
    if isinstance(value, Formula):
        return str(value) if option == "FORMULA" else _ERROR
    if isinstance(value, bool):
        return value if option != "FORMATTED_VALUE" else str(value).upper()
    if isinstance(value, str):
        return value
    number = int(value) if float(value).is_integer() else value
    return number if option != "FORMATTED_VALUE" else str(number)


def values_of(grid: Grid, area: Area, *, option: str, major: Major) -> list[list[Any]]:
    """The cells of an area as a read gives them: blank ends are left out."""
    grid.last_row()  # lets go of blank rows at the end
    if major == "COLUMNS":
        lines = [grid.column(c)[area.top : area.bottom] for c in range(area.left, area.right)]
    else:
        rows = range(area.top, min(area.bottom, len(grid.rows)))
        lines = [list(grid.rows[row][area.left : area.right]) for row in rows]
    for line in lines:
        while line and line[-1] is None:
            line.pop()
    while lines and not lines[-1]:
        lines.pop()
    return [[shown(value, option) for value in line] for line in lines]


def parse_area(grids: Sequence[Grid], text: str) -> tuple[Grid, Area]:
    """The tab and the area of a range in A1 notation: 'Tab', 'Tab'!A1:B2, Tab!C:C, A1.

    Raises:
        BadRequest: it cannot be read, or there is no such tab.
    """
    title, found, rest = text.rpartition("!")
    if not found:
        whole = _titled(grids, text)
        if whole is not None:
            return whole, area_of(whole)
        title, rest = "", text
    grid = _titled(grids, title) if title else (grids[0] if grids else None)
    if grid is None:
        raise BadRequest(f"Unable to parse range: {text}")
    first, _, last = rest.partition(":")
    start, end = _CELL.fullmatch(first), _CELL.fullmatch(last or first)
    if not first or start is None or end is None:
        raise BadRequest(f"Unable to parse range: {text}")
    top = int(start[2]) - 1 if start[2] else 0
    left = _column_number(start[1]) if start[1] else 0
    bottom = int(end[2]) if end[2] else grid.row_count
    right = _column_number(end[1]) + 1 if end[1] else grid.column_count
    if top < 0 or top >= bottom or left >= right:
        raise BadRequest(f"Unable to parse range: {text}")
    if top >= grid.row_count or left >= grid.column_count:
        raise BadRequest(
            f"Range ({text}) exceeds grid limits. Max rows: {grid.row_count}, max columns: "
            f"{grid.column_count}"
        )
    return grid, Area(top, left, min(bottom, grid.row_count), min(right, grid.column_count))


def area_of(grid: Grid) -> Area:
    """All of a tab."""
    return Area(0, 0, grid.row_count, grid.column_count)


def area_of_grid_range(grid: Grid, where: dict[str, Any]) -> Area:
    """The area of a GridRange; bounds that are left out are the tab's own."""
    return Area(
        int(where.get("startRowIndex", 0)),
        int(where.get("startColumnIndex", 0)),
        min(int(where.get("endRowIndex", grid.row_count)), grid.row_count),
        min(int(where.get("endColumnIndex", grid.column_count)), grid.column_count),
    )


def a1_of(grid: Grid, area: Area) -> str:
    """An area in A1 notation."""
    title = grid.title
    if not _PLAIN_TITLE.fullmatch(title):
        title = "'" + title.replace("'", "''") + "'"
    first = f"{column_letters(area.left)}{area.top + 1}"
    last = f"{column_letters(area.right - 1)}{area.bottom}"
    return f"{title}!{first}:{last}" if first != last else f"{title}!{first}"


def column_letters(position: int) -> str:
    """The name of a column: 0 is A, 26 is AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _titled(grids: Sequence[Grid], title: str) -> Grid | None:
    if title.startswith("'") and title.endswith("'") and len(title) > 1:
        title = title[1:-1].replace("''", "'")
    return next((grid for grid in grids if grid.title == title), None)
