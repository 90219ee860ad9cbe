"""The journal and the queues before it against a model: nothing is lost, passed over or done twice.

Two processes publish and claim, each with queues of its own, which may be lost at any moment and
hold from nothing to more than there is.
"""

from __future__ import annotations

import asyncio
import itertools
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from ingagents.commands import SearchRequest
from ingagents.communication import inbox, journal, journal_audit
from ingagents.communication.inbox import MAX_ATTEMPTS, InboxItem
from ingagents.communication.journal_audit import Fault
from ingagents.communication.role_queues import RoleQueues
from ingagents.events import AgentError, Event, LeadErased, Role
from ingagents.model import LeadId
from ingagents.ports import Row, Store, Transaction
from ingagents.store.engine.open_store import open_store
from ingagents.store.tables import key_value
from tests.factories import MONDAY
from tests.support import databases, numbered_ids

T = TypeVar("T")
CONSUMERS: tuple[Role, ...] = ("lead_finder", "sales_manager")
PAUSES = (1, 5, 30, 120)
ANN = LeadId("ann")
BOUNDS = st.sampled_from([100, 100, 3, 1, 0])
PROCESSES = st.sampled_from([0, 1])
KINDS = st.lists(st.sampled_from(["request", "error", "of ann"]), min_size=1, max_size=4)


@dataclass
class Expected:
    """What the model knows of one event in one consumer's inbox."""

    state: str = "waiting"
    attempts: int = 0
    not_before: int = 0
    aside: bool = False
    """Tried before: it is handed out alone, and before what was not."""


@dataclass
class Inbox:
    """A consumer's events by number, and what it has in hand."""

    events: dict[int, Expected] = field(default_factory=dict)
    hand: list[InboxItem] = field(default_factory=list)
    first_tries: list[int] = field(default_factory=list)
    requeued: set[int] = field(default_factory=set)

    def next_page(self, now: int, limit: int) -> tuple[list[int], list[int]]:
        """What `claim_batch` must hand out, and what it must bury on the way."""
        ready = [
            (seq, one)
            for seq, one in sorted(self.events.items())
            if one.state == "waiting" and one.not_before <= now
        ]
        buried: list[int] = []
        for seq, one in [tried for tried in ready if tried[1].aside][:limit]:
            if one.attempts < MAX_ATTEMPTS:
                return [seq], buried
            buried.append(seq)
        return [seq for seq, one in ready if not one.aside][:limit], buried


class JournalMachine(RuleBasedStateMachine):
    """Processes take turns on one file; they may die between any two commits."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.home = Path(tempfile.mkdtemp(prefix="ingagents-journal-"))
        self.lives = itertools.count()
        self.ids = numbered_ids()
        self.now = 0
        self.seq = 0
        self.inboxes = {consumer: Inbox() for consumer in CONSUMERS}
        self.done: Counter[str] = Counter()
        self.published: dict[int, Event] = {}
        self.waited_for_by_nobody = 0
        self.queues = [RoleQueues(), RoleQueues()]
        self.open(self.home / "0")

    def open(self, folder: Path) -> None:
        self.folder = folder

        async def opened() -> Store:
            return open_store(databases.url(folder), folder=folder)

        self.store = self.runner.run(opened())

    def write(self, work: Callable[[Transaction], T]) -> T:
        answer: T = self.runner.run(self.store.write(work))
        return answer

    def read(self, query: Callable[[Transaction], T]) -> T:
        answer: T = self.runner.run(self.store.read(query))
        return answer

    @property
    def moment(self):
        return MONDAY + timedelta(seconds=self.now)

    def teardown(self) -> None:
        self.runner.run(self.store.close())
        self.runner.close()
        shutil.rmtree(self.home)

    @initialize(bounds=st.tuples(BOUNDS, BOUNDS))
    def begin(self, bounds: tuple[int, int]) -> None:
        self.queues = [RoleQueues(bound) for bound in bounds]

    @rule(by=PROCESSES, bound=BOUNDS)
    def lose_the_queues(self, by: int, bound: int) -> None:
        self.queues[by] = RoleQueues(bound)

    def events_of(self, kinds: list[str]) -> list[Event]:
        made: dict[str, Callable[[int], Event]] = {
            "request": lambda number: SearchRequest(wanted=number),
            "error": lambda number: AgentError(agent="outreach", error=str(number)),
            "of ann": lambda number: AgentError(agent="outreach", error=str(number), lead_id=ANN),
        }
        return [made[kind](self.seq + place) for place, kind in enumerate(kinds, start=1)]

    def append(self, transaction: Transaction, by: int, *events: Event) -> None:
        journal.append(
            transaction,
            events,
            agent="x",
            at=self.moment,
            new_id=self.ids,
            queues=self.queues[by],
        )

    def expect(self, events: list[Event]) -> None:
        for event in events:
            self.seq += 1
            self.published[self.seq] = event
            consumer: Role = "lead_finder" if isinstance(event, SearchRequest) else "sales_manager"
            self.inboxes[consumer].events[self.seq] = Expected()

    @rule(kinds=KINDS, by=PROCESSES)
    def publish(self, kinds: list[str], by: int) -> None:
        events = self.events_of(kinds)
        self.write(lambda t: self.append(t, by, *events))
        self.expect(events)

    @rule(kinds=KINDS, by=PROCESSES)
    def publish_in_vain(self, kinds: list[str], by: int) -> None:
        """What a commit that fails had put into the queues was never published."""

        def fail(transaction: Transaction) -> None:
            self.append(transaction, by, *self.events_of(kinds))
            transaction.rows("SELECT 1")
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            self.write(fail)

    @precondition(lambda self: not self.inboxes["sales_manager"].hand)
    @rule(by=PROCESSES)
    def erase(self, by: int) -> None:
        """What speaks of somebody is waited for no more, whoever has it in memory."""

        def erase(transaction: Transaction) -> None:
            rows = journal.erase(transaction, [ANN], without=lambda text: text).rows
            self.append(transaction, by, LeadErased(by="ann", rows=rows))

        self.write(erase)
        self.seq += 1
        events = self.inboxes["sales_manager"].events
        of_ann = [seq for seq in events if getattr(self.published[seq], "lead_id", None) == ANN]
        for seq in of_ann:
            del events[seq]
        self.waited_for_by_nobody += 1 + len(of_ann)

    @precondition(lambda self: len(self.holding()) < len(CONSUMERS))
    @rule(data=st.data(), limit=st.integers(1, 5), by=PROCESSES)
    def claim(self, data: Any, limit: int, by: int) -> None:
        idle = [consumer for consumer in CONSUMERS if consumer not in self.holding()]
        self.claim_for(data.draw(st.sampled_from(idle)), limit, by)

    @precondition(lambda self: len(self.holding()) < len(CONSUMERS))
    @rule(data=st.data(), kinds=KINDS, limit=st.integers(1, 5), by=PROCESSES)
    def publish_and_claim_in_one_commit(
        self, data: Any, kinds: list[str], limit: int, by: int
    ) -> None:
        idle = [consumer for consumer in CONSUMERS if consumer not in self.holding()]
        events = self.events_of(kinds)
        self.expect(events)
        self.claim_for(data.draw(st.sampled_from(idle)), limit, by, *events)

    def claim_for(self, consumer: Role, limit: int, by: int, *first: Event) -> None:
        box = self.inboxes[consumer]
        expected, buried = box.next_page(self.now, limit)

        def claim(transaction: Transaction) -> list[InboxItem]:
            self.append(transaction, by, *first)
            return inbox.claim_batch(
                transaction, consumer, now=self.moment, limit=limit, queues=self.queues[by]
            )

        box.hand = self.write(claim)
        for item in box.hand:
            assert item.published.event == self.published[item.published.seq]
        assert [waiting.published.seq for waiting in box.hand] == expected
        for seq in buried:
            box.events[seq].state = "dead"
        for waiting in box.hand:
            one = box.events[waiting.published.seq]
            one.attempts += 1
            assert waiting.attempt == one.attempts
            if one.attempts == 1 and waiting.published.seq not in box.requeued:
                box.first_tries.append(waiting.published.seq)

    @precondition(lambda self: self.holding())
    @rule(data=st.data())
    def handle(self, data: Any) -> None:
        box = self.inboxes[consumer := data.draw(st.sampled_from(self.holding()))]
        waiting = box.hand.pop(0)
        name = f"effect:{consumer}:{waiting.published.seq}"

        def work(transaction: Transaction) -> None:
            before = key_value.noted(transaction, name) or 0
            key_value.note(transaction, name, before + 1, at=MONDAY)
            inbox.acknowledge(transaction, [waiting])

        self.write(work)
        self.done[name] += 1
        del box.events[waiting.published.seq]

    @precondition(lambda self: self.holding())
    @rule(data=st.data())
    def handle_and_fail(self, data: Any) -> None:
        self.fail_for(data.draw(st.sampled_from(self.holding())))

    @precondition(lambda self: self.holding())
    @rule(data=st.data())
    def handle_and_fail_again_and_again(self, data: Any) -> None:
        consumer = data.draw(st.sampled_from(self.holding()))
        for _ in range(MAX_ATTEMPTS):
            while self.inboxes[consumer].hand:
                self.fail_for(consumer)
            self.now += max(PAUSES)
            self.claim_for(consumer, 1, 0)

    def fail_for(self, consumer: Role) -> None:
        box = self.inboxes[consumer]
        waiting = box.hand.pop(0)
        dead = self.write(lambda t: inbox.fail(t, waiting, "x", now=self.moment))
        one = box.events[waiting.published.seq]
        one.aside = True
        assert dead is (one.attempts >= MAX_ATTEMPTS)
        if dead:
            one.state = "dead"
        else:
            one.not_before = self.now + PAUSES[one.attempts - 1]

    @precondition(lambda self: self.holding())
    @rule(data=st.data())
    def give_back(self, data: Any) -> None:
        box = self.inboxes[data.draw(st.sampled_from(self.holding()))]
        page, box.hand = box.hand, []
        self.write(lambda t: inbox.give_back(t, page))
        for waiting in page:
            one = box.events[waiting.published.seq]
            one.attempts -= 1
            if not one.attempts and waiting.published.seq in box.first_tries:
                box.first_tries.remove(waiting.published.seq)

    @rule()
    def die_and_come_back(self) -> None:
        self.die()
        self.queues = [RoleQueues(), RoleQueues()]
        for box in self.inboxes.values():
            for waiting in box.hand:
                box.events[waiting.published.seq].aside = True
            box.hand = []

    def die(self) -> None:
        """The files as they are this moment, the log not taken in: all that a dead process leaves."""
        left = self.home / str(next(self.lives) + 1)
        left.mkdir()
        for file in self.folder.glob("ingagents.db*"):
            shutil.copy(file, left)
        self.runner.run(self.store.close())
        shutil.rmtree(self.folder)
        self.open(left)

    @rule(seconds=st.sampled_from([1, 10, 200]))
    def pass_time(self, seconds: int) -> None:
        self.now += seconds

    @precondition(lambda self: self.dead())
    @rule(data=st.data())
    def requeue(self, data: Any) -> None:
        consumer, seq = data.draw(st.sampled_from(self.dead()))
        assert self.write(lambda t: inbox.requeue(t, seq)) == 1
        self.inboxes[consumer].events[seq] = Expected(aside=True)
        self.inboxes[consumer].requeued.add(seq)

    def holding(self) -> list[Role]:
        return [consumer for consumer, box in self.inboxes.items() if box.hand]

    def dead(self) -> list[tuple[Role, int]]:
        return [
            (consumer, seq)
            for consumer, box in self.inboxes.items()
            for seq, one in box.events.items()
            if one.state == "dead"
        ]

    @invariant()
    def nothing_is_lost_or_done_twice(self) -> None:
        def look(transaction: Transaction) -> tuple[list[Row], list[Row], tuple[Fault, ...]]:
            return (
                transaction.rows("SELECT consumer, seq, state, attempts FROM inbox"),
                transaction.rows("SELECT name, value FROM notes WHERE name LIKE 'effect:%'"),
                journal_audit.verify(transaction),
            )

        waiting, effects, faults = self.read(look)
        assert {(row[0], row[1]): (row[2], row[3]) for row in waiting} == {
            (consumer, seq): (one.state, one.attempts)
            for consumer, box in self.inboxes.items()
            for seq, one in box.events.items()
        }
        assert len(waiting) + len(effects) + self.waited_for_by_nobody == self.seq
        assert {name: int(value) for name, value in effects} == dict(self.done)
        assert set(self.done.values()) <= {1}
        assert faults == ()
        for box in self.inboxes.values():
            assert box.first_tries == sorted(box.first_tries)


class PostgresJournalMachine(JournalMachine):
    """The same on PostgreSQL, where a dead process leaves a connection that ended."""

    def die(self) -> None:
        assert databases.server is not None
        databases.server.cut(databases.url(self.folder))
        self.runner.run(self.store.close())
        self.open(self.folder)


TestJournal = JournalMachine.TestCase
TestJournal.settings = settings(
    max_examples=15,
    stateful_step_count=40,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)


TestJournalOnPostgres = pytest.mark.usefixtures("on_postgres")(PostgresJournalMachine.TestCase)
TestJournalOnPostgres.settings = TestJournal.settings
