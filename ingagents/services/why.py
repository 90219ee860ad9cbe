"""Why nothing happens: to one person, and in the whole department. Reads, and asks nobody outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from ingagents.communication import journal
from ingagents.communication.journal import Entry
from ingagents.core.allocator import Allocation, AllocationRules
from ingagents.core.profiles.merge import names_of
from ingagents.core.programme import no_room_for, rooms_after
from ingagents.core.reconciler import LookRules, next_look
from ingagents.core.schedule import Job, next_due
from ingagents.core.sending.plans import Gate, Wait
from ingagents.core.sending.send_facts import Seen
from ingagents.core.sending.wanted import UNJUDGED
from ingagents.core.why.story import tell
from ingagents.core.why.why import (
    Offer,
    Turn,
    Why,
    gate_of,
    is_due,
    standing_of,
    why_not_allocated,
    why_not_sent,
    why_rests,
)
from ingagents.core.why.why_words import NotYet, change_of, said_of
from ingagents.display import Shown, Told
from ingagents.errors import WrongAnswer
from ingagents.events import SearchFinished
from ingagents.model import Classification, ContactStatus, Delivery, DeliveryState, Lead, LeadId
from ingagents.model.step import public_name
from ingagents.ports import Transaction
from ingagents.services.journal_book import read_event
from ingagents.services.leads.suppression import held_by
from ingagents.services.lookup import lead_named
from ingagents.services.management.allocation import Allocating
from ingagents.services.outreach.account import seat_shown
from ingagents.services.outreach.accounts_now import AccountsNow
from ingagents.services.outreach.outreach_pass import needs_no_visit
from ingagents.services.outreach.sending.facts import Gather
from ingagents.store import standings
from ingagents.store.tables import candidates, deliveries, hand_outs, lead_plans, leads, schedule
from ingagents.store.tables.candidates import Candidate


class Story(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """One person: what happened so far, in order, and what is in the way now."""

    lead: Lead
    why: Why
    history: tuple[Entry, ...]


def told_of(entry: Entry) -> tuple[str, ...]:
    """What an event of a story came to: a sentence, then its reasons; nothing where it is unreadable."""
    event = read_event(entry)
    return () if event is None else tell(event)


def about_whom(entry: Entry) -> LeadId:
    """The lead that an event is about; "" where it is about nobody, several, or is unreadable."""
    return LeadId(getattr(read_event(entry), "lead_id", None) or "")


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """So many people stand before one gate; `reason` is that of the first of them.

    `lifts_at` is the first moment at which it lifts for somebody.
    """

    gate: Gate | NotYet
    people: int
    reason: str
    lifts_at: datetime | None
    change: str


class Idle(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """Why nothing happens at `now`: everybody by their first gate, and what comes next.

    `account` is the gate that holds every first contact, if one does. `next_at` is the next moment at
    which something may happen by itself, before the gate `next_gate`; None: not before a human acts.
    `search` is the gate that keeps everybody new away: the search finds nobody else.
    """

    now: datetime
    account: Wait | None
    groups: tuple[Group, ...]
    next_at: datetime | None
    next_gate: Gate | NotYet | None
    search: NotYet | None = None

    def _told(self) -> Told:
        following = "nothing more happens by itself"
        if self.next_at:
            following = f"next: {self.next_gate} lifts at {self.next_at.isoformat()}"
        rows = [(one.people, one.gate, one.reason, one.lifts_at, one.change) for one in self.groups]
        return Told(following, rows, ("people", "gate", "reason", "lifts at", "what changes it"))


class NextUp(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whose turn comes soon, and what is in the way until then."""

    lead: Lead
    step: str
    why: Why


@dataclass(frozen=True, kw_only=True)
class Explaining:
    """What is asked for an answer beside the database: the rules by which the agents act.

    There is a `Gather` for each account. `coordinate` and `outreach` are the jobs that allocate and that send.
    """

    gathers: Sequence[Gather]
    allocating: Allocating
    looks: LookRules
    coordinate: Job
    outreach: Job

    async def of_lead(self, text: str) -> Story:
        """Why nothing is sent to a person now.

        Raises:
            InputError: nobody is meant.
            UsageError: more than one may be; they are listed.
        """

        def read(transaction: Transaction) -> Story:
            lead = lead_named(transaction, text)
            history = tuple(journal.entries(transaction, lead_id=lead.id))
            return Story(lead=lead, why=Reading(self, transaction).of(lead), history=history)

        return await self.gathers[0].context.store.read(read)

    async def idle(self) -> Idle:
        """Why nothing happens, for everybody."""
        return await self.gathers[0].context.store.read(lambda t: Reading(self, t).idle())

    async def next_up(self, limit: int) -> tuple[NextUp, ...]:
        """Who comes next: first the queue in its order, then whose moment is to come."""
        return await self.gathers[0].context.store.read(lambda t: Reading(self, t).next_up(limit))


class Reading:
    """One look at the database: what the answers about several people have in common."""

    def __init__(self, by: Explaining, transaction: Transaction) -> None:
        self._by = by
        self._transaction = transaction
        self._now = now = by.gathers[0].context.clock.now()
        self._accounts = AccountsNow.read(transaction, by.gathers, now=now)
        self._queued = list(self._accounts.queued.values())
        self._places = {lead.id: place for place, lead in enumerate(self._queued)}
        self._tracks = by.gathers[0].policy.programme
        self._runs = schedule.runs(transaction)
        self._next: tuple[AllocationRules, Allocation[Candidate]] | None = None

    def of(self, lead: Lead) -> Why:
        """Of one lead."""
        if lead.contact_status is ContactStatus.NOT_CONTACTED:
            return why_not_allocated(lead, self._offer(lead))
        waits = lead.contact_status is ContactStatus.ALLOCATED
        if waits or is_due(standing_of(lead, self._now)):
            return self._of_due(lead)
        acts = deliveries.of_recipient(self._transaction, lead.id)
        question, stopped = hand_outs.open_questions(self._transaction, lead.id)
        policy = self._accounts.speaking_with(lead).gather.policy
        return why_rests(
            lead,
            self._now,
            next_look=self._next_look(acts),
            question=question,
            stopped=stopped,
            withdraw_after=timedelta(days=policy.withdrawals.withdraw_after_days),
        )

    def idle(self) -> Idle:
        """Of everybody: counted where people stand alike, looked at where a send is due."""
        groups = _Groups()
        for lead in self._queued:
            why = self.of(lead)
            groups.put(why.gate, 1, why.reason, why.lifts_at)
        for alike in standings.by_plan(self._transaction, self._now):
            if not is_due(alike.standing):
                gate = gate_of(alike.standing)
                groups.put(gate, alike.people, said_of(gate), alike.next_at)
        self._uncontacted(groups)
        found = groups.all()
        # That others come first is looked at again, and as a rule stays so.
        timed = [one for one in found if one.lifts_at is not None and one.gate is not NotYet.FULL]
        first = min(timed, key=lambda one: one.lifts_at or self._now, default=None)
        held = self._accounts.held(now=self._now)
        searched = journal.last_of(self._transaction, SearchFinished)
        return Idle(
            now=self._now,
            account=held,
            groups=tuple(found),
            next_at=first.lifts_at if first else None,
            next_gate=first.gate if first else None,
            search=NotYet.SEARCH_EXHAUSTED if searched and searched.exhausted else None,
        )

    def next_up(self, limit: int) -> tuple[NextUp, ...]:
        """Whose turn comes soonest."""
        turns = [
            NextUp(
                lead=lead,
                step=public_name(step, invitation=lead.profile.network_distance != 1),
                why=self.of(lead),
            )
            for lead in self._queued[:limit]
            for step in [self._accounts.speaking_with(lead).queue.step_of(lead)]
        ]
        ahead = lead_plans.to_come(self._transaction, now=self._now, limit=limit - len(turns))
        planned = (leads.find(self._transaction, one) for one in ahead)
        turns += [
            NextUp(lead=lead, step=lead.next_step, why=self.of(lead)) for lead in planned if lead
        ]
        return tuple(turns)

    def _uncontacted(self, groups: _Groups) -> None:
        rules, chosen = self._allocation()
        found = standings.uncontacted(
            self._transaction,
            threshold=rules.quality_threshold,
            write_to_other=rules.write_to_other,
            taken=self._companies(),
            chosen=chosen.chosen,
        )
        for rule, people in found.by_rule.items():
            gate = _RULES[rule]
            groups.put(gate, people, said_of(gate), None)
        taken, at = len(chosen.chosen), self._due(self._by.coordinate)
        placeless = self._placeless(found.free)
        groups.put(Gate.PROGRAMME, placeless, said_of(Gate.PROGRAMME), None)
        groups.put(NotYet.ALLOCATION, taken, said_of(NotYet.ALLOCATION), at)
        left = sum(found.free.values()) - taken - placeless
        groups.put(NotYet.FULL, left, said_of(NotYet.FULL), at)

    def _placeless(self, free: Mapping[str, int]) -> int:
        """For how many, by kind, against whom no other rule is, the programme has no place."""
        rules, chosen = self._allocation()
        count, left = 0, self._rooms()
        if no_room_for(self._accounts.each[0].facts.programme, left, UNJUDGED, ()):
            count = free.get(UNJUDGED, 0) - sum(
                one.classification == UNJUDGED for one in chosen.people
            )
        for kind, rooms in left.items():
            open_to = [one for one in self._tracks if rooms.get(one.name, 0) > 0]
            if not open_to:
                count += free.get(kind, 0) - sum(
                    one.classification == kind for one in chosen.people
                )
            elif all(one.topics for one in open_to):  # who fits is seen only in their profile
                pool = candidates.pool(
                    self._transaction,
                    rules.strategy,
                    at_least=rules.quality_threshold,
                    tracks=open_to,
                )
                barred = self._companies()
                count += sum(
                    not (one.tracks or one.suppressed or one.company_key in barred)
                    for one in pool.lanes[kind]
                )
        return count

    def _rooms(self) -> dict[str, dict[str, int]]:
        """How many more each track takes, by kind, after the next allocation."""
        rules, chosen = self._allocation()
        theirs = ((one.classification, chosen.tracks.get(one.id, "")) for one in chosen.people)
        return rooms_after(rules.rooms, theirs)

    def _of_due(self, lead: Lead) -> Why:
        account = self._accounts.speaking_with(lead)
        policy, queue = account.gather.policy, account.queue
        step = queue.step_of(lead)
        premium = bool(seat_shown(self._transaction, policy.account_id))
        seen = Seen(profile=lead.profile, premium=premium)
        wait = needs_no_visit(account.facts, lead, step, now=self._now)
        turn = Turn(
            wait=wait,
            live=policy.live,
            shown=lead.id in queue.shown,
            resting_until=queue.resting.get(lead.id),
            ahead=self._places.get(lead.id, len(self._places)),
            next_pass=self._due(self._by.outreach),
        )
        try:
            facts = account.gather.facts(self._transaction, lead.id, seen, step=step)
        except WrongAnswer as exc:  # two leads share a name on LinkedIn
            only = "see on LinkedIn who is who"
            return Why(lead_id=lead.id, gate=NotYet.RESTING, reason=exc.what, change=only)
        assert facts is not None  # noqa: S101  the lead was read in this very transaction
        return why_not_sent(facts, turn, self._now)

    def _offer(self, lead: Lead) -> Offer:
        rules, chosen = self._allocation()
        tracks = self._tracks
        one = next(iter(candidates.of_ids(self._transaction, [lead.id], tracks)), None)
        place = chosen.chosen.index(lead.id) + 1 if lead.id in chosen.chosen else None
        other = not rules.write_to_other and lead.classification is Classification.OTHER
        same = one is not None and place is None and one.company_key in self._companies()
        no_room = ""
        if one is not None and place is None:
            no_room = no_room_for(
                self._accounts.each[0].facts.programme,
                self._rooms(),
                one.classification,
                one.tracks,
            )
        return Offer(
            suppressed=leads.is_suppressed(
                self._transaction, names_of(leads.aliases_of(self._transaction, lead.id))
            ),
            held=held_by(self._transaction, lead),
            against="other" if other else "same_company" if same else None,
            no_room=no_room,
            threshold=rules.quality_threshold,
            place=place,
            chosen=len(chosen.chosen),
            next_at=self._due(self._by.coordinate),
        )

    def _allocation(self) -> tuple[AllocationRules, Allocation[Candidate]]:
        if self._next is None:
            self._next = self._by.allocating.preview(self._transaction)
        return self._next

    def _companies(self) -> frozenset[str]:
        """Of whom nobody else is allocated today, or would be by the next allocation."""
        rules, chosen = self._allocation()
        if rules.allow_same_company:
            return frozenset()
        return (rules.companies_taken | {one.company_key for one in chosen.people}) - {""}

    def _due(self, job: Job) -> datetime:
        """When a job runs next: now, where it is due already."""
        run = self._runs.get(job.name)
        due = next_due(job, last_due=run.due_at if run else None, now=self._now)
        return max(due, self._now)

    def _next_look(self, acts: Sequence[Delivery]) -> datetime | None:
        """When a doubt is read back next; None: there is none, or it is a human's by now."""
        rules = self._by.looks
        doubts = (
            one
            for one in acts
            if one.state is DeliveryState.UNCERTAIN and len(one.looks) < rules.looks
        )
        return min((next_look(one, rules) for one in doubts), default=None)


class _Groups:
    """Who stands before which gate, as it is counted."""

    def __init__(self) -> None:
        self._found: dict[Gate | NotYet, Group] = {}

    def put(self, gate: Gate | NotYet, people: int, reason: str, at: datetime | None) -> None:
        """So many more."""
        if not people:
            return
        known = self._found.get(gate)
        moments = [one for one in (at, known.lifts_at if known else None) if one is not None]
        self._found[gate] = Group(
            gate=gate,
            people=people + (known.people if known else 0),
            reason=known.reason if known else reason,
            lifts_at=min(moments, default=None),
            change=change_of(gate),
        )

    def all(self) -> list[Group]:
        """All gates before which somebody stands, the most people first."""
        return sorted(self._found.values(), key=lambda one: -one.people)


_RULES: Mapping[str, Gate | NotYet] = {
    "suppressed": Gate.SUPPRESSED,
    "held": Gate.HELD,
    "below_threshold": NotYet.BELOW_THRESHOLD,
    "no_address": NotYet.NO_ADDRESS,
    "other": NotYet.OTHER,
    "same_company": NotYet.SAME_COMPANY,
}
"""The gate that each rule of `standings.uncontacted` is."""
