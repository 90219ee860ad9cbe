"""Acting on LinkedIn through Unipile."""

from __future__ import annotations

from ingagents.errors import BadAnswer
from ingagents.integrations.http.sanitise import JsonObject, id_of
from ingagents.integrations.unipile.wire.http import SERVICE, UnipileWire
from ingagents.model import Recipient, SendResult


class UnipileSender:
    """Keeps `ports.DirectSender`."""

    def __init__(self, wire: UnipileWire) -> None:
        self._wire = wire

    async def send_invitation(self, to: Recipient, note: str) -> SendResult:
        invitation = {"account_id": self._wire.account_id, "provider_id": to.provider_id}
        # An empty message is refused; a bare invitation has none.
        message = {"message": note} if note.strip() else {}
        return await self._wire.act(
            "users/invite", json=invitation | message, accept=_invitation_sent
        )

    async def send_message(self, to: Recipient, text: str) -> SendResult:
        # This route wants a form. A chat that exists already takes the message up.
        fields = {
            "account_id": self._wire.account_id,
            "attendees_ids": to.provider_id,
            "text": text,
        }
        return await self._wire.act(
            "chats",
            files=[(name, (None, value)) for name, value in fields.items()],
            accept=_chat_started,
        )


def _invitation_sent(body: JsonObject) -> SendResult:
    expect(body, "UserInvitationSent", "invitation_id")
    return SendResult(outcome="sent", message_id=id_of(body.get("invitation_id")))


def _chat_started(body: JsonObject) -> SendResult:
    # Both ids may be null on success.
    expect(body, "ChatStarted", "message_id", "chat_id")
    return SendResult(
        outcome="sent",
        message_id=id_of(body.get("message_id")),
        chat_id=id_of(body.get("chat_id")),
    )


def expect(body: JsonObject, kind: str, *id_fields: str) -> None:
    """Some proxies answer 200 with JSON of their own: only the service's own word counts."""
    if body.get("object") != kind and not any(field in body for field in id_fields):
        raise BadAnswer(f"Unipile's answer is no {kind}", service=SERVICE, status=200)
