"""Reports as pages: readable by people, and unbreakable by what people write."""

import json
import re
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingagents.core.reporter import (
    Answer,
    DaySends,
    NeedsHuman,
    Report,
    ReportFacts,
    Stopped,
    build_report,
)
from ingagents.core.reporting.daily_metrics import DayFigures
from ingagents.integrations.email.report_pages import (
    render_report,
    report_html,
    report_json,
    report_mail,
    report_text,
)
from ingagents.model import (
    Classification,
    Intent,
    LeadId,
    ReplyDetail,
    Sentiment,
)
from tests.integrations.email.pages import (
    CAMPAIGN,
    HOSTILE,
    NOW,
    positive,
    reply_mail,
    tags,
)

TODAY = date(2027, 2, 10)
FIGURES = msgspec.structs.replace(
    DayFigures.empty(TODAY),
    leads_discovered=97,
    avg_quality_score=6.43,
    people_contacted=42,
    messages_sent=42,
    responses=9,
    positive_responses=3,
)


def answer(**changes: Any) -> Answer:
    plain = Answer(
        lead_id=LeadId("L1"),
        name="Ada Example",
        company="Acme",
        classification=Classification.SPEAKER,
        sentiment=Sentiment.POSITIVE,
        intent=Intent.INTERESTED,
        detail=ReplyDetail.MEETING,
        text="Sounds good",
        at=NOW,
    )
    return msgspec.structs.replace(plain, **changes)


def report(**parts: Any) -> Report:
    given_parts = {"today": FIGURES, "week": (FIGURES,), "campaign": CAMPAIGN, **parts}
    return build_report(ReportFacts(generated_at=NOW, **given_parts))


def full_report(text: str = "Sounds good") -> Report:
    return report(
        answers=[answer(name=text, company=text, text=text), answer(classification=None)],
        needs_human=[NeedsHuman(what=text, lead_id=LeadId("L1"), command="ingagents why L1")],
        stopped=[Stopped(what=text, count=2)],
        campaign=msgspec.structs.replace(CAMPAIGN, event_name=text, event_city=text),
    )


def test_the_text_is_the_specifications_report() -> None:
    yesterday = msgspec.structs.replace(FIGURES, day=TODAY - timedelta(days=1), messages_sent=40)
    page = report_text(report(yesterday=yesterday, week=(yesterday, FIGURES)))
    lines = [" ".join(line.split()) for line in page.splitlines()]
    assert lines[0] == "📊 Daily Sales Department Report - 2027-02-10"
    for expected in (
        "🎯 LEAD FINDER AGENT today yesterday week mean",
        "✅ New leads discovered: 97 97 97.0",
        "📈 Average quality score: 6.4 6.4 6.4",
        "📧 OUTREACH AGENT today yesterday week mean",
        "✅ Messages sent today: 42 40 41.0",
        "📈 Response rate: 21.4% 22.5% 22.0%",
        "📊 OVERALL METRICS today yesterday week mean",
        "📈 Total leads in database: 0 0 –",
        "💡 INSIGHTS & RECOMMENDATIONS",
    ):
        assert expected in lines


def test_columns_of_the_text_stand_below_each_other() -> None:
    page = report_text(full_report())
    rows = [line for line in page.splitlines() if line[:1] in "🎯✅📈🎤💼👍👎🔄" and "  " in line]
    assert len(rows) > 8
    assert {len(row) for row in rows} == {2 + 32 + 9 + 12 + 12}


def test_no_figure_is_a_dash() -> None:
    page = report_text(report(today=DayFigures.empty(TODAY), week=()))
    rates = [line.split()[-3:] for line in page.splitlines() if "Response rate:" in line]
    assert rates == [["–", "–", "–"]]
    assert "0.0%" not in page


def test_empty_parts_leave_no_empty_headings() -> None:
    for page in (report_text(report()), report_html(report())):
        for heading in ("NEEDS A HUMAN", "WHO ANSWERED", "STOPPED ITSELF"):
            assert heading not in page
    for page in (report_text(full_report()), report_html(full_report())):
        for heading in ("NEEDS A HUMAN", "WHO ANSWERED", "STOPPED ITSELF"):
            assert heading in page


def test_moments_are_told_in_the_campaigns_time_zone() -> None:
    assert "2027-02-10 09:15 CET" in report_text(report())
    nowhere = msgspec.structs.replace(CAMPAIGN, timezone="Nowhere/Else")
    assert "2027-02-10 08:15 UTC" in report_text(report(campaign=nowhere))


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    page = report_html(full_report())
    found = tags(page)
    assert not {"script", "link", "iframe", "form", "object", "img"} & set(found.names)
    assert not [value for name, value in found.attributes if name in {"src", "href"}]
    assert not [name for name, _ in found.attributes if name.startswith("on")]
    assert "url(" not in page
    assert "prefers-color-scheme: dark" in page


def test_commands_in_sentences_are_shown_as_code() -> None:
    page = report_html(
        report(week=(msgspec.structs.replace(FIGURES, messages_sent=0, responses=0),))
    )
    assert "`" not in page
    assert ">ingagents " in page


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_hostile_text_changes_no_page(text: str) -> None:
    made = full_report(text)
    calm = full_report("calm words")
    page = tags(report_html(made))
    if text:
        assert page.names == tags(report_html(calm)).names
    plain = report_text(made)
    headings = [line for line in plain.splitlines() if line.startswith("🎯 LEAD FINDER AGENT")]
    assert len(headings) == 1
    for shown in (plain, page.text):
        assert not set(shown) & set("\x00\x1b\x07\u202e\u202c\u2028\ud800\U000e0041")
        assert len(shown) < 20_000
    assert json.loads(report_json(made))["title"] == made.title
    assert len(report_json(made).encode()) < 60_000


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_at_all_makes_all_pages(text: str) -> None:
    made = full_report(text)
    tags(report_html(made))
    report_text(made).encode()
    json.loads(report_json(made))
    mail = reply_mail(positive(name=text, company=text, reply_text=text, linkedin_url=text))
    tags(mail.html)
    assert "\n" not in mail.subject


def test_long_texts_end_after_a_word() -> None:
    page = report_text(report(answers=[answer(text="many words " * 100)]))
    assert "words…" in page or "many…" in page
    assert page.count("many") < 40


def test_json_keeps_numbers_as_numbers_and_gaps_as_null() -> None:
    found = json.loads(render_report(report(), "json"))
    assert found["today"]["messages_sent"] == 42
    assert found["summary"] == "found 97, contacted 42, replied 9, positive 3"
    figures = {line["key"]: line for section in found["sections"] for line in section["figures"]}
    assert figures["messages_sent"]["today"] == 42
    assert figures["messages_sent"]["yesterday"] is None
    assert figures["error_rate"]["today"] is None


def test_each_format_is_its_own() -> None:
    made = report()
    assert render_report(made, "html") == report_html(made)
    assert render_report(made, "text") == report_text(made)
    assert render_report(made, "json") == report_json(made)


def test_the_reports_mail_tells_the_day_in_its_subject() -> None:
    mail = report_mail(report(), ["team@example.com"], message_id="<r@example.com>")
    assert mail.subject == (
        "Daily Sales Department Report - 2027-02-10: found 97, contacted 42, replied 9, positive 3"
    )
    assert (mail.recipients, mail.message_id) == (("team@example.com",), "<r@example.com>")
    assert mail.text.startswith("📊")
    assert mail.html.startswith("<!DOCTYPE html>")


def test_the_bars_stand_in_mail_and_page_as_long_as_their_figures() -> None:
    days = [
        DaySends(day=TODAY - timedelta(days=back), sent=back, answered=back // 3)
        for back in range(13, -1, -1)
    ]
    figures = msgspec.structs.replace(FIGURES, total_leads=200, contacted_leads=50)
    made = report(today=figures, week=(figures,), fortnight=days)
    page = report_html(made)
    assert report_mail(made, ["team@example.com"]).html == page
    attributes = tags(page).attributes
    assert [value for name, value in attributes if name == "aria-label"] == [
        "found 200, contacted 50, accepted 0, answered 0, positive 0",
        "14 days: 91 sent (at most 13 a day), 26 answered",
    ]
    assert re.findall(r'width="(\d+%)" height="22"', page) == ["50%", "12%"]
    counts = [count for day in days for count in (day.sent, day.answered) if count]
    heights = re.findall(r'class="bar" width="13" height="(\d+)"', page)
    assert heights == [str(max(2, round(96 * count / 13))) for count in counts]
    assert "14 days: 91 sent (at most 13 a day), 26 answered" in report_text(made)
    assert "2027-01-28    13 sent    4 answered" in report_text(made)


def test_without_any_day_behind_it_the_report_has_its_funnel_alone() -> None:
    page = report_html(report())
    assert page.count('role="img"') == 1
    assert "HOW FAR PEOPLE HAVE COME" in page
    assert "THE LAST FORTNIGHT" not in page


def test_page_and_text_say_the_same_of_the_day() -> None:
    figures = msgspec.structs.replace(FIGURES, people_contacted=4, messages_sent=7)
    made = report(today=figures, week=(figures,))
    said = "found 97, contacted 4, replied 9, positive 3"
    assert said in report_text(made)
    shown = re.findall(r">(\d+)</div>\s*<div[^>]*>(\w+)</div>", report_html(made))
    assert ", ".join(f"{label} {value}" for value, label in shown[:4]) == said
