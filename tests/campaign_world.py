"""A world whose service sends by a campaign of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

import msgspec
from starlette.types import ASGIApp

from ingagents.model import Profile, Recipient, SendResult
from ingagents.model.linkedin import Enrolment
from ingagents.ports import CampaignSender, LinkedInService
from ingagents.sandbox.dripify import api as dripify
from ingagents.sandbox.heyreach import api as heyreach
from ingagents.sandbox.market.people import Person
from ingagents.settings import Settings
from tests.world import KEY, World

SHORT = {"sequence": {"follow_ups": []}, "rate_limiting": {"daily_limit": 15}}
"""An invitation and a message: a campaign without facts to tell has no more."""


class DyingCampaign:
    """The real campaign in a process that may die just before or just after an act."""

    def __init__(self, campaign: CampaignSender, world: World) -> None:
        self._campaign = campaign
        self._world = world

    async def enrol(self, who: Profile, texts: Mapping[str, str]) -> SendResult:
        return await self._world.acting(lambda: self._campaign.enrol(who, texts))

    async def stop(self, who: Recipient, campaign_id: str) -> SendResult:
        return await self._world.acting(lambda: self._campaign.stop(who, campaign_id))

    async def enrolment(self, who: Recipient, campaign_id: str) -> Enrolment | None:
        return await self._campaign.enrolment(who, campaign_id)

    async def progress(self, campaign_id: str, *, after: datetime) -> Sequence[Enrolment]:
        return await self._campaign.progress(campaign_id, after=after)


class CampaignWorld(World):
    """The same world, as HeyReach shows it."""

    linkedin: ClassVar[Mapping[str, str]] = {
        "service": "heyreach",
        "account_id": str(heyreach.ACCOUNT),
        "campaign_id": str(heyreach.CAMPAIGN),
    }

    def face(self) -> ASGIApp:
        return heyreach.create_app(self.market, api_key=KEY, faults=self.faults)

    def settings(self, **sections: Any) -> Settings:
        linkedin = {
            **self.linkedin,
            **sections.pop("linkedin", {}),
        }
        outreach = {**SHORT, **sections.pop("outreach", {})}
        return super().settings(linkedin=linkedin, outreach=outreach, **sections)

    def kinds(self, person: Person) -> list[str]:
        """What the campaign's service did with somebody, in order."""
        return [act.kind for act in self.acts(person)]

    def mortal(self, service: LinkedInService) -> LinkedInService:
        mortal = super().mortal(service)
        if service.campaigns is None:
            return mortal
        return msgspec.structs.replace(mortal, campaigns=DyingCampaign(service.campaigns, self))


class DripifyWorld(CampaignWorld):
    """The same world, as Dripify shows it."""

    linkedin: ClassVar[Mapping[str, str]] = {
        "service": "dripify",
        "account_id": "dripify",
        "campaign_id": dripify.CAMPAIGN,
    }

    def face(self) -> ASGIApp:
        return dripify.create_app(self.market, api_key=KEY, faults=self.faults)
