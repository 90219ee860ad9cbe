"""`run` with `[web]`: health and figures from the process at work, a clean end, a taken port."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

import httpx
import pytest

from tests import PATIENCE
from tests.front_door import AT_ONCE, assert_error, ingagents, write_settings
from tests.processes import free_port, started, wait_until

LONG = "run_seconds = 600\n"


def settings(port: int, more: str = "") -> str:
    return f"{AT_ONCE}\n[sandbox]\n{LONG}\n[web]\nenabled = true\nport = {port}\n{more}"


def answers(page: httpx.Client, path: str) -> int:
    try:
        return page.get(path).status_code
    except httpx.TransportError:
        return 0


def test_the_process_at_work_says_how_it_is_and_ends_cleanly(tmp_path: Path) -> None:
    port = free_port()
    write_settings(tmp_path, settings(port))
    with (
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as page,
        started(tmp_path, "run", "--for", "1h", "--no-screen") as running,
    ):
        wait_until("the agents are at work", lambda: answers(page, "/readyz") == 200)
        assert answers(page, "/healthz") == 200
        figures = page.get("/metrics")
        assert 'ingagents_agent_healthy{agent="outreach"} 1.0' in figures.text
        with page.stream("GET", "/live") as open_page:
            assert next(open_page.iter_lines()).startswith("retry")
            running.send(signal.SIGTERM)
            assert running.wait() == 0
        assert answers(page, "/healthz") == 0


def test_a_taken_port_is_a_sentence_and_nothing_works(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        write_settings(tmp_path, settings(port))
        done = ingagents(tmp_path, "run", "--no-screen")
        told = ingagents(tmp_path, "doctor", "--json").json()["checks"][-1]
        assert (told["check"], told["ok"]) == ("page", True)
        assert "another web.port" in told["fix"]
    assert_error(done, "busy", 75, says="another web.port")


@pytest.mark.parametrize(("web", "says"), [
    ('host = "0.0.0.0"', "token_file"),
    ('host = "0.0.0.0"\ntoken_file = "gone.txt"', "gone.txt"),
    ('token_file = "short.txt"', "shorter than"),
])  # fmt: skip
def test_it_does_not_start_open_to_everybody(tmp_path: Path, web: str, says: str) -> None:
    (tmp_path / "short.txt").write_text("guess me\n")
    write_settings(tmp_path, settings(free_port(), web))
    assert_error(ingagents(tmp_path, "run", "--no-screen"), "settings", 2, says=says)
    told = ingagents(tmp_path, "doctor", "--json").json()["checks"]
    assert [one["says"] for one in told if not one["ok"] and says in one["says"]]
