"""Rows that people typed or pasted into the Leads tab become leads, each answered where it stands.

The rules are those of an imported list. A row that is taken becomes its lead's row, but for one of a
table with a header of its own; any other is read anew by every sync, so that its answer is true and a
row that was mended is taken.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Protocol

import msgspec

from ingagents.communication.role_session import RoleSession
from ingagents.core.identity import aliases_of_profile
from ingagents.core.profiles.merge import Analysed, lacking, names_of, weak_alias
from ingagents.core.sheet.layout import ANSWER, LEADS, VETO
from ingagents.core.sheet.orphans import Back
from ingagents.core.sheet.table import Table
from ingagents.core.sheet.typed import HEADS, Content, answers_alone, content_of, typed_rows
from ingagents.events import LeadsImported
from ingagents.model import Alias, LeadId, ListedPerson, Profile, RefusedRow
from ingagents.model.spreadsheet import TabLook
from ingagents.ports import Transaction
from ingagents.services.leads.intake import Reception
from ingagents.store.tables import leads, sheet


class RowReader(Protocol):
    """How rows are read as people, the way a list of people is."""

    def people(
        self, headers: Sequence[str], rows: Mapping[int, Sequence[str]]
    ) -> Mapping[int, ListedPerson | RefusedRow]:
        """Each row a person, or the reason why not."""

    def heads(self, cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
        """Whether a row is the header of a table that was pasted with it."""

    def own(self, headers: Sequence[str]) -> Mapping[str, int]:
        """Where the columns of the list's own stand, by the names that templates call them."""

    def own_text(self, cell: str) -> str:
        """What a cell in such a column says; "" for nothing."""


SOURCE = "import:sheet"
_ROWS_A_COMMIT = 500
_ROWS_A_SYNC = 20_000
_NOBODY = "not taken: {}"
_NEVER = "not taken: suppressed, and so never to be written to"


class TypedIn(msgspec.Struct, frozen=True, kw_only=True):
    """The tab with the rows that were taken, what each of these holds, and what the others are told.

    `beside` counts people out of pasted tables, who get rows of their own.
    """

    table: Table
    taken: Mapping[str, Content] = {}
    beside: int = 0
    back: Back = {}


async def take_typed(
    session: RoleSession,
    reception: Callable[[], Awaitable[Reception]],
    reader: RowReader,
    *,
    table: Table,
    look: TabLook,
    back: Back,
    at: str,
) -> TypedIn:
    """Take in whoever is new in rows that are nobody's; `back` is what belongs into some of these.

    `at` is the time of day for the answers. A death after a commit loses nothing: the lead is
    known then, has no row, and gets this one by the next sync.
    """
    if ANSWER not in table.columns or table.tab.key not in table.columns:
        return TypedIn(table=table, back=back)
    found = _read(table, look, back, reader)
    told, people = found.told, found.people
    taken: dict[LeadId, int] = {}
    if people:
        intake = await reception()
        store = intake.context.store
        standing = {LeadId(key): rows[0] for key, rows in table.persons.items()}
        answers = await store.read(lambda t: [_why_not(t, one, standing) for _, one in people])
        told |= {row: why for (row, _), why in zip(people, answers, strict=True) if why}
        new = [person for person, why in zip(people, answers, strict=True) if not why]
        for start in range(0, len(new), _ROWS_A_COMMIT):
            chunk = new[start : start + _ROWS_A_COMMIT]
            asked = await intake.ask([profile for _, profile in chunk])
            analysed = [
                (row, intake.analyse(profile, source=SOURCE, asked=one))
                for (row, profile), one in zip(chunk, asked, strict=True)
            ]
            keep = partial(
                _keep, intake=intake, analysed=analysed, standing=standing | taken, at=at
            )
            kept, refused = await session.commit(keep)
            taken |= kept
            told |= refused
    pasted = {key: row for key, row in taken.items() if row in found.pasted}
    told |= dict.fromkeys(pasted.values(), f"taken {at}, into a row of its own")
    in_place = {key: row for key, row in taken.items() if key not in pasted}
    for column in dict.fromkeys(found.answered.values()):
        said = {row: why for row, why in told.items() if found.answered[row] == column}
        back = with_answers(table, back, said, column) if column else back
    return TypedIn(
        table=msgspec.structs.replace(
            table, persons={**table.persons, **{key: (row,) for key, row in in_place.items()}}
        ),
        taken={
            key: content_of(look, row, beside={table.key_position}) for key, row in in_place.items()
        },
        beside=len(pasted),
        back=back,
    )


class _Read(msgspec.Struct, kw_only=True):
    """What stands in the rows that are nobody's: people, and what the other rows are told at once.

    `answered` is by row the column its answer goes to, "" for none; `pasted` are the rows of tables
    with a header of their own.
    """

    people: list[tuple[int, Profile]]
    told: dict[int, str]
    answered: dict[int, str]
    pasted: frozenset[int]


def _read(table: Table, look: TabLook, back: Back, reader: RowReader) -> _Read:
    tables = typed_rows(table, look, back, answered=ANSWER, heads=reader.heads)
    told = dict.fromkeys(answers_alone(table, answered=ANSWER), "")
    answered = dict.fromkeys(told, ANSWER)
    people: list[tuple[int, Profile]] = []
    left = _ROWS_A_SYNC
    for one in tables:
        rows = dict(list(one.rows.items())[:left])
        left -= len(rows)
        answered |= dict.fromkeys(rows, one.answered)
        if one.head is not None:
            told[one.head], answered[one.head] = HEADS, one.answered
        vetoed = one.vetoed
        for row, person in reader.people(one.headers, rows).items() if rows else ():
            if row in vetoed:
                told[row] = f"not taken: “{vetoed[row][:40]}” stands under {VETO}"
            elif isinstance(person, ListedPerson):
                people.append((row, person.profile))
            else:
                told[row] = f"not taken: {person.why}"
    pasted = (row for one in tables if one.head is not None for row in one.rows)
    return _Read(people=people, told=told, answered=answered, pasted=frozenset(pasted))


def _why_not(transaction: Transaction, profile: Profile, standing: Mapping[LeadId, int]) -> str:
    """Why somebody is not taken from this row; "" when they are."""
    aliases = aliases_of_profile(profile) or weak_alias(profile)
    named = aliases and profile.name
    return _not_taken(transaction, aliases, standing) if named else _NOBODY


def _not_taken(
    transaction: Transaction, aliases: tuple[Alias, ...], standing: Mapping[LeadId, int]
) -> str:
    known = leads.find_by_aliases(transaction, aliases)
    if known is not None:
        return f"the same as row {standing[known.id] + 1}" if known.id in standing else ""
    return _NEVER if leads.is_suppressed(transaction, names_of(aliases)) else ""


def _keep(
    transaction: Transaction,
    *,
    intake: Reception,
    analysed: Sequence[tuple[int, Analysed]],
    standing: dict[LeadId, int],
    at: str,
) -> tuple[dict[LeadId, int], dict[int, str]]:
    """Keep people, one after the other: who got which row, and what the other rows are told."""
    taken: dict[LeadId, int] = {}
    told: dict[int, str] = {}
    answers: dict[str, str] = {}
    merged = 0
    for row, one in analysed:
        if why := _not_taken(transaction, one.aliases, standing | taken):
            told[row] = why
            continue
        before = leads.find_by_aliases(transaction, one.aliases)
        kept = intake.keep(transaction, one)
        if kept in {"unusable", "suppressed"}:
            told[row] = _NOBODY.format(lacking(one.lead.profile)) if kept == "unusable" else _NEVER
            continue
        merged += kept == "known"
        lead = before or one.lead
        taken[lead.id] = row
        lacks = "" if lead.linkedin_url or one.lead.linkedin_url else _NO_ADDRESS
        answers[lead.id] = f"taken {at}{lacks}"
    sheet.keep_answers(transaction, LEADS, answers)
    count, refused = len(taken) - merged, len(told)
    event = LeadsImported(source=SOURCE, taken=count, merged=merged, refused=refused)
    intake.context.queue.append(transaction, SOURCE, event)
    return taken, told


_NO_ADDRESS = "; no LinkedIn address, and so nobody writes to them yet"


def with_answers(table: Table, back: Back, told: Mapping[int, str], column: str = ANSWER) -> Back:
    """What belongs into rows of nobody's, the answers in a column among it."""
    answers = {row: cell for row, cell in back.get(column, {}).items() if row not in told}
    answers |= {row: why for row, why in told.items() if table.at(row, column) != why}
    return {**back, column: answers} if answers else back
