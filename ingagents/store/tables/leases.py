"""Who works a role: one process at a time, with a fencing epoch.

A lease is held only while there is work in hand. Its epoch rises with every new holder; every
commit of the holder checks it (`fence`), so a process that was away too long cannot write any
more once somebody else took over.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from ingagents.errors import LeaseLost
from ingagents.ports import Transaction
from ingagents.store.engine.codecs import moment, stamp
from ingagents.store.tables import key_value

_OURS = "name = :name AND holder = :holder AND epoch = :epoch"

_WAKE = "wake."
"""Under this and the role a note says when what is left in it wants to be gone on with."""


class Lease(NamedTuple):
    """A role in our hands. `called`: a holder before us left work that wants to be gone on with."""

    name: str
    holder: str
    epoch: int
    called: bool = False


def acquire(
    transaction: Transaction,
    name: str,
    *,
    holder: str,
    now: datetime,
    lasts: timedelta,
    is_dead: Callable[[str], bool] = lambda _: False,
) -> Lease | None:
    """Take a role that is free, expired or already ours; None while another process has it.

    `is_dead` knows holders that surely are no more: theirs need not run out.
    """
    rows = transaction.rows(
        "SELECT holder, epoch, expires_at FROM leases WHERE name = :name", {"name": name}
    )
    epoch, left_behind = 0, False
    if rows:
        current, epoch, expires_at = str(rows[0][0]), int(rows[0][1]), str(rows[0][2])
        if current not in {"", holder} and expires_at > stamp(now) and not is_dead(current):
            return None
        if current == holder:
            epoch -= 1  # still ours: the epoch stays as it is
        left_behind = current not in {"", holder}
    transaction.run(
        "INSERT INTO leases (name, holder, epoch, expires_at)"
        " VALUES (:name, :holder, :epoch, :expires_at) ON CONFLICT (name) DO UPDATE SET"
        " holder = excluded.holder, epoch = excluded.epoch, expires_at = excluded.expires_at",
        {"name": name, "holder": holder, "epoch": epoch + 1, "expires_at": stamp(now + lasts)},
    )
    called = left_behind or _wakes(transaction, name, now)
    return Lease(name, holder, epoch + 1, called)


def calls(
    transaction: Transaction,
    name: str,
    *,
    holder: str,
    now: datetime,
    is_dead: Callable[[str], bool] = lambda _: False,
) -> bool:
    """Whether a role wants somebody: its holder died, or what was left in it is due.

    What the holder alone knew (when it wanted to go on, that it was told to) would otherwise wait
    for the next due job of a process that had nothing to do itself.
    """
    rows = transaction.rows("SELECT holder, expires_at FROM leases WHERE name = :n", {"n": name})
    current, expires_at = (str(rows[0][0]), str(rows[0][1])) if rows else ("", "")
    if current in {"", holder}:
        return _wakes(transaction, name, now)
    return expires_at <= stamp(now) or is_dead(current)


def fence(transaction: Transaction, lease: Lease, *, now: datetime, lasts: timedelta) -> None:
    """Refuse this commit unless the role is still ours; prolong it once a quarter of it is over.

    Raises:
        LeaseLost: another process took the role over.
    """
    ours = {"name": lease.name, "holder": lease.holder, "epoch": lease.epoch}
    kept = transaction.rows(
        f"SELECT expires_at FROM leases WHERE {_OURS}",
        ours,
    )
    if not kept:
        raise LeaseLost(
            f"another process took over as {lease.name}", "this process leaves the work to it"
        )
    if kept[0][0] < stamp(now + lasts * 0.75):
        transaction.run(
            f"UPDATE leases SET expires_at = :expires_at WHERE {_OURS}",
            {**ours, "expires_at": stamp(now + lasts)},
        )


def release(
    transaction: Transaction, lease: Lease, *, now: datetime, wake_at: datetime | None = None
) -> None:
    """Let go, if it is still ours, and say when what is left wants to be gone on with."""
    released = transaction.run(
        f"UPDATE leases SET holder = '', expires_at = '' WHERE {_OURS}",
        {"name": lease.name, "holder": lease.holder, "epoch": lease.epoch},
    )
    if released and wake_at is not None:
        key_value.note(transaction, _WAKE + lease.name, stamp(wake_at), at=now)


def _wakes(transaction: Transaction, name: str, now: datetime) -> bool:
    noted = key_value.noted(transaction, _WAKE + name)
    return noted is not None and str(noted) <= stamp(now)


def holders(transaction: Transaction) -> dict[str, tuple[str, datetime]]:
    """Who holds what, until when."""
    return {
        str(name): (str(holder), moment(expires_at))
        for name, holder, expires_at in transaction.rows(
            "SELECT name, holder, expires_at FROM leases WHERE holder <> '' ORDER BY name"
        )
    }
