"""Handing notices to Slack, Teams or a signed webhook. Keeps `ports.Mailer`.

A notice leaves in one POST that this module never repeats: what was refused, or never left, is
tried again by whoever claims it anew. A status from 200 to 299 is a yes and any other answer a no;
where the request left and no answer came, nobody knows. To a webhook the same notice may go again
then: its `webhook-id` is the same, and by it the receiver drops what it has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

import anyio
import httpx

from ingagents.errors import SettingsError
from ingagents.integrations.http.client import NEVER_LEFT, open_http_client
from ingagents.integrations.notify.bodies import (
    signed_headers,
    slack_body,
    teams_body,
    webhook_body,
)
from ingagents.loopback import is_loopback
from ingagents.masking import keep_secret, masked
from ingagents.model import Mail, Refusal, SendResult
from ingagents.ports import Clock

ChannelName = Literal["slack", "teams", "webhook"]

_ANSWER_BYTES_MAX = 64 * 1024
_BODIES: Mapping[ChannelName, Callable[[Mail, datetime], bytes]] = {
    "slack": lambda mail, _: slack_body(mail),
    "teams": lambda mail, _: teams_body(mail),
    "webhook": lambda mail, at: webhook_body(mail, at=at),
}


class NotifyChannel:
    """One address that takes notices. The address is a secret: whoever knows it may post there.

    `key` signs what goes to a webhook; empty: the address itself does, which both sides know.

    Raises:
        SettingsError: the address is none, or would travel unencrypted.
    """

    def __init__(
        self,
        name: ChannelName,
        address: str,
        *,
        timeout_seconds: float,
        clock: Clock,
        key: str = "",
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        keep_secret(address)
        if key:
            keep_secret(key)
        self.name = name
        self._address = _checked(name, address)
        self._timeout_seconds = timeout_seconds
        self._clock = clock
        self._key = key or address
        self._transport = transport

    @property
    def drops_repeats(self) -> bool:
        """Whether the receiver can tell a repetition by its id: Slack and Teams are told none."""
        return self.name == "webhook"

    async def send_mail(self, mail: Mail) -> SendResult:
        """Post one notice; never raises for what the other side did."""
        now, headers = self._clock.now(), {"content-type": "application/json"}
        body = _BODIES[self.name](mail, now)
        if self.name == "webhook":
            headers |= signed_headers(body, notice_id=mail.message_id, at=now, key=self._key)
        with self._clock.busy():
            return await self._post(body, headers, message_id=mail.message_id)

    async def _post(self, body: bytes, headers: dict[str, str], *, message_id: str) -> SendResult:
        try:
            # The client's limits hold for each wait; this one for all of them together.
            with anyio.fail_after(2 * self._timeout_seconds):
                async with open_http_client(
                    self._timeout_seconds, self._transport, answer_bytes_max=_ANSWER_BYTES_MAX
                ) as client:
                    request = client.build_request(
                        "POST", self._address, content=body, headers=headers
                    )
                    answer = await client.send(request, stream=True)  # its words are not read
                    await answer.aclose()
        except NEVER_LEFT as exc:
            return self._refused(f"cannot be reached: {_said(exc)}")
        except (httpx.HTTPError, httpx.StreamError, OSError, TimeoutError) as exc:
            detail = f"{self.name} did not say whether it took the notice: {_said(exc)}"
            return SendResult(outcome="unknown", message_id=message_id, detail=detail)
        if answer.is_success:
            took = f"{self.name} took it ({answer.status_code})"
            return SendResult(outcome="sent", message_id=message_id, detail=took)
        if answer.is_redirect:
            return self._refused(f"redirects elsewhere ({answer.status_code}); nobody follows")
        return self._refused(f"answered {answer.status_code}")

    def _refused(self, why: str) -> SendResult:
        return SendResult.refused(Refusal.RETRY_LATER, f"{self.name} {why}")


def _checked(name: ChannelName, address: str) -> str:
    """The address, if notices may go there.

    Raises:
        SettingsError: it is none, or others on the way could read what is told.
    """
    parts = urlsplit("")
    with suppress(ValueError):  # brackets that do not close
        parts = urlsplit(address)
    host = parts.hostname or ""
    if not host or any(sign.isspace() for sign in address):
        raise SettingsError(
            f"the file of notify.{name}_url_file holds no address", "write the https address alone"
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise SettingsError(
            f"the address of notify.{name}_url_file does not begin with https://",
            "notices hold names and answers: use the https address",
        )
    return address


def _said(exc: Exception) -> str:
    return masked(str(exc) or type(exc).__name__)[:200]
