"""What a notice looks like on each channel: pure functions of the mail that says the same.

Names and words from outside stand in it. Slack reads `<`, `>` and `&` as marks (mentions and links
among them), so those are escaped as Slack asks for; Teams reads Markdown in a card's texts, so its
signs are escaped too; the webhook is JSON and takes every text as it is.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from datetime import datetime

from ingagents.core.text.excerpt import shortened
from ingagents.model import Mail

SUBJECT_LENGTH = 200
TEXT_LENGTH = 3_000
"""Slack cuts a block's text there (docs: section blocks); more is no notice any more."""

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|~<>-])")


def slack_body(mail: Mail) -> bytes:
    """A message for Slack's incoming webhooks. Nothing in it mentions anybody or unfolds a link."""
    subject, text = (_slack(part) for part in _told(mail))
    return _json(
        {
            "text": f"{subject}\n{text}",
            "blocks": [
                {"type": "section", "text": {"type": "mrkdwn", "text": f"*{subject}*"}},
                {"type": "section", "text": {"type": "mrkdwn", "text": _cut_escaped(text)}},
            ],
            "unfurl_links": False,
            "unfurl_media": False,
        }
    )


def teams_body(mail: Mail) -> bytes:
    """An adaptive card for Teams' workflow webhooks; a line of the text is a block of the card."""
    subject, text = _told(mail)
    lines = [line for line in text.splitlines() if line.strip()]
    blocks = [
        {"type": "TextBlock", "text": _teams(subject), "weight": "bolder", "wrap": True},
        *({"type": "TextBlock", "text": _teams(line), "wrap": True} for line in lines),
    ]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": blocks,
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return _json({"type": "message", "attachments": [attachment]})


def webhook_body(mail: Mail, *, at: datetime) -> bytes:
    """A notice as plain JSON: `type`, `id`, `timestamp`, `subject`, `text`.

    The id is the same whenever the same notice is tried again.
    """
    subject, text = _told(mail)
    return _json(
        {
            "type": "notice",
            "id": mail.message_id,
            "timestamp": at.isoformat(),
            "subject": subject,
            "text": text,
        }
    )


def signed_headers(body: bytes, *, notice_id: str, at: datetime, key: str) -> dict[str, str]:
    """The three headers of the Standard Webhooks specification (standardwebhooks.com), v1.

    HMAC-SHA256 over `id.timestamp.body`; a key that begins with `whsec_` is base64 behind it, any
    other is taken as its UTF-8 bytes.
    """
    stamp = str(int(at.timestamp()))
    signed = b".".join((notice_id.encode(), stamp.encode(), body))
    digest = hmac.new(_key_bytes(key), signed, hashlib.sha256).digest()
    return {
        "webhook-id": notice_id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def _key_bytes(key: str) -> bytes:
    if key.startswith("whsec_"):
        return base64.b64decode(key.removeprefix("whsec_"))
    return key.encode()


def _told(mail: Mail) -> tuple[str, str]:
    return shortened(mail.subject, SUBJECT_LENGTH), shortened(mail.text.strip(), TEXT_LENGTH)


def _slack(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cut_escaped(text: str) -> str:
    """Escaping makes a text longer: cut again, and never within an escaped sign."""
    if len(text) <= TEXT_LENGTH:
        return text
    return re.sub(r"&[a-z]{0,3}$", "", text[: TEXT_LENGTH - 1]) + "…"


def _teams(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
