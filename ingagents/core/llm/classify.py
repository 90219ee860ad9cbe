"""Speaker, Sponsor or Other with a model's help: who is asked about, and what of it counts.

Asked is only what the rules are unsure of, several people in one question. An answer is taken for a
person when its label is one of three, its confidence a number from 0 to 1, and its evidence quotes
what that person's titles say; else the rules' word stands. A model never gives a score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ingagents.core.lead_classifier import Classified
from ingagents.core.llm.answers import (
    NUMBER,
    TEXT,
    Accepted,
    Problem,
    about_people,
    answered_by_place,
    ask_about_people,
    confidence_in,
    decided_by,
    one_of,
    paid_for,
    quoted,
)
from ingagents.core.llm.prompts import Prompt
from ingagents.core.profiles.titles import title_part
from ingagents.model import Classification, LeadId, ModelAnswer, Profile, Question, Reason

SURE = 0.7
"""From here on the rules are not questioned: of 256 labelled headlines they were right on 99 %
of those above, and on 86 % of the 11 % below."""
MODEL_ALONE = 0.9
"""A model's own confidence is worth this much: models rarely doubt themselves."""

_LONGEST_TITLE, _LONGEST_SKILL, _SKILLS_SHOWN = 160, 40, 5
_OUTPUT_TOKENS_EACH = 60
_ANSWER = about_people(label=one_of(Classification), confidence=NUMBER, evidence=TEXT)


def worth_asking(profile: Profile, rules: Classified) -> bool:
    """Whether a model could know better: the rules doubt, and there is something to read."""
    return rules.confidence < SURE and any(
        sum(map(str.isalpha, text)) >= 3 for text in _shown(profile).values()
    )


def ask_classification(prompt: Prompt, people: Sequence[tuple[LeadId, Profile]]) -> Question:
    """One question about these people, each known to the model by its place only."""
    return ask_about_people(
        prompt, people, _shown, schema=_ANSWER, output_tokens_each=_OUTPUT_TOKENS_EACH
    )


def accept_classifications(
    question: Question, people: Sequence[tuple[LeadId, Profile]], answer: ModelAnswer
) -> Accepted[dict[LeadId, Classified]]:
    """What counts of an answer, by lead, and why the rest does not. Never raises."""
    answered = answered_by_place(answer, len(people))
    accepted: dict[LeadId, Classified] = {}
    problems = list(answered.problems)
    for place, entry in answered.entries.items():
        lead_id, profile = people[place]
        judged = _judged(entry, profile)
        if isinstance(judged, str):
            problems.append(Problem(judged, place))
        else:
            accepted[lead_id] = msgspec.structs.replace(
                judged,
                decided_by=decided_by(question, answer),
                basis=paid_for(answer, shared_by=len(people)),
            )
    problems += [Problem("an entry is missing", place) for place in answered.missing]
    return Accepted(accepted, tuple(problems))


def settle_classification(rules: Classified, model: Classified | None) -> Classified:
    """The judgement that stands, from the rules' and a model's, which may be missing.

    Sure rules stand, and a model that disagrees is noted. Where they agree, the surer confidence
    counts. Else the model's label counts when it is surer than the rules, and the more the rules
    spoke against it the less sure the result; otherwise the rules' label, unsure.
    """
    if model is None:
        return rules
    trusted = round(MODEL_ALONE * model.confidence, 2)
    if model.label is rules.label:
        return msgspec.structs.replace(
            model if rules.confidence < SURE else rules,
            confidence=max(rules.confidence, trusted),
            reasons=(*model.reasons, *rules.reasons),
        )
    if rules.confidence >= SURE or trusted <= rules.confidence:
        note = Reason(
            why=f"{model.decided_by} says {model.label.value} and does not decide",
            evidence=model.reasons[0].evidence if model.reasons else "",
        )
        return msgspec.structs.replace(
            rules, reasons=(*rules.reasons, note), basis={**rules.basis, **model.basis}
        )
    note = Reason(
        why=f"{rules.decided_by} says {rules.label.value}, with confidence {rules.confidence:.2f}",
        evidence=rules.reasons[0].evidence if rules.reasons else "",
    )
    return msgspec.structs.replace(
        model,
        confidence=round(trusted * (1 - rules.confidence / 2), 2),
        reasons=(*model.reasons, note),
    )


def _shown(profile: Profile) -> dict[str, Any]:
    """What a model sees of a person: titles and trades, no name, no prose, no contact."""
    shown = {
        "position": title_part(profile.position)[:_LONGEST_TITLE],
        "headline": title_part(profile.headline)[:_LONGEST_TITLE],
        "company": profile.company[:_LONGEST_TITLE],
        "industry": profile.industry[:_LONGEST_TITLE],
        "skills": ", ".join(skill[:_LONGEST_SKILL] for skill in profile.skills[:_SKILLS_SHOWN]),
    }
    if shown["headline"] == shown["position"]:
        shown["headline"] = ""
    return {name: text for name, text in shown.items() if text}


def _judged(entry: Mapping[str, Any], profile: Profile) -> Classified | str:
    """One person's judgement, or why it cannot be taken."""
    label, confidence = entry.get("label"), confidence_in(entry)
    if label not in [one.value for one in Classification]:
        return "the label is none of Speaker, Sponsor, Other"
    if isinstance(confidence, str):
        return confidence
    evidence = entry.get("evidence")
    if not isinstance(evidence, str) or not any(
        quoted(evidence, text) for text in _shown(profile).values()
    ):
        return "the evidence does not stand in the data of this person"
    return Classified(
        label=Classification(label),
        confidence=confidence,
        reasons=(
            Reason(
                why=f"a model read it as {label}",
                evidence=" ".join(evidence.split())[:_LONGEST_TITLE],
                weight=confidence,
            ),
        ),
    )
