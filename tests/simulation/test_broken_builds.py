"""The simulation can fail the product: with any one guard switched off, some seed does.

The seeds are tried one after the other; a few dozen have to be enough, of a guard of the campaign a
few dozen of those with a campaign.
"""

from __future__ import annotations

import re
from itertools import count, islice

import pytest

from tests.simulation.broken import BUILDS
from tests.simulation.seeds import by_campaign, simulate

SEEDS = 60


@pytest.mark.parametrize("build", BUILDS)
def test_a_build_with_a_guard_switched_off_is_caught(build: str) -> None:
    broken = BUILDS[build]
    seeds = (one for one in count(broken.first) if by_campaign(one) or not broken.by_campaign)
    for seed in islice(seeds, SEEDS):
        with broken.build():
            violations = simulate(seed).violations
        if any(re.search(broken.caught_by, one) for one in violations):
            return
    pytest.fail(f"nothing in {SEEDS} seeds shows that the department {build}")
