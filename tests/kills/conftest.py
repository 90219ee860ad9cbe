"""The warm nursery for all these tests."""

from __future__ import annotations

import pytest

from tests.front_door import warm_nursery
from tests.kills.nursery import Nursery


@pytest.fixture(scope="session")
def warm() -> Nursery:
    return warm_nursery()
