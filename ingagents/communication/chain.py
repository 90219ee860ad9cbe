"""What makes the journal a chain: a digest of each row's data, a link to the row before.

`digest` covers the data alone, `link` the rest of the row with that digest and the predecessor's
link. So the data of a row can be taken away later (somebody is erased) while the chain over all
rows stays as it was.
"""

from __future__ import annotations

from hashlib import blake2b

from ingagents.ports import Transaction
from ingagents.store import notes

__all__ = ["HEAD", "PRUNED", "digest_of", "link", "pruned"]

HEAD = "journal.head"
"""The note that holds the last row's (seq, chain)."""

PRUNED = "journal.pruned"
"""The note that holds the (seq, chain) of the last row that was pruned."""


def digest_of(data: str) -> str:
    """The digest of a row's data."""
    return blake2b(data.encode(), digest_size=16).hexdigest()


def link(*parts: object) -> str:
    """A row's chain value: predecessor's, seq, event id, type, version, agent, time, digest."""
    return blake2b("\x1f".join(map(str, parts)).encode(), digest_size=16).hexdigest()


def pruned(transaction: Transaction) -> tuple[int, str]:
    """The last row that was pruned, and its chain value; (0, "") before the first time."""
    seq, chain = notes.noted(transaction, PRUNED) or (0, "")
    return int(seq), str(chain)
