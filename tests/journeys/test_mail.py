"""Mail through the front door: a sender with a name, and a team that is not reached as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.front_door import AT_ONCE, ingagents, journal_of, succeeds, write_settings
from tests.mail_server import Peer, StillClock, serving


def settings(port: int, *recipients: str) -> str:
    names = ", ".join(f'"{one}"' for one in recipients)
    named = AT_ONCE.replace("[sales_manager]", f"[sales_manager]\nreport_recipients = [{names}]", 1)
    return (
        f"{named}\n[email]\nhost = '127.0.0.1'\nport = {port}\nsecurity = 'none'\n"
        "sender = 'Kim Holm <kim@team.example>'\n"
    )


def test_a_sender_may_have_a_name(tmp_path: Path) -> None:
    peer = Peer(StillClock())
    with serving(peer) as port:
        write_settings(tmp_path, settings(port, "good@team.example"))
        doctor = succeeds(tmp_path, "doctor").out
        assert peer.got == []
        assert succeeds(tmp_path, "once", "--task", "report", "--json").json()["mailed"] is True
    assert "takes mail for good@team.example" in doctor
    (mail,) = peer.got
    assert mail["Message-ID"].endswith("@team.example>")
    assert peer.envelopes == [("kim@team.example", ["good@team.example"])]


@pytest.mark.parametrize("refused", ["bad@team.example", "busy@team.example"])
def test_who_was_not_reached_is_told_in_result_status_and_journal(
    tmp_path: Path, refused: str
) -> None:
    peer = Peer(StillClock())
    with serving(peer) as port:
        write_settings(tmp_path, settings(port, "good@team.example", refused))
        doctor = ingagents(tmp_path, "doctor")
        report = succeeds(tmp_path, "once", "--task", "report", "--json").json()
    assert doctor.code == 1
    assert refused in doctor.out
    assert refused in report["not_reached"]
    assert refused in succeeds(tmp_path, "status").out
    told = [event["data"] for event in journal_of(tmp_path) if event["type"] == "team_notified"]
    assert [list(one["unreached"]) for one in told] == [[refused]]
    assert peer.envelopes == [("kim@team.example", ["good@team.example"])]
