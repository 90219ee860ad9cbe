"""One seed after the other: the world a seed lives in, and what it came to.

Two runs of a seed do the same, commit by commit.
"""

from __future__ import annotations

import asyncio
import gc
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.simulation.campaign import SimulatedCampaign
from tests.simulation.loop import SimulatedLoop, Standstill, in_fixed_order
from tests.simulation.world import SimulatedWorld


class Ended(NamedTuple):
    """What a seed came to. `journal` is a digest of everything that happened, in order."""

    seed: int
    violations: tuple[str, ...]
    figures: Counter[str]
    journal: str
    story: tuple[str, ...]


def by_campaign(seed: int) -> bool:
    """Whether a campaign of the service's sends: in one seed of eight, beside the world's chance."""
    return random.Random(f"service of {seed}").random() < 1 / 8


def simulate(seed: int, *, folder: Path | None = None) -> Ended:
    """Run one seed. The database lies in memory, where the machine has a folder for that."""
    memory = Path("/dev/shm")
    with (
        tempfile.TemporaryDirectory(dir=folder or (memory if memory.is_dir() else None)) as place,
        chdir(place),
        _without_garbage_collection(),
        in_fixed_order(),
        asyncio.Runner(loop_factory=SimulatedLoop) as runner,
    ):
        kind = SimulatedCampaign if by_campaign(seed) else SimulatedWorld
        world = kind(Path(place), seed)
        loop = runner.get_loop()
        assert isinstance(loop, SimulatedLoop)
        loop.selector.each_turn = lambda: world.trouble.each_turn(loop.selector.turns)
        try:
            runner.run(world.days())
        except Standstill as exc:
            world.violations.append(str(exc))  # the loop has ended: there is nobody to stop
        finally:
            world.leave()
        return Ended(seed, tuple(world.violations), world.figures, world.digest, tuple(world.story))


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """A seed makes little garbage, and looking for it costs a tenth of the time.

    What outlives the seeds, the libraries above all, is not looked through between them.
    """
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
