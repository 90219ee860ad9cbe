"""A department moves from one database to another and back: nothing lost, nothing overwritten."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ingagents.commands import SearchRequest
from ingagents.communication import journal, journal_audit
from ingagents.core.llm.pricing import Budgets
from ingagents.errors import InputError, StoreError
from ingagents.model import Alias
from ingagents.ports import Transaction
from ingagents.store.engine import copy
from ingagents.store.engine.group_commit import ThreadedStore
from ingagents.store.engine.open_store import open_store
from ingagents.store.engine.sqlite import connect
from ingagents.store.tables import (
    deliveries,
    holds,
    key_value,
    leads,
    llm_spend,
    replies,
    schedule,
    sheet,
)
from tests.factories import MONDAY, a_delivery, a_lead, a_reply, an_analysis, an_effect
from tests.postgres import PostgresServer
from tests.store.tables.test_llm_spend import a_call
from tests.support import numbered_ids

MANY = 1203
"""More than a page, and no whole number of pages."""


def opened(url: str, folder: Path) -> ThreadedStore:
    store = open_store(url, folder=folder)
    assert isinstance(store, ThreadedStore)
    return store


def a_department(transaction: Transaction) -> None:
    for number in range(MANY):
        lead = a_lead(number, name="Zoë 'Ü' %s :x \U0001f600")
        leads.insert(
            transaction, lead, [Alias("slug", f"u{number}"), Alias("email", f"{number}@x")]
        )
    deliveries.claim(transaction, a_delivery(1))
    replies.keep(transaction, a_reply(1), an_analysis(), an_effect(), now=MONDAY)
    leads.suppress(transaction, [("domain", "x.example")], reason="r", by="me", at=MONDAY)
    holds.hold(transaction, a_delivery(1).account_id, "gap", until=MONDAY, reason="")
    schedule.begin(transaction, "search", due_at=MONDAY, now=MONDAY)
    key_value.note(transaction, "paused", {"by": "me"}, at=MONDAY)
    # A page ends amid the columns of one row of the sheet.
    words = {(f"row{number // 3:04}", f"column{number % 3}"): ("x",) for number in range(MANY)}
    sheet.keep_seen(transaction, "leads", {}, words)
    for number in range(3):
        about = (a_lead(1).id, a_lead(2).id)
        call = a_call(number, leads=about, usd=0.1)
        llm_spend.reserve(transaction, call, budgets=Budgets(daily=1, lead=1), since=MONDAY)
    llm_spend.keep_answer(transaction, "k", {"a": 1}, now=MONDAY, until=MONDAY + timedelta(hours=1))
    events = [SearchRequest(wanted=number) for number in range(MANY)]
    journal.append(transaction, events, agent="x", at=MONDAY, new_id=numbered_ids())


async def everything(store: ThreadedStore) -> dict[str, list[Any]]:
    def read(transaction: Transaction) -> dict[str, list[Any]]:
        tables = sorted({row[0] for row in transaction.rows(store.CATALOGUE)})
        return {
            table: sorted(transaction.rows(f"SELECT * FROM {table}"), key=repr) for table in tables
        }

    return await store.read(read)


async def test_there_and_back_again_everything_is_as_it_was(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    url = postgres.fresh(template="empty_shape")
    first = opened("sqlite:///first.db", tmp_path)
    there = opened(url, tmp_path)
    back = opened("sqlite:///back.db", tmp_path)
    await first.write(a_department)
    heard: list[tuple[int, int]] = []
    counts = await copy.copy(first, there, on_progress=lambda *one: heard.append(one))
    assert heard[-1] == (sum(counts.values()),) * 2
    assert heard == sorted(heard)
    assert counts["leads"] == counts["journal"] == MANY
    assert counts["identities"] == 2 * MANY
    await copy.copy(there, back)
    before = await everything(first)
    assert len(before) >= 12, "every table is looked at"
    assert await everything(there) == before
    assert await everything(back) == before
    for store in (there, back):
        assert await store.read(journal_audit.verify) == ()
    new_id = numbered_ids("later")
    await there.write(
        lambda t: journal.append(t, [SearchRequest(wanted=1)], agent="x", at=MONDAY, new_id=new_id)
    )
    assert await there.read(journal_audit.verify) == (), "the chain goes on"
    for store in (first, there, back):
        await store.close()
    postgres.drop(url)


@pytest.mark.parametrize("held", ["a lead", "a note"])
async def test_a_target_that_holds_anything_is_refused_and_left_alone(
    tmp_path: Path, held: str
) -> None:
    first, second = opened("sqlite:///1.db", tmp_path), opened("sqlite:///2.db", tmp_path)
    await first.write(a_department)
    await second.write(
        (lambda t: leads.insert(t, a_lead(7), []))
        if held == "a lead"
        else (lambda t: key_value.note(t, "x", 1, at=MONDAY))
    )
    before = await everything(second)
    with pytest.raises(InputError, match="already holds"):
        await copy.copy(first, second)
    assert await everything(second) == before
    await first.close()
    await second.close()


async def test_a_row_that_cannot_be_copied_leaves_the_target_empty(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    url = postgres.fresh()
    first, second = opened("sqlite:///1.db", tmp_path), opened(url, tmp_path)
    await first.write(a_department)
    with closing(connect(tmp_path / "1.db")) as raw:
        raw.execute("UPDATE replies SET confidence = 'much'")
    with pytest.raises(StoreError):
        await copy.copy(first, second)
    assert not any((await everything(second)).values())
    await first.close()
    await second.close()
    postgres.drop(url)


async def test_an_empty_source_is_said(tmp_path: Path) -> None:
    first, second = opened("sqlite:///1.db", tmp_path), opened("sqlite:///2.db", tmp_path)
    with pytest.raises(InputError, match="nothing to copy"):
        await copy.copy(first, second)
    await first.close()
    await second.close()
