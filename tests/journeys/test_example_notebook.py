"""The notebook of the package: a week of the department, and why it did what it did."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from ingagents.core.why.why import Why
from tests.cells import run_cell

NOTEBOOK = files("ingagents") / "examples" / "a_week.ipynb"


async def test_the_example_runs_from_top_to_bottom_and_every_cell_shows_something(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    notebook = json.loads(NOTEBOOK.read_text("utf-8"))
    assert notebook["nbformat"] == 4
    cells = [one for one in notebook["cells"] if one["cell_type"] == "code"]
    assert not any(one["outputs"] or one["execution_count"] for one in cells)
    names: dict[str, Any] = {}
    shown = [await run_cell("".join(one["source"]), names) for one in cells]
    assert [one is None for one in shown] == [True] + [False] * (len(cells) - 1)
    assert all(len(one) for one in shown[1:] if hasattr(one, "__len__"))

    funnel = names["report"].funnel.to_dataframe().set_index("stage")
    assert funnel.loc["contacted", "people"] > 30
    assert len(names["leads"]) == funnel.loc["found", "people"]

    decisions = names["decisions"]
    assert {"classification", "quality"} <= set(decisions["kind"])
    assert set(decisions["lead_id"]) == {names["best"]["id"]}
    assert decisions["why"].str.len().gt(0).all()
    assert decisions["timestamp"].is_monotonic_increasing
    assert isinstance(names["story"].why, Why)

    journal = names["journal"]
    assert journal["seq"].is_monotonic_increasing
    assert journal["timestamp"].dt.date.nunique() == 5
