"""Every documented command, option, exit code and shape of output, through the front door."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import select
import signal
import sqlite3
import subprocess
import time
import tomllib
from collections import Counter
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from ingagents import __version__
from ingagents.department import TASKS
from tests.front_door import (
    ACCOUNT,
    AT_ONCE,
    PROGRAM,
    ROOT,
    Ended,
    acts_of,
    assert_error,
    copied,
    environment,
    ingagents,
    invented_people,
    journal_of,
    leads_of,
    rows,
    served_sandbox,
    started,
    statuses,
    succeeds,
    write_people,
    write_settings,
)

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
    ("journal", "list"),
    ("journal", "dead-letters"),
    ("journal", "requeue"),
    ("report",),
    ("sandbox",),
    ("pause",),
    ("resume",),
)

DAY_LINE = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d): leads found (?P<found>\d+), contacted (?P<contacted>\d+),"
    r" replied (?P<replied>\d+), positive (?P<positive>\d+)"
)

LEAD_FIELDS = {
    "id",
    "name",
    "position",
    "company",
    "linkedin_url",
    "classification",
    "quality_score",
    "contact_status",
    "message_sent",
    "response",
    "response_sentiment",
    "response_intent",
    "created_at",
    "last_updated",
}
STATUSES = {
    "Not Contacted",
    "Allocated",
    "Message Sent",
    "Responded",
    "Closed",
    "Needs Review",
    "Uncertain",
    "Suppressed",
    "Failed",
}


class Day:
    """A folder in which the department has worked one sandbox day."""

    def __init__(self, folder: Path, ended: Ended) -> None:
        self.folder = folder
        self.ended = ended
        lines = ended.out.splitlines()
        found = DAY_LINE.fullmatch(lines[-2]) if len(lines) > 1 else None
        assert found, ended.said
        self.figures = {name: int(found[name]) for name in found.groupdict() if name != "day"}
        self.day = found["day"]
        self.report = folder / lines[-1].removeprefix("report: ")


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    """One day, worked once for all tests that only look at it."""
    folder = tmp_path_factory.mktemp("day")
    return Day(folder, succeeds(folder, "run", "--no-screen"))


@pytest.fixture
def own_day(day: Day, tmp_path: Path) -> Path:
    """A copy of the worked day that a test may change."""
    return copied(day.folder, tmp_path / "own")


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """A folder with three imported people and settings that send at once."""
    write_settings(tmp_path, AT_ONCE)
    write_people(tmp_path / "people.csv", invented_people(3))
    succeeds(tmp_path, "leads", "import", "people.csv")
    return tmp_path


# run


def test_a_day_without_any_settings_ends_in_seconds_and_says_what_it_came_to(day: Day) -> None:
    assert day.ended.seconds < 45, "the day should take seconds"
    assert day.figures["found"] > 20
    assert 0 < day.figures["contacted"] <= 45, "the daily limit holds"
    assert 0 < day.figures["positive"] <= day.figures["replied"] <= day.figures["contacted"]
    assert day.report.is_file()
    page = day.report.read_text("utf-8")
    assert day.day in page
    assert str(day.figures["contacted"]) in page
    assert "Traceback" not in day.ended.err


def test_the_printed_figures_are_those_of_the_database_and_of_the_market(day: Day) -> None:
    sent = [lead for lead in leads_of(day.folder) if lead["message_sent"]]
    assert len(sent) == day.figures["contacted"] == len(acts_of(day.folder))
    answered = [lead for lead in sent if lead["response"]]
    assert len(answered) == day.figures["replied"]
    assert (
        Counter(lead["response_sentiment"] for lead in answered)["positive"]
        == (day.figures["positive"])
    )


def test_the_second_run_works_the_next_working_day_and_logs_json_on_request(
    own_day: Path, day: Day
) -> None:
    ended = succeeds(own_day, "run", "--no-screen", "--log-format", "json")
    found = DAY_LINE.search(ended.out)
    assert found
    assert found["day"] > day.day
    assert int(found["contacted"]) > 0
    logs = [json.loads(line) for line in ended.err.splitlines()]
    assert logs
    assert all({"event", "level", "timestamp"} <= set(log) for log in logs)


def test_run_ends_by_itself_after_the_given_time(tmp_path: Path) -> None:
    ended = succeeds(tmp_path, "run", "--for", "0.02m 1s", "--no-screen")
    assert 2 <= ended.seconds < 8, ended.said
    assert DAY_LINE.search(ended.out), ended.said
    assert (tmp_path / ended.out.splitlines()[-1].removeprefix("report: ")).is_file()


@pytest.mark.parametrize("lasting", ["banana", "5", "-1s", "99999999999d"])
def test_a_duration_that_is_none_is_refused(tmp_path: Path, lasting: str) -> None:
    assert_error(ingagents(tmp_path, "run", "--for", lasting), "usage", 2, says="--for")


# once


def test_once_prints_one_json_object_for_every_task(own_day: Path) -> None:
    for task in TASKS:
        ended = succeeds(own_day, "once", "--task", task, "--json")
        found = ended.json()
        assert found["task"] == task
        assert found["summary"]
        assert {"waits_until", "waits_for", "try_later"} <= set(found)
        assert found["try_later"] == ""
        assert ended.err == ""


def test_once_says_in_one_line_what_was_done(three: Path) -> None:
    ended = succeeds(three, "once", "--task", "allocate")
    assert ended.out.startswith("allocate: 3 of 3 leads allocated")
    assert len(ended.out.splitlines()) == 1
    nothing = succeeds(three, "once", "--task", "allocate")
    assert nothing.out.startswith("allocate: 0 of 0 leads allocated"), "nothing to do is also 0"


def test_a_task_nobody_knows_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    line = assert_error(ingagents(tmp_path, "once", "--task", "allocat"), "usage", 2)
    assert all(task in line for task in TASKS)
    assert not (tmp_path / "ingagents.db-wal").exists()


def test_the_documented_tasks_are_all_there() -> None:
    documented = [
        "search",
        "allocate",
        "outreach",
        "replies",
        "coordinate",
        "monitor",
        "report",
        "optimise",
    ]
    assert sorted(TASKS) == sorted(documented)


def test_once_sends_everything_allocated_when_there_are_no_gaps(three: Path) -> None:
    succeeds(three, "once", "--task", "allocate")
    found = succeeds(three, "once", "--task", "outreach", "--json").json()
    assert found["sent"] == 3
    assert statuses(three) == {"Message Sent": 3}
    assert len(acts_of(three)) == 3
    again = succeeds(three, "once", "--task", "outreach", "--json").json()
    assert again["sent"] == 0
    assert len(acts_of(three)) == 3


def test_once_does_not_sleep_through_a_gap_and_says_until_when_it_waits(three: Path) -> None:
    write_settings(three, AT_ONCE.replace("interval_minutes = 0", "interval_minutes = 90"))
    succeeds(three, "once", "--task", "allocate")
    ended = succeeds(three, "once", "--task", "outreach", "--json")
    found = ended.json()
    assert found["sent"] == 1
    assert found["waits_for"]
    until = datetime.fromisoformat(found["waits_until"])
    assert until.tzinfo is not None
    assert ended.seconds < 10
    assert statuses(three) == {"Message Sent": 1, "Allocated": 2}


def test_once_outside_working_hours_sends_nothing_and_is_no_failure(three: Path) -> None:
    late = 'working_hours_start = "23:58"'
    write_settings(three, AT_ONCE.replace('working_hours_start = "00:00"', late))
    succeeds(three, "once", "--task", "allocate")
    found = succeeds(three, "once", "--task", "outreach", "--json").json()
    assert (found["sent"], bool(found["waits_until"])) == (0, True)
    assert "hours" in found["waits_for"]


# init, doctor, status


@pytest.mark.parametrize("named", [True, False])
def test_init_writes_settings_that_load_and_change_nothing(tmp_path: Path, named: bool) -> None:
    folder = tmp_path / "new" / "campaign" if named else tmp_path
    ended = succeeds(tmp_path, "init", *([folder] if named else []))
    assert "settings.toml" in ended.out
    written = folder / "settings.toml"
    assert written.read_bytes() == (ROOT / "settings.toml").read_bytes()
    assert "INGAGENTS_LINKEDIN__API_KEY" in (folder / ".env.example").read_text("utf-8")
    assert "#" in written.read_text("utf-8"), "commented"
    done = succeeds(folder, "doctor", "--json").json()
    assert done["ok"] is True


def test_the_written_settings_name_every_setting_of_the_interface(tmp_path: Path) -> None:
    succeeds(tmp_path, "init")
    found = tomllib.loads((tmp_path / "settings.toml").read_text("utf-8"))
    documented: dict[str, set[str]] = {
        "campaign": {"event_name", "event_date", "event_city", "sender_name", "timezone"},
        "database": {"url"},
        "llm": {"provider", "model", "base_url", "cache_ttl_hours", "daily_budget_usd"},
        "linkedin": {"service", "base_url", "account_id", "live"},
        "sheets": {"enabled", "spreadsheet_id", "worksheet", "credentials_file", "api_root"},
        "email": {"host", "port", "security", "sender"},
        "sales_manager": {
            "coordination_time",
            "report_time",
            "monitor_interval_minutes",
            "allocation_strategy",
            "max_leads",
            "search_below",
            "use_llm_for_allocation",
            "report_recipients",
        },
        "lead_finder": {"search_time", "max_leads_per_day", "quality_threshold"},
        "outreach": {
            "process_interval_minutes",
            "response_check_interval_hours",
            "message_generation_mode",
            "approval",
        },
    }
    for table, names in documented.items():
        assert names <= set(found[table]), table
    assert {"industries", "positions", "company_size", "keywords"} <= set(
        found["lead_finder"]["search_criteria"]
    )
    assert {
        "daily_limit",
        "weekly_limit",
        "min_interval_minutes",
        "max_interval_minutes",
        "working_hours_start",
        "working_hours_end",
        "working_days",
    } <= set(found["outreach"]["rate_limiting"])
    assert {"settle_seconds", "looks", "window_seconds"} <= set(found["outreach"]["uncertain"])


@pytest.mark.parametrize("taken", ["settings.toml", ".env.example"])
def test_init_never_overwrites(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).write_text("mine", "utf-8")
    assert_error(ingagents(tmp_path, "init"), "input", 1, says=taken)
    assert (tmp_path / taken).read_text("utf-8") == "mine"
    assert len(list(tmp_path.iterdir())) == 1, "nothing else was written either"


def test_doctor_says_ok_to_a_folder_without_settings(tmp_path: Path) -> None:
    ended = succeeds(tmp_path, "doctor")
    lines = ended.out.splitlines()
    assert len(lines) > 4
    assert all(line.startswith("ok ") for line in lines), ended.said
    assert ended.err == ""


def test_doctor_names_what_is_not_ok_and_the_fix(tmp_path: Path) -> None:
    write_settings(
        tmp_path,
        '[linkedin]\nservice = "unipile"\n[outreach]\ntemplates = "nowhere"\n'
        '[email]\nhost = "127.0.0.1"\nport = 1\nsender = "a@example.org"\nsecurity = "none"\n',
    )
    ended = ingagents(tmp_path, "doctor")
    assert ended.code == 1, ended.said
    bad = [line for line in ended.out.splitlines() if line.startswith("NOT OK ")]
    assert {line.split()[2] for line in bad} == {"linkedin:", "templates:", "email:", "report:"}
    assert all("; " in line for line in bad), "each with its fix"
    found = ingagents(tmp_path, "doctor", "--json")
    assert found.code == 1
    assert found.json()["ok"] is False
    for check in found.json()["checks"]:
        assert set(check) == {"check", "ok", "says", "fix"}
        assert check["says"]
        assert check["ok"] or check["fix"]


def test_doctor_examines_settings_that_do_not_load(tmp_path: Path) -> None:
    write_settings(tmp_path, "[outreach]\napproval = 'sometimes'\n")
    ended = ingagents(tmp_path, "doctor")
    assert ended.code == 1
    assert ended.out.startswith("NOT OK settings: ")
    assert "outreach.approval" in ended.out


def test_status_tells_agents_schedule_limits_queues_and_what_is_waited_for(own_day: Path) -> None:
    found = succeeds(own_day, "status", "--json").json()
    assert {agent["agent"] for agent in found["agents"]} == {
        "sales_manager",
        "lead_finder",
        "outreach",
    }
    assert {job["job"] for job in found["schedule"]} == {
        "coordinate",
        "report",
        "monitor",
        "search",
        "outreach",
        "replies",
    }
    assert all(datetime.fromisoformat(job["next_due"]).tzinfo for job in found["schedule"])
    limits = found["limits"]
    assert limits["daily_limit"] == 45
    assert limits["weekly_limit"] == 100
    assert 0 < limits["sent_this_week"] <= 45
    assert "waits_for" in limits
    assert all(set(queue) == {"waiting", "dead"} for queue in found["queues"].values())
    assert sum(found["leads"].values()) > 20
    text = succeeds(own_day, "status").out
    for word in ("agents", "schedule", "limits", "queues", "lead_finder", "45"):
        assert word in text


def test_status_of_an_empty_folder_is_no_failure(tmp_path: Path) -> None:
    assert succeeds(tmp_path, "status", "--json").json()["leads"] == {}


# leads


def test_import_takes_merges_and_refuses_row_by_row(tmp_path: Path) -> None:
    people = invented_people(4)
    write_people(tmp_path / "a.csv", [*people, ("", "", "", "")])
    with (tmp_path / "a.csv").open("a", encoding="utf-8") as file:
        file.write(",,Some Company,\n")
    first = succeeds(tmp_path, "leads", "import", "a.csv", "--json").json()
    assert (first["rows"], first["taken"], first["merged"]) == (5, 4, 0) or first["blank"] == 1
    assert first["taken"] == 4
    assert first["refused_count"] == len(first["refused"]) == 1
    line, why = first["refused"][0]
    assert line == 7
    assert why
    second = succeeds(tmp_path, "leads", "import", "a.csv")
    assert "0 taken, 4 merged" in second.out
    assert f"line {line}: {why}" in second.out
    assert statuses(tmp_path).total() == 4


def test_leads_are_listed_with_filters_and_a_limit(own_day: Path) -> None:
    listed = succeeds(own_day, "leads", "list", "--limit", "5").out.splitlines()
    assert len(listed) == 5
    assert all(len(line.split("\t")) == 7 for line in listed)
    found = succeeds(own_day, "leads", "list", "--json", "--status", "message sent").json()
    assert found["leads"]
    assert {lead["contact_status"] for lead in found["leads"]} == {"Message Sent"}
    speakers = succeeds(own_day, "leads", "list", "--json", "--classification", "speaker").json()
    assert {lead["classification"] for lead in speakers["leads"]} == {"Speaker"}


def test_a_lead_is_shown_by_id_by_its_beginning_and_by_url(own_day: Path) -> None:
    lead = next(lead for lead in leads_of(own_day) if lead["response"])
    for name in (lead["id"], lead["id"][:8], lead["linkedin_url"]):
        shown = succeeds(own_day, "leads", "show", name).out
        assert lead["id"] in shown
        assert "classification: " in shown
        assert "because " in shown, "decisions come with their reasons"
    dossier = succeeds(own_day, "leads", "show", lead["id"], "--json").json()
    assert {**dossier, **lead} == dossier, "the export's fields, and more"
    assert {"lead_discovered", "decision_made", "message_sent", "response_received"} <= {
        event["type"] for event in dossier["history"]
    }
    assert dossier["deliveries"][0]["state"] == "sent"


@pytest.mark.parametrize("what", ["show", "suppress"])
def test_a_lead_nobody_knows_is_an_error_not_an_empty_answer(tmp_path: Path, what: str) -> None:
    assert_error(ingagents(tmp_path, "leads", what, "nobody"), "input", 1, says="nobody")


def test_exported_json_lines_carry_the_documented_fields_and_values(own_day: Path) -> None:
    found = leads_of(own_day)
    assert len(found) > 20
    for lead in found:
        assert set(lead) >= LEAD_FIELDS
        assert lead["name"]
        assert lead["classification"] in {"Speaker", "Sponsor", "Other"}
        assert 1 <= lead["quality_score"] <= 10
        assert lead["contact_status"] in STATUSES
        assert lead["response_sentiment"] in {None, "positive", "negative", "neutral"}
        assert lead["response_intent"] in {
            None,
            "interested",
            "not_interested",
            "requesting_info",
            "unclear",
        }
        assert (lead["response"] is None) == (lead["response_sentiment"] is None)
        for moment in ("created_at", "last_updated"):
            assert datetime.fromisoformat(lead[moment]).tzinfo is not None
    assert {lead["contact_status"] for lead in found} >= {"Message Sent", "Responded"}


def test_the_csv_export_has_the_same_leads_and_cells_that_are_no_formulas(tmp_path: Path) -> None:
    people = [
        ("=HYPERLINK(1)", "@SUM(A1)", "+Company", "https://www.linkedin.com/in/formula"),
        ("Zoë, “Zed” Müller", "CTO", "A\tB", "https://www.linkedin.com/in/zoe"),
    ]
    write_people(tmp_path / "odd.csv", people)
    succeeds(tmp_path, "leads", "import", "odd.csv")
    text = succeeds(tmp_path, "leads", "export").out
    table = list(csv.DictReader(io.StringIO(text)))
    assert len(table) == 2
    assert set(table[0]) >= LEAD_FIELDS
    assert not [cell for row in table for cell in row.values() if cell[:1] in "=+-@\t" and cell]
    assert {row["id"] for row in table} == {lead["id"] for lead in leads_of(tmp_path)}


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_the_export_goes_to_a_file_on_request(own_day: Path, kind: str) -> None:
    printed = succeeds(own_day, "leads", "export", "--format", kind)
    said = succeeds(own_day, "leads", "export", "--format", kind, "--output", "out")
    assert f"{len(leads_of(own_day))} leads written to out" in said.out
    assert (own_day / "out").read_text("utf-8").splitlines() == printed.out.splitlines()


def test_a_suppressed_person_is_never_written_to(three: Path) -> None:
    first, second, third = leads_of(three)
    by_id = succeeds(three, "leads", "suppress", first["id"], "--reason", "asked by phone")
    by_url = succeeds(three, "leads", "suppress", f"{second['linkedin_url']}/?utm=1")
    assert "1 lead " in by_id.out
    assert "1 lead " in by_url.out
    succeeds(three, "once", "--task", "allocate")
    succeeds(three, "once", "--task", "outreach")
    assert [act.slug for act in acts_of(three)] == [third["linkedin_url"].rsplit("/", 1)[1]]
    assert statuses(three) == {"Suppressed": 2, "Message Sent": 1}
    assert "asked by phone" in succeeds(three, "leads", "show", first["id"]).out


def test_a_lead_suppressed_after_its_allocation_is_not_written_to_either(three: Path) -> None:
    succeeds(three, "once", "--task", "allocate")
    succeeds(three, "leads", "suppress", leads_of(three)[0]["id"])
    succeeds(three, "once", "--task", "outreach")
    assert len(acts_of(three)) == 2


def test_a_domain_and_people_not_known_yet_can_be_suppressed(tmp_path: Path) -> None:
    write_settings(tmp_path, AT_ONCE)
    succeeds(tmp_path, "leads", "suppress", "nobody.example")
    succeeds(tmp_path, "leads", "suppress", "https://linkedin.com/in/never-me")
    (tmp_path / "a.csv").write_text(
        "Name,Email,LinkedIn URL\n"
        "Ada Abel,ada@nobody.example,https://www.linkedin.com/in/ada\n"
        "Bo Brandt,bo@example.org,https://www.linkedin.com/in/Never-Me/\n"
        "Cy Costa,cy@example.org,https://www.linkedin.com/in/cyrus\n",
        "utf-8",
    )
    found = succeeds(tmp_path, "leads", "import", "a.csv", "--json").json()
    assert (found["taken"], found["suppressed"]) == (1, 2)
    succeeds(tmp_path, "once", "--task", "allocate")
    succeeds(tmp_path, "once", "--task", "outreach")
    assert [act.slug for act in acts_of(tmp_path)] == ["cyrus"]


# journal


def test_the_journal_is_printed_in_order_with_the_documented_fields(own_day: Path) -> None:
    events = journal_of(own_day)
    assert [event["seq"] for event in events] == sorted({event["seq"] for event in events})
    for event in events:
        assert set(event) >= {"seq", "type", "agent", "data", "timestamp"}
        assert isinstance(event["data"], dict)
        assert datetime.fromisoformat(event["timestamp"]).tzinfo is not None
    assert {event["type"] for event in events} >= {
        "search_request",
        "lead_discovered",
        "lead_allocation",
        "message_sent",
        "response_received",
    }
    text = succeeds(own_day, "journal", "list").out.splitlines()
    assert len(text) == len(events)


def test_the_journal_of_one_lead_speaks_of_that_lead_alone(own_day: Path) -> None:
    lead = next(lead for lead in leads_of(own_day) if lead["response"])
    events = journal_of(own_day, "--lead", lead["id"])
    assert {event["data"]["lead_id"] for event in events if "lead_id" in event["data"]} == {
        lead["id"]
    }
    kinds = [event["type"] for event in events]
    assert kinds.index("lead_discovered") < kinds.index("message_sent")
    assert kinds.index("message_sent") < kinds.index("response_received")
    assert_error(ingagents(own_day, "journal", "list", "--lead", "nobody"), "input", 1)


def test_a_damaged_event_becomes_a_dead_letter_and_can_be_given_back(three: Path) -> None:
    succeeds(three, "once", "--task", "allocate")
    with closing(sqlite3.connect(three / "ingagents.db")) as database:
        (seq, data), *_ = database.execute(
            "SELECT seq, data FROM journal WHERE type = 'lead_allocation'"
        )
        database.execute("UPDATE journal SET data = '{\"torn' WHERE seq = ?", (seq,))
        database.commit()
    assert succeeds(three, "journal", "dead-letters").out == "no dead letters\n"
    succeeds(three, "once", "--task", "outreach")
    assert statuses(three) == {"Message Sent": 3}, "it does not stop the department"
    letters = succeeds(three, "journal", "dead-letters", "--json").json()["dead_letters"]
    assert [letter["seq"] for letter in letters] == [seq]
    assert letters[0]["error"]
    assert f"{seq}\toutreach\tlead_allocation" in succeeds(three, "journal", "dead-letters").out
    assert succeeds(three, "status", "--json").json()["queues"]["outreach"]["dead"] == 1
    succeeds(three, "journal", "list", "--format", "jsonl")
    with closing(sqlite3.connect(three / "ingagents.db")) as database:
        database.execute("UPDATE journal SET data = ? WHERE seq = ?", (data, seq))
        database.commit()
    assert "1 consumer" in succeeds(three, "journal", "requeue", str(seq)).out
    assert succeeds(three, "status", "--json").json()["queues"]["outreach"] == {
        "waiting": 1,
        "dead": 0,
    }
    succeeds(three, "once", "--task", "outreach")
    assert succeeds(three, "status", "--json").json()["queues"]["outreach"]["waiting"] == 0
    assert len(acts_of(three)) == 3, "handled again, and nobody written to again"


def test_what_is_no_dead_letter_cannot_be_requeued(tmp_path: Path) -> None:
    assert_error(ingagents(tmp_path, "journal", "requeue", "7"), "input", 1, says="dead letter 7")
    assert_error(ingagents(tmp_path, "journal", "requeue", "seven"), "usage", 2)


# report


def test_the_report_of_a_day_in_three_formats(own_day: Path, day: Day) -> None:
    text = succeeds(own_day, "report", "--day", day.day).out
    assert day.day in text
    assert f"contacted {day.figures['contacted']}" in text
    found = succeeds(own_day, "report", "--day", day.day, "--format", "json").json()
    assert found["day"] == day.day
    assert found["today"]["messages_sent"] == day.figures["contacted"]
    page = succeeds(own_day, "report", "--day", day.day, "--format", "html").out
    assert "<html" in page
    assert page.rstrip().endswith("</html>")


def test_the_report_goes_to_a_file_on_request(own_day: Path, day: Day) -> None:
    said = succeeds(own_day, "report", "--day", day.day, "--format", "html", "--output", "r.html")
    assert "r.html" in said.out
    assert day.day in (own_day / "r.html").read_text("utf-8")
    line = assert_error(ingagents(own_day, "report", "--output", "no/such/r.html"), "input", 1)
    assert "r.html" in line


def test_a_day_without_anything_has_a_report_of_zeros(tmp_path: Path) -> None:
    found = succeeds(tmp_path, "report", "--day", "2020-02-29", "--format", "json").json()
    assert found["today"]["messages_sent"] == 0


@pytest.mark.parametrize("wrong", ["yesterday", "2027-02-30", ""])
def test_a_day_that_is_none_is_refused(tmp_path: Path, wrong: str) -> None:
    assert_error(ingagents(tmp_path, "report", "--day", wrong), "usage", 2, says="--day")


# pause, resume


def test_nothing_is_sent_while_paused_and_everything_after(three: Path) -> None:
    succeeds(three, "once", "--task", "allocate")
    assert "paused" in succeeds(three, "pause", "--reason", "the venue burnt down").out
    assert "already" in succeeds(three, "pause").out
    ended = ingagents(three, "once", "--task", "outreach")
    assert_error(ended, "paused", 75, says="the venue burnt down")
    assert "nothing sent" in ended.out
    assert acts_of(three) == []
    assert statuses(three) == {"Allocated": 3}
    found = succeeds(three, "status", "--json").json()
    assert found["paused"]["reason"] == "the venue burnt down"
    assert "PAUSED" in succeeds(three, "status").out
    assert "resumed" in succeeds(three, "resume").out
    assert "not paused" in succeeds(three, "resume").out
    succeeds(three, "once", "--task", "outreach")
    assert len(acts_of(three)) == 3
    kinds = [event["type"] for event in journal_of(three)]
    assert kinds.index("outreach_paused") < kinds.index("outreach_resumed")


def test_the_kill_switch_says_so_even_when_nobody_waits(tmp_path: Path) -> None:
    succeeds(tmp_path, "pause")
    ended = ingagents(tmp_path, "once", "--task", "outreach", "--json")
    assert_error(ended, "paused", 75)
    assert ended.json()["sent"] == 0
    assert succeeds(tmp_path, "once", "--task", "allocate").code == 0, "only sending is paused"


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
        assert sandbox.running.wait(10) == 0, sandbox.running.said
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
    [("--port", "99999"), ("--port", "-1"), ("--host", "0.0.0.0"), ("--speed", "0")],
)
def test_the_sandbox_refuses_what_it_cannot_serve(tmp_path: Path, wrong: tuple[str, str]) -> None:
    assert_error(ingagents(tmp_path, "sandbox", *wrong, timeout=10), "usage", 2)


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


@pytest.mark.parametrize("group", [(), ("leads",), ("journal",)])
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
        timeout=30,
    )
    assert (done.returncode, done.stdout) == (0, f"ingagents {__version__}\n")


# pipes and terminals


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
        assert process.wait(20) == 0
    assert said == b""


def on_a_terminal(
    folder: Path, *arguments: str, stdout: bool = False, env: dict[str, str] | None = None
) -> tuple[int, str]:
    """Run with stderr (or stdout) on a terminal; the exit code and what the terminal got."""
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
    deadline = time.monotonic() + 30
    try:
        while time.monotonic() < deadline:
            if select.select([ours], [], [], 0.1)[0]:
                try:
                    shown += os.read(ours, 65536)
                except OSError:  # the other side is closed: the program has ended
                    break
            elif process.poll() is not None:
                break
        return process.wait(10), shown.decode("utf-8", "replace")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(5)
        os.close(ours)


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
    code, shown = on_a_terminal(own_day, "run", "--for", "2s", env=no_colour)
    assert code == 0
    for word in ("InG Summit", "found", "contacted", "replied", "positive", "outreach"):
        assert word in shown, word
    assert not re.search(r"\x1b\[[0-9;]*3\dm", shown)


def test_a_list_on_a_terminal_is_a_table_and_in_a_pipe_tab_separated(own_day: Path) -> None:
    code, shown = on_a_terminal(own_day, "leads", "list", "--limit", "3", stdout=True)
    assert code == 0
    assert "status" in shown, "a table has a header"
    assert "\t" not in shown
    assert "\t" in succeeds(own_day, "leads", "list", "--limit", "3").out


# a real service


def test_before_live_is_set_every_send_is_a_dry_run(tmp_path: Path) -> None:
    with served_sandbox(tmp_path / "service") as sandbox:
        write_settings(tmp_path, sandbox.settings(live=False))
        write_people(tmp_path / "people.csv", invented_people(3))
        env = sandbox.env()
        succeeds(tmp_path, "leads", "import", "people.csv", env=env)
        succeeds(tmp_path, "once", "--task", "allocate", env=env)
        ended = succeeds(tmp_path, "once", "--task", "outreach", env=env)
        assert "dry run" in ended.out
        found = succeeds(tmp_path, "once", "--task", "outreach", "--json", env=env).json()
        assert (found["dry_run"], found["sent"]) == (3, 0)
        assert sandbox.record()["acts"] == []
        assert statuses(tmp_path) == {"Allocated": 3}
        assert rows(tmp_path, "SELECT count(*) FROM deliveries WHERE state = 'sent'") == [(0,)]
        assert "dry run" in succeeds(tmp_path, "status", env=env).out
        logged = [
            event["data"]["decision"]
            for event in journal_of(tmp_path)
            if event["type"] == "decision_made"
        ]
        assert [one["verdict"] for one in logged if one["kind"] == "send"][:3] == ["dry run"] * 3
        with started(tmp_path, "run", "--for", "2s", env=env) as running:
            assert running.wait(20) == 0
        assert sandbox.record()["acts"] == []
        assert set(statuses(tmp_path)) <= {"Allocated", "Not Contacted"}
