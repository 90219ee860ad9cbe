"""A market in the test's hands, and departments that open, work, die and open again on it.

The real adapters talk to the real sandbox face; the test holds the market, its faults, the clock
and the mail server. A department may die or be opened twice: the market and the database stay.
"""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import anyio
import httpx
import msgspec
import pytest
from starlette.types import ASGIApp

from ingagents.agents.lead_finder_agent import LeadFinderAgent
from ingagents.agents.outreach_agent import OutreachAgent
from ingagents.agents.sales_manager_agent import SalesManagerAgent
from ingagents.app.department import Department, open_department
from ingagents.app.providers import LinkedIn, access_to, opener_of
from ingagents.communication import inbox, journal
from ingagents.core.sending.working_hours import start_of_day
from ingagents.events import decode
from ingagents.integrations.clock import JumpingClock
from ingagents.model import (
    AccountId,
    ContactStatus,
    Delivery,
    DeliveryKind,
    Lead,
    LeadId,
    Mail,
    Profile,
    Recipient,
    Refusal,
    SendResult,
)
from ingagents.model.linkedin import SentInvitation
from ingagents.ports import (
    DirectSender,
    LanguageModel,
    LinkedInAccess,
    LinkedInService,
    Mailer,
    SentItems,
)
from ingagents.sandbox.faults import FaultPlan, FaultRule, Faults
from ingagents.sandbox.google_sheets.api import SheetsFace
from ingagents.sandbox.market.behaviour import accepts_after, answer, wall_of
from ingagents.sandbox.market.market import Market
from ingagents.sandbox.market.people import Person
from ingagents.sandbox.record import REACHES, Act
from ingagents.sandbox.unipile.api import PREFIX, create_app
from ingagents.settings import Settings
from ingagents.settings.linkedin import AccountSection
from ingagents.store.tables import deliveries, lead_counts, leads
from tests.sheet.google import lend_sheet
from tests.support import DATABASE, lay_database

ZONE = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2027, 3, 1, 7, 55, tzinfo=UTC)
"""Five to nine in Berlin: shortly before everything begins."""

ACCOUNT = "sandbox-account"
KEY = "sandbox"
NO_GAP = {"min_interval_minutes": 0, "max_interval_minutes": 0}
AT_ONCE: dict[str, Any] = {"outreach": {"rate_limiting": NO_GAP}}
"""Without gaps one `once` writes to everybody."""


class Died(BaseException):
    """The process is gone: nothing after this line runs."""


class WorldClock:
    """The jumping clock of a world; its time is kept by the world, not by a department."""

    def __init__(self, start: datetime) -> None:
        self.hands = JumpingClock(start, pace=600.0)
        self.pace = self.hands.pace

    def now(self) -> datetime:
        return self.hands.now()

    async def sleep_until(self, moment: datetime) -> None:
        await self.hands.sleep_until(moment)

    def busy(self) -> AbstractContextManager[None]:
        return self.hands.busy()


class MailServer:
    """Takes mails, and does with the next ones what it was told to."""

    def __init__(self) -> None:
        self.taken: list[Mail] = []
        self.asked = 0
        self.answers: list[str] = []
        """For the next mails: "refused", "unknown" (taken), "lost" (unknown, not taken), "died"."""

    async def send_mail(self, mail: Mail) -> SendResult:
        self.asked += 1
        told = self.answers.pop(0) if self.answers else "sent"
        if told == "refused":
            return SendResult(
                outcome="refused", refusal=Refusal.RETRY_LATER, detail="451 try again later"
            )
        if told != "lost":
            self.taken.append(mail)
        if told == "died":
            raise Died
        if told in {"unknown", "lost"}:
            return SendResult(outcome="unknown", detail="the server hung up after the text")
        return SendResult(outcome="sent", message_id=mail.message_id)

    def about(self, word: str) -> list[Mail]:
        """The mails that were taken with a word in their subject."""
        return [mail for mail in self.taken if word.lower() in mail.subject.lower()]


class DyingSender:
    """The real sender in a process that may die just before or just after an act."""

    def __init__(self, sender: DirectSender, world: World) -> None:
        self._sender = sender
        self._world = world

    async def send_invitation(self, to: Recipient, note: str) -> SendResult:
        return await self._world.acting(lambda: self._sender.send_invitation(to, note))

    async def send_message(self, to: Recipient, text: str) -> SendResult:
        return await self._world.acting(lambda: self._sender.send_message(to, text))


class DyingWithdrawals:
    """The same of the invitations that are taken back."""

    def __init__(self, items: SentItems, world: World) -> None:
        self._items = items
        self._world = world

    async def pending_invitations(self) -> Sequence[SentInvitation]:
        return await self._items.pending_invitations()

    async def withdraw_invitation(self, invitation_id: str) -> SendResult:
        return await self._world.acting(lambda: self._items.withdraw_invitation(invitation_id))


class World:
    """A market, its faults, a clock that jumps, a mail server, and a folder with a database."""

    market_type: ClassVar[type[Market]] = Market

    def __init__(
        self,
        folder: Path,
        *,
        seed: int = 1,
        size: int = 400,
        start: datetime = MONDAY,
        plan: FaultPlan | None = None,
        **market: Any,
    ) -> None:
        self.folder = folder
        lay_database(folder / DATABASE)
        self.seed = seed
        self.clock = WorldClock(start)
        self.market = self.market_type(seed, size, now=self.clock.now, zone=ZONE.key, **market)
        self.faults = Faults(plan)
        self.sheets = SheetsFace(self.market.record, now=self.clock.now)
        self.mail = MailServer()
        self.requests: list[str] = []
        self.sends = 0
        self._openings = 0
        self.die_before: set[int] = set()
        self.die_after: set[int] = set()
        self.app = self.face()

    def face(self) -> ASGIApp:
        """The service's HTTP over this market."""
        return create_app(self.market, api_key=KEY, account_id=ACCOUNT, faults=self.faults)

    # --- time and trouble -----------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def pass_time(self, **delta: float) -> None:
        """Put the clock forward; whoever sleeps until then wakes."""
        self.clock.hands.set(self.now + timedelta(**delta))

    def at(self, day: int, hour: int, minute: int = 0) -> datetime:
        """A moment of this world's first week, by Berlin's clock; Monday is day 0."""
        local = MONDAY.astimezone(ZONE) + timedelta(days=day)
        return local.replace(hour=hour, minute=minute, second=0).astimezone(UTC)

    def go_to(self, day: int, hour: int, minute: int = 0) -> None:
        """Put the clock to a moment of the first week."""
        self.clock.hands.set(self.at(day, hour, minute))

    def fail(self, kind: Any, on: str = "POST /users/invite", **rule: Any) -> None:
        """From now on the next request that begins like `on` goes wrong (or those given)."""
        chosen = {} if "probability" in rule else {"requests": (1,)}
        self.plan(FaultRule(kind=kind, on=on, **{**chosen, **rule}))

    def refuse(self, code: str, on: str = "POST /users/invite", **rule: Any) -> None:
        """The service refuses the next such request with this type of error."""
        self.fail("refuse", on, type=code, **rule)

    def plan(self, *rules: FaultRule, **more: Any) -> None:
        """Follow another plan of faults; without rules everything works again."""
        self.faults.follow(FaultPlan(rules=rules, **more))

    def asked(self, beginning: str) -> int:
        return sum(request.startswith(beginning) for request in self.requests)

    # --- departments ----------------------------------------------------------------------------

    @asynccontextmanager
    async def keeping_time(self) -> AsyncGenerator[None, None]:
        """Let time jump as long as the block; exactly one may be open."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self.clock.hands.keep_time)
            try:
                yield
            finally:
                tasks.cancel_scope.cancel()

    @asynccontextmanager
    async def department(
        self, *, live: bool = True, model: LanguageModel | None = None, **sections: Any
    ) -> AsyncGenerator[Department, None]:
        """Open a department on this world's database; time jumps only inside `keeping_time`.

        Each opening draws from a seed of its own, as another process would.
        """
        self._openings += 1
        settings = self.settings(**sections)
        async with (
            httpx.AsyncClient(transport=CountingTransport(self.app, self.requests)) as http,
            open_department(
                settings, clock=self.clock, seed=1000 * self.seed + self._openings
            ) as department,
        ):
            department._model = model
            await self.furnish(
                department,
                http,
                watched=self.mortal,
                mailer=self.mail,
                live=live,
            )
            await lend_sheet(department, self.sheets)
            yield department

    def mortal(self, service: LinkedInService) -> LinkedInService:
        """The service in a process that may die just before or just after an act."""
        assert service.sender is not None
        assert service.sent_items is not None
        return msgspec.structs.replace(
            service,
            sender=DyingSender(service.sender, self),
            sent_items=DyingWithdrawals(service.sent_items, self),
        )

    async def acting(self, act: Callable[[], Any]) -> SendResult:
        """An act of a process that may die just before or just after it."""
        self.sends += 1
        if self.sends in self.die_before:
            raise Died
        result: SendResult = await act()
        if self.sends in self.die_after:
            raise Died
        return result

    async def furnish(
        self,
        department: Department,
        http: httpx.AsyncClient,
        *,
        watched: Callable[[LinkedInService], LinkedInService],
        mailer: Mailer,
        live: bool = True,
    ) -> None:
        """Put the real adapters over a client to this market, and a mail server, in place."""
        settings = department.settings
        first, *others = (
            watched(opener_of(one)(self._way_to(settings, one), http, department.clock))
            for one in settings.linkedin.each
        )
        department._linkedin = LinkedIn(service=first, others=tuple(others), live=live)
        manager = await department.agent("sales_manager")
        assert isinstance(manager, SalesManagerAgent)
        mailroom = dataclasses.replace(
            manager.notices.mailroom,
            mailer=mailer,
            account_id=AccountId("sales@example.org"),
            recipients=("team@example.org",),
            open=True,
        )
        manager.notices = dataclasses.replace(manager.notices, mailroom=mailroom)

    def _way_to(self, settings: Settings, account: AccountSection) -> LinkedInAccess:
        """The way to this market, whatever address the settings name."""
        return msgspec.structs.replace(
            access_to(settings, account),
            base_url="http://sandbox.invalid",
            api_key=KEY,
            jitter=random.Random(self.seed).random,
        )

    @asynccontextmanager
    async def at_work(
        self, *, live: bool = True, model: LanguageModel | None = None, **sections: Any
    ) -> AsyncGenerator[Department, None]:
        """A department in a world whose time jumps: what most tests want."""
        async with (
            self.keeping_time(),
            self.department(live=live, model=model, **sections) as department,
        ):
            yield department

    def settings(self, **sections: Any) -> Settings:
        """Settings of a small department: 15 a day, short gaps, nobody has to approve."""
        values: dict[str, Any] = {
            "campaign": {
                "event_name": "InG Summit",
                "event_date": "2027-05-20",
                "event_city": "Berlin",
                "sender_name": "Robin Keller",
                "timezone": ZONE.key,
            },
            "database": {"url": f"sqlite:///{self.folder / DATABASE}"},
            "linkedin": {
                "service": "unipile",
                "base_url": "http://sandbox.invalid",
                "account_id": ACCOUNT,
                "api_key": KEY,
                "retries": 1,
                "live": True,
            },
            "sales_manager": {
                "max_leads": 20,
                "search_below": 10,
                "report_recipients": ["team@example.org"],
            },
            "lead_finder": {"max_leads_per_day": 40, "quality_threshold": 1.0},
            "outreach": {
                "approval": "none",
                "rate_limiting": {"daily_limit": 15, "weekly_limit": 40, "spread": "greedy"},
            },
        }
        for name, section in sections.items():
            listed = not isinstance(section, dict)
            values[name] = section if listed else _merged(values.get(name, {}), section)
        return Settings(**values)

    # --- people -----------------------------------------------------------------------------------

    def people(self, fits: Callable[[Person], bool], count: int = 1) -> list[Person]:
        """People like that, with a slug and no wall around them."""
        found = [
            person
            for person in self.market.people
            if person.slug and not wall_of(self.seed, person) and fits(person)
        ]
        assert len(found) >= count, f"only {len(found)} such people in a market of this seed"
        return found[:count]

    def strangers(self, count: int = 1) -> list[Person]:
        """People who can be invited, whatever they do then."""
        return self.people(lambda p: p.distance in {2, 3}, count)

    def silent(self, count: int = 1) -> list[Person]:
        """People who leave every invitation lying."""
        return self.people(
            lambda p: (
                p.distance in {2, 3}
                and {accepts_after(self.seed, p, n)[0] for n in (1, 2)} == {None}
            ),
            count,
        )

    def welcoming(self, *kinds: str, count: int = 1) -> list[Person]:
        """People who accept within an hour, and then answer so within an hour (or not at all)."""

        def fits(person: Person) -> bool:
            verdict, delay = accepts_after(self.seed, person, 1)
            return (
                person.distance in {2, 3}
                and verdict is True
                and delay < timedelta(hours=1)
                and self._answers(person) in (kinds or ("",))
            )

        return self.people(fits, count)

    def friends(self, count: int = 1) -> list[Person]:
        """Connections from before."""
        return self.people(lambda p: p.distance == 1, count)

    def _answers(self, person: Person) -> str:
        said = answer(self.seed, person, nth=1, before=None)
        return said.kind if said is not None and said.delay < timedelta(hours=1) else ""

    async def allocate(self, department: Department, *people: Person) -> list[LeadId]:
        """Make these people leads and hand them to outreach, in this order."""
        await department.leads.add([profile_of(person) for person in people], source="import:test")
        ids = []
        for place, person in enumerate(people, start=1):
            lead = await lead_of(department, person)
            await department.store.write(
                partial(leads.allocate, lead_id=lead.id, place=place, by="test", now=self.now)
            )
            ids.append(lead.id)
        return ids

    # --- what happened ----------------------------------------------------------------------------

    def acts(self, person: Person | None = None) -> list[Act]:
        """What the market really performed, for one person or in all."""
        return [
            act for act in self.market.record.acts if person is None or act.person == person.key
        ]

    def check(self, settings: Settings) -> None:
        """The laws, read from the market's own record: nobody twice, and no limit exceeded."""
        assert self.market.contacted_twice(self.now) == []
        assert list(self.market.record.repeated()) == []
        acts = [act for act in self.acts() if act.kind in REACHES]
        first = {act.person: act for act in reversed(acts)}
        later = [act for act in acts if act is not first[act.person]]
        assert all(act.kind == "message" for act in later), "somebody was invited after another act"
        limits = settings.outreach.rate_limiting
        hours = limits.to_hours(ZONE.key)
        moments = [act.at for act in acts]
        invited = [act.at for act in acts if act.kind == "invitation"]
        for counted, most in (
            (list(first.values()), limits.daily_limit),
            (later, limits.message_daily_limit),
        ):
            by_day = Counter(start_of_day(act.at, ZONE.key) for act in counted)
            assert all(count <= most for count in by_day.values()), by_day
        for at in moments:
            week = [one for one in invited if at - timedelta(days=7) < one <= at]
            assert len(week) <= limits.weekly_limit
            local = at.astimezone(ZONE)
            assert local.isoweekday() in hours.days
            assert hours.start <= local.time()
            assert hours.end is None or local.time() <= hours.end
        shortest = timedelta(minutes=limits.min_interval_minutes)
        for before, after in pairwise(moments):
            assert after - before >= shortest, f"{before} and {after} are too close"


@contextmanager
def dies() -> Iterator[None]:
    """The process must die inside this block, and nothing else may go wrong."""
    try:
        yield
    except BaseException as exc:
        if not only_deaths(exc):
            raise
    else:
        pytest.fail("nobody died")


def only_deaths(exc: BaseException) -> bool:
    """Whether nothing but deaths is in an exception, however wrapped."""
    if isinstance(exc, BaseExceptionGroup):
        return all(only_deaths(one) for one in exc.exceptions)
    return isinstance(exc, Died)


def profile_of(person: Person) -> Profile:
    """What a file would say about a person of the market: no provider id, no distance."""
    return Profile(
        name=person.name,
        first_name=person.first_name,
        last_name=person.last_name,
        headline=person.headline,
        position=person.title,
        company=person.company_name,
        public_identifier=person.slug,
        linkedin_url=f"https://www.linkedin.com/in/{person.slug}",
    )


async def lead_of(department: Department, person: Person) -> Lead:
    """The lead that is this person."""
    return await department.leads.find(f"https://www.linkedin.com/in/{person.slug}")


async def status_of(department: Department, person: Person) -> ContactStatus:
    """Where the person stands."""
    return (await lead_of(department, person)).contact_status


async def statuses(department: Department) -> dict[str, int]:
    """How many leads stand where."""
    return await department.store.read(lead_counts.by_status)


async def deliveries_of(department: Department, lead_id: str) -> list[Delivery]:
    """Every act ever claimed for a lead (or "team")."""
    return await department.store.read(lambda t: deliveries.of_recipient(t, lead_id))


async def doubts_of(department: Department) -> list[Delivery]:
    """Every act that may have happened, mails included."""
    return await department.store.read(lambda t: deliveries.doubtful(t, kinds=DeliveryKind))


async def journal_of(department: Department, kind: type[Any]) -> list[Any]:
    """All events of a kind, oldest first."""
    found: list[Any] = []
    after = 0
    while page := await department.store.read(partial(journal.entries, after=after, limit=500)):
        for entry in page:
            event = decode(entry.data, stored_type=entry.type, version=entry.version)
            if isinstance(event, kind):
                found.append(event)
        after = page[-1].seq
    return found


async def dead_letters(department: Department) -> Sequence[Any]:
    """Events that could not be handled."""
    return await department.store.read(inbox.dead_letters)


def outreach_of(department: Department) -> OutreachAgent:
    """The outreach agent, once it was made."""
    agent = department.agents["outreach"]
    assert isinstance(agent, OutreachAgent)
    return agent


def finder_of(department: Department) -> LeadFinderAgent:
    """The lead finder, once it was made."""
    agent = department.agents["lead_finder"]
    assert isinstance(agent, LeadFinderAgent)
    return agent


class CountingTransport(httpx.ASGITransport):
    """In-process transport that writes down what was asked for."""

    def __init__(self, app: Any, requests: list[str]) -> None:
        super().__init__(app)
        self._requests = requests

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._requests.append(f"{request.method} {request.url.path.removeprefix(PREFIX)}")
        return await super().handle_async_request(request)


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = _merged(below, value) if isinstance(below, dict) else value
    return merged
