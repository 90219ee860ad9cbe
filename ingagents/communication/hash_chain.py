"""What makes the journal a chain: a digest of each row's data, a link to the row before.

`digest` covers the data alone, `link` the rest of the row with that digest and the predecessor's
link. So the data of a row can be taken away later (somebody is erased) while the chain over all
rows stays as it was.
"""

from __future__ import annotations

from hashlib import blake2b

from ingagents.ports import Transaction
from ingagents.store.tables import key_value

PRUNED = "journal.pruned"
"""The note that holds the (seq, chain) of the last row that was pruned."""


def digest_of(data: str) -> str:
    """The digest of a row's data."""
    return blake2b(data.encode(), digest_size=16).hexdigest()


def link(
    chain: str,
    seq: object,
    event_id: object,
    kind: object,
    version: object,
    agent: object,
    timestamp: object,
    digest: object,
) -> str:
    """A row's chain value, from its predecessor's and its own fields."""
    told = (
        f"{chain}\x1f{seq}\x1f{event_id}\x1f{kind}\x1f{version}\x1f{agent}\x1f{timestamp}"
        f"\x1f{digest}"
    )
    return blake2b(told.encode(), digest_size=16).hexdigest()


def pruned(transaction: Transaction) -> tuple[int, str]:
    """The last row that was pruned, and its chain value; (0, "") before the first time."""
    seq, chain = key_value.noted(transaction, PRUNED) or (0, "")
    return int(seq), str(chain)
