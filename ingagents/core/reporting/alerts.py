"""Which notices go to the team now, together or one by one, and which wait for the morning.

What the team has not been told is read from the database each time; a notice is told once, by the
mail's own claim (its `step`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from ingagents.core.reporter import NeedsHuman, PositiveReply
from ingagents.events import PerformanceAlert
from ingagents.model import LeadId, Step

NoticeKind = Literal[
    "positive_reply", "question", "account", "performance", "escalation", "draft", "opt_out"
]

_ORDER: tuple[NoticeKind, ...] = (
    "account",
    "positive_reply",
    "question",
    "opt_out",
    "escalation",
    "draft",
    "performance",
)
"""Trouble with the account first: until it is mended nobody is written to."""
_GATHERED, _GATHERED_MOST = timedelta(minutes=1), timedelta(minutes=10)
"""So long after the last text to approve they are told, and after the first at the latest."""

MOST_IN_ONE_MAIL = 50


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Something the team is told once. `step` is the claim that makes it once."""

    kind: NoticeKind
    step: Step
    at: datetime
    about: PositiveReply | PerformanceAlert | NeedsHuman
    lead_id: LeadId | None = None


class QuietHours(msgspec.Struct, frozen=True, kw_only=True):
    """When no alert is mailed; over midnight when it starts later than it ends."""

    start: time
    end: time
    timezone: str


class Alerts(msgspec.Struct, frozen=True, kw_only=True):
    """What is told now, one mail for each group, and until when the rest waits."""

    mails: tuple[tuple[Notice, ...], ...] = ()
    waits_until: datetime | None = None


def due_notices(
    pending: Sequence[Notice],
    *,
    now: datetime,
    quiet: QuietHours | None,
    together_from: int,
    gather: bool = False,
) -> Alerts:
    """The mails to write now, the urgent first.

    From `together_from` notices on (at least two) they share one mail: an inbox full of alerts is
    one that nobody reads. Texts that wait for approval always do; with `gather` more of them may
    be on their way, and they are waited for. In quiet hours everything waits for their end.
    """
    if not pending:
        return Alerts()
    if quiet is not None and (ends := quiet_until(now, quiet)) is not None:
        return Alerts(waits_until=ends)
    gathers = _gathers_until(pending) if gather else None
    if gathers is not None and gathers > now:
        rest = [notice for notice in pending if notice.kind != "draft"]
        due = due_notices(rest, now=now, quiet=quiet, together_from=together_from)
        return msgspec.structs.replace(due, waits_until=gathers)
    ordered = sorted(pending, key=lambda notice: (_ORDER.index(notice.kind), notice.at))
    if len(ordered) >= max(2, together_from):
        return Alerts(mails=_pages(ordered))
    drafts = [notice for notice in ordered if notice.kind == "draft"]
    alone = tuple((notice,) for notice in ordered if notice.kind != "draft")
    return Alerts(mails=(*alone, *_pages(drafts)))


def _gathers_until(pending: Sequence[Notice]) -> datetime | None:
    """When no further text came for a while, or the first has waited for long enough."""
    asked = [notice.at for notice in pending if notice.kind == "draft"]
    return min(max(asked) + _GATHERED, min(asked) + _GATHERED_MOST) if asked else None


def _pages(notices: Sequence[Notice]) -> tuple[tuple[Notice, ...], ...]:
    pages = range(0, len(notices), MOST_IN_ONE_MAIL)
    return tuple(tuple(notices[at : at + MOST_IN_ONE_MAIL]) for at in pages)


def remedy_of(alert: PerformanceAlert) -> tuple[str, str]:
    """What to do about a figure out of its bounds, "" where its cause says it, and a command."""
    return _REMEDIES.get(alert.metric, ("", "ingagents status"))


_REMEDIES = {
    "error_rate": ("See what failed before anything else.", "ingagents journal list"),
    "opt_out_rate": (
        "Read the messages once more before further ones go; nothing is sent while paused.",
        "ingagents pause",
    ),
    "refused_rate": (
        "Send less (outreach.rate_limiting) until the reason is known; it stands in the journal.",
        "ingagents journal list",
    ),
}


def quiet_until(now: datetime, quiet: QuietHours) -> datetime | None:
    """The end of the quiet hours `now` falls into, or None outside them."""
    if quiet.start == quiet.end:
        return None
    here = now.astimezone(ZoneInfo(quiet.timezone))
    clock = here.time().replace(tzinfo=None)
    if quiet.start < quiet.end:
        inside = quiet.start <= clock < quiet.end
        day = here.date()
    else:
        inside = clock >= quiet.start or clock < quiet.end
        day = here.date() + timedelta(days=1 if clock >= quiet.start else 0)
    if not inside:
        return None
    return datetime.combine(day, quiet.end, here.tzinfo).astimezone(now.tzinfo)
