"""The funnel: how far everybody has come, in every form a report has."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import msgspec
import pandas as pd

from ingagents.core.reporter import ReportFacts, build_report
from ingagents.core.reporting.daily_metrics import DayFigures
from ingagents.core.reporting.funnel import Funnel, funnel_of
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
    assert {"label": "accepted", "people": 17} in stages


def test_the_funnel_is_a_frame_too() -> None:
    frame = funnel_of(DAY).to_dataframe()
    assert list(frame["stage"]) == ["found", "contacted", "accepted", "answered", "positive"]
    assert frame["people"].sum() == 168
    assert pd.api.types.is_integer_dtype(frame["people"])
    assert len(Funnel().to_dataframe()) == 0


def test_the_funnel_reads_as_one_line() -> None:
    assert repr(funnel_of(DAY)) == f"<Funnel: {WORDS}>"
    assert repr(funnel_of(DAY)[2]) == "<Stage: accepted 17>"
    assert "<td" in funnel_of(DAY)._repr_html_()
    assert WORDS in repr(REPORT)
