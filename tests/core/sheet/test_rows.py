"""Rows of the sheet: the specification's fields, in cells that are safe and sort well."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from ingagents.core.reporting.daily_metrics import DayFigures
from ingagents.core.review_policy import Review
from ingagents.core.sheet.layout import layouts
from ingagents.core.sheet.rows import (
    Conflict,
    ReplyShown,
    as_cell,
    conflict_row,
    day_row,
    lead_row,
    moment_of,
    reply_row,
    review_row,
    texts_of,
)
from ingagents.model import ContactStatus, LeadId, Reason
from tests.factories import MONDAY, a_lead
from tests.sheet.tables import a_table

ZONE = ZoneInfo("Europe/Berlin")
LEADS, REVIEW, REPLIES, REPORT, CONFLICTS = layouts()[:5]


def test_a_lead_shows_the_specifications_fields_and_the_reasons() -> None:
    lead = a_lead(
        contact_status=ContactStatus.MESSAGE_SENT,
        message_sent="Hello Robin",
        reasons=("a CTO", "in software"),
        sent_at=MONDAY,
    )
    shown = dict(zip(LEADS.machine, lead_row(lead, "veto taken 10:02", ZONE), strict=True))
    assert shown["Name"] == "Robin Muster1"
    assert shown["Quality score"] == 7.5
    assert shown["Status"] == "Message Sent"
    assert shown["Message sent"] == "Hello Robin"
    assert shown["Reasons"] == "a CTO; in software"
    assert shown["Sent at"] == "2027-02-08 10:00:00"
    assert shown["Responded at"] == ""
    assert shown["Answer"] == "veto taken 10:02"


def test_a_lead_shows_how_far_the_conversation_is_and_what_comes_next() -> None:
    lead = a_lead(
        step="invitation",
        next_step="first_message",
        next_step_at=MONDAY,
        next_step_reason="3 hours after the invitation was accepted",
    )
    shown = dict(zip(LEADS.machine, lead_row(lead, "", ZONE), strict=True))
    assert shown["Last step"] == "invitation"
    assert shown["Next step"] == "first_message"
    assert shown["Next step at"] == "2027-02-08 10:00:00"
    assert shown["Why"] == "3 hours after the invitation was accepted"
    done = a_lead(step="follow_up_2", next_step_reason="the last follow-up is sent")
    shown = dict(zip(LEADS.machine, lead_row(done, "", ZONE), strict=True))
    assert (shown["Next step"], shown["Next step at"]) == ("", "")
    assert shown["Why"] == "the last follow-up is sent"


def test_every_row_has_a_cell_for_every_column_of_ours() -> None:
    reply = ReplyShown(
        id="r", lead_id=LeadId("l"), name="n", company="c", received_at=MONDAY, text="t",
        sentiment="positive", intent="interested", detail="", key_info="",
    )  # fmt: skip
    conflict = Conflict(
        id="c", lead_id=LeadId("l"), name="n", column="Correct score", in_sheet="9",
        in_database="7", found_at=MONDAY,
    )  # fmt: skip
    review = Review(
        id="r", kind="draft", subject="s", text="=Hello", asked_at=MONDAY,
        reasons=(Reason(why="low confidence"),),
    )  # fmt: skip
    assert len(review_row(review, None, "", ZONE)) == len(REVIEW.machine)
    asked = dict(zip(REVIEW.machine, review_row(review, a_lead(), "", ZONE), strict=True))
    assert (asked["Text"], asked["Why it waits"]) == ("'=Hello", "low confidence")
    assert (asked["Name"], asked["State"]) == ("Robin Muster1", "open")
    assert len(reply_row(reply, ZONE)) == len(REPLIES.machine)
    assert len(day_row(DayFigures.empty(MONDAY.date()), ZONE)) == len(REPORT.machine)
    assert len(conflict_row(conflict, "", ZONE)) == len(CONFLICTS.machine)
    settled = msgspec.structs.replace(conflict, state="sheet")
    assert conflict_row(conflict, "", ZONE)[CONFLICTS.machine.index("State")] == "open"
    assert conflict_row(settled, "", ZONE)[CONFLICTS.machine.index("State")] == "settled: sheet"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (7, 7.0),
        (7.25, 7.25),
        (True, "yes"),
        ("=1+1", "'=1+1"),
        ("+49 30 1234", "'+49 30 1234"),
        ("  padded  ", "padded"),
        (("a", "b"), "a; b"),
        (ContactStatus.CLOSED, "Closed"),
        (datetime(2027, 7, 1, 8, 30, 5, tzinfo=UTC), "2027-07-01 10:30:05"),
        ("x" * 5000, "x" * 3999 + "…"),
    ],
)
def test_a_cell_is_a_number_or_a_neutral_text_of_bounded_length(value: Any, cell: Any) -> None:
    found = as_cell(value, ZONE)
    assert found == cell
    assert type(found) is type(cell)


def test_moments_are_read_back_and_nothing_else_is_one() -> None:
    assert moment_of("2027-02-08 10:00:00", ZONE) == MONDAY
    assert moment_of("yesterday", ZONE) is None
    assert moment_of("", ZONE) is None


def test_a_row_reads_as_it_was_meant() -> None:
    table = a_table("ID|Lead ID|Since|In the sheet|Notes", "g-1|lead-1|'=x|7|  note ")
    texts = texts_of(table, 1)
    assert texts["Since"] == "=x"
    assert texts["In the sheet"] == "7"
    assert texts["Notes"] == "note"
