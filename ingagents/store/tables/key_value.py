"""Small named values: the kill switch, watermarks, a search's place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ingagents.ports import Transaction
from ingagents.store.engine.codecs import from_json, stamp, to_json

PAUSED = "paused"
"""Set while the kill switch is on: {"by", "reason", "at"}."""

HEALTH = "agents.health"
"""What the agents of a running process said of themselves last."""

REPLIES_SEEN_UNTIL = "replies.seen_until"
"""Up to when new messages were read, or are another walk's to read, as a stamp."""

REPLIES_UNREAD = "replies.unread"
"""Chats that could not be read and are asked for again, by chat."""

REPLIES_WALKS = "replies.walks"
"""Walks down the list of chats that are not at its end yet, oldest first."""

MODEL_BREAKERS = "model.breakers"
"""Circuit breakers of the language models' servers that are not closed, by server."""

MODEL_OUTAGE = "model.outage"
"""Set while no language model can be asked: {"since", "reason"}."""

MAIL_UNREACHED = "mail.unreached"
"""Set while the last mail to the team did not reach everybody: {"at", "recipients": {who: why}}."""

SEARCH = "search.progress"
"""Where an interrupted search stands."""

WRONG_ANSWERS = "answers.wrong.repeated"
"""The service answered about something else than asked, again and again: {"what", "at"}."""


_NOTE = (
    "INSERT INTO notes (name, value, noted_at) VALUES (:name, :value, :at)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value, noted_at = excluded.noted_at"
)


def note(transaction: Transaction, name: str, value: Any, *, at: datetime, of: str = "") -> None:
    """Keep a value (anything JSON can say) under a name; `of` an account, where each has its own."""
    name = _of(name, of)
    row = {"name": name, "value": to_json(value), "at": stamp(at)}
    transaction.before_next(f"note {name}", lambda t: t.run(_NOTE, row))


def noted(transaction: Transaction, name: str, *, of: str = "") -> Any:
    """The value under a name, or None."""
    row = {"name": _of(name, of)}
    rows = transaction.rows("SELECT value FROM notes WHERE name = :name", row)
    return from_json(rows[0][0]) if rows else None


def forget(transaction: Transaction, name: str, *, of: str = "") -> bool:
    """Drop a value; True when there was one."""
    row = {"name": _of(name, of)}
    return bool(transaction.run("DELETE FROM notes WHERE name = :name", row))


def noted_of_accounts(transaction: Transaction, name: str) -> dict[str, Any]:
    """What each account has noted under a name."""
    rows = transaction.rows(
        "SELECT name, value FROM notes WHERE name LIKE :names ORDER BY name",
        {"names": f"{name}:%"},
    )
    return {str(one).partition(":")[2]: from_json(value) for one, value in rows}


def _of(name: str, account: str) -> str:
    return f"{name}:{account}" if account else name
