"""Proposed changes of strategy: kept, applied, rejected. One note holds them, newest last."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from ingagents.core.strategy.auto_apply import BY_ITSELF, Kept, is_small, kept_id
from ingagents.core.strategy.proposals import Proposal
from ingagents.ports import Transaction
from ingagents.store.tables import key_value

PROPOSALS = "strategy.proposals"
MOST_KEPT = 200


def every(transaction: Transaction) -> list[Kept]:
    """All that are kept, oldest first."""
    return msgspec.convert(key_value.noted(transaction, PROPOSALS) or [], list[Kept])


def in_force(transaction: Transaction, *, allowed: bool) -> tuple[Kept, ...]:
    """The applied changes, in the order they were applied: the one place agents learn of them.

    `allowed` False (`apply_small_changes`): only what a person approved counts.
    """
    applied = [one for one in every(transaction) if one.state == "applied"]
    found = [one for one in applied if allowed or one.settled_by != BY_ITSELF]
    return tuple(sorted(found, key=lambda one: one.settled_at or one.at))


def waiting(transaction: Transaction) -> int:
    """How many proposals nobody has decided on."""
    return sum(one.state == "waiting" for one in every(transaction))


def keep(
    transaction: Transaction,
    proposals: Iterable[tuple[Proposal, str]],
    *,
    now: datetime,
    apply_small: bool,
) -> list[Kept]:
    """Keep new proposals (with who made them) and apply the small ones, if that is allowed.

    One that waits already keeps its place with fresh evidence; one that was rejected stays so: it
    is not proposed again. Those that wait and are proposed no longer are dropped. Returns what is
    waiting or newly applied now.
    """
    known = {one.id: one for one in every(transaction)}
    settled = {name: one for name, one in known.items() if one.state != "waiting"}
    fresh: list[Kept] = []
    for proposal, decided_by in proposals:
        name = kept_id(proposal)
        old = settled.get(name)
        if old is not None and old.state == "rejected":
            continue
        at = known[name].at if name in known and old is None else now
        one = Kept(id=name, proposal=proposal, decided_by=decided_by, at=at)
        applied = [other for other in settled.values() if other.state == "applied"]
        if apply_small and is_small(proposal, applied, now=now):
            one = _settled(one, "applied", by=BY_ITSELF, reason="small, bounded, allowed", now=now)
        settled.pop(name, None)
        fresh.append(one)
    _write(transaction, [*settled.values(), *fresh], now=now)
    return fresh


def apply(transaction: Transaction, name: str, *, by: str, now: datetime) -> Kept | None:
    """A person approves a waiting proposal: it is in force from now on. None: there is none."""
    return _settle(transaction, name, "applied", by=by, reason="approved", now=now)


def reject(
    transaction: Transaction, name: str, *, by: str, reason: str, now: datetime
) -> Kept | None:
    """A person rejects a proposal, for good; one that was applied is undone. None: there is none."""
    return _settle(transaction, name, "rejected", by=by, reason=reason, now=now)


def _settle(
    transaction: Transaction, name: str, state: str, *, by: str, reason: str, now: datetime
) -> Kept | None:
    kept = every(transaction)
    found = next((one for one in kept if one.id == name and one.state != state), None)
    if found is None or (state == "applied" and found.state == "rejected"):
        return None
    settled = _settled(found, state, by=by, reason=reason, now=now)
    _write(transaction, [*(one for one in kept if one.id != name), settled], now=now)
    return settled


def _settled(one: Kept, state: str, *, by: str, reason: str, now: datetime) -> Kept:
    changes = {"state": state, "settled_by": by, "settled_at": now, "reason": reason}
    return msgspec.structs.replace(one, **changes)


def _write(transaction: Transaction, kept: list[Kept], *, now: datetime) -> None:
    value = [msgspec.to_builtins(one) for one in kept[-MOST_KEPT:]]
    key_value.note(transaction, PROPOSALS, value, at=now)
