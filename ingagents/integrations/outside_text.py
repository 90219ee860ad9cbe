"""Reading what a service answered: a JSON object or none, text that every store can hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

__all__ = ["JsonObject", "clean_text", "json_object_of"]

JsonObject = Mapping[str, Any]

_TEXT_LENGTH_MAX = 20_000
_CONTROLS = {code: None for code in (*range(32), *range(127, 160)) if code not in {9, 10}}


def json_object_of(content: bytes) -> JsonObject | None:
    """The JSON object in an answer's bytes; None for anything else, such as HTML or half a body.

    The standard decoder reads it, for it lets half an emoji through: a headline cut by the
    service must not make a whole page unreadable.
    """
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def clean_text(value: object, length_max: int = _TEXT_LENGTH_MAX) -> str:
    """Text that every database and file can hold: no halves of emoji, no control characters."""
    if not isinstance(value, str):
        return ""
    # The service cuts texts in the middle of surrogate pairs; joined ones are kept.
    whole = (
        value[: 2 * length_max].encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    )
    return whole.translate(_CONTROLS).strip()[:length_max]
