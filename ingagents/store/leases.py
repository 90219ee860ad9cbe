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
from ingagents.store.rows import moment, stamp

__all__ = ["Lease", "acquire", "fence", "holders", "release"]


class Lease(NamedTuple):
    """A role in our hands."""

    name: str
    holder: str
    epoch: int


def acquire(
    transaction: Transaction,
    name: str,
    *,
    holder: str,
    now: datetime,
    lasts: timedelta,
    gone: Callable[[str], bool] = lambda _: False,
) -> Lease | None:
    """Take a role that is free, expired or already ours; None while another process has it.

    `gone` knows holders that surely are no more: theirs need not run out.
    """
    rows = transaction.rows(
        "SELECT holder, epoch, expires_at FROM leases WHERE name = :name", {"name": name}
    )
    epoch = 0
    if rows:
        current, epoch, expires_at = str(rows[0][0]), int(rows[0][1]), str(rows[0][2])
        if current not in {"", holder} and expires_at > stamp(now) and not gone(current):
            return None
        if current == holder:
            epoch -= 1  # still ours: the epoch stays as it is
    transaction.run(
        "INSERT INTO leases (name, holder, epoch, expires_at)"
        " VALUES (:name, :holder, :epoch, :expires_at) ON CONFLICT (name) DO UPDATE SET"
        " holder = excluded.holder, epoch = excluded.epoch, expires_at = excluded.expires_at",
        {"name": name, "holder": holder, "epoch": epoch + 1, "expires_at": stamp(now + lasts)},
    )
    return Lease(name, holder, epoch + 1)


def fence(transaction: Transaction, lease: Lease, *, now: datetime, lasts: timedelta) -> None:
    """Refuse this commit unless the role is still ours; prolong it.

    Raises:
        LeaseLost: another process took the role over.
    """
    kept = transaction.run(
        "UPDATE leases SET expires_at = :expires_at"
        " WHERE name = :name AND holder = :holder AND epoch = :epoch",
        {**lease._asdict(), "expires_at": stamp(now + lasts)},
    )
    if not kept:
        raise LeaseLost(
            f"another process took over as {lease.name}", "this process leaves the work to it"
        )


def release(transaction: Transaction, lease: Lease) -> None:
    """Let go, if it is still ours."""
    transaction.run(
        "UPDATE leases SET holder = '', expires_at = ''"
        " WHERE name = :name AND holder = :holder AND epoch = :epoch",
        lease._asdict(),
    )


def holders(transaction: Transaction) -> dict[str, tuple[str, datetime]]:
    """Who holds what, until when."""
    return {
        str(name): (str(holder), moment(expires_at))
        for name, holder, expires_at in transaction.rows(
            "SELECT name, holder, expires_at FROM leases WHERE holder <> '' ORDER BY name"
        )
    }
