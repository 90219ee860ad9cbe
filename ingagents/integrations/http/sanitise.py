"""Reading what a service answered: objects, flags, moments, text that every store can hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from ingagents.core.profiles.recognition import is_plain_id
from ingagents.masking import masked

JsonObject = Mapping[str, Any]

_LINE_LENGTH_MAX = 500
_TEXT_LENGTH_MAX = 20_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = ((1e11, 1000), (1e14, 1), (1e17, 0.001))
"""Below which size a number is of which unit, in milliseconds; seconds reach it in the year 5138."""
_DIGITS_OF_A_DAY = 8
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


def object_of(value: object) -> JsonObject:
    """A JSON object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def objects_of(value: object) -> list[JsonObject]:
    """The JSON objects of a list; none for anything else."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def flag_of(value: object) -> bool:
    """Yes or no: services write 1, true or "1", depending on the route."""
    if isinstance(value, str):
        return value.strip().lower() in {"1", "true"}
    return value == 1 if isinstance(value, int | float) else False


def moment_of(value: object) -> datetime | None:
    """A moment from ISO text or the time since 1970, in UTC; None if it is neither.

    Seconds, milliseconds and microseconds are told apart by their size, for seconds read as
    milliseconds would make old talk new: what lies before LinkedIn began counts as said now.
    """
    try:
        if isinstance(value, str):
            text = value.strip()
            if text.isdecimal() and len(text) > _DIGITS_OF_A_DAY:
                return moment_of(int(text))
            moment = datetime.fromisoformat(text)
            aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return aware.astimezone(UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            milliseconds = next((value * each for top, each in _UNITS if abs(value) < top), value)
            return _EPOCH + timedelta(milliseconds=milliseconds)
    except (ValueError, OverflowError):
        pass
    return None


def words_of(value: object, length_max: int) -> str:
    """What a service says of itself, in one line: our secrets are hidden before it is cut."""
    return " ".join(clean_text(masked(clean_text(value)), length_max).split())


def line_of(value: object, length_max: int = _LINE_LENGTH_MAX) -> str:
    """A text in one line; empty when it is none."""
    return " ".join(clean_text(value, length_max).split())


def id_of(value: object) -> str:
    """An identifier as text, unaltered but for blanks around it; empty if it is none."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**30:
        return str(value)
    text = value.strip() if isinstance(value, str) else ""
    return text if is_plain_id(text) else ""


def count_of(value: object) -> int:
    """How many, as far as it can be believed; 0 when it cannot."""
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9
    return int(value) if is_count and isinstance(value, int) else 0
