"""Speaker, Sponsor or Other: what a person could be for a tech event, from titles alone.

People who build, research, design, teach or found speak; people who sell, market and partner
bring sponsorship; everybody else is Other. What counts is the kind of work: a rank without one
("Vice President") is Other. The answer carries the words it rests on and a
confidence that comes from how clearly they point one way.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ingagents.core.profiles.title_words import Function
from ingagents.core.profiles.titles import Evidence, Title, read_title
from ingagents.display import Shown, Told
from ingagents.model import NOT_JUDGED, Classification, Decision, Profile, Reason, SearchCriteria

DECIDED_BY = "rules/classifier-3"

_WORTH: Mapping[Function, tuple[Classification, str]] = {
    "technical": (Classification.SPEAKER, "technical work"),
    "research": (Classification.SPEAKER, "research"),
    "product": (Classification.SPEAKER, "product and design"),
    "advocacy": (Classification.SPEAKER, "speaking and teaching"),
    "leadership": (Classification.SPEAKER, "leading a company"),
    "business": (Classification.SPEAKER, "projects and consulting"),
    "sales_marketing": (Classification.SPONSOR, "sales, marketing and partnerships"),
    "finance": (Classification.OTHER, "finance"),
    "people": (Classification.OTHER, "human resources"),
    "legal": (Classification.OTHER, "law and policy"),
    "operations": (Classification.OTHER, "operations and administration"),
    "care": (Classification.OTHER, "health and care"),
    "trade": (Classification.OTHER, "crafts, retail and services"),
    "study": (Classification.OTHER, "study, training or time between jobs"),
}
"""What each kind of work is for the event, and its name in a reason."""

_PREFERENCE = (Classification.SPONSOR, Classification.SPEAKER, Classification.OTHER)
"""Who wins a draw."""
_DOUBT = 1.1
"""What Other is worth before anything is read: a label must show more than this."""
_SHARPNESS = 1.2
"""How fast confidence grows with the lead over the other labels; set on labelled headlines."""
_COMPANY_SHARE = 0.3
"""How much the words of a company's name count beside those of a title."""
_UNREADABLE, _UNKNOWN = 0.2, 0.5
"""Confidence without any title, and with one that names no known kind of work."""


class Classified(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """A label with its confidence (0 to 1), the reasons, and the rule or model that gave it.

    `basis` is what it cost, where a model was asked. Not `judged`: there was nothing to judge by, and
    the label stands only for want of a better one.
    """

    label: Classification
    confidence: float
    reasons: tuple[Reason, ...] = ()
    decided_by: str = DECIDED_BY
    basis: Mapping[str, Any] = {}
    judged: bool = True

    def _told(self) -> Told:
        why = "; ".join(reason.why for reason in self.reasons)
        rows = [(one.why, one.evidence or None, one.weight or None) for one in self.reasons]
        line = f"{self.label} ({self.confidence:.2f}, by {self.decided_by}): {why}"
        return Told(line, rows, ("why", "evidence", "weight"))

    def to_decision(self) -> Decision:
        """The judgement as the journal keeps it."""
        return Decision(
            kind="classification",
            verdict=self.label.value if self.judged else NOT_JUDGED,
            decided_by=self.decided_by,
            confidence=self.confidence,
            reasons=self.reasons,
            basis=self.basis,
        )


def classify(profile: Profile, *, criteria: SearchCriteria | None = None) -> Classified:
    """Classify one person by position and headline; summaries and instructions count nothing.

    `criteria` only helps a title in which no rule finds a kind of work: who holds a position that
    was asked for is taken for a Speaker, with little confidence. Who had a part in the last edition
    is what they were there.
    """
    if profile.past_role:
        why = f"was a {profile.past_role.lower()} of the last edition"
        return _plain(Classification(profile.past_role), 1.0, why)
    title = read_profile(profile)
    if not title.words:
        why = "no position and no headline that reads like a title"
        found = _plain(Classification.OTHER, _UNREADABLE, why)
        return msgspec.structs.replace(found, judged=False)
    if not title.evidence:
        return _without_evidence(title, criteria)
    evidence = (*title.evidence, *_company_evidence(profile, title))
    points = {label: _points(evidence, label) for label in Classification}
    points[Classification.OTHER] = max(points[Classification.OTHER], _DOUBT)
    label = max(_PREFERENCE, key=points.__getitem__)
    weights = {each: math.exp(_SHARPNESS * value) for each, value in points.items()}
    return Classified(
        label=label,
        confidence=round(weights[label] / sum(weights.values()), 2),
        reasons=_reasons(evidence, label),
    )


def read_profile(profile: Profile) -> Title:
    """Read a person's present position first, the headline beside it at half strength.

    Without a position the headline is the title. The summary is not read: it is prose, and
    prose is where people write what they want to be taken for.
    """
    position = read_title(profile.position)
    for job in profile.positions[:5]:
        if position.words:
            break
        if job.current:
            position = read_title(job.title)
    if not position.words:
        return read_title(profile.headline)
    if not profile.headline or profile.headline == profile.position:
        return position
    return position.joined_by(read_title(profile.headline), share=0.5)


def _points(evidence: Sequence[Evidence], label: Classification) -> float:
    """The strongest words in full, the others by a third: repeating oneself proves little."""
    strengths = [item.strength for item in evidence if _WORTH[item.function][0] is label]
    return max(strengths) * 2 / 3 + sum(strengths) / 3 if strengths else 0.0


def _company_evidence(profile: Profile, title: Title) -> tuple[Evidence, ...]:
    """For a leader the company's line of work matters: a bakery's owner rarely speaks on tech."""
    if not profile.company or title.functions[0] != "leadership":
        return ()
    return tuple(
        msgspec.structs.replace(item, strength=round(item.strength * _COMPANY_SHARE, 2))
        for item in read_title(profile.company).evidence
        if item.function in {"technical", "care", "trade", "finance", "legal"}
    )


def _without_evidence(title: Title, criteria: SearchCriteria | None) -> Classified:
    words = set(title.words)
    for wanted in criteria.positions if criteria else ():
        goal = read_title(wanted).words
        if goal and words.issuperset(goal):
            why = "holds a position that was asked for, of no known kind of work"
            return _plain(Classification.SPEAKER, _UNKNOWN, why, " ".join(goal))
    if title.seniority_words:
        why = "a rank alone: it says nothing about what somebody could speak of"
        return _plain(Classification.OTHER, _UNKNOWN, why, title.seniority_words)
    why = "the title names no kind of work that speaks or sponsors"
    return _plain(Classification.OTHER, _UNKNOWN, why, " ".join(title.words)[:80])


def _plain(label: Classification, confidence: float, why: str, evidence: str = "") -> Classified:
    return Classified(
        label=label, confidence=confidence, reasons=(Reason(why=why, evidence=evidence),)
    )


def _reasons(evidence: Sequence[Evidence], label: Classification) -> tuple[Reason, ...]:
    """The three strongest words for the label, then the two strongest against it (below zero)."""
    reasons: list[Reason] = []
    for_it = [item for item in evidence if _WORTH[item.function][0] is label]
    against = [item for item in evidence if _WORTH[item.function][0] is not label]
    if not for_it:
        reasons.append(Reason(why="too little speaks for Speaker or Sponsor", weight=_DOUBT))
    for items, sign in ((for_it[:3], 1), (against[:2], -1)):
        for item in items:
            other, kind = _WORTH[item.function]
            why = f"{kind}: {other.value}"
            reasons.append(Reason(why=why, evidence=item.words, weight=sign * item.strength))
    return tuple(reasons)
