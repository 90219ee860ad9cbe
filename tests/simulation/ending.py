"""After the quiet hours: everything has come to rest, and everybody is accounted for."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from ingagents.app.rules.send_rules import rate_rules
from ingagents.communication import inbox, journal_audit
from ingagents.core.rate_limiter import WaitUntil, can_send
from ingagents.core.review_policy import BY_HAND
from ingagents.model import AccountId, ContactStatus, DeliveryKind, DeliveryState, Lead, WaitsFor
from ingagents.model.step import public_name
from ingagents.ports import Transaction
from ingagents.sandbox.record import Act
from ingagents.services.outreach.account import refusals_of, usage_of
from ingagents.services.outreach.wrong_answers import resting_until
from ingagents.store.tables import lead_plans, leads, reviews
from tests.simulation.process import Process
from tests.world import deliveries_of, doubts_of

if TYPE_CHECKING:
    from ingagents.app.department import Department
    from tests.simulation.world import SimulatedWorld

AFTER_AN_ACT = {
    ContactStatus.INVITED,
    ContactStatus.MESSAGE_SENT,
    ContactStatus.RESPONDED,
    ContactStatus.SUPPRESSED,
    ContactStatus.UNCERTAIN,
    ContactStatus.NEEDS_REVIEW,
}

DUE_FOR = timedelta(hours=2)
"""A service that was down for one person is asked again within this."""

HEARD_WITHIN = timedelta(hours=12)
"""After so much quiet an answer is known, also in a chat that was shown wrongly and then rested."""


async def look_at_the_end(world: SimulatedWorld, *, worked_until: datetime) -> None:
    """Tell the world whatever did not come to rest while the department still worked."""
    worked_until = await _the_dead_come_back(world, worked_until)
    department = world.team
    for (consumer, seq), (state, _) in world.monitor.seen.inbox.items():
        world.figures["lost"] += 1
        world.violated(f"event {seq} is still {state} for {consumer}")
    for act in world.monitor.seen.acts.values():
        if act.state in {"claimed", "attempted"}:
            world.violated(f"the act {act.id} ({act.kind}) never got an outcome")
    for doubt in await doubts_of(department):
        if doubt.recipient in world.told_on or len(doubt.looks) >= world.looks:
            continue
        if not await department.store.read(partial(_is_handed_out, delivery_id=doubt.id)):
            world.violated(
                f"the doubt about {doubt.recipient} was looked at {len(doubt.looks)} times"
            )
    for fault in await department.store.read(journal_audit.verify):
        world.violated(f"the journal is not as it was written: {fault}")
    await _everybody(world, department, worked_until - HEARD_WITHIN)
    await _the_team_was_told(world, department)
    await _plans(world, department)
    await _who_waits(world, department, worked_until)


async def _the_dead_come_back(world: SimulatedWorld, worked_until: datetime) -> datetime:
    """Dead letters are about mail that was refused too often; given back, they are handled."""
    department = world.team
    dead = await department.store.read(inbox.dead_letters)
    for letter in dead:
        if "mail" not in letter.error and "died" not in letter.error:
            world.violated(f"event {letter.seq} is dead: {letter.error[:200]}")
        world.figures["dead letters"] += 1
        await department.store.write(partial(inbox.requeue, seq=letter.seq))
    if not dead:
        return worked_until
    until = world.now + timedelta(hours=2)
    await world.live(Process(world, "requeued"), lambda one: one.run(until=until))
    return until


async def _everybody(world: SimulatedWorld, department: Department, heard: datetime) -> None:
    """Each lead's status says what the market knows of the person, up to when it must be heard."""
    met = {act.person: act for act in world.acts()}
    async for lead in department.leads.every():
        person = world.monitor.person_of(lead.id)
        act = met.pop(person.key, None) if person is not None else None
        if (wrong := await _wrong_about(world, lead, act)) is not None:
            world.figures["lost"] += 1
            world.violated(f"{lead.name} is {lead.contact_status}: {wrong}")
        if person is not None and lead.contact_status is ContactStatus.MESSAGE_SENT:
            away = await department.store.read(partial(_absences, lead_id=lead.id))
            for said in world.market.story(person).said:
                if said.answer_kind == "out_of_office" and said.text in away:
                    continue  # nobody has answered
                if said.sender is not None and not said.event and said.at <= heard:
                    world.figures["lost"] += 1
                    world.violated(f"{lead.name} answered at {said.at} and was never heard")
    for act in met.values():
        world.figures["lost"] += 1
        world.violated(f"{act.slug} was written to and is no lead")


async def _the_team_was_told(world: SimulatedWorld, department: Department) -> None:
    """Of each answer that mail told of every channel has told by now, and of each of them once.

    What somebody wrote more before it was told is told of together with it.
    """
    told: dict[str, set[str]] = {name: set() for name in world.told_on}
    for act in world.monitor.seen.acts.values():
        if act.kind == "alert" and act.step.startswith("reply:") and act.state != "refused":
            told[act.recipient].add(act.step)
    for name, steps in told.items():
        world.figures[f"notices to {name}"] += len(steps)
        both = told["team"] & steps
        for step in told["team"] ^ steps:
            later = await department.store.read(partial(_said_later, step=step))
            if both.isdisjoint(later):
                world.violated(f"of {step} mail and {name} did not tell both")


def _said_later(transaction: Transaction, step: str) -> list[str]:
    """The steps of what the person wrote after the answer of this one."""
    rows = transaction.rows(
        "SELECT b.id FROM replies a JOIN replies b ON b.lead_id = a.lead_id"
        " AND b.received_at > a.received_at WHERE a.id = :id",
        {"id": step.removeprefix("reply:")},
    )
    return [f"reply:{id_}" for (id_,) in rows]


def _is_handed_out(transaction: Transaction, delivery_id: str) -> bool:
    """Whether somebody has it in hand: they know what becomes of it, and nobody looks."""
    asked = reviews.standing(transaction, "send", delivery_id)
    return asked is not None and BY_HAND in asked.evidence


async def _plans(world: SimulatedWorld, department: Department) -> None:
    """What is kept as a lead's next step is what follows from all that is written down."""

    def made_anew(
        transaction: Transaction, lead: Lead
    ) -> tuple[str, datetime | None, str, WaitsFor]:
        plan = lead_plans.coming(transaction, lead)
        step = public_name(plan.step, invitation=False) if plan.step else ""
        return step, plan.at, plan.reason, plan.waits

    async for lead in department.leads.every():
        kept = (lead.next_step, lead.next_step_at, lead.next_step_reason, lead.waits_for)
        anew = await department.store.read(partial(made_anew, lead=lead))
        if kept != anew:
            world.violated(f"the plan of {lead.name} is {kept} and would be {anew}")


def _absences(transaction: Transaction, lead_id: str) -> set[str]:
    """The texts that were kept as somebody's absence."""
    kept = transaction.rows(
        "SELECT text FROM replies WHERE lead_id = :id AND effect = 'absent'", {"id": lead_id}
    )
    return {str(text) for (text,) in kept}


async def _wrong_about(world: SimulatedWorld, lead: Lead, act: Act | None) -> str | None:
    acts = await deliveries_of(world.team, lead.id)
    over = {DeliveryState.REFUSED, DeliveryState.LOST}
    standing = [one for one in acts if one.state not in over]
    given_up = any(one.state is DeliveryState.LOST for one in acts)
    status = lead.contact_status
    if len({one.step for one in standing}) < len(standing):
        return "two acts of one step stand"
    if lead.accepted_at is not None and not (lead.next_step or lead.next_step_reason):
        return "they accepted, and nobody says what comes next"
    if status in {ContactStatus.NOT_CONTACTED, ContactStatus.ALLOCATED}:
        if standing:
            return f"an act is {standing[0].state}"
        if act is not None and not given_up:
            return "the person was written to"
    if status is ContactStatus.UNCERTAIN and {one.state for one in standing} != {"uncertain"}:
        return "no act is in doubt"
    if status is ContactStatus.MESSAGE_SENT and act is None:
        return "the market knows of nothing"
    if act is not None and status not in world.after_an_act and not given_up:
        return "the person was written to"
    if act is not None and not acts:
        return "the act was never claimed"
    return None


def _account(world: SimulatedWorld) -> AccountId:
    return AccountId(world.chosen.linkedin.account_id)


async def _who_waits(world: SimulatedWorld, department: Department, now: datetime) -> None:
    """Whoever was still allocated when the work ended waits for something that has a name."""
    waiting = await department.store.read(lambda t: leads.allocated(t, limit=100))
    await _whose_step_is_due(world, department, now)
    if not waiting:
        return

    def ask(transaction: Transaction) -> bool:
        account, rules = _account(world), rate_rules(world.chosen)
        refusals = refusals_of(transaction, account, now=now)
        if all(one.id in refusals.blocked for one in waiting):
            return True
        for kind in (DeliveryKind.INVITATION, DeliveryKind.MESSAGE):
            usage = usage_of(transaction, account, now=now)
            if isinstance(can_send(now, usage, rules, kind), WaitUntil):
                return True
        return False

    if not await department.store.read(ask):
        names = ", ".join(f"{one.name} ({one.status_reason})" for one in waiting)
        world.violated(f"nothing is in the way of {names}, and nobody writes to them")


async def _whose_step_is_due(world: SimulatedWorld, department: Department, now: datetime) -> None:
    """A step that was due for hours before the work ended waits for something that has a name."""

    def ask(transaction: Transaction) -> list[str]:
        account, rules = _account(world), rate_rules(world.chosen)
        rested = resting_until(transaction)
        due = lead_plans.due(transaction, account, now=now - DUE_FOR, limit=100)
        usage = usage_of(transaction, account, now=now)
        if isinstance(can_send(now, usage, rules, DeliveryKind.MESSAGE, first=False), WaitUntil):
            return []
        return [f"{lead_id} ({step})" for lead_id, step in due if lead_id not in rested]

    for lead_id in await department.store.read(ask):
        world.figures["lost"] += 1
        world.violated(f"the step of {lead_id} is due, nothing is in its way, and nobody takes it")
