"""Logs: one line a fact, for people on the terminal or as JSON, secrets never.

Call `configure_logs` once, from the command line; a library user's own logging stays untouched.
"""

from __future__ import annotations

import logging
import math
import os
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Literal

import structlog

from ingagents.log import stamped
from ingagents.masking import HIDDEN, masked

LogFormat = Literal["console", "json"]

_SECRET_NAMES = re.compile(
    r"(?i)api[-_]?key|password|passwd|secret|token|authorization|credential|cookie"
)
_SECRET_VALUES = re.compile(
    r"(?i)((?:bearer|authorization['\"]?\s?[:=]\s?['\"]?\w{1,20})\s+"
    r"|(?:x-api-key|api[-_]?key|token|password|passwd|secret)['\"]?\s?[:=]\s?['\"]?)[^\s'\",&]+"
    r"|\b(?:sk|pk|rk)-[A-Za-z0-9_-]{12,}|(?<=://)[^/\s:@]*:[^/\s]+(?=@)"
)
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if code != 10}
_QUIET = ("httpx", "httpcore", "asyncio", "uvicorn", "aiosmtplib", "tenacity")


def configure_logs(log_format: LogFormat, *, level: str = "info") -> None:
    """Send all narration to stderr, in one format, ours and the libraries'."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        stamped,
        structlog.processors.format_exc_info,
    ]
    render: list[Any] = (
        [structlog.processors.JSONRenderer()]
        if log_format == "json"
        else [
            _harmless,
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty() and not os.getenv("NO_COLOR"),
                pad_event_to=24,
                sort_keys=False,
            ),
        ]
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
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _redact,
                *render,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(_number(level))
    for name in _QUIET:  # their INFO lines print full URLs
        logging.getLogger(name).setLevel(logging.WARNING)


def redacted(value: Any) -> Any:
    """The value as plain JSON values without a secret, to any depth.

    Those this process knows are hidden wherever they stand; others by what they look like.
    """
    if isinstance(value, Mapping):
        return {
            str(key): HIDDEN if _SECRET_NAMES.search(str(key)) and item else redacted(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [redacted(item) for item in value]
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)  # JSON has no word for infinity
    text = masked(value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value))
    return _SECRET_VALUES.sub(lambda found: (found[1] or "") + HIDDEN, text)


def _redact(
    logger: Any, name: str, event_dict: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    del logger, name
    kept = {key: value for key, value in event_dict.items() if key.startswith("_")}
    rest = {key: value for key, value in event_dict.items() if not key.startswith("_")}
    return {**redacted(rest), **kept}


def _harmless(
    logger: Any, name: str, event_dict: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """No text from outside may steer the terminal or begin a line of its own."""
    del logger, name
    shown = {
        key: value.translate(_CONTROLS) if isinstance(value, str) else value
        for key, value in event_dict.items()
    }
    return {**shown, "event": str(shown.get("event", "")).replace("\n", "\\n")}


def _number(level: str) -> int:
    return logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
