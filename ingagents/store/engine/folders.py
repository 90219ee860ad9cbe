"""May this process write where the database is? If not: which folder, which user, what to do.

Most often it is a container's volume that belongs to root, or one that is mounted read-only.
"""

from __future__ import annotations

import os
from pathlib import Path

from ingagents.errors import StoreError

_BESIDE = ("", ".lock", "-wal", "-shm")
"""The files of a SQLite database, by what their names add to its own."""


def check_writable(database: Path) -> None:
    """See that a database's folder, if it is there, and its files can be written.

    Raises:
        StoreError: which of them cannot, for which user, and how to mend it.
    """
    folder = database.parent.absolute()
    if folder.is_dir() and not _may(folder, os.W_OK | os.X_OK):
        raise _refusal(database, folder, "folder")
    for ending in _BESIDE:
        file = folder / (database.name + ending)
        if file.is_file() and not _may(file, os.R_OK | os.W_OK):
            raise _refusal(database, file, "file")


def _may(place: Path, mode: int) -> bool:
    return os.access(place, mode, effective_ids=os.access in os.supports_effective_ids)


def _refusal(database: Path, place: Path, kind: str) -> StoreError:
    what = f"{database.name} cannot be written: the {kind} {place}"
    if hasattr(os, "statvfs") and os.statvfs(place).f_flag & os.ST_RDONLY:
        return StoreError(
            f"{what} is on a read-only file system",
            "make it writable: mount it so (a container's volume without `:ro`), or name another place in"
            " database.url",
        )
    if not hasattr(os, "geteuid"):
        return StoreError(f"{what} is not writable", "make it writable for this user")
    user, group, folder = os.geteuid(), os.getegid(), place if kind == "folder" else place.parent
    return StoreError(
        f"{what} is not writable for the user id {user}, under which this runs"
        f" (it belongs to the user id {place.stat().st_uid})",
        f"make it writable: run `chown -R {user}:{group} {folder}` as root, for a container's volume in it:"
        f" `docker run --rm --user 0 --entrypoint chown -v VOLUME:{folder} IMAGE"
        f" -R {user}:{group} {folder}`",
    )
