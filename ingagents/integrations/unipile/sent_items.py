"""Our open invitations, as Unipile shows them."""

from __future__ import annotations

from collections.abc import Sequence

from ingagents.integrations.unipile.chats import invitation_of
from ingagents.integrations.unipile.http import UnipileWire
from ingagents.model.linkedin import SentInvitation

_INVITATIONS_PER_PAGE = 100


class UnipileSentItems:
    """Keeps `ports.SentItems`."""

    def __init__(self, wire: UnipileWire) -> None:
        self._wire = wire

    async def pending_invitations(self) -> Sequence[SentInvitation]:
        # To its end: a list cut short would read as "not invited".
        found = await self._wire.read_all(
            "users/invite/sent",
            params={"account_id": self._wire.account_id},
            limit=_INVITATIONS_PER_PAGE,
        )
        account_id, now = self._wire.account_id, self._wire.now()
        read = (invitation_of(item, account_id, now=now) for item in found)
        return tuple(invitation for invitation in read if invitation is not None)
