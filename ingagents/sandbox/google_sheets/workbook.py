"""The simulated spreadsheet: its tabs, and the requests that change its shape.

A `batchUpdate` is all or nothing, as Google's is: it works on copies that take the tabs' places
only when every request was good.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ingagents.sandbox.google_sheets.grid import (
    CELLS_MAX,
    Area,
    BadRequest,
    ColumnState,
    Formula,
    Grid,
    Value,
)
from ingagents.sandbox.google_sheets.values import area_of, area_of_grid_range

Request = Mapping[str, Any]


class NoSuchRequest(BadRequest):
    """A kind of request that Google knows and the sandbox does not."""


class Book:
    """A spreadsheet. `grids` stand in the order of their tabs."""

    def __init__(self, book_id: str, title: str, grids: Sequence[Grid] = ()) -> None:
        self.id = book_id
        self.title = title
        self.grids = list(grids) or [Grid(0, "Sheet1")]

    def grid(self, sheet_id: object) -> Grid:
        """The tab of this id.

        Raises:
            BadRequest: there is none.
        """
        for grid in self.grids:
            if grid.sheet_id == sheet_id:
                return grid
        raise BadRequest(f"No grid with id: {sheet_id}")

    def titled(self, title: str) -> Grid:
        """The tab of this title, for who looks in from outside."""
        return next(grid for grid in self.grids if grid.title == title)

    def found_by(self, data_filter: Mapping[str, Any]) -> list[tuple[Grid, Area]]:
        """What a data filter means; nothing when its metadata is nowhere.

        Raises:
            BadRequest: the filter names a range that is not there, or says nothing.
        """
        if "gridRange" in data_filter:
            where = data_filter["gridRange"]
            grid = self.grid(where.get("sheetId", 0))
            return [(grid, area_of_grid_range(grid, where))]
        lookup = data_filter.get("developerMetadataLookup")
        if not isinstance(lookup, Mapping) or not lookup:
            raise BadRequest("Invalid data filter: exactly one kind of filter must be set.")
        return [
            (grid, Area(0, place, grid.row_count, place + 1))
            for grid in self.grids
            for place, column in enumerate(grid.columns)
            for identity, data in column.metadata.items()
            if _fits(lookup, identity, data)
        ]

    def batch_update(self, requests: Sequence[Request]) -> list[dict[str, Any]]:
        """Carry out all requests, or none; the replies in their order.

        Raises:
            BadRequest: one of them cannot be carried out; nothing was changed.
        """
        if not requests:
            raise BadRequest("Must specify at least one request.")
        kept = self.grids
        self.grids = [grid.copy() for grid in kept]
        try:
            replies = []
            for number, request in enumerate(requests):
                replies.append(self._carry_out(number, request))
            self._check_size()
        except BaseException:
            self.grids = kept
            raise
        return replies

    def _check_size(self) -> None:
        if sum(grid.row_count * grid.column_count for grid in self.grids) > CELLS_MAX:
            raise BadRequest(
                "This action would increase the number of cells in the workbook above the "
                "limit of 10000000 cells."
            )

    def _carry_out(self, number: int, request: Request) -> dict[str, Any]:
        if len(request) != 1:
            raise BadRequest(f"Invalid requests[{number}]: exactly one request must be set.")
        ((kind, body),) = request.items()
        act = _ACTS.get(kind)
        if act is None:
            raise NoSuchRequest(
                f"Invalid JSON payload received. Unknown name \"{kind}\" at 'requests[{number}]'"
            )
        try:
            return act(self, body) or {}
        except BadRequest as exc:
            raise BadRequest(f"Invalid requests[{number}].{kind}: {exc}") from exc
        except (KeyError, TypeError, ValueError, AttributeError) as exc:
            raise BadRequest(f"Invalid requests[{number}].{kind}: malformed ({exc})") from exc

    def _area(self, where: Mapping[str, Any]) -> tuple[Grid, Area]:
        grid = self.grid(where.get("sheetId", 0))
        return grid, area_of_grid_range(grid, dict(where))


def _fits(lookup: Mapping[str, Any], identity: int, data: Mapping[str, Any]) -> bool:
    if "metadataId" in lookup and lookup["metadataId"] != identity:
        return False
    names = ("metadataKey", "metadataValue")
    return all(lookup[name] == data.get(name) for name in names if name in lookup)


def _add_sheet(book: Book, body: Any) -> dict[str, Any]:
    wanted = body.get("properties", {})
    title = wanted.get("title") or f"Sheet{len(book.grids) + 1}"
    sheet_id = wanted.get("sheetId")
    if sheet_id is None:
        sheet_id = max(grid.sheet_id for grid in book.grids) + 1
    if any(grid.title == title for grid in book.grids):
        raise BadRequest(
            f'A sheet with the name "{title}" already exists. Please enter another name.'
        )
    if any(grid.sheet_id == sheet_id for grid in book.grids):
        raise BadRequest(f"A sheet with the id {sheet_id} already exists.")
    size = wanted.get("gridProperties", {})
    grid = Grid(
        sheet_id,
        title,
        row_count=size.get("rowCount", 1000),
        column_count=size.get("columnCount", 26),
    )
    grid.frozen_rows = size.get("frozenRowCount", 0)
    book.grids.insert(wanted.get("index", len(book.grids)), grid)
    shape = {"rowCount": grid.row_count, "columnCount": grid.column_count}
    properties = {"sheetId": sheet_id, "title": title, "gridProperties": shape}
    return {"addSheet": {"properties": properties}}


def _update_sheet(book: Book, body: Any) -> None:
    wanted = body["properties"]
    grid = book.grid(wanted.get("sheetId", 0))
    grid.title = wanted.get("title", grid.title)
    size = wanted.get("gridProperties", {})
    grid.frozen_rows = size.get("frozenRowCount", grid.frozen_rows)
    if (wider := size.get("columnCount", grid.column_count) - grid.column_count) > 0:
        grid.columns += [ColumnState() for _ in range(wider)]
    grid.row_count = max(grid.row_count, size.get("rowCount", 0))
    grid.changed = True


def _update_dimension(book: Book, body: Any) -> None:
    where = body["range"]
    grid = book.grid(where.get("sheetId", 0))
    width = body["properties"].get("pixelSize")
    if where["dimension"] == "COLUMNS" and width is not None:
        for column in grid.columns[where["startIndex"] : where["endIndex"]]:
            column.width = width
        grid.changed = True


def _insert(book: Book, body: Any) -> None:
    where = body["range"]
    grid = book.grid(where.get("sheetId", 0))
    grid.insert(where["dimension"], where["startIndex"], where["endIndex"] - where["startIndex"])


def _delete(book: Book, body: Any) -> None:
    where = body["range"]
    grid = book.grid(where.get("sheetId", 0))
    grid.delete(where["dimension"], where["startIndex"], where["endIndex"])


def _move(book: Book, body: Any) -> None:
    where = body["source"]
    grid = book.grid(where.get("sheetId", 0))
    grid.move(where["dimension"], where["startIndex"], where["endIndex"], body["destinationIndex"])


def _sort(book: Book, body: Any) -> None:
    grid, area = book._area(body["range"])  # noqa: SLF001  these acts are the book's own
    keys = [(s["dimensionIndex"], s.get("sortOrder") == "DESCENDING") for s in body["sortSpecs"]]
    grid.sort(area, keys)


def _update_cells(book: Book, body: Any) -> None:
    if "start" in body:
        start = body["start"]
        grid = book.grid(start.get("sheetId", 0))
        top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
    else:
        grid, area = book._area(body["range"])  # noqa: SLF001
        top, left = area.top, area.left
    _pour(grid, top, left, body.get("rows", ()))


def _pour(grid: Grid, top: int, left: int, rows: Sequence[Mapping[str, Any]]) -> None:
    for down, row in enumerate(rows):
        for across, cell in enumerate(row.get("values", ())):
            if "userEnteredValue" in cell:
                grid.put(top + down, left + across, _extended(cell["userEnteredValue"]))


def _extended(value: Mapping[str, Any]) -> Value:
    if "formulaValue" in value:
        return Formula(value["formulaValue"])
    if "numberValue" in value:
        return float(value["numberValue"])
    if "boolValue" in value:
        return bool(value["boolValue"])
    return str(value["stringValue"]) if "stringValue" in value else None


def _find_replace(book: Book, body: Any) -> dict[str, Any]:
    if "sheetId" in body:
        grid = book.grid(body["sheetId"])
        places = [(grid, area_of(grid))]
    elif "range" in body:
        places = [book._area(body["range"])]  # noqa: SLF001
    else:
        places = [(grid, area_of(grid)) for grid in book.grids]
    if body.get("searchByRegex") or body.get("includeFormulas"):
        raise BadRequest("the sandbox searches plain text only")
    changed = sum(
        grid.replace(
            area,
            str(body["find"]),
            str(body.get("replacement", "")),
            whole=bool(body.get("matchEntireCell")),
            match_case=bool(body.get("matchCase")),
        )
        for grid, area in places
    )
    return {"findReplace": {"occurrencesChanged": changed, "valuesChanged": changed}}


def _create_metadata(book: Book, body: Any) -> dict[str, Any]:
    data = dict(body["developerMetadata"])
    where = data["location"]["dimensionRange"]
    if where["dimension"] != "COLUMNS" or where["endIndex"] - where["startIndex"] != 1:
        raise BadRequest("the sandbox keeps metadata of single columns only")
    grid = book.grid(where.get("sheetId", 0))
    known = {
        identity for one in book.grids for column in one.columns for identity in column.metadata
    }
    identity = data.get("metadataId") or max(known, default=0) + 1
    if identity in known:
        raise BadRequest(f"Developer metadata with id {identity} already exists.")
    if not data.get("metadataKey") or not data.get("visibility"):
        raise BadRequest("Developer metadata needs a key and a visibility.")
    if not 0 <= where["startIndex"] < grid.column_count:
        raise BadRequest("Developer metadata must be associated with a column that is there.")
    grid.columns[where["startIndex"]].metadata[identity] = {
        name: data[name] for name in ("metadataKey", "metadataValue", "visibility") if name in data
    }
    grid.changed = True
    return {"createDeveloperMetadata": {"developerMetadata": {**data, "metadataId": identity}}}


def _delete_metadata(book: Book, body: Any) -> dict[str, Any]:
    lookup = body["dataFilter"]["developerMetadataLookup"]
    gone = []
    for grid in book.grids:
        for column in grid.columns:
            for identity in [i for i, data in column.metadata.items() if _fits(lookup, i, data)]:
                gone.append({"metadataId": identity, **column.metadata.pop(identity)})
                grid.changed = True
    return {"deleteDeveloperMetadata": {"deletedDeveloperMetadata": gone}}


def _set_validation(book: Book, body: Any) -> None:
    grid, _ = book._area(body["range"])  # noqa: SLF001
    if rule := body.get("rule"):
        grid.rules.append({"kind": "validation", "range": dict(body["range"]), "rule": rule})
        grid.changed = True


def _protect(book: Book, body: Any) -> dict[str, Any]:
    protected = body["protectedRange"]
    grid, _ = book._area(protected["range"])  # noqa: SLF001
    rest = {name: value for name, value in protected.items() if name != "range"}
    grid.rules.append({"kind": "protection", "range": dict(protected["range"]), **rest})
    grid.changed = True
    return {"addProtectedRange": {"protectedRange": protected}}


def _filter(book: Book, body: Any) -> None:
    where = body["filter"]["range"]
    grid, _ = book._area(where)  # noqa: SLF001
    grid.rules = [rule for rule in grid.rules if rule["kind"] != "filter"]
    grid.rules.append({"kind": "filter", "range": dict(where)})
    grid.changed = True


def _format(book: Book, body: Any) -> None:
    """How a cell looks is taken and not kept: nothing that can be read depends on it."""
    book._area(body["range"])  # noqa: SLF001


_ACTS: Mapping[str, Callable[[Book, Any], dict[str, Any] | None]] = {
    "addProtectedRange": _protect,
    "addSheet": _add_sheet,
    "createDeveloperMetadata": _create_metadata,
    "deleteDeveloperMetadata": _delete_metadata,
    "deleteDimension": _delete,
    "findReplace": _find_replace,
    "insertDimension": _insert,
    "moveDimension": _move,
    "repeatCell": _format,
    "setBasicFilter": _filter,
    "setDataValidation": _set_validation,
    "sortRange": _sort,
    "updateCells": _update_cells,
    "updateDimensionProperties": _update_dimension,
    "updateSheetProperties": _update_sheet,
}
