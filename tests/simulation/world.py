"""The simulated world: one market, one database, processes that come and go, one seed.

A department lives through bad days and then through a quiet one in which everything must come to
rest.
"""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from hashlib import blake2b
from importlib import resources
from pathlib import Path
from typing import Any, ClassVar

import anyio
import httpx
import msgspec

from ingagents.agents.sales_manager_agent import SalesManagerAgent
from ingagents.app.department import Department, open_department
from ingagents.app.tasks import TASKS
from ingagents.communication import process_id
from ingagents.errors import IngagentsError, root_of
from ingagents.model import (
    AccountId,
    ChatMessage,
    ContactStatus,
    Mail,
    Profile,
    Recipient,
    SendResult,
)
from ingagents.ports import DirectSender, Inbox, LinkedInService
from ingagents.sandbox.market.market import Market
from ingagents.sandbox.market.people import Person
from ingagents.services.management.team_mail import Mailroom
from tests.simulation.ending import AFTER_AN_ACT, look_at_the_end
from tests.simulation.market import TalkativeMarket
from tests.simulation.monitor import Monitor
from tests.simulation.process import Process, SimulatedStore
from tests.simulation.trouble import UNIPILE, CountedFaults, Trouble, Wire
from tests.world import CountingTransport, MailServer, World, profile_of

PEOPLE = 40
LEADS = 8
PACE = 600.0
QUIET_PACE = 3600.0
HOURS = 7.5
QUIET_HOURS = 24.0
"""Virtual hours after the last fault within which everything must have come to rest."""


class SimulatedWorld(World):
    """A world in which `chance` decides everything."""

    market_type: ClassVar[type[Market]] = TalkativeMarket
    monitor_type: ClassVar[type[Monitor]] = Monitor
    wire: ClassVar[Wire] = UNIPILE
    imported: ClassVar[int] = 3
    after_an_act: ClassVar[frozenset[ContactStatus]] = frozenset(AFTER_AN_ACT)

    def __init__(self, folder: Path, seed: int) -> None:
        super().__init__(folder, seed=seed, size=PEOPLE)
        self.chance = random.Random(seed)
        self.clock.pace = self.clock.hands.pace = PACE
        self.figures: Counter[str] = Counter()
        self.violations: list[str] = []
        self.story: list[str] = []
        self.processes: list[Process] = []
        self.digest = ""
        self._errands: list[tuple[Callable[..., Coroutine[Any, Any, Any]], tuple[Any, ...]]] = []
        self.team: Department
        self.faults = CountedFaults(self)
        self.app = self.face()
        self.database = Path("ingagents.db")  # errors name it: no folder's name may stand in it
        told = resources.files("ingagents") / "sandbox" / "facts.toml"
        Path("facts.toml").write_text(told.read_text("utf-8"), "utf-8")
        self.approval = self.chance.choice(["none"] * 8 + ["low_confidence", "all"])
        daily = self.chance.choice([3, 5, 8])
        self.chosen = self.settings(
            sales_manager={
                "max_leads": LEADS,
                "search_below": 20,
                "monitor_interval_minutes": 180,
                "report_time": "15:00",
                "coordination_time": "09:00",
                "take_back_after_hours": self.chance.choice([3, 72]),
            },
            lead_finder={"max_leads_per_day": LEADS, "search_time": "09:20"},
            outreach={
                "approval": self.approval,
                "process_interval_minutes": 90,
                "response_check_interval_hours": 2,
                "reply_look_minutes": self.chance.choice([5, 20, 60]),
                "sequence": {
                    "message_delay_hours": self.chance.choice([(0, 0), (0, 2), (2, 26)]),
                    "follow_ups": self.chance.choice([(), (1,), (1, 1)]),
                },
                "rate_limiting": {
                    "daily_limit": daily,
                    "weekly_limit": self.chance.choice([daily, daily + 2, 40]),
                    "min_interval_minutes": 4,
                    "max_interval_minutes": 20,
                },
            },
        )
        beside = random.Random(f"channels of {seed}")
        channels: tuple[str, ...] = beside.choice([(), ("slack",), ("webhook",)])
        self.told_on = {"team": self.mail, **{name: MailServer() for name in channels}}
        """Where the team is told of things, by what their claims call it."""
        self.dropping = {name for name in channels if name == "webhook"}
        """Who drops a notice that it has had."""
        self.limits = self.chosen.outreach.rate_limiting
        self.looks = self.chosen.outreach.uncertain.looks
        self.monitor = self.monitor_type(self)
        self.trouble = Trouble(self)

    # --- the days ---------------------------------------------------------------------------------

    async def days(self) -> None:
        """Bad hours, then quiet ones; then everything is looked at."""
        over = anyio.Event()
        async with self.keeping_time(), anyio.create_task_group() as self._tasks:
            ready = anyio.Event()
            self._errand = anyio.Event()
            self._tasks.start_soon(self._run_errands)
            self._tasks.start_soon(self._team, ready, over)
            await ready.wait()
            await self.team.leads.add(self._imported(), source="import:test")
            self._tasks.start_soon(self.trouble.haunt)
            end = self.now + timedelta(hours=HOURS)
            async with anyio.create_task_group() as keepers:
                for number in range(self.chance.choice([1, 2, 2])):
                    keepers.start_soon(self._keep_running, f"run-{number + 1}", end)
                if self.chance.random() < 0.5:
                    keepers.start_soon(self._keep_calling, "once", end)
            await self._come_to_rest()
            over.set()
            self._tasks.cancel_scope.cancel()

    async def _come_to_rest(self) -> None:
        self.trouble.end()
        self.clock.pace = self.clock.hands.pace = QUIET_PACE
        self.note("--- quiet ---")
        await self.team.resume(by="team")
        await self.trouble.team_approves()
        if self.violations:
            return
        until = self.now + timedelta(hours=QUIET_HOURS)
        process = Process(self, "quiet")
        await self.live(process, lambda department: department.run(until=until))
        if not self.violations:
            await self.look_at_the_end(until)
        written = repr((self.monitor.eye.journal(), self.acts(), self.requests, self.story))
        self.digest = blake2b(written.encode(), digest_size=16).hexdigest()

    async def look_at_the_end(self, worked_until: datetime) -> None:
        """Tell whatever did not come to rest."""
        await look_at_the_end(self, worked_until=worked_until)

    async def _keep_running(self, name: str, end: datetime) -> None:
        """Start a process, and another one whenever it ended or died."""
        number = 0
        while self.now < end and not self.violations:
            number += 1
            hours = self.chance.uniform(1, 9)
            until = min(end, self.now + timedelta(hours=hours))
            process = Process(self, f"{name}.{number}")
            await self.live(process, lambda department, u=until: department.run(until=u))  # type: ignore[misc]
            pause = timedelta(minutes=self.chance.choice([0, 1, 20]))
            await self.clock.sleep_until(self.now + pause)

    async def _keep_calling(self, name: str, end: datetime) -> None:
        """What cron does: `once` with some task, every so often."""
        number = 0
        while self.now < end and not self.violations:
            number += 1
            task = self.chance.choice(["outreach", "outreach", "replies", *TASKS])
            process = Process(self, f"{name}.{number}")
            await self.live(process, lambda department, t=task: department.once(t))  # type: ignore[misc]
            pause = timedelta(minutes=self.chance.choice([30, 60, 120]))
            await self.clock.sleep_until(self.now + pause)

    async def live(self, process: Process, work: Callable[[Department], Awaitable[object]]) -> None:
        """Open a department in a process and let it work until it ends, fails or dies."""
        self._openings += 1
        self.processes.append(process)
        self.note(f"{process.name} starts")
        with process.scope:
            try:
                async with (
                    httpx.AsyncClient(transport=_Wire(self, process)) as http,
                    open_department(
                        self.chosen,
                        clock=process.clock,
                        store=SimulatedStore(process),
                        seed=1000 * self.seed + self._openings,
                    ) as department,
                ):
                    process.holder = department.queue._process_id
                    process.queue = department.queue
                    process.lose_the_queues()
                    await self.furnish(
                        department,
                        http,
                        watched=lambda service: self.watched(service, process),
                        mailer=_Postman(self, process, self.mail),
                    )
                    await self._open_channels(department, process)
                    await work(department)
            except anyio.get_cancelled_exc_class():
                raise
            except BaseException as exc:
                if process.alive:
                    self._fell(process, exc)
        self.processes.remove(process)
        process_id._ours.discard(process.holder)

    async def _open_channels(self, department: Department, process: Process) -> None:
        """The channels beside mail, as the settings would open them."""
        manager = await department.agent("sales_manager")
        assert isinstance(manager, SalesManagerAgent)
        channels = tuple(
            Mailroom(
                context=department.context,
                mailer=_Postman(self, process, server),
                account_id=AccountId(name),
                recipients=(name,),
                open=True,
                to=name,
                drops_repeats=name in self.dropping,
            )
            for name, server in self.told_on.items()
            if name != "team"
        )
        manager.notices = dataclasses.replace(manager.notices, channels=channels)

    def watched(self, service: LinkedInService, process: Process) -> LinkedInService:
        """The service, in a process that is looked at."""
        assert service.sender is not None
        assert service.inbox is not None
        return msgspec.structs.replace(
            service,
            sender=_WatchedSender(service.sender, self, process),
            inbox=_WatchedInbox(service.inbox, self, process),
        )

    def _fell(self, process: Process, exc: BaseException) -> None:
        """A process may end with an error that tells the user what to do; with no other."""
        cause = root_of(exc)
        self.note(f"{process.name} ends: {cause!r}")
        if not isinstance(cause, IngagentsError):
            self.violated(f"{process.name} fell: {cause!r}")

    async def _team(self, ready: anyio.Event, over: anyio.Event) -> None:
        """People at their command line: pause, resume, suppress."""

        async def sit(department: Department) -> None:
            self.team = department
            ready.set()
            await over.wait()

        await self.live(Process(self, "team", mortal=False), sit)

    def _imported(self) -> list[Profile]:
        """Leads from a file: some known by their address, some by an id only."""
        known = [one for one in self.market.people if one.slug]
        people = self.chance.sample(known, self.imported)
        people += [one for one in known if one.distance == 1 and one not in people][:1]
        return [
            profile_of(one)
            if self.chance.random() < 0.6
            else Profile(name=one.name, position=one.title, provider_id=one.provider_id)
            for one in people
        ]

    # --- what happened ----------------------------------------------------------------------------

    def spawn(self, act: Callable[..., Coroutine[Any, Any, Any]], *args: Any) -> None:
        """Do something beside all others; may be called from anywhere."""
        self._errands.append((act, args))
        self._errand.set()

    def later(self, wait: timedelta, act: Callable[[], None]) -> None:
        """Do something after a while."""

        async def do() -> None:
            await self.clock.sleep_until(moment)
            act()

        moment = self.now + wait
        self.spawn(do)

    async def _run_errands(self) -> None:
        while True:
            await self._errand.wait()
            self._errand = anyio.Event()
            errands, self._errands = self._errands, []
            for act, args in errands:
                self._tasks.start_soon(act, *args)

    def note(self, what: str) -> None:
        """One line of the story of this seed."""
        self.story.append(f"{self.now:%a %H:%M:%S} {what}")

    def violated(self, what: str) -> None:
        """An invariant does not hold: nobody works on."""
        self.note(f"VIOLATION: {what}")
        self.violations.append(what)
        for process in list(self.processes):
            process.die("because an invariant was violated")

    def market_of_leads(self) -> list[tuple[str, Person]]:
        """The leads there are, as people of the market."""
        found = {}
        for status_id in self.monitor.seen.statuses:
            if (person := self.monitor.person_of(status_id)) is not None:
                found[person.key] = person
        return list(found.items())

    def leave(self) -> None:
        """Let go of what is open."""
        self.monitor.eye.close()
        self.market.record.close()


class _Wire(CountingTransport):
    """The way to the market; a process may die before a request leaves or before its answer."""

    def __init__(self, world: SimulatedWorld, process: Process) -> None:
        super().__init__(world.app, world.requests)
        self._world = world
        self._process = process
        self._acting = tuple(one.removeprefix("POST ") for one in world.wire.sends)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        acts = request.method == "POST" and request.url.path.endswith(self._acting)
        process, trouble = self._process, self._world.trouble
        trouble.at_request(process, acts=acts, after=False)
        process.must_live()
        try:
            return await super().handle_async_request(request)
        finally:
            if acts:
                self._world.monitor.after_act()
            trouble.at_request(process, acts=acts, after=True)
            process.must_live()


class _WatchedSender:
    """The real sender; what it is asked to do is looked at first."""

    def __init__(self, sender: DirectSender, world: SimulatedWorld, process: Process) -> None:
        self._sender = sender
        self._world = world
        self._process = process

    async def send_invitation(self, to: Recipient, note: str) -> SendResult:
        self._world.monitor.before_act(self._process, "invitation", to.provider_id, note)
        return await self._sender.send_invitation(to, note)

    async def send_message(self, to: Recipient, text: str) -> SendResult:
        self._world.monitor.before_act(self._process, "message", to.provider_id, text)
        return await self._sender.send_message(to, text)


class _WatchedInbox:
    """The real inbox; whose conversation was read is noted."""

    def __init__(self, inbox: Inbox, world: SimulatedWorld, process: Process) -> None:
        self._inbox = inbox
        self._world = world
        self._process = process

    async def conversation(
        self, who: Recipient, *, after: datetime | None = None
    ) -> list[ChatMessage]:
        found = await self._inbox.conversation(who, after=after)
        self._world.monitor.looked(who.provider_id)
        self._world.trouble.at_look(self._process, who.provider_id)
        return list(found)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inbox, name)


class _Postman:
    """The way to the mail server, or to a channel."""

    def __init__(self, world: SimulatedWorld, process: Process, server: MailServer) -> None:
        self._world = world
        self._process = process
        self._server = server

    async def send_mail(self, mail: Mail) -> SendResult:
        trouble, process = self._world.trouble, self._process
        trouble.at_request(process, acts=True, after=False)
        process.must_live()
        trouble.at_mail(self._server)
        result = await self._server.send_mail(mail)
        trouble.at_request(process, acts=True, after=True)
        process.must_live()
        return result
