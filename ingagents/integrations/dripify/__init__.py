"""LinkedIn through a campaign at Dripify, as far as its API goes: it takes people, and no words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingagents.core.profiles.recognition import is_plain_id
from ingagents.errors import SettingsError
from ingagents.ports import Clock, LinkedInAccess, LinkedInService

if TYPE_CHECKING:
    import httpx


def open_service(access: LinkedInAccess, http: httpx.AsyncClient, clock: Clock) -> LinkedInService:
    """What Dripify can do: enrol people, and say how far it is. It has no inbox and stops nobody.

    Raises:
        SettingsError: the key or the campaign is missing, or is none.
    """
    # Imported when a service is opened: `once` pays only for what it uses.
    from ingagents.integrations.dripify.campaign import DripifyAccount, DripifyCampaign
    from ingagents.integrations.http.json_api import JsonApi, Vendor
    from ingagents.integrations.manual.service import ByHand

    if not is_plain_id(access.campaign_id):
        raise SettingsError(
            f"{access.table}.campaign_id {access.campaign_id[:60]!r} is no campaign's id",
            "set it to the id that Dripify shows in the campaign's address",
        )
    vendor = Vendor("Dripify", "https://api.dripify.com/v1/open-api", "/v1/open-api", "X-Api-Key")
    api, hand = JsonApi(vendor, access, http, clock), ByHand(access.account_id)
    return LinkedInService(
        account=DripifyAccount(api, access),
        profiles=hand,
        sender=hand,
        campaigns=DripifyCampaign(api, access),
        inbox=hand,
        sent_items=hand,
    )
