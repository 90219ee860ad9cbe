"""How moments and documents stand in a row."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

__all__ = ["from_json", "moment", "moment_or_none", "stamp", "stamp_or_none", "to_json"]

_encoder = msgspec.json.Encoder()


def stamp(at: datetime) -> str:
    """A moment as UTC text of one fixed width, so that text order is time order."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


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
