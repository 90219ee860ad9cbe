"""Proposals for better settings, from two weeks of figures: data for a human, nothing is applied.

A proposal needs evidence that would still stand if a few people had answered differently: shares
are judged by their Wilson interval, never by the bare percentage. Too little evidence is an
answer too, and is said. Nothing here ever proposes to send more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import sqrt
from typing import Any

import msgspec

from ingagents.core.reporting.daily_metrics import DayFigures, total

ACTIVE_DAYS_MIN = 5
"""A working week of sending before a daily habit is judged."""
CONTACTS_MIN = 50
CONTACTS_PER_KIND_MIN = 30
"""Fewer contacts of a kind say nothing: at 30, a share of 10 % may be anything from 3 to 26 %."""
POSITIVE_HOPED = 0.05
"""One in twenty is worth the sender's name; surely less than that calls for choosier sending."""
REFUSED_TOLERATED = 0.10
OPT_OUTS_TOLERATED = 0.02
NEGLECTED_SHARE = 0.15
THRESHOLD_STEP = 0.5
DAILY_LIMIT_LEAST = 5
EVIDENCE_DAYS = 14
STRATEGIES = ("quality_priority", "balanced", "oldest_first")
_FOUND_AS = {"Speaker": "speakers", "Sponsor": "sponsors"}
"""The kinds an allocation chooses between, and the figure that counts those found."""


class CurrentStrategy(msgspec.Struct, frozen=True, kw_only=True):
    """The settings a proposal may speak of, as they are now."""

    quality_threshold: float
    allocation_strategy: str
    daily_limit: int
    message_mode: str = ""
    templates: Mapping[str, str] = {}
    """The versions of the message templates, by name."""


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """One setting (dotted, as in the settings file), its value now, a better one, and why."""

    setting: str
    current: float | str = msgspec.field(name="from")
    proposed: float | str = msgspec.field(name="to")
    why: str
    evidence: str

    def to_dict(self) -> dict[str, Any]:
        """As plain values: setting, from, to, why, evidence."""
        fields: dict[str, Any] = msgspec.to_builtins(self)
        return fields


class Proposals(msgspec.Struct, frozen=True, kw_only=True):
    """What is proposed, and for what was not: why not."""

    proposals: tuple[Proposal, ...]
    reasons: tuple[str, ...]


class Interval(msgspec.Struct, frozen=True):
    """Where the true share lies, with 95 % confidence."""

    low: float
    high: float

    def __str__(self) -> str:
        return f"{100 * self.low:.0f}-{100 * self.high:.0f} %"


def wilson_interval(hits: int, tries: int, z: float = 1.959964) -> Interval:
    """The 95 % interval of a share; the whole range when nothing was tried.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927), 209-212; recommended for small
    numbers by Brown, Cai and DasGupta, Statistical Science 16 (2001), 101-133.
    """
    if tries <= 0:
        return Interval(0.0, 1.0)
    share = min(max(hits, 0), tries) / tries
    scale = 1 + z * z / tries
    centre = (share + z * z / (2 * tries)) / scale
    reach = z * sqrt(share * (1 - share) / tries + z * z / (4 * tries * tries)) / scale
    return Interval(max(0.0, centre - reach), min(1.0, centre + reach))


def propose(
    history: Sequence[DayFigures],
    by_classification: Mapping[str, tuple[int, int]],
    current: CurrentStrategy,
) -> Proposals:
    """What the last two weeks (oldest first) and (contacted, positive) by kind speak for."""
    days = history[-EVIDENCE_DAYS:]
    found = (
        _send_less(days, current),
        _choose_quality(days, current),
        _choose_allocation(days, by_classification, current),
    )
    return Proposals(
        proposals=tuple(item for item in found if isinstance(item, Proposal)),
        reasons=tuple(item for item in found if isinstance(item, str)),
    )


def _send_less(days: Sequence[DayFigures], current: CurrentStrategy) -> Proposal | str:
    """Fewer sends when the service refuses them or people ask to be left alone."""
    setting = "outreach.rate_limiting.daily_limit"
    sent, refused = total("messages_sent", days), total("refused", days)
    opt_outs, attempts = total("opt_outs", days), sent + refused
    if attempts < CONTACTS_MIN:
        return f"{setting}: {attempts} sends in {len(days)} days; {CONTACTS_MIN} are needed."
    refusals = wilson_interval(refused, attempts)
    leaving = wilson_interval(opt_outs, sent)
    complaints = []
    if refusals.low > REFUSED_TOLERATED:
        complaints.append(f"the service refused {refused} of {attempts} sends ({refusals})")
    if sent >= CONTACTS_MIN and leaving.low > OPT_OUTS_TOLERATED:
        complaints.append(f"{opt_outs} of {sent} asked not to be written to again ({leaving})")
    if not complaints:
        return f"{setting}: refusals ({refusals}) and opt-outs ({leaving}) are no reason to change."
    proposed = max(DAILY_LIMIT_LEAST, current.daily_limit * 2 // 3)
    if proposed >= current.daily_limit:
        return f"{setting}: already at {current.daily_limit}; pause and look at the messages."
    return Proposal(
        setting=setting,
        current=current.daily_limit,
        proposed=proposed,
        why="Write to fewer people a day until the complaints stop.",
        evidence="; ".join(complaints),
    )


def _choose_quality(days: Sequence[DayFigures], current: CurrentStrategy) -> Proposal | str:
    """A lower threshold when leads run out; a higher one when plenty wait and few are glad."""
    setting = "lead_finder.quality_threshold"
    active = [day for day in days if day.messages_sent]
    if len(active) < ACTIVE_DAYS_MIN:
        return f"{setting}: {len(active)} days with sends; {ACTIVE_DAYS_MIN} are needed."
    sent, positive = total("messages_sent", days), total("positive_responses", days)
    gladness = wilson_interval(positive, sent)
    pace = sent / len(active)
    dry = [day for day in active if day.queue_size < pace]
    drought = f"on {len(dry)} of {len(active)} days less than one day's work ({pace:.0f}) was left"
    weak = sent >= CONTACTS_MIN and gladness.high < POSITIVE_HOPED
    answers = f"{positive} of {sent} contacted answered positively ({gladness})"
    if weak and not dry:
        step, why = THRESHOLD_STEP, "Enough leads wait, and few of those contacted are glad of it."
    elif not weak and 3 * len(dry) >= 2 * len(active):
        step, why = -THRESHOLD_STEP, "Leads run out, and those contacted are not the wrong ones."
    else:
        return f"{setting}: {drought}; {answers}: no reason to change."
    proposed = min(10.0, max(1.0, current.quality_threshold + step))
    if proposed == current.quality_threshold:
        return f"{setting}: already at its bound, {proposed:g}."
    return Proposal(
        setting=setting,
        current=current.quality_threshold,
        proposed=proposed,
        why=why,
        evidence=f"{answers}; {drought}",
    )


def _choose_allocation(
    days: Sequence[DayFigures],
    by_classification: Mapping[str, tuple[int, int]],
    current: CurrentStrategy,
) -> Proposal | str:
    """Balanced while a kind was hardly tried; by quality once one kind is surely the better."""
    setting = "sales_manager.allocation_strategy"
    kinds = {kind: by_classification.get(kind, (0, 0)) for kind in _FOUND_AS}
    contacted = sum(tried for tried, _ in kinds.values())
    if contacted < CONTACTS_MIN:
        return f"{setting}: {contacted} speakers and sponsors contacted; {CONTACTS_MIN} are needed."
    told = "; ".join(
        f"{kind}: {positive} of {tried} positive ({wilson_interval(positive, tried)})"
        for kind, (tried, positive) in kinds.items()
    )
    neglected = [
        kind
        for kind, (tried, _) in kinds.items()
        if tried < NEGLECTED_SHARE * contacted and total(_FOUND_AS[kind], days)
    ]
    if current.allocation_strategy == "quality_priority" and neglected:
        return Proposal(
            setting=setting,
            current=current.allocation_strategy,
            proposed="balanced",
            why=f"{neglected[0]}s are found but hardly written to: how would they answer?",
            evidence=told,
        )
    if current.allocation_strategy == "balanced" and _clearly_different(kinds):
        return Proposal(
            setting=setting,
            current=current.allocation_strategy,
            proposed="quality_priority",
            why="One kind clearly answers better; equal shares spend half the sends on the other.",
            evidence=told,
        )
    return f"{setting}: {told}: no reason to change."


def _clearly_different(kinds: Mapping[str, tuple[int, int]]) -> bool:
    """True when two kinds were tried enough and their intervals do not touch."""
    intervals = [
        wilson_interval(positive, tried)
        for tried, positive in kinds.values()
        if tried >= CONTACTS_PER_KIND_MIN
    ]
    return any(a.high < b.low or b.high < a.low for a, b in combinations(intervals, 2))
