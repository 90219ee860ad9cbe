"""What a newcomer meets: `make run`, days of the sandbox in which conversations go on."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from tests.front_door import ROOT, acts_of, journal_of, succeeds
from tests.journeys.conftest import DAY_LINE

DAYS = re.search(r"^DAYS \?= (\d+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def test_make_run_shows_conversations_beyond_the_first_line(tmp_path: Path) -> None:
    assert DAYS
    ended = succeeds(tmp_path, "run", "--no-screen", env={"INGAGENTS_SANDBOX__DAYS": DAYS[1]})
    entries = journal_of(tmp_path)
    worked = sorted({entry["timestamp"][:10] for entry in entries})
    assert len(worked) == int(DAYS[1])
    found = DAY_LINE.search(ended.out)
    assert found, ended.said
    assert found["day"] == worked[-1]
    assert (tmp_path / "reports" / f"{worked[-1]}.html").is_file()
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for act in acts_of(tmp_path):
        if act.text:
            texts[act.person].append(act.text)
    assert sum(len(said) >= 2 for said in texts.values()) > 5, "a message after the invitation"
    assert any(len(said) >= 3 for said in texts.values()), "and one more to whom is silent"
    assert all(len(set(said)) == len(said) for said in texts.values())
    assert sum(entry["type"] == "response_received" for entry in entries) > 20
