"""The agents, put together from what the services can do."""

from __future__ import annotations

import msgspec
import pytest

from ingagents.app.providers import LinkedIn
from ingagents.errors import SettingsError
from tests.world import World


async def test_a_service_that_cannot_do_what_an_agent_needs_is_told_by_name(tmp_path):
    world = World(tmp_path)
    async with world.department() as department:
        linkedin = await department.linkedin()
        service = msgspec.structs.replace(linkedin.service, sender=None)
        department._linkedin = LinkedIn(service=service, live=True)
        await department.agent("lead_finder")
        with pytest.raises(SettingsError, match="does not send at once"):
            await department.agent("outreach")
