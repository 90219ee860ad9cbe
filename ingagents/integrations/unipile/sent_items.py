"""Our open invitations through Unipile: read back, and withdrawn."""

from __future__ import annotations

from collections.abc import Sequence

from ingagents.errors import WrongAnswer, explain
from ingagents.integrations.http.sanitise import JsonObject
from ingagents.integrations.unipile.chats import invitation_of
from ingagents.integrations.unipile.sender import expect
from ingagents.integrations.unipile.wire.http import UnipileWire
from ingagents.model import Refusal, SendResult
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

    async def withdraw_invitation(self, invitation_id: str) -> SendResult:
        try:
            return await self._wire.act(
                "users/invite/sent/{}",
                invitation_id,
                method="DELETE",
                params={"account_id": self._wire.account_id},
                accept=_withdrawn,
            )
        except WrongAnswer as exc:  # an id that leads elsewhere; nothing was asked
            return SendResult.refused(Refusal.THIS_PERSON, explain(exc))


def _withdrawn(body: JsonObject) -> SendResult:
    expect(body, "InvitationCanceled")
    return SendResult(outcome="sent")
