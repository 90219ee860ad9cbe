"""What the report counts: a day's figures, who answered, what was kept from happening."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from ingagents.commands import LeadAllocation
from ingagents.core.reporter import (
    Answer,
    DaySends,
    WouldGo,
)
from ingagents.core.reporting.daily_metrics import DayFigures
from ingagents.core.reporting.incidents import STOPPED_TYPES, Outage
from ingagents.core.review_policy import BY_HAND, as_shown
from ingagents.core.text.excerpt import excerpt
from ingagents.events import LanguageModelLost, decode
from ingagents.model import FIRST_CONTACT, Classification, Intent, LeadId, ReplyDetail, Sentiment
from ingagents.ports import Transaction
from ingagents.routing import CONSUMERS
from ingagents.store.engine.codecs import moment, moment_or_none, stamp
from ingagents.store.tables import lead_counts, llm_spend, reviews
from ingagents.store.tables.replies import IS_ANSWER

_HANDLED_TYPES = ", ".join(
    f"'{kind.__struct_config__.tag}'"
    for kind in CONSUMERS  # events that somebody must handle
)
_AT_STATUS = "SELECT count(*) FROM leads WHERE contact_status = '{}' AND last_updated < :before"
_OPEN_ACTS = (
    "SELECT CASE WHEN EXISTS (SELECT 1 FROM reviews r WHERE r.kind = 'send' AND r.subject = d.id"
    f" AND r.evidence LIKE '%\"{BY_HAND}\"%') THEN 1 ELSE 0 END, count(*)"
    " FROM deliveries d WHERE claimed_at < :before"
    " AND kind IN ('invitation', 'message', 'reply', 'enrolment')"
    " AND (state = 'uncertain' OR settled_at >= :before) GROUP BY 1"
)
"""What had no outcome at a day's end, by whether it was handed to somebody."""
_IN_SPAN = " AND timestamp >= :since AND timestamp < :before"


_MOST_SHOWN = 500
"""Characters of somebody's words in the list of answers."""


def acceptances_after(transaction: Transaction, seq: int) -> int:
    """How many accepted invitations were noted after an event, whoever showed them."""
    ((count,),) = transaction.rows(
        "SELECT count(*) FROM journal WHERE seq > :seq AND type = 'invitation_accepted'",
        {"seq": seq},
    )
    return int(count)


def day_figures(
    transaction: Transaction, day: date, since: datetime, before: datetime
) -> DayFigures:
    """Everything counted about one day, from `since` up to but not including `before`.

    Levels (the queue, the doubts, the totals) are told as they stood at the day's end, as far as
    the moments kept with each row can tell it.
    """
    span = {"since": stamp(since), "before": stamp(before)}
    found, quality, speakers, sponsors, others = transaction.rows(
        "SELECT count(*), avg(quality_score), count(CASE WHEN classification = 'Speaker' THEN 1 END),"
        " count(CASE WHEN classification = 'Sponsor' THEN 1 END), count(CASE WHEN classification = 'Other' THEN 1 END)"
        " FROM leads WHERE created_at >= :since AND created_at < :before",
        span,
    )[0]
    acts = {
        str(kind): int(count)
        for kind, count in transaction.rows(
            "SELECT kind, count(*) FROM deliveries WHERE state = 'sent'"
            " AND claimed_at >= :since AND claimed_at < :before GROUP BY kind",
            span,
        )
    }
    sentiments = {
        str(sentiment): int(count)
        for sentiment, count in transaction.rows(
            f"SELECT sentiment, count(DISTINCT lead_id) FROM replies WHERE {IS_ANSWER}"
            " AND seen_at >= :since AND seen_at < :before GROUP BY sentiment",
            span,
        )
    }
    open_acts = {int(handed): int(count) for handed, count in transaction.rows(_OPEN_ACTS, span)}

    def number(sql: str) -> int:
        ((count,),) = transaction.rows(sql, span)
        return int(count)

    models = llm_spend.figures(transaction, since, before)
    direct = acts.get("message", 0) + acts.get("reply", 0)
    return DayFigures(
        day=day,
        leads_discovered=int(found),
        avg_quality_score=None if quality is None else float(quality),
        speakers=int(speakers),
        sponsors=int(sponsors),
        others=int(others),
        people_contacted=number(
            "SELECT count(*) FROM deliveries WHERE state = 'sent'"
            f" AND step = '{FIRST_CONTACT}' AND kind <> 'enrolment'"
            " AND claimed_at >= :since AND claimed_at < :before"
        ),
        messages_sent=acts.get("invitation", 0) + direct,
        invitations_sent=acts.get("invitation", 0),
        direct_messages_sent=direct,
        queue_size=number(
            "SELECT count(*) FROM leads WHERE allocated_at < :before AND"
            " (contact_status = 'Allocated' OR sent_at >= :before)"
        ),
        responses=number(
            f"SELECT count(DISTINCT lead_id) FROM replies WHERE {IS_ANSWER}"
            " AND seen_at >= :since AND seen_at < :before"
        ),
        positive_responses=sentiments.get("positive", 0),
        negative_responses=sentiments.get("negative", 0),
        neutral_responses=sentiments.get("neutral", 0),
        opt_outs=number(
            "SELECT count(DISTINCT lead_id) FROM replies WHERE detail = 'opt_out'"
            " AND seen_at >= :since AND seen_at < :before"
        ),
        accepted_invitations=number(
            "SELECT count(*) FROM leads WHERE accepted_at >= :since AND accepted_at < :before"
        ),
        uncertain=open_acts.get(0, 0),
        handed_out=open_acts.get(1, 0),
        refused=number(
            "SELECT count(*) FROM deliveries d WHERE state = 'refused'"
            " AND NOT EXISTS (SELECT 1 FROM reviews r WHERE r.kind = 'send'"  # a human did not send
            " AND r.subject = d.id AND r.state = 'rejected')"
            " AND kind IN ('invitation', 'message', 'reply', 'enrolment')"
            " AND settled_at >= :since AND settled_at < :before"
        ),
        errors=number(
            "SELECT count(*) FROM journal WHERE type = 'agent_error'"
            " AND timestamp >= :since AND timestamp < :before"
        ),
        handled_events=number(
            f"SELECT count(*) FROM journal WHERE type IN ({_HANDLED_TYPES})" + _IN_SPAN
        )
        - number(
            "SELECT count(*) FROM inbox i JOIN journal j ON j.seq = i.seq"
            f" AND j.consumer = i.consumer{_IN_SPAN}"
        ),
        dead_letters=number(
            "SELECT count(*) FROM retries r JOIN journal j ON j.seq = r.seq"
            " WHERE r.state = 'dead' AND j.timestamp < :before"
        ),
        total_leads=sum(lead_counts.by_status(transaction).values())
        - number("SELECT count(*) FROM leads WHERE created_at >= :before"),
        contacted_leads=number(
            "SELECT count(DISTINCT recipient) FROM deliveries WHERE state = 'sent'"
            " AND kind IN ('invitation', 'message', 'reply') AND claimed_at < :before"
        ),
        accepted_leads=number("SELECT count(*) FROM leads WHERE accepted_at < :before"),
        answered_leads=number(
            f"SELECT count(DISTINCT lead_id) FROM replies WHERE {IS_ANSWER} AND seen_at < :before"
        ),
        qualified_opportunities=number(
            "SELECT count(DISTINCT lead_id) FROM replies WHERE sentiment = 'positive'"
            " AND seen_at < :before"
        ),
        needs_review=number(_AT_STATUS.format("Needs Review")),
        suppressed=number(_AT_STATUS.format("Suppressed")),
        model_calls=models.calls,
        model_cached=models.cached,
        model_input_tokens=models.input_tokens,
        model_output_tokens=models.output_tokens,
        model_usd=models.usd,
    )


def answers(transaction: Transaction, since: datetime, before: datetime) -> list[Answer]:
    """Who answered what in a span of time, newest first."""
    return [
        Answer(
            lead_id=LeadId(lead_id),
            name=name,
            company=company,
            classification=Classification(classification) if classification else None,
            sentiment=Sentiment(sentiment),
            intent=Intent(intent),
            detail=ReplyDetail(detail),
            text=excerpt(text, _MOST_SHOWN, [ours]),
            at=moment(at),
        )
        for lead_id, name, company, classification, sentiment, intent, detail, text, ours, at in (
            transaction.rows(
                "SELECT l.id, l.name, l.company, l.classification, r.sentiment, r.intent,"
                " r.detail, r.text, coalesce(l.message_sent, ''), r.received_at FROM replies r JOIN leads l ON l.id = r.lead_id"
                f" WHERE r.{IS_ANSWER} AND r.seen_at >= :since AND r.seen_at < :before"
                " ORDER BY r.received_at DESC LIMIT 500",
                {"since": stamp(since), "before": stamp(before)},
            )
        )
    ]


def began_at(transaction: Transaction) -> datetime | None:
    """When the first thing happened that is still known; None before anything did."""
    ((first,),) = transaction.rows(
        # The journal's first row and not its least moment: that would be a look at every row.
        "SELECT min(at) FROM (SELECT (SELECT timestamp FROM journal ORDER BY seq LIMIT 1) AS at"
        " UNION ALL SELECT min(created_at) FROM leads) first_ones"
    )
    return moment_or_none(first)


def would_go(transaction: Transaction, *, limit: int) -> list[WouldGo]:
    """The texts a dry run shows, in their turn."""
    told = (as_shown(one) for one in reviews.all_shown(transaction, limit=limit))
    return [WouldGo(**{part: one[part] for part in WouldGo.__struct_fields__}) for one in told]


def sends_and_answers(
    transaction: Transaction, days: Sequence[tuple[date, datetime, datetime]]
) -> list[DaySends]:
    """For each day (with its beginning and its end) how many were written to, how many answered."""
    found = []
    for day, since, before in days:
        ((sent, answered),) = transaction.rows(
            "SELECT (SELECT count(*) FROM deliveries WHERE state = 'sent'"
            " AND kind IN ('invitation', 'message', 'reply')"
            " AND claimed_at >= :since AND claimed_at < :before),"
            f" (SELECT count(DISTINCT lead_id) FROM replies WHERE {IS_ANSWER}"
            " AND seen_at >= :since AND seen_at < :before)",
            {"since": stamp(since), "before": stamp(before)},
        )
        found.append(DaySends(day=day, sent=int(sent), answered=int(answered)))
    return found


def stopped(transaction: Transaction, since: datetime, before: datetime) -> dict[str, int]:
    """How many events of a span of time say that something was kept from happening, by type."""
    kinds = ", ".join(f"'{kind}'" for kind in STOPPED_TYPES)
    return {
        str(kind): int(count)
        for kind, count in transaction.rows(
            f"SELECT type, count(*) FROM journal WHERE type IN ({kinds}){_IN_SPAN} GROUP BY type",
            {"since": stamp(since), "before": stamp(before)},
        )
    }


def contacted_and_positive(transaction: Transaction, since: datetime) -> dict[str, tuple[int, int]]:
    """By classification: how many people were written to since then, how many said yes."""
    return {
        str(kind): (int(contacted), int(positive))
        for kind, contacted, positive in transaction.rows(
            "SELECT coalesce(classification, 'Other'), count(*),"
            " count(CASE WHEN response_sentiment = 'positive' THEN 1 END)"
            " FROM leads WHERE sent_at >= :since GROUP BY coalesce(classification, 'Other')",
            {"since": stamp(since)},
        )
    }


def judgements(transaction: Transaction, since: datetime, before: datetime) -> list[str]:
    """What a model's order changed about the allocations of a span of time, oldest first."""
    rows = transaction.rows(
        "SELECT data, version FROM journal WHERE type = 'lead_allocation'"
        + _IN_SPAN
        + " ORDER BY seq LIMIT 100",
        {"since": stamp(since), "before": stamp(before)},
    )
    found = (
        decode(data, stored_type="lead_allocation", version=int(version)) for data, version in rows
    )
    return [one.judgement for one in found if isinstance(one, LeadAllocation) and one.judgement]


def model_outage(transaction: Transaction, since: datetime, before: datetime) -> Outage | None:
    """The last time in a span that no language model answered; None if one always did.

    An outage that began earlier and is not over by `before` counts.
    """
    rows = transaction.rows(
        "SELECT data, version, type, timestamp FROM journal"
        " WHERE type IN ('language_model_lost', 'language_model_back') AND timestamp < :before"
        " ORDER BY seq DESC LIMIT 2",
        {"before": stamp(before)},
    )
    ended: datetime | None = None
    for data, version, kind, at in rows:
        event = decode(data, stored_type=str(kind), version=int(version))
        if isinstance(event, LanguageModelLost):
            return Outage(since=moment(at), until=ended, reason=event.reason)
        if str(at) < stamp(since):
            break
        ended = moment(at)
    return None
