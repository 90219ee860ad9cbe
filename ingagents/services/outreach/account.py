"""Whether LinkedIn can be worked with, and by what it finds a person."""

from __future__ import annotations

from ingagents.core.identity import aliases_of_url
from ingagents.errors import AccountBlocked, PersonRefused, TryLater
from ingagents.model import AccountState, Lead


def in_order(account: AccountState) -> AccountState:
    """The account, if it can act; while it cannot, also what it shows is not fresh.

    Raises:
        TryLater: it is connecting.
        AccountBlocked: a human has to log in again.
    """
    if account.status == "CONNECTING":
        raise TryLater("the LinkedIn account is connecting", "it is tried again")
    if account.status != "OK":
        raise AccountBlocked(
            f"the LinkedIn account reports {account.status}",
            "log in again at the service, then `ingagents resume`",
        )
    return account


def identifier_of(lead: Lead) -> str:
    """What the service finds the person by: the stable id, else the slug of the URL.

    Raises:
        PersonRefused: the lead has neither.
    """
    if lead.provider_id:
        return lead.provider_id
    if lead.profile.public_identifier:
        return lead.profile.public_identifier
    names = {alias.kind: alias.value for alias in aliases_of_url(lead.linkedin_url)}
    found = names.get("slug") or names.get("acoa") or names.get("acwa") or names.get("ae")
    if not found:
        raise PersonRefused(
            f"lead {lead.id} has no LinkedIn address that a service could find",
            "add the profile's URL",
        )
    return found
