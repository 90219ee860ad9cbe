"""`journal verify` through the front door: a whole journal, and one somebody wrote into."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.front_door import ingagents


def test_a_journal_somebody_wrote_into_is_found_with_its_row(tmp_path: Path) -> None:
    assert ingagents(tmp_path, "pause").code == 0
    whole = ingagents(tmp_path, "journal", "verify")
    assert whole.code == 0
    assert "whole up to event 1" in whole.out
    with sqlite3.connect(tmp_path / "ingagents.db") as connection:
        connection.execute("UPDATE journal SET data = replace(data, 'team', 'mallory')")
    changed = ingagents(tmp_path, "journal", "verify")
    assert changed.code == 1
    assert "event 1: its data was changed" in changed.out
