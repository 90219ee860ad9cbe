"""LinkedIn through a campaign at HeyReach, which sends by itself what it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ingagents.errors import SettingsError
from ingagents.ports import Clock, LinkedInAccess, LinkedInService

if TYPE_CHECKING:
    import httpx

    from ingagents.integrations.http.json_api import JsonApi


def open_service(access: LinkedInAccess, http: httpx.AsyncClient, clock: Clock) -> LinkedInService:
    """What HeyReach can do: enrol, follow and stop people, and answer where a conversation is.

    It searches nobody, shows no profile, and begins no conversation at once.

    Raises:
        SettingsError: the key, the account or the campaign is missing, or is none.
    """
    # Imported when a service is opened: `once` pays only for what it uses.
    from ingagents.integrations.heyreach.account import HeyReachAccount, Seat
    from ingagents.integrations.heyreach.campaign import HeyReachCampaign
    from ingagents.integrations.heyreach.inbox import HeyReachInbox
    from ingagents.integrations.heyreach.people import HeyReachPeople

    api = open_api(access, http, clock)
    seat = Seat(
        account=_number(access, "account_id", "the sender's number in HeyReach"),
        campaign=_number(access, "campaign_id", "the campaign's number in HeyReach"),
    )
    inbox, people = HeyReachInbox(api, seat), HeyReachPeople(api, seat)
    return LinkedInService(
        account=HeyReachAccount(api, seat),
        profiles=people,
        sender=inbox,
        campaigns=HeyReachCampaign(api, seat),
        inbox=inbox,
        sent_items=people,
    )


def open_api(access: LinkedInAccess, http: httpx.AsyncClient, clock: Clock) -> JsonApi:
    """HeyReach's API, whoever asks it.

    Raises:
        SettingsError: the key or the address cannot be right.
    """
    from ingagents.integrations.http.json_api import JsonApi, Vendor

    vendor = Vendor("HeyReach", "https://api.heyreach.io/api/public", "/api/public", "X-API-KEY")
    return JsonApi(vendor, access, http, clock)


def _number(access: LinkedInAccess, field: Literal["account_id", "campaign_id"], what: str) -> int:
    text = getattr(access, field)
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise SettingsError(
            f"{access.table}.{field} {text[:60]!r} is no number", f"set it to {what}"
        )
    return int(text)
