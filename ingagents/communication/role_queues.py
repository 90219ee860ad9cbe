"""What this process published last, typed, in a bounded queue for each role.

The journal is the truth and these queues are its newest part: an event that was committed here is
handed over as it is, without being read and decoded again. The journal itself is read after a
start, an overflow, and another process's commit.

That no event is passed over rests on one comparison. `head` is the journal's last row as this
process left it, number and chain value. A chain value stands for the whole journal before it: as
long as the journal ends there, nobody else has written, what was written here was committed, and
all of a role's events behind `since` stand in its queue. Wherever that does not hold, the queues
say that they do not know, and begin anew with the next event. So they may be lost at any time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from ingagents.events import ROLES, Published, Role

BOUND = 1024
"""Events of one role in memory at most; those before them wait in the journal alone."""


class Head(NamedTuple):
    """The journal's last row: its number, and the chain value over all rows up to it."""

    seq: int
    chain: str


class RoleQueues:
    """The queues of one process.

    Used inside units of work alone: those run one after another, whatever thread they are on. What
    a unit put in before it was rolled back does no harm, for the journal never ends there.
    """

    def __init__(self, bound: int = BOUND) -> None:
        self._bound = bound
        self._head: Head | None = None
        self._queues: dict[Role, deque[Published]] = {role: deque() for role in ROLES}
        self._since = dict.fromkeys(ROLES, 0)

    def put(self, before: Head, head: Head, events: Mapping[Role, Sequence[Published]]) -> None:
        """All that was written for the roles between two heads, in order."""
        if before != self._head:  # somebody else wrote, or a commit of ours failed
            self._begin_anew(before)
        self._head = head
        for role, published in events.items():
            queue = self._queues[role]
            queue.extend(published)
            while len(queue) > self._bound:
                self._since[role] = queue.popleft().seq

    def forget(self, head: Head) -> None:
        """Rows before `head` were changed (somebody was erased): know nothing of them any more."""
        self._begin_anew(head)

    def get(self, role: Role, *, after: int, limit: int, head: Head) -> list[Published] | None:
        """The role's first events behind a number; None: only the journal knows.

        `head` is the journal's last row now. What stands before `after` is let go.
        """
        if head != self._head:
            self._begin_anew(None)
        if self._head is None or self._since[role] > after:
            return None
        queue = self._queues[role]
        while queue and queue[0].seq <= after:
            self._since[role] = queue.popleft().seq
        return list(islice(queue, limit))

    def _begin_anew(self, head: Head | None) -> None:
        self._head = head
        for role in ROLES:
            self._queues[role].clear()
            self._since[role] = head.seq if head is not None else 0
