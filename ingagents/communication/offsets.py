"""Where the journal ends, and how far each consumer has come in it: one small row for each.

A transaction reads all of them once and writes what has moved once, right before its commit; in
between they stand in memory. Whoever asks the database itself for them (the view `inbox`) lets
them be written down first.
"""

from __future__ import annotations

from typing import NamedTuple

from ingagents.communication.role_queues import Head
from ingagents.ports import Transaction

JOURNAL = "journal"
"""The name of the journal's own offset: up to there numbers were given away."""

_OFFSETS = "offsets"


class Offset(NamedTuple):
    """Up to `acked` all is dealt with, what follows up to `claimed` is in hand.

    The columns are called `handled` and `taken`.

    The journal's own offset is its last row: the number in both, and the row's `chain` value.
    """

    acked: int = 0
    claimed: int = 0
    chain: str = ""


class Offsets:
    """All offsets in one transaction; `newest` is the last row that was really there."""

    def __init__(self, transaction: Transaction, known: dict[str, Offset], newest: int) -> None:
        self._transaction = transaction
        self._known = known
        self._newest = newest
        self._moved: set[str] = set()

    def __getitem__(self, name: str) -> Offset:
        """Where a consumer or the journal stands; at the beginning if it has never moved."""
        return self._known.get(name, _BEGINNING)

    @property
    def end(self) -> int:
        """The newest event's number, those of this transaction included; 0 when there is none."""
        return max(self._newest, self[JOURNAL].claimed)

    @property
    def head(self) -> Head:
        """The journal's last row, as it was noted."""
        _, seq, chain = self[JOURNAL]
        return Head(seq, chain)

    def move(self, name: str, to: Offset) -> None:
        """Let a consumer or the journal stand somewhere else from this commit on."""
        self._known[name] = to
        self._moved.add(name)
        self._transaction.before_commit(_OFFSETS, lambda _: self.write_down())

    def write_down(self) -> None:
        """Write what has moved now."""
        if self._moved:
            rows = [{"name": name, **self[name]._asdict()} for name in sorted(self._moved)]
            self._moved.clear()
            self._transaction.run_many(
                "INSERT INTO places (name, handled, taken, chain)"
                " VALUES (:name, :acked, :claimed, :chain) ON CONFLICT (name) DO UPDATE SET"
                " handled = excluded.handled, taken = excluded.taken, chain = excluded.chain",
                rows,
            )


_BEGINNING = Offset()


def offsets_of(transaction: Transaction) -> Offsets:
    """The offsets as this transaction has them."""
    if _OFFSETS not in transaction.state:
        *known, (_, _, newest, _) = transaction.rows(
            "SELECT name, handled, taken, chain FROM places"
            " UNION ALL SELECT '', 0, coalesce(max(seq), 0), '' FROM journal"
        )
        if _OFFSETS not in transaction.state:  # asking may have written what was put off, and so
            offsets = {str(row[0]): Offset(*row[1:]) for row in known}
            transaction.state[_OFFSETS] = Offsets(transaction, offsets, newest)
    found: Offsets = transaction.state[_OFFSETS]
    return found
