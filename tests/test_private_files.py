"""A file that holds people's data is its owner's alone, whatever the umask and what stood there."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingagents.private_files import make_private, open_private, write_private, write_whole


def by_stream(file: Path) -> None:
    with open_private(file) as stream:
        stream.write("new\r\n")


WRITERS: list[Callable[[Path], None]] = [
    by_stream,
    lambda file: write_private(file, "new\r\n"),
    lambda file: write_whole(file, b"new\r\n"),
]


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    was = os.umask(request.param)
    yield
    os.umask(was)


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize("write", WRITERS, ids=["stream", "text", "whole"])
@pytest.mark.parametrize("before", [None, 0o644, 0o666, 0o600, 0o755])
def test_a_written_file_is_its_owners_alone(
    write: Callable[[Path], None], before: int | None, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    if before is not None:
        file.write_text("old and longer than the new")
        file.chmod(before)
    write(file)
    assert (mode(file), file.read_bytes()) == (0o600, b"new\r\n")
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


@pytest.mark.usefixtures("umask")
def test_a_file_for_a_library_is_made_or_taken_from_others(tmp_path: Path) -> None:
    file, log = tmp_path / "x.db", tmp_path / "x.db-wal"
    make_private(file)
    assert mode(file) == 0o600
    assert not log.exists()
    for one in (file, log):
        one.write_text("kept")
        one.chmod(0o664)
    make_private(file)
    assert [(mode(one), one.read_text()) for one in (file, log)] == [(0o600, "kept")] * 2
    file.chmod(0o444)
    make_private(file)
    assert mode(file) == 0o400, "who made it read-only meant that"


def test_a_device_or_a_pipe_keeps_its_rights(tmp_path: Path) -> None:
    before = mode(Path(os.devnull))
    write_private(Path(os.devnull), "x")
    assert mode(Path(os.devnull)) == before
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    pipe.chmod(0o644)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_private(pipe, "through")
    assert os.read(reader, 100) == b"through"
    assert mode(pipe) == 0o644
    os.close(reader)


def test_a_file_that_cannot_be_written_whole_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError("no room")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="no room"):
        write_whole(tmp_path / "file", b"new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_a_file_of_somebody_else_is_not_filled() -> None:
    folder = Path(tempfile.mkdtemp(prefix="ingagents-"))
    folder.chmod(0o777)
    file = folder / "file"
    file.write_text("")
    file.chmod(0o666)
    os.seteuid(65534)
    try:
        with pytest.raises(PermissionError):
            write_private(file, "secret")
    finally:
        os.seteuid(0)
    assert file.read_text() == ""
    file.unlink()
    folder.rmdir()
