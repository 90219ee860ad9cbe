"""The queues against a journal that is a list: they answer rightly, or that they do not know."""

from __future__ import annotations

from copy import deepcopy

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ingagents.communication.role_queues import Head, RoleQueues
from ingagents.events import ROLES, Published, Role
from tests.communication.handling import request
from tests.factories import MONDAY

CONSUMERS: tuple[Role | None, ...] = (*ROLES, None)
EVENTS = st.lists(st.sampled_from(CONSUMERS), min_size=1, max_size=4)


class QueuesMachine(RuleBasedStateMachine):
    """One process keeps queues over a journal that others write into as well."""

    def __init__(self) -> None:
        super().__init__()
        self.queues = RoleQueues()
        self.rows: list[tuple[Role | None, Published]] = []
        self.chains = [""]
        self.answers = 0

    @initialize(bound=st.sampled_from([0, 1, 2, 5, 1000]))
    def begin(self, bound: int) -> None:
        self.queues = RoleQueues(bound)

    @property
    def head(self) -> Head:
        return Head(len(self.rows), self.chains[-1])

    def written(self, events: list[Role | None]) -> list[tuple[Role | None, Published]]:
        """Rows as they would stand behind the journal's last one; no two are ever the same."""
        self.answers += 1
        return [
            (
                role,
                Published(
                    seq=len(self.rows) + place,
                    event_id=f"{self.answers}-{place}",
                    agent="",
                    timestamp=MONDAY,
                    event=request(place),
                ),
            )
            for place, role in enumerate(events, start=1)
        ]

    def put(self, rows: list[tuple[Role | None, Published]]) -> None:
        last = rows[-1][1]
        waited_for = {role: [one for whose, one in rows if whose == role] for role in ROLES if rows}
        self.queues.put(self.head, Head(last.seq, last.event_id), waited_for)

    def commit(self, rows: list[tuple[Role | None, Published]]) -> None:
        self.rows += rows
        self.chains += [one.event_id for _, one in rows]

    @rule(events=EVENTS)
    def publish(self, events: list[Role | None]) -> None:
        rows = self.written(events)
        self.put(rows)
        self.commit(rows)

    @rule(events=EVENTS)
    def another_process_publishes(self, events: list[Role | None]) -> None:
        self.commit(self.written(events))

    @rule(events=EVENTS, other=st.sampled_from(CONSUMERS), somebody_was_quicker=st.booleans())
    def publish_in_vain(
        self, events: list[Role | None], other: Role | None, somebody_was_quicker: bool
    ) -> None:
        """Rolled back after the queues had it; the same numbers are given away once more."""
        self.put(self.written(events))
        if somebody_was_quicker:
            self.commit(self.written([other] * len(events)))

    @rule()
    def erase(self) -> None:
        """All rows up to now are changed, and a row says so."""
        self.rows = [
            (None, Published(seq=one.seq, event_id="", agent="", timestamp=MONDAY, event=one.event))
            for _, one in self.rows
        ]
        self.commit(self.written([None]))
        self.queues.forget(self.head)

    @rule(bound=st.sampled_from([0, 1, 2, 5, 1000]))
    def lose_the_queues(self, bound: int) -> None:
        self.queues = RoleQueues(bound)

    @rule(role=st.sampled_from(ROLES), back=st.integers(0, 5), limit=st.integers(1, 5))
    def get(self, role: Role, back: int, limit: int) -> None:
        self.ask(self.queues, role, after=max(0, len(self.rows) - back), limit=limit)

    @invariant()
    def whatever_is_asked_is_answered_rightly(self) -> None:
        queues = deepcopy(self.queues)
        for after in range(len(self.rows) + 1):
            for role in ROLES:
                self.ask(queues, role, after=after, limit=1 + after % 5)

    def ask(self, queues: RoleQueues, role: Role, *, after: int, limit: int) -> None:
        found = queues.get(role, after=after, limit=limit, head=self.head)
        if found is not None:
            behind = [one for whose, one in self.rows[after:] if whose == role]
            assert found == behind[:limit]


TestQueues = QueuesMachine.TestCase
TestQueues.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
