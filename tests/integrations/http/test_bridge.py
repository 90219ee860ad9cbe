"""httpx2 over httpx: bytes, time limits and errors come through; nothing else is opened."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import httpx2
import pytest

from ingagents.integrations.http.bridge import bridged

Handler = Callable[[httpx.Request], httpx.Response]


def over(handler: Handler) -> tuple[httpx.AsyncClient, httpx2.AsyncClient]:
    below = httpx.AsyncClient(transport=httpx.MockTransport(handler))
    return below, bridged(below)


async def test_a_request_arrives_as_it_was_sent_with_its_time_limits() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201, headers={"x-a": "1"}, json={"ok": True})

    below, above = over(answer)
    async with below, above:
        got = await above.post(
            "http://models.invalid/v1/a?b=c", json={"é": 1}, headers={"x-b": "2"}, timeout=7
        )
    assert (got.status_code, got.headers["x-a"], got.json()) == (201, "1", {"ok": True})
    (request,) = seen
    assert str(request.url) == "http://models.invalid/v1/a?b=c"
    assert request.headers["x-b"] == "2"
    assert request.content.decode() == '{"é":1}'
    assert request.extensions["timeout"]["read"] == 7


@pytest.mark.parametrize(
    ("error", "twin"),
    [
        (httpx.ConnectError, httpx2.ConnectError),
        (httpx.ConnectTimeout, httpx2.ConnectTimeout),
        (httpx.ReadTimeout, httpx2.ReadTimeout),
        (httpx.PoolTimeout, httpx2.PoolTimeout),
        (httpx.ReadError, httpx2.ReadError),
        (httpx.RemoteProtocolError, httpx2.RemoteProtocolError),
        (httpx.DecodingError, httpx2.DecodingError),
    ],
)
async def test_an_error_has_its_twins_name(
    error: type[httpx.RequestError], twin: type[httpx2.RequestError]
) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error("no", request=request)

    below, above = over(fail)
    async with below, above:
        with pytest.raises(twin):
            await above.get("http://models.invalid/")


async def test_a_body_that_breaks_off_is_a_read_error() -> None:
    class Body(httpx.AsyncByteStream):
        async def __aiter__(self):
            yield b"half"
            raise httpx.ReadError("gone")

    below, above = over(lambda request: httpx.Response(200, stream=Body()))
    async with below, above:
        with pytest.raises(httpx2.ReadError):
            await above.get("http://models.invalid/")


async def test_closing_the_sdks_client_leaves_ours_open() -> None:
    below, above = over(lambda request: httpx.Response(200))
    async with above:
        pass
    async with below:
        assert (await below.get("http://models.invalid/")).status_code == 200
