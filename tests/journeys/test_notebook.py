"""The department as a library, in a loop that already runs, as in a notebook."""

from __future__ import annotations

import logging
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import ingagents
from ingagents import IngagentsError, load_settings, open_department
from tests import PATIENCE
from tests.cells import run_cell
from tests.front_door import (
    AT_ONCE,
    acts_of,
    invented_people,
    leads_of,
    write_people,
    write_settings,
)
from tests.processes import environment

DOCUMENTED = [
    "id",
    "name",
    "position",
    "company",
    "linkedin_url",
    "classification",
    "quality_score",
    "contact_status",
    "message_sent",
    "response",
    "response_sentiment",
    "response_intent",
    "created_at",
    "last_updated",
]


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """A campaign's folder: settings and five people."""
    write_settings(tmp_path, AT_ONCE)
    write_people(tmp_path / "people.csv", invented_people(5))
    return tmp_path


async def test_a_notebook_imports_allocates_and_looks_at_the_table(campaign: Path) -> None:
    heard: list[tuple[int, int]] = []
    async with open_department(str(campaign / "settings.toml")) as department:
        imported = await department.leads.import_file(
            campaign / "people.csv", on_progress=lambda done, total: heard.append((done, total))
        )
        assert (imported.taken, imported.refused_count) == (5, 0)
        assert heard[-1][0] == heard[-1][1] == (campaign / "people.csv").stat().st_size
        result = await department.once("allocate")
        assert result.figures["allocated"] == 5
        frame = await department.leads.to_dataframe()
        sent = await department.once("outreach")
        assert sent.figures["sent"] == 5
        after = await department.leads.to_dataframe()
        report = await department.report()
    assert isinstance(frame, pd.DataFrame)
    assert set(DOCUMENTED) <= set(frame.columns)
    assert list(frame["contact_status"]) == ["Allocated"] * 5
    assert frame["quality_score"].between(1, 10).all()
    assert frame["id"].is_unique
    assert list(after["contact_status"]) == ["Message Sent"] * 5
    assert after["message_sent"].str.len().gt(20).all()
    assert report.today.messages_sent == 5
    assert len(acts_of(campaign)) == 5


async def test_the_table_has_its_columns_before_there_is_anybody(campaign: Path) -> None:
    async with open_department(campaign / "settings.toml") as department:
        frame = await department.leads.to_dataframe()
    assert len(frame) == 0
    assert set(DOCUMENTED) <= set(frame.columns)


async def test_two_departments_share_a_database(campaign: Path) -> None:
    settings = load_settings(campaign / "settings.toml")
    async with open_department(settings) as one, open_department(settings) as other:
        await one.leads.import_file(campaign / "people.csv")
        assert len(await other.leads.to_dataframe()) == 5
        assert (await other.once("allocate")).figures["allocated"] == 5
        assert (await one.once("outreach")).figures["sent"] == 5
        assert (await other.once("outreach")).figures["sent"] == 0
        again = await other.leads.import_file(campaign / "people.csv")
        assert (again.taken, again.merged) == (0, 5)
    assert len(acts_of(campaign)) == 5


async def test_what_a_notebook_did_the_command_line_sees(campaign: Path) -> None:
    async with open_department(campaign / "settings.toml") as department:
        await department.leads.import_file(campaign / "people.csv")
        found = await department.leads.find("https://linkedin.com/in/dmitri-abel-000003/")
        hit = await department.leads.suppress(found.id, reason="asked for it", by="notebook")
        assert hit == 1
        dossier = await department.leads.show(found.id)
        assert dossier.lead.contact_status == "Suppressed"
    exported = {lead["id"]: lead for lead in leads_of(campaign)}
    assert exported[found.id]["contact_status"] == "Suppressed"
    assert len(exported) == 5


async def test_a_whole_sandbox_day_fits_into_a_cell(campaign: Path) -> None:
    settings = load_settings(campaign / "settings.toml", sandbox={"size": 60})
    async with open_department(settings, jumping=True, seed=3) as department:
        await department.run(until=department.day_ends())
        report = await department.report()
    assert isinstance(report.day, date)
    assert report.today.messages_sent == len(acts_of(campaign)) > 10


async def test_mistakes_are_one_exception_a_cell_can_show(campaign: Path) -> None:
    with pytest.raises(IngagentsError, match="no settings file"):
        async with open_department(campaign / "nowhere.toml"):
            pass
    async with open_department(campaign / "settings.toml") as department:
        with pytest.raises(IngagentsError, match="no task"):
            await department.once("everything")
        for typed in ("alocate", "Allocate", " allocate", "alllocate"):
            with pytest.raises(IngagentsError) as told:
                await department.once(typed)
            assert (told.value.remedy, told.value.exit_code) == ("did you mean allocate?", 2)
        with pytest.raises(IngagentsError, match="nobody"):
            await department.leads.find("nobody")
        with pytest.raises(IngagentsError, match="does not exist"):
            await department.leads.import_file(campaign / "missing.csv")


async def test_a_notebooks_own_logging_is_left_alone(campaign: Path) -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    async with open_department(campaign / "settings.toml") as department:
        await department.once("monitor")
    assert (root.level, list(root.handlers)) == before


async def test_all_leads_are_awaited_or_gone_through(campaign: Path) -> None:
    async with open_department(campaign / "settings.toml") as department:
        assert list(await department.leads.every()) == []
        await department.leads.import_file(campaign / "people.csv")
        every = department.leads.every(status="Not Contacted")
        read = await every
        assert [lead.id async for lead in every] == [lead.id for lead in read]
        assert list(await every) == list(read)
    assert len(read) == 5
    assert read[1:3] == [read[1], read[2]]
    assert "5 Not Contacted" in repr(read)


async def test_moments_of_the_table_are_moments(campaign: Path) -> None:
    async with open_department(campaign / "settings.toml") as department:
        empty = await department.leads.to_dataframe()
        await department.leads.import_file(campaign / "people.csv")
        await department.once("allocate")
        frame = await department.leads.to_dataframe()
        (lead, *_) = await department.leads.every()
    moments = [name for name in frame if str(name).endswith("_at")] + ["last_updated"]
    assert {"created_at", "sent_at", "accepted_at", "allocated_at"} <= set(moments)
    for name in moments:
        for one in (frame, empty):
            assert isinstance(one[name].dtype, pd.DatetimeTZDtype)
            assert str(one[name].dt.tz) == "UTC"
    assert frame["created_at"][0].to_pydatetime() == lead.created_at
    assert frame["sent_at"].isna().all()
    assert frame.groupby(frame["created_at"].dt.date).size().sum() == 5
    assert frame["quality_score"].dtype == empty["quality_score"].dtype == "float64"


async def test_a_department_shows_how_it_stands_and_not_its_insides(campaign: Path) -> None:
    async with open_department(campaign / "settings.toml") as department:
        await department.leads.import_file(campaign / "people.csv")
        lead = (await department.leads.every())[0]
        for shown in (
            department,
            department.settings,
            department.leads,
            department.leads.every(),
            department.reviews,
            await department.reviews.list(),
            await department.leads.show(lead.id),
            (await department.leads.show(lead.id)).history[0],
            await department.once("allocate"),
            await department.status(),
            await department.report(),
        ):
            line = repr(shown)
            assert line.startswith(f"<{type(shown).__name__}")
            assert "object at 0x" not in line
            assert len(line) < 450
            assert shown._repr_html_().startswith("<div>")
        assert "InG Summit" in repr(department)
        assert "sandbox" in repr(department)
    assert "closed" in repr(department)


_CELLS = (
    "from ingagents import open_department",
    """async with open_department(FILE) as department:
    outcome = await department.once('allocate')
    leads = await department.leads.every()""",
    """opening = open_department(FILE)
async with opening as department:
    frame = await department.leads.to_dataframe()""",
)


async def test_cells_with_await_run_in_a_loop_that_runs_already(campaign: Path) -> None:
    names: dict[str, Any] = {"FILE": str(campaign / "settings.toml")}
    for cell in _CELLS:
        await run_cell(cell, names)
    assert repr(names["outcome"]).startswith("<Outcome: ")
    assert names["leads"] == []
    assert len(names["frame"]) == 0


async def test_a_department_opens_once_and_is_left_once(campaign: Path) -> None:
    file = campaign / "settings.toml"
    opening = open_department(file)
    with pytest.raises(IngagentsError, match="not opened yet"):
        await opening.__aexit__(None, None, None)
    async with opening as department:
        with pytest.raises(IngagentsError, match="opens once"):
            await opening.__aenter__()
        await department.agent("sales_manager")
    with pytest.raises(IngagentsError, match="closed before"):
        await opening.__aexit__(None, None, None)
    with pytest.raises(IngagentsError, match="opens once"):
        async with opening:
            pass
    with pytest.raises(IngagentsError, match="entered, not awaited"):
        await open_department(file)
    for use in (
        lambda: department.once("allocate"),
        department.run,
        department.report,
        department.linkedin,
        department.status,
        department.leads.every,
        lambda: department.leads.find("Ada"),
        lambda: department.pause(by="team"),
    ):
        with pytest.raises(IngagentsError, match="closed") as told:
            await use()
        assert "open it" in told.value.remedy


_IMPORTING = """
import sys, threading, logging
opened = []
def listen(event, arguments):
    if event.startswith("socket.") or event == "sqlite3.connect":
        opened.append(event)
    elif event == "open" and not str(arguments[0]).startswith((sys.prefix, sys.base_prefix, REPOSITORY)):
        opened.append(str(arguments[0]))
sys.addaudithook(listen)
import ingagents
from ingagents import Campaign, Department, Lead, Settings, load_settings, open_department
import asyncio
code = (".py", ".pyc", ".so", ".pth", ".__path_hook__")
assert not [name for name in opened if not name.endswith(code)], opened
assert threading.active_count() == 1
assert not logging.getLogger().handlers
try:
    asyncio.get_running_loop()
except RuntimeError:
    print("quiet")
"""


def test_importing_the_package_does_nothing(tmp_path: Path) -> None:
    repository = str(Path(ingagents.__file__).parent)
    done = subprocess.run(
        [sys.executable, "-B", "-c", _IMPORTING.replace("REPOSITORY", repr(repository))],
        check=False,
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stdout) == (0, "quiet\n"), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_everything_public_can_be_named() -> None:
    for name in ingagents.__all__:
        assert getattr(ingagents, name) is not None
    assert set(ingagents.__all__) <= set(dir(ingagents))
    with pytest.raises(AttributeError):
        _ = ingagents.nothing_of_this_name
