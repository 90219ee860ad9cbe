"""The sender at HeyReach that acts for us, and whether its campaign runs."""

from __future__ import annotations

from typing import NamedTuple

from ingagents.errors import AccountBlocked, PersonRefused
from ingagents.integrations.http.json_api import JsonApi
from ingagents.integrations.http.sanitise import JsonObject, flag_of, line_of
from ingagents.model import AccountId, AccountState

_NOT_RUNNING = frozenset({"draft", "paused", "finished", "canceled", "cancelled", "failed"})


class Seat(NamedTuple):
    """By which numbers HeyReach knows the sender and the campaign."""

    account: int
    campaign: int


class HeyReachAccount:
    """Keeps `ports.SendingAccount`."""

    def __init__(self, api: JsonApi, seat: Seat) -> None:
        self._api = api
        self._seat = seat

    async def account(self) -> AccountState:
        """The sender, whose session must be valid; its campaign must run, else nobody is taken up."""
        sender = await self._of("li_account/GetById", "accountId", self._seat.account)
        campaign = await self._of("campaign/GetById", "campaignId", self._seat.campaign)
        if (status := line_of(campaign.get("status"), 40).lower()) in _NOT_RUNNING:
            raise AccountBlocked(
                f"the HeyReach campaign {self._seat.campaign} is {status}",
                "start it in HeyReach, then `ingagents resume`",
                service="heyreach",
            )
        names = (line_of(sender.get(field)) for field in ("firstName", "lastName"))
        # What the field does not say is not held against the sender.
        valid = sender.get("authIsValid") is not False
        return AccountState(
            id=AccountId(str(self._seat.account)),
            name=" ".join(filter(None, names)),
            status="OK" if valid else "CREDENTIALS",
            premium=flag_of(sender.get("isValidNavigator")),
        )

    async def _of(self, path: str, field: str, number: int) -> JsonObject:
        try:
            found = await self._api.read(
                "GET", path, params={field: number}, parse=lambda body: body
            )
        except PersonRefused as exc:
            raise not_known(number, path) from exc
        if found.get("id") not in (None, number, str(number)):
            raise self._api.bad_answer(f"gives another record than {number} ({path})")
        return found


def not_known(number: int, path: str) -> AccountBlocked:
    """A number of the settings that HeyReach does not know: no person is meant."""
    return AccountBlocked(
        f"HeyReach does not know {number} ({path})",
        "copy linkedin.account_id and linkedin.campaign_id from HeyReach",
        service="heyreach",
        status=404,
    )
