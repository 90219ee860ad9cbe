"""Which services stand behind the ports: the settings' choice, opened when first needed.

With `linkedin.service = "sandbox"` the simulated market is opened in this process, and the real
adapters talk to it through httpx's ASGI transport. Its record and its time live in a file beside
the database, so a killed department finds the market as it left it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ingagents.core.message_generator import BUILT_IN, MessageTemplate, parse_templates
from ingagents.errors import InputError, SettingsError
from ingagents.integrations.clock import CompressedClock, JumpingClock, SystemClock
from ingagents.model import AccountId, Classification, Profile
from ingagents.ports import Clock, LinkedInClient, LinkedInSender, Mailer
from ingagents.settings import Settings, as_time
from ingagents.store.opening import database_path

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from ingagents.sandbox.record import Record

__all__ = [
    "LinkedIn",
    "SandboxTime",
    "account_of",
    "check_supported",
    "in_process_sandbox",
    "load_templates",
    "open_linkedin",
    "open_mailer",
    "own_people",
    "people_of_file",
]

SANDBOX_KEY = "sandbox"
SANDBOX_ACCOUNT = "sandbox-account"

_DAY_BEGINS = time(8, 55)
_DAY_LONGEST = timedelta(hours=23, minutes=50)
_AFTER_HOURS = timedelta(minutes=90)
_ABSENCE_MAX = timedelta(days=1)
"""However long nobody looked, at most this much market time has passed meanwhile."""

_TIME = "time"


@dataclass(frozen=True, kw_only=True)
class LinkedIn:
    """The service in use. `live` False: everything is done up to the act, and no act."""

    client: LinkedInClient
    sender: LinkedInSender
    account_id: AccountId
    live: bool


class SandboxTime:
    """The market's time: it runs fast, is kept in the market's file, and never ends a day early."""

    def __init__(self, settings: Settings) -> None:
        from ingagents.sandbox.record import Record

        file = database_path(settings.database.url, folder=settings.path("."))
        file.parent.mkdir(parents=True, exist_ok=True)
        self.record: Record = Record(file.with_name(file.name + ".sandbox"))
        self.stands_still = False
        """Set when a day's run is over: time waits for whoever looks next."""
        self._settings = settings
        self._wall = SystemClock()
        self.zone = ZoneInfo(settings.campaign.timezone)
        limits = settings.outreach.rate_limiting
        self._hours = limits.to_hours(settings.campaign.timezone)
        self._ends = as_time(limits.working_hours_end)

    def clock(self, *, jumping: bool = False) -> Clock:
        """A clock that goes on where the market's time stood."""
        start = self.begin()
        return JumpingClock(start) if jumping else CompressedClock(start, pace=self.pace)

    @property
    def pace(self) -> float:
        """Market seconds in one second of the wall clock."""
        start = datetime(2026, 1, 1, tzinfo=UTC)  # any day: its length is what counts
        return max(
            1.0,
            (self.day_ends(start) - self.day_begins(start))
            / timedelta(seconds=1)
            / self._settings.sandbox.day_seconds,
        )

    def skip_to_work(self, clock: Clock) -> None:
        """Put a sandbox clock forward to the next working day when the present one is over."""
        now = clock.now()
        opens = self.working_day(now)
        if opens > now and isinstance(clock, CompressedClock | JumpingClock):
            clock.set(opens)

    def begin(self) -> datetime:
        """Where time goes on: where it stood, plus what passed while nobody looked."""
        kept = self.record.recall(_TIME)
        wall = self._wall.now()
        if kept is None:
            return self.working_day(wall)
        stood = json.loads(kept)
        away = (wall - datetime.fromisoformat(stood["wall"])) * float(stood["pace"])
        passed = min(max(away, timedelta(0)), _ABSENCE_MAX)
        return datetime.fromisoformat(stood["now"]) + passed

    def keep(self, clock: Clock) -> None:
        """Remember where time stands, and whether it passes while nobody looks."""
        stands = {
            "now": clock.now().isoformat(),
            "wall": self._wall.now().isoformat(),
            "pace": 0.0 if self.stands_still else self.pace,
        }
        self.record.remember(_TIME, json.dumps(stands))

    def working_day(self, at: datetime) -> datetime:
        """The beginning of the first working day whose end is after a moment."""
        for days in range(8):
            begins = self.day_begins(at + timedelta(days=days))
            works = begins.astimezone(self.zone).isoweekday() in self._hours.days
            if works and (days or self.day_ends(at) > at):
                return begins
        return self.day_begins(at)

    def day_begins(self, at: datetime) -> datetime:
        """The department's morning on the calendar day of a moment: shortly before all jobs."""
        opens = min(_DAY_BEGINS, self._hours.start)
        return datetime.combine(at.astimezone(self.zone).date(), opens, self.zone).astimezone(UTC)

    def day_ends(self, at: datetime) -> datetime:
        """The department's evening: after working hours, when the last answers were read."""
        begins = self.day_begins(at)
        closes = datetime.combine(at.astimezone(self.zone).date(), self._ends, self.zone)
        if self._hours.end is None:
            closes += timedelta(days=1)
        return min(closes.astimezone(UTC) + _AFTER_HOURS, begins + _DAY_LONGEST)

    def close(self) -> None:
        """Let go of the market's file."""
        self.record.close()


def in_process_sandbox(settings: Settings) -> bool:
    """Whether the market lives in this process (and so gives the time)."""
    return settings.linkedin.service == "sandbox" and not settings.linkedin.base_url


@asynccontextmanager
async def open_linkedin(
    settings: Settings, clock: Clock, sandbox: SandboxTime | None
) -> AsyncGenerator[LinkedIn, None]:
    """Open the service the settings name.

    Raises:
        SettingsError: the service is not supported here, or its address, key or account is missing.
    """
    from ingagents.integrations.linkedin_client import UnipileClient
    from ingagents.integrations.linkedin_sender import UnipileSender
    from ingagents.integrations.linkedin_wire import UnipileWire, open_http_client

    chosen = settings.linkedin
    transport = None
    if sandbox is not None:
        import httpx

        transport = httpx.ASGITransport(app=_market_app(settings, clock, sandbox.record))
        base_url, key, account = "http://sandbox.invalid", SANDBOX_KEY, SANDBOX_ACCOUNT
    else:
        base_url, key, account = _address(settings)
    async with open_http_client(chosen.timeout_seconds, transport) as http:
        wire = UnipileWire(
            http,
            base_url=base_url,
            api_key=key,
            account_id=account,
            clock=clock,
            timeout_seconds=chosen.timeout_seconds,
            retries=chosen.retries,
        )
        yield LinkedIn(
            client=UnipileClient(wire, api=chosen.api),
            sender=UnipileSender(wire),
            account_id=AccountId(account),
            live=chosen.live or chosen.service == "sandbox",
        )


def open_mailer(settings: Settings, clock: Clock) -> tuple[Mailer, AccountId]:
    """The way mail leaves and the sending address. Without a host mails are files in the outbox.

    Raises:
        SettingsError: a host without a sender.
    """
    from ingagents.integrations.email_service import OutboxMailer, SmtpMailer

    email = settings.email
    if not email.host:
        outbox = OutboxMailer(settings.path(email.outbox), clock, email.sender)
        return outbox, AccountId(email.sender or "outbox")
    if not email.sender:
        raise SettingsError("email.host is set and email.sender is not", "set email.sender")
    smtp = SmtpMailer(
        host=email.host,
        port=email.port,
        security=email.security,
        username=email.username,
        password=settings.secret(email.password, email.password_file),
        sender=email.sender,
        timeout_seconds=email.timeout_seconds,
        clock=clock,
    )
    return smtp, AccountId(email.sender)


def load_templates(settings: Settings) -> dict[Classification, MessageTemplate]:
    """The message templates: the user's own where their folder has one, else the built-in.

    Raises:
        SettingsError: the folder is not there, or a file in it cannot be used.
    """
    folder = settings.path(settings.outreach.templates) if settings.outreach.templates else None
    if folder is not None and not folder.is_dir():
        raise SettingsError(
            f"outreach.templates names {folder}, which is no folder", "make it or correct the path"
        )
    built_in = resources.files("ingagents") / "templates" / "messages"
    found = {}
    for classification, name in BUILT_IN.items():
        own = folder / name if folder is not None else None
        try:
            text = (own if own is not None and own.is_file() else built_in / name).read_text(
                "utf-8"
            )
        except (OSError, UnicodeDecodeError) as exc:
            raise SettingsError(f"the template {own} cannot be read: {exc}", "mend it") from exc
        found[classification] = parse_templates(name, text)
    return found


def own_people(settings: Settings) -> Sequence[Profile]:
    """The people a user fills the market with (`[sandbox] people`).

    Raises:
        InputError: the file cannot be used.
    """
    return people_of_file(settings.path(settings.sandbox.people)) if settings.sandbox.people else ()


def people_of_file(path: Path) -> Sequence[Profile]:
    """The people of a CSV.

    Raises:
        InputError: the file cannot be used.
    """
    from ingagents.integrations.csv_files import PeopleFile, Person

    people = [row.profile for row in PeopleFile(path) if isinstance(row, Person)]
    if not people:
        raise InputError(f"{path} has no usable row", "see `ingagents leads import`")
    return people


def _market_app(settings: Settings, clock: Clock, record: Record) -> ASGIApp:
    from ingagents.sandbox.market import Market
    from ingagents.sandbox.unipile_face import create_app

    market = Market(
        settings.sandbox.seed,
        settings.sandbox.size,
        now=clock.now,
        people=own_people(settings),
        zone=settings.campaign.timezone,
        record=record,
        welcome_strangers=True,
    )
    return create_app(market, api_key=SANDBOX_KEY, account_id=SANDBOX_ACCOUNT)


def _address(settings: Settings) -> tuple[str, str, str]:
    """Address, key and account of a service on the other side of a wire."""
    chosen = settings.linkedin
    if chosen.service not in {"unipile", "sandbox"}:
        raise SettingsError(
            f"linkedin.service {chosen.service!r} is not supported by this version",
            'use "unipile" or "sandbox"',
        )
    key = settings.secret(chosen.api_key, chosen.api_key_file)
    account = chosen.account_id
    if chosen.service == "sandbox":
        key, account = key or SANDBOX_KEY, account or SANDBOX_ACCOUNT
    if not chosen.base_url:
        raise SettingsError("linkedin.base_url is empty", "set it to the DSN of your Unipile space")
    if not key:
        raise SettingsError(
            "there is no LinkedIn API key",
            "set INGAGENTS_LINKEDIN__API_KEY or linkedin.api_key_file",
        )
    if not account:
        raise SettingsError(
            "linkedin.account_id is empty", "set it to the id the Unipile dashboard shows"
        )
    return chosen.base_url, key, account


def check_supported(settings: Settings) -> None:
    """Refuse settings this version does not carry out, instead of ignoring them.

    Raises:
        SettingsError: names the setting and what to write.
    """
    refused: dict[str, tuple[str | bool, set[str | bool]]] = {
        "llm.provider": (settings.llm.provider, {"rules"}),
        "linkedin.service": (settings.linkedin.service, {"sandbox", "unipile"}),
        "sheets.enabled": (settings.sheets.enabled, {False}),
        "sales_manager.use_llm_for_allocation": (
            settings.sales_manager.use_llm_for_allocation,
            {False},
        ),
    }
    for name, (value, supported) in refused.items():
        if value not in supported:
            known = ", ".join(json.dumps(one) for one in sorted(supported, key=str))
            raise SettingsError(
                f"{name} = {json.dumps(value)} is not supported by this version",
                f"write {name} = {known}",
            )


def account_of(settings: Settings) -> AccountId:
    """The sending account the settings name, without opening the service."""
    chosen = settings.linkedin
    if chosen.service == "sandbox":
        return AccountId(
            chosen.account_id if chosen.base_url and chosen.account_id else SANDBOX_ACCOUNT
        )
    return AccountId(chosen.account_id)
