"""`ingagents evaluate`: measured on built-in and own data, by rules and against a model."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ingagents.app.evaluate import evaluated, read_sets
from ingagents.errors import InputError, ModelUnavailable
from ingagents.settings import Settings
from tests.front_door import assert_error, ingagents, succeeds
from tests.llm.test_tasks import reading, scripted, speakers

ROLES = (
    "headline,company,label\nCTO,Sample,Speaker\nNight porter,Inn,Other\nSales Manager,S,Sponsor\n"
)


@pytest.mark.parametrize(
    ("task", "worst"), [("classify", 0.8), ("replies", 0.8), ("messages", 0.9)]
)
def test_the_built_in_set_is_measured(tmp_path: Path, task: str, worst: float):
    figures = json.loads(succeeds(tmp_path, "evaluate", "--task", task, "--json").out)
    (one,) = figures["sets"]
    assert one["name"] == "built-in"
    assert one["by"]["rules"]["cases"] >= 15
    assert one["by"]["rules"]["macro_f1"] > worst
    assert one["seconds_each"]["rules"] > 0


def test_own_data_is_found_in_a_folder_and_limited(tmp_path: Path):
    (tmp_path / "data" / "roles").mkdir(parents=True)
    (tmp_path / "data" / "roles" / "mine.csv").write_text(ROLES, "utf-8")
    (tmp_path / "data" / "other.csv").write_text("word\nfree\n", "utf-8")
    ended = succeeds(tmp_path, "evaluate", "--task", "classify", "--data", "data", "--limit", "2")
    assert "roles/mine.csv, judged by rules: 2 cases" in ended.out
    assert "ECE" in ended.out
    assert "Brier" in ended.out


@pytest.mark.parametrize(
    ("arguments", "kind", "code", "says"),
    [
        (("--task", "poems"), "usage", 2, "--task"),
        (("--task", "classify", "--provider", "oracle"), "usage", 2, "--provider"),
        (("--task", "classify", "--against", "me"), "usage", 2, "--against"),
        (("--task", "messages", "--provider", "openai"), "usage", 2, "rules alone"),
        (("--task", "classify", "--data", "nowhere"), "input", 1, "no folder"),
        (("--task", "classify", "--data", "."), "input", 1, "no labelled CSV"),
    ],
)
def test_what_cannot_be_measured_is_said_in_one_line(
    tmp_path: Path, arguments, kind: str, code: int, says: str
):
    assert_error(ingagents(tmp_path, "evaluate", *arguments), kind, code, says=says)


def test_a_file_that_is_no_text_is_named(tmp_path: Path):
    (tmp_path / "odd.csv").write_bytes(b"\xff\xfe\x00label")
    with pytest.raises(InputError, match=r"odd\.csv cannot be read"):
        read_sets("classify", tmp_path, None)


async def measured(task: Any, folder: Path, say: Any) -> Any:
    sets = read_sets(task, folder, None)
    return await evaluated(task, sets, settings=Settings(), model=scripted(say), with_rules=True)


async def test_a_model_is_measured_alone_together_and_against_the_rules(tmp_path: Path):
    (tmp_path / "roles.csv").write_text(ROLES, "utf-8")
    figures = await measured("classify", tmp_path, speakers)
    (one,) = figures["sets"]
    assert one["by"]["model"]["accuracy"] == pytest.approx(1 / 3, abs=1e-3)
    assert one["by"]["rules"]["accuracy"] == 1.0
    assert one["by"]["together"]["accuracy"] == 1.0
    assert [(each["said"], each["expected"]) for each in one["differences"]] == [
        ("Speaker", "Other"),
        ("Speaker", "Sponsor"),
    ]
    model = figures["model"]
    assert (model["calls"], model["output_tokens"], model["unanswered"]) == (1, 60, 0)
    assert model["input_tokens"] > 50
    assert model["cost_usd"] == pytest.approx(0.0004)


async def test_where_a_model_says_nothing_valid_the_rules_count_and_it_is_said(tmp_path: Path):
    (tmp_path / "roles.csv").write_text(ROLES, "utf-8")
    figures = await measured("classify", tmp_path, lambda question, shown: "nonsense")
    assert figures["model"]["unanswered"] == 3
    assert figures["sets"][0]["by"]["model"]["accuracy"] == 1.0
    away = await measured("classify", tmp_path, lambda question, shown: ModelUnavailable("gone"))
    assert away["model"]["unanswered"] == 3


async def test_replies_are_measured_with_what_became_of_opt_outs(tmp_path: Path):
    (tmp_path / "replies.csv").write_text(
        "text,intent\nPerhaps it could work,unclear\nPerhaps never write again,opt_out\n", "utf-8"
    )
    figures = await measured("replies", tmp_path, lambda question, shown: reading())
    (one,) = figures["sets"]
    assert one["opt_outs"]["model"] == {"labelled": 1, "missed": 1, "wrongly_read": 0}
    assert one["by"]["model"]["labels"]["unclear"]["cases"] == 1
    net = one["second_net"]
    assert net["others"] == 1
    assert net["opt_outs_held"] <= net["opt_outs_missed_by_rules"] <= 1
    assert net["new_questions"] <= net["others_held"] <= 1


def test_what_the_second_net_adds_is_said(tmp_path: Path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "replies.csv").write_text(
        "text,intent\nLose my number,opt_out\nSee you there!,interested\n", "utf-8"
    )
    ended = succeeds(tmp_path, "evaluate", "--task", "replies", "--data", "data")
    said = r"second net holds for a human: (\d) of \1 opt-outs the rules missed, and 0 of 1 other"
    assert re.search(said, ended.out)
