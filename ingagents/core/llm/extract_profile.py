"""What a service left out of a profile, read from its prose by a model.

The payload's word always stands: a model is asked only for a position or company that is missing
while there is text to find it in. Every value must stand in the words it quotes, and those in the
person's own text, so that nothing can be made up; names, links and ids are never asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ingagents.core.llm.answers import (
    TEXT,
    Accepted,
    Problem,
    about_people,
    answered_by_place,
    ask_about_people,
    closed_object,
    decided_by,
    list_of,
    one_of,
    paid_for,
    quoted,
)
from ingagents.core.llm.prompts import Prompt
from ingagents.core.text.prompt_injection import reads_like_instruction
from ingagents.model import Decision, LeadId, ModelAnswer, Profile, Question, Reason

_FIELDS = ("position", "company", "skills", "experience_years")
_LONGEST_TEXT, _LONGEST_VALUE, _SKILLS_MAX, _YEARS_MAX = 600, 100, 8, 60
_OUTPUT_TOKENS_EACH = 160
_ANSWER = about_people(
    found=list_of(closed_object(field=one_of(_FIELDS), value=TEXT, evidence=TEXT))
)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a model found of one person, with the decision that tells how."""

    position: str = ""
    company: str = ""
    skills: tuple[str, ...] = ()
    decision: Decision


def missing_fields(profile: Profile) -> tuple[str, ...]:
    """What is worth asking for; empty when nothing needed is missing, or there is no text."""
    if len(_text_of(profile).split()) < 3:
        return ()
    current = [job for job in profile.positions if job.current]
    needed = [
        name
        for name, known in (
            ("position", profile.position or any(job.title for job in current)),
            ("company", profile.company or any(job.company for job in current)),
        )
        if not known
    ]
    if not needed:
        return ()
    return (*needed, *(() if profile.skills else ("skills",)), "experience_years")


def ask_profile(prompt: Prompt, people: Sequence[tuple[LeadId, Profile]]) -> Question:
    """One question for what is missing of these people."""
    return ask_about_people(
        prompt,
        people,
        lambda profile: {"text": _text_of(profile), "missing": missing_fields(profile)},
        schema=_ANSWER,
        output_tokens_each=_OUTPUT_TOKENS_EACH,
    )


def accept_profiles(
    question: Question, people: Sequence[tuple[LeadId, Profile]], answer: ModelAnswer
) -> Accepted[dict[LeadId, Found]]:
    """What counts of an answer, by lead, and why the rest does not. Nothing found is no problem."""
    answered = answered_by_place(answer, len(people))
    accepted: dict[LeadId, Found] = {}
    problems = list(answered.problems)
    for place, entry in answered.entries.items():
        lead_id, profile = people[place]
        values, reasons, refused = _values(entry.get("found"), profile)
        problems += [Problem(why, place) for why in refused]
        if values:
            accepted[lead_id] = _found(
                values, reasons, question, answer, paid_for(answer, shared_by=len(people))
            )
    return Accepted(accepted, tuple(problems))


def completed(profile: Profile, found: Found | None) -> Profile:
    """The profile with what was found, where it had nothing; all else stays as it was."""
    if found is None:
        return profile
    return msgspec.structs.replace(
        profile,
        position=profile.position or found.position,
        company=profile.company or found.company,
        skills=profile.skills or found.skills,
    )


def _text_of(profile: Profile) -> str:
    return " / ".join(
        part for part in (profile.headline[:220], profile.summary[:_LONGEST_TEXT]) if part
    )[:_LONGEST_TEXT]


def _values(
    entries: object, profile: Profile
) -> tuple[dict[str, list[str]], list[Reason], list[str]]:
    """The values that may be taken, by field, their reasons, and why others may not."""
    if not isinstance(entries, list):
        return {}, [], ['there is no list "found"']
    text, missing = _text_of(profile), missing_fields(profile)
    values: dict[str, list[str]] = {}
    reasons: list[Reason] = []
    refused: list[str] = []
    for entry in entries[:20]:
        if not isinstance(entry, Mapping):
            refused.append("something found is no object")
            continue
        field, value, evidence = (entry.get(name) for name in ("field", "value", "evidence"))
        if field not in missing:
            refused.append("a field that is not missing")
            continue
        if not isinstance(value, str) or not isinstance(evidence, str):
            refused.append(f"{field}: value and evidence must be text")
            continue
        value = " ".join(value.split())
        if why := _unfit(field, value, evidence, text):
            refused.append(f"{field}: {why}")
            continue
        room = _SKILLS_MAX if field == "skills" else 1
        if len(values.setdefault(field, [])) < room:
            values[field].append(value)
            reasons.append(Reason(why=f"{field} {value}", evidence=evidence[:_LONGEST_VALUE]))
    return values, reasons, refused


def _unfit(field: str, value: str, evidence: str, text: str) -> str:
    if not quoted(evidence, text):
        return "the evidence does not stand in the text of this person"
    if field == "experience_years":
        plain = value.isascii() and value.isdigit() and int(value[:3]) <= _YEARS_MAX
        there = plain and re.search(rf"(?<!\d){value}(?!\d)", evidence)
        return "" if there else "no number of years that stands in the evidence"
    if len(value) > _LONGEST_VALUE or reads_like_instruction(value):
        return "is no plain value"
    return "" if quoted(value, evidence, shortest=1) else "the value does not stand in the evidence"


def _found(
    values: Mapping[str, list[str]],
    reasons: Sequence[Reason],
    question: Question,
    answer: ModelAnswer,
    paid: Mapping[str, Any],
) -> Found:
    basis = {**paid, **{field: ", ".join(each) for field, each in values.items()}}
    return Found(
        position="".join(values.get("position", ())),
        company="".join(values.get("company", ())),
        skills=tuple(values.get("skills", ())),
        decision=Decision(
            kind="profile",
            verdict=", ".join(values),
            decided_by=decided_by(question, answer),
            reasons=tuple(reasons),
            basis=basis,
        ),
    )
