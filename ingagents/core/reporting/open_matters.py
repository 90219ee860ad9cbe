"""What only a person can settle, in words: who waits for what, since when, what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

import msgspec

from ingagents.core.conversation.follow_up import needs_human_now, say_follow_up
from ingagents.core.reporter import NeedsHuman, beginning, names_another, next_step, take_on
from ingagents.core.review_words import WORDS
from ingagents.core.text.excerpt import excerpt
from ingagents.display import counted
from ingagents.events import ReviewKind
from ingagents.model import ContactStatus, Intent, LeadId, ReplyDetail, Sentiment

_EXCERPT = 120
"""Characters of somebody's words beside their name."""
_ANSWERED = {True: "answered positively", False: "asks something"}


class _TeamsWords(msgspec.Struct, frozen=True, kw_only=True):
    """The team's words of a person, and when there was news: they spoke, or are in doubt anew."""

    stage: str | None
    owner: str | None
    next_date: date | None
    handled_at: datetime | None
    news_at: datetime | None

    def taken_on(self, today: date) -> bool:
        """Whether somebody of the team sees to this person, and nothing is due or new."""
        return not needs_human_now(
            stage=self.stage,
            next_date=self.next_date,
            handled_at=self.handled_at,
            news_at=self.news_at,
            today=today,
        )


class PersonWaits(_TeamsWords, frozen=True, kw_only=True):
    """A person who wants something, who is in doubt, or whose next date has come."""

    lead_id: LeadId
    name: str
    link: str
    status: ContactStatus
    sentiment: Sentiment | None
    intent: Intent | None
    detail: ReplyDetail | None
    response: str | None
    our_text: str | None
    status_reason: str
    responded_at: datetime | None
    last_updated: datetime


class ReviewWaits(_TeamsWords, frozen=True, kw_only=True):
    """An open question. `detail` is of the reply it is about, `contradictions` of a draft's lead.

    `asked` is how it is put before the person's name, and `action` what is to be done before it is
    answered, where its kind alone does not say it.
    """

    review_id: str
    kind: ReviewKind
    lead_id: LeadId | None
    recipient: str
    text: str
    asked_at: datetime
    link: str | None
    detail: ReplyDetail | None
    contradictions: tuple[str, ...] | None
    asked: str = ""
    action: str = ""


class StillInCampaign(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whom the service refused to stop; `since` the first time."""

    enrolment: str
    lead_id: LeadId
    name: str
    link: str
    detail: str
    since: datetime


class OpenMatters(msgspec.Struct, frozen=True, kw_only=True):
    """Who and what waits, whether or not the team has taken it on."""

    people: Sequence[PersonWaits]
    reviews: Sequence[ReviewWaits]
    mails_in_doubt: int
    notices_in_doubt: Mapping[str, int]
    """By channel, of the last days."""
    dead_letters: int
    in_campaign: Sequence[StillInCampaign] = ()


def needs_human(matters: OpenMatters, *, today: date) -> list[NeedsHuman]:
    """What only a person can settle, oldest first; what is about nobody comes last.

    Whom the team has taken on is left out until their next date, the campaign's `today`, or until
    they say something new.
    """
    answers = {one.lead_id: one for one in matters.reviews if one.kind == "answer"}
    items = [
        _of_person(one, answers.get(one.lead_id))
        for one in matters.people
        if not one.taken_on(today)
    ]
    # What they said and what they are answered waits no longer than the person does.
    asked = (
        one
        for one in matters.reviews
        if one.kind != "answer" and (one.kind != "reply" or not one.taken_on(today))
    )
    items += map(_of_review, asked)
    items += map(of_campaign, matters.in_campaign)
    items.sort(key=lambda item: (item.since is None, item.since.timestamp() if item.since else 0.0))
    return [*items, *_of_nobody(matters)]


def _of_person(one: PersonWaits, answer: ReviewWaits | None) -> NeedsHuman:
    since: datetime | None = one.last_updated
    what, action = "is due", ""
    command = f"ingagents leads show {beginning(one.lead_id)}"
    positive = one.sentiment is Sentiment.POSITIVE
    if one.status is ContactStatus.RESPONDED and (positive or one.intent is Intent.REQUESTING_INFO):
        said = excerpt(one.response or "", _EXCERPT, [one.our_text or ""])
        since, what = one.responded_at, f"{_ANSWERED[positive]}: {said}"
        action = next_step(one.intent or Intent.UNCLEAR, one.detail or ReplyDetail.NONE)
        command = take_on(one.lead_id)
        if answer is not None:
            command = f"ingagents review show {answer.review_id}"
        if answer is not None and answer.text:
            action = f"An answer is prepared: {excerpt(answer.text, _EXCERPT)}"
    elif one.status in {ContactStatus.NEEDS_REVIEW, ContactStatus.UNCERTAIN}:
        what = f"is {one.status}: {one.status_reason}"
    told = say_follow_up(one.stage, one.owner or "", one.next_date)
    return NeedsHuman(
        what=f"{one.name or 'A lead'}{f' ({told})' if told else ''} {what}",
        lead_id=one.lead_id,
        command=command,
        action=action,
        since=since,
        link=one.link,
    )


def of_campaign(one: StillInCampaign) -> NeedsHuman:
    """That a campaign goes on with somebody to whom nothing is to be written any more."""
    return NeedsHuman(
        what=f"{one.name or 'A lead'} is still in the service's campaign, which may write to them:"
        f" {one.detail}",
        lead_id=one.lead_id,
        command=f"ingagents leads show {beginning(one.lead_id)}",
        action="Mend it, and they are stopped when it is tried again; or take them out there.",
        since=one.since,
        link=one.link,
    )


def _of_review(one: ReviewWaits) -> NeedsHuman:
    """Of a draft also what LinkedIn contradicts, for both values decide it."""
    contradicted = "; ".join(one.contradictions or ()) if one.kind == "draft" else ""
    words, action = contradicted or excerpt(one.text, _EXCERPT), one.action
    what = f"{one.asked or WORDS[one.kind].asked} {one.recipient}: {words}".replace(
        " :", ":"
    ).removesuffix(": ")
    if one.kind == "reply" and one.detail is ReplyDetail.REFERRAL:
        what, action = names_another(one.recipient, words)
    verb = "approve" if one.kind == "draft" and not contradicted else "show"
    return NeedsHuman(
        what=what,
        lead_id=one.lead_id or None,
        command=f"ingagents review {verb} {one.review_id}",
        action=action,
        since=one.asked_at,
        link=one.link or "",
    )


def _of_nobody(matters: OpenMatters) -> Iterator[NeedsHuman]:
    if matters.mails_in_doubt:
        mails = counted(matters.mails_in_doubt, "mail")
        yield NeedsHuman(
            what=f"{mails} to the team may not have arrived; a copy of each stands in the outbox",
            lead_id=None,
            command="ingagents journal list --format jsonl",
        )
    for channel, count in matters.notices_in_doubt.items():
        yield NeedsHuman(
            what=f"{counted(count, 'notice')} may not have come to {channel}, which did not answer;"
            " they are not told there again, and all they told of stands here and in the mails",
            lead_id=None,
            command="ingagents doctor --notify",
        )
    if matters.dead_letters:
        yield NeedsHuman(
            what=f"{counted(matters.dead_letters, 'event')} could not be handled",
            lead_id=None,
            command="ingagents journal dead-letters",
        )
