"""The market most tests of the agents begin with: Monday, half past nine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.go_to(0, 9, 30)
    return world
