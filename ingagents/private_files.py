"""The one way to make a file that holds people's data or secrets: its owner alone may read it.

Whatever the umask, and also when the file stood there before with more rights.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

_OWNERS = stat.S_IRUSR | stat.S_IWUSR


@contextmanager
def open_private(path: Path) -> Iterator[TextIO]:
    """A file to write text into, empty to begin with; line ends stay as they are written.

    Raises:
        OSError: it cannot be made, or belongs to somebody else.
    """
    handle = _opened(path, os.O_WRONLY | os.O_TRUNC)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
        yield stream


def write_private(path: Path, text: str) -> None:
    """Write a file's whole text. Raises as `open_private` does."""
    with open_private(path) as stream:
        stream.write(text)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that has its name only once all of it is on the disk.

    Raises:
        OSError: it cannot be made; nothing of it is left.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def make_private(path: Path) -> None:
    """Make an empty file for SQLite, or take away others' rights on one that is there and ours.

    Raises:
        OSError: it cannot be made.
    """
    # One that is there is not opened: closing it would drop the locks SQLite has on it.
    if not path.exists():
        os.close(_opened(path, os.O_WRONLY))
        return
    for file in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        with contextlib.suppress(FileNotFoundError, PermissionError):
            _restrict(file, file.stat())


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system can (Windows cannot)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _opened(path: Path, flags: int) -> int:
    handle = os.open(path, flags | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), _OWNERS)
    try:
        _restrict(handle if os.chmod in os.supports_fd else path, os.fstat(handle))
    except BaseException:
        os.close(handle)
        raise
    return handle


def _restrict(file: int | Path, found: os.stat_result) -> None:
    """Leave only the owner's rights; a device or a pipe (`/dev/stdout`) keeps those it has."""
    rights = stat.S_IMODE(found.st_mode)
    if not stat.S_ISREG(found.st_mode) or not rights & ~_OWNERS:
        return
    try:
        os.chmod(file, rights & _OWNERS)  # noqa: PTH101  a descriptor cannot be taken for another file
    except PermissionError:
        if not hasattr(os, "geteuid") or found.st_uid != os.geteuid():
            raise
        # Our own, on a file system that knows no rights, such as a memory stick's.
