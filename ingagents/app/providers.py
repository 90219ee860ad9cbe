"""Which services stand behind the ports: the settings' choice, opened when first needed.

With `linkedin.service = "sandbox"` the simulated market is opened in this process, and the real
adapters talk to it through httpx's ASGI transport. Its record and its time live in a file beside
the database, so a killed department finds the market as it left it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from pydantic import SecretStr

from ingagents.app.people_files import own_people
from ingagents.app.rules.send_rules import SANDBOX_ACCOUNT, by_hand, is_dry_run, name_of
from ingagents.errors import IngagentsError, SettingsError
from ingagents.integrations import dripify, heyreach, manual, unipile
from ingagents.model import AccountId, AccountState
from ingagents.ports import Clock, LinkedInAccess, LinkedInService, TeamSheet
from ingagents.settings import Settings
from ingagents.settings.linkedin import AccountSection
from ingagents.settings.policies import policy_of

if TYPE_CHECKING:
    import httpx
    from starlette.types import ASGIApp

    from ingagents.app.sandbox_time import SandboxTime
    from ingagents.integrations.email.copies import CopyingMailer
    from ingagents.integrations.email.service import OutboxMailer
    from ingagents.integrations.notify.service import ChannelName, NotifyChannel
    from ingagents.sandbox.market.acquaintances import Introduce
    from ingagents.sandbox.record import Record

SANDBOX_KEY = "sandbox"
_SANDBOX_ROOT = "http://sandbox.invalid"

Port = TypeVar("Port")


class OpenService(Protocol):
    """How a service is opened, over a client that stays open as long as the service is used."""

    def __call__(
        self, access: LinkedInAccess, http: httpx.AsyncClient, clock: Clock
    ) -> LinkedInService:
        """The service, with those ports it can keep.

        Raises:
            SettingsError: what the service needs of the settings is missing, or is none.
        """
        ...


SERVICES: Final[Mapping[str, OpenService]] = {
    "unipile": unipile.open_service,
    "heyreach": heyreach.open_service,
    "dripify": dripify.open_service,
}
"""The services, by the name `linkedin.service` gives them. A new one is a folder in `integrations/`
whose face has an `open_service`, and a line here."""

WITHOUT_A_WIRE: Final[Mapping[str, OpenService]] = {"manual": manual.open_service}
"""Where people act themselves: there is no server whose answers could keep or break a promise."""

SANDBOX_SPEAKS: Final = "unipile"
"""The service whose HTTP the simulated market answers to (`linkedin.service = "sandbox"`)."""


SEARCHES: Final = frozenset({"unipile"})
"""Services that find people, and not only show those that are known."""


@dataclass(frozen=True, kw_only=True)
class LinkedIn:
    """The service of each account. `live` False: everything but the act, and no act.

    `service` is the first account's.
    """

    service: LinkedInService
    live: bool
    others: tuple[LinkedInService, ...] = ()

    @property
    def services(self) -> tuple[LinkedInService, ...]:
        """Of each account, in the order of the settings."""
        return self.service, *self.others


@asynccontextmanager
async def open_linkedin(
    settings: Settings, clock: Clock, sandbox: SandboxTime | None, introduce: Introduce
) -> AsyncGenerator[LinkedIn, None]:
    """Open the service the settings name; `introduce` tells the sandbox whom the lists name.

    Raises:
        SettingsError: the service is not supported here, or its address, key or account is missing.
    """
    from ingagents.integrations.http.client import open_http_client

    transport = None
    if sandbox is not None:
        import httpx

        app = _market_app(settings, clock, sandbox.record, introduce)
        transport = httpx.ASGITransport(app=app)
    async with open_http_client(settings.linkedin.timeout_seconds, transport) as http:
        first, *others = (_opened(settings, one, http, clock) for one in settings.linkedin.each)
        yield LinkedIn(service=first, others=tuple(others), live=not is_dry_run(settings))


async def able_accounts(settings: Settings, linkedin: LinkedIn) -> list[AccountState]:
    """Every account as its service knows it.

    Raises:
        IngagentsError: names the account that cannot be asked, or cannot act.
    """
    found = []
    for chosen, service in zip(settings.linkedin.each, linkedin.services, strict=True):
        try:
            account = await service.account.account()
        except IngagentsError as exc:
            raise IngagentsError(f"account {name_of(chosen)}: {exc.what}", exc.remedy) from exc
        if account.status != "OK":
            what = f"account {account.id} reports {account.status}"
            raise IngagentsError(what, "log in again at the service")
        found.append(account)
    return found


def finders_among(
    settings: Settings, services: Sequence[LinkedInService]
) -> Mapping[AccountId, LinkedInService]:
    """The accounts that look for people, with their services: those that can, else the first."""
    seats = list(zip(settings.linkedin.each, services, strict=True))
    able = [pair for pair in seats if speaks(pair[0]) in SEARCHES]
    return {name_of(one): service for one, service in able or seats[:1]}


def _opened(
    settings: Settings, account: AccountSection, http: httpx.AsyncClient, clock: Clock
) -> LinkedInService:
    """An account's service; of several accounts an error names the one that it is about."""
    try:
        return opener_of(account)(access_to(settings, account), http, clock)
    except SettingsError as exc:
        if not settings.linkedin.accounts:
            raise
        what = f"account {name_of(account)} ({account.service}): {exc.what}"
        raise SettingsError(what, exc.remedy) from exc


def opener_of(account: AccountSection) -> OpenService:
    """How the service of an account is opened."""
    return {**SERVICES, **WITHOUT_A_WIRE}[speaks(account)]


def speaks(account: AccountSection) -> str:
    """The name of the service whose HTTP an account is reached by."""
    return SANDBOX_SPEAKS if account.service == "sandbox" else account.service


def access_to(settings: Settings, account: AccountSection) -> LinkedInAccess:
    """What the settings say of an account's service.

    Raises:
        SettingsError: the key cannot be read.
    """
    chosen, simulated = settings.linkedin, account.service == "sandbox"
    own = account.service == chosen.service
    key = settings.secret(chosen.api_key if own else SecretStr(""), account.api_key_file)
    inside = simulated and not account.base_url
    return policy_of(
        LinkedInAccess,
        account,
        chosen,
        base_url=_SANDBOX_ROOT if inside else account.base_url,
        api_key=key or (SANDBOX_KEY if simulated else ""),
        account_id=name_of(account),
        table="linkedin" if own else "linkedin.accounts",
    )


def open_mailer(settings: Settings, clock: Clock) -> tuple[CopyingMailer | OutboxMailer, AccountId]:
    """The way mail leaves and the sending address. Without a host mails are files in the outbox.

    With one, the outbox keeps a copy of what the server may have lost.

    Raises:
        SettingsError: a host without a sender.
    """
    from ingagents.integrations.email.copies import CopyingMailer
    from ingagents.integrations.email.service import OutboxMailer, SmtpMailer

    email = settings.email
    outbox = OutboxMailer(settings.path(email.outbox), clock, email.sender)
    if not email.host:
        return outbox, AccountId(email.sender or "outbox")
    if not email.sender:
        raise SettingsError("email.host is set and email.sender is not", "set email.sender")
    password = settings.secret(email.password, email.password_file)
    smtp = policy_of(SmtpMailer, email, password=password, clock=clock)
    return CopyingMailer(smtp, outbox), AccountId(email.sender)


def open_channels(settings: Settings, clock: Clock) -> tuple[NotifyChannel, ...]:
    """The channels of `[notify]` that have an address.

    Raises:
        SettingsError: a file cannot be read, or holds no address that may be used.
    """
    notify, none = settings.notify, SecretStr("")
    files: dict[ChannelName, str] = {
        "slack": notify.slack_url_file,
        "teams": notify.teams_url_file,
        "webhook": notify.webhook_url_file,
    }
    if not any(files.values()):
        return ()
    from ingagents.integrations.notify.service import NotifyChannel

    return tuple(
        NotifyChannel(
            name,
            settings.secret(none, file),
            timeout_seconds=notify.timeout_seconds,
            clock=clock,
            key=settings.secret(none, notify.webhook_secret_file),
        )
        for name, file in files.items()
        if file
    )


def spreadsheet_of(settings: Settings) -> str:
    """The id of the team's sheet; with none set in the sandbox, the sandbox's own."""
    if settings.sheets.spreadsheet_id or not settings.linkedin.simulated:
        return settings.sheets.spreadsheet_id
    from ingagents.sandbox.google_sheets.storage import SPREADSHEET_ID

    return SPREADSHEET_ID


@asynccontextmanager
async def open_sheet(
    settings: Settings, clock: Clock, sandbox: SandboxTime | None
) -> AsyncGenerator[TeamSheet, None]:
    """Open the team's sheet: Google's, or with no key and no address the in-process sandbox's.

    Raises:
        SettingsError: there is no sheet, or no usable key.
    """
    chosen = settings.sheets
    if not chosen.enabled:
        raise SettingsError("sheets.enabled is false", "set it to true to keep a sheet")
    transport, api_root = None, chosen.api_root
    if sandbox is not None and _is_sandbox_sheet(settings):
        import httpx

        from ingagents.sandbox.google_sheets.api import PREFIX, SheetsFace

        face = SheetsFace(sandbox.record, now=clock.now)
        transport, api_root = httpx.ASGITransport(app=face.app), f"{_SANDBOX_ROOT}{PREFIX}"
        account: Mapping[str, Any] = face.account.info(token_uri=f"{api_root}/token")
    else:
        account = _service_account(settings)
    from ingagents.integrations.google_sheets.client import GoogleSheet
    from ingagents.integrations.google_sheets.http import ANSWER_BYTES_MAX, SheetsWire
    from ingagents.integrations.http.client import open_http_client

    async with open_http_client(
        chosen.timeout_seconds, transport, answer_bytes_max=ANSWER_BYTES_MAX
    ) as http:
        wire = SheetsWire(
            http,
            account=account,
            api_root=api_root,
            clock=clock,
            timeout_seconds=chosen.timeout_seconds,
        )
        yield GoogleSheet(
            wire, spreadsheet_id=spreadsheet_of(settings), clock=clock, retries=chosen.retries
        )


def sandbox_sheet_page(settings: Settings, clock: Clock, sandbox: SandboxTime | None) -> str | None:
    """The in-process sandbox's own sheet as a page for people; None when it is not in use."""
    if sandbox is None or not settings.sheets.enabled or not _is_sandbox_sheet(settings):
        return None
    from ingagents.sandbox.google_sheets.api import SheetsFace

    return SheetsFace(sandbox.record, now=clock.now).page()


def _is_sandbox_sheet(settings: Settings) -> bool:
    return not settings.sheets.credentials_file and not settings.sheets.api_root


def _service_account(settings: Settings) -> Mapping[str, Any]:
    chosen = settings.sheets
    if not chosen.credentials_file:
        raise SettingsError(
            "sheets.credentials_file is empty", "name the service account's JSON key file"
        )
    if not spreadsheet_of(settings):
        raise SettingsError(
            "sheets.spreadsheet_id is empty", "copy it from the sheet's address, after /d/"
        )
    path = settings.path(chosen.credentials_file)
    try:
        account = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as exc:  # a JSON error quotes nothing of the file
        reason = exc.strerror if isinstance(exc, OSError) else "it is not JSON"
        raise SettingsError(
            f"sheets.credentials_file {path} cannot be read ({reason})", "give its right path"
        ) from None
    if not isinstance(account, dict):
        raise SettingsError(
            f"sheets.credentials_file {path} is no service account's key",
            "download the account's JSON key from Google's console",
        )
    return account


def _market_app(settings: Settings, clock: Clock, record: Record, introduce: Introduce) -> ASGIApp:
    from ingagents.sandbox.market.account import colleague_of, owner_on
    from ingagents.sandbox.market.acquaintances import with_acquaintances
    from ingagents.sandbox.market.market import Market
    from ingagents.sandbox.unipile.accounts import with_accounts
    from ingagents.sandbox.unipile.api import create_app

    people, owner = own_people(settings), owner_on(settings.sandbox.seat)
    faces = {}
    for account in [name_of(one) for one in settings.linkedin.each if not by_hand(one)]:
        label = "" if account == SANDBOX_ACCOUNT else account
        market = Market(
            settings.sandbox.seed,
            settings.sandbox.size,
            now=clock.now,
            people=people,
            zone=settings.campaign.timezone,
            record=record,
            welcome_strangers=True,
            owner=colleague_of(owner, label) if label else owner,
            account=label,
        )
        face = create_app(market, api_key=SANDBOX_KEY, account_id=account)
        faces[str(account)] = with_acquaintances(face, market, introduce)
    return with_accounts(faces) if len(faces) > 1 else next(iter(faces.values()))


def check_supported(settings: Settings) -> None:
    """Refuse a service this version does not work with.

    Raises:
        SettingsError: names the setting and what to write.
    """
    supported = sorted({"sandbox", *SERVICES, *WITHOUT_A_WIRE})
    for one in settings.linkedin.each:
        if one.service not in supported:
            known = ", ".join(json.dumps(name) for name in supported)
            raise SettingsError(
                f"linkedin.service = {json.dumps(one.service)} is not supported by this version",
                f"write linkedin.service = {known}",
            )


def able(port: Port | None, doing: str) -> Port:
    """What the department needs of its service.

    Raises:
        SettingsError: the service cannot do it.
    """
    if port is None:
        raise SettingsError(
            f"the service of linkedin.service does not {doing}", "name one that does"
        )
    return port
