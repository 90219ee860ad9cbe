"""A warm nursery for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kills.nursery import Nursery, nursery


@pytest.fixture(scope="module")
def warm() -> Iterator[Nursery]:
    with nursery() as made:
        yield made
