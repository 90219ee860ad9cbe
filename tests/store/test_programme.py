"""The database counts for a programme who is won, talks, is written to or is settled: each once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ingagents.core.programme import Track
from ingagents.model import Classification, ContactStatus, LeadStage, Sentiment, WaitsFor
from ingagents.store.programme import programme_now
from ingagents.store.tables import leads
from tests.factories import MONDAY, a_lead
from tests.support import open_test_store

pytestmark = pytest.mark.usefixtures("database")

NOW = MONDAY + timedelta(days=100)
S, W = ContactStatus, WaitsFor
TRACK = Track(kind=Classification.SPEAKER, name="AI track", places=100)
GOLD = Track(kind=Classification.SPONSOR, name="Gold", places=1)

CASES: list[tuple[dict[str, Any], str]] = [
    ({"contact_status": S.NOT_CONTACTED}, ""),
    ({"contact_status": S.ALLOCATED}, "handed"),
    ({"contact_status": S.UNCERTAIN}, "under_way"),
    ({"contact_status": S.INVITED, "waits_for": W.ACCEPTANCE, "invited_at": NOW}, "under_way"),
    (
        {
            "contact_status": S.INVITED,
            "waits_for": W.ACCEPTANCE,
            "invited_at": NOW - timedelta(days=31),
        },
        "",
    ),
    (
        {
            "contact_status": S.MESSAGE_SENT,
            "waits_for": W.MOMENT,
            "next_step_at": NOW + timedelta(days=5),
            "sent_at": NOW - timedelta(days=40),
        },
        "under_way",
    ),
    (
        {
            "contact_status": S.MESSAGE_SENT,
            "waits_for": W.FACTS,
            "sent_at": NOW - timedelta(days=40),
        },
        "",
    ),
    ({"contact_status": S.MESSAGE_SENT, "waits_for": W.NOTHING, "sent_at": NOW}, ""),
    ({"contact_status": S.RESPONDED, "response_sentiment": Sentiment.POSITIVE}, "under_way"),
    ({"contact_status": S.RESPONDED, "response_sentiment": Sentiment.NEGATIVE}, ""),
    (
        {
            "contact_status": S.RESPONDED,
            "response_sentiment": Sentiment.NEGATIVE,
            "stage": LeadStage.MEETING,
        },
        "under_way",
    ),
    ({"contact_status": S.RESPONDED, "stage": LeadStage.LOST}, ""),
    ({"contact_status": S.RESPONDED, "stage": LeadStage.WON}, "won"),
    ({"contact_status": S.CLOSED, "stage": LeadStage.WON}, "won"),
    ({"contact_status": S.CLOSED, "stage": "Won", "track": "", "place": "ai  Track"}, "won"),
    ({"contact_status": S.CLOSED, "stage": "Won", "place": "a stand"}, "won"),
    ({"contact_status": S.CLOSED, "stage": "Won", "place": "Gold"}, ""),
    ({"contact_status": S.RESPONDED, "stage": "On the phone"}, "under_way"),
    ({"contact_status": S.CLOSED}, ""),
    ({"contact_status": S.SUPPRESSED, "stage": LeadStage.PROPOSAL}, ""),
    ({"contact_status": S.RESPONDED, "classification": Classification.SPONSOR}, ""),
    ({"contact_status": S.RESPONDED, "duplicate_of": "lead-000001"}, ""),
]


@pytest.mark.parametrize(("lead", "counts_as"), CASES)
async def test_each_person_counts_where_they_are(
    tmp_path: Path, lead: dict[str, Any], counts_as: str
) -> None:
    async with open_test_store(tmp_path) as store:
        await store.write(lambda t: leads.insert(t, a_lead(1, **{"track": "AI track"} | lead), []))
        (state, _) = await store.read(lambda t: programme_now(t, (TRACK, GOLD), now=NOW))
    found = {name: getattr(state, name) for name in ("won", "under_way", "handed")}
    assert found == {name: int(name == counts_as) for name in found}
