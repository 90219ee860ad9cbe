"""The table `[linkedin]`: the service, and the account or accounts that write."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator

from ingagents.model import WorkingHours
from ingagents.settings.sections import (
    WEEKDAYS,
    Section,
    TimeOfDay,
    Weekday,
    Zone,
    as_time,
)

ServiceName = Literal["sandbox", "unipile", "heyreach", "dripify", "manual"]


class AccountSection(Section):
    """One account of several; what it does not say is as it is for all of them.

    Of another service than theirs it has an address, a key and a campaign of its own.
    """

    account_id: str = Field(
        "",
        max_length=200,
        pattern=r"^[^\s:]*$",
        description="write it without blanks and colons, in at most 200 characters",
    )
    service: ServiceName | Literal[""] = ""
    base_url: str = ""
    campaign_id: str = ""
    upload: bool = False
    api_key_file: str = ""
    daily_limit: int | None = Field(None, ge=0)
    weekly_limit: int | None = Field(None, ge=0)
    message_daily_limit: int | None = Field(None, ge=0)
    max_pending_invitations: int | None = Field(None, ge=0, le=30_000)
    seat: Literal["", "auto", "free", "premium"] = ""
    timezone: Zone | Literal[""] = ""
    working_hours_start: TimeOfDay | Literal[""] = ""
    working_hours_end: TimeOfDay | Literal[""] = ""
    """Both or none; the days and hours count in its own time zone."""
    working_days: tuple[Weekday, ...] = ()
    """None: the days on which all work."""
    warm_up_from: date | None = None
    """The day on which a new account begins: few first contacts a day then, more each week."""

    @model_validator(mode="after")
    def _hours_in_order(self) -> AccountSection:
        start, end = self.working_hours_start, self.working_hours_end
        if bool(start) != bool(end):
            raise ValueError("set working_hours_start and working_hours_end, or neither")
        if start == "24:00" or (start and end != "24:00" and as_time(end) <= as_time(start)):
            raise ValueError("working_hours_end is not after working_hours_start")
        return self

    def limits(self) -> dict[str, int]:
        """The limits of its own, by name."""
        names = ("daily_limit", "weekly_limit", "message_daily_limit")
        return {one: getattr(self, one) for one in names if getattr(self, one) is not None}

    def to_hours(self, of_all: WorkingHours) -> WorkingHours:
        """When it works; `of_all` where it says nothing."""
        own = of_all
        if self.working_hours_start and self.working_hours_end:
            end = self.working_hours_end
            own = msgspec.structs.replace(
                own,
                start=as_time(self.working_hours_start),
                end=None if end == "24:00" else as_time(end),
            )
        if self.working_days:
            days = frozenset(WEEKDAYS.index(day) + 1 for day in self.working_days)
            own = msgspec.structs.replace(own, days=days)
        return msgspec.structs.replace(own, timezone=self.timezone or own.timezone)


def _told_apart(accounts: tuple[AccountSection, ...]) -> tuple[AccountSection, ...]:
    """The accounts, each with a name of its own.

    Raises:
        ValueError: one has none, or two have the same.
    """
    names = [one.account_id for one in accounts]
    if "" in names:
        raise ValueError("give each an account_id")
    if double := next((name for name in names if names.count(name) > 1), ""):
        raise ValueError(f"{double!r} is there twice: name each account once")
    return accounts


_SEATS = frozenset({"sandbox", "unipile"})
"""Services that may have several accounts."""

Accounts = Annotated[tuple[AccountSection, ...], Field(max_length=20), AfterValidator(_told_apart)]


def _number(value: object) -> object:
    """In the environment everything is text."""
    return int(value) if isinstance(value, str) and value.strip() in {"1", "2"} else value


class LinkedInSection(Section):
    """The service that acts on LinkedIn for us."""

    service: ServiceName = "sandbox"
    base_url: str = ""
    account_id: str = ""
    accounts: Accounts = ()
    """Several accounts, instead of `account_id`."""
    campaign_id: str = ""
    """Of the service's own campaign, where it sends by one."""
    upload: bool = False
    """Dripify: people enter the campaign by a file with their texts, and not by its API without."""
    live: bool = False
    api: Literal["classic", "sales_navigator"] = "classic"
    """Which of LinkedIn's searches the account may use."""
    api_version: Annotated[Literal[1, 2], BeforeValidator(_number)] = 1
    """Unipile's: accounts of the one are unknown to the other."""
    seat: Literal["auto", "free", "premium"] = "auto"
    """How many invitations may carry a note; `auto`: as the account says."""
    timeout_seconds: float = Field(30, gt=0, le=300)
    retries: int = Field(3, ge=0, le=10)
    """How often a request that is safe to repeat is repeated."""
    api_key: SecretStr = SecretStr("")
    api_key_file: str = ""

    @model_validator(mode="after")
    def _one_way_to_name_them(self) -> LinkedInSection:
        if self.accounts and self.account_id:
            raise ValueError(
                "account_id and accounts are both set: write every account as"
                " [[linkedin.accounts]], and leave account_id empty"
            )
        services = [one.service or self.service for one in self.accounts]
        if any(services.count(name) > 1 for name in services if name not in _SEATS):
            raise ValueError(
                "several accounts of one service are for unipile; by hand there is one, and a"
                " service that sends by a campaign has its senders there"
            )
        if "sandbox" in services and len(set(services) - {"manual"}) > 1:
            raise ValueError("beside the sandbox's accounts there may be one by hand, no real one")
        return self

    @property
    def each(self) -> tuple[AccountSection, ...]:
        """Every account with its service and the way there filled in; at least one."""
        # The market in this process has one account where none is named, whatever stands here.
        inside = self.service == "sandbox" and not self.base_url
        alone = AccountSection(account_id="" if inside else self.account_id)
        return tuple(map(self._whole, self.accounts or (alone,)))

    @property
    def simulated(self) -> bool:
        """Whether the market of the sandbox answers: whatever `service` says, an account is there."""
        return any(one.service == "sandbox" for one in self.each)

    @property
    def in_process(self) -> bool:
        """Whether that market lives in this process (and so gives the time)."""
        return any(one.service == "sandbox" and not one.base_url for one in self.each)

    @property
    def services(self) -> tuple[str, ...]:
        """The services of the accounts, each once, in the order of the settings."""
        return tuple(dict.fromkeys(one.service for one in self.each))

    def _whole(self, one: AccountSection) -> AccountSection:
        if (one.service or self.service) != self.service:
            return one
        filled = {
            "service": self.service,
            "base_url": one.base_url or self.base_url,
            "campaign_id": one.campaign_id or self.campaign_id,
            "upload": one.upload or self.upload,
            "api_key_file": one.api_key_file or self.api_key_file,
        }
        return one.model_copy(update=filled)
