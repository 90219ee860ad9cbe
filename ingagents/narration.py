"""How everybody below the command line tells what happens: facts with fields.

The lines go through standard logging under the name `ingagents` and are silent until somebody
sets logging up: the command line does (`logs`), a notebook may.
"""

from __future__ import annotations

import logging

import structlog

__all__ = ["narrator"]


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
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return told
