"""The composition root: settings become a working department, wired by hand, in plain sight.

`open_department` opens the database and the clock at once and everything else when it is first
needed, so that a task from cron pays only for what it uses.
"""

from __future__ import annotations

import os
import random
import uuid
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio

from ingagents.agents.base_agent import BaseAgent, Desk, Outcome
from ingagents.agents.counsel import Counsel
from ingagents.agents.reception import Reception
from ingagents.communication import journal
from ingagents.communication.holders import new_holder
from ingagents.communication.message_queue import MessageQueue, Work
from ingagents.core.quality_scorer import Weights
from ingagents.core.schedule import Daily, Every, Job
from ingagents.errors import CommitUnknown, StoreError, StoreLocked, UsageError
from ingagents.events import ROLES, OutreachPaused, OutreachResumed, Role
from ingagents.integrations.clock import JumpingClock, SystemClock
from ingagents.leadbook import LeadBook
from ingagents.ports import Clock, LanguageModel, Store, Transaction
from ingagents.sandbox_time import SandboxTime
from ingagents.services import (
    LinkedIn,
    check_supported,
    in_process_sandbox,
    load_prompts,
    load_templates,
    manager_advisor,
    message_writer,
    open_linkedin,
    open_mailer,
    rate_rules,
)
from ingagents.settings import Settings, as_time, load_settings
from ingagents.status import HEALTH_SECONDS, department_status
from ingagents.store import notes
from ingagents.store.opening import open_store

if TYPE_CHECKING:
    from ingagents.agents.sales_manager_agent import SalesManagerAgent
    from ingagents.core.reporter import Report

__all__ = ["TASKS", "Department", "open_department"]

TASKS: Mapping[str, Role] = {
    "search": "lead_finder",
    "allocate": "sales_manager",
    "coordinate": "sales_manager",
    "monitor": "sales_manager",
    "report": "sales_manager",
    "optimise": "sales_manager",
    "outreach": "outreach",
    "replies": "outreach",
}
"""What `once` can be asked for, and whose work it is."""

_LET_GO_SECONDS = 8.0
"""Real seconds for work in hand to end before it is parked; the promise is ten in all."""


class Department:
    """A department at work. Open it with `open_department`."""

    def __init__(
        self,
        settings: Settings,
        *,
        store: Store,
        clock: Clock,
        sandbox: SandboxTime | None,
        resources: AsyncExitStack,
        new_id: Callable[[], str],
        chance: random.Random,
    ) -> None:
        self.settings = settings
        self.store = store
        self.clock = clock
        self.sandbox = sandbox
        self.queue = MessageQueue(store, clock, holder=new_holder(), new_id=new_id)
        self.desk = Desk(store=store, queue=self.queue, clock=clock, new_id=new_id, chance=chance)
        self._resources = resources
        self._agents: dict[Role, BaseAgent] = {}
        self._linkedin: LinkedIn | None = None
        self._model: LanguageModel | None = None

    async def once(self, task: str, *, patience_seconds: float = 10.0) -> Outcome:
        """Do one task now, as far as it can be done at this moment, and say what waits.

        Raises:
            UsageError: there is no such task.
            BusyElsewhere: another process works in that role for longer than the patience.
        """
        if task not in TASKS:
            raise UsageError(f"there is no task {task!r}", f"known are {', '.join(TASKS)}")
        if self.sandbox is not None:
            self.sandbox.stands_still = False
        agent = await self.agent(TASKS[task])
        return await agent.run_now(task, patience_seconds=patience_seconds)

    async def run(self, *, until: datetime | None = None, stop: anyio.Event | None = None) -> None:
        """Let the three agents work until `until` (department time), `stop`, or for ever."""
        if self.sandbox is not None:
            self.sandbox.stands_still = False
        agents = [await self.agent(role) for role in ROLES]
        async with anyio.create_task_group() as tasks:
            if isinstance(self.clock, JumpingClock):
                tasks.start_soon(self.clock.keep_time)
            if self.sandbox is not None:
                tasks.start_soon(self._keep_sandbox_time)
            tasks.start_soon(self._show_health)
            async with anyio.create_task_group() as working:
                for agent in agents:
                    working.start_soon(agent.start)
                await self._wait_for_end(until, stop or anyio.Event())
                for agent in agents:
                    await agent.stop()
                working.start_soon(self._park, working.cancel_scope)
            tasks.cancel_scope.cancel()
        await self.store.write(lambda t: notes.forget(t, notes.HEALTH))
        if self.sandbox is not None:
            self.sandbox.stands_still = True
            self.sandbox.keep(self.clock)

    async def agent(self, role: Role) -> BaseAgent:
        """The agent of a role, made when it is first needed."""
        if role not in self._agents:
            makers = {
                "sales_manager": self._sales_manager,
                "lead_finder": self._lead_finder,
                "outreach": self._outreach,
            }
            self._agents[role] = await makers[role]()
        return self._agents[role]

    @property
    def agents(self) -> Mapping[Role, BaseAgent]:
        """The agents made so far."""
        return dict(self._agents)

    async def linkedin(self) -> LinkedIn:
        """The LinkedIn service, opened when it is first needed."""
        if self._linkedin is None:
            opening = open_linkedin(self.settings, self.clock, self.sandbox)
            self._linkedin = await self._resources.enter_async_context(opening)
        return self._linkedin

    async def language_model(self) -> LanguageModel | None:
        """The language model, made when first needed; None when the rules decide alone.

        No vendor's library is imported and no connection opened before the first question.

        Raises:
            SettingsError: a key is missing, or the models' settings contradict each other.
        """
        if self.settings.llm.provider != "rules" and self._model is None:
            from ingagents.model_service import open_language_model

            opening = open_language_model(self.settings, self.desk)
            self._model = await self._resources.enter_async_context(opening)
        return self._model

    async def status(self) -> dict[str, Any]:
        """How the department stands, as plain values."""
        return await department_status(
            self.settings,
            self.store,
            now=self.clock.now(),
            jobs=self.jobs(),
            health={
                role: agent.health_check()
                for role, agent in self._agents.items()
                if agent.is_running
            },
            fresh=timedelta(seconds=2 * HEALTH_SECONDS * self.clock.pace),
        )

    async def report(self, day: date | None = None) -> Report:
        """The report of a day; by default of today so far."""
        manager = await self._manager()
        return await manager.build_report(day)

    async def paused(self) -> dict[str, str] | None:
        """Who set the kill switch, why and when; None when it is off."""
        found: dict[str, str] | None = await self.store.read(lambda t: notes.noted(t, notes.PAUSED))
        return found

    async def pause(self, *, by: str, reason: str = "") -> bool:
        """The kill switch: no outward send until `resume`; False when it was on already."""
        now = self.clock.now()
        why = reason or "by hand"

        def pause(transaction: Transaction) -> bool:
            if notes.noted(transaction, notes.PAUSED):
                return False
            note = {"by": by, "reason": why, "at": now.isoformat()}
            notes.note(transaction, notes.PAUSED, note, at=now)
            self.queue.append(transaction, by, OutreachPaused(by=by, reason=why))
            return True

        return await self.store.write(pause)

    async def resume(self, *, by: str) -> bool:
        """Release the kill switch; False when it was not on."""

        def resume(transaction: Transaction) -> bool:
            if not notes.forget(transaction, notes.PAUSED):
                return False
            self.queue.append(transaction, by, OutreachResumed(by=by))
            return True

        return await self.store.write(resume)

    def jobs(self) -> dict[Role, dict[str, Job]]:
        """Every agent's jobs and when they are due."""
        settings, zone = self.settings, self.settings.campaign.timezone
        manager, finder, outreach = settings.sales_manager, settings.lead_finder, settings.outreach
        hours = outreach.rate_limiting.to_hours(zone)

        def daily(name: str, at: str, *, days: frozenset[int] = hours.days) -> Job:
            return Job(name, Daily(as_time(at), zone, days or frozenset(range(1, 8))))

        def every(name: str, interval: timedelta) -> Job:
            return Job(name, Every(interval))

        found: dict[Role, list[Job]] = {
            "sales_manager": [
                daily("coordinate", manager.coordination_time),
                daily("report", manager.report_time),
                every("monitor", timedelta(minutes=manager.monitor_interval_minutes)),
            ],
            "lead_finder": [daily("search", finder.search_time)],
            "outreach": [
                every("outreach", timedelta(minutes=outreach.process_interval_minutes)),
                every("replies", timedelta(hours=outreach.response_check_interval_hours)),
            ],
        }
        return {role: {job.name: job for job in jobs} for role, jobs in found.items()}

    def begin_day(self) -> None:
        """In the sandbox: when the working day is over, let the next one begin."""
        if self.sandbox is not None:
            self.sandbox.skip_to_work(self.clock)

    def day_ends(self) -> datetime:
        """In the sandbox: when the present working day is over."""
        if self.sandbox is None:
            raise UsageError("a real department's day does not end", "use --for")
        return self.sandbox.day_ends(self.clock.now())

    async def _manager(self) -> SalesManagerAgent:
        from ingagents.agents.sales_manager_agent import SalesManagerAgent

        agent = await self.agent("sales_manager")
        assert isinstance(agent, SalesManagerAgent)  # noqa: S101  `agent` made it just so
        return agent

    async def _sales_manager(self) -> BaseAgent:
        from ingagents.agents.judgement import ManagerPolicy
        from ingagents.agents.mailroom import Mailroom
        from ingagents.agents.notices import Notices
        from ingagents.agents.sales_manager_agent import SalesManagerAgent
        from ingagents.pages import MailPages

        settings, manager = self.settings, self.settings.sales_manager
        mailer, account_id = open_mailer(settings, self.clock)
        campaign = settings.campaign.to_campaign()
        return SalesManagerAgent(
            self.desk,
            self.jobs()["sales_manager"],
            notices=Notices(
                desk=self.desk,
                mailroom=Mailroom(
                    desk=self.desk,
                    mailer=mailer,
                    account_id=account_id,
                    recipients=manager.report_recipients,
                    open=bool(manager.report_recipients) or not settings.email.host,
                ),
                pages=MailPages(campaign=campaign, recipients=manager.report_recipients),
                quiet=settings.email.to_quiet_hours(campaign.timezone),
                together_from=settings.email.alerts_together_from,
            ),
            policy=ManagerPolicy(
                campaign=campaign,
                strategy=manager.allocation_strategy,
                max_leads=manager.max_leads,
                quality_threshold=settings.lead_finder.quality_threshold,
                search_below=manager.search_below,
                allow_same_company=manager.allow_same_company,
                take_back_after=timedelta(hours=manager.take_back_after_hours),
                daily_limit=settings.outreach.rate_limiting.daily_limit,
                keep_history=timedelta(days=settings.database.keep_history_days),
                apply_small_changes=manager.apply_small_changes,
                message_mode=settings.outreach.message_generation_mode,
            ),
            advisor=manager_advisor(settings, await self.language_model()),
        )

    async def _lead_finder(self) -> BaseAgent:
        from ingagents.agents.lead_finder_agent import LeadFinderAgent, SearchPolicy

        finder, linkedin = self.settings.lead_finder, await self.linkedin()
        return LeadFinderAgent(
            self.desk,
            self.jobs()["lead_finder"],
            client=linkedin.client,
            reception=await self._reception(),
            policy=SearchPolicy(
                criteria=finder.search_criteria.to_criteria(),
                max_leads_per_day=finder.max_leads_per_day,
                profile_visits_per_day=finder.profile_visits_per_day,
                analyse_at_once=finder.analyse_at_once,
                page_size=min(50, max(10, finder.max_leads_per_day)),
                timezone=self.settings.campaign.timezone,
            ),
        )

    async def _outreach(self) -> BaseAgent:
        from ingagents.agents.contact import Contact, ContactPolicy
        from ingagents.agents.doubts import Doubts
        from ingagents.agents.drafting import Drafting
        from ingagents.agents.outreach_agent import OutreachAgent
        from ingagents.core.reconciler import LookRules

        settings, outreach = self.settings, self.settings.outreach
        linkedin = await self.linkedin()
        uncertain = outreach.uncertain
        contact = Contact(
            desk=self.desk,
            client=linkedin.client,
            sender=linkedin.sender,
            counsel=await self._counsel(),
            drafting=Drafting(
                desk=self.desk,
                account_id=linkedin.account_id,
                campaign=self.settings.campaign.to_campaign(),
                templates=load_templates(self.settings),
                writer=message_writer(settings, await self.language_model()),
            ),
            policy=ContactPolicy(
                account_id=linkedin.account_id,
                rules=rate_rules(self.settings),
                approval=outreach.approval,
                live=linkedin.live,
                apply_small_changes=self.settings.sales_manager.apply_small_changes,
            ),
        )
        doubts = Doubts(
            desk=self.desk,
            client=linkedin.client,
            sender=linkedin.sender,
            rules=LookRules(
                settle_seconds=uncertain.settle_seconds,
                looks=uncertain.looks,
                window_seconds=uncertain.window_seconds,
            ),
        )
        return OutreachAgent(
            self.desk,
            self.jobs()["outreach"],
            client=linkedin.client,
            sender=linkedin.sender,
            contact=contact,
            doubts=doubts,
        )

    async def _reception(self) -> Reception:
        finder = self.settings.lead_finder
        return Reception(
            desk=self.desk,
            criteria=finder.search_criteria.to_criteria(),
            weights=Weights(**finder.weights.model_dump()),
            counsel=await self._counsel(),
        )

    @cached_property
    def leads(self) -> LeadBook:
        """The leads, to look at, add to and change by hand."""
        return LeadBook(self.desk, self._reception)

    async def _counsel(self) -> Counsel:
        return Counsel(await self.language_model(), load_prompts(self.settings))

    async def _wait_for_end(self, until: datetime | None, stop: anyio.Event) -> None:
        async with anyio.create_task_group() as tasks:

            async def watch() -> None:
                await stop.wait()
                tasks.cancel_scope.cancel()

            tasks.start_soon(watch)
            if until is None:
                await stop.wait()
            else:
                await self.clock.sleep_until(until)
            tasks.cancel_scope.cancel()

    async def _park(self, scope: anyio.CancelScope) -> None:
        """Give work in hand a moment to end, then park it: the journal keeps what is open.

        Real seconds: the promise is to whoever sent the signal, not to the department's clock.
        """
        with anyio.move_on_after(_LET_GO_SECONDS):
            while any(agent.is_running for agent in self._agents.values()):
                await self.clock.sleep_until(
                    self.clock.now() + timedelta(seconds=0.05 * self.clock.pace)
                )
        scope.cancel()

    async def _show_health(self) -> None:
        """Let other processes (`status`, a container's health check) see how the agents are."""
        while True:
            now = self.clock.now()
            health = {role: agent.health_check() for role, agent in self._agents.items()}
            with suppress(StoreLocked, CommitUnknown):  # the next one is due in a moment
                await self.store.write(_noting_health(health, now))
            pause = timedelta(seconds=HEALTH_SECONDS / 2 * self.clock.pace)
            await self.clock.sleep_until(now + pause)

    async def _keep_sandbox_time(self) -> None:
        assert self.sandbox is not None  # noqa: S101  only started with one
        while True:
            self.sandbox.keep(self.clock)
            pause = timedelta(seconds=0.5 * self.clock.pace)
            await self.clock.sleep_until(self.clock.now() + pause)


def _keep_time(sandbox: SandboxTime, clock: Clock) -> None:
    """Let the market's time go on from here, unless it stood still and nobody worked.

    An error in here must not hide the one that ended the work.
    """
    if not sandbox.stands_still:
        with suppress(StoreError):
            sandbox.keep(clock)


def _noting_health(health: Mapping[Role, dict[str, Any]], at: datetime) -> Work:
    return lambda transaction: notes.note(transaction, notes.HEALTH, health, at=at)


@asynccontextmanager
async def open_department(
    settings: Settings | str | os.PathLike[str] | None = None,
    *,
    clock: Clock | None = None,
    jumping: bool = False,
    seed: int | None = None,
) -> AsyncGenerator[Department, None]:
    """Open a department; leaving closes it. Settings may be a path, read ones, or None (found).

    `clock` is for tests and rehearsals; `jumping` lets the sandbox's time jump instead of run;
    `seed` makes every draw of chance repeatable.

    Raises:
        SettingsError: something in the settings is wrong or not supported.
        StoreError: the database cannot be used.
    """
    if not isinstance(settings, Settings):
        settings = load_settings(Path(settings) if settings is not None else None)
    check_supported(settings)
    chance = random.Random(seed)
    async with AsyncExitStack() as resources:
        sandbox = SandboxTime(settings) if in_process_sandbox(settings) else None
        if sandbox is not None:
            resources.callback(sandbox.close)
        if clock is None:
            clock = sandbox.clock(jumping=jumping) if sandbox is not None else SystemClock()
        store = open_store(settings.database.url, folder=settings.path("."), busy=clock.busy)
        resources.push_async_callback(store.close)
        if sandbox is not None:
            resources.callback(_keep_time, sandbox, clock)
        # With a seed, ids repeat too, but never those of an earlier opening of the same database.
        opened = await store.read(journal.last_seq) if seed is not None else None
        ids = random.Random(f"{seed}/{opened}") if seed is not None else random.SystemRandom()
        yield Department(
            settings,
            store=store,
            clock=clock,
            sandbox=sandbox,
            resources=resources,
            new_id=lambda: uuid.UUID(int=ids.getrandbits(128), version=4).hex,
            chance=chance,
        )
