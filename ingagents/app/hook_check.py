"""Whether the service's webhooks are taken and come, and telling the service where to."""

from __future__ import annotations

from urllib.parse import urlsplit

from ingagents.app.department import open_department
from ingagents.app.hooks import PATH, hook_address, hook_readers, hook_secret
from ingagents.app.providers import in_process_sandbox
from ingagents.app.send_rules import accounts_of
from ingagents.errors import UsageError
from ingagents.integrations.clock import SystemClock
from ingagents.loopback import is_loopback
from ingagents.ports import LinkedInAccess
from ingagents.settings import Settings
from ingagents.settings.policies import policy_of
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
        said.append(await _register(settings, address))
    async with open_department(settings) as department:
        rang_at = await department.store.read(rings.last)
    if rang_at is not None:
        said.append(f"the last came at {rang_at.isoformat(timespec='minutes')}")
        return "; ".join(said), ""
    said.append("none has come yet")
    return "; ".join(said), "" if address else "`ingagents doctor --hooks URL` registers them"


async def _register(settings: Settings, address: str) -> str:
    """Have the service post to an address below which `/hooks/` is ours; what was done, in words."""
    from ingagents.integrations.http.client import open_http_client
    from ingagents.integrations.unipile.hook_registration import register_hooks

    chosen, accounts = settings.linkedin, accounts_of(settings)
    if in_process_sandbox(settings) or "unipile" not in hook_readers(settings):
        raise UsageError(
            "the service in use is not told by a command where to post",
            "set it there, see README; in the sandbox, serve one with `ingagents sandbox`",
        )
    access = policy_of(
        LinkedInAccess,
        chosen,
        api_key=settings.secret(chosen.api_key, chosen.api_key_file) or "sandbox",
        account_id=accounts[0],
    )
    async with open_http_client(chosen.timeout_seconds) as http:
        return await register_hooks(
            access,
            http,
            SystemClock(),
            address=f"{_checked(address)}{PATH}unipile",
            secret=hook_secret(settings),
            accounts=accounts,
        )


def _checked(address: str) -> str:
    """An address without our own path, which posts may travel to.

    Raises:
        UsageError: it is none, or would carry the secret unencrypted over a network.
    """
    address = address.strip().rstrip("/").removesuffix(f"{PATH}unipile")
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
