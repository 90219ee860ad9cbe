"""A served sandbox takes nothing from web pages, strange names, or bodies without end."""

from __future__ import annotations

import json
import socket
import tracemalloc
from collections.abc import Iterator
from typing import Any

import anyio
import anyio.to_thread
import httpx
import pytest

from ingagents.sandbox.guard import BODY_MAX
from tests import PATIENCE
from tests.sandbox.test_server import served
from tests.sandbox.world import ACCOUNT, World

KEY = {"x-api-key": "sandbox"}
JSON = {**KEY, "content-type": "application/json"}
TEXT = {**KEY, "content-type": "text/plain"}
FORM = {**KEY, "content-type": "application/x-www-form-urlencoded"}
ELSEWHERE = "http://elsewhere.example"


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "wanted"),
    [
        ("GET", "/sandbox/record", KEY, "", 200),
        ("GET", "/sandbox/record", {}, "", 401),
        ("GET", "/sandbox/record", {"x-api-key": "another"}, "", 401),
        ("GET", "/sandbox/faults", {}, "", 401),
        ("GET", "/sandbox/record", {**KEY, "host": "elsewhere.example"}, "", 403),
        ("GET", "/sandbox/record", {**KEY, "host": "elsewhere.example:8765"}, "", 403),
        ("GET", "/sandbox/record", {**KEY, "host": "localhost.elsewhere.example"}, "", 403),
        ("GET", "/sandbox/record", {**KEY, "host": "127.0.0.1.elsewhere.example"}, "", 403),
        ("GET", "/sandbox/record", {**KEY, "host": "user@localhost"}, "", 403),
        ("GET", "/sandbox/record", {**KEY, "host": "localhost@elsewhere.example"}, "", 403),
        ("GET", "/sandbox/record", {**KEY, "host": "localhost:8765/x"}, "", 403),
        ("GET", "/sandbox/record", {**KEY, "host": "192.168.1.7:8765"}, "", 403),
        ("GET", "/sandbox/record", {**KEY, "host": "0.0.0.0"}, "", 403),
        ("GET", "/sandbox/record", {**KEY, "host": ""}, "", 403),
        ("GET", "/sandbox/record", {**KEY, "host": "[::1"}, "", 403),
        ("GET", "/sandbox/record", {**KEY, "host": "localhost:99999"}, "", 403),
        ("GET", "/sandbox/record", {**KEY, "host": "localhost"}, "", 200),
        ("GET", "/sandbox/record", {**KEY, "host": "LOCALHOST:1"}, "", 200),
        ("GET", "/sandbox/record", {**KEY, "host": "127.0.0.1:8765"}, "", 200),
        ("GET", "/sandbox/record", {**KEY, "host": "[::1]:8765"}, "", 200),
        ("GET", "/sandbox/record", {**KEY, "origin": ELSEWHERE}, "", 403),
        ("GET", "/sandbox/record", {**KEY, "origin": "null"}, "", 403),
        ("GET", "/sandbox/record", {**KEY, "origin": "http://localhost:3000"}, "", 403),
        ("GET", "/api/v1/accounts", {**KEY, "origin": ELSEWHERE}, "", 403),
        ("GET", "/api/v1/accounts", {**KEY, "host": "elsewhere.example"}, "", 403),
        ("GET", "/nowhere", {**KEY, "origin": ELSEWHERE}, "", 403),
        ("OPTIONS", "/sandbox/faults", {"origin": ELSEWHERE}, "", 403),
        (
            "OPTIONS",
            "/sandbox/faults",
            {"origin": ELSEWHERE, "access-control-request-method": "POST"},
            "",
            403,
        ),
        ("POST", "/sandbox/faults", JSON, "{}", 200),
        ("POST", "/sandbox/faults", {**JSON, "origin": ELSEWHERE}, "{}", 403),
        (
            "POST",
            "/sandbox/faults",
            {**KEY, "content-type": "application/json; charset=utf-8"},
            "{}",
            200,
        ),
        ("POST", "/sandbox/faults", {"content-type": "application/json"}, "{}", 401),
        ("POST", "/sandbox/faults", TEXT, "{}", 415),
        ("POST", "/sandbox/faults", FORM, "x=1", 415),
        ("POST", "/sandbox/faults", KEY, "{}", 415),
        ("POST", "/sandbox/people", TEXT, "{}", 415),
        (
            "POST",
            "/sandbox/people",
            {**KEY, "content-type": "multipart/form-data; boundary=x"},
            "{}",
            415,
        ),
        ("POST", "/api/v1/users/invite", TEXT, "{}", 415),
        ("POST", "/api/v1/users/invite", {**JSON, "origin": ELSEWHERE}, "{}", 403),
    ],
)
async def test_only_this_machines_own_programs_are_heard(
    method: str, path: str, headers: dict[str, str], body: str, wanted: int
) -> None:
    world = World()
    async with served(world) as client, anyio.create_task_group():
        root = str(client.base_url).removesuffix("/api/v1/")
        async with httpx.AsyncClient(timeout=PATIENCE) as plain:
            request = plain.build_request(method, root + path, headers=headers, content=body)
            if not body:
                request.headers.pop("content-length", None)
            answer = await plain.send(request)
    assert answer.status_code == wanted, answer.text
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert world.market.record.acts == []


async def test_a_page_of_the_sandbox_itself_may_ask() -> None:
    async with served(World()) as client:
        root = str(client.base_url).removesuffix("/api/v1/")
        answer = await client.get(f"{root}/sandbox/record", headers={"origin": root})
        assert answer.status_code == 200


def sent_raw(port: int, head: bytes, pieces: Iterator[bytes]) -> bytes:
    """What comes back when a client sends all it has before it reads."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as stream:
        stream.sendall(head)
        for piece in pieces:
            stream.sendall(piece)
        answer = b""
        while piece := stream.recv(65536):
            answer += piece
    return answer


HEAD = (
    "POST /api/v1/linkedin/search?account_id={account} HTTP/1.1\r\nHost: localhost\r\n"
    "X-API-KEY: sandbox\r\nContent-Type: application/json\r\n{more}\r\n\r\n"
)
LONG = 2 * BODY_MAX


@pytest.mark.parametrize(
    ("more", "pieces"),
    [
        (f"Content-Length: {LONG}", lambda: iter([bytes(1_000_000)] * (LONG // 1_000_000))),
        (
            "Transfer-Encoding: chunked",
            lambda: iter(
                [*[b"f4240\r\n" + bytes(1_000_000) + b"\r\n"] * (LONG // 1_000_000), b"0\r\n\r\n"]
            ),
        ),
        (f"Content-Length: {LONG}\r\nExpect: 100-continue", lambda: iter([])),
    ],
)
async def test_a_body_that_is_too_long_is_refused_and_not_kept(more: str, pieces: Any) -> None:
    async with served(World()) as client:
        head = HEAD.format(account=ACCOUNT, more=more).encode()
        tracemalloc.start()
        try:
            answer = await anyio.to_thread.run_sync(sent_raw, client.base_url.port, head, pieces())
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert answer.startswith(b"HTTP/1.1 413")
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["status"] == 413
        assert peak < 1.5 * BODY_MAX
        assert (await client.get("/accounts")).status_code == 200


async def test_a_body_that_breaks_off_orders_nothing() -> None:
    world = World()
    async with served(world) as client:
        person = world.stranger()
        body = json.dumps({"account_id": ACCOUNT, "provider_id": person.provider_id}).encode()
        head = (
            "POST /api/v1/users/invite HTTP/1.1\r\nHost: localhost\r\nX-API-KEY: sandbox\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body) + 1}\r\n\r\n"
        )
        stream = await anyio.connect_tcp("127.0.0.1", client.base_url.port)
        await stream.send(head.encode() + body)
        await stream.aclose()
        assert (await client.get("/accounts")).status_code == 200
    assert world.market.record.acts == []
