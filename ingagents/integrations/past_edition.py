"""The database of the last edition: who spoke or sponsored there, and who said no.

Only SQLite, and only read. Its columns are those of the department's first schema, so that a
database of any age will do.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from types import MappingProxyType

import msgspec

from ingagents.errors import InputError
from ingagents.model import ListedPerson, Profile, RefusedRow, SaidNo

_MAGIC = b"SQLite format 3\x00"
_WON = (
    "SELECT profile, classification, name, linkedin_url FROM leads WHERE stage = 'Won'"
    " AND classification IN ('Speaker', 'Sponsor') AND contact_status <> 'Suppressed' ORDER BY id"
)
_SUPPRESSED = "SELECT kind, value, reason FROM suppressions WHERE kind <> 'erased'"
_REFUSED = """
    SELECT i.kind, i.value, l.why FROM identities i JOIN (
        SELECT id, 'said no to the last edition' AS why FROM leads
        WHERE response_sentiment = 'negative' AND coalesce(response_detail, '') <> 'not_now'
        UNION SELECT lead_id, 'the team said never' FROM vetoes
        UNION SELECT lead_id, 'the team said no at the last edition' FROM reviews
        WHERE kind = 'draft' AND state = 'rejected'
    ) l ON l.id = i.lead_id
"""


def is_database(path: Path) -> bool:
    """Whether a file is an SQLite database, by its first bytes."""
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


class PastEdition:
    """Who may be asked to come again, row by row; `noes` are those who may not.

    Raises:
        InputError: it is no database of a department, or cannot be read.
    """

    columns: Mapping[str, str] = {"past_role": "stage Won"}
    unused: Sequence[str] = ()
    own: Mapping[str, str] = MappingProxyType({})
    encoding = "SQLite"
    blank_rows = 0

    def __init__(self, path: Path) -> None:
        self.bytes_total = self.bytes_read = path.stat().st_size
        self._path = path

    @property
    def noes(self) -> Sequence[SaidNo]:
        """Who may not be written to: they said so, or the team did."""
        return [
            SaidNo(kind=kind, value=value, reason=reason)
            for sql in (_SUPPRESSED, _REFUSED)
            for kind, value, reason in self._rows(sql)
        ]

    def __iter__(self) -> Iterator[ListedPerson | RefusedRow]:
        for line, (profile, role, name, url) in enumerate(self._rows(_WON), start=1):
            try:
                person = msgspec.json.decode(profile, type=Profile)
            except msgspec.MsgspecError as exc:
                yield RefusedRow(
                    line=line, why=f"what is kept of this person cannot be read: {exc}"
                )
                continue
            known = msgspec.structs.replace(
                person,
                name=person.name or name,
                linkedin_url=person.linkedin_url or url,
                invitation="",
                past_role=role,
            )
            yield ListedPerson(line=line, profile=known)

    def _rows(self, sql: str) -> list[tuple[str, ...]]:
        try:
            with closing(
                sqlite3.connect(f"{self._path.resolve().as_uri()}?mode=ro", uri=True)
            ) as db:
                return db.execute(sql).fetchall()
        except sqlite3.Error as exc:
            raise InputError(
                f"{self._path} is no database of a department ({exc})",
                "give the ingagents.db of the last edition",
            ) from exc
