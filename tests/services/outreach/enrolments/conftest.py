"""A department whose service enrols people in a campaign of its own."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import pytest

from ingagents.sandbox.market.market import Market
from tests.campaign_world import CampaignWorld
from tests.simulation.market import TalkativeMarket


@pytest.fixture
def world(tmp_path: Path) -> CampaignWorld:
    """On Monday at half past nine."""
    world = CampaignWorld(tmp_path)
    world.go_to(0, 9, 30)
    return world


class TalkativeWorld(CampaignWorld):
    """The same, where people also write of their own accord."""

    market_type: ClassVar[type[Market]] = TalkativeMarket


@pytest.fixture
def talkative(tmp_path: Path) -> TalkativeWorld:
    """On Monday at half past nine."""
    world = TalkativeWorld(tmp_path)
    world.go_to(0, 9, 30)
    return world
