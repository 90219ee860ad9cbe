"""What the report counts: a day's figures, who answered, what needs a human."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from ingagents.core.follow_up import needs_human_now, say_follow_up
from ingagents.core.reporter import (
    Answer,
    DaySends,
    NeedsHuman,
    Stopped,
    WouldGo,
    beginning,
    names_another,
    next_step,
    take_on,
)
from ingagents.core.reporting.daily_metrics import DayFigures
from ingagents.core.review_policy import as_shown
from ingagents.core.text.excerpt import excerpt
from ingagents.display import counted
from ingagents.events import CONSUMERS, LanguageModelLost, LeadAllocation, decode
from ingagents.model import Classification, Intent, LeadId, ReplyDetail, Sentiment
from ingagents.ports import Transaction
from ingagents.store.engine.codecs import from_json, moment, moment_or_none, stamp
from ingagents.store.tables import llm_spend, reviews

_HANDLED_TYPES = ", ".join(
    f"'{kind.__struct_config__.tag}'"
    for kind in CONSUMERS  # events that somebody must handle
)
_ANSWERED = {True: "answered positively", False: "asks something"}
_AT_STATUS = "SELECT count(*) FROM leads WHERE contact_status = '{}' AND last_updated < :before"
_IN_SPAN = " AND timestamp >= :since AND timestamp < :before"


_MOST_WAITING = 1_000
_EXCERPT, _MOST_SHOWN = 120, 500
"""Characters of somebody's words beside their name, and in the list of answers."""
_FOLLOW_UP = (
    "l.stage, l.owner, l.next_date, l.handled_at,"
    " (SELECT max(news.at) FROM (SELECT a.seen_at AS at FROM replies a WHERE a.lead_id = l.id"
    " UNION ALL SELECT j.timestamp FROM journal j WHERE j.lead_id = l.id"
    " AND l.contact_status IN ('Needs Review', 'Uncertain')"
    " AND j.type IN ('decision_made', 'delivery_uncertain', 'delivery_settled')) AS news)"
)
"""The team's words of a person, and when there was news: they said something, or are in doubt anew."""

_ASKED = {
    "draft": "Approve the text for",
    "send": "Did this reach",
    "reply": "Read the answer of",
    "strategy": "Decide on a change",
}
"""How a human is asked, by the kind of review; the person's name follows."""


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
            "SELECT sentiment, count(DISTINCT lead_id) FROM replies"
            " WHERE seen_at >= :since AND seen_at < :before GROUP BY sentiment",
            span,
        )
    }

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
        messages_sent=acts.get("invitation", 0) + direct,
        invitations_sent=acts.get("invitation", 0),
        direct_messages_sent=direct,
        queue_size=number(
            "SELECT count(*) FROM leads WHERE allocated_at < :before AND"
            " (contact_status = 'Allocated' OR sent_at >= :before)"
        ),
        responses=number(
            "SELECT count(DISTINCT lead_id) FROM replies"
            " WHERE seen_at >= :since AND seen_at < :before"
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
        uncertain=number(
            "SELECT count(*) FROM deliveries WHERE claimed_at < :before"
            " AND kind IN ('invitation', 'message', 'reply')"
            " AND (state = 'uncertain' OR settled_at >= :before)"
        ),
        refused=number(
            "SELECT count(*) FROM deliveries WHERE state = 'refused'"
            " AND kind IN ('invitation', 'message', 'reply')"
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
        total_leads=number("SELECT count(*) FROM leads WHERE created_at < :before"),
        contacted_leads=number(
            "SELECT count(DISTINCT recipient) FROM deliveries WHERE state = 'sent'"
            " AND kind IN ('invitation', 'message', 'reply') AND claimed_at < :before"
        ),
        accepted_leads=number("SELECT count(*) FROM leads WHERE accepted_at < :before"),
        answered_leads=number(
            "SELECT count(DISTINCT lead_id) FROM replies WHERE seen_at < :before"
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
                " WHERE r.seen_at >= :since AND r.seen_at < :before"
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


def needs_human(transaction: Transaction, *, today: date) -> list[NeedsHuman]:
    """What only a person can settle, oldest first; what is about nobody comes last.

    Whom the team has taken on is left out until their next date, the campaign's `today`, or until
    they say something new.
    """
    items = list(_waiting(transaction, today))
    items += _asked(transaction, today)
    items.sort(key=lambda item: (item.since is None, item.since.timestamp() if item.since else 0.0))
    ((mails,),) = transaction.rows(
        "SELECT count(*) FROM deliveries WHERE state = 'uncertain' AND kind IN ('alert', 'report')"
    )
    if mails:
        items.append(
            NeedsHuman(
                what=f"{counted(mails, 'mail')} to the team may not have arrived; a copy of each stands in the outbox",
                lead_id=None,
                command="ingagents journal list --format jsonl",
            )
        )
    ((dead,),) = transaction.rows("SELECT count(*) FROM retries WHERE state = 'dead'")
    if dead:
        items.append(
            NeedsHuman(
                what=f"{counted(dead, 'event')} could not be handled",
                lead_id=None,
                command="ingagents journal dead-letters",
            )
        )
    return items


def _waiting(transaction: Transaction, today: date) -> Iterator[NeedsHuman]:
    """The people themselves: who wants something, who is in doubt, whose next date has come."""
    for (
        lead_id,
        name,
        url,
        status,
        tone,
        intent,
        detail,
        text,
        ours,
        why,
        answered,
        at,
        *said,
    ) in transaction.rows(
        "SELECT id, name, linkedin_url, contact_status, response_sentiment, coalesce(response_intent, 'unclear'),"
        " coalesce(response_detail, ''), response, coalesce(message_sent, ''), status_reason,"
        f" responded_at, last_updated, {_FOLLOW_UP} FROM leads l"
        " WHERE id IN (SELECT id FROM leads WHERE contact_status = 'Responded'"
        " AND (response_sentiment = 'positive' OR response_intent = 'requesting_info')"
        " UNION SELECT id FROM leads n WHERE contact_status IN ('Needs Review', 'Uncertain')"
        " AND NOT EXISTS (SELECT 1 FROM reviews r WHERE r.lead_id = n.id AND r.state = 'open')"
        " UNION SELECT id FROM leads WHERE next_date <= :today)"
        " AND contact_status <> 'Suppressed'",
        {"today": today.isoformat()},
    ):
        follow_up = _follow_up(said, today)
        if follow_up is None:
            continue
        since, what, action = at, "is due", ""
        command = f"ingagents leads show {beginning(LeadId(lead_id))}"
        if status == "Responded" and (tone == "positive" or intent == "requesting_info"):
            said_now = excerpt(text or "", _EXCERPT, [ours])
            since, what = answered, f"{_ANSWERED[tone == 'positive']}: {said_now}"
            action = next_step(Intent(intent), ReplyDetail(detail))
            command = take_on(LeadId(lead_id))
        elif status in {"Needs Review", "Uncertain"}:
            what = f"is {status}: {why}"
        yield NeedsHuman(
            what=f"{name or 'A lead'}{follow_up} {what}",
            lead_id=LeadId(lead_id),
            command=command,
            action=action,
            since=moment(since) if since else None,
            link=url,
        )


def _follow_up(said: Sequence[str | None], today: date) -> str | None:
    """What the team said of somebody who needs it now; None for whom it has taken on."""
    stage, owner, day, handled_at, news_at = said
    next_date = date.fromisoformat(day) if day else None
    if not needs_human_now(
        stage=stage,
        next_date=next_date,
        handled_at=moment_or_none(handled_at),
        news_at=moment_or_none(news_at),
        today=today,
    ):
        return None
    told = say_follow_up(stage, owner or "", next_date)
    return f" ({told})" if told else ""


def _asked(transaction: Transaction, today: date) -> Iterator[NeedsHuman]:
    """Open questions; of a draft also what LinkedIn contradicts, for both values decide it.

    An answer to be read waits no longer than its person does.
    """
    for (
        review_id,
        kind,
        lead_id,
        recipient,
        text,
        at,
        url,
        detail,
        contradictions,
        *said,
    ) in transaction.rows(
        "SELECT r.id, r.kind, r.lead_id, r.recipient, r.text, r.asked_at,"
        " coalesce(l.linkedin_url, ''),"
        " coalesce((SELECT p.detail FROM replies p WHERE p.id = r.subject), ''),"
        " CASE WHEN r.kind = 'draft'"
        f" THEN coalesce(l.contradictions, '[]') ELSE '[]' END, {_FOLLOW_UP}"
        " FROM reviews r LEFT JOIN leads l ON l.id = r.lead_id WHERE r.state = 'open'"
        f" ORDER BY r.asked_at, r.id LIMIT {_MOST_WAITING}"
    ):
        if kind == "reply" and _follow_up(said, today) is None:
            continue
        contradicted = "; ".join(from_json(contradictions))
        words, action = contradicted or excerpt(text, _EXCERPT), ""
        what = f"{_ASKED[kind]} {recipient}: {words}".replace(" :", ":")
        if kind == "reply" and detail == ReplyDetail.REFERRAL:
            what, action = names_another(recipient, words)
        verb = "approve" if kind == "draft" and not contradicted else "show"
        yield NeedsHuman(
            what=what,
            lead_id=LeadId(lead_id) if lead_id else None,
            command=f"ingagents review {verb} {review_id}",
            action=action,
            since=moment(at),
            link=url,
        )


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
            " (SELECT count(DISTINCT lead_id) FROM replies"
            " WHERE seen_at >= :since AND seen_at < :before)",
            {"since": stamp(since), "before": stamp(before)},
        )
        found.append(DaySends(day=day, sent=int(sent), answered=int(answered)))
    return found


def stopped(transaction: Transaction, since: datetime, before: datetime) -> list[Stopped]:
    """What the department kept itself from doing in a span of time."""
    span = {"since": stamp(since), "before": stamp(before)}
    counted = (
        (
            "messages to people who asked to be left alone or were suppressed",
            "SELECT count(*) FROM journal WHERE type = 'lead_suppressed'" + _IN_SPAN,
        ),
        (
            "allocations taken back because nobody acted on them",
            "SELECT count(*) FROM journal WHERE type = 'allocation_returned'" + _IN_SPAN,
        ),
        (
            "sends in doubt, held instead of repeated",
            "SELECT count(*) FROM journal WHERE type = 'delivery_uncertain'" + _IN_SPAN,
        ),
    )
    return [
        Stopped(what=what, count=int(transaction.rows(sql, span)[0][0])) for what, sql in counted
    ]


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


def model_outage(transaction: Transaction, since: datetime, before: datetime) -> list[str]:
    """A sentence on the last time in a span that no language model answered; none if one always did.

    An outage that began earlier and is not over by `before` counts. Its moments are told in the
    zone of `since`.
    """
    rows = transaction.rows(
        "SELECT data, version, type, timestamp FROM journal"
        " WHERE type IN ('language_model_lost', 'language_model_back') AND timestamp < :before"
        " ORDER BY seq DESC LIMIT 2",
        {"before": stamp(before)},
    )
    ended = ""
    for data, version, kind, at in rows:
        event = decode(data, stored_type=str(kind), version=int(version))
        if isinstance(event, LanguageModelLost):
            lasted = f"{_at_minute(at, since)} {f'to {ended}' if ended else 'on'}"
            said = f"No language model gave an answer of use from {lasted}, and the rules decided"
            return [f"{said}: {event.reason}."]
        if str(at) < stamp(since):
            break
        ended = _at_minute(at, since)
    return []


def _at_minute(at: str, like: datetime) -> str:
    """A stored moment to the minute, in another's zone."""
    return f"{moment(at).astimezone(like.tzinfo):%Y-%m-%d %H:%M %Z}"
