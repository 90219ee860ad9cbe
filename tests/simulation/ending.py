"""After the quiet hours: everything has come to rest, and everybody is accounted for."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from ingagents.app.send_rules import rate_rules
from ingagents.communication import inbox, journal_audit
from ingagents.core.rate_limiter import WaitUntil, can_send
from ingagents.model import AccountId, ContactStatus, DeliveryKind, DeliveryState, Lead
from ingagents.ports import Transaction
from ingagents.sandbox.record import Act
from ingagents.services.outreach.account import usage_of
from ingagents.store.tables import leads
from tests.simulation.process import Process
from tests.world import ACCOUNT, deliveries_of, doubts_of

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
        if doubt.recipient != "team" and len(doubt.looks) < world.looks:
            world.violated(
                f"the doubt about {doubt.recipient} was looked at {len(doubt.looks)} times"
            )
    for fault in await department.store.read(journal_audit.verify):
        world.violated(f"the journal is not as it was written: {fault}")
    await _everybody(world, department, worked_until - HEARD_WITHIN)
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
        if (wrong := await _wrong_about(department, lead, act)) is not None:
            world.figures["lost"] += 1
            world.violated(f"{lead.name} is {lead.contact_status}: {wrong}")
        if person is not None and lead.contact_status is ContactStatus.MESSAGE_SENT:
            for said in world.market.story(person).said:
                if said.sender is not None and not said.event and said.at <= heard:
                    world.figures["lost"] += 1
                    world.violated(f"{lead.name} answered at {said.at} and was never heard")
    for act in met.values():
        world.figures["lost"] += 1
        world.violated(f"{act.slug} was written to and is no lead")


async def _wrong_about(department: Department, lead: Lead, act: Act | None) -> str | None:
    acts = await deliveries_of(department, lead.id)
    over = {DeliveryState.REFUSED, DeliveryState.LOST}
    standing = [one for one in acts if one.state not in over]
    given_up = any(one.state is DeliveryState.LOST for one in acts)
    status = lead.contact_status
    if len(standing) > 1:
        return "two acts stand"
    if status in {ContactStatus.NOT_CONTACTED, ContactStatus.ALLOCATED}:
        if standing:
            return f"an act is {standing[0].state}"
        if act is not None and not given_up:
            return "the person was written to"
    if status is ContactStatus.UNCERTAIN and [one.state for one in standing] != ["uncertain"]:
        return "no act is in doubt"
    if status is ContactStatus.MESSAGE_SENT and act is None:
        return "the market knows of nothing"
    if act is not None and status not in AFTER_AN_ACT and not given_up:
        return "the person was written to"
    if act is not None and not acts:
        return "the act was never claimed"
    return None


async def _who_waits(world: SimulatedWorld, department: Department, now: datetime) -> None:
    """Whoever was still allocated when the work ended waits for something that has a name."""
    waiting = await department.store.read(lambda t: leads.allocated(t, limit=100))
    if not waiting:
        return

    def ask(transaction: Transaction) -> bool:
        account, rules = AccountId(ACCOUNT), rate_rules(world.chosen)
        for kind in (DeliveryKind.INVITATION, DeliveryKind.MESSAGE):
            usage = usage_of(transaction, account, now=now).concerning(kind)
            if isinstance(can_send(now, usage, rules), WaitUntil):
                return True
        return False

    if not await department.store.read(ask):
        names = ", ".join(f"{one.name} ({one.status_reason})" for one in waiting)
        world.violated(f"nothing is in the way of {names}, and nobody writes to them")
