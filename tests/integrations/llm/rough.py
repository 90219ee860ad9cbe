"""A server that answers as a test says, in a vendor's dialect, and keeps what it was asked."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx

from ingagents.integrations.http.client import open_http_client
from ingagents.ports import ModelProvider
from tests.fake_clock import FakeClock
from tests.integrations.llm.test_providers import MAKERS
from tests.models_world import GOOD, KEY

Fields = Mapping[str, Any]


Answer = Callable[[Fields], httpx.Response]


TEXT = json.dumps(GOOD)


def said(kind: str, text: str | None, **more: Any) -> httpx.Response:
    """A good answer of this text, in the vendor's shape."""
    if kind == "openai":
        message = {"role": "assistant", "content": text, **more}
        return httpx.Response(200, json={"choices": [{"message": message}]})
    blocks = [{"type": "text", "text": text}]
    return httpx.Response(200, json={"content": blocks, "stop_reason": "end_turn"})


class Server:
    """Answers by what it is asked, and keeps every question."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[Fields] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(json.loads(request.content))
        return self.answer(self.asked[-1])


@asynccontextmanager
async def served(
    kind: str, answer: Answer, *, retries: int = 0, clock: FakeClock | None = None
) -> AsyncGenerator[tuple[ModelProvider, Server]]:
    server = Server(answer)
    async with open_http_client(5.0, httpx.MockTransport(server)) as http:
        made = MAKERS[kind](
            http,
            api_key=KEY,
            clock=clock or FakeClock(),
            base_url="https://models.invalid/v1",
            retries=retries,
            jitter=lambda: 0.0,
        )
        yield made, server
