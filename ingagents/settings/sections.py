"""The tables of `settings.toml`: every setting with its type, its bounds and its default.

Durations are numbers with the unit in the name, and not longer than a year.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from ingagents.core.conversation.follow_up import ENDED, stage_of
from ingagents.core.messages.reader_language import Language
from ingagents.core.reporting.alerts import QuietHours
from ingagents.display import Shown, Told
from ingagents.masking import keep_url_secrets
from ingagents.model import Campaign, FactSheet, LeadStage, SearchCriteria

NO_FACTS = FactSheet()
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        close = difflib.get_close_matches(name, available_timezones(), n=1)
        like = f"did you mean {close[0]}?" if close else "write one like Europe/Berlin"
        raise ValueError(f"{name!r} is no time zone; {like}") from exc
    return name


def _on_one_line(text: str) -> str:
    if any(unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} for sign in text):
        raise ValueError("write it on one line, without signs that nobody sees")
    return text


def _clock_time(value: object) -> object:
    """Accept "9:00" and "24:00"; TOML's own times too."""
    if isinstance(value, time) and value == value.replace(second=0, microsecond=0):
        return value.strftime("%H:%M")
    if isinstance(value, str):
        hours, _, minutes = value.strip().partition(":")
        if hours.isdecimal() and minutes.isdecimal() and len(hours) <= 2 == len(minutes):
            if (int(hours), int(minutes)) == (24, 0):
                return "24:00"
            if int(hours) < 24 and int(minutes) < 60:
                return f"{int(hours):02d}:{int(minutes):02d}"
    raise ValueError('write a time of day as "HH:MM", from "00:00" to "24:00"')


Name = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_on_one_line)]
"""What a text calls something or somebody."""
Zone = Annotated[str, AfterValidator(_known_zone)]
TimeOfDay = Annotated[str, BeforeValidator(_clock_time)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_HOST = r"(?:\[[^\]@]*\]|[^][:@/?,]*)(?::\d*)?"
_QUERY = r"(?:\?(?:[\w.]+=[^&]*(?:&[\w.]+=[^&]*)*)?)?"
_POSTGRES = re.compile(rf"postgres(?:ql)?://(?:[^@/?]*@)?{_HOST}(?:,{_HOST})*(?:/[^@?]*)?{_QUERY}")
"""As libpq reads it: whatever stands before the first `/`, `?` or `@` ends there."""
YEAR_IN_MINUTES = 366 * 24 * 60
YEAR_IN_HOURS = 366 * 24


def as_time(text: TimeOfDay) -> time:
    """A `TimeOfDay` as a `time`; "24:00" has none and is read as 00:00 of the next day."""
    return time.fromisoformat("00:00" if text == "24:00" else text)


_DATE = re.compile(r"\s*\d{4}-\d\d-\d\d", re.ASCII)


def _within(kind: object) -> set[object]:
    """A kind, and those that a list or a choice of it may hold."""
    return {kind}.union(*map(_within, get_args(kind)))


class Section(Shown, BaseModel):
    """A table of the file: unknown keys are refused, values never change afterwards."""

    model_config = ConfigDict(
        extra="forbid",
        defer_build=True,
        frozen=True,
        hide_input_in_errors=True,
        allow_inf_nan=False,
    )

    @field_validator("*", mode="before")
    @classmethod
    def _not_what_python_takes_for_it(cls, value: object, info: ValidationInfo) -> object:
        """To Python true is 1, and a number is a date (seconds since 1970); to people it is not."""
        wanted = _within(cls.model_fields[info.field_name or ""].annotation)
        each = value if isinstance(value, list | tuple) else [value]
        if {int, float} & wanted and bool not in wanted and any(isinstance(x, bool) for x in each):
            raise ValueError("write a number, not true or false")
        if date in wanted and any(
            isinstance(x, int | float) or (isinstance(x, str) and not _DATE.match(x)) for x in each
        ):
            raise ValueError("write a date like 2027-05-20")
        return value

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """What differs from the default; addresses may hold passwords, and secrets are hidden."""
        for name, value in super().__repr_args__():
            field = type(self).model_fields.get(name or "")
            if field is None or value != field.get_default(call_default_factory=True):
                if isinstance(value, str) and "://" in value:
                    keep_url_secrets(value)
                yield name, value

    def _told(self) -> Told:
        rows = list(changed_settings(self))
        line = ", ".join(f"{name} {value}" for name, value in rows)
        return Told(line or "as shipped", rows)


def changed_settings(tables: BaseModel, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every setting that is not as shipped, by its full name, as it may be shown."""
    for name, value in tables.__repr_args__():
        if isinstance(value, Section):
            yield from changed_settings(value, f"{prefix}{name}.")
        elif value != type(tables).model_fields[str(name)].default:
            yield f"{prefix}{name}", value


Line = Annotated[str, Field(max_length=160, pattern=r"^[^\r\n]*$")]
Topic = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\r\n]*$")]
Topics = Annotated[tuple[Topic, ...], Field(max_length=30)]


_AUDIENCE = (
    "write one line of at most 160 characters, or one for each language:"
    ' { en = "...", de = "...", fr = "...", es = "..." }'
)
_TOPICS = (
    "write a list of up to 30 topics of at most 60 characters each, such as"
    ' ["AI in production", "security"], or one for each language: { en = [...], de = [...] }'
)


class CampaignSection(Section):
    """The event and who signs."""

    event_name: Name = Field("InG Summit", min_length=1, max_length=80)
    event_date: date = Field(date(2027, 5, 20), ge=date(2000, 1, 1))
    event_city: Name = Field("Berlin", max_length=60)
    sender_name: Name = Field("", max_length=60)
    timezone: Zone = "Europe/Berlin"
    stop_days_before: int = Field(14, ge=0, le=366)
    """Nobody is written to for the first time later than so many days before the event."""
    event_url: str = Field(
        "",
        max_length=200,
        pattern=r'^(?:https?://[^\s<>"]+)?$',
        description="write an address that begins with https://, of at most 200 characters",
    )
    audience: Line | dict[Language, Line] = Field("", description=_AUDIENCE)
    """Who comes: one line, or one for each language that texts are written in."""
    topics: Topics | dict[Language, Topics] = Field((), description=_TOPICS)
    """What talks are wanted about: a list, or one for each language."""
    facts: str = Field("facts.toml", max_length=1000)
    """The file of what may be told to people, beside this one; a missing file: no facts."""

    def to_campaign(self, sheet: FactSheet = NO_FACTS) -> Campaign:
        """The facts a message may state; those of the team's own file are given."""
        given = self.model_dump(exclude={"stop_days_before"})
        given["facts"], given["booking"] = sheet.facts, sheet.booking
        given["stop_date"] = self.event_date - timedelta(days=self.stop_days_before)
        for name in ("audience", "topics"):
            said = given[name]
            given[name] = said if isinstance(said, dict) else {"": said} if said else {}
        return Campaign(**given)

    def as_shipped(self) -> bool:
        """Whether nobody has said yet which event this is."""
        fields = ("event_name", "event_date", "event_city", "sender_name")
        return all(getattr(self, one) == type(self).model_fields[one].default for one in fields)


class DatabaseSection(Section):
    """Where everything is kept, and for how long history is."""

    url: str = Field("sqlite:///ingagents.db", repr=False)
    """May hold a password, so it is never shown as it is."""
    keep_history_days: int = Field(180, ge=1, le=36_500)
    """Handled events older than this are pruned; decisions about open leads are kept."""

    @field_validator("url")
    @classmethod
    def _is_read_by_all_alike(cls, value: str) -> str:
        """Refuse an address whose password holds signs that end it: it would become the host."""
        if value.startswith(("postgresql://", "postgres://")) and not _POSTGRES.fullmatch(value):
            raise ValueError(
                "this is no PostgreSQL address; in its password write %40 for @, %2F for /,"
                " %3F for ?, %3A for : and %25 for %"
            )
        return value


class SheetsSection(Section):
    """The team's Google Sheet."""

    enabled: bool = False
    spreadsheet_id: str = ""
    worksheet: str = Field("Leads", min_length=1, max_length=100)
    """The title of the tab with the leads; the other tabs have fixed titles."""
    credentials_file: str = ""
    api_root: str = ""
    sync_interval_minutes: float = Field(10, gt=0, le=YEAR_IN_MINUTES)
    timeout_seconds: float = Field(60, gt=0, le=300)
    retries: int = Field(3, ge=0, le=10)

    @field_validator("worksheet")
    @classmethod
    def _not_another_tabs(cls, title: str) -> str:
        if title.strip().casefold() in {"review", "replies", "report", "conflicts", "facts"}:
            raise ValueError(f"{title!r} is the title of another tab of the department's")
        if not title.strip():
            raise ValueError("write at least one letter")
        return title.strip()


class EmailSection(Section):
    """How mail leaves. Without a host it is written to `outbox` as .eml files."""

    host: str = ""
    port: int = Field(587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: str = ""
    username: str = ""
    timeout_seconds: float = Field(30, gt=0, le=300)
    outbox: str = "outbox"
    password: SecretStr = SecretStr("")
    password_file: str = ""
    quiet_hours_start: TimeOfDay | Literal[""] = ""
    quiet_hours_end: TimeOfDay | Literal[""] = ""
    """No alert is mailed between these, in the campaign's time zone; both empty: at any hour."""
    alerts_together_from: int = Field(5, ge=2, le=1000)
    """So many alerts at once share one mail."""

    @model_validator(mode="after")
    def _both_or_none(self) -> EmailSection:
        if bool(self.quiet_hours_start) != bool(self.quiet_hours_end):
            raise ValueError("set quiet_hours_start and quiet_hours_end, or neither")
        return self

    def to_quiet_hours(self, timezone: str) -> QuietHours | None:
        """When no alert is mailed, in the team's time zone."""
        if not self.quiet_hours_start or not self.quiet_hours_end:
            return None
        return QuietHours(
            start=as_time(self.quiet_hours_start),
            end=as_time(self.quiet_hours_end),
            timezone=timezone,
        )


class NotifySection(Section):
    """Where the team hears of it at once, beside mail. The addresses are secrets: files hold them."""

    slack_url_file: str = ""
    teams_url_file: str = ""
    webhook_url_file: str = ""
    webhook_secret_file: str = ""
    """What the webhook's notices are signed with; empty: the address itself."""
    timeout_seconds: float = Field(30, gt=0, le=300)


class SalesManagerSection(Section):
    """Who gets written to, and who is told what."""

    coordination_time: TimeOfDay = "09:00"
    report_time: TimeOfDay = "09:15"
    monitor_interval_minutes: float = Field(60, gt=0, le=YEAR_IN_MINUTES)
    allocation_strategy: Literal["quality_priority", "balanced", "oldest_first"] = (
        "quality_priority"
    )
    speaker_share: float = Field(0.6, ge=0, le=1)
    """Of first touches to Speakers and Sponsors, the Speakers' share while there are both."""
    max_leads: int = Field(50, ge=1, le=10_000)
    search_below: int = Field(50, ge=0)
    use_llm_for_allocation: bool = False
    apply_small_changes: bool = False
    """Whether small, bounded, reversible changes of strategy apply without being approved."""
    report_recipients: tuple[str, ...] = ()
    allow_same_company: bool = False
    """Whether there may be several open conversations with people of one company."""
    write_to_other: bool = False
    """Whether people who would neither speak nor sponsor are written to."""
    stages: tuple[str, ...] = tuple(LeadStage)
    """How far the team comes with a person, in this order; Won and Lost are always among them."""
    take_back_after_hours: float = Field(72, gt=0, le=YEAR_IN_HOURS)
    """An allocation nobody acted on goes back to Not Contacted after this long."""

    @field_validator("report_recipients")
    @classmethod
    def _not_nobody(cls, recipients: tuple[str, ...]) -> tuple[str, ...]:
        """Somebody has to read the reports of a real account: a blank is nobody."""
        if not all(one.strip() for one in recipients):
            raise ValueError("write each as a mail address, such as kim@team.example")
        return recipients

    @field_validator("stages")
    @classmethod
    def _told_apart(cls, stages: tuple[str, ...]) -> tuple[str, ...]:
        named = tuple(" ".join(one.split()) for one in stages)
        if missing := [one for one in ENDED if one not in named]:
            raise ValueError(f"{' and '.join(sorted(missing))} must be among them")
        if not all(0 < len(one) <= 40 and ":" not in one and one != "none" for one in named):
            raise ValueError("write each with 1 to 40 letters, no colon, and not as none")
        if len(named) > 30 or any(stage_of(one, named) != one for one in named):
            raise ValueError("write at most 30, each once")
        return named


class CriteriaSection(Section):
    """Whom to look for."""

    industries: tuple[str, ...] = ("Technology", "Software")
    positions: tuple[str, ...] = ("CTO", "Founder", "VP Engineering")
    company_size: str = "51-200"
    keywords: str = ""

    def to_criteria(self) -> SearchCriteria:
        """The criteria a search takes."""
        return SearchCriteria(**self.model_dump())


class WeightsSection(Section):
    """How much each factor of the quality score counts; only their proportions matter."""

    seniority: float = Field(3.0, ge=0)
    position_fit: float = Field(2.0, ge=0)
    industry_fit: float = Field(1.5, ge=0)
    company: float = Field(1.0, ge=0)
    classification: float = Field(1.5, ge=0)
    reach: float = Field(0.5, ge=0)
    completeness: float = Field(0.5, ge=0)
    tenure: float = Field(1.0, ge=0)
    nearness: float = Field(1.0, ge=0)
    topic_fit: float = Field(0.75, ge=0)
    network: float = Field(0.75, ge=0)
    post: float = Field(0.75, ge=0)


class LeadFinderSection(Section):
    """When and how far to search."""

    search_time: TimeOfDay = "10:00"
    max_leads_per_day: int = Field(100, ge=0, le=10_000)
    quality_threshold: float = Field(6.0, ge=1, le=10)
    analyse_at_once: int = Field(8, ge=1, le=64)
    """How many people are analysed at the same time."""
    profile_visits_per_day: int = Field(80, ge=0)
    """LinkedIn counts profile visits; 80 a day is the vendors' guidance."""
    search_criteria: CriteriaSection = CriteriaSection()
    weights: WeightsSection = WeightsSection()


class SandboxSection(Section):
    """The simulated market, used when `linkedin.service` is `sandbox`."""

    seed: int = 1
    size: int = Field(400, ge=0, le=100_000)
    people: str = ""
    """A CSV of your own people to fill the market with."""
    seat: Literal["free", "premium"] = "premium"
    """What the simulated account has paid for: a free seat has few notes a month."""
    days: int = Field(1, ge=1, le=60)
    """How many working days `run` lasts; nights and days off pass at once."""
    run_seconds: float = Field(60, gt=0, le=86_400)
    """How long such a run lasts on the screen, where the machine is fast enough for its work."""
    day_seconds: float = Field(60, gt=0, le=86_400)
    """How long a day lasts otherwise: between commands, and with `--for`."""
