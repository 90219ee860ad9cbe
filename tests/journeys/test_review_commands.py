"""The human's say through the front door: what waits is listed, shown, decided, and obeyed."""

from __future__ import annotations

import json
import os
import pty
import sqlite3
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests import PATIENCE
from tests.front_door import (
    AT_ONCE,
    acts_of,
    assert_error,
    copied,
    ingagents,
    invented_people,
    journal_of,
    rows,
    statuses,
    succeeds,
    write_people,
    write_settings,
)
from tests.processes import PROGRAM, environment

EVERY_TEXT = AT_ONCE.replace('approval = "none"', 'approval = "all"')


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which four drafts wait for approval; nobody may change it."""
    folder = tmp_path_factory.mktemp("asked")
    write_settings(folder, EVERY_TEXT)
    write_people(folder / "people.csv", invented_people(4))
    succeeds(folder, "leads", "import", "people.csv")
    succeeds(folder, "once", "--task", "allocate")
    found = succeeds(folder, "once", "--task", "outreach", "--json").json()
    assert (found["for_review"], found["sent"]) == (4, 0)
    return folder


@pytest.fixture
def four(asked: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return copied(asked, tmp_path / "four")


def waiting(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = succeeds(folder, "review", "list", "--json").json()["reviews"]
    return found


def sent(folder: Path) -> list[str]:
    """The texts that reached somebody, sorted; none twice."""
    try:
        return sorted(act.text for act in acts_of(folder))
    except FileNotFoundError:
        return []


def test_what_waits_is_listed_and_shown_with_its_evidence(four: Path) -> None:
    found = waiting(four)
    assert [one["asked_at"] for one in found] == sorted(
        (one["asked_at"] for one in found), reverse=True
    )
    listed = succeeds(four, "review", "list").out.splitlines()
    for one, line in zip(found, listed, strict=True):
        cells = line.split("\t")
        assert cells[:4] == [one["id"], "draft", one["recipient"], one["text"]]
    shown = succeeds(four, "review", "show", found[0]["id"])
    assert found[0]["text"] in shown.out
    assert "profile headline: " in shown.out
    for verb in ("approve", "edit", "reject"):
        assert f"ingagents review {verb} {found[0]['id']}" in shown.out
    data = succeeds(four, "review", "show", found[0]["id"], "--json").json()
    assert data["evidence"]["profile"]
    assert data["reasons"]
    assert set(data["answers"]) == {"approve", "edit", "reject"}
    sends = succeeds(four, "review", "list", "--kind", "sends")
    assert (sends.out, sends.err) == ("", "no send waits for a decision\n")
    assert "wait in all" not in succeeds(four, "review", "list", "--kind", "drafts").err
    assert "4 wait in all" in succeeds(four, "review", "list", "--limit", "1").err


def test_exactly_what_was_approved_or_edited_goes_out_and_nothing_else(four: Path) -> None:
    one, two, three, four_ = waiting(four)
    done = succeeds(four, "review", "approve", one["id"], two["id"], "--by", "Kim")
    assert "2 drafts decided" in done.out
    mine = "Hi there, InG Summit is in Berlin in May 2027. May I send you the programme?"
    succeeds(four, "review", "edit", three["id"], "--text", mine)
    succeeds(four, "review", "reject", four_["id"], "--reason", "a competitor", "--by", "Lee")
    succeeds(four, "once", "--task", "outreach")
    succeeds(four, "once", "--task", "outreach")
    assert sent(four) == sorted([one["text"], two["text"], mine])
    assert statuses(four) == {"Message Sent": 3, "Closed": 1}
    said = succeeds(four, "leads", "show", four_["lead_id"]).out
    assert "rejected by Lee: a competitor" in said
    decided = [event["data"] for event in journal_of(four) if event["type"] == "review_decided"]
    assert [(one["by"], one["verdict"]) for one in decided][:2] == [("Kim", "approved")] * 2
    assert decided[-1]["reason"] == "a competitor"
    signed = rows(four, "SELECT approved_by FROM deliveries WHERE state = 'sent'")
    assert sum(who.startswith("Kim (review ") for (who,) in signed) == 2


def test_a_batch_takes_what_it_can_and_says_what_it_could_not(four: Path) -> None:
    one, two, *_ = waiting(four)
    succeeds(four, "review", "reject", one["id"], "--reason", "no")
    ended = ingagents(four, "review", "approve", one["id"], two["id"])
    assert_error(ended, "input", 1, says="for good")
    assert two["id"] in ended.out
    ended = ingagents(four, "review", "approve", one["id"], two["id"], "--json")
    assert ended.code == 1
    results = [(entry["id"], entry["result"]) for entry in json.loads(ended.out)["decided"]]
    assert results == [(one["id"], "refused"), (two["id"], "unchanged")]
    everything = succeeds(four, "review", "approve", "--all", "--kind", "drafts")
    assert "2 drafts decided" in everything.out
    assert "nothing was decided" in succeeds(four, "review", "approve", "--all").out
    assert len(succeeds(four, "review", "list", "--all").out.splitlines()) == 4


def test_a_text_that_is_not_fit_is_refused_with_the_reasons(four: Path) -> None:
    one = waiting(four)[0]
    ended = ingagents(four, "review", "edit", one["id"], "--text", "Hi [Name], buy now at x.com!")
    line = assert_error(ended, "input", 1)
    for reason in ("placeholder", "link", "spam"):
        assert reason in line
    assert one in waiting(four)


@pytest.mark.parametrize(
    ("arguments", "code", "kind", "says"),
    [
        (("approve",), 2, "usage", "--all"),
        (("approve", "zz"), 1, "input", "zz"),
        (("approve", "--all", "x"), 2, "usage", "--all"),
        (("approve", "x", "--kind", "drafts"), 2, "usage", "--kind"),
        (("approve", "--all", "--kind", "letters"), 2, "usage", "letters"),
        (("approve", "--all", "--as", "interested"), 2, "usage", "reply"),
        (("show", "zz"), 1, "input", "zz"),
        (("reject", "zz"), 2, "usage", "--reason"),
        (("reject", "zz", "--reason", " "), 2, "usage", "reason"),
        (("edit", "zz"), 2, "usage", "--text"),
    ],
)
def test_what_cannot_be_meant_is_one_line_with_its_exit_code(
    asked: Path, arguments: tuple[str, ...], code: int, kind: str, says: str
) -> None:
    assert_error(ingagents(asked, "review", *arguments), kind, code, says=says)


def test_of_two_programs_that_decide_at_once_the_no_wins(four: Path) -> None:
    """Whichever comes first: a text that was approved and is not on its way can be refused."""
    found = waiting(four)
    commands = [
        [("approve", one["id"], "--by", "Kim"), ("reject", one["id"], "--reason", "no")]
        for one in found
    ]
    with ThreadPoolExecutor(2) as both:
        for pair in commands:
            ended = list(both.map(lambda command: ingagents(four, "review", *command), pair))
            assert ended[1].code == 0, ended[1].said
            assert ended[0].code in {0, 1}, ended[0].said
    succeeds(four, "once", "--task", "outreach")
    assert rows(four, "SELECT DISTINCT state FROM reviews") == [("rejected",)]
    assert sent(four) == []


def test_status_counts_what_waits_and_the_report_names_the_command(four: Path) -> None:
    found = succeeds(four, "status", "--json").json()
    assert found["review"] == {"draft": 4, "answer": 0, "send": 0, "reply": 0, "strategy": 0}
    assert "ingagents review list" in succeeds(four, "status").out
    report = succeeds(four, "report").out
    for one in waiting(four):
        assert f"ingagents review approve {one['id']}" in report
        assert one["id"] in succeeds(four, "leads", "show", one["lead_id"]).out


def test_on_a_terminal_a_batch_is_asked_about_and_foreign_text_cannot_steer(four: Path) -> None:
    """Escapes and direction marks in a stored text are spelt out."""
    with closing(sqlite3.connect(four / "ingagents.db")) as database, database:
        database.execute("UPDATE reviews SET recipient = 'Ada\x1b]0;owned\x07\u202egro'")
    for arguments in (("list",), ("show", waiting(four)[0]["id"]), ("list", "--all")):
        said = on_a_terminal(four, "review", *arguments)
        assert "\x1b]0;" not in said
        assert "\u202e" not in said
        assert "\\x1b" in said
    said = on_a_terminal(four, "review", "approve", "--all", answer="n\n")
    assert "approve 4 drafts?" in said
    assert len(waiting(four)) == 4


def test_a_batch_takes_no_doubtful_send_and_no_strategy_along_unasked(four: Path) -> None:
    with closing(sqlite3.connect(four / "ingagents.db")) as database, database:
        database.execute(
            "UPDATE reviews SET kind = 'strategy', lead_id = NULL"
            " WHERE id = (SELECT min(id) FROM reviews)"
        )
        database.execute(
            "UPDATE reviews SET kind = 'send' WHERE id = (SELECT max(id) FROM reviews)"
        )
    said = on_a_terminal(four, "review", "approve", "--all", answer="n\nn\nn\n")
    for question in ("approve 2 drafts?", "approve 1 send?", "approve 1 change?"):
        assert question in said
    for options in ((), ("--yes",), ("--json",)):
        taken = ingagents(four, "review", "approve", "--all", *options)
        assert taken.code == 0
        assert "1 send left: name them, or add --kind sends" in taken.err
    left = rows(four, "SELECT kind FROM reviews WHERE state = 'open' ORDER BY kind")
    assert left == [("send",), ("strategy",)]


def on_a_terminal(folder: Path, *arguments: str, answer: str = "") -> str:
    """What a command shows on a terminal of its own, with an answer typed in."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [PROGRAM, *arguments],
        cwd=folder,
        env={**environment(folder), "COLUMNS": "200"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    os.write(ours, answer.encode())
    said = b""
    try:
        while chunk := os.read(ours, 65536):
            said += chunk
    except OSError:
        pass  # how Linux says that the other end is closed
    finally:
        os.close(ours)
        process.wait(PATIENCE)
    return said.decode()
