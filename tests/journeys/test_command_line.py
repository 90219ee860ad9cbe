"""What all commands share: options, help, pipes and terminals; and the served sandbox."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from ingagents import __version__
from tests import PATIENCE
from tests.front_door import (
    ACCOUNT,
    assert_error,
    ingagents,
    served_sandbox,
    succeeds,
    write_settings,
)
from tests.processes import PROGRAM, environment

COMMANDS = (
    ("run",),
    ("once",),
    ("init",),
    ("doctor",),
    ("status",),
    ("leads", "import"),
    ("leads", "list"),
    ("leads", "show"),
    ("leads", "export"),
    ("leads", "suppress"),
    ("database", "copy"),
    ("journal", "list"),
    ("journal", "dead-letters"),
    ("journal", "requeue"),
    ("report",),
    ("sandbox",),
    ("pause",),
    ("resume",),
)


@pytest.mark.parametrize("typed", ["alocate", "Allocate", "allocat"])
def test_an_unknown_task_names_the_nearest_and_makes_nothing(tmp_path: Path, typed: str) -> None:
    ended = ingagents(tmp_path, "once", "--task", typed)
    assert_error(ended, "usage", 2, says="did you mean allocate?")
    assert list(tmp_path.iterdir()) == []


# sandbox


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_the_sandbox_serves_until_a_signal_and_ends_well(
    tmp_path: Path, ending: signal.Signals
) -> None:
    with served_sandbox(tmp_path) as sandbox:
        answer = httpx.get(
            f"{sandbox.url}/api/v1/accounts/{ACCOUNT}", headers={"X-API-KEY": sandbox.key}
        )
        assert answer.status_code == 200
        assert answer.json()["id"] == ACCOUNT
        refused = httpx.get(f"{sandbox.url}/sandbox/record", headers={"X-API-KEY": "wrong"})
        assert refused.status_code == 401
        assert sandbox.record()["acts"] == []
        sandbox.running.send(ending)
        assert sandbox.running.wait() == 0, sandbox.running.said
        assert sandbox.running.err == []


def test_two_sandboxes_do_not_share_a_port(tmp_path: Path) -> None:
    with served_sandbox(tmp_path) as sandbox:
        port = sandbox.url.rsplit(":", 1)[1]
        ended = ingagents(tmp_path, "sandbox", "--port", port)
        assert_error(ended, "busy", 75, says=port)


def test_the_same_seed_gives_the_same_people_and_another_seed_others(tmp_path: Path) -> None:
    def names(seed: str) -> list[str]:
        with served_sandbox(tmp_path, "--seed", seed, "--size", "30") as sandbox:
            answer = httpx.post(
                f"{sandbox.url}/api/v1/linkedin/search",
                params={"account_id": ACCOUNT, "limit": 10},
                headers={"X-API-KEY": sandbox.key},
                json={"api": "classic", "category": "people"},
            )
            answer.raise_for_status()
            return [str(item["name"]) for item in answer.json()["items"]]

    assert names("5") == names("5") != names("6")


@pytest.mark.parametrize(
    "wrong",
    [
        ("--port", "99999"),
        ("--port", "-1"),
        ("--host", "0.0.0.0"),
        ("--speed", "0"),
        ("--size", "-1"),
    ],
)
def test_the_sandbox_refuses_what_it_cannot_serve(tmp_path: Path, wrong: tuple[str, str]) -> None:
    assert_error(ingagents(tmp_path, "sandbox", *wrong), "usage", 2)


# common options


def test_settings_may_be_named_before_and_after_the_command_or_in_the_environment(
    tmp_path: Path,
) -> None:
    for name, limit in (("a", 11), ("b", 12), ("settings", 13)):
        (tmp_path / f"{name}.toml").write_text(
            f"[outreach.rate_limiting]\ndaily_limit = {limit}\n", "utf-8"
        )

    def limit_of(*arguments: str, **env: str) -> Any:
        found = succeeds(tmp_path, *arguments, env=env).json()
        return found["limits"]["daily_limit"]

    assert limit_of("status", "--json") == 13
    assert limit_of("--settings", "a.toml", "status", "--json") == 11
    assert limit_of("status", "--json", "--settings", "a.toml") == 11
    assert limit_of("status", "--json", INGAGENTS_SETTINGS="b.toml") == 12
    assert limit_of("status", "--json", "--settings", "a.toml", INGAGENTS_SETTINGS="b.toml") == 11


def test_the_environment_wins_over_dotenv_and_dotenv_over_the_file(tmp_path: Path) -> None:
    write_settings(
        tmp_path,
        "[outreach.rate_limiting]\ndaily_limit = 11\nweekly_limit = 21\nmin_interval_minutes = 1\n",
    )
    (tmp_path / ".env").write_text(
        "INGAGENTS_OUTREACH__RATE_LIMITING__DAILY_LIMIT=12\n"
        "INGAGENTS_OUTREACH__RATE_LIMITING__WEEKLY_LIMIT=22\n",
        "utf-8",
    )
    env = {"INGAGENTS_OUTREACH__RATE_LIMITING__DAILY_LIMIT": "13"}
    limits = succeeds(tmp_path, "status", "--json", env=env).json()["limits"]
    assert (limits["daily_limit"], limits["weekly_limit"]) == (13, 22)


def test_paths_in_the_settings_are_meant_from_the_settings_folder(tmp_path: Path) -> None:
    write_settings(tmp_path / "campaign", '[database]\nurl = "sqlite:///mine.db"\n')
    succeeds(tmp_path, "status", "--settings", "campaign/settings.toml")
    assert (tmp_path / "campaign" / "mine.db").is_file()
    assert not list(tmp_path.glob("*.db"))


def test_a_traceback_is_shown_on_request_only(tmp_path: Path) -> None:
    (tmp_path / "ingagents.db").write_text("not a database at all, just a few words", "utf-8")
    assert_error(ingagents(tmp_path, "status"), "database", 1)
    shown = ingagents(tmp_path, "status", "--debug")
    assert shown.code == 1
    assert "Traceback" in shown.err
    assert shown.err.splitlines()[-1].startswith("error: database: ")


def test_logs_are_as_loud_as_asked_for(three: Path) -> None:
    assert succeeds(three, "once", "--task", "allocate").err == ""
    told = succeeds(three, "once", "--task", "outreach", "--log-level", "info").err
    assert "lead.contacted" in told
    json_logs = succeeds(
        three, "once", "--task", "monitor", "--log-level", "info", "--log-format", "json"
    ).err
    assert [json.loads(line)["event"] for line in json_logs.splitlines()] == ["job.done"]


@pytest.mark.parametrize(
    "wrong",
    [
        ("--log-format", "xml", "status"),
        ("--log-level", "shout", "status"),
        ("nonsense",),
        ("leads", "nonsense"),
        ("run", "--nonsense"),
        ("once",),
        ("once", "--task"),
        ("leads", "import"),
        ("leads", "export", "--format", "xml"),
        ("leads", "list", "--status", "asleep"),
        ("leads", "list", "--classification", "guest"),
        ("leads", "list", "--limit", "0"),
        ("leads", "list", "--limit", f"{2**63}"),
        ("leads", "list", "--sort", "beauty"),
        ("review", "list", "--limit", f"{2**63}"),
        ("journal", "list", "--after", f"{2**63}"),
        ("journal", "requeue", f"{2**63}"),
        ("journal", "list", "--format", "xml"),
        ("report", "--format", "xml"),
        ("status", "surplus"),
        ("status", "--settings"),
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_is_refused_in_one_line(
    tmp_path: Path, wrong: tuple[str, ...]
) -> None:
    ended = ingagents(tmp_path, *wrong)
    assert_error(ended, "usage", 2)
    assert ended.out == ""


def test_help_names_every_command_and_each_has_its_own(tmp_path: Path) -> None:
    overview = succeeds(tmp_path, "--help").out
    for command in COMMANDS:
        assert command[0] in overview
    for command in COMMANDS[::3]:
        page = succeeds(tmp_path, *command, "--help")
        assert page.out.startswith(f"Usage: ingagents {' '.join(command)}")
        assert page.err == ""
    assert succeeds(tmp_path, "-h").out == overview
    assert succeeds(tmp_path, "--version").out == f"ingagents {__version__}\n"
    assert list(tmp_path.iterdir()) == [], "asking leaves nothing behind"


@pytest.mark.parametrize("group", [(), ("leads",), ("journal",), ("database",)])
def test_a_group_alone_shows_its_help_and_is_wrong_usage(
    tmp_path: Path, group: tuple[str, ...]
) -> None:
    ended = ingagents(tmp_path, *group)
    assert ended.code == 2
    assert "Usage: ingagents" in ended.err
    assert ended.out == ""


def test_the_package_can_be_run_as_a_module(tmp_path: Path) -> None:
    python = PROGRAM.with_name("python")
    done = subprocess.run(
        [python, "-m", "ingagents", "--version"],
        check=False,
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stdout) == (0, f"ingagents {__version__}\n")


# pipes and terminals


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_is_closed_from_the_start_is_no_failure(tmp_path: Path, closed: str) -> None:
    def run(command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", "-c", f'"$0" {command} {closed}', PROGRAM],
            check=False,
            cwd=tmp_path,
            env=environment(tmp_path),
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
        )

    done = run("leads list")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    wrong = run("leads show nobody")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.startswith("error: input: ") or "2>&-" in closed


def as_bytes(folder: Path, *arguments: str | bytes, **variables: str) -> tuple[int, bytes, bytes]:
    done = subprocess.run(
        [PROGRAM, *arguments],
        check=False,
        cwd=folder,
        env=environment(folder) | variables,
        capture_output=True,
        timeout=PATIENCE,
    )
    return done.returncode, done.stdout, done.stderr


def test_names_are_written_whatever_the_code_page_of_the_machine(tmp_path: Path) -> None:
    name = "Łukasz 李小龙"
    (tmp_path / "people.csv").write_text(
        f"Name,LinkedIn URL\n{name},https://www.linkedin.com/in/lukasz-li\n", "utf-8"
    )
    succeeds(tmp_path, "leads", "import", "people.csv")
    for command in (("leads", "list"), ("leads", "export"), ("leads", "list", "--json")):
        code, out, err = as_bytes(tmp_path, *command, PYTHONIOENCODING="latin-1")
        assert (code, name in out.decode("utf-8"), err) == (0, True, b"")


def test_an_argument_that_is_no_text_is_wrong_usage_and_a_file_of_such_a_name_is_read(
    tmp_path: Path,
) -> None:
    for command in (("show",), ("suppress",), ("note", "somebody")):
        code, out, err = as_bytes(tmp_path, "leads", *command, b"M\xfcller", LC_ALL="C.UTF-8")
        assert (code, out) == (2, b"")
        assert b"not text in UTF-8; type it anew" in err
    named = os.path.join(os.fsencode(tmp_path), b"M\xfcller.csv")  # noqa: PTH118  bytes
    with open(named, "w", encoding="utf-8") as stream:  # noqa: PTH123  bytes
        stream.write("Name,LinkedIn URL\nAda,https://www.linkedin.com/in/ada-somebody\n")
    code, out, err = as_bytes(tmp_path, "leads", "import", b"M\xfcller.csv", LC_ALL="C.UTF-8")
    assert (code, b"1 taken" in out, err) == (0, True, b"")


@pytest.mark.parametrize("command", [("journal", "list"), ("leads", "export")])
def test_a_reader_that_has_seen_enough_is_no_failure(
    own_day: Path, command: tuple[str, ...]
) -> None:
    process = subprocess.Popen(
        [PROGRAM, *command],
        cwd=own_day,
        env=environment(own_day),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
        assert process.wait(PATIENCE) == 0
    assert said == b""


def on_a_terminal(
    folder: Path,
    *arguments: str,
    stdout: bool = False,
    env: dict[str, str] | None = None,
    until: Sequence[str] = (),
) -> tuple[int, str]:
    """Run with stderr (or stdout) on a terminal; the exit code and what the terminal got.

    What goes on by itself is asked to end when it has shown all words of `until`.
    """
    ours, theirs = pty.openpty()
    sink = subprocess.DEVNULL
    process = subprocess.Popen(
        [PROGRAM, *arguments],
        cwd=folder,
        env=environment(folder, env),
        stdin=subprocess.DEVNULL,
        stdout=theirs if stdout else sink,
        stderr=sink if stdout else theirs,
    )
    os.close(theirs)
    shown = bytearray()
    deadline = time.monotonic() + PATIENCE
    try:
        while time.monotonic() < deadline:
            if select.select([ours], [], [], 0.1)[0]:
                try:
                    shown += os.read(ours, 65536)
                    if until and all(word.encode() in shown for word in until):
                        process.terminate()
                        until = ()
                except OSError:  # the other side is closed: the program has ended
                    break
            elif process.poll() is not None:
                break
        return process.wait(PATIENCE), shown.decode("utf-8", "replace")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(PATIENCE)
        os.close(ours)


def test_what_takes_long_shows_a_bar_on_a_terminal_and_nothing_elsewhere(own_day: Path) -> None:
    copy = ("database", "copy", "sqlite:///ingagents.db", "sqlite:///other.db")
    for doing, arguments in (("search", ("once", "--task", "search")), ("copying", copy)):
        code, shown = on_a_terminal(own_day, *arguments)
        assert code == 0, shown
        assert doing in shown
        assert "0:00:0" in shown
    assert ingagents(own_day, "once", "--task", "search").err == ""


def test_a_terminal_gets_colours_unless_no_color_is_set(own_day: Path) -> None:
    loud = ("once", "--task", "monitor", "--log-level", "info")
    colour = re.compile(r"\x1b\[[0-9;]*3\d")
    code, shown = on_a_terminal(own_day, *loud)
    assert code == 0
    assert colour.search(shown), repr(shown[:500])
    code, plain = on_a_terminal(own_day, *loud, env={"NO_COLOR": "1"})
    assert code == 0
    assert plain
    assert not colour.search(plain), repr(plain[:500])


def test_a_terminal_shows_the_day_live_without_colour_where_asked(own_day: Path) -> None:
    no_colour = {"NO_COLOR": "1"}
    words = ("InG Summit", "found", "contacted", "replied", "positive", "outreach")
    code, shown = on_a_terminal(own_day, "run", env=no_colour, until=words)
    assert code == 0
    assert [word for word in words if word not in shown] == []
    assert not re.search(r"\x1b\[[0-9;]*3\dm", shown)


def test_a_list_on_a_terminal_is_a_table_and_in_a_pipe_tab_separated(own_day: Path) -> None:
    code, shown = on_a_terminal(own_day, "leads", "list", "--limit", "3", stdout=True)
    assert code == 0
    assert "status" in shown, "a table has a header"
    assert "\t" not in shown
    assert "\t" in succeeds(own_day, "leads", "list", "--limit", "3").out


def test_a_narrow_terminal_cuts_no_id_and_leaves_no_name_out(own_day: Path) -> None:
    rows = succeeds(own_day, "leads", "list", "--limit", "3").out.splitlines()
    code, shown = on_a_terminal(
        own_day, "leads", "list", "--limit", "3", stdout=True, env={"COLUMNS": "30"}
    )
    assert code == 0
    for row in rows:
        lead_id, name, *_ = row.split("\t")
        assert lead_id in shown
        assert name[:7] in shown
