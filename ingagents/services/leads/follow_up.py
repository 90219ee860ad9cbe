"""What the team says of a person is kept: how far it is with them, who looks after them, when next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ingagents.context import Context
from ingagents.core.conversation.follow_up import (
    PLACE_MAX,
    date_of,
    kept_date,
    stage_nearest,
    stage_of,
    why_back,
)
from ingagents.core.lead_status import Cause, Change, Refused, move
from ingagents.core.review_policy import Lapse
from ingagents.core.sheet.layout import CLOSE, LEADS
from ingagents.errors import UsageError
from ingagents.events import LeadUpdated
from ingagents.model import ContactStatus, Lead
from ingagents.ports import Transaction
from ingagents.services.leads.suppression import held_by
from ingagents.services.reviews.requests import lapse, void_draft
from ingagents.store.tables import leads, reviews, sheet

_NONE = "none"
_NOTE_MAX = 5000


def follow_up(
    context: Context,
    transaction: Transaction,
    lead: Lead,
    *,
    by: str,
    today: date,
    **said: Any,
) -> Lead:
    """Keep `stage` and its reason, `place`, `owner`, `next_date` or `notes` as somebody of the team said them.

    A new stage ends a next date that has come, what was asked about the person's answer, and, where
    they were not written to yet, that the department writes to them at all: a human talks to them.
    A stage that is taken back gives them back where they stood.
    """
    changes = dict(said)
    moved: Change | Refused | None = None
    if set(said) - {"notes"}:
        changes["handled_at"] = context.clock.now()
    if "stage" in said:
        changes.setdefault("next_date", kept_date(lead.next_date, today))
    if stage := said.get("stage"):
        why = f"the team talks to this person: {stage}"
        void_draft(context, transaction, lead.id, why)
        for review in reviews.of_lead(transaction, lead.id):
            if review.kind == "reply" and review.state == "open":
                lapse(context, transaction, review, Lapse(state="void", reason=why))
        moved = move(lead.contact_status, Cause.TEAM_TALKS)
        if isinstance(moved, Change) or _closed_by_a_stage(transaction, lead):
            changes["status_reason"] = why
    elif "stage" in said and lead.stage is not None:
        moved, more = _as_before(transaction, lead)
        changes |= more
    changed = leads.update(transaction, lead, now=context.clock.now(), moved=moved, **changes)
    told = _told(lead, changes, said, moved)
    context.queue.append(transaction, by, LeadUpdated(lead_id=lead.id, changes=told, by=by))
    return changed


def _closed_by_a_stage(transaction: Transaction, lead: Lead) -> bool:
    closed = lead.contact_status is ContactStatus.CLOSED
    return closed and leads.before_stage(transaction, lead.id) is not None


def _told(
    lead: Lead,
    changes: dict[str, Any],
    said: Mapping[str, Any],
    moved: Change | Refused | None,
) -> dict[str, Any]:
    """The changes for the journal; where a stage closes a lead, how it stood before."""
    told = {name: value for name, value in changes.items() if name != "handled_at"}
    if "next_date" not in said and told.get("next_date") == lead.next_date:
        told.pop("next_date", None)
    if isinstance(moved, Change):
        told |= moved.told
    if "notes" in said:
        told["notes"] = [note for note in said["notes"] if note not in lead.notes]
    if isinstance(moved, Change) and moved.after is ContactStatus.CLOSED:
        told["before"] = moved.told_before | {"status_reason": lead.status_reason}
    if reason := told.pop("stage_reason", ""):
        told["reason"] = reason
    return told


def _as_before(
    transaction: Transaction, lead: Lead
) -> tuple[Change | Refused | None, dict[str, Any]]:
    """What changes of a lead whose stage is taken back: nothing, unless that had closed it."""
    before = leads.before_stage(transaction, lead.id)
    closed = sheet.seen_in(transaction, LEADS, lead.id, CLOSE)  # by somebody's own word
    if before is None or closed or lead.contact_status is not ContactStatus.CLOSED:
        return None, {}
    held = held_by(transaction, lead)
    cause = why_back(
        before[0],
        sent=lead.sent_at is not None,
        answered=lead.responded_at is not None,
        held=bool(held),
    )
    if cause is None:
        return None, {}
    moved = move(lead.contact_status, cause)
    changes: dict[str, Any] = {
        "status_reason": (held or before[1]) if cause is Cause.STAGE_UNSAID_ASKED else ""
    }
    if cause is Cause.STAGE_UNSAID:
        changes |= {"allocated_at": None, "allocated_by": None}
    return moved, changes


def read_stage(text: str, stages: Sequence[str]) -> str | None:
    """The stage that is typed; None for "none".

    Raises:
        UsageError: there is no such stage; the nearest is named.
    """
    stage = stage_of(text, stages)
    if stage is not None or text.strip().casefold() == _NONE:
        return stage
    nearest = stage_nearest(text, stages)
    meant = f"did you mean {nearest}? " if nearest else ""
    known = f"known are {', '.join(stages)}, and {_NONE}"
    raise UsageError(f"there is no stage {text!r}", f"{meant}{known}")


def read_day_to_come(text: str, today: date) -> date:
    """The day that is typed: today or later.

    Raises:
        UsageError: it is no calendar day, or over.
    """
    day = date_of(text)
    if day is None:
        raise UsageError(f"the next date {text!r} is no day", "write it as 2027-05-20")
    if day < today:
        raise UsageError(f"the next date {text!r} is over", f"today is {today.isoformat()}")
    return day


def read_name(text: str) -> str:
    """The name of an owner or a place that is typed, in one line; empty for "none".

    Raises:
        UsageError: it is empty or too long.
    """
    name = _writable(" ".join(text.split()))
    if not 0 < len(name) <= PLACE_MAX:
        raise UsageError(f"{name[:40]!r} is no name", f"write 1 to {PLACE_MAX} letters, or {_NONE}")
    return "" if name.casefold() == _NONE else name


def read_note(text: str) -> str:
    """The remark that is typed.

    Raises:
        UsageError: it is empty or too long.
    """
    note = _writable(text.strip())
    if not 0 < len(note) <= _NOTE_MAX:
        raise UsageError(f"a note of {len(note)} characters", f"write 1 to {_NOTE_MAX}")
    return note


def _writable(text: str) -> str:
    """The text as UTF-8 can hold it: a terminal may hand over bytes that are none."""
    return text.encode("utf-8", "replace").decode()
