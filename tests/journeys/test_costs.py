"""What one task from cron costs: calls of functions, and which libraries it drags in."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import PATIENCE
from tests.front_door import (
    invented_people,
    leads_of,
    rows,
    statuses,
    succeeds,
    write_people,
    write_settings,
)
from tests.processes import environment

LEADS = 10_000
ALLOWED_CALLS = 2_000_000
"""Of Python functions, imports included: what a busy machine cannot change."""

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
    "pygments",
    "rich",
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

FOR_OTHER_COMMANDS = {
    "ingagents.services.leads.erasure",
    "ingagents.services.leads.people_import",
    "ingagents.services.sheet.sync",
}

_DRIVER = """
import json, sys
from ingagents.cli.app import run_command
code = run_command(sys.argv[1:])
languages = sys.modules.get("ingagents.core.text.languages")
tables = languages.files.cache_info().currsize if languages else 0
modules = sorted(sys.modules) + ["the tables of the languages"] * tables
print(json.dumps({"code": code, "modules": modules}), file=sys.stderr)
"""

_COUNTER = """
import json, sys, threading
calls = 0
def count(frame, event, argument):
    global calls
    calls += event in ("call", "c_call")
threading.setprofile(count)
sys.setprofile(count)
from ingagents.cli.app import run_command
code = run_command(sys.argv[1:])
sys.setprofile(None)
print(json.dumps({"code": code, "calls": calls}), file=sys.stderr)
"""


_COLLECTIONS = """
import gc, json, sys
from ingagents.cli import main
code = 0
try:
    main()
except SystemExit as exc:
    code = exc.code
print(json.dumps({"code": code, "young": gc.get_stats()[0]["collections"],
                  "old": gc.get_stats()[2]["collections"]}), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A department with ten thousand leads nobody has written to."""
    folder = tmp_path_factory.mktemp("full")
    write_people(folder / "people.csv", invented_people(LEADS))
    succeeds(folder, "leads", "import", "people.csv")
    assert rows(folder, "SELECT count(*) FROM leads") == [(LEADS,)]
    return folder


def test_allocating_among_ten_thousand_leads_makes_a_bounded_number_of_calls(full: Path) -> None:
    done = driven(full, _COUNTER, "once", "--task", "allocate", "--json")
    print(f"calls: {done['calls']:,}")
    assert done["calls"] < ALLOWED_CALLS
    assert statuses(full)["Allocated"] > 10


def driven(folder: Path, driver: str, *arguments: str) -> dict[str, Any]:
    """What a driver tells in its last line about a command that it ran."""
    done = subprocess.run(
        [sys.executable, "-c", driver, *arguments],
        check=True,
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    told: dict[str, Any] = json.loads(done.stderr.splitlines()[-1])
    assert told["code"] == 0, done.stderr
    return told


def modules_of(folder: Path, *arguments: str) -> set[str]:
    """Every module that a command has imported when it ends."""
    return set(driven(folder, _DRIVER, *arguments)["modules"])


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


def test_nobody_looks_for_garbage_among_what_is_being_loaded(tmp_path: Path) -> None:
    """At Python's own pace that was a hundred looks, and a fifth of a short command's time."""
    done = driven(tmp_path, _COLLECTIONS, "status")
    assert done["young"] < 20
    assert done["old"] <= 1


def test_allocating_reads_nothing_that_is_for_replies(tmp_path: Path) -> None:
    write_people(tmp_path / "people.csv", invented_people(30))
    succeeds(tmp_path, "leads", "import", "people.csv")
    modules = modules_of(tmp_path, "once", "--task", "allocate")
    assert modules & {*READS_REPLIES, *FOR_OTHER_COMMANDS, "the tables of the languages"} == set()
    assert len(leads_of(tmp_path, "--status", "allocated")) > 5


@pytest.mark.parametrize(
    "command", [("status",), ("leads", "list"), ("journal", "list"), ("pause",)]
)
def test_looking_and_pausing_import_no_wire_either(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    heavy = NOT_FOR_ALLOCATING - {"rich"} | {
        "rich.live",
        "rich.progress",
    }  # lists are rich's tables
    assert modules_of(tmp_path, *command) & heavy == set()
