"""Pages and mails that were written to folders, and how they are destroyed."""

from __future__ import annotations

import html
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from email import message_from_bytes
from email.errors import MessageError
from email.policy import default
from pathlib import Path

from ingagents.private_files import sync_folder

_OURS = ("*.eml", ".*.tmp", "*.html", "*.txt", "*.json")
"""What the product writes into these folders, a mail it did not finish included."""


def destroy_naming(folder: Path, names: Callable[[str], bool]) -> int:
    """Overwrite and delete every page and mail of a folder that names somebody; how many.

    Only the folder itself is looked through, and no link is followed. What the disk below keeps
    of overwritten files (a copy-on-write file system, a solid-state disk, a backup) is out of
    reach from here.

    Raises:
        OSError: a file cannot be read or destroyed.
    """
    count = 0
    for file in sorted({one for pattern in _OURS for one in folder.glob(pattern)}):
        if file.is_symlink() or not file.is_file():
            continue
        if names("\n".join(_texts(file))):
            _destroy(file)
            count += 1
    if count:
        sync_folder(folder)
    return count


def _texts(file: Path) -> Iterator[str]:
    """Everything a person could read in a file: its name, its text, the parts of a mail."""
    content = file.read_bytes()
    yield file.stem.replace("-", " ")
    raw = content.decode("utf-8", "replace")
    yield raw
    yield html.unescape(raw)
    if file.suffix in {".eml", ".tmp"}:
        letter = message_from_bytes(content, policy=default)
        with suppress(MessageError, ValueError, LookupError):
            yield from (str(value) for value in letter.values())
        for part in letter.walk():
            if part.get_content_maintype() == "text":
                with suppress(MessageError, ValueError, LookupError):
                    yield html.unescape(part.get_content())


def _destroy(file: Path) -> None:
    with file.open("r+b") as open_file:
        open_file.write(bytes(file.stat().st_size))
        open_file.flush()
        os.fsync(open_file.fileno())
    file.unlink()
