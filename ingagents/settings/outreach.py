"""The tables of `[outreach]`: how people are written to, how much, and what comes after."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, field_validator, model_validator

from ingagents.model import WorkingHours
from ingagents.settings.sections import (
    WEEKDAYS,
    YEAR_IN_HOURS,
    YEAR_IN_MINUTES,
    Section,
    TimeOfDay,
    Weekday,
    as_time,
)


class RateLimitingSection(Section):
    """The account's own limits; they hold over restarts and over several processes."""

    daily_limit: int = Field(45, ge=0)
    """First contacts a day: invitations, and first messages to connections."""
    weekly_limit: int = Field(100, ge=0)
    """Invitations in any seven days."""
    message_daily_limit: int = Field(50, ge=0)
    """Later messages a day."""
    spread: Literal["even", "greedy"] = "even"
    """Whether the week's invitations are planned over its working days."""
    holidays: tuple[date, ...] = Field(
        (), description="write a list of dates, such as [2027-01-01]"
    )
    """Days on which nobody is written to."""
    min_interval_minutes: float = Field(5, ge=0, le=YEAR_IN_MINUTES)
    max_interval_minutes: float = Field(15, ge=0, le=YEAR_IN_MINUTES)
    working_hours_start: TimeOfDay = "09:00"
    working_hours_end: TimeOfDay = "17:00"
    working_days: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")

    @model_validator(mode="after")
    def _in_order(self) -> RateLimitingSection:
        if self.min_interval_minutes > self.max_interval_minutes:
            raise ValueError("min_interval_minutes is larger than max_interval_minutes")
        if self.working_hours_start == "24:00":
            raise ValueError('working_hours_start cannot be "24:00"')
        end = self.working_hours_end
        if end != "24:00" and as_time(end) <= as_time(self.working_hours_start):
            raise ValueError("working_hours_end is not after working_hours_start")
        return self

    def to_hours(self, timezone: str) -> WorkingHours:
        """The working hours in the sender's time zone."""
        return WorkingHours(
            start=as_time(self.working_hours_start),
            end=None if self.working_hours_end == "24:00" else as_time(self.working_hours_end),
            days=frozenset(WEEKDAYS.index(day) + 1 for day in self.working_days),
            timezone=timezone,
            holidays=frozenset(self.holidays),
        )


class UncertainSection(Section):
    """How doubtful sends are settled by reading back."""

    settle_seconds: float = Field(120, ge=0, le=YEAR_IN_MINUTES * 60)
    looks: int = Field(3, ge=1, le=20)
    window_seconds: float = Field(600, ge=0, le=YEAR_IN_MINUTES * 60)


MOST_FOLLOW_UPS = 5
"""More texts than that to somebody silent are spam whatever they say."""


class SequenceSection(Section):
    """The steps of a conversation, and what becomes of open invitations."""

    first_touch: Literal["auto", "note", "bare"] = "auto"
    """`auto` spends scarce notes on the best."""
    message_after_acceptance: bool = True
    """Whether whoever accepts an invitation is written to."""
    message_delay_hours: tuple[float, float] = Field(
        (2, 26), description="write the least and the most hours, such as [2, 26]"
    )
    """The least and the most hours after the acceptance, within working hours."""
    follow_ups: tuple[int, ...] = Field(
        (5, 10), description="write a list of working days, such as [5, 10]"
    )
    """Working days after the text before, without an answer; none: nobody is followed up."""
    withdraw_after_days: int = Field(21, ge=0, le=3660)
    """Days after which an invitation that nobody took is withdrawn; 0: never."""
    max_pending_invitations: int = Field(400, ge=0, le=30_000)
    """So many invitations may stand open; LinkedIn restricts accounts above about 500 to 700."""

    @field_validator("message_delay_hours")
    @classmethod
    def _least_first(cls, hours: tuple[float, float]) -> tuple[float, float]:
        least, most = hours
        if not 0 <= least <= most <= YEAR_IN_HOURS:
            raise ValueError(f"is the least and the most hours, from 0 to {YEAR_IN_HOURS}")
        return hours

    @field_validator("follow_ups")
    @classmethod
    def _some_days_each(cls, days: tuple[int, ...]) -> tuple[int, ...]:
        if len(days) > MOST_FOLLOW_UPS or any(not 1 <= one <= 365 for one in days):
            raise ValueError(f"are up to {MOST_FOLLOW_UPS} numbers of working days, 1 to 365 each")
        return days


class OutreachSection(Section):
    """How people are written to."""

    process_interval_minutes: float = Field(30, gt=0, le=YEAR_IN_MINUTES)
    reply_look_minutes: float = Field(5, gt=0, le=YEAR_IN_MINUTES)
    """A look at the service's own list of chats; each conversation is looked at less often."""
    response_check_interval_hours: float = Field(2, gt=0, le=YEAR_IN_HOURS)
    message_generation_mode: Literal["template", "llm_enhanced", "llm"] = "llm_enhanced"
    approval: Literal["all", "low_confidence", "none"] = "low_confidence"
    approval_valid_hours: float = Field(72, gt=0, le=YEAR_IN_HOURS)
    """How long a draft waits for approval, and how long an approval then holds."""
    answer_facts_unread: bool = False
    """Whether an answer of facts alone, to all that was asked, goes without being approved."""
    templates: str = ""
    """A folder with your own `speaker.txt`, `sponsor.txt`, `other.txt`; empty: the built-in."""
    rate_limiting: RateLimitingSection = RateLimitingSection()
    sequence: SequenceSection = SequenceSection()
    uncertain: UncertainSection = UncertainSection()
