"""What an attacker, a liar or a careless colleague meets at the front door."""

from __future__ import annotations

import base64
import gzip
import json
import os
import shutil
import socketserver
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.front_door import (
    AT_ONCE,
    assert_error,
    ingagents,
    journal_of,
    measured,
    served_sandbox,
    succeeds,
    write_settings,
)
from tests.processes import PROGRAM, answering, started

KEY = "lin-9f8e7d6c5b4a-39291817"
PASSWORD = 'pa@ss/w"ord%41-9f8e'
CUT = 178
"""After so many signs of a service's words the key begins: across the place where they are cut."""

ALL_DAY = """
[outreach.rate_limiting]
daily_limit = 10000
weekly_limit = 10000
min_interval_minutes = 0
max_interval_minutes = 0.02
working_hours_start = "00:00"
working_hours_end = "24:00"
working_days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
[outreach]
approval = "none"
process_interval_minutes = 0.01
[lead_finder]
quality_threshold = 1
max_leads_per_day = 60
[sales_manager]
allow_same_company = true
write_to_other = true
"""


class Echo(BaseHTTPRequestHandler):
    """Refuses everything, and repeats the key it was given."""

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        key = self.headers.get("x-api-key") or self.headers.get("authorization", "")[7:]
        said = "x" * CUT + key
        body = {"type": "errors/x", "title": "t", "detail": said, "error": {"message": said}}
        raw = json.dumps(body).encode()
        self.send_response(401)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    do_GET = do_POST = answer  # noqa: N815  how the library names them

    def log_message(self, *_: object) -> None:
        pass


class MailEcho(socketserver.StreamRequestHandler):
    """A mail server that repeats what somebody logged in with."""

    def handle(self) -> None:
        self.wfile.write(b"220 local ESMTP\r\n")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"EHLO":
                self.wfile.write(b"250-local\r\n250 AUTH PLAIN LOGIN\r\n")
            elif verb == b"AUTH":
                self.wfile.write(b"535 5.7.8 cannot take: " + line.strip() + b"\r\n")
            else:
                self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")


@contextmanager
def listening(server: socketserver.TCPServer) -> Iterator[int]:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.socket.getsockname()[1]
    finally:
        server.shutdown()
        server.server_close()


def assert_nowhere(folder: Path, said: str, *secrets: str) -> None:
    """Not in what was said, and in no file of the folder."""
    for secret in secrets:
        assert secret not in said
        for file in folder.rglob("*"):
            if file.is_file() and file.name != ".env":
                assert secret.encode() not in file.read_bytes(), file


def test_no_service_gets_a_secret_told_or_kept(tmp_path: Path) -> None:
    login = base64.b64encode(f"\0kim@example.com\0{PASSWORD}".encode()).decode()
    (tmp_path / ".env").write_text(
        f"INGAGENTS_LINKEDIN__API_KEY='{KEY}'\nINGAGENTS_LLM__API_KEY='{KEY}-model'\n"
        f"INGAGENTS_EMAIL__PASSWORD='{PASSWORD}'\n"
    )
    with (
        listening(ThreadingHTTPServer(("127.0.0.1", 0), Echo)) as web,
        listening(socketserver.ThreadingTCPServer(("127.0.0.1", 0), MailEcho)) as mail,
    ):
        write_settings(
            tmp_path,
            f'[linkedin]\nservice = "unipile"\nbase_url = "http://127.0.0.1:{web}"\n'
            f'account_id = "a"\nretries = 0\n[llm]\nprovider = "openai"\nmodel = "m"\n'
            f'base_url = "http://127.0.0.1:{web}/v1"\nretries = 0\n'
            f'[email]\nhost = "127.0.0.1"\nport = {mail}\nsecurity = "none"\n'
            'sender = "kim@example.com"\nusername = "kim@example.com"\n'
            '[sales_manager]\nreport_recipients = ["lee@example.com"]\n',
        )
        said = ""
        for arguments in (
            ("once", "--task", "search"),
            ("once", "--task", "search", "--debug"),
            ("once", "--task", "report", "--json"),
            ("once", "--task", "report", "--debug", "--log-format", "json"),
            ("doctor",),
            ("status", "--json"),
        ):
            said += ingagents(tmp_path, *arguments).said
    events = json.dumps(journal_of(tmp_path))
    assert "[hidden]" in said
    assert "cannot take: AUTH" in said
    assert "xxx[hidden]" in said
    assert_nowhere(tmp_path, said + events, KEY, KEY[:9], KEY[-9:], PASSWORD, login, login[24:36])


@pytest.mark.parametrize("sign", list("@/?#:%"))
def test_a_database_password_with_any_sign_is_told_nowhere(tmp_path: Path, sign: str) -> None:
    secret = "9f8e7d6c5b"
    env = {"INGAGENTS_DATABASE__URL": f"postgresql://kim:a{sign}{secret}@127.0.0.1:1/x"}
    for arguments in (("status", "--debug"), ("doctor", "--json")):
        done = ingagents(tmp_path, *arguments, env=env)
        assert done.code != 0
        assert_nowhere(tmp_path, done.said, secret)
    line = ingagents(tmp_path, "status", env=env).err
    assert line.startswith("error: settings: " if sign in "@/?%" else "error: database-locked: ")


def test_other_users_of_the_machine_read_nobodys_data(tmp_path: Path) -> None:
    for name in ("out.csv", "r.html"):
        (tmp_path / name).write_text("from before")
        (tmp_path / name).chmod(0o666)
    write_settings(tmp_path, f"{AT_ONCE}\n[sheets]\nenabled = true\n")
    unguarded = {"before": lambda: os.umask(0) and None}
    for arguments in (
        ("once", "--task", "search"),
        ("once", "--task", "allocate"),
        ("once", "--task", "report"),
        ("run", "--no-screen", "--for", "1s"),
        ("leads", "export", "--format", "csv", "--output", "out.csv"),
        ("leads", "export", "--format", "jsonl", "--output", "new.jsonl"),
        ("report", "--format", "html", "--output", "r.html"),
        ("init", "new"),
    ):
        succeeds(tmp_path, *arguments, **unguarded)
    (tmp_path / "settings.toml").unlink()
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    made = {file.suffix for file in files}
    assert {".csv", ".jsonl", ".html", ".db", ".sandbox", ".lock", ".eml", ".example"} <= made
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_doctor_warns_of_open_secrets_and_open_roads(tmp_path: Path) -> None:
    dotenv, key = tmp_path / ".env", tmp_path / "key.txt"
    for file in (dotenv, key):
        file.write_text("")
        file.chmod(0o600)
    key.write_text("a-key-for-mail")
    write_settings(
        tmp_path,
        '[email]\nhost = "127.0.0.1"\nport = 1\nsecurity = "none"\nsender = "a@example.com"\n'
        'password_file = "key.txt"\n[llm]\nbase_url = "http://localhost:1/v1"\n',
    )

    def secrets() -> dict[str, object]:
        checks = ingagents(tmp_path, "doctor", "--json").json()["checks"]
        (found,) = [one for one in checks if one["check"] == "secrets"]
        return dict(found)

    assert secrets()["fix"] == ""
    dotenv.chmod(0o644)
    key.chmod(0o640)
    write_settings(
        tmp_path,
        '[email]\nhost = "mail.invalid"\nsecurity = "none"\nsender = "a@example.com"\n'
        'password_file = "key.txt"\n[llm]\nbase_url = "http://models.invalid/v1"\n',
    )
    found = secrets()
    assert found["ok"] is True
    assert found["fix"] == "chmod 600 .env key.txt; use https:// (for mail starttls or tls)"
    assert "llm.base_url" in str(found["says"])
    assert 'email.security = "none"' in str(found["says"])
    assert "warns  secrets: .env, key.txt can be read" in ingagents(tmp_path, "doctor").out


def delete(folder: Path) -> None:
    for file in folder.glob("ingagents.db*"):
        file.unlink()


def replace(folder: Path) -> None:
    shutil.copy(folder / "ingagents.db", folder / "copy")
    (folder / "copy").replace(folder / "ingagents.db")


def write_over(folder: Path) -> None:
    shutil.copyfile(folder / "older", folder / "ingagents.db")


@pytest.mark.parametrize("way", [delete, replace, write_over])
def test_run_ends_when_its_database_is_gone_and_sends_no_more(
    tmp_path: Path, way: Callable[[Path], None]
) -> None:
    with served_sandbox(tmp_path / "market") as sandbox:
        folder = tmp_path / "here"
        write_settings(folder, sandbox.settings(ALL_DAY))
        for task in ("search", "allocate"):
            succeeds(folder, "once", "--task", task, env=sandbox.env())
            shutil.copyfile(folder / "ingagents.db", folder / "older")
        with started(folder, "run", "--no-screen", "--for", "60s", env=sandbox.env()) as running:
            running.until("lead.contacted")
            way(folder)
            code = running.wait()
        before = sandbox.acts()
        assert code == 1, running.said
        last = running.err[-1]
        assert last.startswith("error: database-gone: "), running.said
        assert "Traceback" not in running.said
        assert "ingagents.db" in last
        assert sandbox.acts() == before


def test_a_packed_answer_costs_a_command_no_memory(tmp_path: Path) -> None:
    """What it unpacks to would be four hundred megabytes; unpacking it whole took over that."""
    packed = gzip.compress(bytes(400 << 20), 6)
    reply = (
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\n"
        + f"content-length: {len(packed)}\r\n\r\n".encode()
        + packed
    )
    with answering(reply) as url:
        write_settings(
            tmp_path,
            f'[linkedin]\nservice = "unipile"\nbase_url = "{url}"\naccount_id = "a"\nretries = 0\n'
            'api_key_file = "key"\n',
        )
        (tmp_path / "key").write_text(KEY)
        used = measured(tmp_path, tmp_path / "meter", PROGRAM, "once", "--task", "search")
    assert_error(used.ended, "bad-answer", 75, says="longer than")
    assert used.peak_bytes < 200 << 20
