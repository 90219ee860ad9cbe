"""The warm nursery for all these tests."""

from __future__ import annotations

import pytest

from tests.kills.nursery import Nursery
from tests.processes import warm_nursery


@pytest.fixture(scope="session")
def warm() -> Nursery:
    return warm_nursery()
