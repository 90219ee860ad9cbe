"""Each registered LinkedIn service, opened over the sandbox's face of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final, NamedTuple

import httpx
from starlette.types import ASGIApp

from ingagents.app.providers import SERVICES
from ingagents.integrations.http.client import open_http_client
from ingagents.model import Profile, Recipient
from ingagents.ports import CampaignSender, LinkedInAccess, LinkedInService
from ingagents.sandbox.dripify import api as dripify
from ingagents.sandbox.faults import Faults
from ingagents.sandbox.heyreach import api as heyreach
from ingagents.sandbox.market.market import Market
from ingagents.sandbox.market.people import Person
from ingagents.sandbox.unipile import v2
from ingagents.sandbox.unipile.api import create_app
from tests.fake_clock import FakeClock
from tests.sandbox.world import ACCOUNT, World

KEY: Final = "sandbox"

TEXTS: Final = {
    "invitation": "Hello, shall we talk about the fair?",
    "first_message": "Glad we met.",
}

MAY_HAVE_HAPPENED: Final = (
    ("act_then_drop", 1),
    ("drop", 0),
    ("act_then_silent", 1),
    ("silent", 0),
    ("act_then_504", 1),
    ("504", 0),
    ("act_then_500", 1),
    ("html", 1),
    ("truncated", 1),
)
"""Faults after which nobody knows whether an act was done, and how often it was."""


class Face(NamedTuple):
    """The sandbox's side of a service, and by what its requests are told apart for faults."""

    app: Callable[[Market, Faults], ASGIApp]
    profiles: str
    write: str
    invite: str = ""
    """Where a service sends at once; else it has a campaign, and `enrol` and `stop`."""
    enrol: str = ""
    stop: str = ""
    account: str = ACCOUNT
    campaign: str = ""
    needs: tuple[str, ...] = ("api_key", "account_id")
    service: str = ""
    """Where it is a dialect of a service, that service's name; else the face's own."""
    version: int = 1
    tells_why: bool = True
    """Whether the reasons of LinkedIn's refusals, and what an account has paid for, have names."""


FACES: Final[Mapping[str, Face]] = {
    "unipile": Face(
        app=lambda market, faults: create_app(
            market, api_key=KEY, account_id=ACCOUNT, faults=faults
        ),
        profiles="GET /users/",
        invite="POST /users/invite",
        write="POST /chats",
        needs=("api_key", "account_id", "base_url"),
    ),
    "unipile v2": Face(
        app=lambda market, faults: v2.create_app(
            market, api_key=KEY, account_id=ACCOUNT, faults=faults
        ),
        profiles="GET /users/",
        invite="POST /users/me/relation-requests",
        write="POST /chats/send",
        service="unipile",
        version=2,
        tells_why=False,
    ),
    "heyreach": Face(
        app=lambda market, faults: heyreach.create_app(market, api_key=KEY, faults=faults),
        profiles="POST /MyNetwork/IsConnection",
        write="POST /inbox/SendMessage",
        enrol="POST /campaign/AddLeadsToCampaignV2",
        stop="POST /campaign/StopLeadInCampaign",
        account=str(heyreach.ACCOUNT),
        campaign=str(heyreach.CAMPAIGN),
        needs=("api_key", "account_id", "campaign_id"),
    ),
    "dripify": Face(
        app=lambda market, faults: dripify.create_app(market, api_key=KEY, faults=faults),
        profiles="",
        write="",
        enrol=f"POST /campaigns/{dripify.CAMPAIGN}/leads",
        campaign=dripify.CAMPAIGN,
        needs=("api_key", "campaign_id"),
    ),
}


DIRECT = sorted(name for name, face in FACES.items() if face.invite)
TELLING = sorted(name for name in DIRECT if FACES[name].tells_why)
SILENT = sorted(set(DIRECT) - {*TELLING})
"""Services that refuse without a name for the reason."""
ASKED = sorted(name for name, face in FACES.items() if face.profiles)
"""Services that are asked about people and conversations."""
BY_CAMPAIGN = sorted(name for name, face in FACES.items() if face.enrol)


class MarketClock(FakeClock):
    """The market's time; who waits lets it go by."""

    def __init__(self, world: World) -> None:
        super().__init__(world.time)
        self._world = world

    def now(self) -> datetime:
        return self._world.time

    async def sleep_until(self, moment: datetime) -> None:
        self._world.time = max(self._world.time, moment)


class Trial:
    """A market, the face under trial, and the adapter that talks to it."""

    def __init__(self, name: str, **market: Any) -> None:
        self.world = World(**market)
        self.name, self.face = name, FACES[name]

    @asynccontextmanager
    async def open(self, **access: Any) -> AsyncGenerator[LinkedInService, None]:
        """The service, opened as the department opens it; `access` differs from the right one."""
        transport = httpx.ASGITransport(self.face.app(self.world.market, self.world.faults))
        given = {
            "base_url": "http://sandbox.invalid",
            "api_key": KEY,
            "account_id": self.face.account,
            "campaign_id": self.face.campaign,
            "api_version": self.face.version,
        }
        settings = LinkedInAccess(**{**given, "timeout_seconds": 0.5, "retries": 0, **access})
        async with open_http_client(settings.timeout_seconds, transport) as http:
            yield SERVICES[self.face.service or self.name](settings, http, MarketClock(self.world))


def address_of(person: Person) -> Recipient:
    """All that a service may need to reach somebody."""
    return Recipient(
        provider_id=person.provider_id,
        public_identifier=person.slug or "",
        linkedin_url=f"https://www.linkedin.com/in/{person.slug or person.provider_id}",
    )


def campaign_of(service: LinkedInService) -> CampaignSender:
    """The campaign of a service that has one."""
    assert service.campaigns is not None
    return service.campaigns


def known(person: Person) -> Profile:
    """A person as a list names them: by the address alone."""
    return Profile(name=person.name, public_identifier=person.slug, linkedin_url=url_of(person))


def url_of(person: Person) -> str:
    """The address of somebody's public profile."""
    return f"https://www.linkedin.com/in/{person.slug}"
