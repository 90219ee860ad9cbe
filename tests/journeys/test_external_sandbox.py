"""A list of real people's data, a service in another process: everybody gets exactly one message."""

from __future__ import annotations

import csv
import json
import re
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.front_door import (
    ROOT,
    ServedSandbox,
    ingagents,
    invented_people,
    leads_of,
    rows,
    served_sandbox,
    statuses,
    succeeds,
    write_people,
    write_settings,
)
from tests.journeys.test_killed import NO_SEARCH
from tests.processes import started, wait_until

DATA = ROOT.parent / "shared" / "data"


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[ServedSandbox]:
    """A sandbox of its own in another process."""
    with served_sandbox(tmp_path / "service") as served:
        yield served


def payload_file(folder: Path) -> Path:
    """A file of the shape of LinkedIn's own export."""
    file = folder / "Connections.csv"
    file.write_text(
        "Notes:\n"
        '"When exporting your connection data, you may notice that some are missing."\n'
        "\n"
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        'Ada,"Abel, PhD",https://www.linkedin.com/in/ada-abel-1,,"Abel, Inc.",CTO,15 Jan 2023\n'
        "Zoë,Brandt 🌍,https://www.linkedin.com/in/zo%C3%AB-brandt,,Brandt,Head of Events,1 Feb 2023\n"
        ",,,,,,\n",
        "utf-8",
    )
    return file


def roles_file(folder: Path) -> Path:
    """Headlines and companies of conference people, with invented names and addresses."""
    real = DATA / "event_roles" / "dev.csv"
    if real.is_file():
        with real.open(encoding="utf-8", newline="") as file:
            people = [
                (f"Robin Roe-{number}", row["headline"], row["company"], f"robin-{row['id']}")
                for number, row in enumerate(csv.DictReader(file), 1)
            ]
    else:
        print("the shared event roles are not here: invented people are used")
        people = [
            (name, headline, company, url.rsplit("/", 1)[1])
            for name, headline, company, url in invented_people(120)
        ]
    return write_people(
        folder / "roles.csv",
        [
            (name, does, at, f"https://www.linkedin.com/in/{slug}")
            for name, does, at, slug in people
        ],
    )


@pytest.mark.parametrize("source", [payload_file, roles_file])
def test_everybody_of_an_imported_list_gets_exactly_one_message(
    tmp_path: Path, sandbox: ServedSandbox, source: object
) -> None:
    assert callable(source)
    env = sandbox.env()
    write_settings(tmp_path, sandbox.settings(NO_SEARCH))
    imported = succeeds(tmp_path, "leads", "import", source(tmp_path), "--json").json()
    assert imported["taken"] > 1
    allocated = succeeds(tmp_path, "once", "--task", "allocate", "--json", env=env).json()
    assert allocated["allocated"] == imported["taken"]
    sent = succeeds(tmp_path, "once", "--task", "outreach", "--json", env=env).json()
    found = leads_of(tmp_path)
    written = [lead for lead in found if lead["contact_status"] == "Message Sent"]
    others = [lead for lead in found if lead["contact_status"] != "Message Sent"]
    assert sent["sent"] == len(written)
    assert len(written) >= 0.95 * len(found), [
        (lead["name"], lead["contact_status"], lead["status_reason"]) for lead in others
    ]
    assert all(lead["status_reason"] for lead in others), "nobody is left out without a reason"
    record = sandbox.record()
    assert record["contacted_twice"] == record["same_text_again"] == []
    assert Counter(act["text"] for act in record["acts"]) == Counter(
        lead["message_sent"] for lead in written
    )
    per_person = Counter(act["provider_id"] for act in record["acts"])
    assert set(per_person.values()) == {1}
    assert len(per_person) == len(written)
    for act in record["acts"]:
        assert len(act["text"].encode("utf-16-le")) // 2 <= 300
        assert not re.search(r"[{}\[\]<>]|Hi ,|  ", act["text"]), act["text"]
    again = succeeds(tmp_path, "once", "--task", "outreach", "--json", env=env).json()
    assert again["sent"] == 0
    assert len(sandbox.acts()) == len(written)


def test_answers_are_found_a_few_seconds_later(tmp_path: Path) -> None:
    with served_sandbox(tmp_path / "service", "--speed", "20000") as sandbox:
        env = sandbox.env()
        write_settings(tmp_path, sandbox.settings(NO_SEARCH))
        write_people(tmp_path / "people.csv", invented_people(40))
        succeeds(tmp_path, "leads", "import", "people.csv")
        succeeds(tmp_path, "once", "--task", "allocate")
        succeeds(tmp_path, "once", "--task", "outreach", env=env)
        while (
            statuses(tmp_path)["Responded"] < 3
        ):  # the suite's own limit ends it if they stay away
            time.sleep(1)
            found = succeeds(tmp_path, "once", "--task", "replies", "--json", env=env).json()
            assert found["try_later"] == ""
        for lead in leads_of(tmp_path):
            if lead["response"]:
                assert lead["response_sentiment"] in {"positive", "negative", "neutral"}
                assert lead["response_intent"]
        succeeds(tmp_path, "once", "--task", "outreach", env=env)
        assert len(sandbox.acts()) == 40, "an answer is no reason to write again"


def test_what_another_process_allocates_reaches_the_running_department_at_once(
    tmp_path: Path, sandbox: ServedSandbox
) -> None:
    env = sandbox.env()
    settings = sandbox.settings(NO_SEARCH).replace("[sales_manager]", QUIET_MORNING)
    write_settings(tmp_path, settings)
    write_people(tmp_path / "people.csv", invented_people(6))
    with started(tmp_path, "run", env=env) as running:
        running.until("job=replies")
        succeeds(tmp_path, "leads", "import", "people.csv", env=env)
        assert sandbox.acts() == []
        succeeds(tmp_path, "once", "--task", "allocate", env=env)
        # Nothing else would wake it: its own next look is hours away.
        wait_until("six sends", lambda: len(sandbox.acts()) == 6)
        running.send(signal.SIGTERM)
        assert running.wait() == 0, running.said
    assert len(sandbox.acts()) == 6
    assert statuses(tmp_path)["Message Sent"] + statuses(tmp_path)["Responded"] == 6
    assert "contacted 6" in running.out[-2]


QUIET_MORNING = '[sales_manager]\ncoordination_time = "23:59"\nreport_time = "23:59"'


def test_two_processes_at_once_write_to_nobody_twice(
    tmp_path: Path, sandbox: ServedSandbox
) -> None:
    env = sandbox.env()
    write_settings(tmp_path, sandbox.settings(NO_SEARCH))
    write_people(tmp_path / "people.csv", invented_people(30))
    succeeds(tmp_path, "leads", "import", "people.csv")
    succeeds(tmp_path, "once", "--task", "allocate")
    with (
        started(tmp_path, "once", "--task", "outreach", env=env) as one,
        started(tmp_path, "run", "--for", "4s", env=env) as other,
    ):
        third = ingagents(tmp_path, "once", "--task", "outreach", env=env)
        assert third.code in {0, 75}, third.said
        assert one.wait() in {0, 75}, one.said
        assert other.wait() == 0, other.said
    assert Counter(act["provider_id"] for act in sandbox.acts()).most_common(1)[0][1] == 1
    assert len(sandbox.acts()) == 30
    assert rows(tmp_path, "SELECT state, count(*) FROM deliveries WHERE kind = 'invitation'") == [
        ("sent", 30)
    ]


def test_the_services_own_limit_stops_the_sends_and_loses_nobody(tmp_path: Path) -> None:
    with served_sandbox(tmp_path / "service", "--weekly-invitations", "3") as sandbox:
        env = sandbox.env()
        write_settings(tmp_path, sandbox.settings(NO_SEARCH))
        write_people(tmp_path / "people.csv", invented_people(8))
        succeeds(tmp_path, "leads", "import", "people.csv")
        succeeds(tmp_path, "once", "--task", "allocate")
        found = succeeds(tmp_path, "once", "--task", "outreach", "--json", env=env).json()
        assert found["sent"] == len(sandbox.acts()) == 3
        assert found["waits_until"]
        assert statuses(tmp_path) == {"Message Sent": 3, "Allocated": 5}


def test_a_market_keeps_its_record_over_a_restart(tmp_path: Path) -> None:
    state = str(tmp_path / "market.db")
    with served_sandbox(tmp_path / "service", "--state", state) as sandbox:
        write_settings(tmp_path, sandbox.settings(NO_SEARCH))
        write_people(tmp_path / "people.csv", invented_people(2))
        succeeds(tmp_path, "leads", "import", "people.csv")
        succeeds(tmp_path, "once", "--task", "allocate")
        succeeds(tmp_path, "once", "--task", "outreach", env=sandbox.env())
        first = sandbox.record()["acts"]
    with served_sandbox(tmp_path / "service", "--state", state) as again:
        assert json.dumps(again.record()["acts"]) == json.dumps(first)
        assert len(first) == 2
