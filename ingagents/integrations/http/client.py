"""What every service behind HTTP has in common: a bounded client, time limits, `Retry-After`."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import anyio
import httpx

from ingagents.errors import SettingsError
from ingagents.integrations.http.bounded_body import ANSWER_BYTES_MAX, ask_unpacked, bounding
from ingagents.masking import keep_secret
from ingagents.ports import Clock
from ingagents.tracing import span

RETRY_AFTER_SECONDS_MAX = 60.0
"""A service that asks for a longer pause gets it from the caller, who has other work meanwhile."""

NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""What goes wrong before the first byte of a request has left."""

FAULTS = (httpx.HTTPError, httpx.StreamError, OSError, anyio.BrokenResourceError)
"""All that a network does to a request."""

_CONNECT_SECONDS_MAX = 10.0


class TracedClient(httpx.AsyncClient):
    """A client whose every request is a span. The address asked is not told: it may name a person."""

    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        with span(
            f"{request.method} {request.url.host}",
            "client",
            http__request__method=request.method,
            server__address=request.url.host,
        ) as told:
            answer = await super().send(request, **options)
            told["http.response.status_code"] = answer.status_code
            return answer


def open_http_client(
    timeout_seconds: float,
    transport: httpx.AsyncBaseTransport | None = None,
    *,
    answer_bytes_max: int = ANSWER_BYTES_MAX,
    connections_max: int = 10,
) -> httpx.AsyncClient:
    """A client for one service; close it by leaving `async with`.

    An answer is asked for unpacked, and is bounded as it is unpacked (`bounded_answer`).

    Ten connections: httpcore scans its whole pool for every request, and more are slower; who needs
    more takes turns among clients. Idle ones live five seconds: a send on a connection the server
    has closed would end as unknown.
    """
    return TracedClient(
        transport=transport,
        timeout=timeouts(timeout_seconds),
        follow_redirects=False,
        event_hooks={"request": [ask_unpacked], "response": [bounding(answer_bytes_max)]},
        limits=httpx.Limits(
            max_connections=connections_max,
            # httpcore closes every idle connection of a pool that has more than this, idle or not.
            max_keepalive_connections=connections_max,
            keepalive_expiry=5.0,
        ),
    )


async def whole_answer(
    http: httpx.AsyncClient, request: httpx.Request, clock: Clock, *, timeout_seconds: float
) -> httpx.Response:
    """The answer, read to its end, in so many real seconds at most."""
    # httpx bounds each wait for the network but not their sum, and nothing in-process.
    with clock.busy(), anyio.fail_after(timeout_seconds):
        answer = await http.send(request, stream=True, follow_redirects=False)
        try:
            await answer.aread()
        finally:
            await answer.aclose()
    return answer


def checked_key(api_key: str, whose: str, table: str) -> str:
    """A LinkedIn service's key as it is sent, and hidden wherever it is told.

    Of the settings' `table` it is told where the key is to be set.

    Raises:
        SettingsError: nobody's key looks so.
    """
    # An unsendable header would otherwise be quoted, key and all, in the transport's own error.
    key = api_key.strip()
    if not key or not key.isascii() or not key.isprintable():
        raise SettingsError(
            "the LinkedIn API key is empty or has characters that no key has",
            f"set {_KEY_OF[table]} to {whose}",
        )
    keep_secret(key)
    return key


_KEY_OF = {
    "linkedin": "INGAGENTS_LINKEDIN__API_KEY or linkedin.api_key_file",
    "linkedin.accounts": "api_key_file in the account's own block [[linkedin.accounts]]",
}


def asked_pause(answer: httpx.Response, now: datetime) -> float | None:
    """The pause in seconds that an answer asks for; None where it asks for none."""
    return retry_after_seconds(answer.headers.get("retry-after"), now, answer.headers.get("date"))


def retry_after_seconds(header: str | None, now: datetime, date: str | None = None) -> float | None:
    """The pause a `Retry-After` asks for, in seconds or until an HTTP date; None if unreadable.

    A date counts from the answer's own `Date`, since the server's clock may not be ours (`now`).
    """
    if not header:
        return None
    try:
        seconds = float(header)
    except ValueError:
        until = _moment(header)
        if until is None:
            return None
        seconds = (until - (_moment(date or "") or now)).total_seconds()
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _moment(date: str) -> datetime | None:
    """The moment of an HTTP date."""
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def timeouts(seconds: float) -> httpx.Timeout:
    """Each wait of a request; connecting may take half of it, at most ten seconds."""
    # Connecting ends before the whole time is over, so that it is told apart from a lost answer.
    connect = min(_CONNECT_SECONDS_MAX, seconds / 2)
    return httpx.Timeout(seconds, connect=connect, pool=connect)
