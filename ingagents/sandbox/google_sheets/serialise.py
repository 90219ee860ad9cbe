"""A spreadsheet as `spreadsheets.get` describes it, cut down to the fields that were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ingagents.sandbox.google_sheets.grid import Area, BadRequest, Grid
from ingagents.sandbox.google_sheets.values import area_of, values_of
from ingagents.sandbox.google_sheets.workbook import Book


def spreadsheet(
    book: Book, chosen: Sequence[tuple[Grid, Area]], *, grid_data: bool
) -> dict[str, Any]:
    """The resource with its tabs; with `chosen` ranges only their tabs, and cells if wanted."""
    areas = chosen or [(grid, area_of(grid)) for grid in book.grids]
    sheets = []
    for index, grid in enumerate(book.grids):
        mine = [area for one, area in areas if one is grid]
        if mine:
            sheets.append(_sheet(grid, index, mine if grid_data else ()))
    return {
        "spreadsheetId": book.id,
        "properties": {"title": book.title, "locale": "en_US", "timeZone": "Etc/GMT"},
        "sheets": sheets,
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{book.id}/edit",
    }


def _sheet(grid: Grid, index: int, areas: Sequence[Area]) -> dict[str, Any]:
    size = {"rowCount": grid.row_count, "columnCount": grid.column_count}
    if grid.frozen_rows:
        size["frozenRowCount"] = grid.frozen_rows
    found: dict[str, Any] = {
        "properties": {
            "sheetId": grid.sheet_id,
            "title": grid.title,
            "index": index,
            "sheetType": "GRID",
            "gridProperties": size,
        }
    }
    if areas:
        found["data"] = [_data(grid, area) for area in areas]
    protected = [rule for rule in grid.rules if rule["kind"] == "protection"]
    if protected:
        found["protectedRanges"] = [
            {name: value for name, value in rule.items() if name != "kind"} for rule in protected
        ]
    return found


def _data(grid: Grid, area: Area) -> dict[str, Any]:
    lines = values_of(grid, area, option="FORMATTED_VALUE", major="ROWS")
    return {
        "startRow": area.top,
        "startColumn": area.left,
        "rowData": [
            {"values": [{"formattedValue": str(cell)} if cell != "" else {} for cell in line]}
            for line in lines
        ],
        "columnMetadata": [
            {
                "pixelSize": column.width,
                **(
                    {
                        "developerMetadata": [
                            {"metadataId": identity, **data}
                            for identity, data in column.metadata.items()
                        ]
                    }
                    if column.metadata
                    else {}
                ),
            }
            for column in grid.columns[area.left : area.right]
        ],
    }


def fields_of(value: Any, mask: str) -> Any:
    """A resource cut down by a field mask such as "sheets(properties(title)),spreadsheetId".

    Raises:
        BadRequest: the mask cannot be read.
    """
    if not mask or mask == "*":
        return value
    tree, rest = _parsed(mask, 0)
    if rest != len(mask):
        raise BadRequest(f"Invalid field mask: {mask[:100]}")
    return _cut(value, tree)


def _parsed(mask: str, at: int) -> tuple[dict[str, Any], int]:
    tree: dict[str, Any] = {}
    while at < len(mask):
        end = at
        while end < len(mask) and mask[end] not in ",()":
            end += 1
        path = mask[at:end].strip().replace("/", ".").split(".")
        below: dict[str, Any] = {}
        at = end
        if at < len(mask) and mask[at] == "(":
            below, at = _parsed(mask, at + 1)
            at += 1  # the closing bracket
        here = tree
        for name in path[:-1]:
            here = here.setdefault(name, {})
        here.setdefault(path[-1], {}).update(below)
        if at >= len(mask) or mask[at] != ",":
            break
        at += 1
    return tree, at


def _cut(value: Any, tree: dict[str, Any]) -> Any:
    if not tree or "*" in tree:
        return value
    if isinstance(value, list):
        return [_cut(one, tree) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _cut(value[name], below) for name, below in tree.items() if name in value}
