"""SIGTERM and SIGINT at any moment of `run`: it ends with 0 and without a traceback."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import PATIENCE
from tests.front_door import AT_ONCE, write_settings
from tests.processes import PROGRAM

LOADED = re.compile(r"import time:.*\|\s*([\w.]+)$", re.MULTILINE)
AT = ["typer", "ingagents.cli.work", "anyio", "ingagents.settings",
      "ingagents.app.department", "ingagents.store.engine.sqlite"]  # fmt: skip


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("moment", AT)
def test_a_signal_while_it_starts_ends_it_cleanly(
    tmp_path: Path, moment: str, number: signal.Signals
) -> None:
    """The moment is when a module has been loaded, which Python tells on stderr."""
    write_settings(tmp_path, AT_ONCE)
    process = subprocess.Popen(
        [sys.executable, "-X", "importtime", PROGRAM, "run", "--no-screen"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert process.stderr is not None
    seen = ""
    while not (LOADED.search(seen) and seen.rstrip().endswith(f" {moment}")):
        line = process.stderr.readline()
        assert line, f"{moment} was never loaded: {seen[-500:]}"
        seen = line
    process.send_signal(number)
    _, rest = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, rest[-2000:]
    assert "Traceback" not in rest


HEARING = (
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL);"
    "os.execv(sys.argv[1], sys.argv[1:])"
)
"""A worker of the test run ignores Ctrl-C, and so would its children."""


@pytest.mark.parametrize("moment", ["typer", "anyio"])
def test_ctrl_c_while_another_command_is_loaded_is_said_in_one_line(
    tmp_path: Path, moment: str
) -> None:
    write_settings(tmp_path, AT_ONCE)
    python = sys.executable
    process = subprocess.Popen(
        [python, "-c", HEARING, python, "-X", "importtime", PROGRAM, "leads", "list"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert process.stderr is not None
    while not (line := process.stderr.readline()).rstrip().endswith(f" {moment}"):
        assert line, f"{moment} was never loaded"
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, rest[-2000:]
    assert "Traceback" not in rest
    assert rest.rstrip().splitlines()[-1].startswith("error: interrupted: ")


def test_a_signal_at_the_very_end_ends_it_cleanly(tmp_path: Path) -> None:
    write_settings(tmp_path, AT_ONCE)
    process = subprocess.Popen(
        [PROGRAM, "run", "--no-screen", "--for", "1s"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    while "report:" not in (line := process.stdout.readline()):
        assert line
    process.terminate()
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 0


@pytest.mark.parametrize("ignored", [False, True], ids=["a terminal", "nohup"])
def test_a_terminal_that_is_closed_ends_it_cleanly_unless_it_shall_outlive_it(
    tmp_path: Path, ignored: bool
) -> None:
    write_settings(tmp_path, AT_ONCE)
    nohup = ["nohup"] if ignored else []
    process = subprocess.Popen(
        [*nohup, PROGRAM, "run", "--no-screen"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    while "job.done" not in (line := process.stderr.readline()):
        assert line
    if not ignored:
        process.stderr.close()  # nobody reads any more what it says
    process.send_signal(signal.SIGHUP)
    if ignored:
        assert "job.done" in "".join(process.stderr.readline() for _ in range(20))
        process.terminate()
        process.communicate(timeout=PATIENCE)
    assert process.wait(PATIENCE) == 0
