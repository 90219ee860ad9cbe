"""Whether the service's webhooks are taken and come, and telling the service where to."""

from __future__ import annotations

from urllib.parse import urlsplit

from ingagents.app.department import open_department
from ingagents.app.hooks import PATH, accounts_that_ring, hook_address, hook_readers, hook_secret
from ingagents.app.providers import access_to, speaks
from ingagents.errors import UsageError
from ingagents.integrations.clock import SystemClock
from ingagents.integrations.http.shared_secret import IN_ADDRESS
from ingagents.loopback import is_loopback
from ingagents.settings import Settings
from ingagents.store.tables import rings


async def look_at_hooks(settings: Settings, address: str = "") -> tuple[str, str]:
    """How they stand, and what to do ("": nothing); with an address they are registered first.

    Raises:
        UsageError: the service cannot be told that address.
        SettingsError: the secret cannot be read, or is short.
        ServiceError: the service cannot be asked, or refuses.
    """
    readers = hook_readers(settings)
    if not readers or not settings.web.enabled:
        remedy = "set web.enabled = true, and a secret in web.hook_secret_file"
        if settings.linkedin.api_version == 2 and "unipile" in settings.linkedin.services:
            remedy = "Unipile v2's are not read by this version: linkedin.api_version"
        if address:
            raise UsageError("no webhooks are taken here", remedy)
        looks = f"answers are found by looking, every {settings.outreach.reply_look_minutes:g} min"
        return f"no webhooks are taken; {looks} (sooner with webhooks: {remedy})", ""
    hook_secret(settings)
    said = [
        f"{hook_address(settings, name)} takes them with {reader.shown_by}"
        for name, reader in readers.items()
    ]
    if address:
        said += [await _register(settings, address, name) for name in readers]
    async with open_department(settings) as department:
        rang_at = await department.store.read(rings.last)
    if rang_at is not None:
        said.append(f"the last came at {rang_at.isoformat(timespec='minutes')}")
        return "; ".join(said), ""
    said.append("none has come yet")
    return "; ".join(said), "" if address else "`ingagents doctor --hooks URL` sees to that"


async def _register(settings: Settings, address: str, service: str) -> str:
    """Have a service post to an address below which `/hooks/` is ours; what was done, in words."""
    from ingagents.integrations.heyreach import hook_registration as heyreach
    from ingagents.integrations.http.client import open_http_client
    from ingagents.integrations.unipile import hook_registration as unipile

    if settings.linkedin.in_process:
        raise UsageError(
            "the sandbox in this process posts to nobody",
            "serve one with `ingagents sandbox`",
        )
    secret, accounts = hook_secret(settings), accounts_that_ring(settings, service)
    here = f"{_checked(address, service)}{PATH}{service}"
    asked = next(one for one in settings.linkedin.each if speaks(one) == service)
    access = access_to(settings, asked)
    async with open_http_client(access.timeout_seconds) as http:
        told = access, http, SystemClock()
        if service == "unipile":
            return await unipile.register_hooks(
                *told, address=here, secret=secret, accounts=accounts
            )
        if service == "heyreach":
            return await heyreach.register_hooks(*told, address=here, secret=secret)
    return (
        f"{service} has no call for it: in each campaign's settings, under webhooks, choose"
        f' "After LinkedIn reply is received" and enter {here}?{IN_ADDRESS}= and the secret'
    )


def _checked(address: str, service: str) -> str:
    """An address without our own path, which posts may travel to.

    Raises:
        UsageError: it is none, or would carry the secret unencrypted over a network.
    """
    address = address.strip().rstrip("/").removesuffix(f"{PATH}{service}")
    try:
        parts = urlsplit(address)
        host, plain = parts.hostname or "", parts.scheme == "http"
        whole = parts.scheme in {"http", "https"} and not parts.query and not parts.fragment
    except ValueError:
        host, plain, whole = "", False, False
    if not host or not whole:
        raise UsageError(f"--hooks {address!r} is no address", "write https://campaign.example")
    if plain and not is_loopback(host):
        raise UsageError("the secret would travel unencrypted", "give an https:// address")
    return address
