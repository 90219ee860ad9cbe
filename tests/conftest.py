"""For every test: no network but loopback, and no INGAGENTS_ variable of the machine it runs on."""

from __future__ import annotations

import gc
import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from ingagents import masking
from ingagents.integrations.clock import JumpingClock
from tests.postgres import PostgresServer
from tests.support import Office, databases, open_office
from tests.world import World

# No test measures time, also not how long one example takes on a machine that has other work.
hypothesis.settings.register_profile("untimed", hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("untimed")

LONGEST_FIRST = ("kills", "simulation", "journeys", "sheet")
"""Folders whose files take from half a minute to minutes, however few tests they hold."""

MEMORY = Path("/dev/shm")
ROOM_BYTES = 2 * 2**30

if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM_BYTES:
    # Who pulls the plug in a test pulls a process: no test needs to wait for the machine's disk.
    tempfile.tempdir = str(MEMORY)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Among several workers what takes longest begins first.

    A file is one worker's. Begun last, the longest would keep that worker busy alone, with another
    one perhaps waiting behind it, while the others have nothing to do any more.
    """
    if hasattr(config, "workerinput"):
        folders = {name: place for place, name in enumerate(LONGEST_FIRST)}
        items.sort(key=lambda item: folders.get(item.path.parent.name, len(folders)))


def pytest_collection_finish() -> None:
    """Thousands of collected tests stay: garbage collections need not look through them."""
    gc.collect()
    gc.freeze()


class OutsideNetwork(RuntimeError):
    """A test wanted to talk to the world outside this machine."""


def _is_loopback(host: object) -> bool:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name is None or name in {"", "localhost"}:
        return True
    try:
        address = ipaddress.ip_address(str(name).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified  # 0.0.0.0 is what a server listens on


def _refusing(
    original: Callable[..., Any], *, host_of: Callable[..., object]
) -> Callable[..., Any]:
    def guarded(*args: Any, **kwargs: Any) -> Any:
        host = host_of(*args, **kwargs)
        if str(host).endswith(".invalid"):  # RFC 6761: no such name; nobody need be asked
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if not _is_loopback(host):
            raise OutsideNetwork(f"a test wanted to reach {host!r}; only loopback is allowed")
        return original(*args, **kwargs)

    return guarded


def _host_of_socket(self: socket.socket, *args: Any, **_: Any) -> object:
    """The host in the address, which stands last; other families stay inside the machine."""
    if self.family not in {socket.AF_INET, socket.AF_INET6}:
        return None
    return args[-1][0]


@pytest.fixture(scope="session", autouse=True)
def only_loopback() -> Iterator[None]:
    """Names are not looked up and connections not made to anywhere but this machine."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            original = getattr(socket.socket, name)
            patch.setattr(socket.socket, name, _refusing(original, host_of=_host_of_socket))
        patch.setattr(
            socket,
            "getaddrinfo",
            _refusing(socket.getaddrinfo, host_of=lambda host, *_, **__: host),
        )
        yield


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings come from the test alone, for programs it starts as well."""
    for name in list(os.environ):
        if name.upper().startswith("INGAGENTS_"):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def no_secrets_from_other_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test's settings hide would be hidden in the sentences of all others."""
    monkeypatch.setattr(masking, "_kept", {})
    monkeypatch.setattr(masking, "_issued", {})


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for as long as the tests run."""
    server = PostgresServer()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Runs a test on each database: `open_test_store` and `open_office` follow it."""
    if request.param == "postgresql":
        databases.on(request.getfixturevalue("postgres"))
    yield request.param
    databases.off()


@pytest.fixture
def on_postgres(postgres: PostgresServer) -> Iterator[PostgresServer]:
    """Runs a test on PostgreSQL alone."""
    databases.on(postgres)
    yield postgres
    databases.off()


@pytest.fixture
async def office(tmp_path: Path, clock: JumpingClock) -> AsyncIterator[Office]:
    """A department's office; its clock is the `clock` the tests beside it have."""
    async with open_office(tmp_path, clock, process_id="here") as opened:
        yield opened


@pytest.fixture
async def other(tmp_path: Path, clock: JumpingClock) -> AsyncIterator[Office]:
    """The same department as another process sees it."""
    async with open_office(tmp_path, clock, process_id="there") as opened:
        yield opened


@pytest.fixture
def world(tmp_path: Path) -> World:
    """The market most tests of agents and use cases begin with: Monday, half past nine."""
    world = World(tmp_path)
    world.go_to(0, 9, 30)
    return world
