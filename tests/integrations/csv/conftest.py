"""A list of people, written and opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingagents.integrations.csv.files import PeopleFile


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., PeopleFile]:
    """Writes a file and opens it as people."""

    def write(content: str | bytes, encoding: str = "utf-8") -> PeopleFile:
        path = tmp_path / "people.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return PeopleFile(path)

    return write
