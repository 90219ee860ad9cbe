"""Unipile's webhooks: who may post one, and what it rings for.

They are not signed. Each carries a header of our own that was registered with it, and is delivered
at least once, in no order, our own messages included.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ingagents.integrations.http.sanitise import (
    JsonObject,
    id_of,
    json_object_of,
    object_of,
    words_of,
)
from ingagents.integrations.http.shared_secret import fits
from ingagents.model import Ring, RingKind
from ingagents.model.hook import UnknownHook, UnreadableHook

SECRET_HEADER: Final = "Unipile-Auth"  # noqa: S105  the name under which the secret comes
_MESSAGES = frozenset({"message_received", "new_message"})
_NAME_MAX = 60


class UnipileHooks:
    """Keeps `app.hooks.HookReader`."""

    shown_by: Final = f"the header {SECRET_HEADER}"

    def may_post(self, secret: str, headers: Mapping[str, str], query: Mapping[str, str]) -> bool:
        """Whether it knows the secret; how long that takes tells nothing of it."""
        del query
        return fits(headers.get(SECRET_HEADER, ""), secret)

    def ring_of(self, body: bytes) -> Ring | None:
        """What a body rings for; None: our own message.

        Raises:
            UnreadableHook: it is no object, or lacks what its kind has.
            UnknownHook: it is of another kind.
        """
        told = json_object_of(body)
        if told is None:
            raise UnreadableHook
        if "AccountStatus" in told:  # the one kind that has no `event`
            status = object_of(told["AccountStatus"])
            return _ring(RingKind.ACCOUNT, status, _words(status.get("message")))
        event = _words(told.get("event"))
        if event in _MESSAGES:
            return None if _is_ours(told) else _ring(RingKind.MESSAGE, told, told.get("message_id"))
        if event == "new_relation":
            return _ring(RingKind.ACCEPTANCE, told, told.get("user_provider_id"))
        raise UnknownHook(event)


def _is_ours(message: JsonObject) -> bool:
    sender = object_of(message.get("sender")).get("attendee_provider_id")
    own = object_of(message.get("account_info")).get("user_id")
    return message.get("is_sender") is True or (bool(own) and sender == own)


def _ring(kind: RingKind, told: JsonObject, key: Any) -> Ring:
    account_id, name = id_of(told.get("account_id")), id_of(key)
    if not account_id or not name:
        raise UnreadableHook
    return Ring(account_id=account_id, kind=kind, key=name)


def _words(value: object) -> str:
    """A kind's name.

    Raises:
        UnreadableHook: there is none.
    """
    if not (found := words_of(value, _NAME_MAX)):
        raise UnreadableHook
    return found
