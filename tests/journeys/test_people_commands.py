"""The people and the journal through the front door: import, list, show, export, suppress,
erase."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.front_door import (
    AT_ONCE,
    acts_of,
    assert_error,
    ingagents,
    invented_people,
    journal_of,
    leads_of,
    statuses,
    succeeds,
    write_people,
    write_settings,
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


# leads


def test_an_import_says_what_it_used_and_a_dry_run_takes_nothing_in(tmp_path: Path) -> None:
    write_settings(tmp_path, AT_ONCE)
    people = "Name,Firm,Job,Favourite colour,Where\nJiří Kovář,Kovo,CTO,green,{}/in/jiri\n"
    data = people.format("https://www.linkedin.com").encode("cp1250")
    (tmp_path / "people.csv").write_bytes(data)
    options = ("leads", "import", "people.csv", "--map", "job=position")
    dry = succeeds(tmp_path, *options, "--dry-run").out
    assert "columns used: Name = name" in dry
    assert "Where = url" in dry
    assert "columns kept for your templates: Favourite colour = {favourite_colour}" in dry
    assert "columns not used" not in dry
    assert "windows-1250" in dry
    assert "a dry run: nothing was taken in" in dry
    assert leads_of(tmp_path) == []
    found = succeeds(tmp_path, *options, "--json").json()
    assert (found["taken"], found["encoding"]) == (1, "windows-1250")
    assert (found["columns"]["position"], found["unused"]) == ("Job", ["Favourite colour"])
    assert [lead["name"] for lead in leads_of(tmp_path)] == ["Jiří Kovář"]
    wrong = ingagents(tmp_path, "leads", "import", "people.csv", "--map", "Job=colour")
    assert_error(wrong, "usage", 2, says="colour")


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


@pytest.mark.parametrize(("sort", "field"), [("score", "quality_score"), ("name", "name")])
def test_leads_are_listed_by_a_column_or_the_other_way_round(
    own_day: Path, sort: str, field: str
) -> None:
    there, back = (
        [
            lead[field]
            for lead in succeeds(own_day, "leads", "list", "--sort", by, "--json").json()["leads"]
        ]
        for by in (sort, f"-{sort}")
    )
    keyed = [one.casefold() if isinstance(one, str) else -one for one in there if one is not None]
    assert keyed == sorted(keyed)
    assert len(keyed) > 1
    assert there[0] != back[0]


def test_leads_are_listed_with_filters_and_a_limit(own_day: Path) -> None:
    listed = succeeds(own_day, "leads", "list", "--limit", "5").out.splitlines()
    assert len(listed) == 5
    assert all(len(line.split("\t")) == 10 for line in listed)
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
        moments = re.findall(r"^  (\d{4}-\d\d-\d\d \d\d:\d\d \S+)", shown, re.MULTILINE)
        assert moments
        assert all(one.endswith(("CET", "CEST")) for one in moments), "the campaign's time"
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
        ("+Ada Lund", "@SUM(A1)", "+Company", "https://www.linkedin.com/in/formula"),
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
    assert [act.slug for act in acts_of(three)] == [
        unquote(third["linkedin_url"].rsplit("/", 1)[1])
    ]
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
        "Name,Title,Email,LinkedIn URL\n"
        "Ada Abel,CTO,ada@nobody.example,https://www.linkedin.com/in/ada\n"
        "Bo Brandt,CTO,bo@example.org,https://www.linkedin.com/in/Never-Me/\n"
        "Cy Costa,CTO,cy@example.org,https://www.linkedin.com/in/cyrus\n",
        "utf-8",
    )
    found = succeeds(tmp_path, "leads", "import", "a.csv", "--json").json()
    assert (found["taken"], found["suppressed"]) == (1, 2)
    succeeds(tmp_path, "once", "--task", "allocate")
    succeeds(tmp_path, "once", "--task", "outreach")
    assert [act.slug for act in acts_of(tmp_path)] == ["cyrus"]


def test_an_erased_person_is_gone_and_does_not_come_back(three: Path) -> None:
    succeeds(three, "once", "--task", "allocate")
    succeeds(three, "once", "--task", "outreach")
    first, second, third = leads_of(three)
    erased = succeeds(three, "leads", "erase", first["linkedin_url"], "--json").json()
    assert erased["rows"]["leads"] == 1
    assert erased["rows"]["journal"] > 1
    assert erased["hashed_names"] >= 2
    assert "overwritten" not in (said := succeeds(three, "leads", "erase", second["id"]).out)
    assert "  leads: 1 row\n" in said
    assert "keyed hashes" in said
    assert [lead["id"] for lead in leads_of(three)] == [third["id"]]
    assert_error(ingagents(three, "leads", "erase", first["id"]), "input", code=1)
    for gone in (first, second):
        for file in three.glob("ingagents.db*"):
            if ".sandbox" not in file.name:  # the simulated LinkedIn itself is out of reach
                assert gone["name"].encode() not in file.read_bytes(), file
    again = succeeds(three, "leads", "import", "people.csv", "--json").json()
    assert (again["taken"], again["merged"], again["suppressed"]) == (0, 1, 2)
    succeeds(three, "once", "--task", "allocate")
    succeeds(three, "once", "--task", "outreach")
    assert len(acts_of(three)) == 3
    assert succeeds(three, "journal", "verify", "--json").json()["ok"]


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
