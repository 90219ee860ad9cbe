"""Rules of the house that no single module can keep: imports, sizes, names, every setting shown."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TypeGuard, get_args

import pytest
from pydantic import BaseModel

import ingagents
from ingagents.settings import Settings
from tests import PATIENCE

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "ingagents"
MODULES = sorted(PACKAGE.rglob("*.py"))

LONGEST = 400

TESTED_ELSEWHERE = {
    "evaluation/datasets": "evaluation/test_metrics: the rows that are measured",
    "messages/facts": "llm/test_write_message: facts are what a text may rest on",
    "messages/words": "llm/test_write_message: words are what is not a fact",
    "sending/person_waits": "test_gates: each is tried there, as the gate that it shuts",
    "sending/plans": "test_plan_of_a_send: what comes of the gates is tried there",
    "reporting/daily_metrics": "test_reporter: it only counts what the report reads",
    "reporting/metrics_table": "test_reporter: the figures are read where they stand, in a report",
    "reporting/insights": "test_reporter: sentences are read where they stand, in a report",
    "replies/evidence": "test_response_analyser: the evidence is what the analyser weighs",
    "replies/opt_out": "replies/test_tables: opt-outs are tried as people write them",
    "replies/phrases": "test_response_analyser: a phrase means what the analyser makes of it",
    "replies/spelling": "test_response_analyser",
    "sending/send_facts": "test_gates: facts are what a plan looks at",
    "text/word_lists": "messages/test_reader_language: read there, by employment and by pretence",
    "why/why_words": "why/test_why: said where a gate is named",
}
"""Core modules without a test file of their own, and the test file that holds them."""

WATCHED_IMPORT = """
import json, sys
opened, sockets = [], []
def watch(event, args):
    if event == "open" and not str(args[0]).endswith((".py", ".pyc")):
        opened.append(str(args[0]))
    if event.startswith("socket."):
        sockets.append(event)
before = set(sys.modules)
sys.addaudithook(watch)
import ingagents
loaded = set(sys.modules) - before
import logging
print(json.dumps({
    "opened": opened,
    "sockets": sockets,
    "handlers": [repr(handler) for handler in logging.getLogger().handlers],
    "level": logging.getLogger().level,
    "loaded": sorted(loaded),
}))
"""


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def name_of(module: Path) -> str:
    return module.relative_to(PACKAGE).as_posix()


def test_importing_the_package_touches_nothing() -> None:
    done = run(sys.executable, "-c", WATCHED_IMPORT)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    seen = json.loads(done.stdout)
    assert seen["opened"] == []
    assert seen["sockets"] == []
    assert seen["handlers"] == []
    assert seen["level"] == 30  # WARNING, as Python starts
    heavy = {"anyio", "asyncio", "httpx", "pydantic", "pydantic_settings", "sqlite3", "structlog"}
    assert heavy.isdisjoint(seen["loaded"])
    assert [name for name in seen["loaded"] if name.startswith("ingagents")] == ["ingagents"]


def test_everything_on_the_visiting_card_is_there_and_sorted() -> None:
    assert sorted(ingagents.__all__) == ingagents.__all__
    for name in ingagents.__all__:
        assert getattr(ingagents, name) is not None
    assert set(ingagents.__all__) <= set(dir(ingagents))
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = ingagents.no_such_name


@cache
def tree_of(module: Path) -> ast.Module:
    """A module, read once for all rules."""
    return ast.parse(module.read_text("utf-8"))


def breaking(rule: Callable[[Path], bool]) -> list[str]:
    """The modules that a rule does not find in order: one test a rule, for they are many."""
    assert MODULES
    return [name_of(module) for module in MODULES if not rule(module)]


def test_a_packages_face_alone_says_what_is_public_and_has_it() -> None:
    """A name in `__all__` that is nowhere bound makes `from module import *` fail."""

    def names_what_it_has(module: Path) -> bool:
        public: list[str] = []
        bound: set[str] = set()
        for node in tree_of(module).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                public = ast.literal_eval(node.value)
            bound |= set(_bound_by(node))
        known = set(public) <= bound or "__getattr__" in bound
        is_face = module.name == "__init__.py"
        return known and len(set(public)) == len(public) and (is_face or not public)

    assert breaking(names_what_it_has) == []


def _bound_by(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield one.name
        elif isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            yield one.id
        elif isinstance(one, ast.alias):
            yield (one.asname or one.name).partition(".")[0]


def test_a_module_has_one_subject_and_so_is_short_and_has_a_name() -> None:
    def is_named(module: Path) -> bool:
        return "util" not in name_of(module).lower()

    def is_short(module: Path) -> bool:
        return len(module.read_text("utf-8").splitlines()) <= LONGEST

    assert breaking(is_named) == []
    assert breaking(is_short) == []


MAKES_FILES = {
    "private_files.py": "the one way",
    "store/engine/file_lock.py": "the lock file, which is empty",
    "store/engine/sqlite.py": "connections to files that are there",
    "store/engine/open_store.py": "a connection to a file that is there",
    "sandbox/record.py": "a connection to a file that was made private",
    "integrations/past_edition.py": "a connection to a file that is there, to read it alone",
    "integrations/file_erasure.py": "overwrites what is there before it is deleted",
    "cli/streams.py": "opens the null device",
}
"""Who opens files for writing otherwise than by `private_files`, and why it may."""

_MAKERS = {"write_text", "write_bytes", "touch", "mkstemp", "NamedTemporaryFile", "copyfile"}


def test_a_file_is_made_private_or_not_at_all() -> None:
    """Leads, replies and reports are people's data: other users of the machine read none of it."""

    def makes_as_it_may(module: Path) -> bool:
        makes = any(_makes(node) for node in ast.walk(tree_of(module)))
        return makes == (name_of(module) in MAKES_FILES)

    assert breaking(makes_as_it_may) == []


def _makes(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    called = ast.unparse(node.func)
    name = called.rpartition(".")[2]
    if called in {"os.open", "sqlite3.connect"} or name in _MAKERS:
        return True
    modes = [*node.args, *(word.value for word in node.keywords if word.arg == "mode")]
    return name == "open" and any(
        isinstance(one, ast.Constant)
        and isinstance(one.value, str)
        and set("wax+") & set(one.value)
        for one in modes
    )


WRITES_STATUS = {
    "core/sheet/restore.py": "makes the lead of a row, with the status the table gives it",
    "store/tables/leads.py": "writes the row, with the status that was moved to",
}
"""Who puts a status into a lead, and where it has it from: nobody else may."""

SAYS_STATUS = {
    "services/sheet/restore.py": "in the journal",
    "cli/review.py": "to the terminal",
    "core/lead_status.py": "in the journal",
}
"""Who names it by its field, and where: this reads a lead and writes none."""


def test_a_lead_changes_its_status_by_the_table_alone() -> None:
    """`core.lead_status` decides where a lead stands; what it says is all that is written."""

    def writes_as_it_may(module: Path) -> bool:
        nodes = list(ast.walk(tree_of(module)))
        writes = any(_writes_status(node) for node in nodes)
        says = any(_says_status(node) for node in nodes)
        name = name_of(module)
        return writes == (name in WRITES_STATUS) and says == (name in SAYS_STATUS)

    assert breaking(writes_as_it_may) == []


def _writes_status(node: ast.AST) -> bool:
    """As an argument, a key or an attribute that is set, or in SQL."""
    match node:
        case ast.keyword(arg="contact_status"):
            return True
        case ast.Attribute(attr="contact_status", ctx=ast.Store()):
            return True
        case ast.Subscript(slice=ast.Constant(value="contact_status"), ctx=ast.Store()):
            return True
        case ast.Constant(value=str(text)):
            return bool(re.search(r"(?i)\bset\b.*\bcontact_status\s*=", text.partition("WHERE")[0]))
        case _:
            return False


def _says_status(node: ast.AST) -> bool:
    return isinstance(node, ast.Dict) and any(
        isinstance(key, ast.Constant) and key.value == "contact_status" for key in node.keys
    )


@pytest.mark.parametrize(
    "line",
    [
        "leads.update(transaction, lead, now=now, contact_status=ContactStatus.CLOSED)",
        "msgspec.structs.replace(lead, contact_status=status)",
        "lead.contact_status = status",
        "changes['contact_status'] = status",
        "transaction.run('UPDATE leads SET version = 2, contact_status = :status WHERE id = 1')",
    ],
)
def test_every_way_to_write_a_status_is_seen(line: str) -> None:
    assert any(_writes_status(node) for node in ast.walk(ast.parse(line)))
    assert not any(_writes_status(node) for node in ast.walk(ast.parse("lead.contact_status")))


SENTENCES = {
    *("outcome", "problem", "problems", "reason", "reasons", "remedy", "status_reason", "step"),
    *("stopped_by", "summary", "try_later", "waits_for"),
}
"""What the product calls the sentences that it writes for people, and the keys it puts together."""

SENTENCES_OF = SENTENCES | {"detail", "error", "evidence", "said", "what", "why"}
"""The same as fields; variables of these names also hold what others wrote."""

READS_SENTENCES = {
    "cli/app.py": "mistakes in settings bring a remedy each and get no other; nothing is decided",
}
"""Who looks into them nevertheless, and why it may."""

_LOOKS_INTO = {
    *("startswith", "endswith", "partition", "rpartition", "removeprefix", "removesuffix"),
    *("split", "rsplit", "find", "index", "search", "match", "fullmatch"),
}
_STILL_THE_SAME = {"strip", "casefold", "lower"}


def test_nothing_is_decided_by_a_sentence_we_wrote() -> None:
    """What a decision needs is a field or an enum: a sentence may be reworded at any time."""

    def reads_none(module: Path) -> bool:
        if not name_of(module).startswith(
            ("agents/", "app/", "services/", "llm/", "cli/", "communication/", "core/", "store/")
        ):
            return True
        reads = any(_reads_a_sentence(node) for node in ast.walk(tree_of(module)))
        return reads == (name_of(module) in READS_SENTENCES)

    assert breaking(reads_none) == []


@pytest.mark.parametrize(
    ("code", "reads"),
    [
        ("run.outcome.startswith('failed: ')", True),
        ("problems[0].startswith('too long')", True),
        ("lead.status_reason.removeprefix('the same person as lead ')", True),
        ("told.partition(': ')[0] if outcome.try_later.strip().split('; ') else ''", True),
        ("'not to be seen' in look.evidence", True),
        ("verdict.reason == 'the day is over'", True),
        ("result.outcome == 'sent'", False),
        ("look.evidence.split()", False),
        ("_GAP.match(verdict.reason)", True),
        ("review.reason == ''", False),
        ("run.state is JobState.FAILED", False),
        ("text.startswith('> ')", False),
        ("'Closed' in statuses", False),
    ],
)
def test_the_rule_against_reading_sentences_knows_them(code: str, reads: bool) -> None:
    assert any(_reads_a_sentence(node) for node in ast.walk(ast.parse(code))) == reads


def _reads_a_sentence(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        words = [one.value for one in sides if isinstance(one, ast.Constant)]
        within = any(isinstance(op, ast.In | ast.NotIn) for op in node.ops)
        written = any(isinstance(word, str) and (within or " " in word) for word in words)
        return written and any(_names_a_sentence(side) for side in sides)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
        return False
    looked_into = any(_names_a_sentence(one) for one in (node.func.value, *node.args))
    return node.func.attr in _LOOKS_INTO and looked_into


def _names_a_sentence(node: ast.AST) -> bool:
    """Whether an expression is such a sentence, also one of several or one that was stripped."""
    while isinstance(node, ast.Subscript | ast.Call):
        if isinstance(node, ast.Subscript):
            node = node.value
        elif isinstance(node.func, ast.Attribute) and node.func.attr in _STILL_THE_SAME:
            node = node.func.value
        else:
            return False
    if isinstance(node, ast.Attribute):
        return node.attr in SENTENCES_OF
    return isinstance(node, ast.Name) and node.id in SENTENCES


CORE = [
    module.relative_to(PACKAGE / "core").with_suffix("").as_posix()
    for module in MODULES
    if module.is_relative_to(PACKAGE / "core") and module.name != "__init__.py"
]
NAMES = "names/"
"""How to greet somebody is one decision in several files, and `test_names` holds all of them."""


def _own_tests(name: str) -> str:
    folder, _, module = name.rpartition("/")
    return f"{folder}/test_{module}" if folder else f"test_{module}"


def test_every_module_that_judges_has_its_tests() -> None:
    missing = []
    for name in CORE:
        tests = TESTED_ELSEWHERE.get(name, _own_tests(name)).partition(":")[0]
        if not name.startswith(NAMES) and not (ROOT / "tests" / "core" / f"{tests}.py").is_file():
            missing.append(name)
    assert missing == []


def test_nothing_is_excused_that_has_tests_or_is_gone() -> None:
    for name in TESTED_ELSEWHERE:
        assert name in CORE
        assert not (ROOT / "tests" / "core" / f"{_own_tests(name)}.py").exists()


def test_imports_only_point_down_the_stairs() -> None:
    done = run(str(Path(sys.executable).with_name("lint-imports")), "--no-cache")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def _is_table(kind: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _settings(model: type[BaseModel], table: str = "") -> Iterator[tuple[str, str]]:
    for name, field in model.model_fields.items():
        section = field.annotation
        if _is_table(section):
            yield from _settings(section, f"{table}.{name}" if table else name)
        elif (lines := next(iter(get_args(section)), None)) and _is_table(lines):
            yield from _settings(lines, f"[{table}.{name}]" if table else f"[{name}]")
        else:
            yield table, name


def test_every_setting_is_shown_to_the_user() -> None:
    """In its table of settings.toml, or by its variable (secrets), or by its full name."""
    shown = "\n".join((ROOT / name).read_text("utf-8") for name in ("settings.toml", "README.md"))
    shown = re.sub("^#   ", "", shown, flags=re.MULTILINE)  # blocks that are an example

    def is_shown(table: str, name: str) -> bool:
        _, begins, rest = shown.partition(f"[{table}]")
        variable = f"INGAGENTS_{table.replace('.', '__')}__{name}".upper()
        in_table = f"\n{name} = " in rest.partition("\n[")[0]
        return bool(begins) and (in_table or variable in shown or f"`{table}.{name}`" in shown)

    settings = list(_settings(Settings))
    assert len(settings) > 100
    assert [one for one in settings if not is_shown(*one)] == []


def test_the_example_settings_are_the_defaults() -> None:
    """Every line shows the default, as its first line says; so reading it changes nothing."""
    done = run(
        sys.executable,
        "-c",
        "from ingagents.settings import Settings, load_settings\n"
        "read, default = load_settings('settings.toml').model_dump(), Settings().model_dump()\n"
        "print([k for k in default if read[k] != default[k]])",
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_no_test_reads_the_settings_of_the_machine_it_runs_on() -> None:
    assert not [name for name in os.environ if name.upper().startswith("INGAGENTS_")]
