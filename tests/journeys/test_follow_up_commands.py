"""What the team does about people, through the front door; and whose time the department tells."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

from tests.front_door import (
    AT_ONCE,
    assert_error,
    ingagents,
    journal_of,
    leads_of,
    succeeds,
    write_people,
    write_settings,
)

PEOPLE = [
    ("Ada Lund", "CTO", "Kovo", "https://www.linkedin.com/in/ada-lund"),
    ("Bo Berg", "CTO", "Ravn", "https://www.linkedin.com/in/bo-berg"),
]


def a_campaign(folder: Path) -> None:
    write_settings(folder, AT_ONCE)
    write_people(folder / "people.csv", PEOPLE)
    succeeds(folder, "leads", "import", "people.csv")


def test_stage_owner_and_notes_are_said_by_name_kept_shown_exported_and_journaled(
    tmp_path: Path,
) -> None:
    a_campaign(tmp_path)
    told = succeeds(
        tmp_path,
        "leads",
        "stage",
        "ada lund",
        "meeting",
        "--next",
        "2099-05-20",
        "--reason",
        "call",
    )
    assert told.out == "Ada Lund: Meeting, next 2099-05-20\n"
    told = succeeds(tmp_path, "leads", "assign", "https://www.linkedin.com/in/ada-lund", "Kim")
    assert told.out == "Ada Lund: Meeting, owner Kim, next 2099-05-20\n"
    succeeds(tmp_path, "leads", "note", "ada-lund", "met her in Berlin")
    (ada,) = (lead for lead in leads_of(tmp_path) if lead["name"] == "Ada Lund")
    kept = {name: ada[name] for name in ("stage", "owner", "next_date", "notes")}
    assert kept == {
        "stage": "Meeting",
        "owner": "Kim",
        "next_date": "2099-05-20",
        "notes": ["met her in Berlin"],
    }
    shown = succeeds(tmp_path, "leads", "show", "Ada Lund").out
    assert "the team: Meeting, owner Kim, next 2099-05-20" in shown
    assert "note: met her in Berlin" in shown
    listed = succeeds(tmp_path, "leads", "list").out.splitlines()
    assert any(line.endswith("\tClosed\tMeeting\tKim\t2099-05-20") for line in listed)
    assert ",Meeting,Kim,2099-05-20,met her in Berlin," in succeeds(tmp_path, "leads", "export").out
    said = [one["data"]["changes"] for one in journal_of(tmp_path) if one["type"] == "lead_updated"]
    assert [set(one) & {"stage", "owner", "notes", "reason"} for one in said] == [
        {"stage", "reason"},
        {"owner"},
        {"notes"},
    ]
    succeeds(tmp_path, "journal", "verify")


def test_an_unknown_stage_names_the_nearest_and_a_wrong_day_or_lead_is_told(tmp_path: Path) -> None:
    a_campaign(tmp_path)
    stage = ("leads", "stage", "Bo Berg")
    assert_error(ingagents(tmp_path, *stage, "propsal"), "usage", 2, says="did you mean Proposal?")
    assert_error(ingagents(tmp_path, *stage, "cold"), "usage", 2, says="In Discussion, Meeting")
    wrong = ingagents(tmp_path, *stage, "won", "--next", "next week")
    assert_error(wrong, "usage", 2, says="is no day")
    wrong = ingagents(tmp_path, *stage, "won", "--next", "2020-01-01")
    assert_error(wrong, "usage", 2, says="is over")
    assert_error(ingagents(tmp_path, "leads", "stage", "Cy", "won"), "input", 1, says="Cy")
    assert {lead["stage"] for lead in leads_of(tmp_path)} == {None}


def test_status_speaks_the_campaigns_time_with_its_zone(tmp_path: Path) -> None:
    write_settings(tmp_path, f'{AT_ONCE}\n[campaign]\ntimezone = "Asia/Tokyo"\n')
    succeeds(tmp_path, "once", "--task", "outreach")
    lines = succeeds(tmp_path, "status").out.splitlines()
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d JST  service", lines[0])
    times = [line for line in lines if re.search(r"\d\d:\d\d", line) and "  next " in line]
    assert times
    assert all(" JST" in line for line in times)
    assert not [line for line in lines if "+00:00" in line or "UTC" in line]


def test_lines_of_the_log_and_events_of_the_journal_have_one_time(tmp_path: Path) -> None:
    write_settings(tmp_path, AT_ONCE)
    ended = succeeds(tmp_path, "run", "--no-screen", "--log-format", "json")
    told = [json.loads(line) for line in ended.err.splitlines() if line.startswith("{")]
    logged = [datetime.fromisoformat(line["timestamp"]) for line in told]
    assert logged
    published = [datetime.fromisoformat(one["timestamp"]) for one in journal_of(tmp_path)]
    assert logged[-1].date() == published[-1].date()
    assert max(logged) - min(logged) > timedelta(hours=1), "hours that passed in seconds"


def test_init_says_into_which_folder_to_go(tmp_path: Path) -> None:
    told = succeeds(tmp_path, "init", "campaign").out.splitlines()
    assert told[-1] == "next: cd campaign, ingagents doctor, then ingagents run"
    told = succeeds(tmp_path, "init").out.splitlines()
    assert told[-1] == "next: ingagents doctor, then ingagents run"


BY_HAND = """
[campaign]
event_name = "The Fair"
event_date = 2099-05-20
event_city = "Berlin"
sender_name = "Kim Holm"
[[linkedin.accounts]]
account_id = "first"
[[linkedin.accounts]]
account_id = "second"
[[linkedin.accounts]]
account_id = "by-hand"
service = "manual"
"""


def test_who_is_named_is_handed_to_you_and_the_services_keep_everybody_else(tmp_path: Path) -> None:
    write_settings(tmp_path, AT_ONCE + BY_HAND)
    write_people(tmp_path / "people.csv", PEOPLE)
    succeeds(tmp_path, "leads", "import", "people.csv")
    told = succeeds(tmp_path, "leads", "by-hand", "Ada Lund")
    assert told.out == "Ada Lund: by-hand goes on with them\n"
    succeeds(tmp_path, "once", "--task", "allocate")
    succeeds(tmp_path, "once", "--task", "outreach")
    listed = json.loads(succeeds(tmp_path, "review", "list", "--json").out)
    assert [one["recipient"] for one in listed["reviews"] if one["kind"] == "send"] == ["Ada Lund"]
    spoken = {lead["name"]: lead["account_id"] for lead in leads_of(tmp_path)}
    assert spoken["Ada Lund"] == "by-hand"
    assert spoken["Bo Berg"] in {"first", "second"}
    status = json.loads(succeeds(tmp_path, "status", "--json").out)
    assert [one["account"] for one in status["accounts"]] == ["first", "second", "by-hand"]
    told = succeeds(tmp_path, "leads", "by-hand", "Bo Berg", "--back")
    assert told.out == f"Bo Berg: {spoken['Bo Berg']} goes on with them\n"


def test_without_an_account_by_hand_the_command_says_what_to_add(tmp_path: Path) -> None:
    a_campaign(tmp_path)
    failed = ingagents(tmp_path, "leads", "by-hand", "Ada Lund")
    assert_error(failed, "settings", 2, says="manual")
