"""Taking people in, from a search or a file: each person once, with the reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ingagents.agents.base_agent import Desk
from ingagents.core.intake import Analysed, analyse, enriched, names_of
from ingagents.core.quality_scorer import Weights
from ingagents.events import DecisionMade, LeadDiscovered
from ingagents.model import ContactStatus, Lead, LeadId, Profile, SearchCriteria
from ingagents.ports import Transaction
from ingagents.store import leads

__all__ = ["Kept", "Reception"]

Kept = Literal["discovered", "known", "suppressed", "unusable"]


@dataclass(frozen=True, kw_only=True)
class Reception:
    """Turns profiles into leads and stores each person once. `agent` signs the events."""

    desk: Desk
    criteria: SearchCriteria
    weights: Weights
    agent: str = "lead_finder"

    def analyse(self, profile: Profile, *, source: str) -> Analysed:
        """A lead with its reasons, from what the payload says."""
        return analyse(
            profile,
            lead_id=LeadId(self.desk.new_id()),
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
        )
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
