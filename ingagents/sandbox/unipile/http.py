"""What all routes of the simulated Unipile share.

Bodies in three encodings, pages, strict moments, and how answers write moments and lists.
"""

from __future__ import annotations

import base64
import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qsl, quote

import msgspec

from ingagents.sandbox.market.market import Refused

T = TypeVar("T")

BODY_MAX = 20_000_000
"""Bytes; attachments may have about fifteen million."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
_BRACKETS = re.compile(r"(\w{1,64})\[(\w{1,64})\]")
_REPEATED = frozenset({"attendees_ids", "attachments"})


class Ask(NamedTuple):
    """One request as a handler sees it. `seen` is the moment up to which reads know things."""

    query: Mapping[str, str]
    path: Mapping[str, str]
    body: dict[str, Any]
    number: int
    now: datetime
    seen: datetime

    def text(self, name: str) -> str:
        """A text field of the body, "" when absent.

        Raises:
            Refused: it is there and is no text.
        """
        value = self.body.get(name)
        if value is not None and not isinstance(value, str):
            raise Refused("invalid_parameters", f"{name} must be a string.")
        return value or ""


def read_body(content_type: str, raw: bytes) -> dict[str, Any]:
    """The fields of a body; in forms, `a[b]` nests and `attendees_ids` is always a list.

    Raises:
        Refused: `malformed_request`, `content_too_large`, `unsupported_media_type`.
    """
    if len(raw) > BODY_MAX:
        raise Refused("content_too_large")
    kind = content_type.partition(";")[0].strip().lower()
    if not raw:
        return {}
    if kind == "multipart/form-data":
        return _nested(_parts(content_type, raw))
    if kind == "application/x-www-form-urlencoded":
        return _nested(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True))
    if kind not in {"", "application/json"}:
        raise Refused("unsupported_media_type", f"{kind} is not understood.")
    try:
        body = msgspec.json.decode(raw)
    except msgspec.DecodeError as exc:
        raise Refused("malformed_request", str(exc)) from exc
    if not isinstance(body, dict):
        raise Refused("malformed_request", "The body must be an object.")
    return body


def read_limit(query: Mapping[str, str], *, default: int, most: int, least: int = 1) -> int:
    """The page size asked for.

    Raises:
        Refused: it is no number or out of the route's range.
    """
    text = query.get("limit")
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise Refused("invalid_parameters", f"limit must be between {least} and {most}.")
    return int(text)


def in_window(query: Mapping[str, str]) -> Callable[[datetime], bool]:
    """Whether a moment lies between `after` and `before`, both exclusive.

    Raises:
        Refused: a bound is not written `YYYY-MM-DDTHH:MM:SS.mmmZ`.
    """
    after, before = _moment(query, "after"), _moment(query, "before")
    return lambda moment: (after is None or moment > after) and (before is None or moment < before)


def page(
    items: Sequence[T], *, key: Callable[[T], str], cursor: str | None, limit: int
) -> tuple[list[T], str | None]:
    """A page of items that stand in falling order of their keys, and the next page's cursor.

    A cursor is the last key shown, so that what arrives between two pages shifts nothing.
    """
    if cursor:
        last = decode_cursor(cursor, str)
        items = items[bisect_left(items, 1, key=lambda item: int(key(item) < last)) :]
    shown = list(items[:limit])
    more = len(items) > len(shown) and bool(shown)
    return shown, encode_cursor(key(shown[-1])) if more else None


def encode_cursor(value: object) -> str:
    """A value as text that clients can only hand back."""
    return base64.urlsafe_b64encode(msgspec.json.encode(value)).decode("ascii")


def decode_cursor(cursor: str, kind: type[T]) -> T:
    """The value of a cursor.

    Raises:
        Refused: it was not made by us.
    """
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(cursor.encode("ascii")), type=kind)
    except (ValueError, msgspec.MsgspecError) as exc:
        raise Refused("invalid_parameters", "The cursor is not valid.") from exc


def iso(moment: datetime) -> str:
    """Three digits after the second and a literal Z, as the service writes and wants it."""
    written = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return written.removesuffix("+00:00") + "Z"


def known(**fields: Any) -> dict[str, Any]:
    """The fields that have a value: the service leaves out what it does not know.

    The vendor's own client refuses a null where its types have an optional field.
    """
    return {field: value for field, value in fields.items() if value is not None}


def url(slug_or_id: str) -> str:
    """The address of somebody's profile."""
    return f"https://www.linkedin.com/in/{quote(slug_or_id, safe='')}"


def envelope(kind: str, items: list[dict[str, Any]], cursor: str | None) -> dict[str, Any]:
    """A page of a list."""
    return {"object": kind, "items": items, "cursor": cursor}


def _moment(query: Mapping[str, str], name: str) -> datetime | None:
    text = query.get(name)
    if text is None:
        return None
    pattern = "%Y-%m-%dT%H:%M:%S.%fZ" if _MOMENT.fullmatch(text) else "never"
    try:
        return datetime.strptime(text, pattern).replace(tzinfo=UTC)
    except ValueError as exc:
        raise Refused("invalid_parameters", f"{name} must match YYYY-MM-DDTHH:MM:SS.mmmZ.") from exc


def _parts(content_type: str, raw: bytes) -> list[tuple[str, str]]:
    """Name and text of each part of a form; files count by their names only."""
    head = b"Content-Type: " + content_type.encode("latin-1", "replace") + b"\r\n\r\n"
    message = BytesParser(policy=HTTP).parsebytes(head + raw)
    if not message.is_multipart():
        raise Refused("malformed_request", "The form has no parts.")
    fields = []
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(payload, bytes):
            file_name = part.get_filename()
            fields.append((name, file_name or payload.decode("utf-8", "replace")))
    return fields


def _nested(fields: Sequence[tuple[str, str]]) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for name, text in fields:
        inner = _BRACKETS.fullmatch(name)
        if inner:
            group = body.setdefault(inner[1], {})
            if isinstance(group, dict):
                group[inner[2]] = text
        elif name.removesuffix("[]") in _REPEATED:
            body.setdefault(name.removesuffix("[]"), []).append(text)
        else:
            body[name] = text
    return body
