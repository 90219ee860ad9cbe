"""Mails about what just happened: everything needed to act, and nothing that others wrote as ours."""

import pytest

from ingagents.core.reporter import (
    NeedsHuman,
)
from ingagents.core.reporting.alerts import Notice
from ingagents.events import PerformanceAlert
from ingagents.integrations.email.report_pages import (
    notices_mail,
    profile_link,
)
from ingagents.model import (
    Classification,
    Intent,
    LeadId,
    ReplyDetail,
    Step,
    StepKind,
)
from tests.integrations.email.pages import (
    CAMPAIGN,
    HOSTILE,
    NOW,
    positive,
    reply_mail,
    tags,
    told_of,
)


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
