"""Processes that end at the worst moment: nobody is written to twice, and the work goes on."""

from __future__ import annotations

import json
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import PATIENCE
from tests.front_door import (
    AT_ONCE,
    ServedSandbox,
    acts_of,
    ingagents,
    invented_people,
    journal_of,
    rows,
    served_sandbox,
    statuses,
    succeeds,
    write_people,
    write_settings,
)
from tests.processes import Running, answering, started, wait_until

QUICK_DOUBTS = "[outreach.uncertain]\nsettle_seconds = 1\nlooks = 2\nwindow_seconds = 2\n"
NO_SEARCH = AT_ONCE.replace(
    "[lead_finder]", "search_below = 0\n[lead_finder]\nmax_leads_per_day = 0"
)
CUT_SHORT = "ended in the midst of its work: what was committed stands\n"
"""What a department says that could not stop in nine seconds, as on a busy machine."""
DAYS_AT_MOST = 1
"""A killed process's role is free again twenty seconds later, which is long on a fast clock."""

OPEN = (
    "SELECT count(*) FROM leads WHERE contact_status IN ('Allocated', 'Uncertain')"
    " AND id NOT IN (SELECT recipient FROM deliveries WHERE refusal = 'cannot_resend')"
)
"""Who waits for a first contact; not whom LinkedIn takes no invitation to for some weeks."""


def contacts(running: Running) -> int:
    """How many people a running department says it has written to."""
    return sum("lead.contacted" in line for line in list(running.err))


def assert_every_delivery_has_its_act(folder: Path, acts: list[tuple[str, str]]) -> None:
    """Acts as (provider id, text): one a person and step, and just those the database calls sent.

    Every doubt is settled, but for a message nobody got: that it cannot be seen proves nothing, and
    a human is asked.
    """
    sent = rows(
        folder,
        "SELECT address, text, step FROM deliveries"
        " WHERE state = 'sent' AND kind IN ('invitation', 'message')",
    )
    assert sorted((address, text) for address, text, _ in sent) == sorted(acts)
    steps = Counter((address, step) for address, _, step in sent)
    twice = [one for one, count in steps.items() if count > 1]
    assert not twice, f"written to twice: {twice}"
    first = Counter(address for address, _, step in sent if step == "first-contact")
    assert set(first) == {address for address, _ in acts}, "everybody had a first contact"
    open_ones = rows(
        folder,
        "SELECT d.id, d.state, d.detail FROM deliveries d"
        " LEFT JOIN reviews r ON r.subject = d.id AND r.kind = 'send' AND r.state = 'open'"
        " WHERE d.state NOT IN ('sent', 'refused', 'lost')"
        " AND NOT (d.kind = 'message' AND d.state = 'uncertain' AND r.id IS NOT NULL)",
    )
    assert open_ones == [], "every doubt is settled, or a human asked"


def killed_after(folder: Path, contacted: int, *how: str) -> bool:
    """A `run` that is killed when so many are contacted in all; False: it ended before."""
    before = len(acts_of(folder)) if (folder / "ingagents.db.sandbox").exists() else 0
    with started(folder, "run", *how) as running:
        if contacted:
            wait_until(
                f"{contacted} people contacted",
                lambda: contacts(running) >= contacted - before or not running.alive(),
            )
        else:
            running.until("job.done")
        running.send(signal.SIGKILL)
        return running.wait() == -signal.SIGKILL


@pytest.mark.parametrize("how", [("--no-screen",), ()], ids=["jumping", "watched"])
def test_a_day_killed_again_and_again_writes_to_nobody_twice(
    tmp_path: Path, how: tuple[str, ...]
) -> None:
    write_settings(tmp_path, f"[sandbox]\nrun_seconds = 30\n{AT_ONCE}")
    kills = (0, 1, 5, 15, 30) if how else (8,)
    for after in kills:
        while not killed_after(tmp_path, after, *how):
            pass  # the day may be over before so many are contacted
    met = acts_of(tmp_path)
    assert kills[-1] / 2 < len(met) < 80, "killed in the middle"
    if not how:
        succeeds(tmp_path, "run")
    for _ in range(DAYS_AT_MOST):
        succeeds(tmp_path, "run", "--no-screen")
        if rows(tmp_path, OPEN) == [(0,)]:
            break
    acts = acts_of(tmp_path)
    assert len(acts) > len(met), "what was waiting went on"
    assert_every_delivery_has_its_act(tmp_path, [(act.provider_id, act.text) for act in acts])
    assert rows(tmp_path, OPEN) == [(0,)], "nobody was forgotten"
    events = journal_of(tmp_path)
    assert [event["seq"] for event in events] == [*range(1, len(events) + 1)]
    sent = [event["data"] for event in events if event["type"] == "message_sent"]
    told = Counter(one["delivery_id"] for one in sent)
    assert len(told) == len(acts)
    assert set(told.values()) == {1}


@contextmanager
def department(
    folder: Path, count: int, *, linkedin: str = ""
) -> Iterator[tuple[ServedSandbox, dict[str, str]]]:
    """A folder with allocated people and a sandbox in another process to write to them."""
    with served_sandbox(folder / "service") as sandbox:
        write_settings(folder, sandbox.settings(NO_SEARCH + QUICK_DOUBTS, linkedin=linkedin))
        write_people(folder / "people.csv", invented_people(count))
        succeeds(folder, "leads", "import", "people.csv")
        succeeds(folder, "once", "--task", "allocate")
        yield sandbox, sandbox.env()


def received(sandbox: ServedSandbox) -> list[tuple[str, str]]:
    """What an external sandbox received."""
    return [(act["provider_id"], act["text"]) for act in sandbox.acts()]


def order(sandbox: ServedSandbox, plan: dict[str, Any]) -> None:
    """Let something go wrong in an external sandbox; {} mends everything."""
    answer = httpx.post(
        f"{sandbox.url}/sandbox/faults", headers={"X-API-KEY": sandbox.key}, json=plan
    )
    assert answer.status_code == 200, answer.text


def test_killed_towards_a_service_at_any_moment_everybody_gets_one_message(
    tmp_path: Path,
) -> None:
    """Three departments at once: after each kill the role is free again only in twenty seconds."""
    moments = (killed_between_sends, killed_before_the_act, killed_after_the_act)
    with ThreadPoolExecutor(len(moments)) as together:
        ends = [together.submit(one, tmp_path / one.__name__) for one in moments]
        for end in ends:
            end.result()


def killed_between_sends(folder: Path) -> None:
    """A `run` killed in the middle of its sends; another one goes on."""
    with department(folder, 40) as (sandbox, env):
        with started(folder, "run", env=env) as running:
            wait_until("a few contacts", lambda: contacts(running) >= 6)
            running.send(signal.SIGKILL)
            running.wait()
        assert 0 < len(received(sandbox)) < 40
        with started(folder, "run", env=env) as running:
            wait_until("the end", lambda: rows(folder, OPEN) == [(0,)])
            running.send(signal.SIGTERM)
            assert running.wait() == 0, running.said
        assert len(received(sandbox)) == 40
        assert_every_delivery_has_its_act(folder, received(sandbox))
        assert statuses(folder).keys() <= {"Message Sent", "Responded"}


def killed_before_the_act(folder: Path) -> None:
    """The claim is committed, the service has not acted, and the process is gone."""
    killed_during_a_silent_send(folder, performed=False)


def killed_after_the_act(folder: Path) -> None:
    """The person has the message, and the process is gone before it heard so."""
    killed_during_a_silent_send(folder, performed=True)


def killed_during_a_silent_send(folder: Path, *, performed: bool) -> None:
    """Kill `once` while the service keeps silent about a send, then go on from cron."""
    kind = "act_then_silent" if performed else "silent"
    with department(folder, 1) as (sandbox, env):
        order(sandbox, {"rules": [{"kind": kind, "on": "POST /users/invite", "probability": 1}]})
        with started(folder, "once", "--task", "outreach", env=env) as running:
            claimed = "SELECT count(*) FROM deliveries WHERE state = 'attempted'"
            wait_until("the claim", lambda: rows(folder, claimed) == [(1,)])
            wait_until("the act", lambda: len(received(sandbox)) == performed)
            running.send(signal.SIGKILL)
            running.wait()
        order(sandbox, {})
        deadline = time.monotonic() + PATIENCE
        while rows(folder, OPEN) != [(0,)]:
            assert time.monotonic() < deadline
            ended = ingagents(folder, "once", "--task", "outreach", env=env)
            assert ended.code == 0 or ended.err.startswith("error: busy: "), ended.said
        assert len(received(sandbox)) == 1
        assert_every_delivery_has_its_act(folder, received(sandbox))
        assert statuses(folder) == {"Message Sent": 1}


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_sandbox_day_cleanly(tmp_path: Path, ending: signal.Signals) -> None:
    with started(tmp_path, "run") as running:
        running.until("job.done")
        running.send(ending)
        assert running.wait() == 0, running.said
    assert "contacted" in running.out[-2]
    assert "Traceback" not in running.said


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_run_whose_service_never_answers(
    tmp_path: Path, ending: signal.Signals
) -> None:
    asked = threading.Event()
    with answering(None, asked=asked) as url:
        write_settings(
            tmp_path,
            '[campaign]\nsender_name = "Kim Holm"\n'
            f'[linkedin]\nservice = "unipile"\nbase_url = "{url}"\naccount_id = "x"\nlive = true\n'
            f"timeout_seconds = 60\n{AT_ONCE}",
        )
        write_people(tmp_path / "people.csv", invented_people(2))
        succeeds(tmp_path, "leads", "import", "people.csv")
        succeeds(tmp_path, "once", "--task", "allocate")
        env = {"INGAGENTS_LINKEDIN__API_KEY": "a-key"}
        with started(tmp_path, "run", "--log-format", "json", env=env) as running:
            running.until("job.done")
            wait_until("a request", asked.is_set)
            running.send(ending)
            assert running.wait() == 0, running.said
        assert all(json.loads(line) for line in running.err if line != CUT_SHORT)
        assert "Traceback" not in running.said
        assert statuses(tmp_path) == {"Allocated": 2}, "parked, not lost"


def test_a_signal_in_the_middle_of_a_silent_send_leaves_a_doubt_that_is_settled_later(
    tmp_path: Path,
) -> None:
    with department(tmp_path, 1, linkedin="timeout_seconds = 60") as (sandbox, env):
        plan = {"kind": "act_then_silent", "on": "POST /users/invite", "probability": 1}
        order(sandbox, {"rules": [plan]})
        with started(tmp_path, "run", env=env) as running:
            wait_until("the act", lambda: len(received(sandbox)) == 1)
            running.send(signal.SIGTERM)
            assert running.wait() == 0, running.said
        assert "Uncertain" in statuses(tmp_path)
        order(sandbox, {})
        with started(tmp_path, "run", env=env) as running:
            wait_until("the doubt settled", lambda: rows(tmp_path, OPEN) == [(0,)])
        assert len(received(sandbox)) == 1
        assert_every_delivery_has_its_act(tmp_path, received(sandbox))


def test_ctrl_c_ends_a_single_task_with_one_line(tmp_path: Path) -> None:
    asked = threading.Event()
    with answering(None, asked=asked) as url:
        write_settings(
            tmp_path,
            f'[linkedin]\nservice = "unipile"\nbase_url = "{url}"\naccount_id = "x"\n{AT_ONCE}',
        )
        env = {"INGAGENTS_LINKEDIN__API_KEY": "a-key"}
        with started(tmp_path, "once", "--task", "search", env=env) as running:
            wait_until("a request", asked.is_set)
            running.send(signal.SIGINT)
            assert running.wait() == 130, running.said
        assert running.err == [
            "error: interrupted: the command was stopped; what was committed stands\n"
        ]
        after = ingagents(tmp_path, "status", "--json", env=env)
        assert after.code == 0
