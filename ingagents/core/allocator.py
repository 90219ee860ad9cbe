"""Who gets written to next: the three strategies and the rules no strategy may break."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, Protocol

import msgspec

from ingagents.model import Classification, Decision, LeadId, Reason

__all__ = ["Allocation", "AllocationRules", "Passed", "Strategy", "allocate"]

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
    preferred: frozenset[LeadId] = frozenset()
    """Whom somebody else's order put first; the rest of the chosen stand in the strategy's."""

    def counts(self) -> dict[str, int]:
        """How many were passed over by each rule."""
        found: dict[str, int] = {}
        for passed in self.passed:
            found[passed.rule] = found.get(passed.rule, 0) + 1
        return found

    def to_decision(
        self, place: int, candidate: Candidate, rules: AllocationRules, *, preferred_by: str = ""
    ) -> Decision:
        """Why this one was chosen; `place` counts from 1; `preferred_by` says whose order it was."""
        preferred = candidate.id in self.preferred
        by = "the model's order" if preferred else self.strategy
        return Decision(
            kind="allocation",
            verdict="Allocated",
            decided_by=preferred_by if preferred else DECIDED_BY,
            reasons=(
                Reason(why=f"place {place} of {len(self.chosen)} by {by}"),
                Reason(
                    why=f"quality {candidate.quality_score:.1f} is not below"
                    f" {rules.quality_threshold:.1f}"
                ),
            ),
            basis={"place": place, "strategy": self.strategy, "passed_over": self.counts()},
        )


def allocate(
    candidates: Iterable[Candidate], rules: AllocationRules, preferred: Sequence[LeadId] = ()
) -> Allocation:
    """Choose up to `max_leads`, in the strategy's order, keeping every rule.

    `preferred` are looked at first, in their order; ids that are no candidates are dropped.

    Ties fall to the older, then to the smaller id, so that the same input gives the same answer.
    """
    chosen: list[LeadId] = []
    passed: list[Passed] = []
    companies = set(rules.companies_taken)
    found = {one.id: one for one in candidates}
    first = [found.pop(lead_id) for lead_id in preferred if lead_id in found]
    for lanes in ((iter(first),), *_rounds(found.values(), rules.strategy)):
        waiting = deque(lanes)
        while waiting:
            lane = waiting.popleft()
            for candidate in lane:
                rule = _against(candidate, rules, companies, full=len(chosen) >= rules.max_leads)
                if rule is None:
                    chosen.append(candidate.id)
                    companies.add(candidate.company_key)
                    waiting.append(lane)  # the other lane's turn
                    break
                passed.append(Passed(candidate.id, rule))
    return Allocation(
        chosen=tuple(chosen),
        passed=tuple(passed),
        strategy=rules.strategy,
        preferred=frozenset(one.id for one in first),
    )


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


def _rounds(
    candidates: Iterable[Candidate], strategy: Strategy
) -> Iterator[tuple[Iterator[Candidate], ...]]:
    """Rounds, one after the other; in each the lanes take turns, every lane best first.

    Turns are taken over the chosen, not over the listed: one who may not be allocated does not
    cost their side its turn.
    """
    if strategy == "oldest_first":
        yield (iter(sorted(candidates, key=lambda one: (one.created_at, one.id))),)
        return
    best_first = sorted(candidates, key=_by_quality)
    if strategy == "quality_priority":
        yield (iter(best_first),)
        return
    sides = (Classification.SPEAKER, Classification.SPONSOR)
    yield tuple(iter([one for one in best_first if one.classification == side]) for side in sides)
    yield (iter([one for one in best_first if one.classification not in sides]),)


def _by_quality(candidate: Candidate) -> tuple[float, str, str]:
    return (-candidate.quality_score, candidate.created_at, candidate.id)
