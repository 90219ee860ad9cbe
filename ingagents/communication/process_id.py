"""Who holds a lease: one name per opened department, and whether its process surely is no more."""

from __future__ import annotations

import os
import socket
import uuid
from pathlib import Path

_ours: set[str] = set()
"""The holders in this very process: they share its id and may well be alive."""


def new_process_id() -> str:
    """A new name, `machine:pid:random`; the machine with its process namespace, for containers."""
    holder = f"{_machine()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    _ours.add(holder)
    return holder


def is_dead(holder: str) -> bool:
    """Whether the holder was a process of this machine that runs no more.

    Its lease need not run out then. Another process may have got its number since: that lease
    runs out as any other. Should the answer ever be wrong, the epoch still keeps the other from
    writing.
    """
    machine, _, rest = holder.partition(":")
    number = rest.partition(":")[0]
    if os.name != "posix" or machine != _machine() or not number.isdecimal():
        return False
    if int(number) == os.getpid():
        return holder not in _ours
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _machine() -> str:
    try:
        namespace = Path("/proc/self/ns/pid").readlink().name
    except OSError:
        namespace = ""
    return f"{socket.gethostname()}/{namespace}".replace(":", "-")
