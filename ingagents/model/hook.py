"""What a service tells us by itself: that something came, and what is to be looked at."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class RingKind(StrEnum):
    """What a webhook says there is to look at."""

    MESSAGE = "message"
    """Somebody wrote."""
    ACCEPTANCE = "acceptance"
    """Somebody is a connection by now, or a campaign of the service's went on with them."""
    ACCOUNT = "account"
    """The account's state changed. Such news has no id: the same again is news again."""


class ToldAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that a webhook alone tells. `who` is a name the person has on LinkedIn.

    Without a moment it is taken to have come when it was told.
    """

    id: str
    who: str
    text: str
    at: datetime | None = None


class Ring(msgspec.Struct, frozen=True, kw_only=True):
    """One webhook. `key` is by what the same news of the account is known again.

    It is a reason to look, and nothing else of it is believed; but for the answers it is `told` by
    a service that has no inbox to look into. `account_id` is "" where the service does not say.
    """

    account_id: str
    kind: RingKind
    key: str
    told: tuple[ToldAnswer, ...] = ()


class UnreadableHook(Exception):
    """A webhook's body is none of the service's."""


class UnknownHook(Exception):
    """A webhook is of a kind that rings for nothing; its text is the kind's name."""
