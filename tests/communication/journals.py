"""What tests of the journal write into it, take out of it and do to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ingagents.commands import SearchRequest
from ingagents.communication import inbox, journal, journal_audit
from ingagents.communication.inbox import InboxItem
from ingagents.events import Event, LeadSuppressed
from ingagents.store.engine.group_commit import ThreadedStore
from tests.factories import MONDAY
from tests.support import numbered_ids

ids = numbered_ids("event")


async def publish(store: ThreadedStore, *events: Event, at=MONDAY) -> None:
    await store.write(lambda t: journal.append(t, events, agent="sales_manager", at=at, new_id=ids))


def history(word: str) -> LeadSuppressed:
    """An event that nobody waits for."""
    return LeadSuppressed(subject=word)


def request(number: int) -> SearchRequest:
    return SearchRequest(wanted=number)


async def take(
    store: ThreadedStore, *, now=MONDAY, limit: int = 64, consumer: Any = "lead_finder"
) -> list[InboxItem]:
    return await store.write(lambda t: inbox.claim_batch(t, consumer, now=now, limit=limit))


async def acknowledge(store: ThreadedStore, *page: InboxItem) -> None:
    await store.write(lambda t: inbox.acknowledge(t, page))


async def change(store: ThreadedStore, sql: str, **parameters: object) -> None:
    assert await store.write(lambda t: t.run(sql, parameters)), "the test must change something"


def numbers(page: Sequence[InboxItem]) -> list[int]:
    return [getattr(waiting.published.event, "wanted", -1) for waiting in page]


async def faults(store: ThreadedStore) -> list[int]:
    found = await store.read(journal_audit.verify)
    assert all(fault.what for fault in found)
    return [fault.seq for fault in found]
