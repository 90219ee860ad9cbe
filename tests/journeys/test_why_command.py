"""`ingagents why` through the front door: of everybody, of two of one name, of nobody, of all."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.front_door import (
    AT_ONCE,
    assert_error,
    ingagents,
    invented_people,
    leads_of,
    succeeds,
    write_people,
    write_settings,
)

SETTINGS = AT_ONCE.replace("max_leads = 10000", "max_leads = 3").replace(
    "quality_threshold = 1\n", "quality_threshold = 6\n"
)
HOSTILE = ("Eve \x1b[31m\u202e", "Baker", "Bakery <b>", "https://www.linkedin.com/in/eve-baker")
TWINS = [
    ("Sam Twin", "CTO", f"Twin {one}", f"https://www.linkedin.com/in/sam-twin-{one}")
    for one in "ab"
]
ADDRESSLESS = ("Nora Nowhere", "CTO and keynote speaker on AI", "Acme Software", "")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten people, of whom some were written to and one is suppressed."""
    place = tmp_path_factory.mktemp("why")
    write_settings(place, SETTINGS)
    people = [*invented_people(6), *TWINS, HOSTILE, ADDRESSLESS]
    succeeds(place, "leads", "import", write_people(place / "people.csv", people))
    succeeds(place, "leads", "suppress", "sam-twin-a", "--reason", "asked us to")
    succeeds(place, "once", "--task", "allocate")
    succeeds(place, "once", "--task", "outreach")
    succeeds(place, "once", "--task", "allocate")
    return place


def test_everybody_has_a_gate_and_the_departments_figures_are_theirs(folder: Path) -> None:
    found: list[dict[str, Any]] = [
        succeeds(folder, "why", one["id"], "--json").json() for one in leads_of(folder)
    ]
    assert all(one["reason"] and one["change"] and one["gates"] for one in found)
    assert all(one["gates"][-1]["gate"] == one["gate"] for one in found)
    idle = succeeds(folder, "why", "--idle", "--json").json()
    assert {one["gate"]: one["people"] for one in idle["gates"]} == Counter(
        one["gate"] for one in found
    )
    assert idle["people"] == len(found)
    assert {"suppressed", "below_threshold"} <= {one["gate"] for one in found}
    assert "not at work" in succeeds(folder, "why", "--idle").out


def test_a_pause_is_the_first_gate_until_it_is_lifted(folder: Path) -> None:
    lead = next(one for one in leads_of(folder) if one["contact_status"] == "Allocated")
    before = succeeds(folder, "why", lead["id"], "--json").json()["gate"]
    succeeds(folder, "pause", "--reason", "press day")
    paused = succeeds(folder, "why", lead["id"], "--json").json()
    assert (paused["gate"], paused["lifts_at"]) == ("paused", None)
    assert "press day" in paused["reason"]
    assert paused["change"] == "`ingagents resume`"
    succeeds(folder, "resume")
    assert succeeds(folder, "why", lead["id"], "--json").json()["gate"] == before


def test_a_person_is_meant_as_everywhere(folder: Path) -> None:
    several = ingagents(folder, "why", "Sam Twin")
    assert_error(several, "usage", 2, says="one of several leads")
    assert_error(ingagents(folder, "why", "Nobody"), "input", 1, says="there is no lead")
    assert_error(ingagents(folder, "why"), "usage", 2, says="name one person")
    assert_error(ingagents(folder, "why", "sam-twin-a", "--idle"), "usage", 2, says="not both")
    told = succeeds(folder, "why", "https://www.linkedin.com/in/sam-twin-a/").out
    assert "suppressed" in told
    assert "asked us to" in told


def test_what_somebody_calls_themselves_steers_no_terminal(folder: Path) -> None:
    told = succeeds(folder, "why", "eve-baker").out
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert "classification: " in told
