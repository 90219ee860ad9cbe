"""Who and what waits for a human: people, questions, mails in doubt, events nobody could handle."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from ingagents.core.reporting.open_matters import OpenMatters, PersonWaits, ReviewWaits
from ingagents.core.review_words import action_of, asked_of
from ingagents.model import TEAM
from ingagents.ports import Transaction
from ingagents.store.engine.row_codec import RowCodec
from ingagents.store.enrolments import still_in_campaign
from ingagents.store.tables import hand_outs
from ingagents.store.tables.replies import IS_ANSWER

_MOST_REVIEWS = 1_000
_PERSON = RowCodec(PersonWaits)
_REVIEW = RowCodec(ReviewWaits, without=("asked", "action"))

# The columns of both stand in the order of the structs' fields; the team's words come first.
_TEAMS_WORDS = (
    "l.stage, l.owner, l.next_date, l.handled_at,"
    " (SELECT max(news.at) FROM (SELECT a.seen_at AS at FROM replies a WHERE a.lead_id = l.id"
    f" AND a.{IS_ANSWER}"
    " UNION ALL SELECT j.timestamp FROM journal j WHERE j.lead_id = l.id"
    " AND l.contact_status IN ('Needs Review', 'Uncertain')"
    " AND j.type IN ('lead_discovered', 'decision_made', 'delivery_uncertain', 'delivery_settled'))"
    " AS news)"
)
_PEOPLE = (
    f"SELECT {_TEAMS_WORDS}, id, name, linkedin_url, contact_status, response_sentiment,"
    " response_intent, response_detail, response, message_sent, status_reason, responded_at,"
    " last_updated FROM leads l"
    " WHERE id IN (SELECT id FROM leads WHERE contact_status = 'Responded'"
    " AND (response_sentiment = 'positive' OR response_intent = 'requesting_info')"
    " AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.recipient = leads.id"
    " AND d.step LIKE 'answer:%' AND d.state = 'sent' AND d.attempted_at > leads.responded_at)"
    " UNION SELECT id FROM leads n WHERE contact_status IN ('Needs Review', 'Uncertain')"
    " AND NOT EXISTS (SELECT 1 FROM reviews r WHERE r.lead_id = n.id AND r.state = 'open')"
    " UNION SELECT id FROM leads WHERE next_date <= :today)"
    " AND contact_status <> 'Suppressed'"
)
_REVIEWS = (
    f"SELECT {_TEAMS_WORDS}, r.id, r.kind, r.lead_id, r.recipient, r.text, r.asked_at,"
    " l.linkedin_url, (SELECT p.detail FROM replies p WHERE p.id = r.subject), l.contradictions"
    " FROM reviews r LEFT JOIN leads l ON l.id = r.lead_id WHERE r.state = 'open'"
    f" ORDER BY r.asked_at, r.id LIMIT {_MOST_REVIEWS}"
)
_MAILS = (
    "SELECT recipient, count(*) FROM deliveries WHERE state = 'uncertain'"
    " AND kind IN ('alert', 'report') AND (recipient = :team OR claimed_at >= :since)"
    " GROUP BY recipient ORDER BY recipient"
)
_NEWS = timedelta(days=2)
"""So long a notice that a channel may not have shown is told of; the reports had it since."""
_DEAD_LETTERS = "SELECT count(*) FROM retries WHERE state = 'dead'"


def open_matters(transaction: Transaction, *, today: date) -> OpenMatters:
    """Everything that may want a human on the campaign's `today`."""
    since = (today - _NEWS).isoformat()
    doubts = {
        str(to): int(count)
        for to, count in transaction.rows(_MAILS, {"team": TEAM, "since": since})
    }
    ((dead,),) = transaction.rows(_DEAD_LETTERS)
    return OpenMatters(
        people=[
            _PERSON.read(row) for row in transaction.rows(_PEOPLE, {"today": today.isoformat()})
        ],
        reviews=[
            _as_it_stands(transaction, _REVIEW.read(row)) for row in transaction.rows(_REVIEWS)
        ],
        mails_in_doubt=doubts.pop(TEAM, 0),
        notices_in_doubt=doubts,
        dead_letters=int(dead),
        in_campaign=still_in_campaign(transaction),
    )


def _as_it_stands(transaction: Transaction, one: ReviewWaits) -> ReviewWaits:
    """Of a send what it asks for now: to be sent, to be left, or to be told of."""
    shown = hand_outs.standing_of(transaction, one.review_id) if one.kind == "send" else None
    return (
        one
        if shown is None
        else replace(one, text=shown.text, asked=asked_of(shown), action=action_of(shown))
    )
