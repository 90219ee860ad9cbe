"""What tests of the drivers share."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Holds the writer thread inside a unit until it is set, so that others queue up behind."""
    event = threading.Event()
    yield event
    event.set()
