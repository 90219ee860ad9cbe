"""May anything go out at all, as the campaign stands? Not for an event that is over or unnamed.

The day is the sender's, in the campaign's time zone. What keeps everything back is a setting, so
each answer says which one to change.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from ingagents.events import PerformanceAlert


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """Why nothing goes out, and what to set. `near` bars only who was never written to."""

    kind: Literal["over", "near", "unready"]
    what: str
    remedy: str

    def __str__(self) -> str:
        """Both in one sentence."""
        return f"{self.what}; {self.remedy}"

    def to_alert(self) -> PerformanceAlert:
        """For the team, which is told once of each bar."""
        return PerformanceAlert(metric="campaign", value=1, threshold=0, detail=str(self))


class CampaignGate(msgspec.Struct, frozen=True, kw_only=True):
    """What of the campaign stands before every outward act.

    `event_date` None: the event never takes place (the sandbox's own). `unready` are the settings
    without which nothing is sent for real, most important first.
    """

    event_date: date | None
    stop_days_before: int
    timezone: str
    unready: tuple[Bar, ...] = ()

    def bar(self, now: datetime, *, first_touch: bool = True) -> Bar | None:
        """What bars an act at a moment; None: nothing does.

        On the event's own day it is not over. The last day for a first touch is
        `stop_days_before` days before it.
        """
        if self.event_date is None:
            return next(iter(self.unready), None)
        left = (self.event_date - now.astimezone(ZoneInfo(self.timezone)).date()).days
        if left < 0:
            return Bar(
                kind="over",
                what=f"nothing is sent: the event is over, it was on {self.event_date.isoformat()}",
                remedy="set campaign.event_date to the day of the next one",
            )
        if self.unready:
            return self.unready[0]
        if first_touch and left < self.stop_days_before:
            return Bar(
                kind="near",
                what=f"no first messages any more: the event is on {self.event_date.isoformat()}, and"
                f" campaign.stop_days_before is {self.stop_days_before}",
                remedy="lower it to write to people later than that",
            )
        return None
