"""What a service tells us by itself: that something came, and what is to be looked at."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class RingKind(StrEnum):
    """What a webhook says there is to look at."""

    MESSAGE = "message"
    """Somebody wrote."""
    ACCEPTANCE = "acceptance"
    """Somebody is a connection by now."""
    ACCOUNT = "account"
    """The account's state changed. Such news has no id: the same again is news again."""


class Ring(msgspec.Struct, frozen=True, kw_only=True):
    """One webhook. `key` is by what the same news of the account is known again.

    It is a reason to look, and nothing else of it is believed.
    """

    account_id: str
    kind: RingKind
    key: str


class UnreadableHook(Exception):
    """A webhook's body is none of the service's."""


class UnknownHook(Exception):
    """A webhook is of a kind that rings for nothing; its text is the kind's name."""
