"""Reports and alerts as pages and mails: HTML, plain text, JSON.

Everything that reaches a page passes `_readable` first: control and direction-changing characters
are taken out, so that a name cannot rearrange the line it stands in. HTML is escaped by the
template engine; a link is only made of an address on linkedin.com.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Literal, assert_never
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

import msgspec

from ingagents.core.reporter import (
    NeedsHuman,
    PositiveReply,
    Report,
    fortnight_in_words,
    meaning,
    next_step,
)
from ingagents.core.reporting.alerts import Notice, NoticeKind, remedy_of
from ingagents.core.text.excerpt import excerpt, shortened
from ingagents.events import PerformanceAlert
from ingagents.model import Campaign, Intent, Mail, ReplyDetail

if TYPE_CHECKING:
    from jinja2 import Environment

ReportFormat = Literal["html", "text", "json"]

_LONGEST_TEXT = 4_000
"""Characters of one outside text that are looked at; pages cut much shorter."""


def render_report(report: Report, report_format: ReportFormat) -> str:
    """The report in the format the command line asks for."""
    match report_format:
        case "html":
            return report_html(report)
        case "text":
            return report_text(report)
        case "json":
            return report_json(report)
        case _:
            assert_never(report_format)


def report_html(report: Report) -> str:
    """A page for mails and browsers: no script, nothing loaded, light and dark."""
    return _report("report.html.j2", report)


def report_text(report: Report) -> str:
    """The specification's report, with columns for today, yesterday and the week's mean."""
    return _report("report.txt.j2", report)


def report_json(report: Report) -> str:
    """The same as one JSON object; figures without evidence are null."""
    return msgspec.json.format(msgspec.json.encode(_readable(report)), indent=2).decode()


def report_mail(report: Report, recipients: Sequence[str], *, message_id: str = "") -> Mail:
    """The report as a mail; its subject tells the day in one line."""
    return Mail(
        recipients=tuple(recipients),
        subject=f"{report.title}: {report.summary}",
        text=report_text(report),
        html=report_html(report),
        message_id=message_id,
    )


def notices_mail(
    told: Sequence[Notice],
    campaign: Campaign,
    recipients: Sequence[str],
    *,
    at: datetime,
    message_id: str = "",
) -> Mail:
    """Tells the team of one thing in full, or of several in one list."""
    if len(told) == 1 and isinstance(told[0].about, PositiveReply):
        heading, template, values = _one_reply(told[0].kind, told[0].about)
    else:
        lines = [_notice_line(notice) for notice in told]
        heading = _heading_of_many(told)
        template, values = "alerts", {"heading": heading, "lines": lines, "at": at}
    values["campaign"] = _readable(campaign)
    return Mail(
        recipients=tuple(recipients),
        subject=heading,
        text=_render(f"{template}.txt.j2", campaign, **values),
        html=_render(f"{template}.html.j2", campaign, **values),
        message_id=message_id,
    )


def _one_reply(kind: NoticeKind, reply: PositiveReply) -> tuple[str, str, dict[str, Any]]:
    """An answer with everything a person needs to go on with it."""
    who = shortened(_one_line(reply.name), 80) or "A lead"
    company = shortened(_one_line(reply.company), 60)
    values = {
        "reply": _readable(reply),
        "positive": kind == "positive_reply",
        "link": profile_link(reply.linkedin_url),
        "next_step": next_step(reply.intent, reply.detail),
        "command": reply.command,
    }
    heading = f"{_KINDS[kind]}: {who}" + (f" ({company})" if company else "")
    return heading, "alert_reply", values


def _notice_line(notice: Notice) -> dict[str, str]:
    """One notice as a line of a list: what, in whose words, and the command that goes on."""
    about, words, action, command, link = notice.about, "", "", "", ""
    match about:
        case PositiveReply():
            who = _one_line(about.name) or "A lead"
            company = _one_line(about.company)
            what = shortened(who, 80) + (f", {shortened(company, 60)}" if company else "")
            words = _one_line(excerpt(about.reply_text, 240, [about.our_text]))
            action = next_step(about.intent, about.detail)
            command, link = about.command, profile_link(about.linkedin_url)
            if about.answer:
                action = f"Suggested answer: {_one_line(about.answer)}"
        case PerformanceAlert():
            what = _label(_one_line(about.metric))
            if about.threshold:  # else it is no share of anything
                value, bound = _figure(100 * about.value, "percent"), 100 * about.threshold
                what += f" is {value}, the bound is {bound:.1f}%"
            words = shortened(_one_line(about.detail), 300)
            action, command = remedy_of(about)
        case NeedsHuman():
            what, action = shortened(_one_line(about.what), 400), about.action
            command, link = _one_line(about.command), profile_link(about.link)
        case _:
            assert_never(about)
    told = {"what": what, "words": words, "action": action, "command": command, "link": link}
    return {"kind": _KINDS[notice.kind], **told}


def _heading_of_many(told: Sequence[Notice]) -> str:
    """`Account trouble`, or `3 positive replies, 1 question`."""
    counts = Counter(notice.kind for notice in told)
    if len(told) == 1:
        line = _notice_line(told[0])
        return f"{line['kind']}: {shortened(line['what'], 120)}"
    return ", ".join(
        f"{count} {(_KINDS[kind] if count == 1 else _MANY[kind]).lower()}"
        for kind, count in counts.items()
    )


_KINDS: dict[NoticeKind, str] = {
    "positive_reply": "Positive reply",
    "question": "Question to us",
    "account": "Account trouble",
    "performance": "Performance alert",
    "escalation": "Needs a human",
    "draft": "Text to approve",
    "opt_out": "Asked to be left alone",
}
_MANY: dict[NoticeKind, str] = {
    "positive_reply": "Positive replies",
    "question": "Questions to us",
    "account": "Account troubles",
    "performance": "Performance alerts",
    "escalation": "Things that need a human",
    "draft": "Texts to approve",
    "opt_out": "People who asked to be left alone",
}


def profile_link(url: str) -> str:
    """`url` when it is a profile on linkedin.com, rebuilt from its parts; else nothing."""
    try:
        parts = urlsplit(url.strip()[:500])
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return ""
    ours = host == "linkedin.com" or host.endswith(".linkedin.com")
    named = parts.path.startswith(("/in/", "/pub/", "/sales/"))
    if parts.scheme not in {"http", "https"} or not (ours and named) or port is not None:
        return ""
    if not host.isascii() or parts.username is not None:
        return ""
    return f"https://{host}{quote(_one_line(parts.path), safe='/%-._~')}"


def _report(template: str, report: Report) -> str:
    talks, zone = report.conversations, _zone(report.campaign.timezone)
    return _render(
        template,
        report.campaign,
        report=_readable(report),
        funnel=report.funnel.in_words(),
        stages=_readable([(one, one.share) for one in report.funnel]),
        steps=_readable([(one, one.share) for one in talks.steps] if talks else []),
        waits=_readable(talks.waits.in_words(zone)) if talks and talks.waits else (),
        fortnight=fortnight_in_words(report.fortnight),
    )


def _render(template: str, campaign: Campaign, /, **values: Any) -> str:
    zone = _zone(campaign.timezone)
    return _environment().get_template(template).render(**values, zone=zone)


@cache
def _environment() -> Environment:
    """The template engine; loading it costs 50 ms, so only those who write a page pay."""
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=PackageLoader("ingagents", "templates/report"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        figure=_figure,
        label=_label,
        local=_local,
        meaning=_meaning,
        one_line=_one_line,
        profile_link=profile_link,
        quoted=_quoted,
        short=shortened,
        wrapped=_wrapped,
    )
    return environment


def _readable(value: Any) -> Any:
    """Any record as plain values whose texts are fit to be seen; moments stay moments."""
    if isinstance(value, msgspec.Struct):
        value = msgspec.to_builtins(value, builtin_types=(datetime, date))
    if isinstance(value, str):
        return _visible(value)
    if isinstance(value, Mapping):
        return {key: _readable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_readable(item) for item in value]
    return value


def _visible(text: str) -> str:
    """The text without what is not seen: controls, direction marks, tags, halves of characters.

    The joiners U+200C and U+200D stay: several scripts and many emojis are spelt with them.
    """
    head = text[:_LONGEST_TEXT] + ("…" if len(text) > _LONGEST_TEXT else "")
    if head.isprintable():  # nearly every text: nothing of what goes is printable
        return head
    return "".join(
        character
        for character in head.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
        if character in "\n\t\u200c\u200d"
        or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    )


def _one_line(text: str) -> str:
    return " ".join(_visible(text).split())


def _quoted(text: str, longest: int = 1_500) -> str:
    """A foreign text as a mail quotes it: each line behind `> `, so that none passes for ours."""
    lines = shortened(text.strip(), longest).splitlines() or [""]
    return "\n".join(
        f"> {part}".rstrip() for line in lines for part in (wrap(line, width=76) or [""])
    )


def _wrapped(text: str, indent: str) -> str:
    """Our own sentences at 78 columns, further lines indented."""
    return f"\n{indent}".join(wrap(text, width=78 - len(indent)))


def _figure(value: float | None, unit: str) -> str:
    """A count as it is, a mean or a score with one decimal, money with four, nothing as a dash."""
    if value is None:
        return "–"
    if unit == "usd":
        return f"{value:.4f}"
    if isinstance(value, int):
        return str(value)
    return f"{value:.1f}%" if unit == "percent" else f"{value:.1f}"


def _label(name: str) -> str:
    """`not_interested` as people write it."""
    return name.replace("_", " ")


def _meaning(answer: Mapping[str, str]) -> str:
    return meaning(Intent(answer["intent"]), ReplyDetail(answer["detail"]))


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M %Z")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
