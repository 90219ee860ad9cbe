"""The simulation can fail the product: with any one guard switched off, some seed does.

The seeds are tried one after the other; a few dozen have to be enough.
"""

from __future__ import annotations

import re

import pytest

from tests.simulation.broken import BUILDS
from tests.simulation.seeds import simulate

SEEDS = 60


@pytest.mark.parametrize("build", BUILDS)
def test_a_build_with_a_guard_switched_off_is_caught(build: str) -> None:
    broken = BUILDS[build]
    for seed in range(broken.first, broken.first + SEEDS):
        with broken.build():
            violations = simulate(seed).violations
        if any(re.search(broken.caught_by, one) for one in violations):
            return
    pytest.fail(f"nothing in {SEEDS} seeds shows that the department {build}")
