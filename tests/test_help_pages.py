"""The pages for whoever works on the product name only what is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / ".github/ARCHITECTURE.md", ROOT / ".github/CONTRIBUTING.md")
A_PLACE = re.compile(
    r"(?P<path>[\w.][\w./]*(?:/|\.(?:py|toml|txt|md)))(?:: (?P<name>[A-Za-z_][\w.]*))?"
)


def named(page: Path) -> Iterator[tuple[str, str]]:
    """Every path of a page, with the name in it, or empty."""
    text = page.read_text("utf-8")
    spans = re.findall(r"`([^`\n]+)`", text)
    drawn = "\n".join(re.findall(r"```\n(.*?)```", text, re.DOTALL))
    for match in A_PLACE.finditer("\n".join(spans) + "\n" + drawn):
        yield match["path"], match["name"] or ""


def place_of(path: str) -> Path | None:
    """Where a path of a page is, at the top or in the package."""
    found = (base / path for base in (ROOT, ROOT / "ingagents"))
    return next((one for one in found if one.exists()), None)


@cache
def names_in(file: Path) -> frozenset[str]:
    """What a file defines, with the members of its classes as `Class.member`."""
    found: set[str] = set()
    for node in ast.parse(file.read_text("utf-8")).body:
        names = set(_defined(node))
        found |= names
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{one}" for item in node.body for one in _defined(item)}
    return frozenset(found)


def _defined(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        yield node.name
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    yield from (one.id for one in targets if isinstance(one, ast.Name))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_and_name_on_the_page_is_there(page):
    places = list(named(page))
    assert len(places) > 30
    gone = [path for path, _ in places if place_of(path) is None]
    assert gone == []
    unknown = [
        f"{path}: {name}"
        for path, name in places
        if name and (file := place_of(path)) is not None and name not in names_in(file)
    ]
    assert unknown == []


def test_every_port_of_a_service_is_on_the_page():
    page = PAGES[0].read_text("utf-8")
    ports = names_in(ROOT / "ingagents/ports.py")
    for name in ("SendingAccount", "ProfileSource", "DirectSender", "Inbox", "SentItems"):
        assert name in ports
        assert f"`{name}`" in page


def test_every_command_on_the_page_is_a_target_of_the_makefile():
    text = "".join(page.read_text("utf-8") for page in PAGES)
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text("utf-8")))
    assert set(re.findall(r"(?:`|^)make ([a-z]+)", text, re.MULTILINE)) - targets == set()


def test_before_a_commit_runs_what_make_fix_runs_and_nothing_is_downloaded():
    hooks = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    fix = re.search(r"(?m)^fix:.*\n((?:\t.*\n)+)", makefile)
    assert fix is not None
    for line in re.findall(r"\$\(BIN\)/(.*?) \.", fix[1]):
        assert f".venv/bin/{line}" in hooks
    assert re.findall(r"repo: (\S+)", hooks) == ["local"]
