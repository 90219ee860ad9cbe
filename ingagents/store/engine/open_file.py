"""The files of an open SQLite database: are they those that were opened, and who changed them?

An open file goes on when it is deleted, moved or replaced: a claim in it would guard nothing, for
nobody else sees it. One that is overwritten in place keeps its name, and the log goes on over pages
that are others by now. SQLite itself changes the database by checkpoints alone, and ours are made
within the turn. So whoever has the turn notes in the lock file how the database stands when they
leave it: one that stands otherwise was written to by another program, and nothing may rest on it.

Those who open a database share its line of notes. Where it does not stand as it was noted last they
begin a line of their own, and whoever still has it open from before is told by that.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from ingagents.errors import StoreGone
from ingagents.store.engine.file_lock import FileLock

_LOG = ("-wal", "-shm")
_ENDS_LINE = ":"


class OpenFile:
    """Made before the database is opened; `is_whole` looks through what stands at its path."""

    def __init__(self, path: Path, lock: FileLock, *, is_whole: Callable[[], bool]) -> None:
        self._path = path
        self._lock = lock
        self._is_whole = is_whole
        real = path.resolve()  # where SQLite itself puts the log of a link's file
        self._places = [str(path.absolute()), *(f"{real}{ending}" for ending in _LOG)]
        self._opened = [_identity(_found(self._places[0]))]
        self._standing = self._line = ""

    def is_open(self) -> None:
        """All connections are there: from now on none of the files becomes another one.

        Called within the turn.
        """
        database, *log = map(_found, self._places)
        self._opened += map(_identity, log)
        self._standing = _standing(database)
        line, _, noted = self._lock.noted().partition(_ENDS_LINE)
        self._line = line if line and noted in {"", self._standing} else token_hex(4)
        self._note(self._standing)

    def check(self) -> None:
        """Let nothing be written where nobody else sees it, or over what another program wrote.

        Called within the turn.

        Raises:
            StoreGone: the files are others, or not as we left them.
        """
        database, *log = map(_found, self._places)
        same = [_identity(one) for one in (database, *log)] == self._opened
        standing = _standing(database)
        if same and standing != self._standing:
            line, _, noted = self._lock.noted().partition(_ENDS_LINE)
            # Who died in the midst of a checkpoint has noted nothing behind the line; on a full
            # disk, and where no file can be locked, nobody notes anything.
            same = line in {"", self._line} and (
                noted == standing or (not noted and self._is_whole())
            )
            self._standing = standing if same else self._standing
        if not same:
            raise StoreGone(
                f"{self._path} or its log was deleted, moved, replaced or written over while it was"
                " in use; nothing more is written or sent",
                "put back the files as they were or restore the newest backup, then start again",
            )

    @contextmanager
    def changing(self) -> Iterator[None]:
        """What may make a checkpoint, within the turn."""
        self._note("")
        try:
            yield
        finally:
            self._standing = _standing(_found(self._places[0]))
            self._note(self._standing)

    def _note(self, standing: str) -> None:
        self._lock.note(f"{self._line}{_ENDS_LINE}{standing}")


def note_standing(path: Path, lock: FileLock) -> None:
    """Tell all who have a database open that it was changed within a turn."""
    line = lock.noted().partition(_ENDS_LINE)[0]
    lock.note(f"{line}{_ENDS_LINE}{_standing(_found(str(path.absolute())))}")


def _found(file: str) -> os.stat_result | None:
    try:
        return os.stat(file)  # noqa: PTH116  thrice in every commit, and a Path takes as long again
    except OSError:
        return None


def _identity(found: os.stat_result | None) -> tuple[int, int] | None:
    """What tells a file from every other of this machine while it is open; None: there is none."""
    return None if found is None else (found.st_dev, found.st_ino)


def _standing(found: os.stat_result | None) -> str:
    """What tells a file from what it was before somebody wrote to it."""
    return "" if found is None else f"{found.st_size} {found.st_mtime_ns}"
