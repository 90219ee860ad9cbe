"""Taking people in, from a search or a file: each person once, with the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from ingagents.context import Context
from ingagents.core.identity import aliases_of_profile
from ingagents.core.llm.classify import accept_classifications, ask_classification
from ingagents.core.llm.extract_profile import accept_profiles, ask_profile
from ingagents.core.profiles.contradictions import SEARCH, renamed
from ingagents.core.profiles.merge import (
    Advice,
    Analysed,
    analyse,
    as_shown,
    enriched,
    extra_field,
    names_of,
    to_ask_about,
    to_find,
)
from ingagents.core.profiles.quality_details import Occasion
from ingagents.core.quality_scorer import Weights
from ingagents.events import DecisionMade, Event, LeadDiscovered, LeadUpdated
from ingagents.llm.tasks import LlmTasks
from ingagents.model import (
    Alias,
    BriefDecision,
    Campaign,
    ContactStatus,
    Decision,
    Lead,
    LeadId,
    ModelTask,
    Profile,
    Reason,
    SearchCriteria,
)
from ingagents.ports import Transaction
from ingagents.store.tables import leads

Kept = Literal["discovered", "known", "suppressed", "unusable"]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A person's id to be, and what a model said."""

    lead_id: LeadId
    advice: Advice = Advice()


@dataclass(frozen=True, kw_only=True)
class Reception:
    """Turns profiles into leads and stores each person once. `agent` signs the events."""

    context: Context
    criteria: SearchCriteria
    weights: Weights
    campaign: Campaign
    llm: LlmTasks
    agent: str = "lead_finder"

    async def ask(self, profiles: Sequence[Profile]) -> list[Asked]:
        """Ids for people who may become leads, and a model's advice where it can add anything.

        Only what the payload lacks and the rules doubt is asked, of nobody known or suppressed.
        """
        ids = [LeadId(self.context.new_id()) for _ in profiles]
        if not self.llm.asks:
            return [Asked(lead_id=lead_id) for lead_id in ids]
        new = await self.context.store.read(
            lambda t: [_is_new(t, aliases_of_profile(profile)) for profile in profiles]
        )
        people = [
            (lead_id, profile)
            for lead_id, profile, is_new in zip(ids, profiles, new, strict=True)
            if is_new
        ]
        lacking = [(lead_id, to_find(profile)) for lead_id, profile in people]
        found = await self.llm.ask_about_people(
            ModelTask.PROFILE,
            [(i, one) for i, one in lacking if one is not None],
            ask_profile,
            accept_profiles,
        )
        doubtful = [
            (lead_id, to_ask_about(profile, criteria=self.criteria, found=found.get(lead_id)))
            for lead_id, profile in people
        ]
        judged = await self.llm.ask_about_people(
            ModelTask.CLASSIFY,
            [(i, one) for i, one in doubtful if one is not None],
            ask_classification,
            accept_classifications,
        )
        return [
            Asked(lead_id=i, advice=Advice(found=found.get(i), model=judged.get(i))) for i in ids
        ]

    def analyse(
        self, profile: Profile, *, source: str, asked: Asked | None = None, looked: bool = False
    ) -> Analysed:
        """A lead with its reasons, from what the payload says and what was asked."""
        return analyse(
            profile,
            lead_id=asked.lead_id if asked else LeadId(self.context.new_id()),
            advice=asked.advice if asked else None,
            source=source,
            now=self.context.clock.now(),
            criteria=self.criteria,
            weights=self.weights,
            occasion=self.occasion(),
            looked=looked,
        )

    def occasion(self) -> Occasion:
        """What of the event counts today for a person's score."""
        today = self.context.clock.now().astimezone(ZoneInfo(self.campaign.timezone)).date()
        return Occasion.of(self.campaign, today)

    def keep(self, transaction: Transaction, analysed: Analysed) -> Kept:
        """Store a person once: new, already known (then enriched), suppressed, or unusable."""
        return self.keep_all(transaction, [analysed])[0]

    def keep_all(self, transaction: Transaction, people: Sequence[Analysed]) -> list[Kept]:
        """As `keep`, one after the other; new ones cost few statements, however many they are."""
        aliases = [alias for one in people for alias in one.aliases]
        known = leads.ids_by_alias(transaction, aliases)
        suppressed = leads.suppressed(transaction, names_of(tuple(aliases)))
        new: dict[LeadId, Analysed] = {}
        kept: list[Kept] = []
        for one in people:
            theirs = next((known[alias] for alias in one.aliases if alias in known), None)
            if theirs in new:  # they come twice
                self._insert(transaction, new)
            if not one.aliases or not one.lead.name:
                kept.append("unusable")
            elif theirs is not None and (lead := leads.find(transaction, theirs)):
                for alias in self._enrich(transaction, lead, one):
                    known.setdefault(alias, theirs)
                kept.append("known")
            elif not suppressed.keys().isdisjoint(names_of(one.aliases)):
                kept.append("suppressed")
            else:
                new[one.lead.id] = one
                known |= dict.fromkeys(one.aliases, one.lead.id)
                kept.append("discovered")
        self._insert(transaction, new)
        return kept

    def _insert(self, transaction: Transaction, new: dict[LeadId, Analysed]) -> None:
        """Write new people down; `new` is empty then."""
        leads.insert_many(transaction, [(one.lead, one.aliases) for one in new.values()])
        self.context.queue.append(
            transaction,
            self.agent,
            *(
                LeadDiscovered(
                    lead_id=one.lead.id,
                    source=one.lead.source,
                    decisions=tuple(map(BriefDecision.of, one.decisions)),
                )
                for one in new.values()
            ),
        )
        new.clear()

    def as_shown(
        self, transaction: Transaction, lead: Lead, fresh: Profile, *, looked: bool = True
    ) -> tuple[Lead, tuple[Decision, ...]]:
        """A lead as LinkedIn shows the person just now, and the judgements that this changes.

        `looked` at: their page is read, and whoever was not judged yet is now.
        """
        shown = as_shown(lead, fresh)
        told = [one for one in shown.contradictions if one not in lead.contradictions]
        if shown.profile == lead.profile and not told:
            return shown, ()
        decisions = (_contradicted(told),) if told else ()
        return self._judged_anew(
            transaction, lead, shown, decisions, another_job=bool(told), looked=looked
        )

    def learn(
        self, transaction: Transaction, lead: Lead, fresh: Profile, *, looked: bool = True
    ) -> Lead:
        """Keep what LinkedIn shows of a person with the lead; the lead as it is then."""
        shown, decisions = self.as_shown(transaction, lead, fresh, looked=looked)
        return self._keep_changes(transaction, lead, shown, decisions)

    def _enrich(
        self, transaction: Transaction, known: Lead, analysed: Analysed
    ) -> tuple[Alias, ...]:
        """Add what is newly known to a lead; judge it anew while nobody has written to it.

        Returns the names that are theirs by now, where nobody else has them. LinkedIn's word
        counts as it stands. A list only adds to what LinkedIn has said; without that the newer
        list counts, for everything but the name.
        """
        found = analysed.lead
        another = found.source == SEARCH and renamed(known, found.profile)
        added = () if another else analysed.aliases
        leads.add_aliases(transaction, known.id, added)
        if found.source == SEARCH:
            shown, decisions = self.as_shown(transaction, known, found.profile, looked=False)
        else:
            shown, decisions = self._judged_anew(transaction, known, _listed(known, found), ())
        if known.contact_status is not ContactStatus.NOT_CONTACTED:
            shown, decisions = _with_judgement_of(shown, known), ()
        url = known.linkedin_url or found.linkedin_url
        shown = msgspec.structs.replace(shown, linkedin_url=url)
        self._keep_changes(transaction, known, shown, decisions)
        return added

    def _judged_anew(
        self,
        transaction: Transaction,
        known: Lead,
        shown: Lead,
        decisions: tuple[Decision, ...],
        *,
        another_job: bool = False,
        looked: bool = False,
    ) -> tuple[Lead, tuple[Decision, ...]]:
        """Classified and scored by what is known now; what a human corrected stays."""
        if shown.profile == known.profile:
            return shown, decisions
        analysed = self.analyse(shown.profile, source=known.source, looked=looked)
        fresh = analysed.lead
        corrected = leads.corrected_by_hand(transaction, known.id)
        surer = (known.classification_confidence or 0) > (fresh.classification_confidence or 0)
        # The rules alone never undo a surer judgement of the same job in which a model had a part.
        keeps = self.llm.asks and surer and not another_job
        if "classification" in corrected or (
            keeps and known.classification is not fresh.classification
        ):
            return shown, decisions
        score = known.quality_score if "quality_score" in corrected else fresh.quality_score
        if (known.classification, known.quality_score) == (fresh.classification, score):
            return shown, decisions
        judged = msgspec.structs.replace(
            shown,
            classification=fresh.classification,
            classification_confidence=fresh.classification_confidence,
            quality_score=score,
            reasons=fresh.reasons,
        )
        return judged, (*decisions, *analysed.decisions)

    def _keep_changes(
        self, transaction: Transaction, known: Lead, shown: Lead, decisions: tuple[Decision, ...]
    ) -> Lead:
        changes = {
            field: getattr(shown, field)
            for field in Lead.__struct_fields__
            if getattr(shown, field) != getattr(known, field)
        }
        if not changes:
            return known
        told = {
            extra_field(name): text
            for name, text in shown.profile.extra.items()
            if known.profile.extra.get(name) != text
        }
        events: list[Event] = [DecisionMade(lead_id=known.id, decision=one) for one in decisions]
        if told:
            events.append(LeadUpdated(lead_id=known.id, changes=told, by=self.agent))
        self.context.queue.append(transaction, self.agent, *events)
        return leads.update(transaction, known, now=self.context.clock.now(), **changes)


def _listed(known: Lead, found: Lead) -> Lead:
    """A lead with what another list says of the person."""
    if known.provider_id:
        profile = enriched(found.profile, known.profile)
        position, company = known.position or found.position, known.company or found.company
    else:
        profile = enriched(known.profile, found.profile, renames=False)
        position, company = found.position or known.position, found.company or known.company
    return msgspec.structs.replace(
        known,
        name=known.name or found.name,
        position=position,
        company=company,
        provider_id=known.provider_id or found.provider_id,
        profile=profile,
    )


def _with_judgement_of(shown: Lead, known: Lead) -> Lead:
    return msgspec.structs.replace(
        shown,
        classification=known.classification,
        classification_confidence=known.classification_confidence,
        quality_score=known.quality_score,
        reasons=known.reasons,
    )


def _contradicted(told: Sequence[str]) -> Decision:
    return Decision(
        kind="profile",
        verdict="contradicts what was known; a human decides",
        decided_by="rules/contradictions-1",
        reasons=tuple(Reason(why=one) for one in told),
    )


def _is_new(transaction: Transaction, aliases: tuple[Alias, ...]) -> bool:
    return leads.find_by_aliases(transaction, aliases) is None and not leads.is_suppressed(
        transaction, names_of(aliases)
    )
