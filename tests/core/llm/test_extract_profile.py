"""What a model finds in a profile fills what was missing, and nothing is made up."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from ingagents.core.llm import extract_profile
from ingagents.model import (
    LeadId,
    ModelTask,
    Position,
    Profile,
)
from tests.core.llm.test_answers import PROMPTS, answered

BIO = Profile(
    name="Ada Sample",
    headline="Building bridges at Sample AG",
    summary="Platform lead with 12 years in Go and Kubernetes.",
)
SPARSE = [(LeadId("lead-a"), BIO)]


def found(field: str, value: Any, evidence: Any) -> list[dict[str, Any]]:
    return [{"i": 0, "found": [{"field": field, "value": value, "evidence": evidence}]}]


def accept_found(people: Any, sparse=SPARSE):
    question = extract_profile.ask_profile(PROMPTS[ModelTask.PROFILE], sparse)
    return extract_profile.accept_profiles(question, sparse, answered({"people": people}))


def test_what_is_found_fills_only_what_was_missing():
    people = [
        {
            "i": 0,
            "found": [
                {
                    "field": "position",
                    "value": "Platform lead",
                    "evidence": "Platform lead with 12",
                },
                {"field": "company", "value": "Sample AG", "evidence": "bridges at Sample AG"},
                {"field": "skills", "value": "Go", "evidence": "12 years in Go"},
                {"field": "skills", "value": "Kubernetes", "evidence": "Go and Kubernetes"},
                {"field": "experience_years", "value": "12", "evidence": "with 12 years"},
            ],
        }
    ]
    accepted, problems = accept_found(people)
    assert problems == ()
    one = accepted[LeadId("lead-a")]
    filled = extract_profile.completed(BIO, one)
    assert (filled.position, filled.company) == ("Platform lead", "Sample AG")
    assert "Kubernetes" in filled.skills
    assert one.decision.basis["experience_years"] == "12"
    assert one.decision.decided_by == "model:openai/small-1:profile/1"
    named = msgspec.structs.replace(BIO, position="CTO", company="Other")
    assert extract_profile.completed(named, one).company == "Other"
    assert filled.name == BIO.name


@pytest.mark.parametrize(
    ("people", "why"),
    [
        (found("name", "Eve", "Ada"), "not missing"),
        (found("linkedin_url", "https://evil.example", "at Sample AG"), "not missing"),
        (found("company", "Evil Corp", "bridges at Sample AG"), "does not stand in the evidence"),
        (found("company", "Evil Corp", "at Evil Corp"), "does not stand in the text"),
        (found("position", 7, "lead"), "must be text"),
        (found("position", "lead", None), "must be text"),
        (found("experience_years", "20", "12 years"), "no number of years"),
        (found("experience_years", "many", "12 years"), "no number of years"),
        ([{"i": 0, "found": "x"}], 'no list "found"'),
        ([{"i": 0, "found": [None]}], "no object"),
        ([{"i": 9, "found": []}], 'no "i"'),
        ([{"i": 0, "found": []}, {"i": 0, "found": []}], "more than once"),
        ("x", 'no list "people"'),
    ],
)
def test_nothing_can_be_made_up_about_a_person(people: Any, why: str):
    accepted, problems = accept_found(people)
    assert accepted == {}
    assert any(why in str(problem) for problem in problems), problems


@pytest.mark.parametrize(
    ("profile", "missing"),
    [
        (Profile(position="CTO", company="Sample", headline="one two three four"), ()),
        (Profile(name="Ada"), ()),
        (Profile(headline="CTO"), ()),
        (Profile(positions=(Position(title="CTO", company="S", current=True),), summary="a b c d"), ()),
        (Profile(position="CTO", headline="one two three"), ("company", "skills", "experience_years")),
        (Profile(company="S", headline="a b c", skills=("Go",)), ("position", "experience_years")),
    ],
)  # fmt: skip
def test_only_what_the_payload_lacks_is_asked_for(profile: Profile, missing: tuple[str, ...]):
    assert extract_profile.missing_fields(profile) == missing
