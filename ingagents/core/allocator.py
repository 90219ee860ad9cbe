"""Who gets written to next: the three strategies and the rules no strategy may break.

Every strategy takes Speakers and Sponsors in one proportion while there are both: `balanced` in
turn, the others by `speaker_share`. They differ in the order on each side, and in when others, who
neither speak nor sponsor, have their turn. Whoever is not judged yet, for want of anything to judge
by, comes after both sides: they are looked at first, and written to or not by what that shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, Literal, Protocol, TypeVar

import msgspec

from ingagents.core.sending.wanted import UNJUDGED
from ingagents.display import Shown
from ingagents.model import Classification, Decision, LeadId, Reason

Strategy = Literal["quality_priority", "balanced", "oldest_first"]
Rule = Literal[
    "below_threshold", "suppressed", "same_company", "no_address", "no_place", "other", "full"
]
DECIDED_BY = "rules/allocator-2"


class Candidate(Protocol):
    """What allocation looks at; `created_at` sorts as text, `tracks` are those they would fit."""

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
    @property
    def suppressed(self) -> bool: ...
    @property
    def tracks(self) -> Sequence[str]: ...


C = TypeVar("C", bound=Candidate)


class AllocationRules(msgspec.Struct, frozen=True, kw_only=True):
    """The rules. `companies_taken` had somebody allocated today or are talked to.

    `taken` says how many were allocated today by kind. `speaker_share` (0 to 1) is that of Speakers among Speakers and Sponsors, today's included.
    `rooms` says how many more each track of the programme takes, by kind; a kind without tracks
    has no limit.
    """

    strategy: Strategy
    max_leads: int
    quality_threshold: float
    allow_same_company: bool = False
    write_to_other: bool = False
    companies_taken: frozenset[str] = frozenset()
    speaker_share: float = 0.5
    taken: Mapping[str, int] = {}
    rooms: Mapping[str, Mapping[str, int]] = {}


class Pool(msgspec.Struct, Generic[C], frozen=True, kw_only=True):
    """Who may be chosen: each of `LANES` in the strategy's order, looked at no further than needed.

    `candidates` are all, with those whom nobody has to look at: of a quality below the threshold,
    or of it and without an address, or of kind Other where nobody writes to `others`. Of whoever is not judged yet no quality is asked.
    """

    lanes: Mapping[str, Iterable[C]]
    candidates: int
    below_threshold: int = 0
    no_address: int = 0
    others: int = 0


class Allocation(Shown, msgspec.Struct, Generic[C], frozen=True, kw_only=True):
    """The people chosen, best first, and how many were passed over by each rule."""

    people: tuple[C, ...]
    passed_over: Mapping[Rule, int]
    strategy: Strategy
    preferred: frozenset[LeadId] = frozenset()
    """Whom somebody else's order put first; the rest of the chosen stand in the strategy's."""
    tracks: Mapping[LeadId, str] = {}
    """For which track of the programme somebody was chosen."""

    @property
    def chosen(self) -> tuple[LeadId, ...]:
        """The ids of those who were chosen, best first."""
        return tuple(one.id for one in self.people)

    def to_decision(
        self, place: int, candidate: Candidate, rules: AllocationRules, *, preferred_by: str = ""
    ) -> Decision:
        """Why this one was chosen; `place` counts from 1; `preferred_by` says whose order it was."""
        preferred = candidate.id in self.preferred
        by = "the model's order" if preferred else self.strategy
        track = self.tracks.get(candidate.id)
        return Decision(
            kind="allocation",
            verdict="Allocated",
            decided_by=preferred_by if preferred else DECIDED_BY,
            reasons=(
                Reason(why=f"place {place} of {len(self.people)} by {by}"),
                Reason(
                    why=f"quality {candidate.quality_score:.1f} is not below"
                    f" {rules.quality_threshold:.1f}"
                    if is_judged(candidate)
                    else "not judged yet: looked at first"
                ),
                *((Reason(why=f"{track} has open places"),) if track else ()),
            ),
            basis={
                "place": place,
                "strategy": self.strategy,
                "passed_over": dict(self.passed_over),
            },
        )


def allocate(pool: Pool[C], rules: AllocationRules, preferred: Sequence[C] = ()) -> Allocation[C]:
    """Choose up to `max_leads`, in the strategy's order, keeping every rule.

    `preferred` are looked at first, in their order. Nobody is looked at once enough are chosen:
    whoever is left over then is passed over as "full".
    """
    first = frozenset(one.id for one in preferred)
    run = _Run[C](rules)
    lane = _Lane(preferred)
    while (one := run.next_of(lane)) is not None:
        run.take(one)
        lane.drop()
    lanes = {
        kind: _Lane(one for one in pool.lanes.get(kind, ()) if one.id not in first)
        for kind in LANES
    }
    while turn := _turn(run, lanes):
        side, one = turn
        run.take(one)
        lanes[side].drop()
    run.passed["below_threshold"] = pool.below_threshold
    run.passed["no_address"] = pool.no_address
    run.passed["other"] += pool.others
    if run.full or rules.rooms:
        left = pool.candidates - len(run.people) - run.passed.total()
        run.passed["full" if run.full else "no_place"] += max(0, left)
    return Allocation(
        people=tuple(run.people),
        passed_over={rule: count for rule, count in run.passed.items() if count},
        strategy=rules.strategy,
        preferred=first,
        tracks=run.tracks,
    )


class _Lane(Generic[C]):
    """People in one order, of whom only the first is known."""

    def __init__(self, people: Iterable[C]) -> None:
        self._people = iter(people)
        self.drop()

    def drop(self) -> None:
        self.first = next(self._people, None)


class _Run(Generic[C]):
    """An allocation under way: who was chosen, and how many were passed over so far."""

    def __init__(self, rules: AllocationRules) -> None:
        self.rules = rules
        self.people: list[C] = []
        self.passed = Counter[Rule]()
        before = {} if rules.strategy == "balanced" else rules.taken
        self.count = {kind: before.get(kind, 0) for kind in _SIDES}
        self._companies = set(rules.companies_taken)
        self._rooms = {kind: dict(rooms) for kind, rooms in rules.rooms.items()}
        self.tracks: dict[LeadId, str] = {}

    @property
    def full(self) -> bool:
        return len(self.people) >= self.rules.max_leads

    def take(self, one: C) -> None:
        self.people.append(one)
        self._companies.add(one.company_key)
        if one.classification in self.count:
            self.count[one.classification] += 1
        if track := self._track_for(one):
            self.tracks[one.id] = track
            self._rooms[one.classification][track] -= 1

    def next_of(self, lane: _Lane[C], kind: str | None = None) -> C | None:
        """The first of a lane who may be chosen; those before are passed over, with the rule.

        One who may not be allocated does not cost their side its turn. Nobody is looked at for a
        `kind` that has no place left.
        """
        while not self.full and not self._has_no_place(kind) and (one := lane.first) is not None:
            rule = self._against(one)
            if rule is None:
                return one
            self.passed[rule] += 1
            lane.drop()
        return None

    def due(self) -> str:
        """The side that is furthest behind its share; Speakers where both are."""
        balanced = self.rules.strategy == "balanced"
        share = 0.5 if balanced else min(1.0, max(0.0, self.rules.speaker_share))
        speakers, sponsors = (self.count[kind] + 1 for kind in _SIDES)
        return _SIDES[0] if speakers * (1 - share) <= sponsors * share + 1e-9 else _SIDES[1]

    def _against(self, candidate: Candidate) -> Rule | None:
        rules = self.rules
        if candidate.suppressed:
            return "suppressed"
        if is_judged(candidate) and candidate.quality_score < rules.quality_threshold:
            return "below_threshold"
        if not rules.write_to_other and candidate.classification == _OTHERS:
            return "other"
        if not candidate.linkedin_url:
            return "no_address"
        if not rules.allow_same_company and candidate.company_key in self._companies - {""}:
            return "same_company"
        fits = candidate.classification not in self._rooms or self._track_for(candidate)
        if not fits or (not is_judged(candidate) and self._has_no_place(UNJUDGED)):
            return "no_place"
        return None

    def _track_for(self, candidate: Candidate) -> str:
        """The track they fit that takes most people yet; "" when none does."""
        rooms = self._rooms.get(candidate.classification, {})
        open_to = [track for track in candidate.tracks if rooms.get(track, 0) > 0]
        return max(open_to, key=rooms.__getitem__, default="")

    def _has_no_place(self, kind: str | None) -> bool:
        if kind == UNJUDGED:  # they may be of any kind
            return all(self._has_no_place(side) for side in _SIDES)
        rooms = self._rooms.get(kind) if kind else None
        return rooms is not None and max(rooms.values(), default=0) <= 0


def _turn(run: _Run[C], lanes: Mapping[str, _Lane[C]]) -> tuple[str, C] | None:
    """Whose turn it is, of which lane; None when nobody is left.

    Others go by the strategy's order among the rest, under `balanced` only after both sides; whoever
    is not judged yet after both sides, and before the others that are left then.
    """
    heads = {
        kind: one for kind, lane in lanes.items() if (one := run.next_of(lane, kind)) is not None
    }
    sides = [kind for kind in _SIDES if kind in heads]
    lane = run.due() if len(sides) == len(_SIDES) else next(iter(sides or heads), _OTHERS)
    if sides and _OTHERS in heads and run.rules.strategy != "balanced":
        key = _by_age if run.rules.strategy == "oldest_first" else _by_quality
        lane = min(lane, _OTHERS, key=lambda one: key(heads[one]))
    return (lane, heads[lane]) if lane in heads else None


def is_judged(candidate: Candidate) -> bool:
    """Whether there was anything to judge somebody by so far."""
    return candidate.classification != UNJUDGED


def _by_quality(candidate: Candidate) -> tuple[float, str, str]:
    return (-candidate.quality_score, candidate.created_at, candidate.id)


def _by_age(candidate: Candidate) -> tuple[float, str, str]:
    return (0.0, candidate.created_at, candidate.id)


_SIDES = (Classification.SPEAKER.value, Classification.SPONSOR.value)
_OTHERS = Classification.OTHER.value
LANES = (*_SIDES, UNJUDGED, _OTHERS)
"""Whose orders a pool has, in which they have their turn."""
