"""The same on PostgreSQL, where a death is what its server sees of it: a connection that ends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.kills.deaths import on_postgres
from tests.kills.nursery import Nursery
from tests.kills.test_kills import assert_survives
from tests.postgres import PostgresServer

LOOKING = frozenset(
    f"{kind} {request}"
    for kind in ("unsent", "sent", "answered")
    for request in (
        "GET /api/v1/*/*/chats",
        "GET /api/v1/accounts/*",
        "GET /api/v1/chats",
        "GET /api/v1/chats/*/messages",
        "GET /api/v1/linkedin/search/parameters",
        "GET /api/v1/users/*",
        "GET /api/v1/users/invite/sent",
        "GET /api/v1/users/me",
        "GET /api/v1/users/relations",
    )
)
"""Requests that only look: whether one dies there does not depend on the database."""


@pytest.mark.skipif(os.name != "posix", reason="processes are forked and killed by signal 9")
@pytest.mark.timeout(3600)
def test_a_department_on_postgres_survives_a_death_at_every_sort_of_boundary(
    tmp_path: Path, warm: Nursery, postgres: PostgresServer
) -> None:
    assert_survives(tmp_path, warm, on_postgres(postgres), not_at=LOOKING)
