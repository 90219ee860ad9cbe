"""Every setting with its default; read from `settings.toml`, `.env` and the environment.

Environment (`INGAGENTS_LINKEDIN__API_KEY`) wins over `.env`, which wins over the file. Secrets
never come from the file: they stand in the environment, in `.env`, or in a file that a
`*_file` setting names. Whatever is misspelt is refused with the nearest right name.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from ingagents.errors import SettingsError
from ingagents.model import Campaign, SearchCriteria, WorkingHours

__all__ = ["ENV_PREFIX", "FILE_NAME", "Settings", "find_settings_file", "load_settings"]

ENV_PREFIX = "INGAGENTS_"
FILE_NAME = "settings.toml"
_SELECTOR = "INGAGENTS_SETTINGS"
"""Names the settings file itself, so it is not a setting."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise ValueError(f"{name!r} is no time zone; write one like Europe/Berlin") from exc
    return name


def _clock_time(value: object) -> object:
    """Accept "9:00" and "24:00"; TOML's own times too."""
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, str):
        hours, _, minutes = value.strip().partition(":")
        if hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2:
            if (int(hours), int(minutes)) == (24, 0):
                return "24:00"
            if int(hours) < 24 and int(minutes) < 60:
                return f"{int(hours):02d}:{int(minutes):02d}"
    raise ValueError('write a time of day as "HH:MM", from "00:00" to "24:00"')


Zone = Annotated[str, AfterValidator(_known_zone)]
TimeOfDay = Annotated[str, BeforeValidator(_clock_time)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def as_time(text: TimeOfDay) -> time:
    """A `TimeOfDay` as a `time`; "24:00" has none and is read as 00:00 of the next day."""
    return time.fromisoformat("00:00" if text == "24:00" else text)


class Section(BaseModel):
    """A table of the file: unknown keys are refused, values never change afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class CampaignSection(Section):
    """The event and who signs."""

    event_name: str = Field("InG Summit", min_length=1, max_length=80)
    event_date: date = date(2027, 5, 20)
    event_city: str = Field("Berlin", max_length=60)
    sender_name: str = Field("", max_length=60)
    timezone: Zone = "Europe/Berlin"

    def to_campaign(self) -> Campaign:
        """The facts a message may state."""
        return Campaign(**self.model_dump())


class DatabaseSection(Section):
    """Where everything is kept, and for how long history is."""

    url: str = "sqlite:///ingagents.db"
    keep_history_days: int = Field(180, ge=1)
    """Handled events older than this are pruned; decisions about open leads are kept."""


class LlmSection(Section):
    """Who thinks. `rules` needs nobody."""

    provider: Literal["rules", "openai", "anthropic"] = "rules"
    model: str = ""
    base_url: str = ""
    cache_ttl_hours: float = Field(24, ge=0)
    daily_budget_usd: float = Field(5.0, ge=0)


class LinkedInSection(Section):
    """The service that acts on LinkedIn for us."""

    service: Literal["sandbox", "unipile", "heyreach", "dripify", "manual"] = "sandbox"
    base_url: str = ""
    account_id: str = ""
    live: bool = False
    api: Literal["classic", "sales_navigator"] = "classic"
    """Which of LinkedIn's searches the account may use."""
    timeout_seconds: float = Field(30, gt=0, le=300)
    retries: int = Field(3, ge=0, le=10)
    """How often a request that is safe to repeat is repeated."""
    api_key: SecretStr = SecretStr("")
    api_key_file: str = ""


class SheetsSection(Section):
    """The team's Google Sheet."""

    enabled: bool = False
    spreadsheet_id: str = ""
    worksheet: str = "Leads"
    credentials_file: str = ""
    api_root: str = ""


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


class SalesManagerSection(Section):
    """Who gets written to, and who is told what."""

    coordination_time: TimeOfDay = "09:00"
    report_time: TimeOfDay = "09:15"
    monitor_interval_minutes: float = Field(60, gt=0)
    allocation_strategy: Literal["quality_priority", "balanced", "oldest_first"] = (
        "quality_priority"
    )
    max_leads: int = Field(50, ge=1, le=10_000)
    search_below: int = Field(50, ge=0)
    use_llm_for_allocation: bool = False
    report_recipients: tuple[str, ...] = ()
    allow_same_company: bool = False
    """Whether two people of one company may be allocated on the same day."""
    take_back_after_hours: float = Field(72, gt=0)
    """An allocation nobody acted on goes back to Not Contacted after this long."""


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


class RateLimitingSection(Section):
    """The account's own limits; they hold over restarts and over several processes."""

    daily_limit: int = Field(45, ge=0)
    weekly_limit: int = Field(100, ge=0)
    min_interval_minutes: float = Field(5, ge=0)
    max_interval_minutes: float = Field(15, ge=0)
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
        )


class UncertainSection(Section):
    """How doubtful sends are settled by reading back."""

    settle_seconds: float = Field(120, ge=0)
    looks: int = Field(3, ge=1, le=20)
    window_seconds: float = Field(600, ge=0)


class OutreachSection(Section):
    """How people are written to."""

    process_interval_minutes: float = Field(30, gt=0)
    response_check_interval_hours: float = Field(2, gt=0)
    message_generation_mode: Literal["template", "llm_enhanced", "llm"] = "llm_enhanced"
    approval: Literal["all", "low_confidence", "none"] = "low_confidence"
    templates: str = ""
    """A folder with your own `speaker.txt`, `sponsor.txt`, `other.txt`; empty: the built-in."""
    rate_limiting: RateLimitingSection = RateLimitingSection()
    uncertain: UncertainSection = UncertainSection()


class SandboxSection(Section):
    """The simulated market, used when `linkedin.service` is `sandbox`."""

    seed: int = 1
    size: int = Field(400, ge=0, le=100_000)
    people: str = ""
    """A CSV of your own people to fill the market with."""
    day_seconds: float = Field(60, gt=0)
    """How long a department day lasts on the screen."""


class _Environment(EnvSettingsSource):
    """The environment and `.env` together, the environment first."""

    def __init__(self, settings_cls: type[BaseSettings], dotenv: dict[str, str]) -> None:
        self._dotenv = dotenv
        super().__init__(settings_cls)

    def _load_env_vars(self) -> dict[str, str | None]:
        merged = {key.lower(): value for key, value in self._dotenv.items()}
        merged.update({key.lower(): value for key, value in _process_environment().items()})
        return dict(merged)


class Settings(BaseSettings):
    """All settings. Build it with `load_settings`, which turns every mistake into one line."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    campaign: CampaignSection = CampaignSection()
    database: DatabaseSection = DatabaseSection()
    llm: LlmSection = LlmSection()
    linkedin: LinkedInSection = LinkedInSection()
    sheets: SheetsSection = SheetsSection()
    email: EmailSection = EmailSection()
    sales_manager: SalesManagerSection = SalesManagerSection()
    lead_finder: LeadFinderSection = LeadFinderSection()
    outreach: OutreachSection = OutreachSection()
    sandbox: SandboxSection = SandboxSection()

    _file: Path | None = None
    _folder: Path = Path()

    @property
    def file(self) -> Path | None:
        """The settings file that was read, if any."""
        return self._file

    def path(self, name: str) -> Path:
        """A path from the settings; relative ones are meant from the settings file's folder."""
        return self._folder / Path(name).expanduser()

    def secret(self, value: SecretStr, file_name: str) -> str:
        """A secret from its setting, or from the file that the `*_file` setting names."""
        if value.get_secret_value() or not file_name:
            return value.get_secret_value()
        try:
            return self.path(file_name).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as exc:
            raise SettingsError(
                f"the secret file {file_name} cannot be read ({exc})", "give its right path"
            ) from exc

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only the two sources that `load_settings` prepares."""
        del env_settings, dotenv_settings, file_secret_settings, settings_cls
        return (init_settings,)


def find_settings_file(named: str | os.PathLike[str] | None = None) -> Path | None:
    """The settings file to read: the named one, `INGAGENTS_SETTINGS`, or `./settings.toml`.

    Raises:
        SettingsError: a file was named and is not there.
    """
    chosen = named or _process_environment().get(_SELECTOR)
    if chosen:
        path = Path(chosen)
        if not path.is_file():
            raise SettingsError(
                f"there is no settings file {path}", "give its right path or run `ingagents init`"
            )
        return path
    path = Path(FILE_NAME)
    return path if path.is_file() else None


def load_settings(
    named: str | os.PathLike[str] | None = None, **overrides: dict[str, Any]
) -> Settings:
    """Read, merge and check all sources.

    Raises:
        SettingsError: whatever is wrong, as one line with the name of the setting.
    """
    file = find_settings_file(named)
    folder = file.parent if file else Path()
    from_file = _read_toml(file) if file else {}
    dotenv = _read_dotenv(folder / ".env")
    _refuse_unknown_variables(dotenv)
    from_environment = _Environment(Settings, dotenv)()
    _refuse_secrets(from_file)
    values = _merge(_merge(from_file, from_environment), overrides)
    try:
        settings = Settings(**values)
    except ValidationError as exc:
        raise SettingsError(_explain(exc, file)) from exc
    object.__setattr__(settings, "_file", file)
    object.__setattr__(settings, "_folder", folder)
    return settings


def _process_environment() -> dict[str, str]:
    return dict(os.environ)  # noqa: TID251  this is the one place that reads it


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except tomllib.TOMLDecodeError as exc:
        raise SettingsError(f"{file} is not valid TOML: {exc}", "mend that line") from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise SettingsError(f"{file} cannot be read: {exc}", "check the file") from exc


def _read_dotenv(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    try:
        found = dotenv_values(file)
    except (OSError, UnicodeDecodeError) as exc:
        raise SettingsError(f"{file} cannot be read: {exc}", "check the file") from exc
    return {key: value for key, value in found.items() if value is not None}


def _merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = (
            _merge(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
        )
    return merged


def _section_type(annotation: object) -> type[Section] | None:
    for candidate in (annotation, *get_args(annotation)):
        if isinstance(candidate, type) and issubclass(candidate, Section):
            return candidate
    return None


def _names(model: type[BaseModel], before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, field in model.model_fields.items():
        yield (*before, name)
        section = _section_type(field.annotation)
        if section is not None:
            yield from _names(section, (*before, name))


def _nearest(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"did you mean {close[0]}?" if close else f"known are {', '.join(sorted(known)[:12])}"


def _refuse_unknown_variables(dotenv: dict[str, str]) -> None:
    known = [ENV_PREFIX + "__".join(path).upper() for path in _names(Settings)]
    for name in sorted({*dotenv, *_process_environment()}):
        upper = name.upper()
        if upper.startswith(ENV_PREFIX) and upper not in {*known, _SELECTOR}:
            raise SettingsError(f"unknown variable {name}", _nearest(upper, known))


_SECRETS = (("linkedin", "api_key"), ("email", "password"))


def _refuse_secrets(from_file: dict[str, Any]) -> None:
    for section, name in _SECRETS:
        table = from_file.get(section)
        if isinstance(table, dict) and table.get(name):
            variable = f"{ENV_PREFIX}{section}__{name}".upper()
            raise SettingsError(
                f"{section}.{name} is a secret and stands in the settings file",
                f"move it to the environment or .env as {variable}, or use {section}.{name}_file",
            )


def _explain(exc: ValidationError, file: Path | None) -> str:
    lines = []
    for error in exc.errors():
        path = tuple(str(part) for part in error["loc"])
        name = ".".join(path)
        if error["type"] == "extra_forbidden":
            siblings = [p[-1] for p in _names(Settings) if p[:-1] == path[:-1]]
            nearest = _nearest(path[-1], siblings) if siblings else ""
            lines.append(f"unknown setting {name}; {nearest}")
        else:
            lines.append(f"{name}: {error['msg'].removeprefix('Value error, ')}")
    where = f"{file}: " if file else ""
    return where + " | ".join(lines)
