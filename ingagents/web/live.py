"""News as it happens: a page that is open is told when something was committed, and loads anew."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from ingagents.app.department import Department
from ingagents.communication import journal
from ingagents.errors import StoreError
from ingagents.integrations.clock import SystemClock

_LOOK_SECONDS = 2.0
_LASTS_LOOKS = 900
"""Then a browser asks anew, which it does by itself."""
_MOST = 30


class Live:
    """Server-sent events: one line whenever the journal has grown."""

    def __init__(self, department: Department) -> None:
        self._department = department
        self._clock = SystemClock()  # a browser's seconds, not the sandbox's
        self._open = 0

    async def events(self, _: Request) -> Response:
        """The stream; beyond so many at once a page does without."""
        if self._open >= _MOST:
            return PlainTextResponse("too many pages are open\n", 503)
        return StreamingResponse(self._stream(), media_type="text/event-stream")

    async def _stream(self) -> AsyncIterator[str]:
        self._open += 1
        try:
            seen = await self._last()
            yield "retry: 5000\n\n"
            for _ in range(_LASTS_LOOKS):
                await self._clock.sleep_until(self._clock.now() + timedelta(seconds=_LOOK_SECONDS))
                last = await self._last()
                # The comment shows whether anybody still listens.
                yield ": nothing new\n\n" if last == seen else f"event: news\ndata: {last}\n\n"
                seen = last
        finally:
            self._open -= 1

    async def _last(self) -> int:
        try:
            return await self._department.store.read(journal.last_seq)
        except StoreError:
            return 0
