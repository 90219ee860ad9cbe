"""A person leaves the tables: what is theirs goes, what counts stays without them.

Acts towards them stay as figures, for the limits are the account's and not the person's. Whatever
else may name them (a note, an error's text) is gone through word by word, tables included that did
not exist when this was written: one with a `lead_id` loses the lead's rows, and every row that is
nobody's the words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingagents.core.text.redaction import Redactor
from ingagents.model import DeliveryState, Lead, Reply, Step, StepKind
from ingagents.ports import Transaction
from ingagents.store.engine.copy import KEY_WIDTH, pages
from ingagents.store.tables import lead_counts, leads

_NOT_GONE_THROUGH = frozenset({"leads", "journal", "deliveries", "cache"})
"""Tables with a way of their own; what a lead's own row says of others is not about the person."""


def same_person(transaction: Transaction, lead: Lead) -> list[Lead]:
    """The lead, and every other that was found to be the same person."""
    found, left = {lead.id: lead}, [lead]
    while left:
        one = left.pop()
        names = leads.doubles_of(transaction, one.id)
        if one.duplicate_of is not None:
            names.append(one.duplicate_of)
        for name in names:
            other = leads.find(transaction, name)
            if other is not None and other.id not in found:
                found[other.id] = other
                left.append(other)
    return list(found.values())


def erase_acts(
    transaction: Transaction, family: Sequence[Lead], answers: Sequence[Reply], traces: Redactor
) -> int:
    """Leave of each act that there was one, of which kind, when and how it ended.

    One in doubt is looked up no more: it is taken for lost, which keeps its quota used. A mail
    to the team that names the person loses its text.
    """
    changed = 0
    for number, lead in enumerate(family, start=1):
        changed += transaction.run(
            f"UPDATE deliveries SET recipient = :stand_in, {_NOTHING_TOLD}, state = CASE"
            " WHEN state IN ('claimed', 'attempted', 'uncertain') THEN :lost ELSE state END"
            " WHERE recipient = :id",
            {
                "id": lead.id,
                "stand_in": f"{traces.stand_in}-{number}",
                "lost": DeliveryState.LOST.value,
            },
        )
    steps = {str(Step(StepKind.REPLY, reply.id)) for reply in answers}
    for act, step, text, detail in transaction.rows(
        "SELECT id, step, text, detail FROM deliveries WHERE kind IN ('alert', 'report')"
    ):
        if step in steps or traces.named_in(f"{text}\n{detail}"):
            changed += transaction.run(
                f"UPDATE deliveries SET step = :step, {_NOTHING_TOLD} WHERE id = :id",
                {"id": act, "step": str(Step(StepKind.ERASED, act)) if step in steps else step},
            )
    return changed


def empty_cache(transaction: Transaction) -> int:
    """Drop every kept answer: what is kept by a hash cannot be asked whom it is about."""
    return transaction.run("DELETE FROM cache")


def erase_leads(
    transaction: Transaction, tables: Mapping[str, Sequence[str]], family: Sequence[Lead]
) -> dict[str, int]:
    """Delete the leads and every row that is theirs; how many from which table."""
    gone: dict[str, int] = {}
    theirs = [name for name in tables if "lead_id" in tables[name] and name != "journal"]
    for table, column in (*((name, "lead_id") for name in sorted(theirs)), ("leads", "id")):
        for lead in family:
            count = transaction.run(f"DELETE FROM {table} WHERE {column} = :id", {"id": lead.id})
            gone[table] = gone.get(table, 0) + count
    for lead in family:
        lead_counts.gone(transaction, lead)
    return gone


def erase_words(
    transaction: Transaction, tables: Mapping[str, Sequence[str]], traces: Redactor
) -> dict[str, int]:
    """Put the stand-in where any other table names the person; how many rows that changed."""
    changed: dict[str, int] = {}
    for table, columns in tables.items():
        if table in _NOT_GONE_THROUGH:
            continue
        every = [row for page in pages(transaction, table, tuple(columns)) for row in page]
        for row in every:
            if "lead_id" in columns and row[columns.index("lead_id")]:
                continue  # another lead's: what it says is about that one
            new = {
                name: left
                for name, value in zip(columns, row, strict=True)
                if isinstance(value, str) and (left := traces.without(value)) != value
            }
            if new:
                sets = ", ".join(f"{name} = :{name}" for name in new)
                key = {f"{name}_": row[at] for at, name in enumerate(columns[:KEY_WIDTH])}
                here = " AND ".join(
                    f"{name[:-1]} IS NULL" if value is None else f"{name[:-1]} = :{name}"
                    for name, value in key.items()
                )
                transaction.run(f"UPDATE {table} SET {sets} WHERE {here}", {**new, **key})
                changed[table] = changed.get(table, 0) + 1
    return changed


_NOTHING_TOLD = (
    "text = '', text_hash = '', address = '', service_id = '', chat_id = '', detail = 'erased',"
    " looks = '[]', facts = '[]', texts = '{}'"
)
