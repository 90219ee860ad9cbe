"""A worked day and three imported people: what many journeys begin with."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.front_door import (
    AT_ONCE,
    Ended,
    copied,
    invented_people,
    succeeds,
    write_people,
    write_settings,
)

DAY_LINE = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d): leads found (?P<found>\d+), contacted (?P<contacted>\d+),"
    r" replied (?P<replied>\d+), positive (?P<positive>\d+)"
)


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


@pytest.fixture(scope="session")
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
