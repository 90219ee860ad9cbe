"""What stands in the database after a commit, read by somebody who takes no part in the work."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from ingagents.model import FIRST_CONTACT, StepKind


class Act(NamedTuple):
    """An outward act towards a person or the team, as the database has it."""

    id: str
    recipient: str
    kind: str
    step: str
    text: str
    state: str
    address: str
    approved_by: str
    claimed_at: datetime
    detail: str
    looks: str

    @property
    def to_a_person(self) -> bool:
        return self.kind in {"invitation", "message", "reply", "enrolment"}

    @property
    def begins(self) -> bool:
        """Whether it is the first contact."""
        return self.step == str(FIRST_CONTACT)

    @property
    def answers(self) -> bool:
        """Whether it answers something they wrote."""
        return self.step.partition(":")[0] == StepKind.ANSWER


class Written(NamedTuple):
    """One row of the journal."""

    seq: int
    type: str
    agent: str
    data: str


class Snapshot(NamedTuple):
    """The state the invariants speak of; `written` is what the journal has more than before."""

    acts: Mapping[str, Act]
    statuses: Mapping[str, str]
    inbox: Mapping[tuple[str, int], tuple[str, int]]
    """Consumer and event -> state and tries."""

    holders: Mapping[str, str]
    paused: bool
    answered: frozenset[str]
    suppressed: frozenset[str]
    held: frozenset[str]
    accepted: Mapping[str, datetime]
    written: tuple[Written, ...]
    last_seq: int


NOTHING = Snapshot({}, {}, {}, {}, paused=False, answered=frozenset(), suppressed=frozenset(),
                   held=frozenset(), accepted={}, written=(), last_seq=0)  # fmt: skip


class Eye:
    """A connection of its own, for reading only."""

    def __init__(self, database: Path) -> None:
        self._connection = sqlite3.connect(
            f"{database.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None
        )
        self._decoded: dict[tuple[str, ...], Act] = {}

    def close(self) -> None:
        self._connection.close()

    def look(self, before: Snapshot) -> Snapshot:
        """The state now."""
        rows = self._connection.execute
        written = tuple(
            Written(*row)
            for row in rows(
                "SELECT seq, type, agent, data FROM journal WHERE seq > ? ORDER BY seq",
                (before.last_seq,),
            )
        )
        return Snapshot(
            acts={
                row[0]: self._decoded.get(row) or self._decode(row)
                for row in rows(
                    "SELECT id, recipient, kind, step, text, state, address, approved_by,"
                    " claimed_at, detail, looks FROM deliveries ORDER BY claimed_at, id"
                )
            },
            statuses=dict(rows("SELECT id, contact_status FROM leads").fetchall()),
            inbox={
                (consumer, seq): (state, tries)
                for consumer, seq, state, tries in rows(
                    "SELECT consumer, seq, state, attempts FROM inbox"
                )
            },
            holders=dict(rows("SELECT name, holder FROM leases").fetchall()),
            paused=bool(rows("SELECT 1 FROM notes WHERE name = 'paused'").fetchall()),
            answered=frozenset(
                lead for (lead,) in rows("SELECT lead_id FROM replies WHERE effect <> 'absent'")
            ),
            suppressed=frozenset(
                lead
                for (lead,) in rows(
                    "SELECT i.lead_id FROM suppressions s CROSS JOIN identities i"
                    " WHERE i.kind = s.kind AND i.value = s.value"
                )
            ),
            held=frozenset(lead for (lead,) in rows("SELECT lead_id FROM vetoes")),
            accepted={
                lead: datetime.fromisoformat(at)
                for lead, at in rows(
                    "SELECT id, accepted_at FROM leads WHERE accepted_at IS NOT NULL"
                )
            },
            written=written,
            last_seq=written[-1].seq if written else before.last_seq,
        )

    def created(self, lead_id: str) -> datetime:
        """When a lead came to us."""
        sql = "SELECT created_at FROM leads WHERE id = ?"
        return datetime.fromisoformat(self._connection.execute(sql, (lead_id,)).fetchone()[0])

    def names(self, lead_id: str) -> list[str]:
        """The provider id of a lead, and what its address ends with."""
        sql = "SELECT provider_id, linkedin_url FROM leads WHERE id = ?"
        provider_id, url = self._connection.execute(sql, (lead_id,)).fetchone()
        return [name for name in (provider_id, unquote(url).rstrip("/").rpartition("/")[2]) if name]

    def answered_by(self, act: Act) -> str:
        """The reply that an answer with this text was approved for; "" when no human said yes."""
        rows = self._connection.execute(
            "SELECT evidence FROM reviews WHERE kind = 'answer' AND lead_id = ? AND text = ?"
            " AND state IN ('approved', 'done') AND decided_by = 'team'",
            (act.recipient, act.text),
        ).fetchall()
        return str(json.loads(rows[-1][0])["answers"]) if rows else ""

    def newest_reply(self, lead_id: str) -> tuple[str, datetime]:
        """What somebody wrote to us last, and when."""
        id_, at = self._connection.execute(
            "SELECT id, received_at FROM replies WHERE lead_id = ? AND effect <> 'absent'"
            " ORDER BY received_at DESC, id DESC LIMIT 1",
            (lead_id,),
        ).fetchone()
        return id_, datetime.fromisoformat(at)

    def journal(self) -> list[tuple[object, ...]]:
        """Every row of the journal, whole."""
        return self._connection.execute("SELECT * FROM journal ORDER BY seq").fetchall()

    def _decode(self, row: tuple[str, ...]) -> Act:
        *told, claimed_at, detail, looks = row
        act = Act(*told, datetime.fromisoformat(claimed_at), detail, looks)  # type: ignore[call-arg,arg-type]
        self._decoded[row] = act
        return act
