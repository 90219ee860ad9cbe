"""What the team's sheet shows: leads, reviews, answers, days and conflicts as rows of cells.

Every text is one that no spreadsheet takes for a formula, and of bounded length; moments are in
the campaign's time zone, to the second, so that they sort as text.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from ingagents.core.reporting.daily_metrics import DayFigures
from ingagents.core.review_policy import Review
from ingagents.core.sheet.layout import (
    CONFLICTS_COLUMNS,
    LEADS_COLUMNS,
    REPLIES_COLUMNS,
    REPORT_COLUMNS,
    REVIEW_COLUMNS,
)
from ingagents.core.sheet.table import Row, Table, cell_text
from ingagents.core.text.csv_injection import neutral_cell, original_cell
from ingagents.model import Lead, LeadId
from ingagents.model.spreadsheet import Cell, Column

_TEXT_MAX = 4000
_MOMENT = "%Y-%m-%d %H:%M:%S"


class ReplyShown(msgspec.Struct, frozen=True, kw_only=True):
    """An answer with who gave it."""

    id: str
    lead_id: LeadId
    name: str
    company: str
    received_at: datetime
    text: str
    sentiment: str
    intent: str
    detail: str
    key_info: str


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """A correction somebody typed against a value that had changed meanwhile. Both stand."""

    id: str
    lead_id: LeadId
    name: str
    column: str
    in_sheet: str
    in_database: str
    found_at: datetime
    state: str = "open"
    """"open", "sheet", "database", or "withdrawn": the cell says something else by now."""


class _Shown(NamedTuple):
    """What a row is about, by the names the columns of `layout` ask for."""

    answer: str = ""
    lead: Lead | None = None
    review: Review | None = None
    conflict: Conflict | None = None


def lead_row(lead: Lead, answer: str, zone: ZoneInfo) -> Row:
    """A lead as the Leads tab shows it."""
    return _row(LEADS_COLUMNS, _Shown(answer, lead=lead), zone)


def review_row(review: Review, lead: Lead | None, answer: str, zone: ZoneInfo) -> Row:
    """A question to a human as the Review tab shows it."""
    return _row(REVIEW_COLUMNS, _Shown(answer, lead=lead, review=review), zone)


def reply_row(reply: ReplyShown, zone: ZoneInfo) -> Row:
    """An answer as the Replies tab shows it."""
    return _row(REPLIES_COLUMNS, reply, zone)


def day_row(day: DayFigures, zone: ZoneInfo) -> Row:
    """A day as the Report tab shows it."""
    return _row(REPORT_COLUMNS, day, zone)


def conflict_row(conflict: Conflict, answer: str, zone: ZoneInfo) -> Row:
    """A conflict as the Conflicts tab shows it."""
    return _row(CONFLICTS_COLUMNS, _Shown(answer, conflict=conflict), zone)


def _row(columns: Iterable[Column], subject: object, zone: ZoneInfo) -> Row:
    return tuple(as_cell(one.shows(subject), zone) for one in columns if one.shows is not None)


def as_cell(value: object, zone: tzinfo) -> Cell:
    """A value as a cell: numbers stay numbers, texts are neutral and bounded."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime(_MOMENT)
    text = neutral_cell(value).strip()
    return text if len(text) <= _TEXT_MAX else text[: _TEXT_MAX - 1].rstrip() + "…"


def moment_of(text: str, zone: tzinfo) -> datetime | None:
    """The moment a cell shows; None when it shows none."""
    try:
        return datetime.strptime(text, _MOMENT).replace(tzinfo=zone)
    except ValueError:
        return None


def texts_of(table: Table, row: int) -> dict[str, str]:
    """A row as it reads, by header: what was neutralised is given back."""
    return {
        name: original_cell(cell_text(cells[row])) if row < len(cells) else ""
        for name, cells in table.columns.items()
    }
