"""The team's facts as rows of a tab, and what is to be done where tab and file say something else.

The file is what is told. A row that was changed, added or deleted changes the file; what was changed
in the file comes as a fresh row, for the department never writes over a cell of the team's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import msgspec

from ingagents.core.conversation.follow_up import date_of
from ingagents.core.messages.reader_language import LANGUAGES
from ingagents.core.sheet.layout import ASKS, FOR, FROM, LINK, TEXT, UNTIL
from ingagents.core.text.csv_injection import neutral_cell
from ingagents.model import Fact

OVER = "~old"
"""Behind the id of a row that another one has taken the place of; no id of a fact ends so."""

BOOKING = "booking:"
"""Before an owner's name, in a row that holds the address of their calendar and no fact."""

Cells = tuple[tuple[str, str], ...]
"""What stands in a fact's row, by header, without empty cells."""


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """What tab and file become, by id, and what both said when they last agreed (`base`).

    A row goes `to_file`, or its fact is `removed` from there; a fact gets a fresh row (`to_tab`), and
    the row it had is `over`.
    """

    to_file: tuple[str, ...] = ()
    removed: frozenset[str] = frozenset()
    to_tab: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    base: Mapping[str, Cells] = {}


def cells_of(fact: Fact) -> Cells:
    """A fact as its row says it."""
    said = {
        **{text_column(language): text for language, text in fact.text.items()},
        LINK: fact.link,
        FOR: ", ".join(fact.kinds),
        ASKS: ", ".join(fact.asks),
        FROM: fact.since.isoformat() if fact.since else "",
        UNTIL: fact.until.isoformat() if fact.until else "",
    }
    return tuple((name, neutral_cell(text)) for name, text in said.items() if text)


def booking_cells(address: str) -> Cells:
    """The address of somebody's calendar as its row says it."""
    return ((LINK, neutral_cell(address)),)


def owner_of(key: str) -> str | None:
    """Whose calendar a row is about; None: it is about a fact."""
    return key[len(BOOKING) :].strip() if key.casefold().startswith(BOOKING) else None


def keys_of_owners(owners: Iterable[str], rows: Iterable[str]) -> dict[str, str]:
    """By owner the key of their row, as the first row that names them is written."""
    keys: dict[str, str] = {}
    for key in rows:
        if (owner := owner_of(key)) is not None:
            keys.setdefault(owner.casefold(), key)
    return {owner: keys.get(owner.casefold(), f"{BOOKING} {owner}") for owner in owners}


def text_column(language: str) -> str:
    """The header of the text in a language; of what was given without one."""
    return f"{TEXT} ({language})" if language else TEXT


def table_of(identity: str, texts: Mapping[str, str]) -> dict[str, Any]:
    """A row as the file would say it, not checked yet."""
    by_language = {
        language: text
        for language in ("", *LANGUAGES)
        if (text := texts.get(text_column(language), ""))
    }
    table: dict[str, Any] = {"id": identity, "text": by_language.get("", "")}
    if len(by_language) > 1 or "" not in by_language:
        table["text"] = by_language
    table |= {
        "link": texts.get(LINK, ""),
        "for": _kinds(texts),
        "asks": _parts(texts.get(ASKS, "")),
    }
    for name, key in ((FROM, "from"), (UNTIL, "until")):
        if text := texts.get(name, ""):
            day = date_of(text)
            table[key] = day.isoformat() if day is not None else text
    return table


def merge(
    tab: Mapping[str, Cells],
    file: Mapping[str, Cells],
    base: Mapping[str, Cells],
    *,
    unread: Collection[str],
) -> Merged:
    """Compare both with what they said when they last agreed; `unread` rows change nothing.

    Where both were changed the file's word is told, and the row stays, told to be over.
    """
    to_file: list[str] = []
    to_tab: list[str] = []
    over: list[str] = []
    removed: set[str] = set()
    agreed = {key: cells for key, cells in base.items() if key in unread}
    for key in dict.fromkeys((*file, *tab, *base)):
        row, kept, before = tab.get(key), file.get(key), base.get(key)
        if key in unread:
            continue
        if row == kept:
            agreed |= {key: row} if row is not None else {}
        elif kept == before and row is not None:
            to_file.append(key)
            agreed[key] = row
        elif kept == before:
            removed.add(key)
        else:
            over += [key] if row is not None else []
            to_tab += [key] if kept is not None else []
            agreed |= {key: before} if before is not None else {}
    return Merged(
        to_file=tuple(to_file),
        removed=frozenset(removed),
        to_tab=tuple(to_tab),
        over=tuple(over),
        base=agreed,
    )


def is_cleared(tab: Collection[str], base: Collection[str]) -> bool:
    """Whether a tab lost all of several facts at once: somebody has cleared it, not changed it."""
    return len(base) > 1 and not set(tab) & set(base)


def _kinds(texts: Mapping[str, str]) -> list[str]:
    return [part.capitalize() for part in _parts(texts.get(FOR, ""))]


def _parts(text: str) -> list[str]:
    parts: Iterable[str] = (part.strip() for part in re.split(r"[,;\n]", text))
    return [part for part in parts if part]
