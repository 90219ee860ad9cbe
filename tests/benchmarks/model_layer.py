"""What it costs to ask a model: time at a concurrency against the ideal, processor time a call.

The server is a process of its own that answers each question after a while, as long as it is told
to. The ideal is that somebody's waits are all the time that passes; the raw limit is the vendor's SDK alone, with
its own client, asking the same server the same question.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import re
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ingagents.app.language_models import open_language_model
from ingagents.app.rules.texts import load_prompts
from ingagents.core.llm.classify import ask_classification
from ingagents.integrations.clock import SystemClock
from ingagents.model import LeadId, ModelTask, Profile, Question
from ingagents.settings import Settings
from tests.benchmarks.lab import Figures, Lab, Row, awaited, in_rounds, median_ratio, medians, row
from tests.support import open_office

PROMPT = load_prompts(Settings())[ModelTask.CLASSIFY]
WAITS = (0.3, 0.5, 0.4, 0.7, 0.6)
"""Seconds; whoever asks in a row meets each once, and neighbours meet another one each time."""
ANSWER = {"people": [{"i": 0, "label": "Speaker", "confidence": 0.9, "evidence": "CTO"}]}
BODY = json.dumps({
    "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-6-luna",
    "choices": [{"index": 0, "finish_reason": "stop", "logprobs": None,
                 "message": {"role": "assistant", "content": json.dumps(ANSWER), "refusal": None}}],
    "usage": {"prompt_tokens": 300, "completion_tokens": 30, "total_tokens": 330},
}).encode()  # fmt: skip
HEAD = (
    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
    f"content-length: {len(BODY)}\r\nx-request-id: req_1\r\n\r\n"
).encode()


IN_FLIGHT = (4, 64)
"""What the settings say by themselves, and the most they allow."""


def rows(lab: Lab) -> Iterator[Row]:
    """Time against the ideal, and processor time against the SDK's alone."""
    with a_server() as url:
        cases = [
            {
                f"layer {n}": awaited(partial(through_the_layer, lab.folder, url, in_flight=n)),
                f"sdk {n}": awaited(partial(by_the_sdk_alone, url, in_flight=n)),
            }
            for n in IN_FLIGHT
        ]
        rounds = in_rounds(cases, 2)
    found = medians(rounds)
    for n in IN_FLIGHT:
        layer, sdk = found[f"layer {n}"], found[f"sdk {n}"]
        yield row(f"models, {n} in flight: time", layer["seconds"], "s", limit=sum(WAITS),
                  limit_is="their waits", at_most=1.15)  # fmt: skip
        yield row(f"models, {n} in flight: processor time a call", layer["cpu_ms"], "ms",
                  limit=sdk["cpu_ms"], limit_is="the SDK alone",
                  ratio=median_ratio(rounds, "cpu_ms", f"layer {n}", f"sdk {n}"),
                  at_most=2.5, absolute=True)  # fmt: skip


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            lines = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
            asked = await reader.readexactly(int(lines.get(b"content-length", 0)))
            number = re.search(rb"number (\d+)", asked)
            await asyncio.sleep(WAITS[int(number[1]) % len(WAITS)] if number else 0)
            writer.write(HEAD + BODY)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    writer.close()


async def _serve(tell: Connection) -> None:
    server = await asyncio.start_server(_answer, "127.0.0.1", 0, backlog=256)
    tell.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


@contextmanager
def a_server() -> Iterator[str]:
    """Where the answers come from, for as long as the block."""
    fork = multiprocessing.get_context("fork")
    hear, tell = fork.Pipe(duplex=False)
    process = fork.Process(target=lambda: asyncio.run(_serve(tell)), daemon=True)
    process.start()
    yield f"http://127.0.0.1:{hear.recv()}/v1"
    process.terminate()
    process.join()


def a_question(number: int) -> Question:
    """About one person, and about nobody else."""
    person = Profile(
        name=f"Ann {number}", position=f"Founder number {number}", company=f"Acme {number}"
    )
    return ask_classification(PROMPT, [(LeadId(f"lead-{number}"), person)])


async def measured(call: Callable[[int], Awaitable[object]], *, in_flight: int) -> Figures:
    """Questions by so many at once, each the next one's as soon as it has its answer."""

    async def go_on(place: int) -> None:
        for turn in range(len(WAITS)):
            await call(place * 1001 + turn)

    await asyncio.gather(*(call(-5 * place) for place in range(in_flight)))  # imports, connections
    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*map(go_on, range(in_flight)))
    seconds, spent = time.perf_counter() - began, time.process_time() - cpu
    return {
        "seconds": seconds,
        "cpu_ms": spent / (len(WAITS) * in_flight) * 1e3,
    }


async def through_the_layer(folder: Path, url: str, *, in_flight: int) -> Figures:
    """Cache, breaker, budgets, throttle, the SDK, the bridge, settling: as the agents ask."""
    llm = {"provider": "openai", "base_url": url, "max_at_once": in_flight, "daily_budget_usd": 1e6,
           "requests_per_minute": 100_000}  # fmt: skip
    async with (
        open_office(folder / uuid.uuid4().hex, SystemClock()) as office,
        open_language_model(Settings(llm=llm), office.context) as model,
    ):
        assert model is not None

        async def call(number: int) -> None:
            assert (await model.complete(a_question(number))).data == ANSWER

        return await measured(call, in_flight=in_flight)


async def by_the_sdk_alone(url: str, *, in_flight: int) -> Figures:
    """The vendor's SDK with its own HTTP client; the same questions, the answer's JSON read."""
    import openai

    async with openai.AsyncOpenAI(api_key="none", base_url=url, max_retries=0) as client:

        async def call(number: int) -> None:
            question = a_question(number)
            told: Any = {"name": "classify", "schema": dict(question.schema), "strict": True}
            answer = await client.chat.completions.create(
                model="gpt-6-luna",
                messages=[
                    {"role": "system", "content": question.system},
                    {"role": "user", "content": question.user},
                ],
                max_completion_tokens=question.max_output_tokens,
                response_format={"type": "json_schema", "json_schema": told},
            )
            assert json.loads(answer.choices[0].message.content or "") == ANSWER

        return await measured(call, in_flight=in_flight)
