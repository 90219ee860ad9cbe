"""When each job was last due, ran and ended. What is due is decided in `core.schedule`."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec

from ingagents.ports import Transaction
from ingagents.store.engine.codecs import stamp
from ingagents.store.engine.row_codec import RowCodec, insert_into


class JobState(StrEnum):
    """How far the last run of a job came."""

    RUNNING = "running"
    """It has not ended: under its role's lease, one that was interrupted."""
    DONE = "done"
    FAILED = "failed"


class JobEnd(NamedTuple):
    """How a run ended, and its outcome in words."""

    state: JobState
    outcome: str


class JobRun(msgspec.Struct, frozen=True):
    """The last run of a job; `due_at` is the moment it ran for, not the one it ran at."""

    job: str
    due_at: datetime
    started_at: datetime
    finished_at: datetime | None
    state: JobState
    outcome: str

    @property
    def said(self) -> str:
        """How it stands, for people."""
        return {
            JobState.RUNNING: "running",
            JobState.DONE: self.outcome,
            JobState.FAILED: f"failed: {self.outcome}",
        }[self.state]


_RUN = RowCodec(JobRun)
_BEGIN = (
    insert_into("schedule", _RUN.names)
    + " ON CONFLICT (job, campaign, account_id) DO UPDATE SET due_at = excluded.due_at, started_at = excluded.started_at,"
    " finished_at = NULL, state = excluded.state, outcome = excluded.outcome"
)


def runs(transaction: Transaction) -> dict[str, JobRun]:
    """The last run of every job that ever ran."""
    found = (_RUN.read(row) for row in transaction.rows(f"SELECT {_RUN.columns} FROM schedule"))
    return {run.job: run for run in found}


def begin(transaction: Transaction, job: str, *, due_at: datetime, now: datetime) -> None:
    """Note that a job starts. Call it under the lease of the job's role: that excludes others."""
    transaction.run(_BEGIN, _RUN.values(JobRun(job, due_at, now, None, JobState.RUNNING, "")))


def finish(transaction: Transaction, job: str, end: JobEnd, *, now: datetime) -> None:
    """Note how a run ended."""
    transaction.run(
        "UPDATE schedule SET finished_at = :now, state = :state, outcome = :outcome"
        " WHERE job = :job",
        {"job": job, "state": end.state.value, "outcome": end.outcome, "now": stamp(now)},
    )
