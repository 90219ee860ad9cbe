"""Lets the SDKs of the model vendors, which are built on httpx2, speak through our httpx clients.

So every byte to a model goes through a client that we bound, whose event hooks and mocks see
it. httpx2 only builds requests and reads answers here; it opens no connection of its own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from itertools import cycle

import httpx
import httpx2


def bridged(*clients: httpx.AsyncClient) -> httpx2.AsyncClient:
    """What an SDK takes as its `http_client`. Whoever opened the `clients` closes them."""
    return httpx2.AsyncClient(transport=HttpxBridge(*clients), trust_env=False)


class HttpxBridge(httpx2.AsyncBaseTransport):
    """Sends httpx2's requests with httpx clients in turn. Closing it leaves those clients open."""

    def __init__(self, *clients: httpx.AsyncClient) -> None:
        self._turns = cycle(clients)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """One exchange; its time limits are the request's own."""
        content = await request.aread()
        timeout = {k: v for k, v in request.extensions.items() if k == "timeout"}
        sent = httpx.Request(
            request.method,
            str(request.url),
            headers=request.headers.raw,
            content=content,
            extensions=timeout,
        )
        with _translated():
            answer = await next(self._turns).send(sent, stream=True, follow_redirects=False)
        return httpx2.Response(
            answer.status_code, headers=answer.headers.raw, stream=_Body(answer), request=request
        )


class _Body(httpx2.AsyncByteStream):
    """An answer's bytes, as the client below unpacks and bounds them."""

    def __init__(self, answer: httpx.Response) -> None:
        self._answer = answer
        self._begun = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._begun:  # an SDK may drain what it has read already
            return
        self._begun = True
        with _translated():
            if self._answer.is_stream_consumed:  # a mock's answer is read already
                yield self._answer.content
                return
            async for chunk in self._answer.aiter_raw():
                yield chunk

    async def aclose(self) -> None:
        await self._answer.aclose()


@contextmanager
def _translated() -> Iterator[None]:
    """Httpx's errors as httpx2's of the same name, or of the nearest name both have."""
    try:
        yield
    except httpx.RequestError as exc:
        for kind in type(exc).__mro__:
            twin = getattr(httpx2, kind.__name__, None)
            if isinstance(twin, type) and issubclass(twin, httpx2.RequestError):
                raise twin(str(exc)) from exc
        raise httpx2.RequestError(str(exc)) from exc
