"""Who gets written to next: the three strategies and the rules no strategy may break.

Every strategy takes Speakers and Sponsors in one proportion while there are both: `balanced` in
turn, the others by `speaker_share`. They differ in the order on each side, and in when others, who
neither speak nor sponsor, have their turn.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, Protocol

import msgspec

from ingagents.display import Shown
from ingagents.model import Classification, Decision, LeadId, Reason

Strategy = Literal["quality_priority", "balanced", "oldest_first"]
Rule = Literal["below_threshold", "suppressed", "same_company", "no_address", "full"]
DECIDED_BY = "rules/allocator-2"


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
    """The rules. `companies_taken` had somebody allocated today, `taken` says how many by kind.

    `speaker_share` (0 to 1) is that of Speakers among Speakers and Sponsors, today's included.
    """

    strategy: Strategy
    max_leads: int
    quality_threshold: float
    allow_same_company: bool = False
    companies_taken: frozenset[str] = frozenset()
    speaker_share: float = 0.5
    taken: Mapping[str, int] = {}
    suppressed: frozenset[LeadId] = frozenset()


class Passed(Shown, msgspec.Struct, frozen=True):
    """Somebody not chosen, and the rule that spoke against."""

    lead_id: LeadId
    rule: Rule


class Allocation(Shown, msgspec.Struct, frozen=True, kw_only=True):
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
    found = {one.id: one for one in candidates}
    first = [found.pop(lead_id) for lead_id in preferred if lead_id in found]
    run = _Run(rules)
    lane = deque(first)
    while one := run.next_of(lane):
        run.take(one)
        lane.popleft()
    key = _by_age if rules.strategy == "oldest_first" else _by_quality
    lanes: dict[str, deque[Candidate]] = {kind: deque() for kind in (*_SIDES, _OTHERS)}
    for one in sorted(found.values(), key=key):
        lanes[one.classification if one.classification in _SIDES else _OTHERS].append(one)
    while side := _turn(run, lanes):
        run.take(lanes[side].popleft())
    chosen, passed = run.chosen, run.passed
    return Allocation(
        chosen=tuple(chosen),
        passed=tuple(passed),
        strategy=rules.strategy,
        preferred=frozenset(one.id for one in first),
    )


class _Run:
    """An allocation under way: who was chosen and passed over so far."""

    def __init__(self, rules: AllocationRules) -> None:
        self.rules = rules
        self.chosen: list[LeadId] = []
        self.passed: list[Passed] = []
        before = {} if rules.strategy == "balanced" else rules.taken
        self.count = {kind: before.get(kind, 0) for kind in _SIDES}
        self._companies = set(rules.companies_taken)

    def take(self, one: Candidate) -> None:
        self.chosen.append(one.id)
        self._companies.add(one.company_key)
        if one.classification in self.count:
            self.count[one.classification] += 1

    def next_of(self, lane: deque[Candidate]) -> Candidate | None:
        """The first of a lane who may be chosen; those before are passed over, with the rule.

        One who may not be allocated does not cost their side its turn.
        """
        while lane:
            rule = self._against(lane[0])
            if rule is None:
                return lane[0]
            self.passed.append(Passed(lane.popleft().id, rule))
        return None

    def due(self) -> str:
        """The side that is furthest behind its share; Speakers where both are."""
        balanced = self.rules.strategy == "balanced"
        share = 0.5 if balanced else min(1.0, max(0.0, self.rules.speaker_share))
        speakers, sponsors = (self.count[kind] + 1 for kind in _SIDES)
        return _SIDES[0] if speakers * (1 - share) <= sponsors * share + 1e-9 else _SIDES[1]

    def _against(self, candidate: Candidate) -> Rule | None:
        rules = self.rules
        if candidate.id in rules.suppressed:
            return "suppressed"
        if candidate.quality_score < rules.quality_threshold:
            return "below_threshold"
        if not candidate.linkedin_url:
            return "no_address"
        if len(self.chosen) >= rules.max_leads:
            return "full"
        if not rules.allow_same_company and candidate.company_key in self._companies - {""}:
            return "same_company"
        return None


def _turn(run: _Run, lanes: Mapping[str, deque[Candidate]]) -> str | None:
    """Whose turn it is: a side, or the others; None when nobody is left.

    Others go by the strategy's order among the rest, under `balanced` only after both sides.
    """
    heads = {kind: one for kind, lane in lanes.items() if (one := run.next_of(lane)) is not None}
    sides = [kind for kind in _SIDES if kind in heads]
    if not sides:
        return _OTHERS if _OTHERS in heads else None
    side = run.due() if len(sides) == len(_SIDES) else sides[0]
    if _OTHERS in heads and run.rules.strategy != "balanced":
        key = _by_age if run.rules.strategy == "oldest_first" else _by_quality
        if key(heads[_OTHERS]) < key(heads[side]):
            return _OTHERS
    return side


def _by_quality(candidate: Candidate) -> tuple[float, str, str]:
    return (-candidate.quality_score, candidate.created_at, candidate.id)


def _by_age(candidate: Candidate) -> tuple[float, str, str]:
    return (0.0, candidate.created_at, candidate.id)


_SIDES = (Classification.SPEAKER.value, Classification.SPONSOR.value)
_OTHERS = "others"
