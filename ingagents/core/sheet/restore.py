"""A lead from its row in the sheet, for a department that has lost its database.

The sheet is untrusted, and a little older than the database was. What may have gone further since
its last sync is taken for the more careful of both, so that nobody is written to twice: outreach
looks at LinkedIn before every send.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import TypeVar

import msgspec

from ingagents.core.identity import aliases_of_profile, aliases_of_url, canonical_url
from ingagents.core.lead_status import Cause, Change, move
from ingagents.core.sheet.kept import read_kept
from ingagents.core.sheet.layout import (
    KEPT,
    LAST_STEP,
    NEXT_DATE,
    OWNER,
    PLACE,
    STAGE,
    TRACK,
    WHY,
)
from ingagents.core.sheet.rows import moment_of
from ingagents.model import (
    Alias,
    Classification,
    ContactStatus,
    Intent,
    Lead,
    LeadId,
    Profile,
    ReplyDetail,
    Sentiment,
)
from ingagents.model.step import is_step_name

E = TypeVar("E", bound=StrEnum)

SOURCE = "sheet"
_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_SCORE = re.compile(r"\d{1,2}(?:\.\d{1,4})?", re.ASCII)
_NAME_MAX = 300


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    """A lead as its row tells of it, and the names it is known by."""

    lead: Lead
    aliases: tuple[Alias, ...]
    said: frozenset[str] = frozenset()
    """The team's columns whose last word stands with the lead already."""


def rebuild_lead(texts: Mapping[str, str], *, zone: tzinfo, now: datetime) -> Rebuilt | str:
    """The lead of a row, by headers of the Leads tab; or why there is none in it."""
    key = texts.get("Lead ID", "")
    if not _KEY.fullmatch(key):
        return f"“{key[:40]}” is no lead id"
    name, url = texts.get("Name", "")[:_NAME_MAX], texts.get("LinkedIn URL", "")
    if not name and not url:
        return "neither a name nor a LinkedIn address"
    kept = read_kept(texts.get(KEPT, ""))
    profile = msgspec.structs.replace(_profile(texts, name, url), extra=kept.extra)
    aliases = tuple(sorted({*aliases_of_profile(profile), *aliases_of_url(url)}))
    status, reason = _status(texts)
    lead = Lead(
        id=LeadId(key),
        name=name,
        position=profile.position,
        company=profile.company,
        linkedin_url=canonical_url(aliases),
        classification=_of(Classification, texts.get("Classification", "")),
        quality_score=_score(texts.get("Quality score", "")),
        contact_status=status,
        status_reason=reason,
        message_sent=texts.get("Message sent") or None,
        response=texts.get("Response") or None,
        response_sentiment=_of(Sentiment, texts.get("Sentiment", "")),
        response_intent=_of(Intent, texts.get("Intent", "")),
        response_detail=_of(ReplyDetail, texts.get("Detail", "")),
        provider_id=profile.provider_id,
        source=texts.get("Source", "")[:_NAME_MAX] or SOURCE,
        reasons=tuple(part for part in texts.get("Reasons", "").split("; ") if part),
        profile=profile,
        step=last if is_step_name(last := texts.get(LAST_STEP, "")) else "",
        sent_at=moment_of(texts.get("Sent at", ""), zone),
        stage=kept.stage,
        stage_reason=kept.stage_reason,
        place=kept.place,
        track=texts.get(TRACK, "")[:_NAME_MAX],
        owner=kept.owner,
        next_date=kept.next_date,
        notes=kept.notes,
        responded_at=moment_of(texts.get("Responded at", ""), zone),
        created_at=moment_of(texts.get("Created at", ""), zone) or now,
        last_updated=now,
    )
    words = {STAGE: kept.stage, PLACE: kept.place, OWNER: kept.owner, NEXT_DATE: kept.next_date}
    said = frozenset(column for column, word in words.items() if word)
    return Rebuilt(lead=lead, aliases=aliases, said=said)


def _profile(texts: Mapping[str, str], name: str, url: str) -> Profile:
    slugs = [alias.value for alias in aliases_of_url(url) if alias.kind == "slug"]
    return Profile(
        name=name,
        position=texts.get("Position", "")[:_NAME_MAX],
        headline=texts.get("Position", "")[:_NAME_MAX],
        company=texts.get("Company", "")[:_NAME_MAX],
        linkedin_url=url[:_NAME_MAX],
        public_identifier=slugs[0] if slugs else "",
        provider_id=texts.get("LinkedIn ID", "")[:_NAME_MAX],
        complete=False,
    )


def _status(texts: Mapping[str, str]) -> tuple[ContactStatus, str]:
    """Where the lead stands, and why; a word that is no status may have been any of them."""
    said = texts.get("Status", "")
    status = _of(ContactStatus, said)
    moved = move(status or ContactStatus.UNCERTAIN, Cause.RESTORED)
    if status is None:
        reason = f"the sheet said “{said[:40]}”, which is no status"
    elif status is ContactStatus.UNCERTAIN:
        reason = "was Uncertain when the sheet was last written: look at LinkedIn, then decide"
    elif status is ContactStatus.ALLOCATED:
        reason = "was Allocated when the sheet was last written"
    else:
        reason = texts.get(WHY, "")[:_NAME_MAX]
    return (moved.after if isinstance(moved, Change) else moved.status), reason


def _of(kind: type[E], text: str) -> E | None:
    plain = text.casefold()
    return next((one for one in kind if plain and one.value.casefold() == plain), None)


def _score(text: str) -> float | None:
    if not _SCORE.fullmatch(text):
        return None
    score = float(text)
    return score if 1 <= score <= 10 else None
