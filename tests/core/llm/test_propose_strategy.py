"""A model's proposals: known settings, true present values, figures that were given, or nothing."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import resources
from typing import Any

import msgspec
import pytest

from ingagents.core.llm.prompts import parse_prompt
from ingagents.core.llm.propose_strategy import (
    Share,
    accept_proposals,
    ask_proposals,
    enough_to_ask,
    shares,
)
from ingagents.core.reporting.daily_metrics import DayFigures
from ingagents.core.strategy.proposals import CurrentStrategy
from ingagents.model import ModelAnswer, ModelTask
from tests.scripted_model import data_of, tokens_of

PROMPT = parse_prompt(
    ModelTask.STRATEGY,
    (resources.files("ingagents") / "templates" / "prompts" / "strategy.txt").read_text("utf-8"),
)
CURRENT = CurrentStrategy(
    quality_threshold=6.0,
    allocation_strategy="quality_priority",
    daily_limit=45,
    message_mode="llm",
    templates={"speaker": "speaker-1"},
)
LIMIT = "outreach.rate_limiting.daily_limit"
THRESHOLD = "lead_finder.quality_threshold"
ALLOCATION = "sales_manager.allocation_strategy"
MODE = "outreach.message_generation_mode"


def history(**counts: Any) -> list[DayFigures]:
    first = date(2027, 2, 1)
    return [
        msgspec.structs.replace(DayFigures.empty(first + timedelta(days=n)), **counts)
        for n in range(14)
    ]


FIGURES = shares(
    history(messages_sent=20, responses=4, positive_responses=1, refused=2, queue_size=3),
    {"Speaker": (200, 12), "Sponsor": (80, 2)},
)


def judged(**changes: Any) -> tuple[Any, str]:
    one: dict[str, Any] = {
        "setting": THRESHOLD,
        "from": 6.0,
        "to": 6.5,
        "why": "Only 14 of 280 contacted people were glad.",
        "figures": ["positive_of_contacted"],
    }
    answer = ModelAnswer(data={"proposals": [{**one, **changes}]})
    kept, dropped = accept_proposals(answer, FIGURES, CURRENT)
    return (kept[0] if kept else None), "".join(map(str, dropped))


def test_the_figures_have_denominators_and_what_rests_on_nothing_is_left_out():
    assert FIGURES["positive_of_contacted"] == Share(14, 280)
    assert FIGURES["refused_of_tried"] == Share(28, 308)
    assert FIGURES["days_short_of_leads"] == Share(14, 14)
    assert FIGURES["positive_of_Sponsor"] == Share(2, 80)
    assert "accepted_of_invited" not in FIGURES
    assert shares(history(), {}) == {}
    assert enough_to_ask(FIGURES)
    assert not enough_to_ask(shares(history(messages_sent=3), {}))


GOOD = [
    {},
    {"from": 6, "to": 7},
    {"to": 5.5, "why": "Leads run out on 14 of 14 days.", "figures": ["days_short_of_leads"]},
    {
        "setting": LIMIT,
        "from": 45,
        "to": 36,
        "why": "Too many refusals.",
        "figures": ["refused_of_tried"],
    },
    {"setting": ALLOCATION, "from": "quality_priority", "to": "balanced"},
    {"setting": MODE, "from": "llm", "to": "template"},
    {"setting": "templates.speaker", "from": "speaker-1", "to": "a new version"},
    {"why": "A share of 5 % is low."},
]


@pytest.mark.parametrize("changes", GOOD)
def test_a_proposal_that_holds_is_kept_with_evidence_written_by_us(changes):
    kept, dropped = judged(**changes)
    assert dropped == ""
    name = changes.get("figures", ["positive_of_contacted"])[0]
    assert kept.evidence == f"{name}: {FIGURES[name]}"
    assert kept.to_dict().keys() >= {"setting", "from", "to", "why", "evidence"}


BAD = [
    ({"setting": "linkedin.live"}, "there is no setting"),
    ({"setting": None}, "there is no setting"),
    ({"setting": "templates.other"}, "there is no setting"),
    ({"from": 5.0}, "the value now is 6.0"),
    ({"from": "6.0"}, "the value now is 6.0"),
    ({"from": True}, "the value now is 6.0"),
    ({"from": None}, "the value now is 6.0"),
    ({"to": 6.0}, "no valid other value"),
    ({"to": 11}, "no valid other value"),
    ({"to": 0}, "no valid other value"),
    ({"to": "high"}, "no valid other value"),
    ({"to": True}, "no valid other value"),
    ({"to": None}, "no valid other value"),
    ({"to": float("nan")}, "no valid other value"),
    ({"to": float("inf")}, "no valid other value"),
    ({"setting": LIMIT, "from": 45, "to": 46}, "no valid other value"),
    ({"setting": LIMIT, "from": 45, "to": 45}, "no valid other value"),
    ({"setting": LIMIT, "from": 45, "to": 3}, "no valid other value"),
    ({"setting": LIMIT, "from": 45, "to": 30.5}, "no valid other value"),
    ({"setting": LIMIT, "from": 45, "to": float("nan")}, "no valid other value"),
    ({"setting": ALLOCATION, "from": "quality_priority", "to": "random"}, "no valid"),
    ({"setting": ALLOCATION, "from": "quality_priority", "to": ["balanced"]}, "no valid"),
    ({"figures": []}, "names no figure"),
    ({"figures": "positive_of_contacted"}, "names no figure"),
    ({"figures": ["made_up"]}, "names no figure"),
    ({"figures": ["positive_of_contacted", "made_up"]}, "names no figure"),
    ({"why": "15 of 280 people were glad."}, "nobody counted"),
    ({"why": "Twice as many will answer."}, "nobody counted"),
    ({"why": "See https://example.org"}, "no plain sentence"),
    ({"why": ""}, "no plain sentence"),
    ({"why": None}, "no plain sentence"),
]


@pytest.mark.parametrize(("changes", "why"), BAD)
def test_a_proposal_that_does_not_hold_is_dropped_with_the_reason(changes, why):
    kept, dropped = judged(**changes)
    assert kept is None
    assert why in dropped


@pytest.mark.parametrize(
    "data", [None, [], {}, {"proposals": None}, {"proposals": "all"}, {"proposals": [None, 7, []]}]
)
def test_an_answer_of_any_shape_never_raises(data):
    kept, dropped = accept_proposals(ModelAnswer(data=data), FIGURES, CURRENT)
    assert kept == ()
    assert dropped


def test_one_proposal_for_each_setting_and_at_most_five():
    one = {
        "setting": THRESHOLD,
        "from": 6.0,
        "to": 6.5,
        "why": "Few are glad.",
        "figures": ["positive_of_contacted"],
    }
    answer = ModelAnswer(data={"proposals": [one, one | {"to": 7.0}] * 50})
    kept, _ = accept_proposals(answer, FIGURES, CURRENT)
    assert [(each.setting, each.proposed) for each in kept] == [(THRESHOLD, 6.5)]


def test_the_question_lists_figures_with_cases_and_settings_with_their_values():
    question = ask_proposals(FIGURES, CURRENT, PROMPT)
    data = data_of(question)
    assert data["figures"]["positive_of_Speaker"] == {"hits": 12, "of": 200, "95_percent": "3-10 %"}
    assert data["settings"][ALLOCATION]["from"] == "quality_priority"
    assert data["settings"][LIMIT]["to"] == "5 to 44"
    assert tokens_of(question) < 900
