"""The real adapter on a spreadsheet of the sandbox's."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx

from ingagents.app.department import Department
from ingagents.integrations.google_sheets.client import GoogleSheet
from ingagents.integrations.google_sheets.http import SheetsWire
from ingagents.ports import Clock
from ingagents.sandbox.google_sheets.api import SheetsFace
from ingagents.sandbox.google_sheets.storage import SPREADSHEET_ID

ROOT = "http://sandbox.invalid/sheets"


@asynccontextmanager
async def google_sheet(
    face: SheetsFace,
    clock: Clock,
    *,
    spreadsheet_id: str = SPREADSHEET_ID,
    retries: int = 2,
) -> AsyncGenerator[GoogleSheet, None]:
    """A sheet in-process: gspread, login and all, without a socket."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=face.app)) as http:
        wire = SheetsWire(
            http,
            account=face.account.info(token_uri=f"{ROOT}/token"),
            api_root=ROOT,
            clock=clock,
            timeout_seconds=30,
        )
        yield GoogleSheet(wire, spreadsheet_id=spreadsheet_id, clock=clock, retries=retries)


async def lend_sheet(department: Department, face: SheetsFace) -> None:
    """Let a department that keeps a sheet keep this one."""
    if department.settings.sheets.enabled:
        opening = google_sheet(face, department.clock)
        department._sheet = await department._resources.enter_async_context(opening)
