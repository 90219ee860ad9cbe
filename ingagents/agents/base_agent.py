"""What the three agents have in common: one thing at a time, under a lease, in a loop.

An agent is thin: it takes an event or a job that is due, asks the core, acts through a port and
commits. It keeps nothing in memory that a restart would miss.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, NamedTuple
from zoneinfo import ZoneInfo

import anyio

from ingagents.communication import inbox
from ingagents.communication.role_session import RoleSession
from ingagents.communication.wakeups import sleep_unless
from ingagents.context import Context
from ingagents.core.schedule import Daily, Job, due, next_due
from ingagents.errors import BusyElsewhere, LeaseLost, StoreGone, explain
from ingagents.events import AgentError, Event, Role, event_type
from ingagents.log import narrator
from ingagents.ports import Transaction, UnitOfWork
from ingagents.routing import CONSUMERS
from ingagents.services.outcome import Outcome
from ingagents.store.tables import schedule
from ingagents.store.tables.schedule import JobEnd, JobRun, JobState
from ingagents.tracing import span

_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 300.0
_RETRY_FAILED = timedelta(minutes=5)
_IDLE_LOOK_SECONDS = 1.0
_IDLE_LOOK_REAL_SECONDS = 0.05
"""An agent that was woken and found nothing to do does not look again sooner than this, measured
in department time and in real time: whatever `next_wake` says, no processor runs hot."""

log = narrator()


class _Found(NamedTuple):
    """What the database holds for an agent, all of one moment and in one read."""

    waits: bool
    """An event, or what somebody who held the role before left."""
    retry_at: datetime | None
    """When the earliest failed event may be tried again."""
    runs: Mapping[str, JobRun]


class BaseAgent(ABC):
    """An agent: handles the events of its role and runs its jobs when they are due."""

    agent_name: ClassVar[Role]

    def __init__(self, context: Context, jobs: Mapping[str, Job]) -> None:
        self.context = context
        self.jobs = jobs
        self.is_running = False
        self.doing = "idle"
        self.last_error = ""
        self.restarts = 0
        self._stopping = anyio.Event()
        self.log = log.bind(agent=self.agent_name)

    @abstractmethod
    async def process_message(self, event: Any, session: RoleSession) -> UnitOfWork | None:
        """Handle one event; the returned changes are committed with its acknowledgement.

        `event` is one of the role's union in `routing`.
        """

    @abstractmethod
    async def run_job(self, job: str, session: RoleSession) -> Outcome:
        """Do a job now."""

    def next_wake(self, now: datetime) -> datetime:
        """When the agent wants to look at its work again, beyond events and due jobs."""
        return now + timedelta(hours=1)

    async def look_out(self) -> None:  # noqa: B027  most agents wait to be told
        """Before it is asked what there is to do: look at the outside, without holding the role."""

    async def go_on(self, session: RoleSession) -> bool:
        """Go on with what `next_wake` waited for; True when something was done."""
        del session
        return False

    def left_until(self) -> datetime | None:
        """When the role's work wants to be gone on with, beyond events and due jobs.

        Other processes are told of it, and go on should this one die. None: there is no such work.
        """
        return None

    def resume(self) -> None:  # noqa: B027  most agents leave nothing behind
        """Somebody who held the role before left work that is due: go on with it now."""

    async def recover(self, session: RoleSession) -> None:  # noqa: B027  most agents leave nothing behind
        """Put in order what a process that died in this role left behind."""

    async def start(self) -> None:
        """Work until stopped; after a failure pause, longer each time, and go on.

        One agent's failure never reaches the others: it is journaled as `agent_error`.

        Raises:
            StoreGone: the database is no longer where others see it.
        """
        self.is_running = True
        pause = _FIRST_PAUSE_SECONDS
        try:
            while not self._stopping.is_set():
                try:
                    await self._work_and_wait()
                    pause = _FIRST_PAUSE_SECONDS
                except (BusyElsewhere, LeaseLost) as exc:
                    self.log.debug("agent.waits", reason=explain(exc))
                    await self._rest(_FIRST_PAUSE_SECONDS * self.context.clock.pace)
                except StoreGone:
                    raise  # nobody can go on
                except Exception as exc:  # noqa: BLE001  one agent's failure must not stop the others
                    await self._report_failure(exc, pause)
                    await self._rest(pause)
                    pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
        finally:
            self.is_running = False
            self.doing = "stopped"
            self._stopping = anyio.Event()  # it may be started again

    async def stop(self) -> None:
        """Take no new work; what is in hand is finished."""
        self._stopping.set()
        self.context.queue.notify(self.agent_name)

    def health_check(self) -> dict[str, Any]:
        """How the agent is."""
        return {
            "agent": self.agent_name,
            "status": "healthy"
            if self.is_running and not self.last_error
            else ("failing" if self.is_running else "stopped"),
            "doing": self.doing,
            "last_error": self.last_error,
            "restarts": self.restarts,
            "timestamp": self.context.clock.now().isoformat(),
        }

    async def publish_event(self, *events: Event) -> None:
        """Commit events and wake whoever waits for them."""
        await self.context.queue.publish(self.agent_name, *events)

    def append(self, transaction: Transaction, *events: Event) -> None:
        """Publish inside a running commit."""
        self.context.queue.append(transaction, self.agent_name, *events)

    @property
    def stopping(self) -> bool:
        """True once the agent was asked to stop."""
        return self._stopping.is_set()

    async def run_now(self, job: str, *, patience_seconds: float) -> Outcome:
        """Do one job now, due or not, after the events that wait (for `once`)."""
        async with self.context.queue.session(
            self.agent_name, patience_seconds=patience_seconds
        ) as session:
            await self._begin(session)
            await self._handle_events(session)
            outcome = await self._run(job, self.context.clock.now(), session)
            session.wake_at = self.left_until()
            return outcome

    async def _work_and_wait(self) -> None:
        busy = False
        self.context.queue.clear(self.agent_name)
        found = await self.context.store.read(self._look)
        await self.look_out()  # after the wakeup was cleared: what rings now wakes again
        if self._anything_to_do(found):
            async with self.context.queue.session(self.agent_name) as session:
                await self._begin(session)
                while await self._round(session):
                    busy = True
                    self.last_error = ""
                if not self.stopping:  # else somebody else may go on at once
                    session.wake_at = self.left_until()
            found = await self.context.store.read(self._look)
        self.doing = "idle"
        if not self.stopping:
            until = self._wake_at(found, busy=busy)
            await self.context.queue.wait(self.agent_name, until=until)

    async def _round(self, session: RoleSession) -> bool:
        """Events, one due job, what waits: each has its turn, so that none starves another."""
        worked = False
        for turn in (self._handle_events, self._run_due_job, self.go_on):
            if not self.stopping:
                worked = bool(await turn(session)) or worked
        return worked and not self.stopping

    async def _begin(self, session: RoleSession) -> None:
        """Put in order what was left behind; should we end halfway, others may go on at once."""
        if self.left_until() is not None:
            session.wake_at = self.context.clock.now()
        if session.called:
            self.resume()
        await self.recover(session)

    async def _handle_events(self, session: RoleSession) -> int:
        async def handle(event: Event) -> UnitOfWork | None:
            self.doing = f"handling {type(event).__name__}"
            if CONSUMERS.get(type(event)) != self.agent_name:  # an older version's routing
                self.log.debug("event.not_mine", event_type=type(event).__name__)
                return None
            with span(f"{self.agent_name} {event_type(event)}"):
                return await self.process_message(event, session)

        return await session.process_messages(handle, agent=self.agent_name)

    def _look(self, transaction: Transaction) -> _Found:
        return _Found(
            waits=self.context.queue.something_waits(transaction, self.agent_name),
            retry_at=inbox.next_retry(transaction, self.agent_name),
            runs=schedule.runs(transaction),
        )

    def _anything_to_do(self, found: _Found) -> bool:
        now = self.context.clock.now()
        return found.waits or self._due_job(found.runs) is not None or self.next_wake(now) <= now

    def _wake_at(self, found: _Found, *, busy: bool) -> datetime:
        """When to look again without being woken; not at once after a look that found nothing."""
        now = self.context.clock.now()
        moments = [self.next_wake(now)]
        for name, job in self.jobs.items():
            run = found.runs.get(name)
            moments.append(next_due(job, last_due=run.due_at if run else None, now=now))
            if run is not None and run.finished_at is not None and run.state is JobState.FAILED:
                moments.append(run.finished_at + _RETRY_FAILED)
        if found.retry_at is not None:
            moments.append(found.retry_at)
        wake = min(moments)
        if busy or wake > now:
            return wake
        pause = max(_IDLE_LOOK_SECONDS, _IDLE_LOOK_REAL_SECONDS * self.context.clock.pace)
        return now + timedelta(seconds=pause)

    def _due_job(self, runs: Mapping[str, JobRun]) -> tuple[str, datetime] | None:
        """The job that is longest due, an interrupted one first."""
        now = self.context.clock.now()
        ready: list[tuple[datetime, str]] = []
        for name, job in self.jobs.items():
            run = runs.get(name)
            if run is not None and _wants_another_try(job, run, now):
                ready.append((run.due_at, name))
            elif moment := due(job, last_due=run.due_at if run else None, now=now):
                ready.append((moment, name))
        if not ready:
            return None
        moment, name = min(ready)
        return name, moment

    async def _run_due_job(self, session: RoleSession) -> bool:
        ready = self._due_job(await self.context.store.read(schedule.runs))
        if ready is None:
            return False
        await self._run(ready[0], ready[1], session)
        return True

    async def _run(self, job: str, due_at: datetime, session: RoleSession) -> Outcome:
        clock = self.context.clock
        self.doing = job
        await session.commit(lambda t: schedule.begin(t, job, due_at=due_at, now=clock.now()))
        try:
            with span(f"{self.agent_name} {job}"):
                outcome = await self.run_job(job, session)
        except Exception as exc:
            failed = JobEnd(JobState.FAILED, explain(exc))
            await session.commit(lambda t: schedule.finish(t, job, failed, now=clock.now()))
            raise
        ended = JobEnd(JobState.DONE, outcome.summary)
        if outcome.error is not None:
            ended = JobEnd(JobState.FAILED, outcome.try_later)
        await session.commit(lambda t: schedule.finish(t, job, ended, now=clock.now()))
        self.log.info("job.done", job=job, summary=outcome.summary)
        return outcome

    async def _rest(self, seconds: float) -> None:
        """Pause; only `stop` cuts it short. The wakeup may stay set all the while."""
        clock = self.context.clock
        wake = clock.now() + timedelta(seconds=seconds)
        await sleep_unless(self._stopping, clock=clock, until=wake)

    async def _report_failure(self, exc: Exception, pause: float) -> None:
        self.restarts += 1
        self.last_error = explain(exc)
        self.log.warning("agent.failed", doing=self.doing, error=self.last_error, pause=pause)
        try:
            await self.publish_event(
                AgentError(agent=self.agent_name, error=self.last_error, doing=self.doing)
            )
        except Exception as second:  # noqa: BLE001  the database itself may be what fails
            self.log.warning("agent.failure_not_journaled", error=explain(second))


def _wants_another_try(job: Job, run: schedule.JobRun, now: datetime) -> bool:
    """A run that was interrupted (we hold the role, so nobody is at it), or failed a while ago.

    What was meant for a day that is over is not made up for: that day's run is gone.
    """
    if isinstance(job.when, Daily):
        zone = ZoneInfo(job.when.timezone)
        if run.due_at.astimezone(zone).date() != now.astimezone(zone).date():
            return False
    if run.state is JobState.RUNNING:
        return True
    if run.state is not JobState.FAILED or run.finished_at is None:
        return False
    return now - run.finished_at >= _RETRY_FAILED
