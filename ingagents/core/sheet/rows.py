"""What the team's sheet shows: leads, reviews, answers, days and conflicts as rows of cells.

Every text is one that no spreadsheet takes for a formula, and of bounded length; moments are in
the campaign's time zone, to the second, so that they sort as text.
"""

from __future__ import annotations

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

import msgspec

from ingagents.core.follow_up import say_follow_up
from ingagents.core.reporting.daily_metrics import DayFigures
from ingagents.core.review_policy import Review
from ingagents.core.sheet.table import Row, Table, cell_text
from ingagents.core.text.csv_injection import neutral_cell, original_cell
from ingagents.model import Lead, LeadId
from ingagents.model.spreadsheet import Cell

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


def lead_row(lead: Lead, answer: str, zone: ZoneInfo) -> Row:
    """A lead as the Leads tab shows it."""
    shown: list[object] = [
        lead.name,
        lead.position,
        lead.company,
        lead.classification,
        None if lead.quality_score is None else round(lead.quality_score, 2),
        lead.contact_status,
        lead.status_reason,
        tuple(
            part
            for part in (
                say_follow_up(lead.stage, lead.owner, lead.next_date),
                *(f"note: {note}" for note in lead.notes),
            )
            if part
        ),
        answer,
        lead.message_sent,
        lead.response,
        lead.response_sentiment,
        lead.response_intent,
        lead.response_detail,
        lead.reasons,
        lead.linkedin_url,
        lead.provider_id,
        lead.source,
        lead.sent_at,
        lead.responded_at,
        lead.created_at,
        lead.last_updated,
    ]
    return tuple(as_cell(value, zone) for value in shown)


def review_row(review: Review, lead: Lead | None, answer: str, zone: ZoneInfo) -> Row:
    """A question to a human as the Review tab shows it."""
    shown = [
        review.lead_id or "",
        lead.name if lead is not None else "",
        lead.company if lead is not None else "",
        review.kind,
        review.text,
        tuple(reason.why for reason in review.reasons),
        review.asked_at,
        review.state,
        answer,
    ]
    return tuple(as_cell(value, zone) for value in shown)


def reply_row(reply: ReplyShown, zone: ZoneInfo) -> Row:
    """An answer as the Replies tab shows it."""
    shown = [
        reply.received_at,
        reply.name,
        reply.company,
        reply.text,
        reply.sentiment,
        reply.intent,
        reply.detail,
        reply.key_info,
        reply.lead_id,
    ]
    return tuple(as_cell(value, zone) for value in shown)


def day_row(day: DayFigures, zone: ZoneInfo) -> Row:
    """A day as the Report tab shows it."""
    shown: list[object] = [
        day.leads_discovered,
        None if day.avg_quality_score is None else round(day.avg_quality_score, 2),
        day.speakers,
        day.sponsors,
        day.messages_sent,
        day.accepted_invitations,
        day.responses,
        day.positive_responses,
        day.negative_responses,
        day.opt_outs,
        day.refused,
        day.uncertain,
        day.queue_size,
        day.errors,
        day.total_leads,
    ]
    return tuple(as_cell(value, zone) for value in shown)


def conflict_row(conflict: Conflict, answer: str, zone: ZoneInfo) -> Row:
    """A conflict as the Conflicts tab shows it."""
    state = "open" if conflict.state == "open" else f"settled: {conflict.state}"
    shown = [
        conflict.lead_id,
        conflict.name,
        conflict.column,
        conflict.in_sheet,
        conflict.in_database,
        conflict.found_at,
        state,
        answer,
    ]
    return tuple(as_cell(value, zone) for value in shown)


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
