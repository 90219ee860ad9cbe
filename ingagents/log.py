"""How everybody below the command line tells what happens: facts with fields.

The lines go through standard logging under the name `ingagents` and are silent until somebody sets
logging up: the command line does (`logs`), a notebook may. They carry the department's time, which
in the sandbox is not the machine's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import structlog

_clocks: list[Callable[[], datetime]] = []
"""The time of each open department. One log has one time: the last one's."""

_by_the_machine = structlog.processors.TimeStamper(fmt="iso", utc=True)


@contextmanager
def telling_time(now: Callable[[], datetime]) -> Iterator[None]:
    """Let all lines carry this time while the block runs."""
    _clocks.append(now)
    try:
        yield
    finally:
        _clocks.remove(now)


def stamped(
    logger: Any, name: str, event_dict: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """The line with its moment: the department's, the machine's where none is open."""
    if not _clocks:
        return _by_the_machine(logger, name, event_dict)
    moment = _clocks[-1]().astimezone(UTC).isoformat(timespec="microseconds")
    event_dict["timestamp"] = moment.replace("+00:00", "Z")
    return event_dict


def narrator() -> structlog.stdlib.BoundLogger:
    """A logger for facts: a dotted past-tense name and fields."""
    logger = logging.getLogger("ingagents")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    told: structlog.stdlib.BoundLogger = structlog.wrap_logger(
        logger,
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            stamped,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return told
