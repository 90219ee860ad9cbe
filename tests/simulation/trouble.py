"""What goes wrong in a seed, how often and when. Everything is drawn from the world's one chance.

A seed turns each kind of trouble off, on a little or on much: what always happens hides what needs
a quiet minute.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from ingagents.communication.message_queue import LEASE_SECONDS
from ingagents.errors import IngagentsError
from ingagents.sandbox.faults import FaultKind, FaultRule, Faults
from ingagents.sandbox.market.people import Person
from ingagents.services.outreach.sending.act import FRESH_CLAIM_SECONDS
from tests.simulation.market import TalkativeMarket
from tests.world import MailServer

if TYPE_CHECKING:
    from tests.simulation.process import Process
    from tests.simulation.world import SimulatedWorld

ON_SENDS: Sequence[FaultKind] = (
    "act_then_drop",
    "drop",
    "act_then_silent",
    "silent",
    "act_then_504",
    "504",
    "act_then_500",
    "500",
    "429",
    "slow",
    "html",
    "truncated",
    "refuse",
)
ON_READS: Sequence[FaultKind] = ("drop", "504", "500", "429", "html", "truncated", "slow")
SOMEBODY_ELSE = "ACoAACsomebodyElse00000000000000000000"
LIES: Sequence[tuple[str, dict[str, Any]]] = (
    ("GET /users/AC", {"provider_id": SOMEBODY_ELSE, "public_identifier": "somebody-else"}),
    ("GET /users/AC", {"provider_id": ".."}),
    ("GET /users/rel", {"account_id": "another-account"}),
    ("GET /users/invite", {"invited_user_id": SOMEBODY_ELSE, "invited_user_public_id": None}),
    ("GET /chat_attendees", {"attendee_provider_id": SOMEBODY_ELSE}),
    ("GET /chat_attendees", {"id": "../users/me"}),
    ("GET /chats", {"sender_id": SOMEBODY_ELSE, "is_sender": 0}),
    ("GET /chats", {"timestamp": "2100-01-01T00:00:00.000Z"}),
    ("GET /accounts/", {"id": "another-account"}),
    ("POST /linkedin", {"network_distance": "SELF"}),
)
"""What a service answers that mixes things up."""


class Wire(NamedTuple):
    """The requests of a service that go wrong: what acts, what reads, and what is answered in lies."""

    sends: Sequence[str]
    reads: Sequence[str]
    lies: Sequence[tuple[str, dict[str, Any]]]


UNIPILE = Wire(
    sends=("POST /users/invite", "POST /chats"),
    reads=("GET /users/AC", "GET /chat", "POST /linkedin", "GET /users/rel", "GET"),
    lies=LIES,
)
REFUSALS = (
    "user_unreachable",
    "cannot_resend_yet",
    "too_many_characters",
    "unprocessable_entity",
    "no_connection_with_recipient",
)
WORDS = (
    "Please remove me from your list and do not contact me again.",
    "Yes, I would love to speak at the summit. Please send me the details.",
    "Who gave you my name?",
    "Not interested, thank you.",
)
MAIL_MOODS: Sequence[Sequence[str]] = (
    ("refused", "refused", "unknown", "lost"),
    ("refused",),
)
"""What a seed's mail server does with a mail in trouble. An event becomes a dead letter only by
refusals in a row, so some servers know nothing else."""
APPROVES = 0.5
"""How often somebody of the team looks for an answer to approve."""
TURNS_TO_LIVE = 4000
"""The loop's turns between two deaths at any await, on average."""


class CountedFaults(Faults):
    """The market's faults; what struck is counted."""

    def __init__(self, world: SimulatedWorld) -> None:
        super().__init__()
        self._world = world

    def strike(self, request: str) -> FaultRule | None:
        rule = super().strike(request)
        if rule is not None:
            self._world.figures[f"fault {rule.kind}"] += 1
            self._world.note(f"fault {rule.kind} on {request[:40]}")
        return rule


class Trouble:
    """The trouble of one seed. Nothing happens any more after `end`."""

    def __init__(self, world: SimulatedWorld) -> None:
        self._world = world
        chance = world.chance
        self.lasts = True
        often = self._often
        self._commits = {
            "dies before": often(0.004, 0.02),
            "dies after": often(0.004, 0.02),
            "suspended": often(0.004, 0.02),
            "full": often(0.01, 0.05),
            "locked": often(0.01, 0.05),
            "unknown and kept": often(0.005, 0.02),
            "unknown and lost": often(0.005, 0.02),
        }
        self._dies_at_act = often(0.06, 0.2)
        self._dies_at_request = often(0.005, 0.02)
        self._at_look = often(0.2, 0.5)
        self._at_claim = often(0.1, 0.3)
        self._mails = often(0.2, 1.0)
        self._mail_mood = chance.choice(MAIL_MOODS)
        self._any_await = often(1.0, 3.0)
        self._wire = chance.choice([0.0, 0.5, 0.9, 0.9])
        self._spirits = [one for one in (
            self._somebody_speaks, self._team_suppresses, self._team_pauses, self._team_resumes,
            self._clock_goes_back, self._machine_sleeps, self._process_hangs,
        ) if chance.random() < 0.6]  # fmt: skip
        self._doom = self._next_doom(0)
        self._approver = random.Random(f"approver of {world.seed}")

    def end(self) -> None:
        """From now on all is well."""
        self.lasts = False
        self._world.plan()
        for server in self._world.told_on.values():
            server.answers.clear()

    # --- where the processes ask ------------------------------------------------------------------

    def fate_of_commit(self, process: Process) -> str:
        """What becomes of the commit that is about to be made."""
        if not (self.lasts and process.mortal):
            return "kept"
        draw = self._world.chance.random()
        for fate, probability in self._commits.items():
            if draw < probability:
                if not fate.startswith(("dies", "suspended")):
                    self._world.note(f"{process.name}: commit {fate}")
                    self._world.figures[f"commit {fate}"] += 1
                return fate
            draw -= probability
        return "kept"

    def at_request(self, process: Process, *, acts: bool, after: bool) -> None:
        """A request is about to leave, or its answer is about to come in."""
        probability = self._dies_at_act if acts else self._dies_at_request
        if self.lasts and self._world.chance.random() < probability:
            what = "a send" if acts else "a request"
            process.die(f"{'after' if after else 'before'} {what}")

    def at_look(self, process: Process, provider_id: str) -> None:
        """Somebody's chat was read, and they are about to be written to: the worst of moments."""
        if not self.lasts or self._world.chance.random() >= self._at_look:
            return
        world = self._world
        person = world.market.people.find(provider_id)
        draw = world.chance.randrange(8)
        if draw <= 1 and person is not None:
            self._speak(person)
        elif draw <= 3 and person is not None:
            world.spawn(self._suppress, person)
        elif draw <= 5:
            world.spawn(self._team_pauses)
        elif draw == 6:
            process.suspend(self.a_while())
        else:
            world.spawn(self._clock_goes_back)

    def at_claim(self, process: Process) -> None:
        """An act is claimed, and its request has not left yet."""
        if not self.lasts or self._world.chance.random() >= self._at_claim:
            return
        match self._world.chance.randrange(3):
            case 0:
                process.die("between claim and act")
            case 1:
                process.suspend(self.a_while())
            case _:
                self._machine_sleeps_now()

    def at_mail(self, server: MailServer) -> None:
        """A mail or notice is about to be handed over."""
        chance, answers = self._world.chance, server.answers
        if self.lasts and chance.random() < self._mails:
            answers[:] = [chance.choice(self._mail_mood)]
            self._world.figures[f"mail {answers[0]}"] += 1

    def each_turn(self, turns: int) -> None:
        """The loop turned: at any await a process may die."""
        if self.lasts and turns >= self._doom:
            self._doom = self._next_doom(turns)
            if mortals := [one for one in self._world.processes if one.mortal]:
                self._world.chance.choice(mortals).die("at an await")

    # --- what happens by itself -------------------------------------------------------------------

    async def haunt(self) -> None:
        """New weather on the wire, people, operators, clocks: every so often something."""
        world = self._world
        self._new_weather()
        while self.lasts:
            if world.chance.random() < 0.4:
                self._new_weather()
            elif self._spirits:
                await world.chance.choice(self._spirits)()
            if self._approver.random() < APPROVES:
                await self.team_approves()
            minutes = world.chance.choice([3, 10, 30, 60])
            await world.clock.sleep_until(world.now + timedelta(minutes=minutes))

    def _new_weather(self) -> None:
        world, chance = self._world, self._world.chance
        if chance.random() >= self._wire:
            world.plan()
            return
        rules = [
            FaultRule(
                kind=chance.choice(ON_SENDS),
                on=chance.choice(world.wire.sends),
                probability=chance.choice([0.1, 0.4, 1.0]),
                type=chance.choice(REFUSALS),
                seconds=chance.choice([1, 40, 600]),
            )
            for _ in range(chance.randrange(1, 4))
        ]
        rules += [
            FaultRule(
                kind=chance.choice(ON_READS),
                on=chance.choice(world.wire.reads),
                probability=chance.choice([0.05, 0.3]),
                seconds=chance.choice([1, 40]),
            )
            for _ in range(chance.randrange(3))
        ]
        for on, fields in chance.sample(world.wire.lies, chance.choice([0, 0, 1, 2])):
            often = chance.choice([0.05, 0.3])
            rules.append(FaultRule(kind="alter", on=on, fields=fields, probability=often))
        world.plan(
            *rules,
            seed=chance.randrange(1000),
            lag_seconds=chance.choice([0, 0, 0, 300, 5000, 5000]),
            account_status=chance.choice(["OK"] * 12 + ["CREDENTIALS", "CONNECTING"]),
        )

    async def _somebody_speaks(self) -> None:
        if (person := self._somebody()) is not None:
            self._speak(person)

    async def _team_suppresses(self) -> None:
        if (person := self._somebody()) is not None:
            await self._suppress(person)

    async def _team_pauses(self) -> None:
        world = self._world
        if await self._by_hand(lambda: world.team.pause(by="team")):
            world.figures["team paused"] += 1
            wait = timedelta(minutes=world.chance.choice([5, 30, 90]))
            world.later(wait, lambda: world.spawn(self._team_resumes))

    async def _team_resumes(self) -> None:
        if await self._by_hand(lambda: self._world.team.resume(by="team")):
            self._world.figures["team resumed"] += 1

    async def team_approves(self) -> None:
        """Somebody says yes to an answer that was prepared."""
        world = self._world
        listed = await self._by_hand(lambda: world.team.reviews.list(kind="answer", limit=20))
        prepared = [one.id for one in listed.reviews if one.text] if listed else []
        if prepared:
            chosen = self._approver.choice(prepared)
            await self._by_hand(lambda: world.team.reviews.approve(chosen, by="team"))
            world.figures["answers approved"] += 1
            world.note(f"the team approves {chosen}")

    async def _clock_goes_back(self) -> None:
        world = self._world
        world.pass_time(minutes=-world.chance.choice([1, 20, 90]))
        world.figures["clock went back"] += 1
        world.note("the clock goes back")

    async def _machine_sleeps(self) -> None:
        self._machine_sleeps_now()

    def _machine_sleeps_now(self) -> None:
        """Everybody stands still, and time goes on."""
        world = self._world
        world.clock.hands.set(world.now + self.a_while())
        world.figures["machine slept"] += 1
        world.note("the machine slept")

    async def _process_hangs(self) -> None:
        if mortals := [one for one in self._world.processes if one.mortal]:
            self._world.chance.choice(mortals).suspend(self.a_while())

    # --- by hand ----------------------------------------------------------------------------------

    def _speak(self, person: Person) -> None:
        market = self._world.market
        assert isinstance(market, TalkativeMarket)
        market.speak(person, self._world.chance.choice(WORDS))
        self._world.figures["people spoke up"] += 1
        self._world.note(f"{person.slug} speaks up")

    async def _suppress(self, person: Person) -> None:
        """By a name the lead has, or rather by one it will only be found to have."""
        world = self._world
        names = [person.slug or person.provider_id, person.provider_id]
        known = world.monitor.names_of_leads()
        name = world.chance.choice([*names, *(one for one in names * 2 if one not in known)])
        address = f"https://www.linkedin.com/in/{name}"
        book = world.team.leads
        await self._by_hand(lambda: book.suppress(address, reason="asked us to", by="team"))
        world.figures["team suppressed"] += 1
        world.note(f"the team suppresses {name}")

    async def _by_hand(self, act: Callable[[], Awaitable[Any]]) -> Any:
        try:
            return await act()
        except IngagentsError as exc:
            self._world.note(f"the team hears {exc}")
            return None

    def _somebody(self) -> Person | None:
        """One of the leads, as often as not one that waits to be written to."""
        world = self._world
        leads = sorted(world.market_of_leads())
        return world.chance.choice(leads)[1] if leads else None

    def a_while(self) -> timedelta:
        """Too short for anything, long enough for a claim to go stale, for a lease to run out."""
        chance = self._world.chance
        seconds = chance.choice([2.0, FRESH_CLAIM_SECONDS + 1, LEASE_SECONDS + 2, 60.0, 60.0])
        return timedelta(seconds=seconds * self._world.clock.hands.pace)

    def _often(self, little: float, much: float) -> float:
        return self._world.chance.choice([0.0, 0.0, little, little, much])

    def _next_doom(self, turns: int) -> float:
        if not self._any_await:
            return float("inf")
        return turns + self._world.chance.expovariate(self._any_await / TURNS_TO_LIVE)
