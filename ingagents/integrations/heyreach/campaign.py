"""A HeyReach campaign: people put in with their texts, followed, and taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from ingagents.errors import PersonRefused, ServiceError, explain
from ingagents.integrations.heyreach.account import Seat, not_known
from ingagents.integrations.heyreach.people import recipient_of
from ingagents.integrations.http.json_api import JsonApi
from ingagents.integrations.http.sanitise import (
    JsonObject,
    count_of,
    id_of,
    line_of,
    moment_of,
    object_of,
    objects_of,
    words_of,
)
from ingagents.integrations.known_people import address_of
from ingagents.model import Profile, Recipient, Refusal, SendResult
from ingagents.model.linkedin import Enrolment

_CAMPAIGN, _PEOPLE = "campaign/GetById", "campaign/GetLeadsFromCampaign"
_PAGE = 100
_PAGES_MAX = 100
"""Ten thousand people of one campaign who had something happen since the last look."""


class HeyReachCampaign:
    """Keeps `ports.CampaignSender`."""

    def __init__(self, api: JsonApi, seat: Seat) -> None:
        self._api = api
        self._seat = seat

    async def enrol(self, who: Profile, texts: Mapping[str, str]) -> SendResult:
        """The texts ride along as custom fields: `{invitation}`, `{first_message}`, `{follow_up_1}`."""
        lead = {
            "firstName": who.first_name or who.name.partition(" ")[0],
            "lastName": who.last_name or who.name.partition(" ")[2],
            "profileUrl": address_of(who.recipient),
            "companyName": who.company,
            "position": who.position,
            "customUserFields": [{"name": name, "value": text} for name, text in texts.items()],
        }
        pair = {"linkedInAccountId": self._seat.account, "lead": lead}
        return await self._api.act(
            "campaign/AddLeadsToCampaignV2",
            json={
                "campaignId": self._seat.campaign,
                "accountLeadPairs": [pair],
                "resumeFinishedCampaign": False,
                "resumePausedCampaign": False,
            },
            accept=self._taken_up,
            not_found=Refusal.ACCOUNT_BLOCKED,
        )

    async def stop(self, who: Recipient, campaign_id: str) -> SendResult:
        """Where HeyReach does not find what it is to stop, the campaign itself says which it is."""
        campaign = self._numbered(campaign_id)
        stopped = await self._api.act(
            "campaign/StopLeadInCampaign",
            json={"campaignId": campaign, "leadUrl": address_of(who)},
            accept=lambda _: SendResult(outcome="sent", detail="HeyReach stopped it"),
        )
        if stopped.refusal is not Refusal.THIS_PERSON:
            return stopped
        asked = {"campaignId": campaign}
        try:
            await self._api.read("GET", _CAMPAIGN, params=asked, parse=lambda body: body)
        except PersonRefused:
            told = explain(not_known(campaign, _CAMPAIGN))
            return SendResult.refused(Refusal.ACCOUNT_BLOCKED, told)
        except ServiceError as exc:  # nobody was stopped, and why is not known yet
            return SendResult.refused(Refusal.RETRY_LATER, explain(exc), exc.retry_after_seconds)
        return stopped

    async def enrolment(self, who: Recipient, campaign_id: str) -> Enrolment | None:
        asked = {"profileUrl": address_of(who), "offset": 0, "limit": _PAGE}
        try:
            items = await self._api.read(
                "POST", "campaign/GetCampaignsForLead", json=asked, parse=self._items
            )
        except PersonRefused:
            return None  # HeyReach has never met them
        for item in items:
            if id_of(item.get("campaignId")) == str(self._numbered(campaign_id)):
                return _enrolment(who, {"leadCampaignStatus": item.get("leadStatus")})
        return None

    async def progress(self, campaign_id: str, *, after: datetime) -> Sequence[Enrolment]:
        campaign = self._numbered(campaign_id)
        found: list[Enrolment] = []
        since = after.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        for page in range(_PAGES_MAX):
            asked: dict[str, Any] = {
                "campaignId": campaign,
                "offset": page * _PAGE,
                "limit": _PAGE,
                "timeFrom": since,
                "timeFilter": "LastActionTakenOrFailedTime",
            }
            try:
                items = await self._api.read("POST", _PEOPLE, json=asked, parse=self._items)
            except PersonRefused as exc:
                raise not_known(campaign, _PEOPLE) from exc
            for item in items:
                who = msgspec.structs.replace(
                    recipient_of(object_of(item.get("linkedInUserProfile"))),
                    provider_id=id_of(item.get("linkedInUserProfileId")),
                )
                found.append(_enrolment(who, item))
            if len(items) < _PAGE:
                return found
        raise self._api.bad_answer("lists people of a campaign without an end")

    def _numbered(self, campaign_id: str) -> int:
        """A campaign as HeyReach numbers it; of one that was another service's, that of the settings."""
        return int(campaign_id) if campaign_id.isdecimal() else self._seat.campaign

    def _items(self, body: JsonObject) -> list[JsonObject]:
        if not isinstance(body.get("items"), list):
            raise self._api.bad_answer("answers with no list")
        return objects_of(body.get("items"))

    def _taken_up(self, body: JsonObject) -> SendResult:
        added, updated, failed = (
            count_of(body.get(f"{word}LeadsCount")) for word in ("added", "updated", "failed")
        )
        if added or updated:
            detail = "" if added else "they were in the campaign already"
            return SendResult(outcome="sent", detail=detail)
        if failed:
            return SendResult.refused(
                Refusal.THIS_PERSON, "HeyReach did not take this person up, and says no reason"
            )
        raise self._api.bad_answer("counts nobody")


def _enrolment(who: Recipient, item: JsonObject) -> Enrolment:
    """How far it is with a person; a word that is new to us says nothing.

    "MessageReply" says that they wrote, which they may do before the campaign does: to its invitation.
    """
    status, connection, message = (
        line_of(item.get(field), 40).lower()
        for field in ("leadCampaignStatus", "leadConnectionStatus", "leadMessageStatus")
    )
    accepted = connection == "connectionaccepted"
    return Enrolment(
        to=who,
        invited=accepted or connection == "connectionsent",
        accepted=accepted,
        messaged=message == "messagesent",
        answered=message == "messagereply",
        failed=status == "failed",
        paused=status == "paused",
        stopped=status in {"failed", "finished", "excluded"},
        at=moment_of(item.get("lastActionTime")) or moment_of(item.get("failedTime")),
        detail=words_of(item.get("leadCampaignStatusMessage"), 200)
        or words_of(item.get("errorCode"), 80),
    )
