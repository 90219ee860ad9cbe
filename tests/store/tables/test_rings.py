"""Rings: each once, the account's news again once it was heard, each account's its own, so many at most."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from ingagents.model import AccountId, Ring, RingKind
from ingagents.ports import Store, Transaction
from ingagents.store.tables import rings
from ingagents.store.tables.rings import Unheard
from tests.support import open_test_store

pytestmark = pytest.mark.usefixtures("database")

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
OURS, OTHERS = AccountId("ours"), AccountId("others")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with open_test_store(tmp_path) as opened:
        yield opened


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


async def ring(
    store: Store,
    key: str,
    minutes: float = 0,
    kind: RingKind = RingKind.MESSAGE,
    account_id: AccountId = OURS,
) -> bool:
    rung = Ring(account_id=account_id, kind=kind, key=key)
    return await store.write(lambda t: rings.ring(t, "unipile", rung, now=after(minutes)))


async def hear(store: Store, kind: RingKind, until: float) -> None:
    heard = partial(rings.hear, kind=kind, until=after(until), now=after(until))
    await store.write(lambda t: heard(t, OURS))


async def unheard(store: Store, account_id: AccountId = OURS) -> dict[RingKind, Unheard]:
    return dict(await store.read(lambda t: rings.unheard(t, account_id)))


async def test_a_ring_counts_once_and_is_heard_up_to_a_moment(store):
    assert await store.read(rings.last) is None
    assert [await ring(store, "a", 1), await ring(store, "a", 2), await ring(store, "b", 3)] == [
        True,
        False,
        True,
    ]
    assert await unheard(store) == {RingKind.MESSAGE: Unheard(after(1), after(3))}
    await hear(store, RingKind.ACCEPTANCE, 9)
    await hear(store, RingKind.MESSAGE, 1)
    assert await unheard(store) == {RingKind.MESSAGE: Unheard(after(3), after(3))}
    await hear(store, RingKind.MESSAGE, 3)
    assert await unheard(store) == {}
    assert not await ring(store, "a", 4)
    assert await store.read(rings.last) == after(3)


async def test_news_of_the_account_rings_again_once_it_was_heard(store):
    kind = RingKind.ACCOUNT
    assert [await ring(store, "CREDENTIALS", minute, kind) for minute in (0, 1)] == [True, False]
    await hear(store, kind, 2)
    assert await ring(store, "CREDENTIALS", 5, kind)
    assert await unheard(store) == {kind: Unheard(after(5), after(5))}


async def test_what_rings_for_another_account_waits_for_whoever_works_for_it(store):
    assert await ring(store, "a")
    assert await ring(store, "a", account_id=OTHERS)
    await hear(store, RingKind.MESSAGE, 1)
    assert await unheard(store) == {}
    assert set(await unheard(store, OTHERS)) == {RingKind.MESSAGE}


async def test_the_oldest_are_forgotten(store):
    def flood(transaction: Transaction) -> None:
        for number in range(rings.KEPT + 5):
            rung = Ring(account_id=OURS, kind=RingKind.MESSAGE, key=str(number))
            rings.ring(transaction, "unipile", rung, now=after(number))

    await store.write(flood)
    assert await unheard(store) == {RingKind.MESSAGE: Unheard(after(5), after(rings.KEPT + 4))}
