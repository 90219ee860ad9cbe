"""Telling Unipile where to post its webhooks: one for each source, with our secret in a header."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import httpx

from ingagents.integrations.http.registered import confirmed, taken
from ingagents.integrations.http.sanitise import JsonObject, id_of, line_of, objects_of
from ingagents.integrations.unipile import open_wire
from ingagents.integrations.unipile.hooks import SECRET_HEADER
from ingagents.integrations.unipile.wire.http import SERVICE
from ingagents.ports import Clock, LinkedInAccess

SOURCES: Final = ("messaging", "users", "account_status")
_PAGES_MAX = 10


async def register_hooks(
    access: LinkedInAccess,
    http: httpx.AsyncClient,
    clock: Clock,
    *,
    address: str,
    secret: str,
    accounts: Sequence[str],
) -> str:
    """Have Unipile post what concerns these accounts; again changes nothing. What was done, in words.

    A webhook to the same address with another secret or other accounts is replaced.

    Raises:
        ServiceError: Unipile cannot be asked, or refuses.
        SettingsError: its address, key or account is missing.
    """
    wire = open_wire(access, http, clock)
    page = await wire.read_items("webhooks", params={}, limit=250, pages_max=_PAGES_MAX)
    here = [
        one for one in objects_of(page.items) if line_of(one.get("request_url"), 2000) == address
    ]
    stand = [one for one in here if _fits(one, accounts, secret)]
    for hook_id in [id_of(one.get("id")) for one in here if one not in stand]:
        _confirmed(await wire.act("webhooks/{}", hook_id, method="DELETE", accept=taken))
    missing = [one for one in SOURCES if _name(one) not in {hook.get("name") for hook in stand}]
    for source in missing:
        wish = {
            "source": source,
            "request_url": address,
            "name": _name(source),
            "format": "json",
            "account_ids": list(accounts),
            "headers": [
                {"key": SECRET_HEADER, "value": secret},
                {"key": "Content-Type", "value": "application/json"},
            ],
        }
        _confirmed(await wire.act("webhooks", accept=taken, json=wish))
    new = f"from now on, of {', '.join(missing)}" if missing else "already"
    return f"Unipile posts to {address} {new}"


def _name(source: str) -> str:
    """By which one of ours is known again: a list need not tell what each is about."""
    return f"ingagents {source}"


def _fits(hook: JsonObject, accounts: Sequence[str], secret: str) -> bool:
    """Whether a webhook is as we would register it now."""
    told = {line_of(pair.get("key")): pair.get("value") for pair in objects_of(hook.get("headers"))}
    of = {id_of(one.get("id")) for one in objects_of(hook.get("account_ids"))}
    return told.get(SECRET_HEADER) == secret and of == set(accounts) and hook.get("enabled") is True


_confirmed = partial(confirmed, name="Unipile", service=SERVICE, where="the Unipile dashboard")
