"""Two `run`s and a cron's `once` on one PostgreSQL, all killed at random; `make duo` for longer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.kills.duo import Least, duo
from tests.kills.nursery import Nursery
from tests.postgres import PostgresServer


@pytest.mark.skipif(os.name != "posix", reason="processes are forked and killed by signal 9")
@pytest.mark.timeout(3600)
def test_processes_that_share_a_database_and_die_at_random_meet_nobody_twice(
    tmp_path: Path, warm: Nursery, postgres: PostgresServer
) -> None:
    figures = duo(
        tmp_path,
        warm,
        postgres,
        seconds=15,
        seed=7,
        elsewhere=0.0,
        least=Least(kills=8, reached=5),
    )
    print(figures.line())
    assert figures.kills.total() >= 8
    assert figures.reached >= 5
