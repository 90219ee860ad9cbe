"""How far people are with each track of the programme."""

from __future__ import annotations

from datetime import datetime

from ingagents.core.programme import RIPE, SILENT, Tally, Track, TrackState, states_of
from ingagents.core.sheet.answers import plainly
from ingagents.model import LeadStage
from ingagents.ports import Transaction
from ingagents.store.engine.codecs import stamp

_SETTLED = f"('{LeadStage.WON}', '{LeadStage.LOST}')"
_WON = f"coalesce(stage, '') = '{LeadStage.WON}'"
_TALKING = (
    f"(contact_status <> 'Suppressed' AND coalesce(stage, '') NOT IN {_SETTLED} AND"
    " (stage IS NOT NULL OR (contact_status = 'Responded'"
    " AND coalesce(response_sentiment, '') <> 'negative')))"
)
# An act in doubt may have arrived; a conversation that waits for nothing more is over.
_OPEN = (
    f"(coalesce(stage, '') NOT IN {_SETTLED} AND NOT {_TALKING} AND (contact_status = 'Uncertain'"
    " OR (contact_status IN ('Invited', 'Message Sent') AND waits_for <> ''"
    " AND (next_step_at IS NOT NULL OR coalesce(invited_at, '') > :silent"
    " OR coalesce(accepted_at, '') > :silent OR coalesce(sent_at, '') > :silent))))"
)
_FIRST = "coalesce(invited_at, sent_at)"
_TALLIES = f"""
    SELECT coalesce(classification, 'Other'), track, place,
        count(CASE WHEN {_WON} THEN 1 END),
        count(CASE WHEN {_TALKING} THEN 1 END),
        count(CASE WHEN {_OPEN} THEN 1 END),
        count(CASE WHEN contact_status = 'Allocated' THEN 1 END),
        count(CASE WHEN {_WON} OR {_TALKING} OR
            ({_FIRST} IS NOT NULL AND (NOT {_OPEN} OR {_FIRST} < :ripe)) THEN 1 END)
    FROM leads WHERE contact_status <> 'Not Contacted' AND duplicate_of IS NULL
    GROUP BY 1, 2, 3
"""


def programme_now(
    transaction: Transaction, tracks: tuple[Track, ...], *, now: datetime
) -> tuple[TrackState, ...]:
    """How it stands with each track; nobody is counted where there is none.

    The place that the team noted with a person counts more than the track they were written to for.
    """
    if not tracks:
        return ()
    named = {plainly(track.name): (str(track.kind), track.name) for track in tracks}
    tallies: dict[tuple[str, str], Tally] = {}
    spans = {"ripe": stamp(now - RIPE), "silent": stamp(now - SILENT)}
    for kind, track, place, *counts in transaction.rows(_TALLIES, spans):
        key = named.get(plainly(str(place)), (str(kind), str(track)))
        tallies[key] = tallies.get(key, Tally()) + Tally(*map(int, counts))
    return states_of(tracks, tallies)
