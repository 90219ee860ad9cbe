"""Every command the README shows is run, in its order, in one folder, and works as it stands."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import time
from pathlib import Path

import pytest

from ingagents.app.tasks import TASKS
from tests import PATIENCE
from tests.front_door import ROOT, succeeds
from tests.processes import environment

README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
SHOWN = [
    line.removeprefix("$ ").strip()
    for block in BLOCKS
    for line in block.splitlines()
    if line.startswith("$ ")
]
RUN = [command for command in SHOWN if command.startswith(("ingagents ", "cd "))]
MADE = [command.split()[1] for command in SHOWN if command.startswith("make ")]


def test_the_readme_shows_commands_and_nothing_a_test_could_not_run() -> None:
    assert len(RUN) > 5
    others = [one for one in SHOWN if not one.startswith(("ingagents ", "make ", "cd "))]
    assert others == [], "show these outside of a console block, or as a make target"
    assert not [one for one in RUN if re.search(r"[<>]|\.\.\.|NAME|FILE|LEAD", one)]


def test_the_readmes_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert MADE
    assert set(MADE) <= targets


def test_every_command_of_the_readme_works_in_its_order(tmp_path: Path) -> None:
    folder = tmp_path
    for command in RUN:
        began = time.monotonic()
        if command.startswith("cd "):
            folder /= command.removeprefix("cd ")
            assert (folder / "settings.toml").exists(), "the command before has made it"
            continue
        if command.endswith("&"):
            serves(folder, command.removesuffix("&").strip())
            continue
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command],
            check=False,
            cwd=folder,
            env=environment(folder),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
        )
        took = f"{command} (after {time.monotonic() - began:.1f} s)"
        assert done.returncode == 0, f"{took}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr, took
        assert "error: " not in done.stderr, took


def serves(folder: Path, command: str) -> None:
    """Start what runs until stopped, wait until it says that it is up, end it: it ends well."""
    process = subprocess.Popen(
        ["bash", "-c", f"exec {command}"],
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
        assert ready, f"{command} said nothing for {PATIENCE} s"
        assert process.poll() is None, f"{command} ended by itself: {process.communicate()}"
        os.kill(process.pid, signal.SIGTERM)
        _, said = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, f"{command}: {said!r}"
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def commands_of(help_text: str) -> list[str]:
    """The names under `Commands:`."""
    return re.findall(r"^  ([a-z][a-z-]*)  ", help_text.partition("Commands:")[2], re.MULTILINE)


def test_every_command_and_task_is_mentioned(tmp_path: Path) -> None:
    found = commands_of(succeeds(tmp_path, "--help").out)
    assert len(found) > 8
    missing = [name for name in found if f"ingagents {name}" not in README]
    for group in ("leads", "journal"):
        below = commands_of(succeeds(tmp_path, group, "--help").out)
        assert len(below) > 2
        table = [line for line in README.splitlines() if f"ingagents {group} " in line]
        missing += [f"{group} {name}" for name in below if not any(name in line for line in table)]
    missing += [f"once --task {task}" for task in TASKS if f"`{task}`" not in README]
    assert missing == []


@pytest.mark.parametrize(
    "link", sorted({*re.findall(r"\]\((?!https?:|#)([^)]+)\)", README)} - {""})
)
def test_what_the_readme_links_to_is_there(link: str) -> None:
    assert (ROOT / link.partition("#")[0]).exists(), link
