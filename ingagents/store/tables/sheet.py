"""What the team's sheet needs remembered: words that were seen, answers, conflicts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from ingagents.core.sheet.edits import Seen
from ingagents.core.sheet.layout import CONFLICTS, LEADS, REPLIES, REVIEW
from ingagents.core.sheet.rows import Conflict, ReplyShown
from ingagents.ports import Transaction
from ingagents.store.engine.codecs import from_json, to_json
from ingagents.store.engine.row_codec import RowCodec

_CONFLICT = RowCodec(Conflict)
_SELECT_CONFLICT = (  # `column` is a word of SQL
    f"SELECT {_CONFLICT.columns_of('c', l=['name'])} FROM sheet_conflicts c".replace(
        "c.column", "c.sheet_column"
    )
    + " JOIN leads l ON l.id = c.lead_id"
)
_KEEP_CONFLICT = (
    "INSERT INTO sheet_conflicts"
    " (id, lead_id, sheet_column, in_sheet, in_database, found_at, state)"
    " VALUES (:id, :lead_id, :column, :in_sheet, :in_database, :found_at, :state)"
)
_REPLY = RowCodec(ReplyShown)
_SELECT_REPLIES = (
    f"SELECT {_REPLY.columns_of('r', l=['name', 'company'])}"
    " FROM replies r JOIN leads l ON l.id = r.lead_id ORDER BY r.received_at DESC, r.id LIMIT :limit"
)

_WHOSE = (
    "coalesce((SELECT id FROM leads WHERE id = :key),"
    " (SELECT lead_id FROM reviews WHERE id = :key),"
    " (SELECT lead_id FROM sheet_conflicts WHERE id = :key))"
)
"""The lead a row is about: what is kept of a row goes with its lead when that is erased."""


def seen(transaction: Transaction, tab: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """What people were seen to say in a tab."""
    return {
        (str(key), str(column)): tuple(from_json(words))
        for key, column, words in transaction.rows(
            "SELECT row_key, sheet_column, words FROM sheet_words WHERE tab = :tab", {"tab": tab}
        )
    }


def seen_in(transaction: Transaction, tab: str, key: str, column: str) -> tuple[str, ...]:
    """What people were seen to say in one column of one row's key."""
    rows = transaction.rows(
        "SELECT words FROM sheet_words WHERE tab = :tab AND row_key = :key"
        " AND sheet_column = :column",
        {"tab": tab, "key": key, "column": column},
    )
    return tuple(word for word in from_json(rows[0][0]) if word) if rows else ()


def keep_seen(transaction: Transaction, tab: str, before: Seen, now: Seen) -> None:
    """From now on this was seen, instead of what was before."""
    gone = [at for at in before if at not in now]
    new = [at for at, words in now.items() if before.get(at) != words]
    transaction.run_many(
        "DELETE FROM sheet_words WHERE tab = :tab AND row_key = :key AND sheet_column = :column",
        [{"tab": tab, "key": key, "column": column} for key, column in gone],
    )
    transaction.run_many(
        "INSERT INTO sheet_words (tab, row_key, sheet_column, lead_id, words)"
        f" VALUES (:tab, :key, :column, {_WHOSE}, :words)"
        " ON CONFLICT (tab, row_key, sheet_column) DO UPDATE SET words = excluded.words",
        [
            {"tab": tab, "key": key, "column": column, "words": to_json(now[key, column])}
            for key, column in new
        ],
    )


def answers(transaction: Transaction, tab: str) -> dict[str, str]:
    """The last answer in each row of a tab that has one."""
    return {
        str(key): str(answer)
        for key, answer in transaction.rows(
            "SELECT row_key, answer FROM sheet_answers WHERE tab = :tab", {"tab": tab}
        )
    }


def keep_answers(transaction: Transaction, tab: str, found: Mapping[str, str]) -> None:
    """Answer in rows of a tab."""
    transaction.run_many(
        "INSERT INTO sheet_answers (tab, row_key, lead_id, answer)"
        f" VALUES (:tab, :key, {_WHOSE}, :answer)"
        " ON CONFLICT (tab, row_key) DO UPDATE SET answer = excluded.answer",
        [{"tab": tab, "key": key, "answer": answer} for key, answer in found.items()],
    )


def conflicts(transaction: Transaction, *, limit: int = 1000) -> list[Conflict]:
    """The newest conflicts, open or settled."""
    return [
        _CONFLICT.read(row)
        for row in transaction.rows(
            f"{_SELECT_CONFLICT} ORDER BY c.found_at DESC, c.id LIMIT :limit", {"limit": limit}
        )
    ]


def open_conflicts(transaction: Transaction) -> list[Conflict]:
    """The conflicts nobody has settled, oldest first."""
    return [
        _CONFLICT.read(row)
        for row in transaction.rows(
            f"{_SELECT_CONFLICT} WHERE c.state = 'open' ORDER BY c.found_at, c.id"
        )
    ]


def find_conflict(transaction: Transaction, conflict_id: str) -> Conflict | None:
    """The conflict of this id."""
    rows = transaction.rows(f"{_SELECT_CONFLICT} WHERE c.id = :id", {"id": conflict_id})
    return _CONFLICT.read(rows[0]) if rows else None


def keep_conflict(transaction: Transaction, conflict: Conflict) -> None:
    """Remember a new conflict."""
    transaction.run(_KEEP_CONFLICT, _CONFLICT.values(conflict))


def settle_conflict(transaction: Transaction, conflict_id: str, state: str) -> bool:
    """Settle an open conflict; False when it was settled already."""
    return bool(
        transaction.run(
            "UPDATE sheet_conflicts SET state = :state WHERE id = :id AND state = 'open'",
            {"id": conflict_id, "state": state},
        )
    )


def replies(transaction: Transaction, *, limit: int = 20_000) -> Iterable[ReplyShown]:
    """The newest answers of people with who gave them."""
    return [_REPLY.read(row) for row in transaction.rows(_SELECT_REPLIES, {"limit": limit})]


def rows_about(transaction: Transaction, lead_ids: Iterable[str]) -> list[tuple[str, str]]:
    """The rows of the sheet that tell of these leads, by tab and key."""
    found: list[tuple[str, str]] = []
    for lead_id in lead_ids:
        found.append((LEADS, lead_id))
        for tab, table in (
            (REVIEW, "reviews"),
            (REPLIES, "replies"),
            (CONFLICTS, "sheet_conflicts"),
        ):
            rows = transaction.rows(f"SELECT id FROM {table} WHERE lead_id = :id", {"id": lead_id})
            found += [(tab, str(row[0])) for row in rows]
    return found


def forget_rows(transaction: Transaction, rows: Iterable[tuple[str, str]]) -> None:
    """From now on the department says nothing in these rows; only a hash of each key is kept."""
    transaction.run_many(
        "INSERT INTO sheet_erased (tab, key_hash) VALUES (:tab, :hash)"
        " ON CONFLICT (tab, key_hash) DO NOTHING",
        [{"tab": tab, "hash": _hash(tab, key)} for tab, key in rows],
    )


def forgotten(transaction: Transaction, tab: str, keys: Iterable[str]) -> frozenset[str]:
    """Those of some keys of a tab in whose rows nothing is said any more."""
    kept = {
        str(row[0])
        for row in transaction.rows(
            "SELECT key_hash FROM sheet_erased WHERE tab = :tab", {"tab": tab}
        )
    }
    return frozenset(key for key in keys if kept and _hash(tab, key) in kept)


def _hash(tab: str, key: str) -> str:
    return hashlib.sha256(f"{tab}/{key}".encode("utf-8", "replace")).hexdigest()
