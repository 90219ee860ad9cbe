"""Mail into a folder: whole files, one for each message id."""

import asyncio
import errno
import os
from pathlib import Path

import pytest

from ingagents.integrations.email.service import OutboxMailer
from ingagents.model import Refusal
from tests.integrations.email.test_service import MAIL, changed
from tests.mail_server import StillClock, parse


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


@pytest.mark.parametrize("length", [10, 70, 190])
async def test_a_long_message_id_stays_in_one_piece(
    length: int, tmp_path: Path, clock: StillClock
) -> None:
    message_id = f"<{'r' * length}@example.com>"
    await OutboxMailer(tmp_path, clock).send_mail(changed(message_id=message_id))
    (file,) = files(tmp_path)
    assert message_id.encode() in file.read_bytes()


async def test_the_outbox_holds_one_readable_file(tmp_path: Path, clock: StillClock) -> None:
    folder = tmp_path / "deep" / "outbox"
    result = await OutboxMailer(folder, clock).send_mail(MAIL)
    (file,) = files(folder)
    assert result.success
    assert result.message_id == MAIL.message_id
    assert file.name.startswith("20270210-081530-taglicher-bericht-")
    assert file.suffix == ".eml"
    got = parse(file.read_bytes())
    assert got["Subject"] == MAIL.subject
    assert got["From"].addresses[0].addr_spec == "ingagents@localhost"
    assert str(file) in result.detail
    assert (clock.inside, clock.entered) == (0, 1)


async def test_the_same_message_id_is_the_same_file(tmp_path: Path, clock: StillClock) -> None:
    outbox = OutboxMailer(tmp_path, clock, "office@example.com")
    first = await outbox.send_mail(MAIL)
    again = await outbox.send_mail(changed(subject="Another subject"))
    other = await outbox.send_mail(changed(message_id="<other@example.com>"))
    assert first.detail == again.detail != other.detail
    assert len(files(tmp_path)) == 2


async def test_twenty_copies_at_once_are_one_file(tmp_path: Path, clock: StillClock) -> None:
    outbox = OutboxMailer(tmp_path, clock, "office@example.com")
    results = await asyncio.gather(*(outbox.send_mail(MAIL) for _ in range(20)))
    assert all(result.success for result in results)
    assert len(files(tmp_path)) == 1


async def test_equal_mails_without_an_id_share_one(tmp_path: Path, clock: StillClock) -> None:
    outbox = OutboxMailer(tmp_path, clock, "office@example.com")
    first = await outbox.send_mail(changed(message_id=""))
    again = await outbox.send_mail(changed(message_id=""))
    other = await outbox.send_mail(changed(message_id="", text="another"))
    assert first.message_id == again.message_id != other.message_id
    assert len(files(tmp_path)) == 2


async def test_the_outbox_takes_a_mail_for_nobody(tmp_path: Path, clock: StillClock) -> None:
    """Before report_recipients is set the report must still be there to be read."""
    assert (await OutboxMailer(tmp_path, clock).send_mail(changed(recipients=()))).success
    (file,) = files(tmp_path)
    assert parse(file.read_bytes())["To"] == "undisclosed-recipients:;"


@pytest.mark.parametrize("subject", ["../../etc/passwd", "", "📊", "a" * 500, "x\0y\r\nz"])
async def test_a_subject_cannot_choose_the_folder(
    subject: str, tmp_path: Path, clock: StillClock
) -> None:
    result = await OutboxMailer(tmp_path / "outbox", clock).send_mail(changed(subject=subject))
    assert result.success
    assert [path.name for path in files(tmp_path)] == ["outbox"]
    (file,) = files(tmp_path / "outbox")
    assert len(file.name) < 120


async def test_a_folder_that_cannot_be_made_may_be_tried_again(
    tmp_path: Path, clock: StillClock
) -> None:
    (tmp_path / "outbox").write_text("a file in its place")
    result = await OutboxMailer(tmp_path / "outbox", clock).send_mail(MAIL)
    assert (result.outcome, result.refusal) == ("refused", Refusal.RETRY_LATER)
    assert "email.outbox" in result.detail


async def test_a_full_disk_leaves_nothing_behind(
    tmp_path: Path, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    outbox = OutboxMailer(tmp_path, clock)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", no_room)
        result = await outbox.send_mail(MAIL)
    assert (result.outcome, result.refusal) == ("refused", Refusal.RETRY_LATER)
    assert "No space left" in result.detail
    assert files(tmp_path) == []
    assert (await outbox.send_mail(MAIL)).success
