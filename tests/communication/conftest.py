"""The clock of an office, as fast as in life."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from ingagents.integrations.clock import JumpingClock
from tests.support import jumping_clock


@pytest.fixture
async def clock() -> AsyncIterator[JumpingClock]:
    async with jumping_clock(pace=1.0) as running:
        yield running
