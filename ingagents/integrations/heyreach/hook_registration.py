"""Telling HeyReach where to post its webhooks: one for each kind, with our secret in the address."""

from __future__ import annotations

from functools import partial
from typing import Final
from urllib.parse import urlencode

import httpx

from ingagents.integrations.heyreach import open_api
from ingagents.integrations.heyreach.hooks import ACCEPTED, REPLIED
from ingagents.integrations.http.json_api import JsonApi
from ingagents.integrations.http.registered import confirmed, taken
from ingagents.integrations.http.sanitise import JsonObject, line_of, objects_of
from ingagents.integrations.http.shared_secret import IN_ADDRESS
from ingagents.ports import Clock, LinkedInAccess

KINDS: Final = (REPLIED.upper(), ACCEPTED.upper())
_PAGE = 100


async def register_hooks(
    access: LinkedInAccess, http: httpx.AsyncClient, clock: Clock, *, address: str, secret: str
) -> str:
    """Have HeyReach post to an address; again changes nothing. What was done, in words.

    One to the same address with another secret is replaced.

    Raises:
        ServiceError: HeyReach cannot be asked, or refuses.
        SettingsError: its address or key is none.
    """
    api = open_api(access, http, clock)
    wanted = f"{address}?{urlencode({IN_ADDRESS: secret})}"
    standing = await api.read(
        "POST",
        "webhooks/GetAllWebhooks",
        json={"offset": 0, "limit": _PAGE},
        parse=lambda body: objects_of(body.get("items")),
    )
    here = [one for one in standing if _url(one).partition("?")[0] == address]
    kinds = {line_of(one.get("eventType"), 80).upper() for one in here if _url(one) == wanted}
    for old in [one for one in here if _url(one) != wanted]:
        await _delete(api, old)
    missing = [kind for kind in KINDS if kind not in kinds]
    for kind in missing:
        wish = {
            "webhookName": f"ingagents {kind.lower()}"[:50],
            "webhookUrl": wanted,
            "eventType": kind,
            "campaignIds": [],
        }
        _confirmed(await api.act("webhooks/CreateWebhook", json=wish, accept=taken))
    new = f"from now on, of {', '.join(missing)}" if missing else "already"
    return f"HeyReach posts to {address} {new}"


async def _delete(api: JsonApi, hook: JsonObject) -> None:
    number = hook.get("id")
    asked = {"webhookId": number}
    path = "webhooks/DeleteWebhook"
    _confirmed(await api.act(path, method="DELETE", params=asked, accept=taken))


def _url(hook: JsonObject) -> str:
    return line_of(hook.get("webhookUrl"), 2000)


_confirmed = partial(
    confirmed, name="HeyReach", service="heyreach", where="HeyReach under Integrations"
)
