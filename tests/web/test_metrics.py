"""The department's figures as Prometheus reads them: every line of the format, every label escaped."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from ingagents.web.metrics import as_prometheus
from tests.world import World

SAMPLE = re.compile(r'ingagents_[a-z_]+(\{[a-z_]+="(?:[^"\\\n]|\\.)*"\})? -?\d[\d.e+-]*')


async def test_every_line_is_a_sample_or_says_what_follows(tmp_path: Path) -> None:
    world = World(tmp_path, size=60)
    async with world.at_work() as department:
        await world.allocate(department, *world.strangers(2))
        status = await department.status(people=False)
    odd = msgspec.structs.replace(status, deliveries={'a"b\\c\nd': 1})
    lines = as_prometheus(odd).splitlines()
    assert [one for one in lines if not one.startswith("#") and not SAMPLE.fullmatch(one)] == []
    named = {one.split()[2] for one in lines if one.startswith("# TYPE")}
    assert {re.split(r"[{ ]", one)[0] for one in lines if not one.startswith("#")} <= named
    assert 'ingagents_leads{status="Allocated"} 2.0' in lines
    assert 'ingagents_deliveries{state="a\\"b\\\\c\\nd"} 1.0' in lines
    assert "ingagents_paused 0.0" in lines
