"""What can be asked of the simulated spreadsheet, request by request, as Google's v4 API has it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ingagents.sandbox.google_sheets.grid import Area, BadRequest, Grid
from ingagents.sandbox.google_sheets.serialise import fields_of, spreadsheet
from ingagents.sandbox.google_sheets.values import a1_of, parse_area, taken, values_of
from ingagents.sandbox.google_sheets.workbook import Book


class Ask(NamedTuple):
    """A request as a handler sees it."""

    book: Book
    place: str
    query: Mapping[str, Sequence[str]]
    body: dict[str, Any]
    touched: set[str]

    def one(self, name: str, default: str) -> str:
        """A value of the query."""
        return (self.query.get(name) or [default])[-1]


# --- what is asked for --------------------------------------------------------------------------


def _get(ask: Ask) -> Any:
    whole = ask.one("includeGridData", "false") == "true"
    chosen = [parse_area(ask.book.grids, text) for text in ask.query.get("ranges", ())]
    ask.touched.update(grid.title for grid, _ in chosen)
    return fields_of(spreadsheet(ask.book, chosen, grid_data=whole), ask.one("fields", ""))


def _values_get(ask: Ask) -> Any:
    return _range_shown(ask, *parse_area(ask.book.grids, ask.place), ask.query)


def _values_batch_get(ask: Ask) -> Any:
    found = [parse_area(ask.book.grids, text) for text in ask.query.get("ranges", ())]
    shown = [_range_shown(ask, grid, area, ask.query) for grid, area in found]
    return {"spreadsheetId": ask.book.id, "valueRanges": shown}


def _values_by_filter(ask: Ask) -> Any:
    shown = []
    options = {name: [str(value)] for name, value in ask.body.items() if isinstance(value, str)}
    for data_filter in ask.body.get("dataFilters", ()):
        for grid, area in ask.book.found_by(data_filter):
            value_range = _range_shown(ask, grid, area, options)
            shown.append({"valueRange": value_range, "dataFilters": [data_filter]})
    return {"spreadsheetId": ask.book.id, **({"valueRanges": shown} if shown else {})}


def _range_shown(ask: Ask, grid: Grid, area: Area, query: Mapping[str, Sequence[str]]) -> Any:
    ask.touched.add(grid.title)
    option = (query.get("valueRenderOption") or ["FORMATTED_VALUE"])[-1]
    major = "COLUMNS" if (query.get("majorDimension") or [""])[-1] == "COLUMNS" else "ROWS"
    values = values_of(grid, area, option=option, major=major)  # type: ignore[arg-type]  # one of the two
    shown = {"range": a1_of(grid, area), "majorDimension": major}
    return {**shown, "values": values} if values else shown


# --- what is written ----------------------------------------------------------------------------


def _values_put(ask: Ask) -> Any:
    option = _option(ask.one("valueInputOption", ""))
    grid, area = parse_area(ask.book.grids, ask.place)
    return {"spreadsheetId": ask.book.id, **_poured(ask, grid, area, ask.body, option)}


def _values_batch_put(ask: Ask) -> Any:
    option = _option(str(ask.body.get("valueInputOption", "")))
    answers = []
    for data in ask.body.get("data", ()):
        grid, area = parse_area(ask.book.grids, str(data.get("range", "")))
        answers.append(_poured(ask, grid, area, data, option))
    return _summed(ask, answers)


def _values_put_by_filter(ask: Ask) -> Any:
    option = _option(str(ask.body.get("valueInputOption", "")))
    answers = []
    for data in ask.body.get("data", ()):
        found = ask.book.found_by(data.get("dataFilter", {}))
        if not found:
            raise BadRequest("Invalid data: no range matches the data filter.")
        answers += [_poured(ask, grid, area, data, option) for grid, area in found]
    return _summed(ask, answers)


def _values_append(ask: Ask) -> Any:
    option = _option(ask.one("valueInputOption", ""))
    grid, area = parse_area(ask.book.grids, ask.place)
    rows = ask.body.get("values", ())
    top = _below_table(grid, area)
    inserts = ask.one("insertDataOption", "OVERWRITE") == "INSERT_ROWS" and top < grid.row_count
    if inserts:
        grid.insert("ROWS", top, max(1, len(rows)))
    elif (missing := top + len(rows) - grid.row_count) > 0:
        grid.insert("ROWS", grid.row_count, missing)
    below = Area(top, area.left, grid.row_count, grid.column_count)
    return {
        "spreadsheetId": ask.book.id,
        "updates": _poured(ask, grid, below, ask.body, option),
    }


def _below_table(grid: Grid, area: Area) -> int:
    """The row behind the table that a range lies in; the range's own first row if that is blank."""
    if area == Area(0, 0, grid.row_count, grid.column_count):
        return grid.last_row()
    row = area.top
    while row < len(grid.rows) and any(cell is not None for cell in grid.rows[row]):
        row += 1
    return row


def _batch_update(ask: Ask) -> Any:
    requests = ask.body.get("requests", ())
    before = {grid.sheet_id: grid.title for grid in ask.book.grids}
    replies = ask.book.batch_update(requests)
    ask.touched.update(
        grid.title
        for grid in ask.book.grids
        if grid.sheet_id not in before or grid.sheet_id in _sheet_ids(requests)
    )
    return {"spreadsheetId": ask.book.id, "replies": replies}


def _poured(
    ask: Ask, grid: Grid, area: Area, data: Mapping[str, Any], option: str
) -> dict[str, Any]:
    """Write values from an area's upper left on; null leaves a cell as it is."""
    by_column = data.get("majorDimension") == "COLUMNS"
    bottom, right, count = area.top, area.left, 0
    for major, line in enumerate(data.get("values", ())):
        for minor, value in enumerate(line):
            down, across = (minor, major) if by_column else (major, minor)
            row, column = area.top + down, area.left + across
            if (area.bottom - area.top > 1 and row >= area.bottom) or (
                area.right - area.left > 1 and column >= area.right
            ):
                raise BadRequest(
                    f"Requested writing within range [{a1_of(grid, area)}], but tried writing to "
                    f"row [{row + 1}], column [{column + 1}]"
                )
            bottom, right = max(bottom, row + 1), max(right, column + 1)
            if value is not None:
                grid.put(row, column, taken(value, option))
                count += 1
    ask.touched.add(grid.title)
    written = Area(area.top, area.left, max(bottom, area.top + 1), max(right, area.left + 1))
    return {"updatedRange": a1_of(grid, written), "updatedCells": count}


def _summed(ask: Ask, answers: Sequence[Mapping[str, Any]]) -> Any:
    return {
        "spreadsheetId": ask.book.id,
        "totalUpdatedCells": sum(answer["updatedCells"] for answer in answers),
        "responses": list(answers),
    }


def _option(text: str) -> str:
    if text not in {"RAW", "USER_ENTERED"}:
        raise BadRequest("'valueInputOption' is required but not specified")
    return text


def _sheet_ids(value: Any) -> set[Any]:
    """Every sheetId a batch speaks of."""
    if isinstance(value, Mapping):
        own = {value["sheetId"]} if "sheetId" in value else set()
        return own.union(*(_sheet_ids(inner) for inner in value.values()))
    if isinstance(value, list | tuple):
        return set().union(*(_sheet_ids(inner) for inner in value))
    return set()


class Route(NamedTuple):
    """A kind of request: how it is called, which quota it takes from, and what answers it."""

    method: str
    pattern: re.Pattern[str]
    kind: str
    what: str
    handler: Callable[[Ask], Any]


def _route(method: str, rest: str, kind: str, what: str, handler: Callable[[Ask], Any]) -> Route:
    pattern = re.compile(r"/v4/spreadsheets/(?P<id>[^/:]+)" + rest)
    return Route(method, pattern, kind, what, handler)


_RANGE = r"/values/(?P<range>.+)"
_ROUTES: Sequence[Route] = [
    _route("GET", "", "read", "get", _get),
    _route("POST", ":batchUpdate", "write", "batchUpdate", _batch_update),
    _route("GET", "/values:batchGet", "read", "values:batchGet", _values_batch_get),
    _route("POST", "/values:batchGetByDataFilter", "read", "values:byFilter", _values_by_filter),
    _route("POST", "/values:batchUpdate", "write", "values:batchUpdate", _values_batch_put),
    _route(
        "POST",
        "/values:batchUpdateByDataFilter",
        "write",
        "values:byFilter",
        _values_put_by_filter,
    ),
    _route("POST", _RANGE + ":append", "write", "values:append", _values_append),
    _route("GET", _RANGE, "read", "values:get", _values_get),
    _route("PUT", _RANGE, "write", "values:update", _values_put),
]


def routed(method: str, path: str) -> tuple[Route | None, re.Match[str] | None]:
    """The route of a request, with the parts of its path; None for both where there is none."""
    for route in _ROUTES:
        found = route.pattern.fullmatch(path) if route.method == method else None
        if found is not None:
            return route, found
    return None, None
