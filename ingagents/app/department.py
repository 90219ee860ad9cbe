"""The composition root: settings become a working department, wired by hand, in plain sight.

`open_department` opens the database and the clock at once and everything else when it is first
needed, so that a task from cron pays only for what it uses.
"""

from __future__ import annotations

import os
import random
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import anyio
import msgspec

from ingagents.agents.base_agent import BaseAgent
from ingagents.app.people_files import lead_files
from ingagents.app.providers import (
    LinkedIn,
    check_supported,
    open_linkedin,
    open_sheet,
)
from ingagents.app.rules.conversation import follow_plans
from ingagents.app.rules.send_rules import hand_of, is_dry_run
from ingagents.app.sandbox_time import SandboxTime
from ingagents.app.tasks import TASKS, known_task
from ingagents.app.views.read_status import HEALTH_SECONDS, department_status
from ingagents.app.views.status import Status
from ingagents.app.wiring import Wiring, jobs_of
from ingagents.app.work_session import WorkSession
from ingagents.communication import journal
from ingagents.communication.message_queue import MessageQueue
from ingagents.communication.process_id import new_process_id
from ingagents.context import Context
from ingagents.core.identity import aliases_of_identifier
from ingagents.display import Shown, Told
from ingagents.errors import BusyElsewhere, StoreError, StoreGone, UsageError, leaves
from ingagents.events import ROLES, Role
from ingagents.integrations.clock import SystemClock
from ingagents.lifetime import OPEN_AGAIN, Lifetime
from ingagents.log import telling_time
from ingagents.ports import Clock, LanguageModel, Store, TeamSheet
from ingagents.services.journal_book import JournalBook
from ingagents.services.leads.api import LeadBook
from ingagents.services.outcome import Outcome
from ingagents.services.outreach import kill_switch
from ingagents.settings import Settings, load_settings
from ingagents.store.engine.open_store import open_store, shown
from ingagents.store.tables import key_value, leads

if TYPE_CHECKING:
    from ingagents.agents.sales_manager_agent import SalesManagerAgent
    from ingagents.core.reporter import Report
    from ingagents.model import Profile
    from ingagents.services.reviews.api import ReviewBook
    from ingagents.services.sheet.restore import Rebuilding


_ID_BITS = 80
"""An id stands in ten places of a lead; among a million of them two are alike once in 10^12 times."""


class Department(Shown):
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
        self.queue = MessageQueue(store, clock, process_id=new_process_id(), new_id=new_id)
        self.context = Context(
            store=store, queue=self.queue, clock=clock, new_id=new_id, chance=chance
        )
        self._resources = resources
        self._closed = False
        resources.callback(self._close)
        self._agents: dict[Role, BaseAgent] = {}
        self._linkedin: LinkedIn | None = None
        self._model: LanguageModel | None = None
        self._sheet: TeamSheet | None = None
        self._hiring = Wiring(
            settings=settings,
            context=self.context,
            linkedin=self.linkedin,
            language_model=self.language_model,
            sheet=self.sheet,
        )

    @cached_property
    def reviews(self) -> ReviewBook:
        """What waits for a human's decision."""
        from ingagents.services.reviews.api import ReviewBook
        from ingagents.services.reviews.decisions import Verdicts

        return ReviewBook(
            self.context, Verdicts(context=self.context, approvals=self._hiring.approvals())
        )

    async def once(self, task: str, *, patience_seconds: float = 10.0) -> Outcome:
        """Do one task now, as far as it can be done at this moment, and say what waits.

        Raises:
            UsageError: there is no such task.
            BusyElsewhere: another process works in that role for longer than the patience.
        """
        known_task(task)
        if self.sandbox is not None:
            self.sandbox.stands_still = False
        agent = await self.agent(TASKS[task])
        try:
            return await agent.run_now(task, patience_seconds=patience_seconds)
        finally:
            await self._tell_the_team()

    async def _tell_the_team(self) -> None:
        """Mail what a single task brought; a process at the manager's work does so itself."""
        with suppress(BusyElsewhere):
            await (await self._manager()).tell_now()

    async def run(self, *, until: datetime | None = None, stop: anyio.Event | None = None) -> None:
        """Let the three agents work until `until` (department time), `stop`, or for ever.

        Until an evening (`day_ends`) the sandbox's clock skips the nights and days off before it.

        Raises:
            StoreGone: the database's file is no longer the one that was opened.
        """
        if self.sandbox is not None:
            self.sandbox.stands_still = False
        agents = {role: await self.agent(role) for role in ROLES}
        at_work = WorkSession(
            agents=agents, store=self.store, clock=self.clock, sandbox=self.sandbox
        )
        try:
            await at_work.run(until, stop or anyio.Event())
        except BaseExceptionGroup as group:
            raise (next(leaves(group, StoreGone), None) or group) from None
        with suppress(StoreError):  # a database that is away now: what was said grows stale
            await self.store.write(lambda t: key_value.forget(t, key_value.HEALTH))
        if self.sandbox is not None:
            self.sandbox.stands_still = True
            self.sandbox.keep(self.clock)

    async def agent(self, role: Role) -> BaseAgent:
        """The agent of a role, made when it is first needed."""
        self._check_open()
        if role not in self._agents:
            self._agents[role] = await self._hiring.build_agent(role)
        return self._agents[role]

    @property
    def agents(self) -> Mapping[Role, BaseAgent]:
        """The agents made so far."""
        return dict(self._agents)

    async def linkedin(self) -> LinkedIn:
        """The LinkedIn service, opened when it is first needed."""
        self._check_open()
        if self._linkedin is None:
            opening = open_linkedin(self.settings, self.clock, self.sandbox, self._introduce)
            self._linkedin = await self._resources.enter_async_context(opening)
        return self._linkedin

    async def language_model(self) -> LanguageModel | None:
        """The language model, made when first needed; None when the rules decide alone.

        No vendor's library is imported and no connection opened before the first question.

        Raises:
            SettingsError: a key is missing, or the models' settings contradict each other.
        """
        self._check_open()
        if self.settings.llm.provider != "rules" and self._model is None:
            from ingagents.app.language_models import open_language_model

            opening = open_language_model(self.settings, self.context)
            self._model = await self._resources.enter_async_context(opening)
        return self._model

    async def sheet(self) -> TeamSheet:
        """The team's sheet, opened when it is first needed."""
        self._check_open()
        if self._sheet is None:
            opening = open_sheet(self.settings, self.clock, self.sandbox)
            self._sheet = await self._resources.enter_async_context(opening)
        return self._sheet

    async def status(self, *, people: bool = True) -> Status:
        """How the department stands, as plain values; without `people` not who waits for the team."""
        return await department_status(
            self.settings,
            self.store,
            now=self.clock.now(),
            jobs=jobs_of(self.settings),
            health={
                role: agent.health_check()
                for role, agent in self._agents.items()
                if agent.is_running
            },
            fresh=timedelta(seconds=2 * HEALTH_SECONDS * self.clock.pace),
            people=people,
        )

    async def report(self, day: date | None = None) -> Report:
        """The report of a day; by default of today so far."""
        return await (await self._manager()).build_report(day)

    async def rebuild_from_sheet(self) -> Rebuilding:
        """Fill an empty database from the team's sheet.

        Raises:
            SettingsError: there is no sheet.
            InputError: the database is not empty, or the sheet is.
            BusyElsewhere: another process is at work.
        """
        from ingagents.services.sheet.restore import rebuild

        sheet = (await self._manager()).sheet_or_refuse()
        async with self.queue.session("sales_manager") as session:
            return await rebuild(sheet, session)

    async def paused(self) -> dict[str, str] | None:
        """Who set the kill switch, why and when; None when it is off."""
        return await kill_switch.state(self.context)

    async def pause(self, *, by: str, reason: str = "") -> bool:
        """The kill switch: no outward send until `resume`; False when it was on already."""
        return await kill_switch.pause(self.context, by=by, reason=reason or "by hand")

    async def resume(self, *, by: str) -> bool:
        """Release the kill switch; False when it was not on."""
        return await kill_switch.resume(self.context, by=by)

    def begin_run(self, *, watched: bool = False) -> datetime:
        """In the sandbox: let the days of a run begin, tomorrow's if today's is over; when they end.

        `watched` days of a department whose time jumps go by in `sandbox.run_seconds`.
        """
        if self.sandbox is None:
            raise UsageError("a real department's days do not end", "use --for")
        return self.sandbox.begin_run(self.clock, watched=watched)

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

    @cached_property
    def leads(self) -> LeadBook:
        """The leads, to look at, add to and change by hand."""
        return LeadBook(
            self.context,
            self._hiring.reception,
            zone=ZoneInfo(self.settings.campaign.timezone),
            files=lead_files(self.settings),
            stages=self.settings.sales_manager.stages,
            hand=hand_of(self.settings),
            explaining=self._hiring.explaining,
        )

    @cached_property
    def journal(self) -> JournalBook:
        """What happened, in order; also as tables."""
        return JournalBook(self.context)

    def _close(self) -> None:
        self._closed = True

    def _check_open(self) -> None:
        if self._closed:
            raise UsageError("this department was closed when its `async with` ended", OPEN_AGAIN)

    def _told(self) -> Told:
        settings = self.settings
        event = settings.campaign
        database = shown(settings.database.url, folder=settings.path("."))
        line = (
            f"{event.event_name}, {event.event_date.isoformat()}: LinkedIn through"
            f" {', '.join(settings.linkedin.services)}{' (dry run)' if is_dry_run(settings) else ''},"
            f" {settings.llm.provider} decide, {database}"
        )
        rows = [
            ("event", f"{event.event_name}, {event.event_city}, {event.event_date.isoformat()}"),
            ("settings", settings.file or "none: the sandbox"),
            ("LinkedIn", ", ".join(settings.linkedin.services)),
            ("dry run", is_dry_run(settings)),
            ("decides", settings.llm.provider),
            ("database", database),
            ("tasks of once()", ", ".join(TASKS)),
        ]
        return Told(f"{line}; closed" if self._closed else line, rows)

    async def _introduce(self, identifier: str) -> Profile | None:
        """Somebody as the lead says, for the sandbox to let them live."""
        aliases = aliases_of_identifier(identifier)
        lead = await self.store.read(lambda t: leads.find_by_aliases(t, aliases))
        if lead is None:
            return None
        return msgspec.structs.replace(
            lead.profile, name=lead.name, position=lead.position, company=lead.company
        )


def open_department(
    settings: Settings | str | os.PathLike[str] | None = None,
    *,
    clock: Clock | None = None,
    store: Store | None = None,
    jumping: bool = False,
    seed: int | None = None,
) -> Lifetime[Department]:
    """Open a department; leaving closes it. Settings may be a path, read ones, or None (found).

    `clock` and `store` (closed with the department) are for tests and rehearsals; `jumping` lets
    the sandbox's time jump instead of run; `seed` makes every draw of chance repeatable.

    Raises:
        SettingsError: something in the settings is wrong or not supported.
        StoreError: the database cannot be used.
        UsageError: it was entered before.
    """
    return Lifetime(_open(settings, clock=clock, store=store, jumping=jumping, seed=seed))


@asynccontextmanager
async def _open(
    settings: Settings | str | os.PathLike[str] | None,
    *,
    clock: Clock | None,
    store: Store | None,
    jumping: bool,
    seed: int | None,
) -> AsyncGenerator[Department, None]:
    if not isinstance(settings, Settings):
        settings = load_settings(Path(settings) if settings is not None else None)
    check_supported(settings)
    chance = random.Random(seed)
    async with AsyncExitStack() as resources:
        sandbox = SandboxTime(settings) if settings.linkedin.in_process else None
        if sandbox is not None:
            resources.callback(sandbox.close)
        if clock is None:
            clock = sandbox.clock(jumping=jumping) if sandbox is not None else SystemClock()
        resources.enter_context(telling_time(clock.now))
        if settings.traces.endpoint:
            from ingagents.integrations.traces import tracing

            traces = settings.traces
            sending = tracing(
                traces.endpoint, timeout_seconds=traces.timeout_seconds, now=clock.now
            )
            resources.enter_context(sending)
        if store is None:
            store = open_store(settings.database.url, folder=settings.path("."), busy=clock.busy)
        resources.push_async_callback(store.close)
        if sandbox is not None:
            resources.callback(sandbox.leave, clock)
        # With a seed, ids repeat too, but never those of an earlier opening of the same database.
        opened = await store.read(journal.last_seq) if seed is not None else None
        await follow_plans(store, settings, clock)
        ids = random.Random(f"{seed}/{opened}" if seed is not None else None)
        yield Department(
            settings,
            store=store,
            clock=clock,
            sandbox=sandbox,
            resources=resources,
            new_id=lambda: f"{ids.getrandbits(_ID_BITS):0{_ID_BITS // 4}x}",
            chance=chance,
        )
