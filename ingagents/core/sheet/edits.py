"""What people wrote into the sheet: found once, understood or not, and never more than data.

A word is new when the row has not said it before. What was seen is kept as the set of what all
rows of a lead say, so that a row that was copied, sorted or moved says nothing new by it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Literal

import msgspec

from ingagents.core.conversation.follow_up import PLACE_MAX, date_of, stage_and_reason
from ingagents.core.sheet.answers import is_none, read_approval, read_veto
from ingagents.core.sheet.layout import (
    APPROVE,
    CLOSE,
    CORRECT_CLASSIFICATION,
    CORRECT_SCORE,
    NEXT_DATE,
    NOTES,
    OWNER,
    PLACE,
    SETTLE,
    STAGE,
    VETO,
)
from ingagents.core.sheet.table import Table, cell_text
from ingagents.core.text.csv_injection import original_cell
from ingagents.model import Classification, ContactStatus, LeadStage
from ingagents.model.spreadsheet import Cell

WORD_MAX = 5000
"""Characters of a note that are kept."""

COUNTERPARTS = {
    CLOSE: "Status",
    CORRECT_CLASSIFICATION: "Classification",
    CORRECT_SCORE: "Quality score",
}
"""A correction's column, and the department's column that it corrects."""

Seen = Mapping[tuple[str, str], tuple[str, ...]]
"""By (key, column): what its rows were seen to say; with "" among it, before they went out of sight."""

_OUT_OF_SIGHT = ""
"""Beside what was seen: the row or the column is not there now. No word is empty."""

_GOES_ON = frozenset(
    status.value.casefold() for status in (ContactStatus.NOT_CONTACTED, ContactStatus.ALLOCATED)
)
"""What a person can set somebody to who is to be written to; nothing is held back by that."""

_SCORE = re.compile(r"(10|[1-9])(?:[.,](\d{1,2}))?", re.ASCII)


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """Something new in a column of the team's. Empty `text`: what stood there was taken out.

    `row` is where it stands, -1 when it stands nowhere any more. `others` holds what further rows
    of the same key newly say instead: then nobody can tell which is meant. `standing` is all that
    the key's rows say by now, new or not.
    """

    key: str
    column: str
    text: str
    row: int = -1
    others: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """The new words of a tab, and what is seen from now on."""

    words: tuple[Word, ...]
    seen: Seen


def read_words(table: Table, seen: Seen, *, unread: Collection[str] = ()) -> Reading:
    """Compare what people's columns say with what was seen.

    A row that is gone, or a column, says nothing: what it said is not taken back, and is nothing
    new if it comes back as it was (somebody undid it). Once it was seen empty it is forgotten. The
    rows of `unread` keys are not read at all: their people were erased.
    """
    now: dict[tuple[str, str], tuple[str, ...]] = {}
    places: dict[tuple[str, str, str], int] = {}
    for column in table.tab.human:
        cells = table.columns.get(column)
        if cells is None:
            continue
        for key, rows in table.persons.items():
            if key in unread:
                continue
            said: dict[str, int] = {}
            for row in rows:
                if row < len(cells) and (text := _word(cells[row])):
                    said.setdefault(text, row)
            if said:
                now[key, column] = tuple(sorted(said))
                places |= {(key, column, text): row for text, row in said.items()}
    words = [word for at, texts in now.items() if (word := _new(at, texts, seen, places))]
    for (key, column), said_before in seen.items():
        if (key, column) in now or key in unread:
            continue
        if key not in table.persons or column not in table.columns:
            now[key, column] = tuple(sorted({*said_before, _OUT_OF_SIGHT}))
        elif _OUT_OF_SIGHT not in said_before:
            words.append(Word(key=key, column=column, text=""))
    return Reading(words=tuple(words), seen=now)


def _new(
    at: tuple[str, str],
    texts: tuple[str, ...],
    seen: Seen,
    places: Mapping[tuple[str, str, str], int],
) -> Word | None:
    key, column = at
    fresh = [text for text in texts if text not in seen.get(at, ())]
    if not fresh:
        return None
    row = places[key, column, fresh[0]]
    return Word(
        key=key,
        column=column,
        text=fresh[0],
        row=row,
        others=tuple(fresh[1:]),
        standing=texts,
    )


def _word(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else ""  # an empty tick box says nothing
    return original_cell(cell_text(cell))[:WORD_MAX]


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What a word asks for. `value` is what to set; for "unclear" it is why nothing is done.

    "hold" keeps anything from being sent to the person until "clear": somebody wants something of
    them that is not understood, and `value` is in which words.
    """

    do: Literal[
        "veto", "hold", "clear", "close", "classify", "score", "stage", "place", "own", "next", "note", "approve",
        "extra", "reject", "settle", "nothing", "unclear",
    ]  # fmt: skip
    value: str = ""
    reason: str = ""


def understand(word: Word, stages: Sequence[str] = tuple(LeadStage)) -> Order:
    """A word as an order. Whatever is not plainly one is "unclear", and says what would be.

    A column that is none of ours is the team's own, and what stands there is "extra".
    """
    if word.column == VETO:
        return _veto(word.standing or (word.text,))
    if word.others:
        rows = ", ".join(f"“{one[:40]}”" for one in (word.text, *word.others[:4]))
        return Order(do="unclear", value=f"several rows say {rows}: nobody can tell which is meant")
    if word.column == STAGE:
        return _staged(word.text, stages)
    reader = _READERS.get(word.column)
    plain = " ".join(word.text.casefold().split())
    return reader(word.text, plain) if reader is not None else Order(do="extra", value=word.text)


def _veto(texts: Sequence[str]) -> Order:
    """The strictest of what a person's rows say: one row's no is not undone by another's."""
    read = [(read_veto(text), text) for text in texts]
    if any(veto == "veto" for veto, _ in read):
        return Order(do="veto")
    held = next((text for veto, text in read if veto == "hold"), None)
    return Order(do="clear") if held is None else Order(do="hold", value=held)


def _approval(text: str, plain: str) -> Order:
    if plain == SENT:
        return Order(do="approve", value=SENT)
    match read_approval(text):
        case "unclear":
            return Order(do="unclear", value=f"“{text[:40]}” is neither yes nor no")
        case plainly:
            return Order(do=plainly)


SENT = "sent"
"""What somebody writes under Approve who has sent what was theirs to send."""


def _owned(text: str, _plain: str) -> Order:
    return Order(do="own", value=text[:200])


def _placed(text: str, _plain: str) -> Order:
    return Order(do="place", value="" if is_none(text) else " ".join(text.split())[:PLACE_MAX])


def _staged(text: str, stages: Sequence[str]) -> Order:
    stage, reason = stage_and_reason(text, stages)
    if stage is not None or is_none(text):
        return Order(do="stage", value=stage or "", reason=reason)
    return Order(do="unclear", value=f"“{text[:40]}” is none of {', '.join(stages)}")


def _dated(text: str, _plain: str) -> Order:
    day = date_of(text)
    if day is not None or is_none(text):
        return Order(do="next", value=day.isoformat() if day else "")
    return Order(do="unclear", value=f"“{text[:40]}” is no date such as 2027-01-31")


def _noted(text: str, _plain: str) -> Order:
    return Order(do="note", value=text)


def _closed(text: str, plain: str) -> Order:
    """Closed, or a status that only the department gives. Any other ends the sending till then."""
    if plain.strip("!.") in {"closed", "close"}:
        return Order(do="close")
    if not plain:
        return Order(do="clear")
    if plain in _GOES_ON:
        return Order(do="unclear", value=f"“{text[:40]}” cannot be set here, only Closed can")
    return Order(do="hold", value=text)


def _settled(_text: str, plain: str) -> Order:
    if plain in {"sheet", "database"}:
        return Order(do="settle", value=plain)
    return Order(do="unclear", value="write sheet or database") if plain else Order(do="nothing")


def _classified(text: str, plain: str) -> Order:
    for kind in Classification:
        if plain == kind.value.casefold():
            return Order(do="classify", value=kind.value)
    wanted = ", ".join(kind.value for kind in Classification)
    if not plain:
        return Order(do="nothing")
    return Order(do="unclear", value=f"“{text[:40]}” is none of {wanted}")


def _scored(text: str, plain: str) -> Order:
    found = _SCORE.fullmatch(plain)
    if found is not None and float(value := f"{found[1]}.{found[2] or 0}") <= 10:
        return Order(do="score", value=value)
    if not plain:
        return Order(do="nothing")
    return Order(do="unclear", value=f"“{text[:40]}” is no score from 1 to 10")


_READERS: Mapping[str, Callable[[str, str], Order]] = {
    PLACE: _placed,
    OWNER: _owned,
    NEXT_DATE: _dated,
    NOTES: _noted,
    CLOSE: _closed,
    CORRECT_CLASSIFICATION: _classified,
    CORRECT_SCORE: _scored,
    APPROVE: _approval,
    SETTLE: _settled,
}
