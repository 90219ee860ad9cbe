"""The invariants: looked at after every commit and around every outward act.

A person's *answer* counts from when it can be seen: what the look before a send was shown must
stop it; what is said later cannot. A pause, a suppression and an approval count at the commit that
claims the act, because that commit is where the product decides; the act follows it at once or not
at all.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from ingagents.core.lead_status import Cause, Change, move
from ingagents.core.rate_limiter import WEEK
from ingagents.core.sending.working_hours import is_open, start_of_day
from ingagents.model import ContactStatus, DeliveryKind
from ingagents.routing import CONSUMERS
from ingagents.sandbox.market.people import Person
from ingagents.sandbox.record import Act as Performed
from ingagents.services.outreach.sending.act import FRESH_CLAIM_SECONDS
from tests.simulation.snapshot import NOTHING, Act, Eye, Snapshot, Written
from tests.simulation.tally import tally
from tests.world import ZONE

if TYPE_CHECKING:
    from tests.simulation.process import Process
    from tests.simulation.world import SimulatedWorld

_ONCE = {
    "delivery_claimed": "delivery_id",
    "message_sent": "delivery_id",
    "delivery_refused": "delivery_id",
    "delivery_settled": "delivery_id",
    "response_received": "reply_id",
    "team_notified": "about",
    "lead_discovered": "lead_id",
}
"""Events that say an effect happened, and what tells two such effects apart."""

_UNDER_THE_FENCE = {
    "allocation_returned",
    "decision_made",
    "delivery_claimed",
    "delivery_settled",
    "invitation_accepted",
    "lead_allocation",
    "lead_discovered",
    "report_made",
    "response_received",
    "search_finished",
}
"""What an agent writes only while it holds its role."""

_TRIED_AGAIN = {"invitation", "enrolment"}
"""What may be claimed once more when no look has found it."""

_AT_THE_MARKET = {"reply": "message"}
"""What the market calls an act otherwise than we do."""

_IN_A_QUEUE = {ContactStatus.NOT_CONTACTED, ContactStatus.ALLOCATED}
_GOES_ON = {ContactStatus.INVITED, ContactStatus.MESSAGE_SENT}
_CONSUMERS = {str(kind.__struct_config__.tag): role for kind, role in CONSUMERS.items()}


@cache
def _ways_from(status: ContactStatus) -> frozenset[ContactStatus]:
    """Wherever one cause leads, or two: units of work may share the commit that is looked at."""
    once = _after_one(status)
    return once.union(*map(_after_one, once))


def _after_one(status: ContactStatus) -> frozenset[ContactStatus]:
    moved = [move(status, cause) for cause in Cause]
    return frozenset(one.after for one in moved if isinstance(one, Change))


class Monitor:
    """Keeps what was seen so far; every violation is told to the world."""

    def __init__(self, world: SimulatedWorld) -> None:
        self._world = world
        self.eye = Eye(world.database)
        self.seen = NOTHING
        self.begun: dict[str, datetime] = {}
        """When the request of each act left."""
        self.claimed_just_now = False
        self._under_way: dict[str, str] = {}
        self._performed: set[str] = set()
        self._taken: set[tuple[str, str]] = set()
        """Person and step of every act that the market performed."""
        self._shown: dict[str, tuple[datetime, ...]] = {}
        """When a person had answered us, of what the last look at their chat was shown."""
        self._acts_seen = 0
        self._mails_seen: Counter[str] = Counter()
        self._effects: set[tuple[str, str]] = set()
        self._events: dict[int, Written] = {}

    # --- the steps --------------------------------------------------------------------------------

    def after_commit(self, process: Process) -> None:
        """A commit is durable."""
        self._world.figures["steps"] += 1
        before, now = self.seen, self.eye.look(self.seen)
        self.seen = now
        self.claimed_just_now = False
        for act in now.acts.values():
            was = before.acts.get(act.id)
            if act is not was:
                self._look_at_act(was, act, before, process)
        if len(now.acts) < len(before.acts):
            self._wrong("an act is gone from the database")
        self._look_at_leads(before)
        self._look_at_events(before, process)
        self._look_at_record()
        tally(self._world.figures, before, now)

    def before_act(self, process: Process, kind: str, provider_id: str, text: str) -> None:
        """A request that acts is about to leave."""
        self._world.figures["steps"] += 1
        about = f"{kind} to {provider_id} by {process.name}"
        claims = [
            act
            for act in self.seen.acts.values()
            if (act.address, act.kind, act.text) == (provider_id, kind, text)
            and act.state == "attempted"
            and act.id not in self.begun
        ]
        if len(claims) != 1:
            self._wrong(f"{about}: {len(claims)} claims stand for it that were not used yet")
            return
        claim, now = claims[0], self._world.now
        self.begun[claim.id] = now
        person = self._world.market.people.find(provider_id)
        self._under_way[person.key if person is not None else ""] = claim.id
        if now - claim.claimed_at > self._fresh:
            self._wrong(f"{about}: its claim is from {claim.claimed_at}")
        if self.seen.holders.get("outreach") != process.holder:
            self._wrong(f"{about}: another process holds the role")
        shown = self._shown.get(provider_id, ())
        if claim.answers:
            _, answered_at = self.eye.newest_reply(claim.recipient)
            if any(at > answered_at for at in shown):
                self._wrong(f"{about}: the look before it was shown something newer")
            return
        known = self.eye.created(claim.recipient)
        if kind != "stop" and any(at >= known for at in shown):
            self._wrong(f"{about}: the look before it was shown an answer")

    def after_act(self) -> None:
        """The answer to an act is here, or will never be."""
        self._world.figures["steps"] += 1
        self._look_at_record()

    def looked(self, provider_id: str) -> None:
        """The chat with a person was read just now."""
        world = self._world
        moment = world.faults.read_moment(world.market.now())
        person = world.market.people.find(provider_id)
        said = world.market.story(person).said if person else ()
        theirs = tuple(
            one.at
            for one in said
            if one.sender is not None and one.at <= moment and one.answer_kind != "out_of_office"
        )
        self._shown[provider_id] = theirs

    def person_of(self, lead_id: str) -> Person | None:
        """Whom of the market a lead is."""
        for name in self.eye.names(lead_id):
            if (person := self._world.market.people.find(name)) is not None:
                return person
        return None

    def names_of_leads(self) -> set[str]:
        """Whatever of the market's names the leads are known by."""
        return {name for lead_id in self.seen.statuses for name in self.eye.names(lead_id)}

    # --- acts in the database ---------------------------------------------------------------------

    def _look_at_act(self, was: Act | None, act: Act, before: Snapshot, process: Process) -> None:
        if was is not None and was.state in {"sent", "refused"} and act.state != was.state:
            self._wrong(f"the act {act.id} was {was.state} for good and is {act.state}")
        if was is None and act.state == "attempted":
            if act.to_a_person:
                self._look_at_claim(act, before, process)
            elif act.kind == "stop":
                self._look_at_stop(act, process)
            elif self._others(act, lambda one: _tells_the_same(act, one)):
                self._wrong(f"a second notice about {act.step} is claimed for {act.recipient}")
        if not act.to_a_person or (was and (was.state, was.kind) == (act.state, act.kind)):
            return
        if act.state == "sent" and not self._was_written_to(act):
            self._wrong(f"{act.kind} to {act.address} counts as sent and was not")
        if act.state == "refused" and act.id in self._performed:
            self._wrong(f"{act.kind} to {act.address} counts as refused and was performed")

    def _look_at_leads(self, before: Snapshot) -> None:
        """Whoever was or may have been written to is in nobody's queue any more.

        And each lead went a way that the table of its status knows.
        """
        for lead, stands in self.seen.statuses.items():
            was = before.statuses.get(lead, ContactStatus.NOT_CONTACTED)
            if stands != was and stands not in _ways_from(ContactStatus(was)):
                self._wrong(f"the lead {lead} was {was} and is {stands}: no cause leads there")
        for act in self.seen.acts.values():
            status = self.seen.statuses.get(act.recipient)
            if act.state in {"sent", "uncertain"} and status in _IN_A_QUEUE:
                self._wrong(f"{act.kind} to {act.address} is {act.state}, the lead is {status}")

    def _look_at_claim(self, act: Act, before: Snapshot, process: Process) -> None:
        self.claimed_just_now = True
        about = f"claim of {act.kind} to {act.address} by {process.name}"
        now, lead = self.seen, act.recipient
        if now.holders.get("outreach") != process.holder:
            self._wrong(f"{about}: another process holds the role")
        same_group = any(one.type == "lead_allocation" and lead in one.data for one in now.written)
        stood = before.statuses.get(lead)
        if act.begins and stood != ContactStatus.ALLOCATED and not same_group:
            self._wrong(f"{about}: the lead was {stood}")
        if act.answers:
            self._look_at_answer(act, stood, about)
        elif not act.begins:
            self._look_at_later_step(act, stood, about)
        if before.paused:
            self._wrong(f"{about}: outreach was paused")
        if lead in now.suppressed:
            self._wrong(f"{about}: this person is suppressed")
        if lead in now.answered and not act.answers:
            self._wrong(f"{about}: this person has answered")
        if not act.approved_by or (self._world.approval == "all" and not act.answers):
            self._wrong(f"{about}: nobody has approved this text")
        orphans = self._others(act, lambda one: one.to_a_person and one.state == "attempted")
        if orphans:
            self._wrong(f"{about}: an act without an outcome was left behind ({orphans[0].id})")
        self._look_at_tries(act, about)
        self._look_at_limits(act, about)

    def _look_at_stop(self, act: Act, process: Process) -> None:
        self._wrong(f"{process.name} stops {act.address}, and there is no campaign")

    def _look_at_tries(self, act: Act, about: str) -> None:
        """Tried before? Only definite refusals, and one invitation that no look has found."""
        acts = self._others(act, lambda one: one.to_a_person and one.address == act.address)
        if any(one.state in {"claimed", "attempted", "uncertain"} for one in acts):
            self._wrong(f"{about}: another step is in doubt")
        if any(one.text == act.text and one.state == "sent" for one in acts if one.text):
            self._wrong(f"{about}: this person has had this text")
        earlier = [one for one in acts if one.step == act.step]
        lost = [one for one in earlier if one.state == "lost"]
        if any(one.state not in {"refused", "lost"} for one in earlier):
            self._wrong(f"{about}: an earlier act stands")
        if len(lost) > 1 or any(one.kind not in _TRIED_AGAIN for one in lost):
            self._wrong(f"{about}: more than one doubt was given up")
        self._look_at_looks(lost, about)

    def _look_at_looks(self, lost: Sequence[Act], about: str) -> None:
        for one in lost:
            looks = json.loads(one.looks)
            if len(looks) < self._world.looks or any(look["found"] for look in looks):
                self._wrong(f"{about}: the earlier one was not looked for in vain")

    def _look_at_later_step(self, act: Act, stood: str | None, about: str) -> None:
        """Only to the silent, only after the step before, and only after so much time."""
        now, sequence = self.seen, self._world.chosen.outreach.sequence
        if stood not in _GOES_ON:
            self._wrong(f"{about}: the lead was {stood}")
        if act.recipient in now.held:
            self._wrong(f"{about}: somebody holds this person back")
        kind, _, number = act.step.partition(":")
        before = [one for one in now.acts.values() if one.recipient == act.recipient]
        gone = {one.step: one.claimed_at for one in before if one.state == "sent"}
        if kind == "first-message":
            since = now.accepted.get(act.recipient)
            least = timedelta(hours=sequence.message_delay_hours[0])
        else:
            last = f"follow-up:{int(number) - 1}" if int(number) > 1 else "first-message"
            if number == "1" and last not in gone:  # a connection's first contact is the message
                last = "first-contact"
            since = gone.get(last)
            # So many working days begin with the rest of the first one.
            least = timedelta(days=sequence.follow_ups[int(number) - 1]) - timedelta(hours=12)
        if since is None:
            self._wrong(f"{about}: the step before it has not gone out")
        elif act.claimed_at - since < least:
            self._wrong(f"{about}: only {act.claimed_at - since} after what came before")

    def _look_at_answer(self, act: Act, stood: str | None, about: str) -> None:
        """Only what a human approved, and only to what the person wrote last."""
        if stood != ContactStatus.RESPONDED:
            self._wrong(f"{about}: the lead was {stood}")
        if act.recipient in self.seen.held:
            self._wrong(f"{about}: somebody holds this person back")
        approved_for = self.eye.answered_by(act)
        newest, _ = self.eye.newest_reply(act.recipient)
        if not approved_for:
            self._wrong(f"{about}: nobody has approved this answer")
        elif approved_for != newest:
            self._wrong(f"{about}: it answers {approved_for}, and they have written {newest}")

    def _look_at_limits(self, act: Act, about: str) -> None:
        limits = self._world.limits
        at = act.claimed_at
        used = {  # an act adopted later stands there twice
            (one.address, one.claimed_at, one.kind, one.begins)
            for one in self._others(act, _counts)
        }
        every = [moment for _, moment, _, _ in used]
        counted = [moment for _, moment, _, begins in used if begins is act.begins]
        invited = [moment for _, moment, kind, _ in used if kind == DeliveryKind.INVITATION]
        day = start_of_day(at, ZONE.key)
        today = sum(start_of_day(one, ZONE.key) == day for one in counted)
        week = sum(at - WEEK < one <= at for one in invited)
        most = limits.daily_limit if act.begins else limits.message_daily_limit
        if today >= most:
            self._wrong(f"{about}: the {today + 1}th of the day")
        if act.kind == DeliveryKind.INVITATION and week >= limits.weekly_limit:
            self._wrong(f"{about}: the {week + 1}th of the week")
        shortest = timedelta(minutes=limits.min_interval_minutes)
        if any(abs(at - one) < shortest for one in every):
            self._wrong(f"{about}: less than {shortest} after another")
        if not is_open(at, limits.to_hours(ZONE.key)):
            self._wrong(f"{about}: outside working hours")

    def _others(self, act: Act, fits: Callable[[Act], bool]) -> list[Act]:
        return [one for one in self.seen.acts.values() if one.id != act.id and fits(one)]

    def _was_written_to(self, act: Act) -> bool:
        person = self._world.market.people.find(act.address)
        kind = _AT_THE_MARKET.get(act.kind, act.kind)
        return person is not None and any(one.kind == kind for one in self._world.acts(person))

    # --- events -----------------------------------------------------------------------------------

    def _look_at_events(self, before: Snapshot, process: Process) -> None:
        now = self.seen
        for seq, row in enumerate(now.written, start=before.last_seq + 1):
            if row.seq != seq:
                self._wrong(f"the journal goes on with {row.seq} instead of {seq}")
            self._events[row.seq] = row
            holder = now.holders.get(row.agent)
            if row.type in _UNDER_THE_FENCE and holder not in {None, process.holder}:
                self._wrong(f"{process.name} wrote {row.type} and is not {row.agent} any more")
            consumer = _CONSUMERS.get(row.type)
            if consumer and (consumer, row.seq) not in now.inbox:
                self._wrong(f"{row.type} {row.seq} was never in the inbox of {consumer}")
            if row.type in _ONCE:
                data = json.loads(row.data)
                effect = (row.type, str(data[_ONCE[row.type]]))
                if row.type == "team_notified":  # once on every channel
                    effect = (now.acts[data["delivery_id"]].recipient, effect[1])
                if effect in self._effects:
                    self._wrong(f"{effect[0]} happened twice for {effect[1]}")
                self._effects.add(effect)
        for place in before.inbox.keys() - now.inbox.keys():
            self._look_at_handled(*place)
        for place in now.inbox.keys() - before.inbox.keys():
            if place[1] <= before.last_seq:
                self._wrong(f"event {place[1]} is back in the inbox of {place[0]}")

    def _look_at_handled(self, consumer: str, seq: int) -> None:
        """An event left an inbox: what it asked for must be in the database by now."""
        self._world.figures["events handled"] += 1
        event = self._events[seq]
        data = json.loads(event.data)
        if event.type == "response_received" and data["sentiment"] == "positive":
            step = f"reply:{data['reply_id']}"
            if not any(one.step == step for one in self.seen.acts.values()):
                self._wrong(f"{consumer} acknowledged {event.type} {seq} and told nobody")
        if event.type == "search_request":
            ends = {"search_finished", "agent_error"}
            if not any(one.type in ends for one in self._events.values() if one.seq > seq):
                self._wrong(f"{consumer} acknowledged {event.type} {seq} and did not search")

    # --- the market's own record ------------------------------------------------------------------

    def _look_at_record(self) -> None:
        world = self._world
        acts = world.market.record.acts
        for place in range(self._acts_seen, len(acts)):
            self._look_at_performed(acts[place], acts[:place])
            world.figures["acts"] += 1
        self._acts_seen = len(acts)
        for name, server in world.told_on.items():
            ids = [mail.message_id for mail in server.taken]
            for mail in server.taken[self._mails_seen[name] :]:
                if ids.count(mail.message_id) > 1 and name not in world.dropping:
                    self._wrong(f"{mail.subject!r} was handed over twice to {name}")
            self._mails_seen[name] = len(ids)

    def _look_at_performed(self, act: Performed, earlier: Sequence[Performed]) -> None:
        """Our requests did this: nothing twice, and nothing over a day's limit."""
        world = self._world
        claim = self._under_way.get(act.person, "")
        self._performed.add(claim)
        step = self.seen.acts[claim].step if claim in self.seen.acts else ""
        if (act.person, step) in self._taken:
            self._wrong(f"{act.slug} was written to a second time: {step}")
            world.figures["duplicates"] += 1
        self._taken.add((act.person, step))
        world.figures[f"acts: {step}"] += 1
        first = {one.person: one for one in reversed((*earlier, act))}
        begins = first[act.person] is act
        day = [one for one in earlier if _same_day(one.at, act.at)]
        day = [one for one in day if (first.get(one.person) is one) is begins]
        limits = world.limits
        if len(day) >= (limits.daily_limit if begins else limits.message_daily_limit):
            self._wrong(f"{act.slug} is the {len(day) + 1}th of the day on the record")

    @property
    def _fresh(self) -> timedelta:
        return timedelta(seconds=FRESH_CLAIM_SECONDS * self._world.clock.hands.pace)

    def _wrong(self, what: str) -> None:
        self._world.violated(what)


def _tells_the_same(act: Act, other: Act) -> bool:
    """Whether two notices tell the same people the same."""
    about = (other.step, other.recipient)
    return about == (act.step, act.recipient) and other.state != "refused"


def _counts(act: Act) -> bool:
    """Whether an act uses quota: all do but those that were definitely refused."""
    return act.to_a_person and act.state != "refused"


def _same_day(one: datetime, other: datetime) -> bool:
    return start_of_day(one, ZONE.key) == start_of_day(other, ZONE.key)
