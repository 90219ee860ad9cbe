"""How far people are with each track of the programme."""

from __future__ import annotations

from datetime import datetime

from ingagents.core.programme import RIPE, Tally, Track, TrackState, states_of
from ingagents.core.sheet.answers import plainly
from ingagents.ports import Transaction
from ingagents.store.engine.codecs import stamp
from ingagents.store.under_way import AWAITED, TALKING, WON, WRITTEN_TO, since_silence

_FIRST = "coalesce(invited_at, sent_at)"
_TALLIES = f"""
    SELECT coalesce(classification, 'Other'), track, place,
        count(CASE WHEN {WON} THEN 1 END),
        count(CASE WHEN {TALKING} THEN 1 END),
        count(CASE WHEN {AWAITED} THEN 1 END),
        count(CASE WHEN contact_status = 'Allocated' THEN 1 END),
        count(CASE WHEN {WON} OR {TALKING} OR
            ({_FIRST} IS NOT NULL AND (NOT {AWAITED} OR {_FIRST} < :ripe)) THEN 1 END)
    FROM leads WHERE contact_status IN {WRITTEN_TO} AND duplicate_of IS NULL
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
    spans = {"ripe": stamp(now - RIPE), "silent": since_silence(now)}
    for kind, track, place, *counts in transaction.rows(_TALLIES, spans):
        key = named.get(plainly(str(place)), (str(kind), str(track)))
        tallies[key] = tallies.get(key, Tally()) + Tally(*map(int, counts))
    return states_of(tracks, tallies)
