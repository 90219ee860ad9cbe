"""One pass through the queue of outreach: who waits, what came of it, and how that is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ingagents.context import Context
from ingagents.core.gates import may_act
from ingagents.core.rate_limiter import most_a_day
from ingagents.core.review_policy import Review, as_shown
from ingagents.core.sending.person_waits import blocked, placed, voiced
from ingagents.core.sending.plans import Gate, Wait
from ingagents.core.sending.send_facts import AccountFacts
from ingagents.core.sending.working_hours import end_of_day
from ingagents.display import counted
from ingagents.errors import IngagentsError, SettingsError, TryLater
from ingagents.model import (
    FIRST_CONTACT,
    AccountState,
    ContactStatus,
    DeliveryKind,
    Lead,
    LeadId,
    Step,
)
from ingagents.ports import Transaction
from ingagents.services.outcome import Outcome
from ingagents.services.outreach.account import AccountPolicy, refusals_of
from ingagents.services.outreach.sending.send_outcomes import SendOutcome
from ingagents.services.outreach.wrong_answers import resting_until
from ingagents.services.reviews.requests import draft_subject
from ingagents.store.tables import key_value, lead_plans, leads, reviews

PASS_MAX = 1000
"""Leads looked at in one pass; the next pass takes the rest."""

RESULTS = (
    "sent",
    "enrolled",
    "uncertain",
    "refused",
    "skipped",
    "for_review",
    "answered",
    "dry_run",
)
TEXTS_TOLD = 100
"""Texts of a dry run that `once` tells; more than a day's limit is shown on no day."""


@dataclass(frozen=True, kw_only=True)
class Queue:
    """Who waits to be written to, in order.

    `later` is the step of everybody to whom it is not the first contact.

    `resting` says until when whoever was answered wrongly is left alone (the past: not now),
    `shown` what a dry run has shown of whom.
    """

    leads: Sequence[Lead] = ()
    later: Mapping[LeadId, Step] = field(default_factory=dict)
    resting: Mapping[str, datetime] = field(default_factory=dict)
    shown: Mapping[LeadId, Review] = field(default_factory=dict)

    def step_of(self, lead: Lead) -> Step:
        """Which step it is a lead's turn for."""
        return self.later.get(lead.id, FIRST_CONTACT)


@dataclass(kw_only=True)
class Pass:
    """One pass through the queue: what came of it, and what got in its way."""

    counts: Counter[str] = field(default_factory=Counter)
    account: AccountState | None = None
    held: Wait | None = None
    down: TryLater | None = None
    ours: frozenset[LeadId] = frozenset()
    queue: Queue = field(default_factory=Queue)
    withdrawn: int = 0
    once_more: LeadId | None = None
    unseen: int = 0
    refused: int = 0
    instead: list[str] = field(default_factory=list)
    """Of whom another text went than a dry run has shown, and why."""

    def turns(self) -> Iterator[Lead]:
        """Everybody of the queue in order; whoever is to be tried in another way at once again."""
        for lead in self.queue.leads:
            yield lead
            if self.once_more == lead.id:
                yield lead

    def hold_up(self, wait: Wait) -> None:
        """Somebody of the queue waits; the earliest end of all waits counts."""
        if self.held is None or _before(wait.until, self.held.until):
            self.held = wait

    def count(self, lead: Lead, contacted: SendOutcome) -> None:
        """What came of one lead."""
        self.counts[contacted.kind] += 1
        if contacted.again:
            self.once_more = lead.id
        if contacted.instead:
            self.instead.append(f"{lead.name}: {contacted.instead}")
        if contacted.wait is not None:
            self.hold_up(contacted.wait)

    def leave_alone(self, lead: Lead) -> None:
        """The service answered wrongly when asked for this person, and is not asked again yet."""
        self.down = self.down or TryLater(
            f"LinkedIn's service answered about somebody else when asked for {lead.name}",
            "it is asked again after a while; see on LinkedIn whether the profile's address changed",
        )


def queue_of(transaction: Transaction, policy: AccountPolicy, *, now: datetime) -> Queue:
    """Whose conversation goes on first; then whoever is tried once more bare, then approved texts.

    Who was answered wrongly, or whom LinkedIn lets nobody invite for now, comes last. Nobody whom
    another account of ours speaks with, or for whom a text was approved that it sends.
    """
    refusals = refusals_of(transaction, policy.account_id, now=now)
    resting = resting_until(transaction)
    approved = reviews.ready(transaction, limit=PASS_MAX)
    waiting = {lead.id: lead for lead in leads.allocated(transaction, limit=PASS_MAX)}
    for lead_id in approved:
        lead = leads.find(transaction, lead_id)
        if lead is not None and lead.contact_status is ContactStatus.ALLOCATED:
            waiting.setdefault(lead_id, lead)
    if policy.others:
        elsewhere = _elsewhere(transaction, policy, waiting.values(), approved)
        waiting = {one: lead for one, lead in waiting.items() if one not in elsewhere}
    turns = {lead_id: turn for turn, lead_id in enumerate(approved)}
    due = lead_plans.due(transaction, policy.account_id, now=now, limit=PASS_MAX)
    later = {LeadId(lead_id): step for lead_id, step in due}
    talking = [lead for lead_id in later if (lead := leads.find(transaction, lead_id)) is not None]
    talking.sort(key=lambda lead: lead.id in resting)
    ordered = sorted(
        waiting.values(),
        key=lambda lead: (
            lead.id in resting,
            lead.id in refusals.blocked,
            lead.id not in refusals.bare_next,
            turns.get(lead.id, len(turns)),
        ),
    )
    return Queue(
        leads=[*talking, *ordered],
        later=later,
        resting=resting,
        shown=_shown(transaction, policy),
    )


def _elsewhere(
    transaction: Transaction,
    policy: AccountPolicy,
    waiting: Iterable[Lead],
    approved: Collection[LeadId],
) -> set[LeadId]:
    """Who is left to the other accounts; one that has stopped keeps only whom it has tried to reach.

    To one for named people everybody else is.
    """
    stopped = key_value.noted_of_accounts(transaction, key_value.PAUSED)
    able = policy.others - stopped.keys()
    found = set()
    for lead in waiting:
        if policy.named_only and lead.account_id != policy.account_id:
            found.add(lead.id)
            continue
        signed = _signed(transaction, lead) if lead.id in approved else None
        if lead.account_id in policy.others or (signed is not None and signed.account_id in able):
            found.add(lead.id)
    return found


def _signed(transaction: Transaction, lead: Lead) -> Review | None:
    return reviews.standing(transaction, "draft", draft_subject(lead.id, FIRST_CONTACT))


def may_send_now(
    transaction: Transaction, policy: AccountPolicy, account: AccountFacts, *, now: datetime
) -> bool:
    """Whether anybody waits whom the account may write to: for a first contact, or a later step."""
    begins = may_act(account, now), leads.allocated(transaction, limit=1)
    goes_on = (
        may_act(account, now, DeliveryKind.MESSAGE, first=False),
        lead_plans.due(transaction, policy.account_id, now=now, limit=1),
    )
    return any(waiting and not isinstance(may, Wait) for may, waiting in (begins, goes_on))


def next_step_at(
    transaction: Transaction, policy: AccountPolicy, *, now: datetime
) -> datetime | None:
    """When somebody's next step is due; a dry run takes none."""
    if not policy.live:
        return None
    return lead_plans.next_at(transaction, policy.account_id, now=now)


def needs_no_visit(account: AccountFacts, lead: Lead, step: Step, *, now: datetime) -> Wait | None:
    """What holds every send, or the kind of act this person is known to need."""
    if step != FIRST_CONTACT:
        answer = may_act(account, now, DeliveryKind.MESSAGE, first=False)
        return answer if isinstance(answer, Wait) else None
    answer = may_act(account, now)
    distance = lead.profile.network_distance
    if distance and not isinstance(answer, Wait):
        kind = DeliveryKind.MESSAGE if distance == 1 else DeliveryKind.INVITATION
        answer = may_act(account, now, kind)
    if isinstance(answer, Wait):
        return answer
    if (elsewhere := voiced(account, lead)) is not None:
        return elsewhere
    if lead.classification is None and account.wanted.looks_left <= 0:
        tomorrow = end_of_day(now, account.rules.hours.timezone)
        reason = "not judged yet, and the day's profile visits are made"
        return Wait(gate=Gate.KIND, reason=reason, until=tomorrow, held="person")
    return placed(account, lead) or (blocked(account, lead, now) if distance != 1 else None)


async def outcome_of(
    state: Pass,
    ended: SendOutcome,
    context: Context,
    policy: AccountPolicy,
    *,
    error: IngagentsError | None,
) -> Outcome:
    """What a pass came to, in words and figures. Moments in the words are in the account's zone."""
    now = context.clock.now()
    bar = policy.gate.bar(now)
    texts = (
        [] if policy.live or bar else await context.store.read(lambda t: _would_go(t, policy, now))
    )
    zone = ZoneInfo(policy.rules.hours.timezone)
    counts = Counter({**state.counts, "dry_run": len(texts)})
    said = [
        f"{counts[kind]} {kind.replace('_', ' ')}" for kind in (*RESULTS, "waits") if counts[kind]
    ]
    if state.withdrawn:
        what = "enrolment" if policy.enrols else "invitation"
        said.append(
            f"{counted(state.withdrawn, what)} {'stopped' if policy.enrols else 'withdrawn'}"
        )
    summary = ", ".join(said) or "nothing sent"
    until = ended.wait.until if ended.wait is not None else None
    if bar is not None:
        summary += f"; {bar}"
    elif ended.reason:
        when = f" until {until.astimezone(zone):%Y-%m-%d %H:%M %Z}" if until else ""
        summary += f"; waits{when}: {ended.reason}"
    return Outcome(
        summary=summary,
        figures={
            **{kind: counts[kind] for kind in RESULTS},
            "withdrawn": state.withdrawn,
            "dry_run_texts": texts[:TEXTS_TOLD],
            "dry_run_texts_left_out": max(0, len(texts) - TEXTS_TOLD),
            "changed_texts": state.instead,
        },
        waits_until=until,
        waits_for=ended.reason,
        error=error,
        # That the event draws near is as it should be; the rest is for a human to set.
        refused=SettingsError(bar.what, bar.remedy) if bar and bar.kind != "near" else None,
    )


def _would_go(
    transaction: Transaction, policy: AccountPolicy, now: datetime
) -> list[dict[str, Any]]:
    """The texts of a dry run that would go, were it for real."""
    most = most_a_day(policy.rules_now(transaction, now))
    return [as_shown(one) for one in reviews.all_shown(transaction, limit=most)]


def _shown(transaction: Transaction, policy: AccountPolicy) -> dict[LeadId, Review]:
    """What a dry run has shown; of whom something else was approved since, nothing."""
    if policy.live:
        return {}
    found = {}
    for one in reviews.all_shown(transaction, limit=PASS_MAX):
        approved = reviews.standing(transaction, "draft", one.subject)
        if one.lead_id and (approved is None or approved.text_hash == one.text_hash):
            found[one.lead_id] = one
    return found


def _before(one: datetime | None, other: datetime | None) -> bool:
    """None, which nothing but a human ends, is the latest."""
    return one is not None and (other is None or one < other)
