"""Who gets written to next: the three strategies and the rules no strategy may break."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, Protocol

import msgspec

from ingagents.model import Classification, Decision, LeadId, Reason

__all__ = ["Allocation", "AllocationRules", "Passed", "Strategy", "allocate", "prioritise"]

Strategy = Literal["quality_priority", "balanced", "oldest_first"]
DECIDED_BY = "rules/allocator-1"


class Candidate(Protocol):
    """What allocation looks at; `created_at` sorts as text."""

    @property
    def id(self) -> LeadId: ...
    @property
    def company_key(self) -> str: ...
    @property
    def classification(self) -> str: ...
    @property
    def quality_score(self) -> float: ...
    @property
    def created_at(self) -> str: ...
    @property
    def linkedin_url(self) -> str: ...


class AllocationRules(msgspec.Struct, frozen=True, kw_only=True):
    """The rules. `companies_taken` had somebody allocated today."""

    strategy: Strategy
    max_leads: int
    quality_threshold: float
    allow_same_company: bool = False
    companies_taken: frozenset[str] = frozenset()
    suppressed: frozenset[LeadId] = frozenset()


class Passed(msgspec.Struct, frozen=True):
    """Somebody not chosen, and the rule that spoke against."""

    lead_id: LeadId
    rule: Literal["below_threshold", "suppressed", "same_company", "no_address", "full"]


class Allocation(msgspec.Struct, frozen=True, kw_only=True):
    """The chosen, best first, and everybody passed over with the rule."""

    chosen: tuple[LeadId, ...]
    passed: tuple[Passed, ...]
    strategy: Strategy

    def counts(self) -> dict[str, int]:
        """How many were passed over by each rule."""
        found: dict[str, int] = {}
        for passed in self.passed:
            found[passed.rule] = found.get(passed.rule, 0) + 1
        return found

    def to_decision(self, place: int, candidate: Candidate, rules: AllocationRules) -> Decision:
        """Why this one was chosen; `place` counts from 1."""
        return Decision(
            kind="allocation",
            verdict="Allocated",
            decided_by=DECIDED_BY,
            reasons=(
                Reason(why=f"place {place} of {len(self.chosen)} by {self.strategy}"),
                Reason(
                    why=f"quality {candidate.quality_score:.1f} is not below"
                    f" {rules.quality_threshold:.1f}"
                ),
            ),
            basis={"place": place, "strategy": self.strategy, "passed_over": self.counts()},
        )


def allocate(candidates: Iterable[Candidate], rules: AllocationRules) -> Allocation:
    """Choose up to `max_leads`, in the strategy's order, keeping every rule."""
    chosen: list[LeadId] = []
    passed: list[Passed] = []
    companies = set(rules.companies_taken)
    for candidate in prioritise(list(candidates), rules.strategy):
        rule = _against(candidate, rules, companies, full=len(chosen) >= rules.max_leads)
        if rule is not None:
            passed.append(Passed(candidate.id, rule))
            continue
        chosen.append(candidate.id)
        if candidate.company_key:
            companies.add(candidate.company_key)
    return Allocation(chosen=tuple(chosen), passed=tuple(passed), strategy=rules.strategy)


def prioritise(candidates: Sequence[Candidate], strategy: Strategy) -> Iterator[Candidate]:
    """The candidates in the order of a strategy; ties fall to the older, then the smaller id."""
    match strategy:
        case "quality_priority":
            yield from sorted(candidates, key=_by_quality)
        case "oldest_first":
            yield from sorted(candidates, key=lambda one: (one.created_at, one.id))
        case "balanced":
            yield from _take_turns(sorted(candidates, key=_by_quality))


def _against(
    candidate: Candidate, rules: AllocationRules, companies: set[str], *, full: bool
) -> Literal["below_threshold", "suppressed", "same_company", "no_address", "full"] | None:
    if candidate.id in rules.suppressed:
        return "suppressed"
    if candidate.quality_score < rules.quality_threshold:
        return "below_threshold"
    if not candidate.linkedin_url:
        return "no_address"
    if full:
        return "full"
    if not rules.allow_same_company and candidate.company_key in companies - {""}:
        return "same_company"
    return None


def _by_quality(candidate: Candidate) -> tuple[float, str, str]:
    return (-candidate.quality_score, candidate.created_at, candidate.id)


def _take_turns(by_quality: Sequence[Candidate]) -> Iterator[Candidate]:
    """Speaker, Sponsor, Speaker, ... while both last; Others only after them."""
    speakers = [one for one in by_quality if one.classification == Classification.SPEAKER]
    sponsors = [one for one in by_quality if one.classification == Classification.SPONSOR]
    both = min(len(speakers), len(sponsors))
    for speaker, sponsor in zip(speakers, sponsors, strict=False):
        yield speaker
        yield sponsor
    yield from speakers[both:]
    yield from sponsors[both:]
    named = {Classification.SPEAKER.value, Classification.SPONSOR.value}
    yield from (one for one in by_quality if one.classification not in named)
