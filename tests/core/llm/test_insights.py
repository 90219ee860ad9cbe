"""A model's insights stand only on figures that were counted."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib import resources
from typing import Any

import msgspec
import pytest

from ingagents.core.llm.insights import accept_insights, ask_insights, figures_of
from ingagents.core.llm.prompts import parse_prompt
from ingagents.core.reporter import Report, ReportFacts, build_report
from ingagents.core.reporting.daily_metrics import DayFigures
from ingagents.model import ModelAnswer, ModelTask
from tests.factories import a_campaign
from tests.scripted_model import data_of, tokens_of

PROMPT = parse_prompt(
    ModelTask.REPORT,
    (resources.files("ingagents") / "templates" / "prompts" / "report.txt").read_text("utf-8"),
)


def day(**counts: Any) -> DayFigures:
    return msgspec.structs.replace(DayFigures.empty(date(2027, 2, 8)), **counts)


TODAY = day(
    messages_sent=42, responses=9, positive_responses=3, leads_discovered=97, avg_quality_score=7.25
)
YESTERDAY = day(messages_sent=40, responses=4)


def report(**more: Any) -> Report:
    facts = ReportFacts(
        today=TODAY,
        yesterday=YESTERDAY,
        week=[YESTERDAY, TODAY],
        campaign=a_campaign(),
        generated_at=datetime(2027, 2, 8, 18, tzinfo=UTC),
        **more,
    )
    return build_report(facts)


def judged(text: Any, *names: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    answer = ModelAnswer(data={"insights": [{"text": text, "figures": list(names)}]})
    kept, dropped = accept_insights(answer, report())
    return kept, tuple(map(str, dropped))


STANDING = [
    ("42 people were contacted, after 40 yesterday.", ["messages_sent"]),
    (
        "9 answers for 42 messages are a rate of 21.4 %.",
        ["responses", "messages_sent", "response_rate"],
    ),
    ("A response rate of 21 % is worth watching.", ["response_rate"]),
    ("The mean of the week is 41 messages a day.", ["messages_sent"]),
    ("- Found leads score 7.25 on average, 7.3 in short.", ["avg_quality_score"]),
    ("Three people answered positively: call them first.", ["positive_responses"]),
]


@pytest.mark.parametrize(("text", "names"), STANDING)
def test_an_insight_whose_numbers_were_counted_stands(text, names):
    kept, dropped = judged(text, *names)
    assert kept == (text.removeprefix("- "),)
    assert dropped == ()


DROPPED = [
    ("43 people were contacted.", ["messages_sent"], "nobody counted (43)"),
    ("42 people answered positively.", ["positive_responses"], "nobody counted (42)"),
    ("9 of 42 is 25 %.", ["responses", "messages_sent"], "nobody counted (25)"),
    ("Answers doubled: 9 after 4, double.", ["responses"], "nobody counted (double)"),
    ("Twelve answers came in.", ["responses"], "nobody counted (12)"),
    ("More people should be contacted.", ["messages_sent"], "no figure in it"),
    ("42 people were contacted.", [], "names no figure"),
    ("42 people were contacted.", ["profit"], "names no figure"),
    ("42 people were contacted.", ["messages_sent", "profit"], "names no figure"),
    ("See www.example.org for the 42.", ["messages_sent"], "no plain sentence"),
    ("<b>42</b> people were contacted.", ["messages_sent"], "no plain sentence"),
    ("42 people\u202e were contacted.", ["messages_sent"], "no plain sentence"),
    ("42 " * 200, ["messages_sent"], "no plain sentence"),
    (None, ["messages_sent"], "no plain sentence"),
    (42, ["messages_sent"], "no plain sentence"),
]


@pytest.mark.parametrize(("text", "names", "why"), DROPPED)
def test_an_insight_with_a_number_nobody_counted_is_dropped(text, names, why):
    kept, dropped = judged(text, *names)
    assert kept == ()
    assert why in dropped[0]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (ModelAnswer(), "no JSON"),
        (ModelAnswer(data=[]), "no JSON object"),
        (ModelAnswer(data={"insights": "many"}), 'no list "insights"'),
        (ModelAnswer(data={"insights": []}), "has no insight"),
        (ModelAnswer(data={"insights": []}, stop="length"), "cut off"),
    ],
)
def test_an_answer_of_another_shape_has_no_insights(answer, why):
    kept, (problem,) = accept_insights(answer, report())
    assert kept == ()
    assert why in str(problem)


def test_entries_of_any_shape_are_dropped_and_a_repeated_one_counts_once():
    good = {"text": STANDING[0][0], "figures": STANDING[0][1]}
    odd: list[Any] = [None, 7, {}, {"text": "42", "figures": 7}, good, good]
    kept, dropped = accept_insights(ModelAnswer(data={"insights": odd}), report())
    assert kept == (STANDING[0][0],)
    assert len(dropped) == 4


def test_urgent_sentences_of_the_rules_stay_first_and_accepted_ones_replace_the_standing():
    advice = ("42 people were contacted, after 40 yesterday.",)
    found = report(advice=advice, judgements=("The model chose 3 of 3.",)).insights
    assert found[0].startswith("3 people answered positively")
    assert found[1] == advice[0]
    assert found[-1] == "The model chose 3 of 3."
    assert len(found) == 6
    assert report().insights[1] != advice[0]


def test_the_question_names_every_figure_and_no_zero():
    question = ask_insights(report(), PROMPT)
    told = data_of(question)["figures"]
    assert told == figures_of(report())
    assert told["messages_sent"] == {"today": 42, "yesterday": 40, "week_mean": 41}
    assert "dead_letters" not in told
    assert tokens_of(question) < 900
