"""Which service's webhooks are taken, what they must know, and where they are posted to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from ingagents.app.providers import speaks
from ingagents.app.rules.send_rules import name_of
from ingagents.app.views.page import TOKEN_LENGTH, address_of
from ingagents.errors import SettingsError
from ingagents.integrations.dripify.hooks import DripifyHooks
from ingagents.integrations.heyreach.hooks import HeyReachHooks
from ingagents.integrations.unipile.hooks import UnipileHooks
from ingagents.model import AccountId, Ring
from ingagents.settings import Settings

PATH: Final = "/hooks/"
"""Below it each service has its own address."""


class HookReader(Protocol):
    """How the webhooks of a service are proven and read. Nothing outside is asked."""

    @property
    def shown_by(self) -> str:
        """Where in a post the secret stands, for people."""
        ...

    def may_post(self, secret: str, headers: Mapping[str, str], query: Mapping[str, str]) -> bool:
        """Whether who posts knows the secret, in a time that tells nothing of it.

        Asked before the body is read.
        """
        ...

    def ring_of(self, body: bytes) -> Ring | None:
        """What a body rings for; None: what it tells is none of our business.

        Raises:
            UnreadableHook: the service sends no such body.
            UnknownHook: it is of a kind that rings for nothing.
        """
        ...


READERS: Final[Mapping[str, HookReader]] = {
    "unipile": UnipileHooks(),
    "heyreach": HeyReachHooks(),
    "dripify": DripifyHooks(),
}
"""By the service's name, which is the last part of the address too."""


def hook_readers(settings: Settings) -> Mapping[str, HookReader]:
    """The services that may post; none without a secret."""
    named = [speaks(one) for one in settings.linkedin.each]
    if settings.linkedin.api_version == 2:  # whose posts are signed, and of kinds not known yet
        named = [one for one in named if one != "unipile"]
    return {one: READERS[one] for one in named if one in READERS and hooks_wanted(settings)}


def accounts_that_ring(settings: Settings, service: str) -> tuple[AccountId, ...]:
    """The accounts whose news a service posts."""
    return tuple(name_of(one) for one in settings.linkedin.each if speaks(one) == service)


def hooks_wanted(settings: Settings) -> bool:
    """Whether somebody named a secret for them."""
    return bool(settings.web.hook_secret.get_secret_value() or settings.web.hook_secret_file)


def hook_secret(settings: Settings) -> str:
    """What a webhook must know; "" where none are taken.

    Raises:
        SettingsError: it cannot be read, or is short.
    """
    if not hooks_wanted(settings):
        return ""
    secret = settings.secret(settings.web.hook_secret, settings.web.hook_secret_file)
    if len(secret) < TOKEN_LENGTH or not secret.isascii():
        raise SettingsError(
            f"web.hook_secret_file holds no word of at least {TOKEN_LENGTH} plain characters",
            "write a long random one into it: `openssl rand -hex 32` makes one",
        )
    return secret


def hook_address(settings: Settings, service: str) -> str:
    """Where `run` takes them; what the service can reach is what stands in front of it."""
    web = settings.web
    return f"{address_of(web.host, web.port).rstrip('/')}{PATH}{service}"
