"""The program as its users meet it: real processes, real files, a served sandbox on loopback.

A command is a process of its own, forked from one that has the libraries loaded: what it does is
what the program does, without the second it takes to load it. What is about that beginning, about
a terminal, or needs rights taken away starts the PROGRAM itself.

Nothing here looks inside a running process: what a test knows it reads from stdout, stderr, the
exit code, the files left behind, or the sandbox's own record.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from ingagents.sandbox.record import Act, Record
from tests import PATIENCE
from tests.processes import (
    PROGRAM,
    Running,
    environment,
    started,
)

ROOT = Path(__file__).parents[1]
ACCOUNT = "sandbox-account"
KEY = "a-key-for-the-sandbox"

AT_ONCE = """
[sales_manager]
max_leads = 10000
allow_same_company = true
write_to_other = true
[lead_finder]
quality_threshold = 1
[outreach]
process_interval_minutes = 600
approval = "none"
[outreach.rate_limiting]
daily_limit = 10000
weekly_limit = 10000
min_interval_minutes = 0
max_interval_minutes = 0
working_hours_start = "00:00"
working_hours_end = "24:00"
working_days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
"""
"""Settings under which everything that can be sent is sent at once."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str
    seconds: float

    def json(self) -> Any:
        """Stdout as the one JSON value it holds."""
        return json.loads(self.out)

    @property
    def said(self) -> str:
        """All of it, for the message of a failed assertion."""
        return f"exit {self.code} after {self.seconds:.1f} s\n{self.out}\n--- stderr\n{self.err}"


def ingagents(
    folder: Path,
    *arguments: str | Path,
    env: Mapping[str, str] | None = None,
    before: Callable[[], None] | None = None,
) -> Ended:
    """Run a command in a folder to its end, with nothing on stdin.

    With something to do `before` it begins, it is started afresh.
    """
    if before is None:
        with started(folder, *arguments, env=env) as running:
            code = running.wait()
            out, err = "".join(running.out), "".join(running.err)
        return Ended(code=code, out=out, err=err, seconds=time.monotonic() - running.began)
    began = time.monotonic()
    done = subprocess.run(
        [PROGRAM, *map(str, arguments)],
        check=False,
        cwd=folder,
        env=environment(folder, env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        preexec_fn=before,
    )
    return Ended(
        code=done.returncode,
        out=done.stdout,
        err=done.stderr,
        seconds=time.monotonic() - began,
    )


def succeeds(folder: Path, *arguments: str | Path, **how: Any) -> Ended:
    """Run a command that must exit 0."""
    done = ingagents(folder, *arguments, **how)
    assert done.code == 0, done.said
    return done


def leads_of(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    """The leads as the export prints them."""
    done = succeeds(folder, "leads", "export", "--format", "jsonl", *arguments)
    return [json.loads(line) for line in done.out.splitlines()]


def journal_of(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    """The journal as its list prints it."""
    done = succeeds(folder, "journal", "list", "--format", "jsonl", *arguments)
    return [json.loads(line) for line in done.out.splitlines()]


def statuses(folder: Path) -> Counter[str]:
    """How many leads stand in each status; from the database, which is quicker than a process."""
    return Counter(dict(rows(folder, "SELECT contact_status, count(*) FROM leads GROUP BY 1")))


def rows(folder: Path, sql: str) -> list[Any]:
    """Rows of the department's own database, read beside whoever has it open."""
    database = sqlite3.connect(
        f"file:{folder / 'ingagents.db'}?mode=ro", uri=True, timeout=PATIENCE
    )
    with contextlib.closing(database):
        return database.execute(sql).fetchall()


def copied(source: Path, target: Path) -> Path:
    """A folder of its own with everything that stands in another."""
    shutil.copytree(source, target, dirs_exist_ok=True)
    return target


def write_settings(folder: Path, text: str) -> Path:
    """Write settings.toml; the file."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "settings.toml"
    file.write_text(text, "utf-8")
    return file


def write_people(
    file: Path, people: Sequence[tuple[str, str, str, str]], *, header: str | None = None
) -> Path:
    """A CSV of (name, headline, company, profile URL)."""

    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    lines = [header or "Name,Headline,Company,LinkedIn URL"]
    lines += [",".join(cell(text) for text in person) for person in people]
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


FIRST = ("Ada", "Björn", "Chloé", "Dmitri", "Efua", "Farid", "Greta", "Hana", "Iker", "Jonas")
LAST = ("Abel", "Brandt", "Costa", "Diallo", "Ekström", "Fontaine", "Greco", "Horvat")
DOES = (
    "CTO at {}",
    "Founder & CEO, {}",
    "VP Engineering | {}",
    "Head of Partnerships at {}",
    "Chief Marketing Officer, {}",
    "Staff Engineer at {}",
    "Student",
    "Sales Director EMEA - {}",
)


def invented_people(count: int) -> list[tuple[str, str, str, str]]:
    """Made-up people, all different, of the kinds a conference meets.

    Their addresses say their names: a sandbox that does not know them shows them by these.
    """
    people = []
    for number in range(count):
        first = FIRST[number % len(FIRST)]
        last = LAST[number // len(FIRST) % len(LAST)]
        company = f"{last} Works {number}"
        slug = f"{first}-{last}-{number:06d}".lower()
        does = DOES[number % len(DOES)].format(company)
        people.append((f"{first} {last}", does, company, f"https://www.linkedin.com/in/{slug}"))
    return people


@dataclass(frozen=True, kw_only=True)
class ServedSandbox:
    """A sandbox in a process of its own."""

    url: str
    running: Running
    key: str

    def record(self) -> dict[str, Any]:
        """What it received, in its own words."""
        answer = httpx.get(
            f"{self.url}/sandbox/record", headers={"X-API-KEY": self.key}, timeout=PATIENCE
        )
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def acts(self) -> list[dict[str, Any]]:
        """Everything that reached somebody."""
        return [act for act in self.record()["acts"] if act["kind"] != "withdrawal"]

    def settings(self, more: str = AT_ONCE, *, live: bool = True, linkedin: str = "") -> str:
        """A settings file for a department that works on this service."""
        return (
            f'[linkedin]\nservice = "unipile"\nbase_url = "{self.url}"\n'
            f'account_id = "{ACCOUNT}"\nlive = {str(live).lower()}\n{linkedin}\n{more}'
        )

    def env(self) -> dict[str, str]:
        """What the department needs in its environment; without a signature nothing is sent."""
        return {
            "INGAGENTS_LINKEDIN__API_KEY": self.key,
            "INGAGENTS_CAMPAIGN__SENDER_NAME": "Kim Holm",
        }


@contextmanager
def served_sandbox(folder: Path, *arguments: str) -> Iterator[ServedSandbox]:
    """`ingagents sandbox` on a free port, until the block is left."""
    folder.mkdir(parents=True, exist_ok=True)
    with started(folder, "sandbox", "--port", "0", "--api-key", KEY, *arguments) as running:
        line = running.until("http://")
        url = line.split("http://", 1)[1].split()[0]
        yield ServedSandbox(url=f"http://{url}", running=running, key=KEY)


def acts_of(folder: Path) -> list[Act]:
    """What the sandbox inside the department received, from its file."""
    record = Record(folder / "ingagents.db.sandbox")
    try:
        assert not record.repeated(), "somebody got the same text twice"
        return [act for act in record.acts if act.kind != "withdrawal"]
    finally:
        record.close()


@dataclass(frozen=True, kw_only=True)
class Used:
    """What a command used up."""

    ended: Ended
    peak_bytes: int


_METER = """
import json, resource, subprocess, sys
code = subprocess.call(sys.argv[2:])
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
with open(sys.argv[1], "w") as file:
    json.dump([code, peak * 1024], file)
"""


def measured(folder: Path, meter: Path, *command: str | Path) -> Used:
    """Run any command as the only child of a small process that tells what it used.

    Between us and the command stands that process because a child's peak begins with the memory
    of whoever forked it. `meter` is a file it may write.
    """
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", _METER, meter, *command],
        check=True,
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    code, peak_bytes = json.loads(meter.read_text("utf-8"))
    ended = Ended(code=code, out=done.stdout, err=done.stderr, seconds=time.monotonic() - began)
    return Used(ended=ended, peak_bytes=peak_bytes)


def assert_error(done: Ended, kind: str, code: int, *, says: str = "") -> str:
    """One line `error: <kind>: what; what to do now`, the exit code, no traceback. The line."""
    assert done.code == code, done.said
    assert "Traceback" not in done.err, done.said
    lines = [line for line in done.err.splitlines() if line.strip()]
    assert len(lines) == 1, done.said
    line = lines[0]
    assert line.startswith(f"error: {kind}: "), done.said
    what, semicolon, remedy = line.removeprefix(f"error: {kind}: ").partition("; ")
    assert what, line
    assert semicolon, line
    assert remedy.strip(), line
    assert says.casefold() in line.casefold(), line
    return line
