"""stdin, stdout and stderr as whoever started us left them: each is there, and takes every sign.

This module is loaded before the signals are looked after, and imports next to nothing.
"""

from __future__ import annotations

import io
import os
import sys

_STDOUT = 1


def prepare_streams() -> None:
    """Let every command read and write without asking what there is."""
    _open_what_is_closed()
    _take_every_sign()


def leave_stdout() -> None:
    """Write nothing more to whoever read us and has seen enough; Python must not complain either."""
    os.dup2(_null_device(), _STDOUT)


def _open_what_is_closed() -> None:
    """Give each stream that whoever started us had closed (`2>&-`, a daemon) its place.

    Python has none then, which everything that writes would have to ask for. And the next file
    that is opened gets the number of the missing one: it must not be the database's.
    """
    for stream, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, stream) is None:
            setattr(sys, stream, os.fdopen(_null_device(), mode, encoding="utf-8"))


def _take_every_sign() -> None:
    """Have stdout take what people are called, whatever the machine's own code page holds.

    To a file or a program UTF-8 is written, as into every file of ours. A terminal is spoken to
    as it asks to be, and shown the number of a sign that it does not know.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(
            encoding=None if sys.stdout.isatty() else "utf-8", errors="backslashreplace"
        )


def _null_device() -> int:
    return os.open(os.devnull, os.O_RDWR)
