"""A lock on a file, by which the processes of one machine take turns."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ingagents.errors import StoreError, StoreLocked
from ingagents.store.engine.group_commit import PATIENCE_SECONDS

try:
    import fcntl
except ImportError:  # Windows has no flock; SQLite's own locks then have to do
    fcntl = None  # type: ignore[assignment]

_NOTE_BYTES = 64


class FileLock:
    """One writer at a time over all processes. Held by the process: its death lets go."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def take(self, patience_seconds: float) -> None:
        """Wait for the turn, at most the patience.

        Raises:
            StoreLocked: nobody gave up the turn in time.
            StoreError: the lock file cannot be opened or locked.
        """
        if fcntl is None:
            return
        try:
            if self._file is None:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._wait(self._file, patience_seconds)
        except OSError as exc:
            raise StoreError(
                f"the lock file {self._path} cannot be used ({exc.strerror})",
                "make the folder writable for this user, on a local disk",
            ) from exc

    def give(self) -> None:
        """Let another process have the turn."""
        if fcntl is not None and self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    @contextmanager
    def held(self, patience_seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
        """The turn, until left. Raises as `take` does."""
        self.take(patience_seconds)
        try:
            yield
        finally:
            self.give()

    def note(self, text: str) -> None:
        """Write down a line for whoever has the turn next; a full disk keeps none."""
        if self._file is not None:
            with suppress(OSError):
                os.pwrite(self._file, text.encode().ljust(_NOTE_BYTES)[:_NOTE_BYTES], 0)

    def noted(self) -> str:
        """What was written down last; empty where nothing was."""
        if self._file is None:
            return ""
        return os.pread(self._file, _NOTE_BYTES, 0).decode("utf-8", "replace").strip()

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _wait(self, file: int, patience_seconds: float) -> None:
        deadline = time.monotonic() + patience_seconds
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise StoreLocked(
                        f"another process has held {self._path.stem} for {patience_seconds:.0f} s",
                        "wait for it to end, or end it, and try again",
                    ) from None
                time.sleep(0.002)  # noqa: TID251  a thread waiting for a file, not the department
            else:
                return
