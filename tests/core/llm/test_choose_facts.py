"""A model chooses facts for a question; what a fact does not say, and what nobody asked, is refused."""

from __future__ import annotations

from typing import Any

import pytest

from ingagents.core.facts.facts import Sayable
from ingagents.core.llm.choose_facts import accept_facts
from ingagents.model import ModelAnswer

FACTS = (
    Sayable(id="hotel", text="Two nights in the hotel are paid for speakers."),
    Sayable(id="gold", text="Gold costs 10,000 euro and includes a stand."),
)
QUESTION = "Would you cover my accommodation?"


def answer(*sentences: Any, **changes: Any) -> ModelAnswer:
    return ModelAnswer(**{"data": {"sentences": list(sentences)}, **changes})


def sentence(**changes: str) -> dict[str, str]:
    return {"question": QUESTION, "fact": "hotel", "text": FACTS[0].text, **changes}


def test_a_fact_that_is_quoted_for_a_question_is_taken() -> None:
    part = sentence(text="two nights in the hotel are paid")
    found = accept_facts((QUESTION,), FACTS, answer(part)).value
    assert found == {QUESTION: ("hotel",)}


def test_that_no_fact_answers_is_an_answer() -> None:
    assert accept_facts((QUESTION,), FACTS, answer()).value == {}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (sentence(text="Three nights in the hotel are paid for speakers."), "does not say so"),
        (sentence(text="Two nights in the hotel and all flights are paid."), "does not say so"),
        (sentence(text="Gold costs 10,000 euro"), "does not say so"),
        (sentence(text=""), "does not say so"),
        (sentence(fact="discount"), "not in the data"),
        (sentence(fact=""), "not in the data"),
        (sentence(question="Will you marry me?"), "names a question"),
        ("nonsense", "not in the data"),
    ],
)
def test_a_sentence_that_its_fact_does_not_carry_is_refused(said: Any, why: str) -> None:
    accepted = accept_facts((QUESTION,), FACTS, answer(sentence(), said))
    assert accepted.value is None
    assert why in str(accepted.problems[0])


@pytest.mark.parametrize("data", [None, [], {}, {"sentences": "x"}, {"sentences": None}])
def test_what_is_no_answer_is_refused(data: Any) -> None:
    assert accept_facts((QUESTION,), FACTS, answer(data=data)).value is None
