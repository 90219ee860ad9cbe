"""What the team said of a lead, and its list's own columns, in one cell: for a department that is rebuilt.

People's own columns show only what was written in the sheet. This one stands for the rest, and is read as
a record and never as a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

import msgspec

from ingagents.core.text.csv_injection import json_text
from ingagents.model import EXTRA_MAX, Lead

_LONGEST = 3_900
"""Characters: a cell of ours is never longer than 4,000."""

_Name = Annotated[str, msgspec.Meta(max_length=200)]
_Text = Annotated[str, msgspec.Meta(max_length=5_000)]


class Kept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The fields of a lead that the cell holds, by their names."""

    stage: _Name | None = None
    stage_reason: _Text = ""
    place: _Name = ""
    owner: _Name = ""
    next_date: date | None = None
    notes: Annotated[tuple[_Text, ...], msgspec.Meta(max_length=200)] = ()
    extra: Annotated[Mapping[_Name, _Name], msgspec.Meta(max_length=EXTRA_MAX)] = {}


def kept_text(lead: Lead) -> str:
    """The cell; "" where there is nothing to keep.

    Where it would be too long the oldest notes go first, and then the last of the list's columns.
    """
    kept = Kept(
        stage=lead.stage and str(lead.stage),
        stage_reason=lead.stage_reason,
        place=lead.place,
        owner=lead.owner,
        next_date=lead.next_date,
        notes=lead.notes,
        extra=lead.profile.extra,
    )
    while len(text := json_text(kept)) > _LONGEST and (kept.notes or kept.extra):
        if kept.notes:
            kept = msgspec.structs.replace(kept, notes=kept.notes[1:])
        else:
            kept = msgspec.structs.replace(kept, extra=dict(list(kept.extra.items())[:-1]))
    return text if kept != Kept() and len(text) <= _LONGEST else ""


def read_kept(text: str) -> Kept:
    """What a cell holds; nothing where somebody wrote something else over it."""
    try:
        return msgspec.json.decode(text.encode(), type=Kept)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return Kept()
