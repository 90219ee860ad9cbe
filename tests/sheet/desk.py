"""The Leads tab in a test's hands: find a cell by lead and header, as a person does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ingagents.app.department import Department
from ingagents.core.quality_scorer import Weights
from ingagents.core.sheet.layout import layouts
from ingagents.integrations.csv.pasted import PastedRows
from ingagents.llm.tasks import LlmTasks
from ingagents.model import AccountId, Lead, SearchCriteria
from ingagents.model.spreadsheet import Tab
from ingagents.ports import TeamSheet
from ingagents.sandbox.google_sheets.api import SheetsFace
from ingagents.sandbox.google_sheets.grid import Grid
from ingagents.services.leads.intake import Reception
from ingagents.services.reviews.approval import Approvals
from ingagents.services.reviews.decisions import Verdicts
from ingagents.services.sheet.facts import FactFile
from ingagents.services.sheet.sync import SheetDesk
from tests.factories import a_campaign
from tests.sheet.hand import header_of, key_of
from tests.support import Office

TABS = {tab.title: tab for tab in layouts()}


async def synced(department: Department) -> dict[str, Any]:
    """Sync, well; its figures."""
    outcome = await department.once("sync")
    assert outcome.try_later == ""
    return dict(outcome.figures)


async def leads_by_name(department: Department) -> dict[str, Lead]:
    """Everybody there is."""
    return {lead.name: lead async for lead in department.leads.every()}


def a_sheet_desk(
    office: Office,
    opened: Callable[[], Awaitable[TeamSheet]],
    tabs: tuple[Tab, ...],
    *,
    facts: FactFile | None = None,
) -> SheetDesk:
    """Who keeps the sheet in an office without a department around it."""
    approvals = Approvals(
        context=office.context,
        accounts=(AccountId("account-1"),),
        told=a_campaign,
        rule="all",
        valid=timedelta(hours=72),
    )

    async def reception() -> Reception:
        return Reception(
            context=office.context,
            criteria=SearchCriteria(),
            weights=Weights(),
            campaign=a_campaign(),
            llm=LlmTasks(prompts={}),
        )

    return SheetDesk(
        context=office.context,
        open=opened,
        verdicts=Verdicts(context=office.context, approvals=approvals),
        reception=reception,
        row_reader=PastedRows(),
        facts=facts,
        spreadsheet_id="team",
        tabs=tabs,
        zone=ZoneInfo("Europe/Berlin"),
    )


class Paper:
    """One tab of a spreadsheet."""

    def __init__(self, face: SheetsFace, title: str = "Leads") -> None:
        self.face = face
        self.tab = TABS[title]
        self.title = title

    def write(self, key: str, header: str, value: Any) -> None:
        """Type into a cell."""
        with self.face.shelf.open() as book:
            grid = book.titled(self.title)
            grid.put(self._row(grid, key), self._column(grid, header), value)

    def read(self, key: str, header: str) -> Any:
        """What a cell shows; "" where nothing stands."""
        with self.face.shelf.open() as book:
            grid = book.titled(self.title)
            value = grid.at(self._row(grid, key), self._column(grid, header))
        return "" if value is None else value

    def column(self, header: str) -> dict[str, Any]:
        """A column by key."""
        with self.face.shelf.open() as book:
            grid = book.titled(self.title)
            at = self._column(grid, header)
            return {key: grid.at(row, at) or "" for row, key in self._keys(grid).items()}

    def head(self, header: str) -> None:
        """Head a column of one's own, at the right."""
        with self.face.shelf.open() as book:
            grid = book.titled(self.title)
            grid.insert("COLUMNS", grid.column_count, 1)
            grid.put(header_of(grid, self.tab), grid.column_count - 1, header)

    def paste(self, *rows: Mapping[str, Any], at: int | None = None) -> int:
        """Put rows in by header, behind the last one or before row `at`; where the first stands."""
        with self.face.shelf.open() as book:
            grid = book.titled(self.title)
            first = grid.last_row() if at is None else at
            grid.insert("ROWS", first, len(rows))
            for row, cells in enumerate(rows, first):
                for header, value in cells.items():
                    grid.put(row, self._column(grid, header), value)
        return first

    def paste_table(self, *lines: Sequence[Any], at: int | None = None, column: int = 0) -> int:
        """Put lines of cells in by position, as a table is pasted; where the first stands."""
        with self.face.shelf.open() as book:
            grid = book.titled(self.title)
            first = grid.last_row() if at is None else at
            grid.insert("ROWS", first, len(lines))
            for row, cells in enumerate(lines, first):
                for place, value in enumerate(cells, column):
                    grid.put(row, place, value)
        return first

    def cells(self, row: int) -> list[Any]:
        """What stands in a row, by position."""
        with self.face.shelf.open() as book:
            grid = book.titled(self.title)
            return [grid.at(row, at) for at in range(grid.column_count)]

    def line(self, row: int) -> dict[str, Any]:
        """What stands in a row, by header."""
        with self.face.shelf.open() as book:
            grid = book.titled(self.title)
            headers = grid.rows[header_of(grid, self.tab)]
            cells = {str(name): grid.at(row, at) for at, name in enumerate(headers) if name}
        return {name: value for name, value in cells.items() if value not in {None, ""}}

    def keys(self) -> list[str]:
        """Whose rows there are, from above."""
        with self.face.shelf.open() as book:
            return list(self._keys(book.titled(self.title)).values())

    def delete(self, key: str) -> None:
        """Delete a row."""
        with self.face.shelf.open() as book:
            grid = book.titled(self.title)
            row = self._row(grid, key)
            grid.delete("ROWS", row, row + 1)

    def _keys(self, grid: Grid) -> dict[int, str]:
        header = header_of(grid, self.tab)
        rows = (row for row in range(grid.last_row()) if row != header)
        return {row: key for row in rows if (key := key_of(grid, self.tab, row))}

    def _row(self, grid: Grid, key: str) -> int:
        return next(row for row, found in self._keys(grid).items() if found == key)

    def _column(self, grid: Grid, header: str) -> int:
        line = grid.rows[header_of(grid, self.tab)]
        return line.index(header)


class Calls:
    """What was asked of a spreadsheet since the last look at it."""

    def __init__(self, face: SheetsFace) -> None:
        self._face = face
        self._seen = len(face.calls)

    def __call__(self) -> Counter[str]:
        """Reads and writes by kind, with all that failed."""
        found = list(self._face.calls)[self._seen :]
        self._seen = len(self._face.calls)
        return Counter(call.kind if call.status == 200 else "refused" for call in found)
