"""The team's Google Sheet: looks, writes and changes of shape, in as few requests as possible.

Cells go by the pins of their columns (`values:batchUpdateByDataFilter`), always RAW: no text can
become a formula, and no column is ever mistaken for another.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import gspread
from gspread.urls import SPREADSHEET_URL

from ingagents.errors import BadAnswer, TryLater
from ingagents.integrations.google_sheets.http import SERVICE, SheetsWire
from ingagents.integrations.google_sheets.requests import portions, value_portions
from ingagents.integrations.http.retry import Repeats
from ingagents.model.spreadsheet import Cell, Change, ColumnLook, SheetFound, Tab, TabLook, Write
from ingagents.ports import Clock

_TOP_ROWS = 50
"""In so many upper rows a header is looked for."""

_CELL_LENGTH_MAX = 50_000
_RANGE = re.compile(r"(?:^|!)([A-Z]{1,3})[0-9]*(?::|$)")


class GoogleSheet:
    """One spreadsheet of Google's."""

    def __init__(
        self,
        wire: SheetsWire,
        *,
        spreadsheet_id: str,
        clock: Clock,
        retries: int,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._wire = wire
        self._id = spreadsheet_id
        self._repeats = Repeats(
            clock, retries=retries, event="sheet.request_repeated", jitter=jitter
        )

    async def tabs(self) -> Sequence[SheetFound]:
        def get(client: gspread.HTTPClient) -> Any:
            return client.spreadsheets_get(self._id, {"fields": "sheets.properties(sheetId,title)"})

        answer = await self._repeats.of(lambda: self._wire.call(get))
        try:
            found = [sheet["properties"] for sheet in answer["sheets"]]
            return [SheetFound(int(one.get("sheetId", 0)), str(one["title"])) for one in found]
        except (KeyError, TypeError, ValueError, AttributeError) as exc:
            raise _unreadable() from exc

    async def look(self, tabs: Mapping[int, Tab]) -> Mapping[str, TabLook]:
        filters: list[dict[str, Any]] = []
        for sheet_id, tab in tabs.items():
            upper = {"sheetId": sheet_id, "startRowIndex": 0}
            if not tab.takes_rows:
                upper["endRowIndex"] = _TOP_ROWS
            filters.append({"gridRange": upper})
            filters += [_by_pin(tab.pin(column.name)) for column in tab.columns]
        body = {
            "dataFilters": filters,
            "majorDimension": "COLUMNS",
            "valueRenderOption": "UNFORMATTED_VALUE",
            "dateTimeRenderOption": "SERIAL_NUMBER",
        }
        answer = await self._repeats.of(lambda: self._post("/values:batchGetByDataFilter", body))
        try:
            return _looks(answer, tabs)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as exc:
            raise _unreadable() from exc

    async def reshape(self, changes: Sequence[Change]) -> None:
        for requests in portions(changes):
            await self._once(":batchUpdate", {"requests": requests})

    async def write(self, writes: Sequence[Write]) -> None:
        for data in value_portions(writes):
            body = {"valueInputOption": "RAW", "data": data}
            again = partial(self._post, "/values:batchUpdateByDataFilter", body)
            await self._repeats.of(again)

    async def _once(self, verb: str, body: Mapping[str, Any]) -> None:
        """A change of shape; repeated only when Google said that it was not even tried."""

        async def once() -> Any:
            try:
                return await self._post(verb, body)
            except TryLater as exc:
                if exc.status in _NOT_TRIED:
                    raise
                failed.append(exc)
                return None

        failed: list[TryLater] = []
        await self._repeats.of(once)
        if failed:
            raise failed[0]

    async def _post(self, verb: str, body: Mapping[str, Any]) -> Any:
        def post(client: gspread.HTTPClient) -> Any:
            return client.request("post", SPREADSHEET_URL % self._id + verb, json=body).json()

        return await self._wire.call(post)


_NOT_TRIED = frozenset({429})


def _by_pin(pin: int) -> dict[str, Any]:
    return {"developerMetadataLookup": {"metadataId": pin}}


def _looks(answer: Any, tabs: Mapping[int, Tab]) -> dict[str, TabLook]:
    """What was found, sorted to the tabs it was asked for by the filter that found it."""
    upper: dict[int, tuple[tuple[Cell, ...], ...]] = {}
    pinned: dict[int, ColumnLook] = {}
    for found in answer.get("valueRanges", ()):
        values, asked = found["valueRange"], found["dataFilters"][0]
        lines = [tuple(map(_cell, line)) for line in values.get("values", ())]
        if "gridRange" in asked:
            upper[asked["gridRange"].get("sheetId", 0)] = _turned(lines)
        else:
            place = _RANGE.search(values["range"])
            position = _position(place[1]) if place is not None else 0
            cells = lines[0] if lines else ()
            pinned[asked["developerMetadataLookup"]["metadataId"]] = ColumnLook(position, cells)
    return {
        tab.kind: TabLook(
            sheet_id=sheet_id,
            columns={
                column.name: pinned[tab.pin(column.name)]
                for column in tab.columns
                if tab.pin(column.name) in pinned
            },
            top=upper.get(sheet_id, ()),
        )
        for sheet_id, tab in tabs.items()
    }


def _turned(columns: Sequence[Sequence[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """Columns as rows."""
    height = max(map(len, columns), default=0)
    return tuple(
        tuple(column[row] if row < len(column) else "" for column in columns)
        for row in range(height)
    )


def _cell(value: object) -> Cell:
    """A cell's content, bounded: data of whoever typed it."""
    if isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return float(value)
    return str(value)[:_CELL_LENGTH_MAX] if value is not None else ""


def _position(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _unreadable() -> BadAnswer:
    return BadAnswer(
        "Google Sheets answered something of another shape",
        "the sheet catches up later; check sheets.api_root if it stays so",
        service=SERVICE,
        status=200,
    )
