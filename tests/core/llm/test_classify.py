"""What a model says of who somebody is: what it is asked, and what of its answer counts."""

from __future__ import annotations

from typing import Any

import pytest

from ingagents.core.lead_classifier import Classified, classify
from ingagents.core.llm import classify as ask_classify
from ingagents.core.llm.answers import PEOPLE_AT_ONCE
from ingagents.model import (
    Classification,
    LeadId,
    ModelAnswer,
    ModelTask,
    Profile,
    Question,
    Reason,
)
from tests.core.llm.test_answers import PROMPTS, answered

PEOPLE = [
    (LeadId("lead-a"), Profile(name="Ada Sample", position="Chief of wonder", company="Sample AG")),
    (LeadId("lead-b"), Profile(name="Bob Muster", headline="Queen of patterns", company="Muster")),
]


def asked_to_classify() -> Question:
    return ask_classify.ask_classification(PROMPTS[ModelTask.CLASSIFY], PEOPLE)


def entry(i: Any = 0, **changes: Any) -> dict[str, Any]:
    good = {"i": i, "label": "Speaker", "confidence": 0.8, "evidence": "chief of wonder"}
    return {**good, **changes}


UNUSABLE = [
    (answered(None, text="Sure! Here you go"), "no JSON"),
    (answered([1, 2]), "no JSON object"),
    (answered("Speaker"), "no JSON object"),
    (answered({"people": []}, stop="refused"), "refused"),
    (answered({"people": []}, stop="length"), "cut off"),
]


def test_a_good_answer_is_taken_for_each_person_and_signed():
    question = asked_to_classify()
    answer = answered(
        {"people": [entry(1, label="Other", evidence="Queen of PATTERNS!"), entry(0)]},
        input_tokens=101,
        cost_usd=0.002,
    )
    accepted, problems = ask_classify.accept_classifications(question, PEOPLE, answer)
    assert problems == ()
    assert {lead: one.label for lead, one in accepted.items()} == {
        "lead-a": Classification.SPEAKER,
        "lead-b": Classification.OTHER,
    }
    one = accepted[LeadId("lead-a")].to_decision()
    assert one.decided_by == "model:openai/small-1:classify/1"
    assert one.reasons[0].evidence == "chief of wonder"
    assert one.basis["input_tokens"] == 51
    assert one.basis["cost_usd"] == 0.001


@pytest.mark.parametrize(("answer", "why"), UNUSABLE)
def test_an_answer_that_cannot_be_read_counts_for_nobody(answer: ModelAnswer, why: str):
    accepted, problems = ask_classify.accept_classifications(asked_to_classify(), PEOPLE, answer)
    assert accepted == {}
    assert why in str(problems[0])


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ("none", 'no list "people"'),
        ({"0": entry()}, 'no list "people"'),
        ([None], 'has no "i"'),
        ([entry(2)], 'has no "i"'),
        ([entry(-1)], 'has no "i"'),
        ([entry(True)], 'has no "i"'),
        ([entry("0")], 'has no "i"'),
        ([entry(i="lead-b")], 'has no "i"'),
        ([entry(), entry(label="Other")], "more than once"),
        ([entry(label="VIP")], "none of Speaker"),
        ([entry(label=["Speaker"])], "none of Speaker"),
        ([entry(label={})], "none of Speaker"),
        ([entry(confidence="high")], "is no number"),
        ([entry(confidence=True)], "is no number"),
        ([entry(confidence=1.5)], "from 0 to 1"),
        ([entry(confidence=10**400)], "from 0 to 1"),
        ([entry(confidence=float("nan"))], "from 0 to 1"),
        ([entry(evidence="")], "does not stand"),
        ([entry(evidence=None)], "does not stand"),
        ([entry(evidence="a")], "does not stand"),
        ([entry(evidence="keynote speaker")], "does not stand"),
        ([entry(evidence="Queen of patterns")], "does not stand"),  # another person's words
        ([entry(evidence="Ada Sample")], "does not stand"),  # a name was never shown
        ([{"i": 0}], "none of Speaker"),
        ([], "i 0: an entry is missing"),
    ],
)
def test_a_judgement_that_breaks_a_rule_is_refused(entries: Any, why: str):
    accepted, problems = ask_classify.accept_classifications(
        asked_to_classify(), PEOPLE, answered({"people": entries})
    )
    assert LeadId("lead-a") not in accepted
    assert any(why in str(problem) for problem in problems), problems


def test_a_model_is_asked_without_names_links_and_prose():
    person = Profile(
        name="Ada Sample", email="ada@example.org", linkedin_url="https://x.example/ada",
        summary="I love long walks", position="Chief of wonder", headline="Wonder. Please call me",
    )  # fmt: skip
    question = ask_classify.ask_classification(
        PROMPTS[ModelTask.CLASSIFY], [(LeadId("lead-a"), person)]
    )
    for private in ("Ada", "example", "walks", "call me", "lead-a"):
        assert private not in question.user
    assert question.about == ("lead-a",)


def test_ten_people_cost_little():
    full = Profile(
        position="Senior Director of Engineering Platforms", company="Some Longer Company GmbH",
        headline="Senior Director | Platforms, Reliability and Developer Experience",
        industry="Software Development", skills=("Kubernetes", "Leadership", "Go", "SRE", "Python"),
    )  # fmt: skip
    people = [(LeadId(str(number)), full) for number in range(PEOPLE_AT_ONCE)]
    question = ask_classify.ask_classification(PROMPTS[ModelTask.CLASSIFY], people)
    assert (len(question.system) + len(question.user)) / 4 / len(people) < 120


@pytest.mark.parametrize(
    ("profile", "worth"),
    [
        (Profile(position="CTO", company="Sample"), False),
        (Profile(position="Sales Manager"), False),
        (Profile(), False),
        (Profile(position="--"), False),
        (Profile(summary="Only prose here, and nothing else"), False),
        (Profile(position="Chief of wonder"), True),
    ],
)
def test_a_model_is_asked_only_where_the_rules_doubt_and_something_is_to_be_read(profile, worth):
    assert ask_classify.worth_asking(profile, classify(profile)) is worth


def judged(label: Classification, confidence: float, by: str = "model:a/b:classify/1"):
    reasons = (Reason(why="because", evidence="wonder"),)
    return Classified(label=label, confidence=confidence, decided_by=by, reasons=reasons)


@pytest.mark.parametrize(
    ("rules", "model", "label", "confidence"),
    [
        ((Classification.OTHER, 0.5), None, Classification.OTHER, 0.5),
        ((Classification.OTHER, 0.5), (Classification.OTHER, 1.0), Classification.OTHER, 0.9),
        ((Classification.OTHER, 0.5), (Classification.SPEAKER, 1.0), Classification.SPEAKER, 0.68),
        ((Classification.OTHER, 0.5), (Classification.SPEAKER, 0.3), Classification.OTHER, 0.5),
        ((Classification.OTHER, 0.9), (Classification.SPEAKER, 1.0), Classification.OTHER, 0.9),
    ],
)
def test_rules_and_model_together(rules, model, label, confidence):
    settled = ask_classify.settle_classification(
        judged(rules[0], rules[1], "rules/classifier-1"),
        judged(model[0], model[1]) if model else None,
    )
    assert (settled.label, settled.confidence) == (label, confidence)
    if model and model[0] is not rules[0]:
        assert any("says" in reason.why for reason in settled.reasons)
