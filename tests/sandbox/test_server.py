"""The sandbox over real TCP on loopback."""

from __future__ import annotations

import contextlib
import socket

import anyio
import httpx
import pytest

from ingagents.errors import BusyElsewhere, UsageError
from ingagents.sandbox.server import serve
from tests import PATIENCE
from tests.sandbox.world import ACCOUNT, World, error_of, invite, write


@contextlib.asynccontextmanager
async def served(world):
    """A real server in this loop, stopped as its owner stops it; gives a client of it."""
    listening, stop = anyio.Event(), anyio.Event()
    port = 0

    def note(real_port):
        nonlocal port
        port = real_port
        listening.set()

    async with anyio.create_task_group() as tasks:

        async def run():
            await serve(world.app, port=0, on_listening=note, stop=stop)

        tasks.start_soon(run)
        await listening.wait()
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}/api/v1",
            headers={"X-API-KEY": "sandbox"},
            params={"account_id": ACCOUNT},
            timeout=PATIENCE,
        ) as client:
            yield client
        stop.set()


async def test_the_whole_dialect_is_served_over_tcp():
    world = World()
    async with served(world) as client:
        assert (await client.get("/accounts")).json()["object"] == "AccountList"
        person = world.someone(lambda p: p.distance == 1 and bool(p.slug))
        assert (await write(client, person, "Grüße 🚀")).status_code == 201
        assert (await client.get(f"/users/{person.slug}")).json()["object"] == "UserProfile"
    assert world.market.record.acts[0].text == "Grüße 🚀"


@pytest.mark.parametrize(("kind", "performed"), [("act_then_drop", 1), ("drop", 0)])
async def test_a_dropped_connection_really_ends_without_an_answer(kind, performed, caplog):
    world = World()
    async with served(world) as client:
        world.fail(kind, "POST /users/invite")
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            await invite(client, world.stranger())
        assert len(world.market.record.acts) == performed
        assert (await invite(client, world.stranger(1))).is_success
    assert caplog.records == []


async def test_not_one_byte_leaves_a_dropped_connection():
    world = World()
    async with served(world) as client:
        world.fail("act_then_drop", "GET /accounts")
        stream = await anyio.connect_tcp("127.0.0.1", client.base_url.port)
        async with stream:
            await stream.send(
                b"GET /api/v1/accounts HTTP/1.1\r\nHost: localhost\r\nX-API-KEY: sandbox\r\n\r\n"
            )
            with pytest.raises((anyio.EndOfStream, anyio.BrokenResourceError)):
                await stream.receive()


async def test_silence_lasts_until_the_client_gives_up_and_does_not_hold_the_server_open(caplog):
    world = World()
    async with served(world) as client:
        world.fail("act_then_silent", "POST /users/invite", requests=(1, 2))
        client.timeout = 0.2
        with pytest.raises(httpx.ReadTimeout):
            await invite(client, world.stranger())
        assert len(world.market.record.acts) == 1
        # One more silent request is still open when the server is told to stop.
        stream = await anyio.connect_tcp("127.0.0.1", client.base_url.port)
        await stream.send(
            b"POST /api/v1/users/invite HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
        )
        await anyio.sleep(0.05)
    with anyio.fail_after(5), pytest.raises((anyio.EndOfStream, anyio.BrokenResourceError)):
        await stream.receive()
    await stream.aclose()
    assert caplog.records == []


async def test_other_failures_travel_over_tcp_as_they_are():
    world = World()
    async with served(world) as client:
        world.fail("429", seconds=9)
        refused = await client.get("/accounts")
        assert error_of(refused) == (429, "too_many_requests")
        assert refused.headers["retry-after"] == "9"
        world.fail("truncated")
        with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
            (await client.get("/accounts")).json()


async def test_cancelling_the_task_ends_the_server_and_frees_the_port():
    world, ports = World(), []
    listening = anyio.Event()

    def note(port):
        ports.append(port)
        listening.set()

    async with anyio.create_task_group() as tasks:

        async def run():
            await serve(world.app, port=0, on_listening=note)

        tasks.start_soon(run)
        await listening.wait()
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ports[0]}") as client:
            assert (await client.get("/api/v1/accounts")).status_code == 401
        tasks.cancel_scope.cancel()
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", ports[0]))


async def test_hosts_others_can_reach_are_refused_unless_allowed():
    with pytest.raises(UsageError, match="other machines"):
        await serve(World().app, host="0.0.0.0", port=0)
    with pytest.raises(UsageError, match="no address"):
        await serve(World().app, host="no.such.host.invalid", port=0)


async def test_a_taken_port_is_said_in_words():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(BusyElsewhere, match="cannot be listened on"):
            await serve(World().app, port=taken.getsockname()[1])
