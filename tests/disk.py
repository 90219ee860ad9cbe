"""A disk in the test's hands, under the very SQLite that Python uses.

SQLite asks a "VFS" for every write and sync. Here the machine's own is copied, with the test in
front of it (sqlite.org/vfs.html): a test sees each write and each sync, may refuse it, and may
pull the plug. Only `ctypes` is needed, and no branch in the product.
"""

from __future__ import annotations

import _sqlite3
import ctypes
import os
import random
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Literal

import pytest

Operation = Literal["write", "sync", "truncate"]
IO_ERROR = sqlite3.SQLITE_IOERR
SECTOR = 512

_OK = 0
_CODES = {"write": 778, "sync": 1034, "truncate": 1546}  # SQLITE_IOERR_WRITE, _FSYNC, _TRUNCATE
_POINTER = ctypes.c_void_p
_OPEN = ctypes.CFUNCTYPE(
    ctypes.c_int, _POINTER, _POINTER, _POINTER, ctypes.c_int, ctypes.POINTER(ctypes.c_int)
)
_WRITE = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, _POINTER, ctypes.c_int, ctypes.c_int64)
_SYNC = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, ctypes.c_int)
_TRUNCATE = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, ctypes.c_int64)


class _Vfs(ctypes.Structure):
    _fields_: ClassVar[Any] = [
        ("iVersion", ctypes.c_int),
        ("szOsFile", ctypes.c_int),
        ("mxPathname", ctypes.c_int),
        ("pNext", _POINTER),
        ("zName", ctypes.c_char_p),
        ("pAppData", _POINTER),
        ("xOpen", _POINTER),
        ("others", _POINTER * 15),
    ]


class _Methods(ctypes.Structure):
    _fields_: ClassVar[Any] = [
        ("iVersion", ctypes.c_int),
        ("xClose", _POINTER),
        ("xRead", _POINTER),
        ("xWrite", _POINTER),
        ("xTruncate", _POINTER),
        ("xSync", _POINTER),
        ("others", _POINTER * 13),
    ]


class Disk:
    """What is on the disk for sure, and what only may be.

    `durable` holds each file as its last sync left it. `before` is asked ahead of every operation
    on a file; a SQLite error code instead of None makes it fail and not happen. Both run on the
    store's writer thread.
    """

    def __init__(self) -> None:
        self.durable: dict[Path, bytes] = {}
        self.before: Callable[[Operation, Path], int | None] = lambda *_: None
        self.counts = {"write": 0, "sync": 0, "truncate": 0}

    def fail(self, operation: Operation, number: int, code: int = 0, *, on: str = "") -> None:
        """Let the n-th such operation from now on a file whose name ends so fail, once."""
        left = number

        def before(asked: Operation, path: Path) -> int | None:
            nonlocal left
            if asked != operation or not path.name.endswith(on):
                return None
            left -= 1
            return (code or _CODES[operation]) if left == 0 else None

        self.before = before

    def holds(self, file: Path) -> None:
        """A file that stood there before the disk was watched is on it for sure."""
        self._synced(file)

    def after_power_cut(self, database: Path, chance: random.Random, into: Path) -> None:
        """Write what a power cut at this moment may leave: of what was not synced, any sectors."""
        into.mkdir(parents=True)
        for ending in ("", "-wal"):
            file = database.with_name(database.name + ending)
            if file in self.durable or file.exists():
                sure = self.durable.get(file, b"")
                now = file.read_bytes() if file.exists() else b""
                (into / file.name).write_bytes(_torn(sure, now, chance))

    def _asked(self, operation: Operation, path: Path) -> int | None:
        self.counts[operation] += 1
        return self.before(operation, path)

    def _synced(self, path: Path) -> None:
        self.durable[path] = path.read_bytes()


def _torn(sure: bytes, now: bytes, chance: random.Random) -> bytes:
    length = chance.choice((len(sure), len(now)))
    found = bytearray()
    for at in range(0, length, SECTOR):
        end = min(at + SECTOR, length)
        old = sure[at:end].ljust(end - at, b"\0")
        new = now[at:end].ljust(end - at, b"\0")
        found += new if old != new and chance.random() < 0.5 else old
    return bytes(found)


class _Shim:
    """The copy of the machine's VFS; made once, because SQLite keeps pointers into it."""

    def __init__(self) -> None:
        library = ctypes.CDLL(_sqlite3.__file__)  # its own symbols, and those of what it needs
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        library.sqlite3_vfs_register.argtypes = (ctypes.POINTER(_Vfs), ctypes.c_int)
        self._library = library
        self._original = library.sqlite3_vfs_find(None)
        self._open = _OPEN(self._original.contents.xOpen)
        self._methods: dict[int, _Methods] = {}
        self._paths: dict[int, Path] = {}
        self._keep: list[Any] = []
        self._vfs = _Vfs.from_buffer_copy(self._original.contents)
        self._vfs.zName = b"watched"
        self._vfs.xOpen = self._kept(_OPEN(self._on_open))
        self.disk: Disk | None = None

    def use(self, disk: Disk | None) -> None:
        """What opens from now on is on this disk; None: on the machine's own."""
        self.disk = disk
        self._library.sqlite3_vfs_register(
            self._original if disk is None else ctypes.byref(self._vfs), 1
        )

    def _kept(self, function: Any) -> int | None:
        self._keep.append(function)
        return ctypes.cast(function, _POINTER).value

    def _on_open(self, _: Any, name: int | None, file: int, flags: int, out: Any) -> int:
        address = ctypes.addressof(self._original.contents)
        code = self._open(address, name, file, flags, out)
        if code == _OK and name:
            pointer = ctypes.cast(file, ctypes.POINTER(_POINTER))
            original = pointer[0]
            if original:
                path = ctypes.cast(name, ctypes.c_char_p).value or b""
                self._paths[file] = Path(os.fsdecode(path))
                pointer[0] = ctypes.addressof(self._watched(original))
        return int(code)

    def _watched(self, original: int) -> _Methods:
        """A file's methods with the test in front of three of them."""
        if original not in self._methods:
            found = _Methods.from_address(original)
            write, sync = _WRITE(found.xWrite), _SYNC(found.xSync)
            truncate = _TRUNCATE(found.xTruncate)

            def on_write(file: int, data: int, amount: int, offset: int) -> int:
                refused = self._asked("write", file)
                return int(write(file, data, amount, offset)) if refused is None else refused

            def on_truncate(file: int, size: int) -> int:
                refused = self._asked("truncate", file)
                return int(truncate(file, size)) if refused is None else refused

            def on_sync(file: int, flags: int) -> int:
                refused = self._asked("sync", file)
                if refused is not None:
                    return refused
                code = int(sync(file, flags))
                if code == _OK and self.disk is not None:
                    self.disk._synced(self._paths[file])
                return code

            made = _Methods.from_buffer_copy(found)
            made.xWrite = self._kept(_WRITE(on_write))
            made.xTruncate = self._kept(_TRUNCATE(on_truncate))
            made.xSync = self._kept(_SYNC(on_sync))
            self._methods[original] = made
        return self._methods[original]

    def _asked(self, operation: Operation, file: int) -> int | None:
        return None if self.disk is None else self.disk._asked(operation, self._paths[file])


_shims: list[_Shim] = []
_making = threading.Lock()


@contextmanager
def watched_disk() -> Iterator[Disk]:
    """Whatever SQLite opens inside the block is on this disk; close it before the block ends."""
    with _making:
        if not _shims:
            try:
                _shims.append(_Shim())
            except (AttributeError, OSError) as exc:
                pytest.skip(
                    f"this Python hides its SQLite ({exc}); take one linked to the system's"
                )
    disk = Disk()
    _shims[0].use(disk)
    try:
        yield disk
    finally:
        _shims[0].use(None)
