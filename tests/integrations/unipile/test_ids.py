"""What Unipile gives as an id is one, or nothing."""

from __future__ import annotations

import pytest

from ingagents.integrations.unipile.ids import id_of
from tests.integrations.unipile.wire.test_http import NO_IDS_AT_ALL


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", "a"),
        (" a ", "a"),
        (5, "5"),
        (True, ""),
        (None, ""),
        ("a\x00", ""),
        (1.5, ""),
        *((bad, "") for bad in NO_IDS_AT_ALL),
    ],
)
def test_ids_are_kept_as_they_are_or_dropped(value, expected):
    assert id_of(value) == expected
