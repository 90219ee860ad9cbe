"""Taking people in, from a search or a file: each person once, with the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from ingagents.agents.base_agent import Desk
from ingagents.agents.counsel import Counsel
from ingagents.core.identity import aliases_of_profile
from ingagents.core.intake import (
    Advice,
    Analysed,
    analyse,
    enriched,
    names_of,
    to_ask_about,
    to_find,
)
from ingagents.core.quality_scorer import Weights
from ingagents.events import DecisionMade, LeadDiscovered
from ingagents.model import Alias, ContactStatus, Lead, LeadId, Profile, SearchCriteria
from ingagents.ports import Transaction
from ingagents.store import leads

__all__ = ["Asked", "Kept", "Reception"]

Kept = Literal["discovered", "known", "suppressed", "unusable"]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A person's id to be, and what a model said."""

    lead_id: LeadId
    advice: Advice = Advice()


@dataclass(frozen=True, kw_only=True)
class Reception:
    """Turns profiles into leads and stores each person once. `agent` signs the events."""

    desk: Desk
    criteria: SearchCriteria
    weights: Weights
    counsel: Counsel
    agent: str = "lead_finder"

    async def ask(self, profiles: Sequence[Profile]) -> list[Asked]:
        """Ids for people who may become leads, and a model's advice where it can add anything.

        Only what the payload lacks and the rules doubt is asked, of nobody known or suppressed.
        """
        ids = [LeadId(self.desk.new_id()) for _ in profiles]
        if not self.counsel.asks:
            return [Asked(lead_id=lead_id) for lead_id in ids]
        new = await self.desk.store.read(
            lambda t: [_is_new(t, aliases_of_profile(profile)) for profile in profiles]
        )
        people = [
            (lead_id, profile)
            for lead_id, profile, is_new in zip(ids, profiles, new, strict=True)
            if is_new
        ]
        lacking = [(lead_id, to_find(profile)) for lead_id, profile in people]
        found = await self.counsel.profiles([(i, one) for i, one in lacking if one is not None])
        doubtful = [
            (lead_id, to_ask_about(profile, criteria=self.criteria, found=found.get(lead_id)))
            for lead_id, profile in people
        ]
        judged = await self.counsel.classifications(
            [(i, one) for i, one in doubtful if one is not None]
        )
        return [
            Asked(lead_id=i, advice=Advice(found=found.get(i), model=judged.get(i))) for i in ids
        ]

    def analyse(self, profile: Profile, *, source: str, asked: Asked | None = None) -> Analysed:
        """A lead with its reasons, from what the payload says and what was asked."""
        return analyse(
            profile,
            lead_id=asked.lead_id if asked else LeadId(self.desk.new_id()),
            advice=asked.advice if asked else None,
            source=source,
            now=self.desk.clock.now(),
            criteria=self.criteria,
            weights=self.weights,
        )

    def keep(self, transaction: Transaction, analysed: Analysed) -> Kept:
        """Store a person once: new, already known (then enriched), suppressed, or unusable."""
        if not analysed.aliases or not analysed.lead.name:
            return "unusable"
        known = leads.find_by_aliases(transaction, analysed.aliases)
        if known is not None:
            self._enrich(transaction, known, analysed)
            return "known"
        if leads.is_suppressed(transaction, names_of(analysed.aliases)):
            return "suppressed"
        leads.insert(transaction, analysed.lead, analysed.aliases)
        self.desk.queue.append(
            transaction,
            self.agent,
            LeadDiscovered(
                lead_id=analysed.lead.id,
                name=analysed.lead.name,
                classification=analysed.lead.classification,
                quality_score=analysed.lead.quality_score,
                source=analysed.lead.source,
            ),
            *(
                DecisionMade(lead_id=analysed.lead.id, decision=decision)
                for decision in analysed.decisions
            ),
        )
        return "discovered"

    def _knew_better(self, known: Lead, fresh: Lead) -> bool:
        """The rules alone never undo a surer judgement in which a model may have had a part."""
        surer = (known.classification_confidence or 0) > (fresh.classification_confidence or 0)
        return self.counsel.asks and surer and known.classification is not fresh.classification

    def _enrich(self, transaction: Transaction, known: Lead, analysed: Analysed) -> None:
        """Add what is newly known to a lead; judge it anew while nobody has written to it."""
        leads.add_aliases(transaction, known.id, analysed.aliases)
        profile = enriched(known.profile, analysed.lead.profile)
        if profile == known.profile:
            return
        fresh = self.analyse(profile, source=known.source)
        changes: dict[str, object] = {
            "profile": profile,
            "name": known.name or fresh.lead.name,
            "position": fresh.lead.position or known.position,
            "company": fresh.lead.company or known.company,
            "linkedin_url": known.linkedin_url or fresh.lead.linkedin_url,
            "provider_id": known.provider_id or fresh.lead.provider_id,
        }
        judged_anew = (known.classification, known.quality_score) != (
            fresh.lead.classification,
            fresh.lead.quality_score,
        ) and not self._knew_better(known, fresh.lead)
        if known.contact_status is ContactStatus.NOT_CONTACTED and judged_anew:
            changes |= {
                "classification": fresh.lead.classification,
                "classification_confidence": fresh.lead.classification_confidence,
                "quality_score": fresh.lead.quality_score,
                "reasons": fresh.lead.reasons,
            }
            self.desk.queue.append(
                transaction,
                self.agent,
                *(
                    DecisionMade(lead_id=known.id, decision=decision)
                    for decision in fresh.decisions
                ),
            )
        leads.update(transaction, known, now=self.desk.clock.now(), **changes)


def _is_new(transaction: Transaction, aliases: tuple[Alias, ...]) -> bool:
    return leads.find_by_aliases(transaction, aliases) is None and not leads.is_suppressed(
        transaction, names_of(aliases)
    )
