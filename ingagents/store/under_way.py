"""Whose conversation is open: with whom, and so with which company."""

from __future__ import annotations

from datetime import datetime, timedelta

from ingagents.model import LeadStage
from ingagents.ports import Transaction
from ingagents.store.engine.codecs import stamp

SILENT = timedelta(days=30)
"""After so long without a word, an acceptance or a step to come nobody counts on an answer."""

WRITTEN_TO = (
    "('Allocated', 'Uncertain', 'Needs Review', 'Enrolled', 'Invited', 'Message Sent',"
    " 'Responded', 'Closed', 'Failed')"
)
"""Where somebody may stand whom we deal or dealt with; listed, so that the others are not read."""
_SETTLED = f"('{LeadStage.WON}', '{LeadStage.LOST}')"
WON = f"coalesce(stage, '') = '{LeadStage.WON}'"
TALKING = (
    f"(contact_status <> 'Suppressed' AND coalesce(stage, '') NOT IN {_SETTLED} AND"
    " (stage IS NOT NULL OR (contact_status = 'Responded'"
    " AND coalesce(response_sentiment, '') <> 'negative')))"
)
"""They have answered, or the team talks to them, and nobody said yet what came of it."""

# An act in doubt may have arrived; a conversation that waits for nothing more is over.
AWAITED = (
    f"(coalesce(stage, '') NOT IN {_SETTLED} AND NOT {TALKING} AND (contact_status = 'Uncertain'"
    " OR (contact_status IN ('Enrolled', 'Invited', 'Message Sent') AND waits_for <> ''"
    " AND (next_step_at IS NOT NULL OR coalesce(invited_at, '') > :silent"
    " OR coalesce(accepted_at, '') > :silent OR coalesce(sent_at, '') > :silent))))"
)
"""They were written to and may still answer; `:silent` is as `since_silence` says."""

# Whoever names a colleague has done with us: the colleague is the one to be asked.
COMPANIES = (
    f"SELECT company_key FROM leads WHERE company_key <> '' AND contact_status IN {WRITTEN_TO}"
    " AND duplicate_of IS NULL AND (allocated_at >= :since OR contact_status = 'Allocated'"
    " OR (contact_status = 'Needs Review' AND allocated_at > :silent)"
    f" OR {AWAITED} OR ({TALKING} AND coalesce(response_detail, '') <> 'referral'))"
)
"""Companies where somebody was allocated from `:since` on, or a conversation is open."""


def since_silence(now: datetime) -> str:
    """The moment before which a conversation without news is over, as it is stored."""
    return stamp(now - SILENT)


def companies_taken(transaction: Transaction, since: datetime, *, now: datetime) -> frozenset[str]:
    """Companies that had somebody allocated from a moment on, or with whom a conversation is open."""
    values = {"since": stamp(since), "silent": since_silence(now)}
    return frozenset(str(row[0]) for row in transaction.rows(COMPANIES, values))
