"""When each job was last due, ran and ended. What is due is decided in `core.schedule`."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from ingagents.ports import Transaction
from ingagents.store.engine.codecs import moment, moment_or_none, stamp


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


class JobRun(NamedTuple):
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


def runs(transaction: Transaction) -> dict[str, JobRun]:
    """The last run of every job that ever ran."""
    return {
        job: JobRun(
            job, moment(due_at), moment(started_at), moment_or_none(ended), JobState(state), said
        )
        for job, due_at, started_at, ended, state, said in transaction.rows(
            "SELECT job, due_at, started_at, finished_at, state, outcome FROM schedule"
        )
    }


def begin(transaction: Transaction, job: str, *, due_at: datetime, now: datetime) -> None:
    """Note that a job starts. Call it under the lease of the job's role: that excludes others."""
    transaction.run(
        "INSERT INTO schedule (job, due_at, started_at, finished_at, state, outcome)"
        " VALUES (:job, :due_at, :now, NULL, :running, '') ON CONFLICT (job) DO UPDATE SET"
        " due_at = excluded.due_at, started_at = excluded.started_at, finished_at = NULL,"
        " state = excluded.state, outcome = excluded.outcome",
        {"job": job, "due_at": stamp(due_at), "now": stamp(now), "running": JobState.RUNNING.value},
    )


def finish(transaction: Transaction, job: str, end: JobEnd, *, now: datetime) -> None:
    """Note how a run ended."""
    transaction.run(
        "UPDATE schedule SET finished_at = :now, state = :state, outcome = :outcome"
        " WHERE job = :job",
        {"job": job, "state": end.state.value, "outcome": end.outcome, "now": stamp(now)},
    )
