"""What is said of conversations: every kind of waiting has its line, and no share is taken of nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ingagents.core.reporter import ReportFacts, build_report
from ingagents.core.reporting.conversations import (
    Conversations,
    PutOff,
    StepFigures,
    Waits,
    share_in_words,
)
from ingagents.core.reporting.daily_metrics import DayFigures
from ingagents.integrations.email.report_pages import report_html, report_text
from ingagents.model import Campaign

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
FACTS = "add facts to facts.toml (`ingagents facts list`)"
LINES: dict[str, tuple[dict[str, Any], str]] = {
    "due": ({"due": 3}, "3 steps are due now"),
    "later": (
        {"later": 2, "next_at": NOW},
        "2 steps have their moment later, the first 2027-03-01 13:00",
    ),
    "acceptance": ({"acceptance": 1}, "1 invitation waits to be accepted"),
    "put off": (
        {"put_off": 4, "reasons": (PutOff(reason="no chat", people=4),)},
        "4 steps are put off, because of what was in the way\n  4 x no chat",
    ),
    "facts": ({"nothing_new": 2}, f"nothing new to say to 2 people: {FACTS}"),
    "in doubt": ({"in_doubt": 1}, "1 act is in doubt: what comes next waits for it"),
    "human": ({"human": 2}, "2 conversations are a human's turn"),
    "nothing": ({}, "no conversation is under way"),
}


@pytest.mark.parametrize("what", LINES)
def test_each_thing_that_is_waited_for_has_a_line_of_its_own(what: str) -> None:
    counts, said = LINES[what]
    assert Waits(**counts).in_words(ZONE) == tuple(said.split("\n"))


@pytest.mark.parametrize(
    ("hits", "tries", "said"),
    [(9, 42, "21 % (12-36 %)"), (0, 10, "0 % (0-28 %)"), (0, 0, ""), (3, 2, "")],
)
def test_a_share_has_its_interval_or_is_none(hits: int, tries: int, said: str) -> None:
    assert share_in_words(hits, tries) == said
    assert StepFigures(step="invitation", sent=tries, answered=hits).share == said


def test_the_pages_tell_steps_and_waits_and_that_facts_are_missing() -> None:
    day = DayFigures.empty(NOW.date())
    talks = Conversations(
        invited=40,
        messaged=19,
        followed_up=6,
        steps=(
            StepFigures(step="invitation", sent=40, answered=3),
            StepFigures(step="follow_up_1", sent=6, answered=2),
        ),
        waits=Waits(due=3, nothing_new=5),
    )
    campaign = Campaign(event_name="InG", event_date=NOW.date(), timezone="Europe/Berlin")
    report = build_report(
        ReportFacts(today=day, campaign=campaign, generated_at=NOW, conversations=talks)
    )
    assert f"Nothing new to say to 5 people: {FACTS}." in report.insights
    for page in (report_text(report), report_html(report)):
        for said in ("STEP BY STEP", "follow up 1", "33 % (10-70 %)", "3 steps are due now"):
            assert said in page
    assert "  invitation         40 sent     3 answered after it: 8 % (3-20 %)" in report_text(
        report
    )
