"""What the team has not been told yet, read from what happened and from the mails that went."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from ingagents.core.facts.questions import same_question
from ingagents.core.reporter import NeedsHuman, PositiveReply, beginning, names_another
from ingagents.core.reporting.alerts import Notice, NoticeKind
from ingagents.core.reporting.open_matters import of_campaign
from ingagents.core.review_policy import ANSWERS, OPEN, Review
from ingagents.core.review_words import action_of, asked_of
from ingagents.core.text.excerpt import excerpt
from ingagents.events import PerformanceAlert
from ingagents.model import (
    Classification,
    Intent,
    LeadId,
    ReplyDetail,
    Sentiment,
    Step,
    StepKind,
)
from ingagents.ports import Transaction
from ingagents.store.engine.codecs import moment, stamp
from ingagents.store.enrolments import still_in_campaign
from ingagents.store.tables import hand_outs, key_value, reviews

_MOST = 100
_PAGES = 10
"""So many times as many answers are looked through for those that are told now."""
_EXCERPT = 200
"""Characters of a text beside the person it is about."""
_STALE = timedelta(days=1)
"""A figure that left its bounds longer ago than this is no news any more; the reports have it."""

_IS_TOLD_OF = (
    "(r.sentiment = 'positive' OR r.intent = 'requesting_info')"
    " AND r.detail NOT IN ('opt_out', 'out_of_office', 'bounce')"
)
_INTERESTED = (
    "(SELECT 1 FROM replies b WHERE b.lead_id = r.lead_id AND b.id <> r.id"
    " AND (b.sentiment = 'positive' OR b.intent = 'requesting_info')"
)
_READ = "What does this mean, from"

_PROFILE = "coalesce((SELECT l.linkedin_url FROM leads l WHERE l.id = r.lead_id), '')"

# Counted, and so looked up by the step's index: PostgreSQL makes a join of NOT EXISTS, and before it
# has figures of its tables (just filled, just restored) compares every answer with every act.
_NOT_TOLD = (
    " (SELECT count(*) FROM deliveries d WHERE d.kind = 'alert'"
    " AND d.recipient = '{}' AND d.step = {} AND d.state <> 'refused') = 0"
)


def untold(
    transaction: Transaction,
    *,
    now: datetime,
    to: str,
    since: datetime | None = None,
    drafts: bool = False,
) -> list[Notice]:
    """Every notice that is due to the team, or to a channel, the oldest of each kind first.

    `to` is the recipient of the claims that say what was told. `since`: nothing older than that.
    `drafts`: also the texts that wait for an approval; else only the report has them.
    """
    asked = _Asked(to=to, since=stamp(since) if since else "")
    return [
        *_account(transaction, asked),
        *_wrong_answers(transaction, asked, since=now - _STALE),
        *_replies(transaction, asked),
        *_opt_outs(transaction, asked, since=now - _STALE),
        *_reviews(transaction, asked),
        *_in_campaign(transaction, asked),
        *(_drafts(transaction, asked) if drafts else ()),
        *_dead_letters(transaction, asked),
        *_performance(transaction, asked, since=now - _STALE),
    ]


class _Asked(NamedTuple):
    """Who is told, one of our own few names, and from when on ('': from the beginning)."""

    to: str
    since: str

    def not_told(self, kind: StepKind, about: str) -> str:
        """The condition that it was not told; `about` is SQL."""
        return _NOT_TOLD.format(self.to, f"'{kind}:' || {about}")

    def is_new(self, transaction: Transaction, step: Step, at: datetime) -> bool:
        if stamp(at) < self.since:
            return False
        sql = "SELECT 1 WHERE" + _NOT_TOLD.format(self.to, ":step")
        return bool(transaction.rows(sql, {"step": str(step)}))


def _replies(transaction: Transaction, asked: _Asked) -> list[Notice]:
    """People who answered positively or asked something: a human goes on with them.

    What no fact answers is asked of the team once: whoever asks the same while it waits is told of
    when their answer can be prepared, or when the first is answered otherwise.
    """
    found: list[Notice] = []
    asked_first = _asked_first(transaction)
    for offset in range(0, _PAGES * _MOST, _MOST):
        rows = _untold_replies(transaction, asked, offset)
        notices = (_of_reply(transaction, row, asked_first) for row in rows)
        found += [one for one in notices if one is not None]
        if len(rows) < _MOST or len(found) >= _MOST:
            break
    return found


def _untold_replies(transaction: Transaction, asked: _Asked, offset: int) -> list[tuple[Any, ...]]:
    return transaction.rows(
        "SELECT l.id, l.name, l.position, l.company, l.classification, r.sentiment, r.intent,"
        " r.detail, r.text, coalesce(l.message_sent, ''), l.linkedin_url, r.received_at, r.id"
        " FROM replies r JOIN leads l ON l.id = r.lead_id"
        f" WHERE {_IS_TOLD_OF} AND"
        + asked.not_told(StepKind.REPLY, "r.id")
        + f" AND r.seen_at >= :since ORDER BY r.seen_at, r.id LIMIT {_MOST} OFFSET :offset",
        {"since": asked.since, "offset": offset},
    )


def _of_reply(
    transaction: Transaction, row: tuple[Any, ...], asked_first: Mapping[str, str]
) -> Notice | None:
    lead_id, name, position, company, kind, tone, intent, detail, *rest = row
    text, ours, url, at, id_ = rest
    positive = Sentiment(tone) is Sentiment.POSITIVE
    notice_kind: NoticeKind = "positive_reply" if positive else "question"
    prepared = _waiting_answer(transaction, lead_id)
    if prepared is not None and not positive and _is_asked_already(prepared, asked_first):
        return None
    if prepared is not None and prepared.evidence[ANSWERS] != id_:
        if not positive and _is_told_of(transaction, prepared.evidence[ANSWERS]):
            return None  # what they wrote since is answered together with this
        prepared = None
    reply = PositiveReply(
        lead_id=LeadId(lead_id),
        name=name,
        position=position,
        company=company,
        classification=Classification(kind) if kind else None,
        intent=Intent(intent),
        detail=ReplyDetail(detail),
        reply_text=text,
        our_text=ours,
        linkedin_url=url,
        at=moment(at),
        answer=prepared.text if prepared else "",
        review=prepared.id if prepared else "",
        unanswered=tuple(prepared.evidence[OPEN]) if prepared else (),
    )
    return Notice(
        kind=notice_kind,
        step=Step(StepKind.REPLY, id_),
        at=reply.at,
        about=reply,
        lead_id=reply.lead_id,
    )


def _asked_first(transaction: Transaction) -> dict[str, str]:
    """By question that waits for a fact, the review in which it was asked first."""
    waiting = reviews.listed(transaction, kind="answer", limit=_PAGES * _MOST)
    return {
        same_question(question): review.id
        for review in waiting  # the newest first: the oldest is written last, and stays
        for question in review.evidence[OPEN]
    }


def _is_asked_already(prepared: Review, asked_first: Mapping[str, str]) -> bool:
    """Whether there is no answer yet, and others asked each of its questions before."""
    questions = prepared.evidence[OPEN]
    return (
        not prepared.text
        and bool(questions)
        and all(asked_first.get(same_question(one)) != prepared.id for one in questions)
    )


def _opt_outs(transaction: Transaction, asked: _Asked, *, since: datetime) -> list[Notice]:
    """People whom the team was told of, or took on, and who want to hear no more.

    The department never writes to them again by itself, but somebody of the team may be about to.
    Of everybody else who asks to be left alone the report tells. An old one is no news of whom
    the team took on since; where it was to be told at its time, and nobody could be, it is told.
    """
    rows = transaction.rows(
        "SELECT r.id, r.received_at, r.text, coalesce(l.message_sent, ''), l.id, l.name, l.owner,"
        " l.linkedin_url FROM replies r JOIN leads l ON l.id = r.lead_id"
        " WHERE r.detail = 'opt_out' AND (l.stage IS NOT NULL OR coalesce(l.owner, '') <> ''"
        f" OR EXISTS {_INTERESTED})) AND (r.seen_at >= :news"
        f" OR EXISTS {_INTERESTED} AND b.received_at < r.received_at)"
        f" OR (SELECT count(*) FROM deliveries d WHERE d.kind = 'alert'"
        f" AND d.step = '{StepKind.REPLY}:' || r.id) > 0) AND"
        + asked.not_told(StepKind.REPLY, "r.id")
        + f" AND r.seen_at >= :since ORDER BY r.seen_at, r.id LIMIT {_MOST}",
        {"since": asked.since, "news": stamp(since)},
    )
    found = []
    for id_, at, text, ours, lead_id, name, owner, url in rows:
        whose = f" ({owner} sees to them)" if owner else ""
        told = NeedsHuman(
            what=f"{name or 'A lead'}{whose} wants to be left alone:"
            f" {excerpt(text, _EXCERPT, [ours])}",
            lead_id=LeadId(lead_id),
            command=f"ingagents leads show {beginning(LeadId(lead_id))}",
            action="Nothing to do: they are never written to again. Do not write by hand either.",
            link=url,
        )
        step = Step(StepKind.REPLY, id_)
        found.append(
            Notice(kind="opt_out", step=step, at=moment(at), about=told, lead_id=told.lead_id)
        )
    return found


def _waiting_answer(transaction: Transaction, lead_id: str) -> Review | None:
    """The answer to what somebody wrote last that waits for a human."""
    drafts = reviews.drafts(transaction, lead_id)
    waiting = (one for one in drafts if (one.kind, one.state) == ("answer", "open"))
    return next(waiting, None)


def _is_told_of(transaction: Transaction, reply_id: str) -> bool:
    sql = f"SELECT 1 FROM replies r WHERE r.id = :id AND {_IS_TOLD_OF}"
    return bool(transaction.rows(sql, {"id": reply_id}))


def _account(transaction: Transaction, asked: _Asked) -> list[Notice]:
    """Outreach stopped itself, or one of its accounts, because only a human can mend it."""
    all_of_it = key_value.noted(transaction, key_value.PAUSED)
    stopped = {"": all_of_it} if all_of_it and all_of_it.get("by") == "outreach" else {}
    stopped |= key_value.noted_of_accounts(transaction, key_value.PAUSED)
    found = []
    for account, noted in stopped.items():
        what, name = "Nothing is sent any more", noted["at"]
        if account:
            what, name = f"The account {account} sends nothing any more", f"{name}:{account}"
        step, at = Step(StepKind.ACCOUNT, name), datetime.fromisoformat(noted["at"])
        if asked.is_new(transaction, step, at):
            told = NeedsHuman(
                what=f"{what}: {noted['reason']}", lead_id=None, command="ingagents resume"
            )
            found.append(Notice(kind="account", step=step, at=at, about=told))
    return found


def _wrong_answers(transaction: Transaction, asked: _Asked, *, since: datetime) -> list[Notice]:
    """The service answers about others than it is asked for: once for each day (UTC)."""
    noted = key_value.noted(transaction, key_value.WRONG_ANSWERS)
    at = datetime.fromisoformat(noted["at"]) if noted else since
    step = Step(StepKind.WRONG_ANSWERS, at.date().isoformat())
    if at <= since or not asked.is_new(transaction, step, at):
        return []
    told = NeedsHuman(
        what=f"LinkedIn's service answers wrongly, again and again: {noted['what']}",
        lead_id=None,
        command="ingagents doctor",
    )
    return [Notice(kind="account", step=step, at=at, about=told)]


def _reviews(transaction: Transaction, asked: _Asked) -> list[Notice]:
    """Doubtful sends and unclear answers that wait for a human."""
    rows = transaction.rows(
        f"SELECT r.id, r.kind, r.lead_id, r.recipient, r.text, r.asked_at, {_PROFILE},"
        " coalesce((SELECT p.detail FROM replies p WHERE p.id = r.subject), '') FROM reviews r"
        " WHERE r.state = 'open' AND r.kind IN ('send', 'reply') AND"
        + asked.not_told(StepKind.REVIEW, "r.id")
        + " AND"
        + asked.not_told(StepKind.REPLY, "r.subject")
        + " AND"
        + _NOT_TOLD.format(asked.to, "r.step")  # whom a refusal has named is told of once
        + f" AND r.asked_at >= :since ORDER BY r.asked_at, r.id LIMIT {_MOST}",
        {"since": asked.since},
    )
    found = []
    for id_, kind, lead_id, who, text, at, url, detail in rows:
        shown = hand_outs.standing_of(transaction, id_) if kind == "send" else None
        words = excerpt(shown.text if shown else text, _EXCERPT)
        asks, action = (asked_of(shown), action_of(shown)) if shown else (_READ, "")
        what = f"{asks} {who or 'a person without a name'}: {words}".removesuffix(": ")
        if detail == ReplyDetail.REFERRAL:
            what, action = names_another(who, words)
        about = NeedsHuman(
            what=what,
            lead_id=LeadId(lead_id) if lead_id else None,
            command=f"ingagents review show {id_}",
            action=action,
            link=url,
        )
        step = Step(StepKind.REVIEW, id_)
        found.append(
            Notice(kind="escalation", step=step, at=moment(at), about=about, lead_id=about.lead_id)
        )
    return found


def _in_campaign(transaction: Transaction, asked: _Asked) -> list[Notice]:
    """Whom the service refused to stop: once for each, by the step of the stop."""
    found = []
    for one in still_in_campaign(transaction):
        step = Step(StepKind.STOP, one.enrolment)
        if asked.is_new(transaction, step, one.since):
            told = of_campaign(one)
            found.append(
                Notice(kind="escalation", step=step, at=one.since, about=told, lead_id=one.lead_id)
            )
    return found


def _drafts(transaction: Transaction, asked: _Asked) -> list[Notice]:
    """Texts that wait for an approval."""
    rows = transaction.rows(
        f"SELECT r.id, r.lead_id, r.recipient, r.text, r.asked_at, {_PROFILE} FROM reviews r"
        " WHERE r.state = 'open' AND r.kind = 'draft' AND"
        + asked.not_told(StepKind.REVIEW, "r.id")
        + f" AND r.asked_at >= :since ORDER BY r.asked_at, r.id LIMIT {_MOST}",
        {"since": asked.since},
    )
    return [
        Notice(
            kind="draft",
            step=Step(StepKind.REVIEW, id_),
            at=moment(at),
            about=NeedsHuman(
                what=f"For {who or 'a person without a name'}: {excerpt(text, _EXCERPT)}",
                lead_id=LeadId(lead_id) if lead_id else None,
                command=f"ingagents review show {id_}",
                link=url,
            ),
            lead_id=LeadId(lead_id) if lead_id else None,
        )
        for id_, lead_id, who, text, at, url in rows
    ]


def _dead_letters(transaction: Transaction, asked: _Asked) -> list[Notice]:
    rows = transaction.rows(
        "SELECT r.consumer, r.seq, j.type, r.error, j.timestamp FROM retries r"
        " JOIN journal j ON j.seq = r.seq WHERE r.state = 'dead' AND"
        + asked.not_told(StepKind.DEAD_LETTER, "r.consumer || ':' || r.seq")
        + f" AND j.timestamp >= :since ORDER BY r.seq LIMIT {_MOST}",
        {"since": asked.since},
    )
    return [
        Notice(
            kind="escalation",
            step=Step(StepKind.DEAD_LETTER, f"{consumer}:{seq}"),
            at=moment(at),
            about=NeedsHuman(
                what=f"The event {kind} could not be handled by {consumer}: {error[:200]}",
                lead_id=None,
                command=f"ingagents journal requeue {seq}",
            ),
        )
        for consumer, seq, kind, error, at in rows
    ]


def _performance(transaction: Transaction, asked: _Asked, *, since: datetime) -> list[Notice]:
    """One notice for each figure and day (UTC)."""
    found: list[Notice] = []
    for data, at in transaction.rows(
        "SELECT data, timestamp FROM journal WHERE type = 'performance_alert'"
        f" AND timestamp >= :since ORDER BY seq DESC LIMIT {_MOST}",
        {"since": stamp(since)},
    ):
        alert = msgspec.json.decode(data, type=PerformanceAlert)
        step = Step(StepKind.PERFORMANCE, f"{alert.metric}:{moment(at).date().isoformat()}")
        if asked.is_new(transaction, step, moment(at)) and step not in {
            notice.step for notice in found
        }:
            found.append(Notice(kind="performance", step=step, at=moment(at), about=alert))
    return found[::-1]
