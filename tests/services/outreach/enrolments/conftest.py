"""A department whose service enrols people in a campaign of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaign_world import CampaignWorld


@pytest.fixture
def world(tmp_path: Path) -> CampaignWorld:
    """On Monday at half past nine."""
    world = CampaignWorld(tmp_path)
    world.go_to(0, 9, 30)
    return world
