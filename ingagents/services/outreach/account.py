"""Whether LinkedIn can be worked with, and by what it finds a person."""

from __future__ import annotations

from ingagents.core.identity import aliases_of_url
from ingagents.errors import AccountBlocked, PersonRefused, TryLater
from ingagents.model import AccountState, Lead, Recipient


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


def recipient_of(lead: Lead) -> Recipient:
    """By what a service finds a lead: what the profile showed, else what the address says.

    Raises:
        PersonRefused: neither names a person.
    """
    names = {alias.kind: alias.value for alias in aliases_of_url(lead.linkedin_url)}
    slug = lead.profile.public_identifier or names.get("slug", "")
    member_id = lead.provider_id
    if not slug:  # an id out of an address may be one that only Sales Navigator or Recruiter knows
        in_address = (names.get(kind) for kind in ("acoa", "acwa", "ae"))
        member_id = member_id or next(filter(None, in_address), "")
    if not member_id and not slug:
        raise PersonRefused(
            f"lead {lead.id} has no LinkedIn address that a service could find",
            "add the profile's URL",
        )
    return Recipient(
        provider_id=member_id,
        public_identifier=slug,
        linkedin_url=lead.linkedin_url,
        member_number=lead.profile.member_number,
    )
