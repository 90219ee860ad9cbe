"""A person leaves the department: from tables, journal, mails and pages, not to be found anew.

Erasing waits for outreach and the sales manager to put down what they have in hand, so that no act
is on its way while the person goes. An act that a dead process left open, or that is in doubt, is
not looked up any more; it keeps its quota, and the hashed names keep everybody from a second one.

Files go first and the database after them: only the database knows whom to look for, and whoever
is interrupted in between finds the lead there and begins again. Rewriting the database's own files
comes last and is noted until it is done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import anyio.to_thread
import msgspec

from ingagents.communication import journal
from ingagents.context import Context
from ingagents.core.profiles.merge import weak_alias
from ingagents.core.text.redaction import Redactor, traces_of
from ingagents.display import Shown
from ingagents.errors import StoreError
from ingagents.events import LeadErased
from ingagents.model import Alias, Delivery, Lead, Profile, Reply
from ingagents.ports import Transaction
from ingagents.services.lookup import lead_named
from ingagents.store import erasure
from ingagents.store.engine.copy import tables_of
from ingagents.store.tables import (
    deliveries,
    key_value,
    leads,
    replies,
    sheet,
)
from ingagents.store.tables import (
    erased_identities as hashed_names,
)

Destroy = Callable[[Callable[[str], bool]], Mapping[str, int]]
"""Destroys the written files that name somebody; how many, by folder."""

UNFINISHED = "erasure.unfinished"
_PATIENCE_SECONDS = 10.0


class Erasure(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """What was erased: rows by table, files by folder, names kept as hashes, what is out of reach."""

    rows: Mapping[str, int]
    files: Mapping[str, int]
    hashed_names: int
    out_of_reach: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        fields: dict[str, Any] = msgspec.to_builtins(self)
        return fields


class _Person(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is kept of one person."""

    family: tuple[Lead, ...]
    aliases: tuple[Alias, ...]
    acts: tuple[Delivery, ...]
    answers: tuple[Reply, ...]

    def traces(self, stand_in: str) -> Redactor:
        return traces_of(self.family, self.aliases, self.acts, self.answers, stand_in=stand_in)


async def erase_person(context: Context, text: str, *, by: str, destroy: Destroy) -> Erasure:
    """Erase whom an id, the beginning of one, or a profile URL means.

    Raises:
        InputError: nobody, or more than one.
        BusyElsewhere: an agent of another process has work in hand; nothing was erased.
        OSError: a file could not be destroyed; the database still holds the person.
    """
    await _finish(context)
    stand_in = f"erased-{context.new_id()}"
    queue = context.queue
    async with (
        queue.session("outreach", patience_seconds=_PATIENCE_SECONDS),
        queue.session("sales_manager", patience_seconds=_PATIENCE_SECONDS),
    ):
        person = await context.store.read(lambda t: _person(t, text))
        named_in = person.traces(stand_in).named_in
        with context.clock.busy():  # a clock that jumps must not pass the leases' end meanwhile
            files = await anyio.to_thread.run_sync(destroy, named_in)

        def erase(transaction: Transaction) -> tuple[dict[str, int], int]:
            found = _person(transaction, text)
            return _erase(context, transaction, found, found.traces(stand_in), by=by, files=files)

        rows, names = await context.store.write(erase)
    out_of_reach = (*_in_campaign(person), *await _finish(context))
    return Erasure(rows=rows, files=files, hashed_names=names, out_of_reach=out_of_reach)


def _in_campaign(person: _Person) -> tuple[str, ...]:
    """What a campaign of the service's may still send them, which nobody here can stop any more."""
    if not any(act.texts and not act.state.frees_step for act in person.acts):
        return ()
    return ("the service's campaign has them with their texts: take them out in its own pages",)


async def _finish(context: Context) -> tuple[str, ...]:
    """Rewrite the database's files if an erasure waits for it; what could not be reached."""
    if await context.store.read(lambda t: key_value.noted(t, UNFINISHED)) is None:
        return ()
    try:
        left = await context.store.scrub()
    except StoreError as exc:
        return (
            f"the database's files still hold old pages ({exc.what}); the next erasing goes on",
        )
    await context.store.write(lambda t: key_value.forget(t, UNFINISHED))
    return left


def _person(transaction: Transaction, text: str) -> _Person:
    family = erasure.same_person(transaction, lead_named(transaction, text))
    return _Person(
        family=tuple(family),
        aliases=tuple(one for lead in family for one in leads.aliases_of(transaction, lead.id)),
        acts=tuple(one for lead in family for one in deliveries.of_recipient(transaction, lead.id)),
        answers=tuple(one for lead in family for one in replies.of_lead(transaction, lead.id)),
    )


def _erase(
    context: Context,
    transaction: Transaction,
    person: _Person,
    traces: Redactor,
    *,
    by: str,
    files: Mapping[str, int],
) -> tuple[dict[str, int], int]:
    """All of it in one commit; rows by table, and how many names are hashed."""
    now, family = context.clock.now(), person.family
    tables = tables_of(transaction.rows(context.store.CATALOGUE))
    names = {(str(alias.kind), alias.value) for alias in person.aliases}
    names |= {
        (str(alias.kind), alias.value)
        for lead in family
        for alias in weak_alias(Profile(name=lead.name, company=lead.company))
    }
    hashed = hashed_names.forget_in_clear(transaction, sorted(names), by=by, at=now)
    shown = sheet.rows_about(transaction, [lead.id for lead in family])
    told = journal.erase(transaction, [lead.id for lead in family], without=traces.without)
    rows = {
        "deliveries": erasure.erase_acts(transaction, family, person.answers, traces),
        "journal": len(told.rows),
        "inbox": told.no_longer_waiting,
        "cache": erasure.empty_cache(transaction),
        **erasure.erase_leads(transaction, tables, family),
        **erasure.erase_words(transaction, tables, traces),
    }
    sheet.forget_rows(transaction, shown)
    rows = {table: count for table, count in sorted(rows.items()) if count}
    counts = {**rows, **{f"files in {folder}": count for folder, count in files.items() if count}}
    context.queue.append(transaction, by, LeadErased(by=by, rows=told.rows, counts=counts))
    key_value.note(transaction, UNFINISHED, counts, at=now)
    return rows, hashed
