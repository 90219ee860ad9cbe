"""Ports of a service that shows no LinkedIn: people are what we know of them ourselves."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ingagents.core.identity import aliases_of_recipient, canonical_url
from ingagents.errors import PersonRefused
from ingagents.model import Profile, Recipient, Refusal, SearchCriteria, SearchPage, SendResult
from ingagents.model.linkedin import Connections, SentInvitation


def address_of(who: Recipient) -> str:
    """The address of somebody's public profile, by which a service is asked about them.

    Raises:
        PersonRefused: there is none.
    """
    public = [one for one in aliases_of_recipient(who) if one.kind in {"slug", "acoa"}]
    if not public:
        raise PersonRefused("this person has no LinkedIn address", "add the profile's URL")
    return canonical_url(public)


class KnownPeople:
    """Keeps `ports.ProfileSource` and `ports.SentItems` without a wire.

    That nothing is shown proves nothing: nobody is found, and no invitation is withdrawn by itself.
    """

    async def search_profiles(
        self, criteria: SearchCriteria, *, cursor: str | None = None, limit: int = 50
    ) -> SearchPage:
        """Nobody: people come by list and sheet."""
        del criteria, cursor, limit
        return SearchPage(profiles=(), searched=False)

    async def fetch_profile(self, who: Recipient, *, known: Profile | None = None) -> Profile:
        """What we know, under the name by which the person is found."""
        profile = known or Profile()
        shown = msgspec.structs.replace(
            profile,
            provider_id=profile.provider_id or who.provider_id or who.public_identifier,
            public_identifier=profile.public_identifier or who.public_identifier,
            linkedin_url=profile.linkedin_url or who.linkedin_url,
        )
        if not aliases_of_recipient(shown.recipient):
            raise PersonRefused("this lead has no LinkedIn address", "add the profile's URL")
        return shown

    async def newest_relations(self, *, limit: int = 100) -> Connections:
        """None."""
        del limit
        return Connections()

    async def pending_invitations(self) -> Sequence[SentInvitation]:
        """None: so none is withdrawn by itself."""
        return ()

    async def withdraw_invitation(self, invitation_id: str) -> SendResult:
        """No."""
        del invitation_id
        return SendResult.refused(Refusal.OUR_MISTAKE, "this service withdraws no invitation")
