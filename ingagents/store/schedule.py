"""When each job was last due, ran and ended. What is due is decided in `core.schedule`."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from ingagents.ports import Transaction
from ingagents.store.rows import moment, moment_or_none, stamp

__all__ = ["RUNNING", "JobRun", "begin", "finish", "runs"]

RUNNING = "running"
"""The outcome of a run that has not ended: under its role's lease, one that was interrupted."""


class JobRun(NamedTuple):
    """The last run of a job; `due_at` is the moment it ran for, not the one it ran at."""

    job: str
    due_at: datetime
    started_at: datetime
    finished_at: datetime | None
    outcome: str


def runs(transaction: Transaction) -> dict[str, JobRun]:
    """The last run of every job that ever ran."""
    return {
        str(row[0]): JobRun(
            row[0], moment(row[1]), moment(row[2]), moment_or_none(row[3]), str(row[4])
        )
        for row in transaction.rows(
            "SELECT job, due_at, started_at, finished_at, outcome FROM schedule"
        )
    }


def begin(transaction: Transaction, job: str, *, due_at: datetime, now: datetime) -> None:
    """Note that a job starts. Call it under the lease of the job's role: that excludes others."""
    transaction.run(
        "INSERT INTO schedule (job, due_at, started_at, finished_at, outcome)"
        " VALUES (:job, :due_at, :now, NULL, :running) ON CONFLICT (job) DO UPDATE SET"
        " due_at = excluded.due_at, started_at = excluded.started_at, finished_at = NULL,"
        " outcome = excluded.outcome",
        {"job": job, "due_at": stamp(due_at), "now": stamp(now), "running": RUNNING},
    )


def finish(transaction: Transaction, job: str, *, outcome: str, now: datetime) -> None:
    """Note how a run ended."""
    transaction.run(
        "UPDATE schedule SET finished_at = :now, outcome = :outcome WHERE job = :job",
        {"job": job, "outcome": outcome, "now": stamp(now)},
    )
