"""One person under several leads: one of them stands, the others are closed as its doubles.

It is proven by LinkedIn, which shows somebody under the names of another lead, where the people's
own names agree. With the names go the claims: what was sent to a double counts as sent to the one
that stands. Whoever has a human's or their own word stands; else who was contacted first; else the
one whose name is the steadiest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from ingagents.context import Context
from ingagents.core.identity import aliases_of_profile, aliases_of_recipient
from ingagents.core.lead_status import Cause, Change, move
from ingagents.core.profiles.name_matching import names_agree
from ingagents.events import AgentError, DecisionMade, Role
from ingagents.model import Alias, Decision, Delivery, Lead, LeadId, Profile, Reason, Recipient
from ingagents.ports import Transaction
from ingagents.services.outreach.wrong_answers import refuse_mixture
from ingagents.services.reviews.requests import void_draft
from ingagents.store.tables import deliveries, leads, vetoes

AGENT: Role = "outreach"


def others_of(transaction: Transaction, lead: Lead, profile: Profile) -> tuple[Lead, ...]:
    """The other leads under whose names LinkedIn shows this person, the steadiest name first.

    Somebody of another name whose address this person has by now is not among them.

    Raises:
        WrongAnswer: one of them has another name, so neither is taken for the other.
    """
    others = []
    for other, names in _holders(transaction, lead, profile):
        if not _passed_on(transaction, lead, other, names, profile):
            refuse_mixture(lead, other)
            others.append(other)
    return tuple(others)


def take_over_addresses(
    context: Context, transaction: Transaction, lead: Lead, profile: Profile
) -> None:
    """What was somebody else's address and is this person's by now is theirs; the team is told."""
    for other, names in _holders(transaction, lead, profile):
        if _passed_on(transaction, lead, other, names, profile):
            leads.take_over(transaction, lead.id, names)
            told = ", ".join(name.value for name in names)
            error = AgentError(
                agent=AGENT,
                error=f"the address {told} is {lead.name}'s by now and no longer {other.name}'s;"
                f" see where {other.name} is on LinkedIn, and correct the lead",
                doing=f"looking at {lead.name}",
                lead_id=other.id,
            )
            context.queue.append(transaction, AGENT, error)


def _holders(
    transaction: Transaction, lead: Lead, profile: Profile
) -> list[tuple[Lead, tuple[Alias, ...]]]:
    """The other leads that have names of this person, and which."""
    names = aliases_of_profile(profile)
    known = leads.ids_by_alias(transaction, names)
    ids = dict.fromkeys(known[name] for name in names if name in known and known[name] != lead.id)
    return [
        (other, tuple(name for name in names if known.get(name) == one))
        for one in ids
        if (other := leads.find(transaction, one)) is not None
    ]


def _passed_on(
    transaction: Transaction,
    lead: Lead,
    other: Lead,
    names: tuple[Alias, ...],
    profile: Profile,
) -> bool:
    """Whether all that another lead has of this person is an address that it had before them."""
    if names_agree(lead.name, other.name) or any(name.kind != "slug" for name in names):
        return False
    own = leads.aliases_of(transaction, lead.id)
    return any(name.kind in _FOR_GOOD for name in set(own) & set(aliases_of_profile(profile)))


def tie(context: Context, transaction: Transaction, who: Recipient) -> Lead | None:
    """The lead that a service's record with several names in it means; its doubles are closed.

    Where the leads of these names are called otherwise, the one of the steadiest name is meant.
    """
    names = aliases_of_recipient(who)
    known = leads.ids_by_alias(transaction, names)
    ids = dict.fromkeys(known[name] for name in names if name in known)
    found = [lead for one in ids if (lead := leads.find(transaction, one)) is not None]
    same = [lead for lead in found if names_agree(found[0].name, lead.name)]
    if len(same) < _TWO:
        return found[0] if found else None
    stands = who_stands(transaction, same[0], same[1:], names)
    for double in same:
        if double is not stands:
            close_as_double(context, transaction, double, stands)
    return stands


def who_stands(
    transaction: Transaction, lead: Lead, others: Sequence[Lead], names: Sequence[Alias]
) -> Lead:
    """Which of the leads that are one person with these names goes on."""
    known = leads.ids_by_alias(transaction, names)
    places = {
        known[name]: place for place, name in reversed(list(enumerate(names))) if name in known
    }

    def rank(one: Lead) -> tuple[bool, datetime, int]:
        acts = deliveries.of_recipient(transaction, one.id)
        claimed = [act.claimed_at for act in acts if not act.state.frees_step]
        return (
            not _has_word(transaction, one),
            min(claimed, default=_NEVER),
            places.get(one.id, len(names)),
        )

    return min((lead, *others), key=rank)


def acts_of(transaction: Transaction, lead_id: LeadId) -> list[Delivery]:
    """Everything ever claimed for a lead and for whoever was closed as its double, oldest first."""
    found = [
        act
        for one in (lead_id, *leads.doubles_of(transaction, lead_id))
        for act in deliveries.of_recipient(transaction, one)
    ]
    return sorted(found, key=lambda act: (act.claimed_at, act.id))


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
_TWO = 2
_NEVER = datetime.max.replace(tzinfo=UTC)
