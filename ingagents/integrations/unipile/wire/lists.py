"""Unipile's lists: pages, where they go on, and the names of search filters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from ingagents.errors import BadAnswer
from ingagents.integrations.http.sanitise import (
    JsonObject,
    count_of,
    id_of,
    line_of,
    object_of,
    objects_of,
)

_CURSOR_LENGTH_MAX = 20_000


class Items(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a list; `cursor` is None at its end."""

    items: Sequence[Any]
    cursor: str | None = None
    total: int | None = None


def items_of(body: JsonObject) -> Items:
    """The page in a list answer; a list in which nothing has the form of an item is none.

    Raises:
        BadAnswer: it is no list, or tells in no usable way where it goes on.
    """
    items = body.get("items")
    if not isinstance(items, list) or (items and not any(isinstance(i, dict) for i in items)):
        raise bad_answer("list of items")
    paging = object_of(body.get("paging"))
    total = paging.get("total_count")
    return Items(
        items=items,
        cursor=_cursor(body.get("cursor")),
        total=count_of(total) if isinstance(total, int) else None,
    )


def parameter_ids_of(body: JsonObject, term: str) -> tuple[str, ...]:
    """The filter ids for a term: the one of that very title, else all whose title holds it."""
    wanted = term.strip().casefold()
    titles = [
        (line_of(item.get("title")).casefold(), id_of(item.get("id")))
        for item in objects_of(items_of(body).items)
    ]
    exact = [found for title, found in titles if title == wanted and found]
    return tuple(exact or [found for title, found in titles if wanted in title and found])


def bad_answer(wanted: str) -> BadAnswer:
    """An answer that is not what was asked for."""
    return BadAnswer(
        f"Unipile's answer holds no {wanted}", "try again later", service="unipile", status=200
    )


def _cursor(value: object) -> str | None:
    """Where a list goes on: opaque, sent back as it came, never part of a path."""
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str) and len(value) <= _CURSOR_LENGTH_MAX and value.isprintable():
        return value
    raise bad_answer("usable place where its list goes on")
