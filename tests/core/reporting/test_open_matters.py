"""What only a person can settle: who waits, in which words, and whom the team has taken on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from ingagents.core.reporting.open_matters import (
    OpenMatters,
    PersonWaits,
    ReviewWaits,
    needs_human,
)
from ingagents.model import ContactStatus, Intent, LeadId, ReplyDetail, Sentiment

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
TODAY = date(2027, 3, 1)
NOTHING_SAID: dict[str, Any] = {
    "stage": None,
    "owner": "",
    "next_date": None,
    "handled_at": None,
    "news_at": None,
}


def person(**changes: Any) -> PersonWaits:
    fields: dict[str, Any] = {
        **NOTHING_SAID,
        "lead_id": LeadId("abcdef123456"),
        "name": "Ada",
        "link": "https://www.linkedin.com/in/ada",
        "status": ContactStatus.RESPONDED,
        "sentiment": Sentiment.POSITIVE,
        "intent": Intent.INTERESTED,
        "detail": ReplyDetail.INTEREST,
        "response": "Gladly!",
        "our_text": "Would you speak?",
        "status_reason": "answered",
        "responded_at": NOON,
        "last_updated": NOON + timedelta(hours=1),
    }
    return PersonWaits(**{**fields, **changes})


def review(**changes: Any) -> ReviewWaits:
    fields: dict[str, Any] = {
        **NOTHING_SAID,
        "review_id": "r1",
        "kind": "draft",
        "lead_id": LeadId("abcdef123456"),
        "recipient": "Ada",
        "text": "the words",
        "asked_at": NOON,
        "link": None,
        "detail": None,
        "contradictions": (),
    }
    return ReviewWaits(**{**fields, **changes})


def matters(
    *items: PersonWaits | ReviewWaits,
    mails: int = 0,
    dead: int = 0,
    notices: dict[str, int] | None = None,
) -> OpenMatters:
    return OpenMatters(
        people=[one for one in items if isinstance(one, PersonWaits)],
        reviews=[one for one in items if isinstance(one, ReviewWaits)],
        mails_in_doubt=mails,
        notices_in_doubt=notices or {},
        dead_letters=dead,
    )


@pytest.mark.parametrize(
    ("one", "what", "command"),
    [
        (person(), "Ada answered positively: Gladly!", "leads"),
        (
            person(sentiment=Sentiment.NEUTRAL, intent=Intent.REQUESTING_INFO),
            "Ada asks something: Gladly!",
            "leads",
        ),
        (
            person(status=ContactStatus.UNCERTAIN, status_reason="the send is in doubt"),
            "Ada is Uncertain: the send is in doubt",
            "leads show",
        ),
        (
            person(status=ContactStatus.CLOSED, name="", owner="Kim", next_date=TODAY),
            "A lead (owner Kim, next 2027-03-01) is due",
            "leads show",
        ),
        (review(), "Approve the text for Ada: the words", "review approve r1"),
        (
            review(contradictions=("LinkedIn says CTO",)),
            "Approve the text for Ada: LinkedIn says CTO",
            "review show r1",
        ),
        (
            review(kind="send", contradictions=("LinkedIn says CTO",)),
            "Did this reach Ada: the words",
            "review show r1",
        ),
        (review(kind="strategy", recipient=""), "Decide on a change: the words", "review show r1"),
    ],
)
def test_each_kind_of_matter_has_its_words_and_its_command(
    one: PersonWaits | ReviewWaits, what: str, command: str
) -> None:
    (item,) = needs_human(matters(one), today=TODAY)
    assert item.what == what
    assert item.command.startswith(f"ingagents {command}")


def test_whom_the_team_has_taken_on_is_left_out_with_the_answer_to_be_read() -> None:
    handled = {
        "stage": "In Discussion",
        "owner": "Kim",
        "handled_at": NOON,
        "news_at": NOON - timedelta(hours=1),
    }
    kept = matters(
        person(**handled), review(kind="reply", **handled), review(kind="draft", **handled)
    )
    assert [item.command for item in needs_human(kept, today=TODAY)] == [
        "ingagents review approve r1"
    ]


def test_the_oldest_comes_first_and_what_is_about_nobody_last() -> None:
    late, early = person(), review(asked_at=NOON - timedelta(days=1))
    found = needs_human(matters(late, early, mails=1, dead=2), today=TODAY)
    assert [item.lead_id is None for item in found] == [False, False, True, True]
    assert found[0].since == early.asked_at
    assert "1 mail to the team" in found[2].what
    assert "2 events could not be handled" in found[3].what


def test_a_notice_that_a_channel_may_not_have_shown_is_told_with_the_channels_name() -> None:
    (told,) = needs_human(matters(notices={"slack": 2}), today=TODAY)
    assert told.what.startswith("2 notices may not have come to slack")
    assert told.command == "ingagents doctor --notify"
