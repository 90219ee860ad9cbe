"""What one task from cron costs: processor time, and which libraries it drags in."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import PATIENCE
from tests.front_door import (
    PROGRAM,
    environment,
    invented_people,
    leads_of,
    measured,
    rows,
    statuses,
    succeeds,
    write_people,
    write_settings,
)

LEADS = 10_000
ALLOWED_SECONDS = 1.0
"""Above Python's own start."""

NOT_FOR_ALLOCATING = {
    "aiosmtplib",
    "anthropic",
    "httpx",
    "httpx2",
    "jinja2",
    "nameparser",
    "numpy",
    "openai",
    "pandas",
    "rich.live",
    "rich.progress",
    "starlette",
    "tenacity",
    "uvicorn",
}

READS_REPLIES = {
    "ingagents.core.llm.read_reply",
    "ingagents.core.replies.notation",
    "ingagents.core.replies.second_net",
    "ingagents.core.replies.text",
    "ingagents.core.response_analyser",
}
"""With their tables these cost as much as all the rest of a short task."""

_DRIVER = """
import json, sys
from ingagents.cli.app import run_command
code = run_command(sys.argv[1:])
languages = sys.modules.get("ingagents.core.text.languages")
tables = languages.files.cache_info().currsize if languages else 0
modules = sorted(sys.modules) + ["the tables of the languages"] * tables
print(json.dumps({"code": code, "modules": modules}), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A department with ten thousand leads nobody has written to."""
    folder = tmp_path_factory.mktemp("full")
    write_people(folder / "people.csv", invented_people(LEADS))
    succeeds(folder, "leads", "import", "people.csv")
    assert rows(folder, "SELECT count(*) FROM leads") == [(LEADS,)]
    return folder


def test_allocating_among_ten_thousand_leads_costs_less_than_a_second(full: Path) -> None:
    meter = full / "meter.json"
    empty = min(
        measured(full, meter, PROGRAM.with_name("python"), "-c", "pass").cpu_seconds
        for _ in range(3)
    )
    costs = []
    for _ in range(3):
        used = measured(full, meter, PROGRAM, "once", "--task", "allocate", "--json")
        assert used.ended.code == 0, used.ended.said
        costs.append(used.cpu_seconds - empty)
        if costs[-1] < ALLOWED_SECONDS:
            break
    print(f"processor seconds above Python's start: {', '.join(f'{one:.2f}' for one in costs)}")
    assert min(costs) < ALLOWED_SECONDS, costs
    assert statuses(full)["Allocated"] > 10


def modules_of(folder: Path, *arguments: str) -> set[str]:
    """Every module that a command has imported when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", _DRIVER, *arguments],
        check=True,
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    told = json.loads(done.stderr.splitlines()[-1])
    assert told["code"] == 0, done.stderr
    return set(told["modules"])


@pytest.mark.parametrize("service", ["sandbox", "unipile"])
@pytest.mark.parametrize("provider", ["rules", "openai", "anthropic"])
def test_allocating_imports_no_provider_and_nothing_of_the_wire(
    tmp_path: Path, service: str, provider: str
) -> None:
    (tmp_path / ".env").write_text("INGAGENTS_LLM__API_KEY=a-key-for-nobody\n", "utf-8")
    write_settings(tmp_path, f'[linkedin]\nservice = "{service}"\n[llm]\nprovider = "{provider}"\n')
    write_people(tmp_path / "people.csv", invented_people(30))
    succeeds(tmp_path, "leads", "import", "people.csv")
    modules = modules_of(tmp_path, "once", "--task", "allocate")
    assert "ingagents.core.allocator" in modules, "it did work"
    assert modules & NOT_FOR_ALLOCATING == set()
    assert len(leads_of(tmp_path, "--status", "allocated")) > 5


def test_allocating_reads_nothing_that_is_for_replies(tmp_path: Path) -> None:
    write_people(tmp_path / "people.csv", invented_people(30))
    succeeds(tmp_path, "leads", "import", "people.csv")
    modules = modules_of(tmp_path, "once", "--task", "allocate")
    assert modules & {*READS_REPLIES, "the tables of the languages"} == set()
    assert len(leads_of(tmp_path, "--status", "allocated")) > 5


@pytest.mark.parametrize(
    "command", [("status",), ("leads", "list"), ("journal", "list"), ("pause",)]
)
def test_looking_and_pausing_import_no_wire_either(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    heavy = NOT_FOR_ALLOCATING - {"rich.live", "rich.progress"}
    assert modules_of(tmp_path, *command) & heavy == set()
