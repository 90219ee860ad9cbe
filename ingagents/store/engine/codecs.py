"""How moments and documents stand in a row."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from typing import Any

import msgspec

_encoder = msgspec.json.Encoder()


@functools.lru_cache(maxsize=256)  # a commit asks again and again for its own moment
def stamp(at: datetime) -> str:
    """A moment as UTC text of one fixed width, so that text order is time order."""
    moment = at if at.tzinfo is UTC else at.astimezone(UTC)
    return moment.isoformat("T", "microseconds")[:26] + "Z"


def stamp_or_none(at: datetime | None) -> str | None:
    """As `stamp`; None stays None."""
    return None if at is None else stamp(at)


def moment(text: str) -> datetime:
    """The moment a row holds."""
    return datetime.fromisoformat(text)


def moment_or_none(text: str | None) -> datetime | None:
    """As `moment`; None stays None."""
    return None if text is None else datetime.fromisoformat(text)


def to_json(value: Any) -> str:
    """A document as text."""
    return _encoder.encode(value).decode()


def from_json(text: str) -> Any:
    """A document from text."""
    return msgspec.json.decode(text)
