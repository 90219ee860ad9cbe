"""A notice says the same on every channel, and nothing from outside becomes a mark there."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.integrations.notify.bodies import (
    TEXT_LENGTH,
    signed_headers,
    slack_body,
    teams_body,
    webhook_body,
)
from ingagents.model import Mail

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def mail(text: str = "Yes, gladly.", subject: str = "Positive reply: Ada") -> Mail:
    return Mail(recipients=(), subject=subject, text=text, message_id="ab" * 16)


@given(st.text(max_size=400))
def test_slack_sees_no_mark_of_anybody(text: str) -> None:
    body = json.loads(slack_body(mail(text, subject=text[:90])))
    shown = [body["text"], *(block["text"]["text"] for block in body["blocks"])]
    assert not any("<" in part or ">" in part for part in shown)
    assert not any(re.search(r"&(?!amp;|lt;|gt;)", part) for part in shown)


def test_a_long_text_is_cut_for_slack_and_never_within_an_escaped_sign() -> None:
    body = json.loads(slack_body(mail("<" * 10_000)))
    text = body["blocks"][1]["text"]["text"]
    assert len(text) <= TEXT_LENGTH
    assert re.fullmatch(r"(?:&lt;)+…", text)


@pytest.mark.parametrize(
    "text",
    [
        "[a prize](https://bad.example)",
        "**urgent**",
        "# heading",
        "`code`",
        "<at>everyone</at>",
        "![x](y)",
    ],
)
def test_teams_shows_marks_of_others_as_they_are_written(text: str) -> None:
    card = json.loads(teams_body(mail(text)))["attachments"][0]["content"]
    (line,) = [block["text"] for block in card["body"][1:]]
    assert re.sub(r"\\(.)", r"\1", line) == text
    assert not re.search(r"(?<!\\)[\[\]()*#`<>!]", line)


def test_an_empty_subject_or_text_is_a_notice_all_the_same() -> None:
    for body in (slack_body, teams_body):
        assert json.loads(body(mail("", subject="")))


def test_the_webhook_tells_what_the_mail_tells() -> None:
    body = json.loads(webhook_body(mail(), at=NOON))
    assert body == {
        "type": "notice",
        "id": "ab" * 16,
        "timestamp": "2026-11-23T12:00:00+00:00",
        "subject": "Positive reply: Ada",
        "text": "Yes, gladly.",
    }


@pytest.mark.parametrize("key", ["a plain secret", "whsec_" + base64.b64encode(b"k" * 24).decode()])
def test_whoever_knows_the_key_can_verify_the_signature(key: str) -> None:
    body = webhook_body(mail("Grüße"), at=NOON)
    headers = signed_headers(body, notice_id="id-1", at=NOON, key=key)
    raw = base64.b64decode(key[6:]) if key.startswith("whsec_") else key.encode()
    signed = f"id-1.{int(NOON.timestamp())}.".encode() + body
    digest = base64.b64encode(hmac.new(raw, signed, hashlib.sha256).digest()).decode()
    assert headers == {
        "webhook-id": "id-1",
        "webhook-timestamp": str(int(NOON.timestamp())),
        "webhook-signature": f"v1,{digest}",
    }
    other = signed_headers(body + b" ", notice_id="id-1", at=NOON, key=key)
    assert other["webhook-signature"] != headers["webhook-signature"]
