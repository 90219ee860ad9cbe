"""Working and looking after the department: run, once, init, doctor, status, report, pause."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from ingagents.app.tasks import TASKS
from tests.front_door import (
    AT_ONCE,
    ROOT,
    acts_of,
    assert_error,
    ingagents,
    invented_people,
    journal_of,
    leads_of,
    rows,
    served_sandbox,
    statuses,
    succeeds,
    write_people,
    write_settings,
)
from tests.journeys.conftest import DAY_LINE, Day
from tests.processes import started

# run


def test_a_day_without_any_settings_ends_and_says_what_it_came_to(day: Day) -> None:
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
    people = {act.person for act in acts_of(day.folder)}
    assert len(sent) == day.figures["contacted"] == len(people)
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


def test_a_run_lasts_as_many_working_days_as_the_settings_say(tmp_path: Path) -> None:
    write_settings(tmp_path, "[sandbox]\ndays = 2\nsize = 60\n")
    ended = succeeds(tmp_path, "run", "--no-screen")
    found = DAY_LINE.search(ended.out)
    assert found, ended.said
    days = sorted({entry["timestamp"][:10] for entry in journal_of(tmp_path)})
    assert len(days) == 2
    assert days[1] == found["day"]
    assert {act.at.date().isoformat() for act in acts_of(tmp_path)} == set(days)


def test_run_ends_by_itself_after_the_given_time(tmp_path: Path) -> None:
    ended = succeeds(tmp_path, "run", "--for", "0.02m 1s", "--no-screen")
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
        "sync",
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


@pytest.mark.parametrize("taken", ["settings.toml", ".env.example", "facts.toml"])
def test_init_never_overwrites(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).write_text("mine", "utf-8")
    assert_error(ingagents(tmp_path, "init"), "input", 1, says=taken)
    assert (tmp_path / taken).read_text("utf-8") == "mine"
    assert len(list(tmp_path.iterdir())) == 1, "nothing else was written either"


def test_facts_are_listed_with_those_of_the_settings(tmp_path: Path) -> None:
    succeeds(tmp_path, "init")
    assert "speaker.keynote" in succeeds(tmp_path, "facts", "list").out
    (tmp_path / "facts.toml").write_text(
        '[[fact]]\nid = "gold"\ntext = "Gold costs 10,000 euro."\nfor = ["Sponsor"]\n'
        '[booking]\nKim = "https://cal.example/kim"\n',
        "utf-8",
    )
    found = succeeds(tmp_path, "facts", "list", "--json").json()
    assert [fact["id"] for fact in found["facts"]] == ["gold", "campaign.date"]
    assert found["facts"][0]["for"] == ["Sponsor"]
    assert found["booking"] == {"Kim": "https://cal.example/kim"}


def test_facts_check_ends_with_1_when_something_is_to_mend_and_2_when_nothing_can_be_read(
    tmp_path: Path,
) -> None:
    file = tmp_path / "facts.toml"
    gold = '[[fact]]\nid = "gold"\ntext = "Gold costs 10,000 euro."\n'
    file.write_text(gold, "utf-8")
    assert succeeds(tmp_path, "facts", "check", "--json").json()["ok"] is True
    file.write_text(f'{gold}[[fact]]\nid = "more"\ntext = "Gold costs 12,000 euro."\n', "utf-8")
    ended = ingagents(tmp_path, "facts", "check")
    assert ended.code == 1
    assert "NOT OK contradiction: gold, more: one says 10000, the other 12000" in ended.out
    file.write_text(f'{gold}lnk = ""\n', "utf-8")
    assert_error(ingagents(tmp_path, "facts", "check"), "settings", 2, says="line 1 (gold)")


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


# report


def test_the_report_of_a_day_in_three_formats(own_day: Path, day: Day) -> None:
    text = succeeds(own_day, "report", "--day", day.day).out
    assert day.day in text
    assert f"contacted {day.figures['contacted']}" in text
    found = succeeds(own_day, "report", "--day", day.day, "--format", "json").json()
    assert found["day"] == day.day
    assert found["today"]["people_contacted"] == day.figures["contacted"]
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


@pytest.mark.parametrize("wrong", ["0001-01-01", "9999-12-31"])
def test_a_day_at_an_end_of_the_calendar_has_no_report(tmp_path: Path, wrong: str) -> None:
    assert_error(ingagents(tmp_path, "report", "--day", wrong), "usage", 2, says=wrong)


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
        for lead in leads_of(tmp_path):
            assert f"{lead['name']}, " in ended.out
        assert ended.out.count("invitation") == 3
        found = succeeds(tmp_path, "once", "--task", "outreach", "--json", env=env).json()
        assert (found["dry_run"], found["sent"]) == (3, 0)
        assert sandbox.record()["acts"] == []
        assert statuses(tmp_path) == {"Allocated": 3}
        assert rows(tmp_path, "SELECT count(*) FROM deliveries WHERE state = 'sent'") == [(0,)]
        texts = {one["text"] for one in found["dry_run_texts"]}
        assert len(texts) == 3
        assert all(text in ended.out for text in texts)
        said = succeeds(tmp_path, "status", env=env).out
        assert "dry run" in said
        assert all(text in said for text in texts)
        page = succeeds(tmp_path, "report", "--format", "json", env=env).json()
        assert {one["text"] for one in page["would_go"]} == texts
        logged = [
            event["data"]["decision"]
            for event in journal_of(tmp_path)
            if event["type"] == "decision_made"
        ]
        assert [one["verdict"] for one in logged if one["kind"] == "send"][:3] == ["dry run"] * 3
        with started(tmp_path, "run", "--for", "2s", env=env) as running:
            assert running.wait() == 0
        assert sandbox.record()["acts"] == []
        assert set(statuses(tmp_path)) <= {"Allocated", "Not Contacted"}
        live = {**env, "INGAGENTS_LINKEDIN__LIVE": "true"}
        succeeds(tmp_path, "once", "--task", "outreach", env=live)
        assert texts <= {act["text"] for act in sandbox.acts()}, "what was shown is what went"


@pytest.mark.parametrize(
    ("campaign", "says"),
    [
        ("", "as it was shipped"),
        ('event_name = "Quarz Days"', "nobody signs"),
        ('sender_name = "Kim"\nevent_date = 2024-05-20', "the event is over"),
    ],
)
def test_nothing_goes_out_for_real_for_an_unnamed_or_past_event(
    tmp_path: Path, campaign: str, says: str
) -> None:
    with served_sandbox(tmp_path / "service") as sandbox:
        write_settings(tmp_path, f"[campaign]\n{campaign}\n{sandbox.settings()}")
        write_people(tmp_path / "people.csv", invented_people(1))
        env = {"INGAGENTS_LINKEDIN__API_KEY": sandbox.key}
        succeeds(tmp_path, "leads", "import", "people.csv", env=env)
        succeeds(tmp_path, "once", "--task", "allocate", env=env)
        ended = ingagents(tmp_path, "once", "--task", "outreach", env=env)
        assert_error(ended, "settings", 2, says=says)
        assert "nothing sent" in ended.out
        assert sandbox.record()["acts"] == []
        assert statuses(tmp_path) == {"Allocated": 1}
        assert says in succeeds(tmp_path, "status", env=env).out
        checked = ingagents(tmp_path, "doctor", env=env)
        assert checked.code == 1
        assert any(
            line.startswith("NOT OK campaign: ") and says in line
            for line in checked.out.splitlines()
        )


def test_a_fact_is_added_to_the_file_before_its_booking_addresses(tmp_path: Path) -> None:
    file = tmp_path / "facts.toml"
    file.write_text('[booking]\nKim = "https://cal.example/kim"\n', "utf-8")
    for number in (1, 2):
        added = ("facts", "add", f"hotel.{number}", "--text", f'Two "nights" {number}.', "--asks")
        succeeds(tmp_path, *added, "hotel", "--for", "Speaker")
    found = succeeds(tmp_path, "facts", "list", "--json").json()
    own = [fact for fact in found["facts"] if fact["id"].startswith("hotel")]
    assert [fact["text"] for fact in own] == ['Two "nights" 1.', 'Two "nights" 2.']
    assert found["booking"] == {"Kim": "https://cal.example/kim"}
    assert found["asked"] == []
    before = file.read_text("utf-8")
    refused = ingagents(tmp_path, "facts", "add", "hotel.1", "--text", "Again.")
    assert_error(refused, "settings", 2, says="another fact with this id")
    for given in (("x y", "--text", "Again."), ("x", "--text", "")):
        refused = ingagents(tmp_path, "facts", "add", *given)
        assert_error(refused, "usage", 2, says=f"{given[0]!r} is no fact")
        assert "line" not in refused.err
    assert file.read_text("utf-8") == before
