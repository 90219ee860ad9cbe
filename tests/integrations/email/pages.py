"""What pages are tried with, and how they are looked at."""

from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any

import msgspec

from ingagents.core.reporter import (
    PositiveReply,
)
from ingagents.core.reporting.alerts import Notice
from ingagents.integrations.email.report_pages import (
    notices_mail,
)
from ingagents.model import (
    Campaign,
    Classification,
    Intent,
    LeadId,
    Mail,
    ReplyDetail,
    Step,
    StepKind,
)

NOW = datetime(2027, 2, 10, 8, 15, tzinfo=UTC)


CAMPAIGN = Campaign(event_name="InG Summit", event_date=date(2027, 5, 20), event_city="Berlin")


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


def told_of(reply: PositiveReply) -> Notice:
    return Notice(kind="positive_reply", step=Step(StepKind.REPLY, "1"), at=NOW, about=reply)


def reply_mail(reply: PositiveReply) -> Mail:
    return notices_mail([told_of(reply)], CAMPAIGN, ["team@example.com"], at=NOW)


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
