"""A department's office, and the same one as another process sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ingagents.integrations.clock import JumpingClock
from tests.support import Office, jumping_clock, open_office


@pytest.fixture
async def clock() -> AsyncIterator[JumpingClock]:
    async with jumping_clock(pace=1.0) as running:
        yield running


@pytest.fixture
async def office(tmp_path: Path, clock: JumpingClock) -> AsyncIterator[Office]:
    async with open_office(tmp_path, clock, holder="here") as opened:
        yield opened


@pytest.fixture
async def other(tmp_path: Path, clock: JumpingClock) -> AsyncIterator[Office]:
    """The same department as another process sees it."""
    async with open_office(tmp_path, clock, holder="there") as opened:
        yield opened
