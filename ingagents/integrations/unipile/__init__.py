"""LinkedIn through Unipile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingagents.errors import SettingsError
from ingagents.ports import Clock, LinkedInAccess, LinkedInService

if TYPE_CHECKING:
    import httpx

    from ingagents.integrations.unipile.wire.http import UnipileWire


def open_service(access: LinkedInAccess, http: httpx.AsyncClient, clock: Clock) -> LinkedInService:
    """What Unipile can do, over a client that is open: all but campaigns.

    Raises:
        SettingsError: the address, the key or the account is missing, or is none.
    """
    # Imported when a service is opened: `once` pays only for what it uses.
    from ingagents.integrations.unipile.account import UnipileAccount
    from ingagents.integrations.unipile.inbox import UnipileInbox
    from ingagents.integrations.unipile.profiles import UnipileProfiles
    from ingagents.integrations.unipile.sender import UnipileSender
    from ingagents.integrations.unipile.sent_items import UnipileSentItems

    wire = open_wire(access, http, clock)
    return LinkedInService(
        account=UnipileAccount(wire),
        profiles=UnipileProfiles(wire, api=access.api),
        sender=UnipileSender(wire),
        inbox=UnipileInbox(wire),
        sent_items=UnipileSentItems(wire),
    )


def open_wire(access: LinkedInAccess, http: httpx.AsyncClient, clock: Clock) -> UnipileWire:
    """How Unipile is asked.

    Raises:
        SettingsError: as `open_service`.
    """
    from ingagents.integrations.unipile.wire.http import UnipileWire

    wire, base_url = UnipileWire, access.base_url
    if access.api_version == 2:
        from ingagents.integrations.unipile.wire.wire_v2 import ROOT, UnipileV2Wire

        wire, base_url = UnipileV2Wire, access.base_url or ROOT
    return wire(
        http,
        base_url=_given(
            base_url,
            f"{access.table}.base_url is empty",
            "set it to the DSN of your Unipile space",
        ),
        api_key=access.api_key,
        table=access.table,
        account_id=_given(
            access.account_id,
            f"{access.table}.account_id is empty",
            "set it to the id the Unipile dashboard shows",
        ),
        clock=clock,
        timeout_seconds=access.timeout_seconds,
        retries=access.retries,
        jitter=access.jitter,
    )


def _given(value: str, what: str, remedy: str) -> str:
    if not value:
        raise SettingsError(what, remedy)
    return value
