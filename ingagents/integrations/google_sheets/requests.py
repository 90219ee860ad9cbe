"""Changes of a spreadsheet's shape as requests of Google's `batchUpdate`, and sizes on the wire."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from ingagents.model.spreadsheet import (
    AddColumns,
    AddRows,
    Cell,
    Change,
    ClearWords,
    Column,
    CreateTab,
    PinColumns,
    Tab,
    Write,
)

REQUEST_BYTES_MAX = 2_000_000
"""Google has no hard limit and advises two megabytes."""

PINNED = "ingagents.column"
"""The key of a column's developer metadata; its value is the column's header."""

_NEW_ROWS = 500
_OUR_COLOUR = {"red": 0.87, "green": 0.91, "blue": 0.98}
_TEAMS_COLOUR = {"red": 1.0, "green": 0.95, "blue": 0.8}


def requests_of(change: Change) -> list[dict[str, Any]]:
    """One change, carried out in order and whole."""
    match change:
        case CreateTab():
            return _create(change)
        case AddColumns():
            return _add_columns(change)
        case PinColumns():
            return [
                one
                for name, position in change.columns
                for one in (_unpin(change.tab, name), _pin(change, name, position))
            ]
        case AddRows():
            return _add_rows(change)
        case ClearWords():
            return [_clear_word(change.sheet_id, word, change.mark) for word in change.words]


def portions(changes: Sequence[Change]) -> Iterator[list[dict[str, Any]]]:
    """All changes as the requests of as few calls as Google's size limit allows."""
    batch: list[dict[str, Any]] = []
    size = 0
    for change in changes:
        for part in _parts(change):
            requests = requests_of(part)
            length = len(msgspec.json.encode(requests))
            if batch and size + length > REQUEST_BYTES_MAX:
                yield batch
                batch, size = [], 0
            batch += requests
            size += length
    if batch:
        yield batch


def value_portions(writes: Sequence[Write]) -> Iterator[list[dict[str, Any]]]:
    """Cells as the `data` of as few calls as Google's size limit allows."""
    batch: list[dict[str, Any]] = []
    size = 0
    for write in writes:
        for cells in _column_parts(write.cells):
            values = [cells.get(row) for row in range(max(cells) + 1)]
            data = {
                "dataFilter": {
                    "developerMetadataLookup": {"metadataId": write.tab.pin(write.column)}
                },
                "majorDimension": "COLUMNS",
                "values": [values],  # null leaves a cell as it is
            }
            length = len(msgspec.json.encode(data))
            if batch and size + length > REQUEST_BYTES_MAX:
                yield batch
                batch, size = [], 0
            batch.append(data)
            size += length
    if batch:
        yield batch


def _column_parts(cells: Any) -> Iterator[dict[int, Cell]]:
    """The cells of one column in parts that fit, upper rows first."""
    part: dict[int, Cell] = {}
    size = 0
    for row in sorted(cells):
        length = len(msgspec.json.encode(cells[row])) + 1
        if part and size + length > REQUEST_BYTES_MAX - 5 * row:
            yield part
            part, size = {}, 0
        part[row] = cells[row]
        size += length
    if part:
        yield part


def _parts(change: Change) -> Iterator[Change]:
    """A change in parts of a size that one call can hold."""
    if not isinstance(change, AddRows):
        yield change
        return
    step = REQUEST_BYTES_MAX // 150
    for start in range(0, len(change.keys), step):
        keys = change.keys[start : start + step]
        beside = tuple((at, texts[start : start + step]) for at, texts in change.beside)
        yield msgspec.structs.replace(change, at=change.at + start, keys=keys, beside=beside)


def _create(change: CreateTab) -> list[dict[str, Any]]:
    tab, sheet_id = change.tab, change.sheet_id
    properties = {
        "sheetId": sheet_id,
        "title": tab.title,
        "gridProperties": {
            "rowCount": _NEW_ROWS,
            "columnCount": len(tab.columns),
            "frozenRowCount": 1,
        },
    }
    names = [column.name for column in tab.columns]
    return [
        {"addSheet": {"properties": properties}},
        _texts(sheet_id, 0, 0, [names]),
        *(
            request
            for position, column in enumerate(tab.columns)
            for request in _dressed(tab, sheet_id, column, position, header=0)
        ),
    ]


def _add_columns(change: AddColumns) -> list[dict[str, Any]]:
    """Fresh columns at the far left, where nothing can come between, then moved to the end.

    Within one batch that place is certain; a position read earlier would not be.
    """
    found = {column.name: column for column in change.tab.columns}
    count = len(change.names)
    requests: list[dict[str, Any]] = [
        {
            "insertDimension": {
                "range": _columns(change.sheet_id, 0, count),
                "inheritFromBefore": False,
            }
        },
        _texts(change.sheet_id, change.header, 0, [list(change.names)]),
    ]
    for position, name in enumerate(change.names):
        requests.append(_unpin(change.tab, name))
        requests += _dressed(
            change.tab, change.sheet_id, found[name], position, header=change.header
        )
    requests.append(
        {
            "moveDimension": {
                "source": _columns(change.sheet_id, 0, count),
                "destinationIndex": change.behind + count,
            }
        }
    )
    return requests


def _add_rows(change: AddRows) -> list[dict[str, Any]]:
    keys = [[key] for key in change.keys]
    return [
        {
            "insertDimension": {
                "range": {
                    "sheetId": change.sheet_id,
                    "dimension": "ROWS",
                    "startIndex": change.at,
                    "endIndex": change.at + len(keys),
                },
                "inheritFromBefore": False,
            }
        },
        _texts(change.sheet_id, change.at, change.position, keys),
        *(
            _texts(change.sheet_id, change.at, position, [[text] for text in texts])
            for position, texts in change.beside
        ),
    ]


def _clear_word(sheet_id: int, word: str, mark: str) -> dict[str, Any]:
    left = f"{word}{mark}" if mark else ""
    search = {"find": word, "replacement": left, "matchCase": True, "matchEntireCell": True}
    return {"findReplace": {**search, "sheetId": sheet_id}}


def _dressed(
    tab: Tab, sheet_id: int, column: Column, position: int, *, header: int
) -> list[dict[str, Any]]:
    """What a fresh column gets: a pin, its owner's colour, a width, choices; a warning on ours."""
    below = {
        "sheetId": sheet_id,
        "startColumnIndex": position,
        "endColumnIndex": position + 1,
    }
    width = {"properties": {"pixelSize": column.width}, "fields": "pixelSize"}
    dressed: list[dict[str, Any]] = [
        _pin(PinColumns(tab, sheet_id, ()), column.name, position),
        _header_look({**below, "startRowIndex": header, "endRowIndex": header + 1}, column),
        {
            "updateDimensionProperties": {
                "range": _columns(sheet_id, position, position + 1),
                **width,
            }
        },
    ]
    if column.choices:
        values = [{"userEnteredValue": choice} for choice in column.choices]
        rule = {
            "condition": {"type": "ONE_OF_LIST", "values": values},
            "strict": False,
            "showCustomUi": True,
        }
        dressed.append(
            {"setDataValidation": {"range": {**below, "startRowIndex": 1}, "rule": rule}}
        )
    if not column.human and not column.typed:
        # A warning, not a lock: a lock would also keep people from sorting their own sheet.
        protected = {
            "range": below,
            "description": f"{column.name} is written by the department",
            "warningOnly": True,
        }
        dressed.append({"addProtectedRange": {"protectedRange": protected}})
    return dressed


def _pin(change: PinColumns, name: str, position: int) -> dict[str, Any]:
    metadata = {
        "metadataId": change.tab.pin(name),
        "metadataKey": PINNED,
        "metadataValue": name,
        "location": {"dimensionRange": _columns(change.sheet_id, position, position + 1)},
        "visibility": "DOCUMENT",
    }
    return {"createDeveloperMetadata": {"developerMetadata": metadata}}


def _unpin(tab: Tab, name: str) -> dict[str, Any]:
    lookup = {"developerMetadataLookup": {"metadataId": tab.pin(name)}}
    return {"deleteDeveloperMetadata": {"dataFilter": lookup}}


def _texts(sheet_id: int, top: int, left: int, lines: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Texts as `stringValue`, which no spreadsheet takes for a formula."""
    rows = [{"values": [{"userEnteredValue": {"stringValue": t}} for t in line]} for line in lines]
    start = {"sheetId": sheet_id, "rowIndex": top, "columnIndex": left}
    return {"updateCells": {"rows": rows, "fields": "userEnteredValue", "start": start}}


def _header_look(place: dict[str, Any], column: Column) -> dict[str, Any]:
    look = {
        "textFormat": {"bold": True},
        "backgroundColor": _TEAMS_COLOUR if column.human or column.typed else _OUR_COLOUR,
        "wrapStrategy": "WRAP",
    }
    return {
        "repeatCell": {
            "range": place,
            "cell": {"userEnteredFormat": look},
            "fields": "userEnteredFormat(textFormat,backgroundColor,wrapStrategy)",
        }
    }


def _columns(sheet_id: int, start: int, end: int) -> dict[str, Any]:
    place = {"dimension": "COLUMNS", "startIndex": start, "endIndex": end}
    return {"sheetId": sheet_id, **place}
