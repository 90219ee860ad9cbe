"""HeyReach's webhooks: who may post one, and what it rings for.

They are not signed: the secret stands in the address. Unlike its API they are written in
snake_case, an answer may come under two kinds, and some name no kind at all.
"""

from __future__ import annotations

from typing import Final

from ingagents.integrations.http.sanitise import (
    JsonObject,
    id_of,
    json_object_of,
    line_of,
    object_of,
    objects_of,
    words_of,
)
from ingagents.integrations.http.shared_secret import SecretInAddress
from ingagents.model import Ring, RingKind
from ingagents.model.hook import UnknownHook, UnreadableHook

REPLIED: Final = "every_message_reply_received"
"""Of all answers; those within the campaign have a kind of their own besides."""
ACCEPTED: Final = "connection_request_accepted"
_REPLIES = frozenset({REPLIED, "message_reply_received", "inmail_reply_received"})
_OURS = frozenset({"connection_request_sent", "message_sent", "inmail_sent", "follow_sent"})
_KEY_MAX = 400


class HeyReachHooks(SecretInAddress):
    """Keeps `app.hooks.HookReader`."""

    def ring_of(self, body: bytes) -> Ring | None:
        """What a body rings for; None: an act of our own.

        Raises:
            UnreadableHook: it is no object, or lacks what its kind has.
            UnknownHook: it is of another kind.
        """
        told = json_object_of(body)
        if told is None:
            raise UnreadableHook
        said = objects_of(told.get("recent_messages"))
        kind = words_of(told.get("event_type"), 60).lower() or (REPLIED if said else "")
        if not kind:
            raise UnreadableHook
        if kind in _OURS:
            return None
        if kind in _REPLIES:
            return _answer(told, said)
        if kind == ACCEPTED:
            lead = object_of(told.get("lead"))
            return _ring(
                RingKind.ACCEPTANCE, told, id_of(lead.get("id")) or line_of(lead.get("profile_url"))
            )
        raise UnknownHook(kind)


def _answer(told: JsonObject, said: list[JsonObject]) -> Ring | None:
    """By conversation and moment, as messages have no ids: both kinds of one answer are one ring."""
    theirs = [line_of(one.get("creation_time"), 40) for one in said if one.get("is_reply") is True]
    if said and not theirs:
        return None
    conversation = line_of(told.get("conversation_id"), 300)
    if conversation and theirs:
        return _ring(RingKind.MESSAGE, told, f"{conversation}/{max(theirs)}")
    return _ring(RingKind.MESSAGE, told, line_of(told.get("correlation_id"), 100))


def _ring(kind: RingKind, told: JsonObject, key: str) -> Ring:
    account = id_of(object_of(told.get("sender")).get("id"))
    if not account or not key or len(key) > _KEY_MAX:
        raise UnreadableHook
    return Ring(account_id=account, kind=kind, key=key)
