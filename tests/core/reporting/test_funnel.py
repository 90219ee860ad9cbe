"""The funnel: how far everybody has come, in every form a report has."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import msgspec
import pandas as pd
import pytest

from ingagents.core.reporter import ReportFacts, build_report
from ingagents.core.reporting.conversations import Conversations
from ingagents.core.reporting.daily_metrics import DayFigures
from ingagents.core.reporting.funnel import Funnel, funnel_of
from ingagents.core.strategy.proposals import wilson_interval
from ingagents.integrations.email.report_pages import (
    report_html,
    report_json,
    report_mail,
    report_text,
)
from ingagents.model import Campaign

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
DAY = msgspec.structs.replace(
    DayFigures.empty(NOW.date()),
    total_leads=97,
    contacted_leads=42,
    accepted_leads=17,
    answered_leads=9,
    qualified_opportunities=3,
)
WORDS = "found 97, contacted 42, accepted 17, answered 9, positive 3"
CAMPAIGN = Campaign(event_name="InG", event_date=NOW.date())
REPORT = build_report(ReportFacts(today=DAY, week=(DAY,), campaign=CAMPAIGN, generated_at=NOW))


def test_the_funnel_has_its_five_stages_in_order() -> None:
    assert [(stage.label, stage.people) for stage in funnel_of(DAY)] == [
        ("found", 97),
        ("contacted", 42),
        ("accepted", 17),
        ("answered", 9),
        ("positive", 3),
    ]


def test_accepted_stands_in_report_page_mail_and_json() -> None:
    assert REPORT.funnel.in_words() == WORDS
    mail = report_mail(REPORT, ["team@example.com"])
    for page in (report_html(REPORT), report_text(REPORT), mail.html, mail.text):
        assert WORDS in page
    stages = json.loads(report_json(REPORT))["funnel"]
    (accepted,) = [one for one in stages if one["label"] == "accepted"]
    assert (accepted["people"], accepted["of"], accepted["whole"]) == (17, "contacted", 42)


def test_with_conversations_each_stage_tells_of_whom_it_is_a_share_and_how_sure_that_is() -> None:
    talks = Conversations(invited=40, messaged=19, followed_up=6)
    found = {stage.label: stage for stage in funnel_of(DAY, talks)}
    assert {label: (one.people, one.whole, one.of) for label, one in found.items()} == {
        "found": (97, None, None),
        "contacted": (42, 97, "found"),
        "invited": (40, 42, "contacted"),
        "accepted": (17, 40, "invited"),
        "messaged": (19, 19, "connected"),
        "followed up": (6, 19, "messaged"),
        "answered": (9, 42, "contacted"),
        "positive": (3, 9, "answered"),
    }
    for one in found.values():
        if one.whole is not None:
            interval = wilson_interval(one.people, one.whole)
            assert (one.low, one.high) == (interval.low, interval.high)
    assert found["accepted"].share == "42 % (29-58 %)"


@pytest.mark.parametrize(("people", "whole"), [(0, 0), (5, 4)])
def test_there_is_no_share_of_nobody_and_none_of_others(people: int, whole: int) -> None:
    day = msgspec.structs.replace(DAY, accepted_leads=people)
    talks = Conversations(invited=whole, messaged=0, followed_up=0)
    (stage,) = [one for one in funnel_of(day, talks) if one.label == "accepted"]
    assert (stage.people, stage.share) == (people, "")
    assert (stage.whole, stage.of, stage.low, stage.high) == (None,) * 4


def test_the_funnel_is_a_frame_too() -> None:
    frame = funnel_of(DAY).to_dataframe()
    assert list(frame["stage"]) == ["found", "contacted", "accepted", "answered", "positive"]
    assert frame["people"].sum() == 168
    assert pd.api.types.is_integer_dtype(frame["people"])
    assert frame["of"].isna().tolist() == [True, False, False, False, False]
    assert frame["low"].max() < frame["high"].max() <= 1
    assert len(Funnel().to_dataframe()) == 0


def test_the_funnel_reads_as_one_line() -> None:
    assert repr(funnel_of(DAY)) == f"<Funnel: {WORDS}>"
    assert repr(funnel_of(DAY)[2]) == "<Stage: accepted 17>"
    assert "<td" in funnel_of(DAY)._repr_html_()
    assert WORDS in repr(REPORT)
