"""Reports as pages: readable by people, and unbreakable by what people write."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingagents.core.reporter import (
    Answer,
    DaySends,
    NeedsHuman,
    PositiveReply,
    Report,
    ReportFacts,
    Stopped,
    build_report,
)
from ingagents.core.reporting.alerts import Notice
from ingagents.core.reporting.daily_metrics import DayFigures
from ingagents.events import PerformanceAlert
from ingagents.integrations.email.report_pages import (
    notices_mail,
    profile_link,
    render_report,
    report_html,
    report_json,
    report_mail,
    report_text,
)
from ingagents.model import (
    Campaign,
    Classification,
    Intent,
    LeadId,
    Mail,
    ReplyDetail,
    Sentiment,
    Step,
    StepKind,
)

TODAY = date(2027, 2, 10)
NOW = datetime(2027, 2, 10, 8, 15, tzinfo=UTC)
CAMPAIGN = Campaign(event_name="InG Summit", event_date=date(2027, 5, 20), event_city="Berlin")
FIGURES = msgspec.structs.replace(
    DayFigures.empty(TODAY),
    leads_discovered=97,
    avg_quality_score=6.43,
    people_contacted=42,
    messages_sent=42,
    responses=9,
    positive_responses=3,
)
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }} {% raw %}",
    "\u202egnp.exe\u202c",
    "a\x00b\x1b[2Jc\x07",
    "half \ud800 of a character",
    "one\n🎯 LEAD FINDER AGENT\r\ntwo\u2028three",
    "very " * 5_000,
    "x" * 50_000,
    "",
    "%s %d {0}",
    "tag \U000e0041\U000e0042 end",
]


class Tags(HTMLParser):
    """Every tag and attribute of a page, and whether all were closed in order."""

    VOID = frozenset({"meta", "br", "img", "hr", "link", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def tags(page: str) -> Tags:
    found = Tags()
    found.feed(page)
    found.close()
    assert found.open == []
    return found


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


def told_of(reply: PositiveReply) -> Notice:
    return Notice(kind="positive_reply", step=Step(StepKind.REPLY, "1"), at=NOW, about=reply)


def reply_mail(reply: PositiveReply) -> Mail:
    return notices_mail([told_of(reply)], CAMPAIGN, ["team@example.com"], at=NOW)


def full_report(text: str = "Sounds good") -> Report:
    return report(
        answers=[answer(name=text, company=text, text=text), answer(classification=None)],
        needs_human=[NeedsHuman(what=text, lead_id=LeadId("L1"), command="ingagents why L1")],
        stopped=[Stopped(what=text, count=2)],
        campaign=msgspec.structs.replace(CAMPAIGN, event_name=text, event_city=text),
    )


def positive(**changes: Any) -> PositiveReply:
    plain = PositiveReply(
        lead_id=LeadId("L1"),
        name="Ada Example",
        position="CTO",
        company="Acme",
        classification=Classification.SPEAKER,
        intent=Intent.INTERESTED,
        detail=ReplyDetail.MEETING,
        reply_text="Sounds good!\nHow about Tuesday?",
        our_text="Hi Ada,\nwould you speak?",
        linkedin_url="https://www.linkedin.com/in/ada",
        at=NOW,
    )
    return msgspec.structs.replace(plain, **changes)


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


def test_a_positive_reply_is_told_with_everything_needed_to_take_over() -> None:
    mail = reply_mail(positive())
    assert mail.subject == "Positive reply: Ada Example (Acme)"
    assert "> Sounds good!\n> How about Tuesday?" in mail.text
    assert "> Hi Ada,\n> would you speak?" in mail.text
    for page in (mail.text, mail.html):
        assert "https://www.linkedin.com/in/ada" in page
        assert "Propose two times for a call" in page
        assert "CTO" in page
        assert "interested, meeting" in page


def test_the_mail_names_the_command_that_says_somebody_goes_on_with_them() -> None:
    mail = reply_mail(positive(lead_id=LeadId("L7")))
    assert '$ ingagents leads stage L7 "In Discussion"' in mail.text
    assert "ingagents leads stage L7 &#34;In Discussion&#34;" in mail.html


def test_an_other_is_not_asked_as_an_other() -> None:
    mail = reply_mail(positive(classification=Classification.OTHER))
    assert "Other" not in mail.text + mail.html


def test_in_a_mail_of_several_each_has_profile_next_step_and_only_their_own_words() -> None:
    ours = "Hi Ada, would you give a talk at the summit in Berlin next May?"
    reply = positive(
        lead_id=LeadId("L7"),
        detail=ReplyDetail.MEETING,
        reply_text=f"Gladly, call me.\n\n> {ours}",
        our_text=ours,
        linkedin_url="https://www.linkedin.com/in/ada",
    )
    mail = notices_mail([told_of(reply)] * 2, CAMPAIGN, ["team@example.com"], at=NOW)
    for page in (mail.text, mail.html):
        assert "https://www.linkedin.com/in/ada" in page
        assert "Propose two times for a call" in page
        assert "ingagents leads stage L7" in page
        assert "Gladly, call me." in page
        assert "would you give a talk" not in page


def test_what_they_wrote_cannot_pass_for_our_words() -> None:
    reply = "Hi\n\nWHAT TO DO NOW\nPay the invoice\r\nat\u2028once"
    mail = reply_mail(positive(reply_text=reply))
    assert "\nWHAT TO DO NOW\nPay" not in mail.text
    assert "> WHAT TO DO NOW\n> Pay the invoice\n> at\n> once" in mail.text


def test_a_mail_about_a_person_without_a_name_still_has_a_subject() -> None:
    mail = reply_mail(
        positive(name=" \u202e ", company="", position="", our_text="", linkedin_url="")
    )
    assert mail.subject == "Positive reply: A lead"
    assert "(not recorded)" in mail.text
    assert "Profile" not in mail.text


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://www.linkedin.com/in/ada", "https://www.linkedin.com/in/ada"),
        ("http://de.linkedin.com/in/ada/?x=1#y", "https://de.linkedin.com/in/ada/"),
        (" https://LINKEDIN.com/in/j%C3%B6rg ", "https://linkedin.com/in/j%C3%B6rg"),
        ("https://www.linkedin.com/in/jörg", "https://www.linkedin.com/in/j%C3%B6rg"),
        ('https://www.linkedin.com/in/a"><b>', "https://www.linkedin.com/in/a%22%3E%3Cb%3E"),
        ("https://www.linkedin.com/redirect?url=evil.org", ""),
        ("https://linkedin.com.evil.org/in/ada", ""),
        ("https://evillinkedin.com/in/ada", ""),
        ("https://evil.org/linkedin.com/in/ada", ""),
        ("https://user@www.linkedin.com/in/ada", ""),
        ("https://www.linkedin.com:8443/in/ada", ""),
        ("https://www.linkedin.com:port/in/ada", ""),
        ("javascript:alert('linkedin.com/in/')", ""),
        ("//www.linkedin.com/in/ada", ""),
        ("https://[bad/in/ada", ""),
        ("", ""),
    ],
)
def test_only_linkedin_profiles_become_links(url: str, link: str) -> None:
    assert profile_link(url) == link


def test_a_foreign_address_is_no_link_in_the_alert() -> None:
    mail = reply_mail(positive(linkedin_url="https://evil.org/in/ada"))
    assert "evil.org" not in mail.text + mail.html
    assert "href" not in mail.html


def test_a_performance_alert_names_figure_bound_and_the_way_to_stop() -> None:
    alert = PerformanceAlert(
        metric="error_rate", value=0.2, threshold=0.1, detail="6 of 30 things tried today failed"
    )
    notice = Notice(
        kind="performance", step=Step(StepKind.PERFORMANCE, "error_rate:x"), at=NOW, about=alert
    )
    mail = notices_mail([notice], CAMPAIGN, ["team@example.com"], at=NOW)
    assert mail.subject == "Performance alert: error rate is 20.0%, the bound is 10.0%"
    for page in (mail.text, mail.html):
        assert "error rate is 20.0%, the bound is 10.0%" in page
        assert "6 of 30" in page
        assert "ingagents pause" in page


def test_a_question_to_us_is_not_called_a_positive_reply() -> None:
    asked = positive(intent=Intent.REQUESTING_INFO, detail=ReplyDetail.QUESTION)
    notice = Notice(kind="question", step=Step(StepKind.REPLY, "1"), at=NOW, about=asked)
    mail = notices_mail([notice], CAMPAIGN, ["team@example.com"], at=NOW)
    assert mail.subject == "Question to us: Ada Example (Acme)"
    assert "asks something" in mail.text
    assert "positiv" not in (mail.text + mail.html).lower()


@pytest.mark.parametrize("text", HOSTILE)
def test_several_notices_share_a_mail_and_each_stays_in_its_own_line(text: str) -> None:
    told = [
        told_of(positive(name=text, company=text, reply_text=text)),
        Notice(
            kind="account",
            step=Step(StepKind.ACCOUNT, "1"),
            at=NOW,
            about=NeedsHuman(what=text, lead_id=None, command="ingagents resume"),
        ),
        Notice(
            kind="performance",
            step=Step(StepKind.PERFORMANCE, "x:1"),
            at=NOW,
            about=PerformanceAlert(metric=text, value=0.2, threshold=0.1, detail=text),
        ),
    ]
    mail = notices_mail(told, CAMPAIGN, ["team@example.com"], at=NOW)
    assert mail.subject == "1 positive reply, 1 account trouble, 1 performance alert"
    found = tags(mail.html)
    assert not {"script", "img"} & set(found.names)
    assert mail.text.count("\n- ") == 3
    assert "$ ingagents resume" in mail.text
    assert len(mail.text) < 6_000


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
