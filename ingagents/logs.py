"""Logs: one line a fact, for people on the terminal or as JSON, secrets never.

Call `configure_logs` once, from the command line; a library user's own logging stays untouched.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Literal

import structlog

__all__ = ["LogFormat", "configure_logs", "redacted"]

LogFormat = Literal["console", "json"]

_SECRET_NAMES = re.compile(
    r"(?i)api[-_]?key|password|passwd|secret|token|authorization|credential|cookie"
)
_SECRET_VALUES = re.compile(
    r"(?i)(bearer\s+|x-api-key['\":\s=]+|(?:api[-_]?key|token|password)=)[^\s'\",&]+"
    r"|\b(?:sk|pk|rk)-[A-Za-z0-9_-]{12,}|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
)
_HIDDEN = "[hidden]"
_QUIET = ("httpx", "httpcore", "asyncio", "uvicorn", "aiosmtplib", "tenacity")


def configure_logs(log_format: LogFormat, *, level: str = "info") -> None:
    """Send all narration to stderr, in one format, ours and the libraries'."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redact,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), pad_event_to=24, sort_keys=False
        )
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(_number(level)),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(_number(level))
    for name in _QUIET:  # their INFO lines print full URLs
        logging.getLogger(name).setLevel(logging.WARNING)


def redacted(value: Any) -> Any:
    """The value without anything that looks like a secret, to any depth."""
    if isinstance(value, Mapping):
        return {
            key: _HIDDEN if _SECRET_NAMES.search(str(key)) and item else redacted(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [redacted(item) for item in value]
    if isinstance(value, str):
        return _SECRET_VALUES.sub(lambda found: (found[1] or "") + _HIDDEN, value)
    return value


def _redact(
    logger: Any, name: str, event_dict: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    del logger, name
    kept = {key: value for key, value in event_dict.items() if key.startswith("_")}
    rest = {key: value for key, value in event_dict.items() if not key.startswith("_")}
    return {**redacted(rest), **kept}


def _number(level: str) -> int:
    return logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
