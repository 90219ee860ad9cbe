"""What stands in databases, files and other people's scripts is not renamed by accident.

`stored_strings.txt` holds it as plain tables. A line that changes there needs a migration of the
database, or a word to those who read the JSON; one that is only new needs neither.
"""

from __future__ import annotations

import ast
import importlib
import json
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest

from ingagents import model
from ingagents.app.wiring import jobs_of
from ingagents.events import ROLES, VERSIONS, Event
from ingagents.settings import Settings
from tests.front_door import (
    AT_ONCE,
    ingagents,
    invented_people,
    succeeds,
    write_people,
    write_settings,
)

HERE = Path(__file__).parent
PACKAGE = HERE.parent / "ingagents"
TASKS = ("search", "allocate", "outreach", "replies", "coordinate", "monitor", "report", "optimise")

Table = Mapping[str, Sequence[str]]


@cache
def kept() -> Table:
    """The tables as they were written down, by their headings."""
    tables: dict[str, list[str]] = {}
    rows: list[str] = []
    for line in (HERE / "stored_strings.txt").read_text("utf-8").splitlines():
        if line.startswith("== "):
            rows = tables[line.removeprefix("== ")] = []
        elif line and not line.startswith("#"):
            rows.append(line)
    return tables


def product() -> Iterator[tuple[Path, ast.Module]]:
    """All modules but the sandbox's, which stores nothing of the department's."""
    for file in sorted(PACKAGE.rglob("*.py")):
        if "sandbox" not in file.relative_to(PACKAGE).parts:
            yield file, ast.parse(file.read_text("utf-8"))


def events() -> list[str]:
    """Each event as the journal writes it: tag, version, fields."""
    return sorted(
        f"{tag} {VERSIONS.get(tag, 1)}: {' '.join(kind.__struct_encode_fields__)}"
        for kind in get_args(Event)
        for tag in [str(kind.__struct_config__.tag)]
    )


def words() -> list[str]:
    """The values of the nouns' enums, which stand in columns and cells."""
    kinds = [getattr(model, name) for name in model.__all__]
    return [
        f"{kind.__name__}: {' | '.join(kind)}"
        for kind in kinds
        if isinstance(kind, type) and issubclass(kind, StrEnum)
    ]


_DECIDER = re.compile(r"(?:rules/|settings/|second-net-|template:|model:|human:)\S*")


def deciders() -> list[str]:
    """Who decides, as `decided_by` and `written_by` name it; `*` stands for what is put in."""
    found = set()
    for _, tree in product():
        parts = {
            id(part)
            for node in ast.walk(tree)
            if isinstance(node, ast.JoinedStr)
            for part in node.values
        }
        for node in ast.walk(tree):
            text = _text(node) if id(node) not in parts else ""
            if _DECIDER.fullmatch(text) and not text.endswith(":"):
                found.add(text)
    return sorted(found)


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or "*" for part in node.values)
    return ""


def named_values() -> list[str]:
    """The keys of the table of small named values; `*` stands for what is put in."""
    found = set()
    for file, tree in product():
        for node in ast.walk(tree):
            call = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if call in {"key_value.note", "key_value.noted", "key_value.forget"}:
                found.add(_value(node.args[1], tree, _module(file)))  # type: ignore[attr-defined]
    return sorted(found)


def _module(file: Path) -> ModuleType:
    name = file.relative_to(PACKAGE.parent).with_suffix("").as_posix().replace("/", ".")
    return importlib.import_module(name.removesuffix(".__init__"))


def _value(node: ast.AST, tree: ast.Module, module: ModuleType) -> str:
    """What an expression of constants comes to, looking names up in their module."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_value(part, tree, module) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return _value(node.value, tree, module)
    if isinstance(node, ast.BinOp):
        return _value(node.left, tree, module) + _value(node.right, tree, module)
    if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "key_value":
        return str(getattr(module.key_value, node.attr))
    if isinstance(node, ast.Name) and hasattr(module, node.id):
        return str(getattr(module, node.id))
    for one in ast.walk(tree):
        if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == ast.unparse(node):
            return _value(one.value, tree, module)
    return "*"


def jobs() -> list[str]:
    """Roles, and the jobs of each: names of leases, places, and rows of the schedule."""
    by_role = jobs_of(Settings())
    return [f"{role}: {' '.join(by_role[role])}".strip() for role in ROLES]


def schema() -> list[str]:
    """Tables and views with their columns, and indexes, as the migrations leave them on SQLite."""
    database = sqlite3.connect(":memory:")
    folder = files("ingagents.store") / "migrations"
    for script in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if script.name.endswith(".sql"):
            database.executescript(script.read_text("utf-8"))
    found = database.execute(
        "SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2"
    ).fetchall()
    return [
        f"{kind} {name}: {' '.join(row[1] for row in database.execute(f'PRAGMA table_info({name})'))}"
        if kind in {"table", "view"}
        else f"{kind} {name}"
        for kind, name in found
    ]


STATIC = {
    "events": events,
    "words": words,
    "decided by": deciders,
    "named values": named_values,
    "jobs": jobs,
    "schema": schema,
}


@pytest.mark.parametrize("table", STATIC)
def test_what_is_stored_is_called_as_it_was(table: str) -> None:
    assert STATIC[table]() == kept()[table]


OPEN = {
    "audience",
    "basis",
    "data",
    "deliveries",
    "evidence",
    "leads",
    "not_reached",
    "passed_over",
    "profile",
    "topics",
    "unused",
    "columns",
}
"""Objects whose keys are data."""


def keys(value: Any, path: str = "") -> Iterator[str]:
    """The paths of a JSON value: `a.b`, `a[].b` in a list, `a.*` where keys are data."""
    if isinstance(value, dict) and path.rpartition(".")[2] in OPEN:
        yield f"{path}.*"
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from keys(part, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        yield from dict.fromkeys(
            [inner for part in value for inner in keys(part, f"{path}[]")] or [f"{path}[]"]
        )
    else:
        yield path


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The keys that each command prints, of a folder with drafts that wait and one that was sent."""
    folder = tmp_path_factory.mktemp("printed")
    write_settings(folder, AT_ONCE.replace('approval = "none"', 'approval = "all"'))
    write_people(folder / "people.csv", invented_people(4))
    said: dict[str, list[str]] = {}

    def run(*arguments: str, named: str = "") -> Any:
        done = ingagents(folder, *arguments)
        assert done.out, done.said
        jsonl = "--format=jsonl" in arguments
        value = [json.loads(line) for line in done.out.splitlines()] if jsonl else done.json()
        said[named or " ".join(arguments)] = sorted(keys(value))
        return value

    run("leads", "import", "people.csv", "--json")
    run("once", "--task=allocate", "--json")
    run("once", "--task=outreach", "--json")
    first = run("review", "list", "--json")["reviews"][0]
    run("review", "show", first["id"], "--json", named="review show ID --json")
    run("review", "approve", first["id"], "--json", named="review approve ID --json")
    for task in TASKS:
        run("once", f"--task={task}", "--json")
    lead = first["lead_id"]
    run("leads", "show", lead, "--json", named="leads show LEAD --json")
    run("why", lead, "--json", named="why LEAD --json")
    run("why", "--idle", "--json")
    run("leads", "list", "--json")
    run("leads", "export", "--format=jsonl")
    header = succeeds(folder, "leads", "export", "--format=csv").out.splitlines()[0]
    said["leads export --format=csv"] = header.split(",")
    run("leads", "note", lead, "seen", "--json", named="leads note LEAD TEXT --json")
    run("journal", "list", "--format=jsonl")
    run("journal", "verify", "--json")
    run("journal", "dead-letters", "--json")
    run("report", "--format=json")
    run("status", "--json")
    run("doctor", "--json")
    run("leads", "erase", lead, "--json", named="leads erase LEAD --json")
    return said


def test_commands_print_the_keys_they_printed(printed: Table) -> None:
    commands = {name: rows for name, rows in kept().items() if name not in STATIC}
    assert printed == commands
