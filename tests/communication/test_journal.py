"""The journal: nothing is lost, order is kept, what cannot be handled is set aside and named."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from ingagents.communication import inbox, journal
from ingagents.communication.inbox import MAX_ATTEMPTS
from ingagents.errors import InputError, StoreError
from ingagents.events import (
    AgentError,
    DecisionMade,
    MessageSent,
)
from ingagents.model import DeliveryKind, LeadId
from ingagents.ports import Transaction
from ingagents.store.engine.group_commit import ThreadedStore
from tests.communication.journals import (
    acknowledge,
    change,
    faults,
    history,
    ids,
    numbers,
    publish,
    request,
    take,
)
from tests.factories import MONDAY, a_decision
from tests.support import open_test_store

pytestmark = pytest.mark.usefixtures("database")

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[ThreadedStore]:
    async with open_test_store(tmp_path) as opened:
        yield opened


async def test_events_come_in_the_order_they_were_committed(store: ThreadedStore) -> None:
    for number in range(5):
        await publish(store, request(10 * number), request(10 * number + 1))
    page = await take(store)
    assert numbers(page) == [0, 1, 10, 11, 20, 21, 30, 31, 40, 41]
    assert [waiting.published.seq for waiting in page] == list(range(1, 11))
    assert {waiting.attempt for waiting in page} == {1}
    assert page[0].published.timestamp == MONDAY


async def test_every_consumer_gets_its_own_events_and_history_waits_for_nobody(
    store: ThreadedStore,
) -> None:
    error = AgentError(agent="outreach", error="x")
    await publish(store, request(1), error, history("kim"))
    assert await store.read(inbox.counts) == {
        "lead_finder": {"waiting": 1},
        "sales_manager": {"waiting": 1},
    }
    (waiting,) = await take(store, consumer="sales_manager")
    await acknowledge(store, waiting)
    assert len(await take(store)) == 1
    assert await store.read(journal.last_seq) == 3
    assert [entry.type for entry in await store.read(journal.entries)] == [
        "search_request",
        "agent_error",
        "lead_suppressed",
    ]


async def test_an_event_and_its_commit_are_one(store: ThreadedStore) -> None:
    def publish_and_fail(transaction: Transaction) -> None:
        journal.append(transaction, [request(1)], agent="x", at=MONDAY, new_id=ids)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await store.write(publish_and_fail)
    await publish(store, request(2))
    page = await take(store)
    assert numbers(page) == [2]
    assert page[0].published.seq == 1


async def test_what_was_taken_and_not_acknowledged_is_handed_out_again_alone(
    store: ThreadedStore,
) -> None:
    await publish(store, *map(request, range(4)))
    assert numbers(await take(store, limit=2)) == [0, 1]
    # The process dies here. The two it had in hand are suspects; they go first, one by one.
    seen = []
    while page := await take(store):
        seen.append([(one.attempt, getattr(one.published.event, "wanted", -1)) for one in page])
        await acknowledge(store, *page)
    assert seen == [[(2, 0)], [(2, 1)], [(1, 2), (1, 3)]]


async def test_a_retried_event_goes_alone_and_before_the_fresh_ones(store: ThreadedStore) -> None:
    await publish(store, *map(request, range(5)))
    first, second, third = await take(store, limit=3)
    await acknowledge(store, first)
    await store.write(lambda t: inbox.fail(t, second, "x", now=MONDAY))
    await acknowledge(store, third)
    seen = []
    while page := await take(store, now=MONDAY + SECOND):
        seen.append(numbers(page))
        await acknowledge(store, *page)
    assert seen == [[1], [3, 4]]


async def test_what_was_handled_and_what_failed_is_not_in_hand_when_the_process_dies(
    store: ThreadedStore,
) -> None:
    await publish(store, *map(request, range(4)))
    first, second, *_ = await take(store)
    await acknowledge(store, first)
    await store.write(lambda t: inbox.fail(t, second, "x", now=MONDAY))
    # The process dies here, with two in hand.
    seen = []
    while page := await take(store):
        seen.append([(one.attempt, getattr(one.published.event, "wanted", -1)) for one in page])
        await acknowledge(store, *page)
    assert seen == [[(2, 2)], [(2, 3)]], "and the failed one waits for its time"


async def test_history_between_events_moves_no_place_by_itself(store: ThreadedStore) -> None:
    await publish(store, request(1), history("a"), request(2), history("b"))
    first, second = await take(store)
    await acknowledge(store, first)
    await store.write(lambda t: inbox.give_back(t, [second]))
    (second,) = await take(store)
    assert second.attempt == 1
    await acknowledge(store, second)
    assert await take(store) == []
    await publish(store, request(3))
    assert numbers(await take(store)) == [3]


async def test_an_event_that_kills_its_process_each_time_ends_in_the_dead_letters(
    store: ThreadedStore,
) -> None:
    await publish(store, request(1), request(2))
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert [one.attempt for one in await take(store, limit=1)] == [attempt]
    page = await take(store)
    assert numbers(page) == [2], "what stands behind it goes on"
    (letter,) = await store.read(inbox.dead_letters)
    assert (letter.seq, letter.attempts) == (1, MAX_ATTEMPTS)
    assert "died" in letter.error


async def test_a_failing_event_waits_longer_each_time_and_then_is_dead(
    store: ThreadedStore,
) -> None:
    await publish(store, request(1))
    now, pauses = MONDAY, []
    for attempt in range(1, MAX_ATTEMPTS + 1):
        (waiting,) = await take(store, now=now)
        assert waiting.attempt == attempt
        dead = await store.write(
            lambda t, w=waiting, at=now: inbox.fail(t, w, "it broke\ntrace", now=at)  # type: ignore[misc]
        )
        assert dead is (attempt == MAX_ATTEMPTS)
        retry = await store.read(lambda t: inbox.next_retry(t, "lead_finder"))
        if not dead:
            assert retry is not None
            pauses.append((retry - now).total_seconds())
            assert await take(store, now=retry - timedelta(microseconds=1)) == []
            now = retry
    assert pauses == sorted(set(pauses))
    assert await take(store, now=now + 365 * DAY) == []
    (letter,) = await store.read(inbox.dead_letters)
    assert (letter.consumer, letter.attempts, letter.type) == (
        "lead_finder",
        MAX_ATTEMPTS,
        "search_request",
    )
    assert letter.error == "it broke\ntrace"
    assert await store.read(inbox.counts) == {"lead_finder": {"dead": 1}}


@pytest.mark.parametrize(("wished", "waits"), [(0.0, 1.0), (90.0, 90.0), (1e9, 3600.0)])
async def test_a_services_wish_to_be_left_alone_is_heard(
    store: ThreadedStore, wished: float, waits: float
) -> None:
    await publish(store, request(1))
    (waiting,) = await take(store)
    await store.write(
        lambda t: inbox.fail(t, waiting, "busy", now=MONDAY, retry_after_seconds=wished)
    )
    retry = await store.read(lambda t: inbox.next_retry(t, "lead_finder"))
    assert retry == MONDAY + timedelta(seconds=waits)


async def test_the_events_behind_a_failed_one_go_on(store: ThreadedStore) -> None:
    await publish(store, *map(request, range(3)))
    page = await take(store, limit=1)
    await store.write(lambda t: inbox.fail(t, page[0], "x", now=MONDAY))
    assert numbers(await take(store)) == [1, 2]
    assert await store.read(lambda t: inbox.has_waiting(t, "lead_finder", now=MONDAY))


async def test_what_was_given_back_counts_as_never_taken(store: ThreadedStore) -> None:
    await publish(store, *map(request, range(3)))
    page = await take(store)
    await store.write(lambda t: inbox.give_back(t, page))
    again = await take(store)
    assert numbers(again) == [0, 1, 2]
    assert {waiting.attempt for waiting in again} == {1}


async def test_a_dead_letter_can_be_given_back_as_new(store: ThreadedStore) -> None:
    await publish(store, request(1))
    (waiting,) = await take(store)
    last = msgspec.structs.replace(waiting, attempt=MAX_ATTEMPTS)
    assert await store.write(lambda t: inbox.fail(t, last, "x", now=MONDAY)) is True
    assert await store.write(lambda t: inbox.requeue(t, 1)) == 1
    (waiting,) = await take(store)
    assert waiting.attempt == 1
    with pytest.raises(InputError, match="no dead letter 1"):
        await store.write(lambda t: inbox.requeue(t, 1))
    with pytest.raises(InputError):
        await store.write(lambda t: inbox.requeue(t, 77))


DAMAGE = {
    "unknown type": "UPDATE journal SET type = 'lead_cloned' WHERE seq = 2",
    "another type": "UPDATE journal SET type = 'agent_error' WHERE seq = 2",
    "newer version": "UPDATE journal SET version = 99 WHERE seq = 2",
    "version that is no number": "UPDATE journal SET version = 'x' WHERE seq = 2",
    "changed data": 'UPDATE journal SET data = \'{"type":"search_request"}\' WHERE seq = 2',
    "no JSON": "UPDATE journal SET data = 'x' WHERE seq = 2",
    "binary data": "UPDATE journal SET data = X'00FF' WHERE seq = 2",
    "no UTF-8": "UPDATE journal SET data = CAST(X'7BFF7D' AS TEXT) WHERE seq = 2",
    "a moment that is none": "UPDATE journal SET timestamp = 'yesterday' WHERE seq = 2",
}


@pytest.mark.parametrize("damage", DAMAGE)
async def test_an_event_that_cannot_be_read_is_set_aside_and_the_rest_goes_on(
    store: ThreadedStore, damage: str, database: str
) -> None:
    await publish(store, *map(request, range(3)))
    if database == "postgresql" and damage == "version that is no number":
        with pytest.raises(StoreError):  # there the column itself holds numbers only
            await change(store, DAMAGE[damage])
        return
    await change(store, DAMAGE[damage])
    page = await take(store)
    await acknowledge(store, *page)
    page += await take(store)
    assert numbers(page) == [0, 2]
    await acknowledge(store, *page)
    (letter,) = await store.read(inbox.dead_letters)
    assert (letter.seq, letter.consumer) == (2, "lead_finder")
    assert letter.error
    assert await store.write(lambda t: inbox.requeue(t, 2)) == 1
    assert await take(store) == []
    assert len(await store.read(inbox.dead_letters)) == 1, "mending nothing changes nothing"


@pytest.mark.parametrize("dies", [False, True])
async def test_an_unreadable_event_is_a_dead_letter_once_though_its_page_comes_back(
    store: ThreadedStore, dies: bool
) -> None:
    await publish(store, *map(request, range(5)))
    await change(store, DAMAGE["no JSON"])
    seen: list[int] = []
    for _ in range(12):
        in_hand = await take(store)
        if not dies:  # else the next process finds what was in its hands
            await store.write(lambda t, page=in_hand: inbox.give_back(t, page))  # type: ignore[misc]
        page = await take(store)
        seen += numbers(page)
        await acknowledge(store, *page)
        counted = await store.read(inbox.counts)
        assert counted.get("lead_finder", {}).get("dead", 0) <= 1, "and stands there once"
    assert seen == [0, 2, 3, 4]
    (letter,) = await store.read(inbox.dead_letters)
    assert letter.seq == 2
    assert await store.read(inbox.counts) == {"lead_finder": {"dead": 1}}


async def test_a_missing_row_does_not_stop_the_rest_and_verify_tells(store: ThreadedStore) -> None:
    await publish(store, *map(request, range(3)))
    await change(store, "DELETE FROM journal WHERE seq = 2")
    assert numbers(await take(store)) == [0, 2]
    assert await faults(store) == [2]


async def test_a_failed_event_whose_row_is_missing_is_a_dead_letter(store: ThreadedStore) -> None:
    await publish(store, request(1))
    (waiting,) = await take(store)
    await store.write(lambda t: inbox.fail(t, waiting, "x", now=MONDAY))
    await change(store, "DELETE FROM journal WHERE seq = 1")
    assert await take(store, now=MONDAY + SECOND) == []
    (letter,) = await store.read(inbox.dead_letters)
    assert "no such row" in letter.error
    assert await faults(store) == [1, 1], "the gap, and what waits for it"


async def test_the_history_of_one_lead_is_found(store: ThreadedStore) -> None:
    one = LeadId("one")
    await publish(
        store,
        MessageSent(lead_id=one, delivery_id="d", kind=DeliveryKind.MESSAGE),
        MessageSent(lead_id=LeadId("two"), delivery_id="e", kind=DeliveryKind.MESSAGE),
        DecisionMade(lead_id=one, decision=a_decision()),
    )
    found = await store.read(lambda t: journal.entries(t, lead_id="one"))
    assert [entry.seq for entry in found] == [1, 3]
    later = await store.read(lambda t: journal.entries(t, lead_id="one", after=1))
    assert [entry.seq for entry in later] == [3]
