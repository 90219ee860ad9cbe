"""A Dripify campaign: people put in by the API or by a file, and followed by polling.

Of what it tells of a person only `CONNECT_SENT` is documented: all other words say nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from ingagents.core.profiles.recognition import can_be_about
from ingagents.errors import AccountBlocked, PersonRefused
from ingagents.integrations.http.json_api import JsonApi
from ingagents.integrations.http.sanitise import (
    JsonObject,
    count_of,
    id_of,
    line_of,
    moment_of,
    object_of,
    objects_of,
)
from ingagents.integrations.known_people import address_of
from ingagents.model import AccountId, AccountState, Profile, Recipient, Refusal, SendResult
from ingagents.model.linkedin import Enrolment
from ingagents.ports import LinkedInAccess

_PAGE = 100
_PAGES_MAX = 200
"""Twenty thousand people. Dripify answers 60 requests a minute and says how long to wait: that is done."""


class DripifyAccount:
    """Keeps `ports.SendingAccount`: the key is the account, and its campaign must be active."""

    def __init__(self, api: JsonApi, access: LinkedInAccess) -> None:
        self._api = api
        self._access = access

    async def account(self) -> AccountState:
        """In order as long as the campaign of the settings is there and active."""
        wanted = self._access.campaign_id
        for campaign in await items_of(self._api, "campaigns", {}):
            if id_of(campaign.get("id")) != wanted:
                continue
            if campaign.get("active") is False:
                raise AccountBlocked(
                    f"the Dripify campaign {wanted} is not active",
                    "start it in Dripify, then `ingagents resume`",
                    service="dripify",
                )
            name = line_of(campaign.get("name")) or wanted
            return AccountState(id=AccountId(self._access.account_id), name=name)
        raise AccountBlocked(
            f"Dripify knows no campaign {wanted}",
            "copy linkedin.campaign_id from Dripify",
            service="dripify",
        )


class DripifyCampaign:
    """Keeps `ports.CampaignSender`, but for stopping, which only Dripify's own pages do."""

    def __init__(self, api: JsonApi, access: LinkedInAccess) -> None:
        self._api = api
        self._access = access

    async def enrol(self, who: Profile, texts: Mapping[str, str]) -> SendResult:
        """By the API without words, or by the file with the texts, which a human uploads."""
        del texts  # the file is written from what is kept of the act
        if self._access.upload:
            told = "`ingagents leads export --format upload` writes the file to upload in Dripify"
            return SendResult(outcome="by_hand", detail=told)
        return await self._api.act(
            f"campaigns/{quote(self._access.campaign_id, safe='')}/leads",
            json={"name": "ingagents", "leads": [{"linkedinUrl": address_of(who.recipient)}]},
            accept=self._taken_up,
            not_found=Refusal.ACCOUNT_BLOCKED,  # the API is off, or the campaign gone
        )

    async def stop(self, who: Recipient, campaign_id: str) -> SendResult:
        """Dripify's API stops nobody: a human does, and says so."""
        del who
        told = (
            f"Dripify's API stops nobody: take them out of campaign {campaign_id} in its own pages"
        )
        return SendResult(outcome="by_hand", detail=told)

    async def enrolment(self, who: Recipient, campaign_id: str) -> Enrolment | None:
        try:
            found = await self._api.read(
                "POST",
                "leads/search",
                json={"linkedinUrl": address_of(who)},
                parse=lambda body: objects_of(body.get("items")),
            )
        except PersonRefused:
            return None
        about = [one for one in found if can_be_about(who, _recipient_of(one))]
        if found and not about:  # which says neither that they are in it nor that they are not
            raise self._api.bad_answer(f"shows somebody else when asked for {address_of(who)}")
        # Which campaign a lead is in is not always shown.
        ours = [one for one in about if id_of(one.get("campaignId")) in {campaign_id, ""}]
        return _enrolment(ours[0], who) if ours else None

    async def progress(self, campaign_id: str, *, after: datetime) -> Sequence[Enrolment]:
        asked = {"campaignId": campaign_id}
        shown = [_enrolment(item) for item in await items_of(self._api, "leads", asked)]
        return [one for one in shown if one.at is not None and one.at >= after]

    def _taken_up(self, body: JsonObject) -> SendResult:
        if count_of(body.get("acceptedCount")):
            return SendResult(outcome="sent")
        if count_of(body.get("duplicateCount")):
            return SendResult(outcome="sent", detail="they were in the campaign already")
        raise self._api.bad_answer("counts nobody")


async def items_of(api: JsonApi, path: str, asked: Mapping[str, Any]) -> list[JsonObject]:
    """A list of Dripify's, to its end."""
    items: list[JsonObject] = []
    cursor = ""
    for _ in range(_PAGES_MAX):
        params = {**asked, "limit": _PAGE, **({"cursor": cursor} if cursor else {})}
        try:
            body = await api.read("GET", path, params=params, parse=lambda found: found)
        except PersonRefused as exc:  # a list is about no person
            raise AccountBlocked(
                f"Dripify finds no {path}: its API is off, or linkedin.campaign_id is wrong",
                "switch the API on in Dripify, and copy linkedin.campaign_id from there",
                service="dripify",
                status=404,
            ) from exc
        if not isinstance(body.get("items"), list):
            raise api.bad_answer(f"answers {path} with no list")
        items += objects_of(body.get("items"))
        cursor = line_of(body.get("nextCursor"))
        if not cursor:
            return items
    raise api.bad_answer(f"lists {path} without an end")


def _enrolment(item: JsonObject, who: Recipient | None = None) -> Enrolment:
    last, status = object_of(item.get("lastAction")), line_of(item.get("status"), 40)
    return Enrolment(
        to=who or _recipient_of(item),
        invited=line_of(last.get("sequenceEventType"), 60) == "CONNECT_SENT",
        failed=status == "PROCESS_CORRUPTED",
        paused=status == "PROCESSING_PAUSED",
        stopped=status in {"PROCESS_CORRUPTED", "PROCESSING_ENDED"},
        at=moment_of(last.get("createdAt")),
    )


def _recipient_of(item: JsonObject) -> Recipient:
    return Recipient(
        linkedin_url=line_of(item.get("linkedinProfileUrl")),
        public_identifier=line_of(item.get("publicId"), 100),
    )
