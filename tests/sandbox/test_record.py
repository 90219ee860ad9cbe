"""The record: what was done is on the disk before anybody hears of it."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingagents.errors import StoreError
from ingagents.model import Profile
from ingagents.sandbox.market.market import Market
from ingagents.sandbox.record import Act, ActKind, Record
from tests.sandbox.world import MONDAY, World


@contextlib.contextmanager
def a_record(path: Path | None) -> Iterator[Record]:
    record = Record(path)
    try:
        yield record
    finally:
        record.close()


def add(
    record: Record,
    person: str = "p",
    kind: ActKind = "message",
    text: str = "Hi",
    request: int = 1,
) -> Act:
    with record.alone():
        return record.add(
            kind,
            person=person,
            provider_id=f"ACoAA{person}",
            slug=person,
            text=text,
            at=MONDAY,
            request=request,
        )


def test_acts_and_named_values_are_there_again_after_reopening(tmp_path):
    path = tmp_path / "market.db"
    with a_record(path) as record:
        act = add(record, text="Grüße 🚀\n'; DROP TABLE acts;--")
        record.remember("clock", "1")
        record.remember("clock", "2")
    with a_record(path) as record:
        assert record.acts == [act]
        assert record.recall("clock") == "2"
        assert record.recall("other") is None


def test_an_act_is_on_the_disk_before_the_lock_is_left(tmp_path):
    path = tmp_path / "market.db"
    with a_record(path) as record:
        add(record)
        with contextlib.closing(sqlite3.connect(path)) as beside:
            assert beside.execute("SELECT count(*) FROM acts").fetchone() == (1,)
            assert record._file.execute("PRAGMA synchronous").fetchone() == (2,)
            assert record._file.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_what_fails_half_way_leaves_no_trace(tmp_path):
    with a_record(tmp_path / "market.db") as record:
        add(record)
        with contextlib.suppress(ZeroDivisionError), record.alone():
            record.add(
                "message", person="q", provider_id="x", slug="", text="", at=MONDAY, request=2
            )
            raise ZeroDivisionError
        assert [act.person for act in record.acts] == ["p"]
        assert add(record, "r").number == 2


def test_a_program_killed_right_after_the_answer_has_its_act_on_the_record(tmp_path):
    path = tmp_path / "market.db"
    program = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from ingagents.sandbox.market.market import Market
from ingagents.sandbox.record import Act, ActKind, Record
now = datetime(2027, 3, 1, 8, tzinfo=UTC)
market = Market(1, 400, now=lambda: now, record=Record(Path(sys.argv[1])))
market.invite(sys.argv[2], "Hello")
os.kill(os.getpid(), signal.SIGKILL)
"""
    person = World().stranger()
    arguments = [sys.executable, "-c", program, str(path), person.provider_id]
    killed = subprocess.run(arguments, check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with a_record(path) as record:
        assert [(act.provider_id, act.text) for act in record.acts] == [
            (person.provider_id, "Hello")
        ]


def test_two_programs_on_one_file_see_each_others_acts_and_never_share_a_number(tmp_path):
    path = tmp_path / "market.db"
    with a_record(path) as one, a_record(path) as other:
        assert add(one, "a").number == 1
        assert add(other, "b").number == 2
        one.refresh()
        assert [act.person for act in one.acts] == ["a", "b"]


def test_two_markets_on_one_file_invite_nobody_twice(tmp_path):
    path = tmp_path / "market.db"
    with a_record(path) as one, a_record(path) as other:
        markets = [Market(1, 400, now=lambda: MONDAY, record=record) for record in (one, other)]
        person = World().stranger()
        markets[0].invite(person.provider_id, "Hello")
        with pytest.raises(Exception, match="already_invited_recently"):
            markets[1].invite(person.provider_id, "Hello")
        assert len(other.acts) == 1


def test_a_restarted_market_goes_on_where_it_was(tmp_path):
    path = tmp_path / "market.db"
    with a_record(path) as record:
        world = World(record=record, welcome_strangers=True)
        person = world.welcoming()
        world.market.invite(person.provider_id, "Hello")
        met = world.market.find("ada-quist")
        world.market.invite(met.provider_id, "Hello Ada")
        (given,) = world.market.add_people([Profile(name="Bo Lund", public_identifier="bo-lund")])
        later = world.pass_time(days=7)
        before = [said.text for said in world.market.said(later)]
        opened = world.market.opened
    with a_record(path) as record:
        again = World(record=record)
        again.pass_time(days=7)
        assert again.market.opened == opened
        assert [said.text for said in again.market.said(again.time)] == before
        assert again.market.people.find(met.provider_id) == met
        assert again.market.find("bo-lund") == given


def test_acts_of_people_the_market_no_longer_holds_are_still_told(tmp_path):
    path = tmp_path / "market.db"
    with a_record(path) as record:
        person = World(record=record).stranger(nth=50)
        Market(1, 400, now=lambda: MONDAY, record=record).invite(person.provider_id, "Hello")
    with a_record(path) as record:
        smaller = Market(1, 3, now=lambda: MONDAY, record=record)
        ((found, invitation),) = smaller.pending(MONDAY)
        assert (found.provider_id, invitation.note) == (person.provider_id, "Hello")


def test_the_same_text_to_the_same_person_again_is_told_as_a_pair():
    with a_record(None) as record:
        first = add(record, "a")
        add(record, "b")
        add(record, "a", text="Something else")
        add(record, "a", kind="withdrawal", text="")
        again = add(record, "a")
        assert record.repeated() == [(first, again)]


def test_a_file_that_is_no_record_is_refused_in_words(tmp_path):
    path = tmp_path / "market.db"
    path.write_text("this is a letter, not a database" * 100)
    with pytest.raises(StoreError, match=r"market\.db"):
        Record(path)
