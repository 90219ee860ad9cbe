"""A server that dies after the text: the mail is not sent twice, and not lost either."""

import email
import email.policy
from pathlib import Path

from ingagents.integrations.email.copies import CopyingMailer
from ingagents.integrations.email.service import OutboxMailer
from tests.integrations.email.test_service import GO_ON, GREETING, MAIL, OK, mailer, scripted
from tests.mail_server import Peer, StillClock, serving


def copying(clock: StillClock, port: int, folder: Path) -> CopyingMailer:
    return CopyingMailer(mailer(port, clock), OutboxMailer(folder, clock, "sales@example.com"))


async def test_a_mail_the_server_may_have_lost_stands_in_the_outbox(tmp_path):
    clock = StillClock()
    async with scripted(GREETING, OK, OK, OK, GO_ON, None) as port:
        result = await copying(clock, port, tmp_path).send_mail(MAIL)
    assert result.outcome == "unknown"
    (file,) = tmp_path.glob("*.eml")
    assert str(file) in result.detail
    kept = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert (kept["Subject"], kept["Message-ID"]) == (MAIL.subject, MAIL.message_id)


async def test_a_mail_that_arrived_or_was_refused_leaves_no_copy(tmp_path):
    clock = StillClock()
    peer = Peer(clock)
    with serving(peer) as port:
        assert (await copying(clock, port, tmp_path).send_mail(MAIL)).outcome == "sent"
        peer.data_answer = "451 later"
        assert (await copying(clock, port, tmp_path).send_mail(MAIL)).outcome == "refused"
    assert list(tmp_path.iterdir()) == []


async def test_a_doubt_stays_one_when_no_copy_can_be_kept(tmp_path):
    clock = StillClock()
    (tmp_path / "outbox").write_text("in the way", "utf-8")
    async with scripted(GREETING, OK, OK, OK, GO_ON, None) as port:
        result = await copying(clock, port, tmp_path / "outbox").send_mail(MAIL)
    assert result.outcome == "unknown"
    assert "no copy could be kept" in result.detail
