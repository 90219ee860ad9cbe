"""The team's sheet through the front door: a served sandbox, a key in a file, a person's gspread."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gspread
import httpx
import pytest
import requests
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.service_account import Credentials

from ingagents.core.sheet.layout import VETO
from ingagents.sandbox.google_sheets.storage import SPREADSHEET_ID
from tests.front_door import (
    ServedSandbox,
    assert_error,
    ingagents,
    leads_of,
    served_sandbox,
    succeeds,
    write_people,
    write_settings,
)
from tests.journeys.test_killed import NO_SEARCH
from tests.processes import free_port

PEOPLE = [
    (f"Ada Abel-{n}", "CTO", f"Abel {n}", f"https://www.linkedin.com/in/ada-abel-{n}")
    for n in (1, 2, 3)
]


class Elsewhere(requests.adapters.HTTPAdapter):
    """Takes what is meant for Google to the sandbox."""

    def __init__(self, root: str) -> None:
        super().__init__()
        self.root = root

    def send(self, request: Any, *given: Any, **more: Any) -> Any:
        request.url = request.url.replace("https://sheets.googleapis.com", self.root)
        return super().send(request, *given, **more)


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[ServedSandbox]:
    """A sandbox of its own in another process, with a key for its sheet."""
    with served_sandbox(tmp_path / "service", "--sheets-key", str(tmp_path / "key.json")) as served:
        yield served


def with_sheet(sandbox: ServedSandbox, *, key: str = "key.json", root: str = "") -> str:
    return sandbox.settings(NO_SEARCH) + (
        f'\n[sheets]\nenabled = true\nspreadsheet_id = "{SPREADSHEET_ID}"\n'
        f'credentials_file = "{key}"\napi_root = "{root or f"{sandbox.url}/sheets"}"\nretries = 0\n'
    )


def leads_tab(folder: Path, sandbox: ServedSandbox, session: requests.Session) -> Any:
    session.mount("https://sheets.googleapis.com", Elsewhere(f"{sandbox.url}/sheets"))
    scopes = ["https://www.googleapis.com/auth/spreadsheets"]
    info = json.loads((folder / "key.json").read_text("utf-8"))
    credentials = Credentials.from_service_account_info(info, scopes=scopes)
    book = gspread.Client(auth=credentials, session=session).open_by_key(SPREADSHEET_ID)
    return book.worksheet("Leads")


def test_a_person_and_the_department_share_a_sheet(tmp_path: Path, sandbox: ServedSandbox) -> None:
    assert stat.S_IMODE((tmp_path / "key.json").stat().st_mode) == 0o600
    env = sandbox.env()
    write_settings(tmp_path, with_sheet(sandbox))
    succeeds(tmp_path, "leads", "import", write_people(tmp_path / "people.csv", PEOPLE), env=env)
    assert "rows added" in succeeds(tmp_path, "once", "--task", "sync", env=env).out
    info = json.loads((tmp_path / "key.json").read_text("utf-8"))
    scopes = ["https://www.googleapis.com/auth/spreadsheets"]
    credentials = Credentials.from_service_account_info(info, scopes=scopes)
    with AuthorizedSession(credentials) as session:
        tab = leads_tab(tmp_path, sandbox, session)
        rows = tab.get_all_records()
        assert sorted(row["Name"] for row in rows) == sorted(name for name, *_ in PEOPLE)
        vetoed = rows[0]["Lead ID"]
        tab.update_cell(2, tab.row_values(1).index(VETO) + 1, "yes")
        tab.sort((2, "des"), range="A2:AB4")
        done = succeeds(tmp_path, "once", "--task", "sync", "--json", env=env).json()
        assert done["words"] == 1
        again = succeeds(tmp_path, "once", "--task", "sync", env=env).out
        assert again == "sync: the sheet is up to date\n"
        answers = {row["Lead ID"]: row["Answer"] for row in tab.get_all_records()}
    assert answers.pop(vetoed).startswith("veto taken")
    assert set(answers.values()) == {""}
    found = {lead["id"]: lead["contact_status"] for lead in leads_of(tmp_path)}
    assert found[vetoed] == "Suppressed"
    assert sandbox.record()["sheet_requests"]["write"] >= 4
    assert "veto taken" in httpx.get(f"{sandbox.url}/sheets?key={sandbox.key}").text
    told = {"INGAGENTS_SALES_MANAGER__REPORT_RECIPIENTS": '["team@example.org"]'}
    doctor = succeeds(tmp_path, "doctor", "--json", env=env | told).json()
    assert "Leads" in next(c["says"] for c in doctor["checks"] if c["check"] == "sheets")

    for file in tmp_path.glob("ingagents.db*"):
        file.unlink()
    rebuilt = succeeds(tmp_path, "leads", "import", "--from-sheet", "--json", env=env).json()
    assert (rebuilt["taken"], rebuilt["suppressed"]) == (3, 1)
    assert {lead["id"]: lead["contact_status"] for lead in leads_of(tmp_path)} == found
    assert_error(ingagents(tmp_path, "leads", "import", "--from-sheet", env=env), "input", 1)
    assert_error(ingagents(tmp_path, "leads", "import", env=env), "usage", 2)


def test_while_google_is_down_a_sync_is_tried_later(tmp_path: Path, sandbox: ServedSandbox) -> None:
    env = sandbox.env()
    root = f"http://127.0.0.1:{free_port()}"
    write_settings(tmp_path, with_sheet(sandbox, root=root))
    info = json.loads((tmp_path / "key.json").read_text("utf-8"))
    (tmp_path / "key.json").write_text(json.dumps({**info, "token_uri": f"{root}/token"}), "utf-8")
    ended = ingagents(tmp_path, "once", "--task", "sync", env=env)
    assert_error(ended, "service-unavailable", 75, says="the sheet")
    assert "waits" in ended.out


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "cannot be read"),
        ("not json", "not JSON"),
        ("[]", "no service account"),
        ("{}", "no"),
    ],
)
def test_a_key_that_is_none_is_told_with_the_fix(
    tmp_path: Path, sandbox: ServedSandbox, content: str | None, says: str
) -> None:
    if content is not None:
        (tmp_path / "bad.json").write_text(content, "utf-8")
    write_settings(tmp_path, with_sheet(sandbox, key="bad.json"))
    ended = ingagents(tmp_path, "once", "--task", "sync", env=sandbox.env())
    assert_error(ended, "settings", 2, says=says)
    doctor = ingagents(tmp_path, "doctor", "--json", env=sandbox.env()).json()
    (check,) = (c for c in doctor["checks"] if c["check"] == "sheets")
    assert not check["ok"]


def test_in_the_sandbox_a_sheet_needs_nothing_but_to_be_wished_for(tmp_path: Path) -> None:
    write_settings(tmp_path, "[sheets]\nenabled = true\n[sandbox]\nsize = 60\n")
    ended = succeeds(tmp_path, "run", "--no-screen")
    page = (tmp_path / "reports" / "sheet.html").read_text("utf-8")
    assert "reports/sheet.html" in ended.out
    assert "<h2>Leads</h2>" in page
    assert "Message Sent" in page
