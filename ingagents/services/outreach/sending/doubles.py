"""One person under several leads: one of them stands, the others are closed as its doubles.

It is proven by LinkedIn, which shows somebody under the names of another lead, where the people's
own names agree. With the names go the claims: what was sent to a double counts as sent to the one
that stands. Whoever has a human's or their own word stands; else who was contacted first; else the
one whose name is the steadiest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from ingagents.context import Context
from ingagents.core.identity import aliases_of_profile, aliases_of_recipient
from ingagents.core.lead_status import Cause, Change, move
from ingagents.core.profiles.name_matching import names_agree
from ingagents.events import AgentError, DecisionMade, Role
from ingagents.model import Alias, Decision, Lead, Profile, Reason, Recipient
from ingagents.ports import Transaction
from ingagents.services.outreach.wrong_answers import refuse_mixture
from ingagents.services.reviews.requests import void_draft
from ingagents.store.tables import deliveries, leads, vetoes

AGENT: Role = "outreach"


class Namesakes(NamedTuple):
    """Who has the names under which LinkedIn shows a person.

    Of those that are the `same` person one `stands`: it goes on. `former` are other people
    whose address this person has by now.
    """

    stands: Lead
    same: tuple[Lead, ...]
    former: tuple[Lead, ...]


def namesakes_of(transaction: Transaction, lead: Lead, profile: Profile) -> Namesakes:
    """Who else has names of the person that a lead is.

    Raises:
        WrongAnswer: somebody of another name has, so neither is taken for the other.
    """
    held = _holders(transaction, aliases_of_profile(profile), lead)
    is_sure = any(one is lead and _FOR_GOOD & {name.kind for name in names} for one, names in held)
    same, former = list[Lead](), list[Lead]()
    for one, names in held:
        passed_on = is_sure and all(name.kind == "slug" for name in names)
        if one is not lead and passed_on and not names_agree(lead.name, one.name):
            former.append(one)
            continue
        if one is not lead:
            refuse_mixture(lead, one)
        same.append(one)
    if lead not in same:
        same.append(lead)
    return Namesakes(_who_stands(transaction, same), tuple(same), tuple(former))


def take_over_addresses(
    context: Context, transaction: Transaction, lead: Lead, former: Lead, profile: Profile
) -> None:
    """What was somebody else's address and is this person's by now is theirs; the team is told."""
    addresses = [name for name in aliases_of_profile(profile) if name.kind == "slug"]
    leads.take_over(transaction, lead.id, addresses)
    told = ", ".join(name.value for name in addresses)
    error = AgentError(
        agent=AGENT,
        error=f"the address {told} is {lead.name}'s by now and no longer {former.name}'s;"
        f" see where {former.name} is on LinkedIn, and correct the lead",
        doing=f"looking at {lead.name}",
        lead_id=former.id,
    )
    context.queue.append(transaction, AGENT, error)


def tie(context: Context, transaction: Transaction, who: Recipient) -> None:
    """Leads that a service's record names as one person are one: the doubles are closed.

    Of leads that are called otherwise only those are that are called as the steadiest of them.
    """
    held = [one for one, _ in _holders(transaction, aliases_of_recipient(who))]
    if not held:
        return
    same = [one for one in held if names_agree(held[0].name, one.name)]
    stands = _who_stands(transaction, same)
    for double in same:
        if double is not stands:
            close_as_double(context, transaction, double, stands)


def _holders(
    transaction: Transaction, names: Sequence[Alias], lead: Lead | None = None
) -> list[tuple[Lead, tuple[Alias, ...]]]:
    """The leads that have any of these names, and which; the steadiest name first."""
    known = leads.ids_by_alias(transaction, names)
    read = {lead.id: lead} if lead is not None else {}
    return [
        (found, tuple(name for name in names if known.get(name) == one))
        for one in dict.fromkeys(known[name] for name in names if name in known)
        if (found := read.get(one) or leads.find(transaction, one)) is not None
    ]


def _who_stands(transaction: Transaction, same: Sequence[Lead]) -> Lead:
    """Which of the leads that are one person goes on; the steadiest name comes first."""

    def rank(one: Lead) -> tuple[bool, datetime]:
        acts = deliveries.of_recipient(transaction, one.id)
        claimed = [act.claimed_at for act in acts if not act.state.frees_step]
        return not _has_word(transaction, one), min(claimed, default=_NEVER)

    return min(same, key=rank) if same[1:] else same[0]


def close_as_double(context: Context, transaction: Transaction, double: Lead, stands: Lead) -> str:
    """End a lead that is the same person as another, and give that one its names; says why."""
    reason = f"the same person as lead {stands.id}"
    void_draft(context, transaction, double.id, reason)
    moved = move(double.contact_status, Cause.SAME_PERSON)
    if isinstance(moved, Change):
        leads.update(
            transaction,
            double,
            now=context.clock.now(),
            moved=moved,
            status_reason=reason,
            duplicate_of=stands.id,
        )
    leads.hand_over_names(transaction, double.id, stands.id)
    closed = moved.after if isinstance(moved, Change) else double.contact_status
    decision = Decision(
        kind="duplicate",
        verdict=closed.value,
        decided_by="rules/identity-1",
        reasons=(Reason(why=f"LinkedIn shows the same person as lead {stands.id}"),),
        basis={"same_as": stands.id},
    )
    context.queue.append(transaction, AGENT, DecisionMade(lead_id=double.id, decision=decision))
    return reason


def _has_word(transaction: Transaction, lead: Lead) -> bool:
    """Whether they answered, or somebody of the team decided about them."""
    return bool(lead.responded_at or lead.stage or vetoes.of_lead(transaction, lead.id))


_FOR_GOOD = frozenset({"acoa", "acwa", "ae", "member_number"})
"""Names that never pass to another person."""
_NEVER = datetime.max.replace(tzinfo=UTC)
