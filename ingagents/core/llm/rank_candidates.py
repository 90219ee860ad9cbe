"""The manager's first judgement: a model orders the candidates, the rules keep every rule.

The model sees numbers that our own code made (kind, score, days waiting) and nothing a stranger
wrote, so that no profile can talk itself to the front. It names places in that list; whatever else
it says is dropped. `allocator.allocate` then chooses as ever, with the model's order before its
own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from ingagents.core.allocator import Allocation, C, Candidate
from ingagents.core.llm.answers import WHOLE, Accepted, closed_object, list_in, list_of
from ingagents.core.llm.prompts import Prompt, question_of
from ingagents.core.strategy.proposals import wilson_interval
from ingagents.model import LeadId, ModelAnswer, Question

MOST_LISTED = 150
"""Candidates one question lists; about 20 tokens each."""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What the model's order changed against the rules' own choice. Scores are means, 1-10."""

    rules_chose: int
    chosen: int
    shared: int
    mean_score: float | None
    rules_mean_score: float | None
    only_model: tuple[LeadId, ...]
    only_rules: tuple[LeadId, ...]
    filled_by_rules: int
    decided_by: str

    def sentence(self) -> str:
        """For the report: what was chosen, and how that differs."""
        text = f"The model chose {self.shared} of the rules' {self.rules_chose} leads"
        if self.only_model:
            text += f" and {len(self.only_model)} others"
        if self.filled_by_rules:
            text += f"; {self.filled_by_rules} places were left to the rules"
        if self.mean_score is not None and self.rules_mean_score is not None:
            text += (
                f" (mean quality {self.mean_score:.1f}, by the rules {self.rules_mean_score:.1f})"
            )
        return text + "."

    def to_basis(self) -> dict[str, Any]:
        """As plain values, for decisions and outcomes."""
        basis: dict[str, Any] = msgspec.to_builtins(self)
        return basis


def ask_order(
    listed: Sequence[Candidate],
    prompt: Prompt,
    *,
    count: int,
    by_kind: Mapping[str, tuple[int, int]],
    now: datetime,
) -> Question:
    """The question for the best `count` of `listed`, each named by its place in the list.

    `by_kind` is (contacted, answered positively) of the last days.
    """
    rows = [
        [place, one.classification or "?", round(one.quality_score, 1), _days(one.created_at, now)]
        for place, one in enumerate(listed[:MOST_LISTED])
    ]
    data = {
        "columns": ["i", "kind", "quality", "days_waiting"],
        "candidates": rows,
        "answers_by_kind": {
            kind: {
                "contacted": tried,
                "positive": hits,
                "interval": str(wilson_interval(hits, tried)),
            }
            for kind, (tried, hits) in sorted(by_kind.items())
        },
    }
    wanted = min(count, len(rows))
    return question_of(
        prompt,
        data=data,
        schema=_SCHEMA,
        words={"count": wanted},
        max_output_tokens=100 + 8 * wanted,
    )


def accept_order(answer: ModelAnswer, listed: Sequence[Candidate]) -> Accepted[tuple[LeadId, ...]]:
    """The ids in the model's order, unknown and repeated places dropped; or why there is no order."""
    order = list_in(answer, "order")
    if isinstance(order, str):
        return Accepted((), (order,))
    known = listed[:MOST_LISTED]
    places = [
        place
        for place in order[: 4 * MOST_LISTED]
        if isinstance(place, int) and not isinstance(place, bool) and 0 <= place < len(known)
    ]
    if not places:
        return Accepted((), ("the answer names no candidate of the list",))
    return Accepted(tuple(known[place].id for place in dict.fromkeys(places)))


def compare(chosen: Allocation[C], by_rules: Allocation[C], *, decided_by: str) -> Comparison:
    """How a choice by the model's order differs from the rules' own."""
    ours, theirs = set(chosen.chosen), set(by_rules.chosen)
    return Comparison(
        rules_chose=len(theirs),
        chosen=len(ours),
        shared=len(ours & theirs),
        mean_score=_mean(chosen.people),
        rules_mean_score=_mean(by_rules.people),
        only_model=tuple(one for one in chosen.chosen if one not in theirs),
        only_rules=tuple(one for one in by_rules.chosen if one not in ours),
        filled_by_rules=sum(one not in chosen.preferred for one in chosen.chosen),
        decided_by=decided_by,
    )


def _mean(people: Sequence[Candidate]) -> float | None:
    return round(sum(one.quality_score for one in people) / len(people), 2) if people else None


def _days(created_at: str, now: datetime) -> int:
    """Whole days since a stamp of the database; 0 when it cannot be read."""
    try:
        return max(0, (now - datetime.fromisoformat(created_at)).days)
    except (ValueError, TypeError):
        return 0


_SCHEMA = closed_object(order=list_of(WHOLE))
