"""A morning's spans reach a collector: tasks, calls of services within them, questions to a model, nobody's name."""

from __future__ import annotations

import gzip
import json
import threading
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ingagents.errors import IngagentsError
from ingagents.integrations.traces import tracing
from ingagents.settings import load_settings
from ingagents.tracing import span
from tests.models_world import KEY, served_models
from tests.world import AT_ONCE, World


@contextmanager
def a_collector(
    status: int = 200, packed: bytes = b""
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Takes OTLP over HTTP on loopback; its address, and the spans that it was told."""
    spans: list[dict[str, Any]] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["content-length"])))
            assert self.headers["content-type"] == "application/json"
            for resource in told["resourceSpans"]:
                for scope in resource["scopeSpans"]:
                    spans.extend(scope["spans"])
            self.send_response(status)
            if packed:
                self.send_header("content-encoding", "gzip")
                self.send_header("content-length", str(len(packed)))
            self.end_headers()
            with suppress(OSError):  # nobody reads it
                self.wfile.write(packed)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/traces", spans
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


def attributes(span: dict[str, Any]) -> dict[str, Any]:
    return {one["key"]: next(iter(one["value"].values())) for one in span["attributes"]}


async def test_tasks_calls_and_questions_are_spans_below_one_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    world = World(tmp_path, size=60)
    world.go_to(0, 10)
    with a_collector() as (endpoint, spans):
        async with served_models() as models:
            llm = {"provider": "openai", "base_url": models.base_urls["openai"], "api_key": KEY}
            async with world.at_work(
                llm=llm, traces={"endpoint": endpoint}, **AT_ONCE
            ) as department:
                people = world.strangers(2)
                await world.allocate(department, *people)
                await department.once("outreach")
            calls = len(await models.calls())
    by_id = {one["spanId"]: one for one in spans}
    assert len(by_id) == len(spans)
    (task,) = [one for one in spans if one["name"] == "outreach outreach"]
    assert task["parentSpanId"] == ""
    asked = [one for one in spans if one["name"].startswith("chat ")]
    assert len(asked) == calls > 0, Counter(one["name"] for one in spans)
    for one in asked:
        said = attributes(one)
        assert (said["gen_ai.operation.name"], said["gen_ai.provider.name"]) == ("chat", "openai")
        assert one["name"] == f"chat {said['gen_ai.request.model']}"
        assert int(said["gen_ai.usage.input_tokens"]) > 0
        assert int(said["gen_ai.usage.output_tokens"]) > 0
        assert one["traceId"] == task["traceId"]
        (below,) = [call for call in spans if call["parentSpanId"] == one["spanId"]]
        assert attributes(below)["http.response.status_code"] == "200"
    for one in spans:
        assert int(one["endTimeUnixNano"]) >= int(one["startTimeUnixNano"])
        assert not one["parentSpanId"] or one["parentSpanId"] in by_id
    told = json.dumps(spans)
    for person in people:
        assert person.slug not in told
        assert person.first_name not in told
    assert KEY not in told


async def test_a_collector_that_is_away_or_refuses_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with a_collector(503) as (refuses, spans):
        for endpoint in (refuses, "http://127.0.0.1:9/v1/traces"):
            world = World(tmp_path / str(len(endpoint)), size=60)
            world.go_to(0, 10)
            async with world.at_work(traces={"endpoint": endpoint}, **AT_ONCE) as department:
                await world.allocate(department, *world.strangers(1))
                assert (await department.once("outreach")).figures["sent"] == 1
    assert spans


def test_what_a_collector_says_is_not_unpacked() -> None:
    packed = gzip.compress(bytes(64 << 20))
    tracemalloc.start()
    try:
        with a_collector(packed=packed) as (endpoint, spans):
            began = datetime(2027, 3, 1, 9, tzinfo=UTC)
            with (
                tracing(endpoint, timeout_seconds=10, now=lambda: began),
                span("a task", "internal"),
            ):
                pass
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [one["name"] for one in spans] == ["a task"]
    assert most < 8 << 20


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(IngagentsError, match="http://"):
        load_settings(traces={"endpoint": "localhost:4318"})
