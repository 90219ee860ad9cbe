"""What an answer unpacks to is bounded on every client, in bytes, in values, and by memory."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable, Iterable
from functools import cache
from typing import Any

import httpx
import httpx2
import pytest

from ingagents.errors import BadAnswer, ServiceError, TryLater
from ingagents.integrations.google_sheets.client import GoogleSheet
from ingagents.integrations.google_sheets.http import ANSWER_BYTES_MAX, SheetsWire
from ingagents.integrations.http.bounded_body import AnswerRefused
from ingagents.integrations.http.bridge import bridged
from ingagents.integrations.http.client import open_http_client
from ingagents.integrations.llm.adapter import ModelAdapter
from ingagents.integrations.llm.anthropic import Anthropic
from ingagents.integrations.llm.openai import OpenAI
from ingagents.integrations.unipile.wire.http import UnipileWire
from ingagents.sandbox.google_sheets.account import ServiceAccount
from ingagents.sandbox.record import Record
from tests.fake_clock import FakeClock

MIB = 1024 * 1024
GOOD = b'{"object": "List", "items": []}'
ADDRESS = "http://service.invalid"


class Body(httpx.AsyncByteStream):
    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece


@cache
def packed_zeros(mib: int = 400, wbits: int = 31) -> list[bytes]:
    """So many megabytes of zeros, packed once; made piece by piece as well."""
    packer = zlib.compressobj(6, zlib.DEFLATED, wbits)
    pieces = [packer.compress(bytes(MIB)) for _ in range(mib)]
    return [b"".join([*pieces, packer.flush()])]


@cache
def account() -> dict[str, str]:
    """A service account whose token address is here; making a key takes a tenth of a second."""
    record = Record()
    made = ServiceAccount(record).info(token_uri=f"{ADDRESS}/token")
    record.close()
    return made


def endless(piece: bytes) -> Iterable[bytes]:
    while True:
        yield piece


def answering(
    pieces: Callable[[], Iterable[bytes]], packed: str, status: int = 200
) -> httpx.MockTransport:
    headers = {"content-encoding": packed} if packed else {}
    return httpx.MockTransport(
        lambda _: httpx.Response(status, headers=headers, stream=Body(pieces()))
    )


async def read(transport: httpx.MockTransport) -> bytes:
    async with open_http_client(5, transport) as http:
        return (await http.get(ADDRESS)).content


async def linkedin(http: httpx.AsyncClient) -> object:
    wire = UnipileWire(
        http,
        base_url=ADDRESS,
        api_key="a-key",
        account_id="a",
        clock=FakeClock(),
        retries=0,
    )
    return await wire.read("GET", "users/me", parse=dict)


async def openai(http: httpx.AsyncClient) -> object:
    made = ModelAdapter(
        OpenAI(), http, api_key="a-key", clock=FakeClock(), base_url=ADDRESS, retries=0
    )
    return await made.known_models()


async def anthropic(http: httpx.AsyncClient) -> object:
    made = ModelAdapter(
        Anthropic(), http, api_key="a-key", clock=FakeClock(), base_url=ADDRESS, retries=0
    )
    return await made.known_models()


async def google(http: httpx.AsyncClient) -> object:
    """Its login is the first request, and so what is tried here."""
    wire = SheetsWire(
        http, account=account(), api_root=ADDRESS, clock=FakeClock(), timeout_seconds=5
    )
    return await GoogleSheet(wire, spreadsheet_id="s", clock=FakeClock(), retries=0).tabs()


async def google_sheet(http: httpx.AsyncClient) -> object:
    """The sheet's own answers: the login goes well."""
    token = json.dumps({"access_token": "t" * 20, "expires_in": 3600, "token_type": "Bearer"})
    rest = http._transport

    async def first_the_token(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            return httpx.Response(200, text=token)
        return await rest.handle_async_request(request)

    http._transport = httpx.MockTransport(first_the_token)
    wire = SheetsWire(
        http, account=account(), api_root=ADDRESS, clock=FakeClock(), timeout_seconds=5
    )
    return await GoogleSheet(wire, spreadsheet_id="s", clock=FakeClock(), retries=0).tabs()


CLIENTS = [linkedin, openai, anthropic, google, google_sheet]


@pytest.mark.parametrize(
    ("packed", "pieces", "why"),
    [
        ("gzip", packed_zeros, "longer than 8 MiB"),
        ("x-gzip", packed_zeros, "longer than 8 MiB"),
        ("deflate", lambda: packed_zeros(20, 15), "longer than 8 MiB"),
        (
            "GZIP",
            lambda: [bytes([one]) for one in packed_zeros()[0][:100_000]],
            "longer than 8 MiB",
        ),
        ("", lambda: endless(bytes(100_000)), "longer than 8 MiB"),
        ("identity", lambda: endless(bytes(100_000)), "longer than 8 MiB"),
        ("", lambda: endless(b"[],"), "too many values"),
        ("gzip", lambda: [gzip.compress(b"{}," * 1_100_000)], "too many values"),
        ("gzip, gzip", lambda: [gzip.compress(packed_zeros()[0])], "was not asked for"),
        ("gzip,identity", packed_zeros, "was not asked for"),
        ("br", lambda: [b"\x8b\x01\x80"], "was not asked for"),
        ("zstd", lambda: [b"\x28\xb5\x2f\xfd"], "was not asked for"),
        ("compress", lambda: [b"\x1f\x9d"], "was not asked for"),
        ("gzip", lambda: [GOOD], "is not packed as it says"),
        ("gzip", lambda: [gzip.compress(GOOD)[:-9]], "broke off"),
        ("x-gzip", list, "broke off"),
        ("gzip", lambda: [gzip.compress(GOOD), *[b"x"] * 3], "goes on behind"),
    ],
)
async def test_an_answer_that_is_not_to_be_read_is_refused(
    packed: str, pieces: Callable[[], Iterable[bytes]], why: str
) -> None:
    with pytest.raises(AnswerRefused, match=why):
        await read(answering(pieces, packed))


@pytest.mark.parametrize(
    ("packed", "pieces"),
    [
        ("", [GOOD]),
        ("identity", [GOOD[:5], GOOD[5:]]),
        ("gzip", [gzip.compress(GOOD)]),
        ("gzip", [bytes([one]) for one in gzip.compress(GOOD)]),
        ("deflate", [zlib.compress(GOOD)]),
    ],
)
async def test_a_packing_nobody_asked_for_is_undone(packed: str, pieces: list[bytes]) -> None:
    assert await read(answering(lambda: pieces, packed)) == GOOD


async def test_what_is_packed_in_many_pieces_comes_out_whole() -> None:
    long = bytes(range(256)) * (7 * MIB // 256)
    assert await read(answering(lambda: [gzip.compress(long)], "gzip")) == long


@pytest.mark.parametrize("client", CLIENTS)
async def test_every_client_asks_for_an_unpacked_answer(client: Any) -> None:
    asked: list[str] = []

    def note(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers["accept-encoding"])
        return httpx.Response(500)

    async with open_http_client(5, httpx.MockTransport(note)) as http:
        with pytest.raises(ServiceError):
            await client(http)
    assert set(asked) == {"identity"}


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("status", [200, 401, 500])
@pytest.mark.parametrize("packed", ["gzip", "gzip, gzip"])
async def test_no_client_holds_more_than_its_bound_in_memory(
    client: Any, status: int, packed: str
) -> None:
    """Four hundred megabytes, packed into a few bytes; refusals are bodies too."""
    pieces = packed_zeros() if packed == "gzip" else [gzip.compress(packed_zeros()[0])]
    is_google = client in {google, google_sheet}
    bound = {"answer_bytes_max": ANSWER_BYTES_MAX} if is_google else {}
    async with open_http_client(5, answering(lambda: pieces, packed, status), **bound) as http:
        tracemalloc.start()
        try:
            with pytest.raises(TryLater) as caught:
                await client(http)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert isinstance(caught.value, BadAnswer)
    assert "answer" in caught.value.what
    assert peak < 2 * bound.get("answer_bytes_max", 24 * MIB)


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    "said",
    [b"[" * 100_000, b'{"a": ' * 50_000, b'{"a": ' + b"9" * 10_000 + b"}", b"[]", b'"x"', b"\xff"],
)
@pytest.mark.parametrize("status", [200, 403])
async def test_no_json_of_any_shape_breaks_a_client(client: Any, said: bytes, status: int) -> None:
    async with open_http_client(5, answering(lambda: [said], "", status)) as http:
        with pytest.raises(ServiceError):
            await client(http)


async def test_the_sdks_client_reads_through_the_same_bound() -> None:
    async with (
        open_http_client(5, answering(packed_zeros, "gzip")) as http,
        bridged(http) as above,
    ):
        with pytest.raises(httpx2.DecodingError, match="longer than 8 MiB") as caught:
            await above.get(ADDRESS)
    assert isinstance(caught.value.__cause__, AnswerRefused)
