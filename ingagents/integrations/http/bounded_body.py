"""An answer is bounded by what it unpacks to, not by the bytes on the wire.

Two kilobytes of gzip can be two gigabytes, and a megabyte of `[],[],` a hundred megabytes of lists.
So an answer is asked for unpacked; one that some proxy packed all the same is unpacked in small
pieces; and each piece is counted, in bytes and in JSON values, before the next one is made.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

import anyio.lowlevel
import httpx

ANSWER_BYTES_MAX = 8 * 1024 * 1024
"""The longest lists of people that the services give are a tenth of it."""

_BYTES_OF_A_VALUE = 8
"""An answer may hold so many times fewer JSON values than bytes. In real ones a value takes about
twenty; as a Python object the smallest takes eighty."""
_BEFORE_A_VALUE = (b",", b"[", b"{")
_PIECE_BYTES = 256 * 1024
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_UNPACKED = {"gzip", "x-gzip", "deflate"}


class AnswerRefused(httpx.DecodingError):
    """An answer that is not read to its end. Its text says why, and quotes nothing of it."""


async def ask_unpacked(request: httpx.Request) -> None:
    """A request hook: whatever built the request, the answer shall come as it is."""
    request.headers["accept-encoding"] = "identity"


def bounding(bytes_max: int) -> Callable[[httpx.Response], Awaitable[None]]:
    """A response hook: whoever reads the body gets it unpacked, and at most so much of it."""
    return partial(_bound, bytes_max=bytes_max)


async def _bound(response: httpx.Response, *, bytes_max: int) -> None:
    packed = response.headers.pop("content-encoding", "").strip().lower()
    # A body that was there from the start (a mock's) was unpacked with the headers it came with.
    if not response.is_stream_consumed and isinstance(response.stream, httpx.AsyncByteStream):
        response.stream = _Bounded(response.stream, packed, bytes_max)


class _Bounded(httpx.AsyncByteStream):
    """A body, unpacked and counted piece by piece."""

    def __init__(self, body: httpx.AsyncByteStream, packed: str, bytes_max: int) -> None:
        self._body = body
        self._packed = packed
        self._bytes_max = bytes_max

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = values = 0
        async for piece in self._pieces():
            size += len(piece)
            values += sum(map(piece.count, _BEFORE_A_VALUE))
            if size > self._bytes_max:
                raise AnswerRefused(f"is longer than {self._bytes_max >> 20} MiB")
            if values > self._bytes_max // _BYTES_OF_A_VALUE:
                raise AnswerRefused("holds too many values")
            yield piece

    async def aclose(self) -> None:
        await self._body.aclose()

    def _pieces(self) -> AsyncIterator[bytes]:
        if self._packed in {"", "identity"}:
            return aiter(self._body)
        if self._packed in _UNPACKED:
            return self._unpacked()
        # Brotli and zstd were not asked for, and nobody in earnest packs twice.
        raise AnswerRefused("is packed in a way that was not asked for")

    async def _unpacked(self) -> AsyncIterator[bytes]:
        unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
        try:
            async for left in self._body:
                piece = unpacker.decompress(left, _PIECE_BYTES)
                yield piece
                while unpacker.unconsumed_tail or len(piece) == _PIECE_BYTES:
                    await anyio.lowlevel.checkpoint()  # what is long must not hold the loop
                    piece = unpacker.decompress(unpacker.unconsumed_tail, _PIECE_BYTES)
                    yield piece
                if unpacker.unused_data:
                    raise AnswerRefused("goes on behind its packed end")
        except zlib.error:
            raise AnswerRefused("is not packed as it says") from None
        if not unpacker.eof:
            raise AnswerRefused("broke off while it was unpacked")
