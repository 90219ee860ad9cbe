"""The product's command line in a process that dies at a chosen boundary.

`python -m tests.kills.launcher --at committed:17 --trace FILE -- run --settings ...`
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from ingagents.cli.ending import end_at_once, goes_on
from ingagents.integrations.clock import CompressedClock
from tests.kills.boundaries import Reaper

MONDAY = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
"""Half past nine in Berlin: every daily job is due."""


class SharedClock(CompressedClock):
    """Compressed time that all processes of a test share, the sandbox's among them.

    `origin` is the moment of the machine's monotonic clock at which it was MONDAY.
    """

    def __init__(self, origin: float, pace: float) -> None:
        super().__init__(MONDAY, pace=pace)
        self._began = origin


def launch(
    arguments: Sequence[str],
    *,
    at: str = "",
    trace: Path | None = None,
    origin: float = 0.0,
    pace: float = 1.0,
    machine: str = "",
    broken: bool = False,
) -> int:
    """Run one command of the product to its end, or to its death; its exit code.

    With a `pace` other than 1 the system clock is a `SharedClock`. A process with a `machine`
    believes to be on one of that name, so that others cannot look whether it lives. A `broken`
    one has its guards switched off (`_switch_guards_off`).
    """
    if broken:
        _switch_guards_off()
    if pace != 1.0:
        clock = "ingagents.integrations.clock.SystemClock"
        shared = SharedClock(origin, pace)
        mock.patch(clock, return_value=shared).start()
        mock.patch("ingagents.app.department.SystemClock", return_value=shared).start()
    if machine:
        mock.patch("ingagents.communication.process_id._machine", return_value=machine).start()
    if at or trace:
        Reaper(at, trace).attach()
    if goes_on(arguments):
        end_at_once()
    from ingagents.cli.app import run_command

    return run_command(arguments)


def _switch_guards_off() -> None:
    """Make it a careless program: what was half made is taken for not begun, chats are not read.

    Only so can be seen that the harness would see it.
    """
    from ingagents.core import gates
    from ingagents.model import DeliveryState
    from ingagents.ports import Transaction
    from ingagents.services.outreach.reconcile import TO_PEOPLE, Doubts
    from ingagents.store.tables import deliveries

    async def forget(self: Doubts, session: Any) -> int:
        def settle(transaction: Transaction) -> None:
            for one in deliveries.open_attempts(transaction, kinds=TO_PEOPLE):
                now = self.context.clock.now()
                deliveries.settle(transaction, one.id, DeliveryState.REFUSED, now=now)

        await session.commit(settle)
        return 0

    mock.patch.object(gates, "RECENT_CONTACT", timedelta()).start()
    mock.patch.object(Doubts, "find_orphans", forget).start()


def main() -> None:
    """Read our own options up to `--`, hand the rest to the product."""
    ours, _, rest = _split(sys.argv[1:])
    parser = argparse.ArgumentParser(prog="tests.kills.launcher", description=__doc__)
    parser.add_argument("--at", default="", help="kind:number, or a JSON file of known sorts")
    parser.add_argument("--trace", type=Path, help="one line for each boundary passed")
    options = parser.parse_args(ours)
    sys.exit(launch(rest, at=options.at, trace=options.trace))


def _split(arguments: Sequence[str]) -> tuple[list[str], str, list[str]]:
    mark = arguments.index("--") if "--" in arguments else len(arguments)
    return list(arguments[:mark]), "--", list(arguments[mark + 1 :])


if __name__ == "__main__":
    main()
