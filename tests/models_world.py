"""Simulated language models on loopback, and what tests ask them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import httpx
from starlette.applications import Starlette
from starlette.types import ASGIApp

from ingagents.model import ModelTask, Question
from ingagents.sandbox.faces import with_models
from ingagents.sandbox.llm.api import ModelFaultPlan, ModelFaultRule, ModelFaults
from ingagents.sandbox.server import serve

KEY = "a-key-for-the-models"
HEADERS = {"X-API-KEY": KEY}
"""What the sandbox's own routes want."""

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "classification": {"type": "string", "enum": ["Speaker", "Sponsor", "Other"]},
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
        "evidence": {"type": "string", "maxLength": 120},
    },
    "required": ["classification", "confidence", "evidence"],
    "additionalProperties": False,
}

GOOD = {"classification": "Speaker", "confidence": 0.85, "evidence": "CTO"}
"""What the simulated model says of Ada."""


def a_question(**changes: Any) -> Question:
    fields: dict[str, Any] = {
        "task": ModelTask.CLASSIFY,
        "prompt_version": "classify/1",
        "system": "Say what the person is.",
        "user": '<data>{"name": "Ada", "position": "CTO", "company": "Acme"}</data>',
        "schema": SCHEMA,
        "max_output_tokens": 400,
    }
    return Question(**{**fields, **changes})


def always(kind: Any, **more: Any) -> ModelFaultPlan:
    """A plan under which the same thing always goes wrong."""
    return ModelFaultPlan(rules=(ModelFaultRule(kind=kind, probability=1.0, **more),))


def at(kind: Any, *requests: int, **more: Any) -> ModelFaultPlan:
    """A plan under which these questions, counted from 1, go wrong."""
    return ModelFaultPlan(rules=(ModelFaultRule(kind=kind, requests=requests, **more),))


class ModelsWorld:
    """A served pair of vendors; `faults` is theirs, `url` where they are."""

    def __init__(self, faults: ModelFaults, url: str) -> None:
        self.faults = faults
        self.url = url
        self.base_urls = {"openai": f"{url}/openai/v1", "anthropic": f"{url}/anthropic"}

    async def calls(self) -> list[dict[str, Any]]:
        """Every question that came in."""
        async with httpx.AsyncClient() as client:
            found = (await client.get(f"{self.url}/sandbox/models/record", headers=HEADERS)).json()
        calls: list[dict[str, Any]] = found["calls"]
        return calls


@asynccontextmanager
async def served(application: ASGIApp) -> AsyncGenerator[str, None]:
    """An application over real HTTP for as long as the block; its address."""
    listening, stop = anyio.Event(), anyio.Event()
    ports: list[int] = []

    def note(port: int) -> None:
        ports.append(port)
        listening.set()

    async def run() -> None:
        await serve(application, port=0, on_listening=note, stop=stop)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(run)
        await listening.wait()
        yield f"http://127.0.0.1:{ports[0]}"
        stop.set()


@asynccontextmanager
async def served_models(*, api_key: str | None = KEY) -> AsyncGenerator[ModelsWorld, None]:
    """Both vendors over real HTTP for as long as the block."""
    faults = ModelFaults()
    async with served(with_models(Starlette(), api_key=api_key, faults=faults)) as url:
        yield ModelsWorld(faults, url)
