"""A warm process that forks commands of the product: starting one costs a twentieth of a second.

It is a process of its own, with one thread, because whoever forks must have no other. It speaks
JSON lines: an order comes in, `{"started": pid}` goes out, later `{"ended": pid, "code": c}`.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import anyio

from tests import PATIENCE

ROOT = Path(__file__).parents[2]
_SAID_MOST = 20_000
_WARM = (
    "anyio._backends._asyncio",
    "httpx",
    "httpcore",
    "psycopg",
    "uvicorn.protocols.http.h11_impl",
    "uvicorn.lifespan.off",
    "starlette.routing",
    "concurrent.futures.thread",
    "email.generator",
    "encodings.idna",
    "jinja2",
    "nameparser.locales.ru",
    "nameparser.locales.zh",
    "structlog",
    "tenacity",
    "ingagents.services.outreach.sending.send",
    "ingagents.agents.lead_finder_agent",
    "ingagents.agents.outreach_agent",
    "ingagents.agents.sales_manager_agent",
    "ingagents.core.llm.choose_facts",
    "ingagents.core.replies.effect",
    "ingagents.cli.database",
    "ingagents.cli.evaluate",
    "ingagents.cli.facts",
    "ingagents.cli.follow_up",
    "ingagents.cli.review",
    "ingagents.cli.sandbox",
    "ingagents.cli.setup",
    "ingagents.cli.journal",
    "ingagents.cli.leads",
    "ingagents.cli.why",
    "ingagents.cli.work",
    "ingagents.app.department",
    "ingagents.app.views.team_pages",
    "ingagents.integrations.email.copies",
    "ingagents.integrations.unipile.account",
    "ingagents.integrations.unipile.sent_items",
    "ingagents.sandbox.market.acquaintances",
    "ingagents.integrations.csv.files",
    "ingagents.integrations.email.service",
    "ingagents.integrations.unipile.profiles",
    "ingagents.integrations.unipile.inbox",
    "ingagents.integrations.unipile.sender",
    "ingagents.integrations.email.report_pages",
    "ingagents.logs",
    "ingagents.sandbox.market.market",
    "ingagents.sandbox.server",
    "ingagents.sandbox.unipile.api",
    "ingagents.store.engine.postgres",
    "ingagents.store.engine.postgres_server",
)


class Child:
    """A command that was started; what it says is in files, or in one for both streams."""

    def __init__(self, pid: int, output: Path, errors: Path) -> None:
        self.pid = pid
        self.output = output
        self.errors = errors
        self.code: int | None = None
        self.ended = threading.Event()

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return not self.ended.is_set()

    def send(self, number: signal.Signals) -> None:
        """A signal for this one process."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def wait(self) -> int:
        """Its exit code; the negative number of the signal that killed it."""
        if not self.ended.wait(PATIENCE):
            raise AssertionError(f"it did not end within {PATIENCE} s:\n{self.said}")
        assert self.code is not None
        return self.code

    @property
    def said(self) -> str:
        """What it wrote last, on both streams."""
        files = dict.fromkeys([self.output, self.errors])
        return "--- stderr\n".join(
            file.read_text("utf-8", "replace")[-_SAID_MOST:] for file in files
        )

    def until(self, text: str) -> str:
        """The first line with a text in it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.alive:
            for line in self.said.splitlines():
                if text in line:
                    return line
            time.sleep(0.01)
        raise AssertionError(f"{text!r} was not said:\n{self.said}")


class Nursery:
    """The other end: orders commands, and hears how they ended. For any number of threads."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.kills.nursery"],
            cwd=ROOT,
            env=_plain_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        self._turn = threading.Lock()
        self._started: list[int] = []
        self._heard = threading.Condition()
        self._children: dict[int, Child] = {}
        self._early: dict[int, int] = {}
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def start(
        self,
        folder: Path,
        arguments: Sequence[str | Path],
        *,
        env: Mapping[str, str],
        output: Path,
        errors: Path | None = None,
        **launch: Any,
    ) -> Child:
        """Fork a command in a folder; `launch` are the options of `launcher.launch`.

        Without a file for its `errors` they are in the `output` too.
        """
        errors = errors or output
        order = {
            "folder": str(folder),
            "arguments": [str(argument) for argument in arguments],
            "env": dict(env),
            "output": str(output),
            "errors": str(errors),
            "launch": launch,
        }
        assert self._process.stdin is not None
        output.write_bytes(b"")
        errors.write_bytes(b"")
        with self._turn:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            with self._heard:
                assert self._heard.wait_for(lambda: self._started, timeout=PATIENCE), (
                    "the nursery died"
                )
                pid = self._started.pop(0)
                child = Child(pid, output, errors)
                if pid in self._early:
                    self._end(child, self._early.pop(pid))
                else:
                    self._children[pid] = child
        return child

    def close(self) -> None:
        """End it, and whatever of it still runs."""
        for child in list(self._children.values()):
            child.send(signal.SIGKILL)
        for child in list(self._children.values()):
            child.ended.wait(PATIENCE)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:  # it is still being born
            self._process.kill()
            self._process.wait(PATIENCE)
        self._listener.join(PATIENCE)
        self._process.stdout.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            told = json.loads(line)
            with self._heard:
                if "started" in told:
                    self._started.append(told["started"])
                elif (child := self._children.pop(told["ended"], None)) is not None:
                    self._end(child, told["code"])
                else:
                    self._early[told["ended"]] = told["code"]
                self._heard.notify_all()

    @staticmethod
    def _end(child: Child, code: int) -> None:
        child.code = code
        child.ended.set()


def _plain_environment() -> dict[str, str]:
    """What the children's interpreter began with: no wish of whoever runs the tests."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
    return {**kept, "LANG": "C.UTF-8"}


@contextmanager
def nursery() -> Iterator[Nursery]:
    """A nursery for as long as the block."""
    made = Nursery()
    try:
        yield made
    finally:
        made.close()


def end_on_signals() -> None:
    """Let this program end in good order when it is told to: servers and children end with it."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit("interrupted"))


def main() -> None:
    """Fork what is ordered until nobody orders any more."""
    from importlib import import_module

    from tests.kills.launcher import launch

    # Whoever runs the tests in the background has it ignored, and the children would have it so too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in _WARM:
        import_module(name)
    _read_the_tables()
    gc.freeze()  # what is shared with the children need not be copied for their collector
    rest, alive = b"", set[int]()
    while True:
        readable, _, _ = select.select([0], [], [], 0.01 if alive else None)
        for pid in list(alive):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                alive.discard(pid)
                _tell(ended=pid, code=os.waitstatus_to_exitcode(status))
        if not readable:
            continue
        read = os.read(0, 65536)
        if not read:
            for pid in alive:
                os.kill(pid, signal.SIGKILL)
            return
        *lines, rest = (rest + read).split(b"\n")
        for line in lines:
            order = json.loads(line)
            pid = os.fork()
            if pid == 0:
                _become(order, launch)
            alive.add(pid)
            _tell(started=pid)


def _read_the_tables() -> None:
    """Let rules judge a few people, answers and texts: what they read for it no child need read."""
    from ingagents.app.evaluate import evaluated, read_sets
    from ingagents.app.rules import texts
    from ingagents.cli.evaluate import TASKS
    from ingagents.integrations.email import report_pages
    from ingagents.settings import Settings

    settings = Settings()
    for task in TASKS:
        anyio.run(partial(evaluated, task, read_sets(task, None, 20), settings=settings))
    for load in (texts.load_templates, texts.load_step_templates, texts.load_prompts):
        load(settings)
    pages = report_pages._environment()
    for name in pages.list_templates():
        pages.get_template(name)


def _become(order: dict[str, Any], launch: Any) -> None:
    """In the child: be a process like any other, and end as one."""
    code = 70
    try:
        os.chdir(order["folder"])
        os.environ.clear()
        os.environ.update(order["env"])
        nothing = os.open(os.devnull, os.O_RDONLY)
        output = os.open(order["output"], os.O_WRONLY | os.O_APPEND)
        errors = os.open(order["errors"], os.O_WRONLY | os.O_APPEND)
        for given, stream in ((nothing, 0), (output, 1), (errors, 2)):
            os.dup2(given, stream)
            os.close(given)
        time.tzset()
        sys.argv = ["ingagents", *order["arguments"]]
        how = order["launch"]
        trace = how.pop("trace", None)
        code = launch(order["arguments"], trace=Path(trace) if trace else None, **how)
    finally:
        with suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _tell(**what: int) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    main()
