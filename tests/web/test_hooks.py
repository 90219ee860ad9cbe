"""Webhooks over real HTTP: who may post, what rings, and that nothing they tell is believed."""

from __future__ import annotations

import contextlib
import gzip
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from starlette.types import ASGIApp

from ingagents import http_server
from ingagents.app.department import Department
from ingagents.app.doctor import examine
from ingagents.app.hooks import hook_readers
from ingagents.errors import SettingsError
from ingagents.events import ResponseReceived
from ingagents.model import RingKind
from ingagents.store.tables import rings
from ingagents.web import application
from ingagents.web.hooks import BODY_MAX, Hooks
from tests import PATIENCE
from tests.agents.test_conversation import QuietWorld
from tests.world import ACCOUNT, AT_ONCE, World, journal_of

SECRET = "a-long-random-word-for-webhooks"
PATH = "/hooks/unipile"
KNOWN = {"Unipile-Auth": SECRET}
OWN = "ACoAA-ourselves"
HOOKED = {"enabled": True, "hook_secret_file": "hook_secret"}


def message(number: int = 1, **changes: Any) -> dict[str, Any]:
    """As the service posts it, as far as anybody might read it."""
    return {
        "event": "message_received",
        "event_type": None,
        "account_id": ACCOUNT,
        "account_type": "LINKEDIN",
        "account_info": {"type": "LINKEDIN", "feature": "classic", "user_id": OWN},
        "webhook_name": "ingagents",
        "chat_id": "chat-1",
        "message_id": f"message-{number}",
        "message": "Yes, gladly!",
        "timestamp": "2027-03-01T10:00:00.000Z",
        "is_sender": False,
        "is_group": False,
        "sender": {"attendee_id": "a-1", "attendee_provider_id": "ACoAA-them"},
        **changes,
    }


def relation(**changes: Any) -> dict[str, Any]:
    return {
        "event": "new_relation",
        "account_id": ACCOUNT,
        "user_provider_id": "ACoAA-them",
        **changes,
    }


def status(told: str, **changes: Any) -> dict[str, Any]:
    return {
        "AccountStatus": {
            "account_id": ACCOUNT,
            "account_type": "LINKEDIN",
            "message": told,
            **changes,
        }
    }


@contextlib.asynccontextmanager
async def posted_to(app: ASGIApp) -> AsyncGenerator[httpx.AsyncClient]:
    """The page on a real port, and a client of it that is the service's."""
    listening, stop, ports = anyio.Event(), anyio.Event(), list[int]()

    def note(port: int) -> None:
        ports.append(port)
        listening.set()

    async def serve() -> None:
        listener = http_server.listen("127.0.0.1", 0, allow_remote=False, remedy="")
        await http_server.serve(app, listener, on_listening=note, stop=stop)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(serve)
        await listening.wait()
        base = f"http://127.0.0.1:{ports[0]}"
        async with httpx.AsyncClient(base_url=base, timeout=PATIENCE) as client:
            yield client
        stop.set()


@contextlib.asynccontextmanager
async def at_the_door(
    world: World,
) -> AsyncGenerator[tuple[Department, httpx.AsyncClient]]:
    async with (
        world.at_work(**AT_ONCE, web=HOOKED) as department,
        posted_to(application(department)) as client,
    ):
        yield department, client


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hook_secret").write_text(f"{SECRET}\n")
    world = QuietWorld(tmp_path)
    world.go_to(0, 9, 30)
    return world


async def rung(department: Department) -> dict[RingKind, int]:
    rows = await department.store.read(
        lambda t: t.rows("SELECT kind, count(*) FROM rings GROUP BY kind")
    )
    return {RingKind(kind): count for kind, count in rows}


async def unheard(department: Department) -> set[RingKind]:
    return set(await department.store.read(lambda t: rings.unheard(t, ACCOUNT)))  # type: ignore[arg-type]


def deep(levels: int = 200_000) -> bytes:
    return b'{"event": ' + b"[" * levels + b"]" * levels + b"}"


HOSTILE: list[tuple[str, dict[str, str], bytes, int]] = [
    ("no secret", {}, json.dumps(message()).encode(), 401),
    ("an empty secret", {"Unipile-Auth": ""}, json.dumps(message()).encode(), 401),
    ("another secret", {"Unipile-Auth": "guessed" * 5}, json.dumps(message()).encode(), 401),
    ("the secret but its last letter", {"Unipile-Auth": SECRET[:-1]}, b"{}", 401),
    ("the secret and one more", {"Unipile-Auth": SECRET + "s"}, b"{}", 401),
    ("the secret in capitals", {"Unipile-Auth": SECRET.upper()}, b"{}", 401),
    ("the secret in another header", {"Authorization": f"Bearer {SECRET}"}, b"{}", 401),
    ("one byte too many", KNOWN, b" " * (BODY_MAX + 1), 413),
    ("ten megabytes, no secret", {}, b" " * 10_000_000, 401),
    ("ten megabytes", KNOWN, b" " * 10_000_000, 413),
    ("a gzip bomb", {**KNOWN, "Content-Encoding": "gzip"}, gzip.compress(b" " * 10**8), 400),
    ("nothing", KNOWN, b"", 400),
    ("no JSON", KNOWN, b"event=message_received&message_id=1", 400),
    ("half a JSON", KNOWN, json.dumps(message()).encode()[:-9], 400),
    ("no text", KNOWN, b"\xff\xfe\x00", 400),
    ("a list", KNOWN, b"[1, 2]", 400),
    ("null", KNOWN, b"null", 400),
    ("an endless number", KNOWN, b'{"event": ' + b"9" * 900_000 + b"}", 400),
    ("deep JSON", KNOWN, deep(), 400),
    ("an event that is a list", KNOWN, b'{"event": ["message_received"]}', 400),
    ("no event", KNOWN, b'{"account_id": "sandbox-account"}', 400),
    ("no message id", KNOWN, json.dumps(message(message_id=None)).encode(), 400),
    ("an id that is an object", KNOWN, json.dumps(message(message_id={"a": 1})).encode(), 400),
    ("an id that is a path", KNOWN, json.dumps(message(message_id="../../x")).encode(), 400),
    ("an id without an end", KNOWN, json.dumps(message(message_id="m" * 9_999)).encode(), 400),
    ("no account", KNOWN, json.dumps(message(account_id=None)).encode(), 400),
    ("a relation with nobody", KNOWN, json.dumps(relation(user_provider_id="")).encode(), 400),
    ("a state that is a number", KNOWN, json.dumps({"AccountStatus": {"account_id": ACCOUNT, "message": 7}}).encode(), 400),
    ("a state that is a list", KNOWN, json.dumps({"AccountStatus": [1]}).encode(), 400),
    ("another account's message", KNOWN, json.dumps(message(account_id="another")).encode(), 200),
    ("another account's state", KNOWN, json.dumps(status("CREDENTIALS", account_id="x")).encode(), 200),
    ("our own message", KNOWN, json.dumps(message(is_sender=True)).encode(), 200),
    ("our own, by its sender", KNOWN, json.dumps(message(sender={"attendee_provider_id": OWN})).encode(), 200),
    ("an unknown kind", KNOWN, json.dumps(message(event="message_reaction")).encode(), 200),
]  # fmt: skip


async def test_no_hostile_post_rings_and_the_page_lives(world):
    async with at_the_door(world) as (department, client):
        for what, headers, body, expected in HOSTILE:
            answer = await client.post(PATH, content=body, headers=headers)
            assert answer.status_code == expected, what
            assert SECRET not in answer.text
        assert await rung(department) == {}
        assert (await client.get(PATH, headers=KNOWN)).status_code == 405
        for elsewhere in ("/hooks/", "/hooks/heyreach", "/hooks/unipile/x", "/hooks/../hooks/x"):
            assert (await client.post(elsewhere, headers=KNOWN)).status_code == 404
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/")).status_code == 200


async def test_what_is_known_rings_once_however_often_it_comes_and_in_any_order(world):
    posts = [
        message(2),
        relation(),
        message(1),
        status("CREDENTIALS"),
        message(event="new_message"),
    ]
    async with at_the_door(world) as (department, client):
        for post in [*posts, *reversed(posts)] * 10 + [message(1)] * 100:
            # Without a content type, by a name that leads here from outside: as services post.
            headers = {**KNOWN, "Host": "campaign.example", "Content-Type": ""}
            answer = await client.post(PATH, content=json.dumps(post), headers=headers)
            assert answer.status_code == 200
        found = {RingKind.MESSAGE: 2, RingKind.ACCEPTANCE: 1, RingKind.ACCOUNT: 1}
        assert await rung(department) == found


async def test_the_table_is_bounded_and_names_nobody(world):
    async with world.at_work() as department:
        ring_of = hook_readers(world.settings(web=HOOKED))["unipile"].ring_of

        def flood(transaction):
            for number in range(rings.KEPT + 500):
                ring = ring_of(
                    json.dumps(message(number, message_id=f"ACoAA-them-{number}")).encode()
                )
                assert ring is not None
                rings.ring(transaction, "unipile", ring, now=world.now)
                world.pass_time(seconds=1)

        await department.store.write(flood)
        kept = await department.store.read(lambda t: t.rows("SELECT * FROM rings"))
        assert len(kept) == rings.KEPT
        assert "ACoAA" not in str(kept)


async def test_a_post_that_does_not_come_and_too_many_of_them_leave_the_page_alone(world):
    async with world.at_work(web=HOOKED) as department:
        readers = hook_readers(department.settings)
        hooks = Hooks(application(department), department, readers, secret=SECRET, body_seconds=0.2)
        head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nUnipile-Auth: {SECRET}\r\nContent-Length: 99\r\n\r\n{{"
        answered: list[int] = []

        async def post(port: int | None) -> None:
            assert port is not None
            async with await anyio.connect_tcp("127.0.0.1", port) as stream:
                await stream.send(head.encode())
                answered.append(int((await stream.receive()).split()[1]))

        async with posted_to(hooks) as client:
            with anyio.fail_after(PATIENCE):
                async with anyio.create_task_group() as tasks:
                    for _ in range(30):
                        tasks.start_soon(post, client.base_url.port)
                    assert (await client.get("/healthz")).status_code == 200
        assert set(answered) == {408, 503}
        assert await rung(department) == {}


async def test_without_a_secret_there_is_no_such_address_and_a_short_one_is_refused(world):
    async with (
        world.at_work(web={"enabled": True}) as department,
        posted_to(application(department)) as client,
    ):
        post = await client.post(PATH, content=json.dumps(message()), headers=KNOWN)
        assert post.status_code == 404
    (world.folder / "hook_secret").write_text("guess me")
    async with world.at_work(web=HOOKED) as department:
        with pytest.raises(SettingsError, match="hook_secret_file"):
            application(department)


async def test_the_doctor_says_whether_any_come_and_how_to_have_them_come(world):
    said = []
    for web in ({"enabled": True}, HOOKED):
        settings = world.settings(linkedin={"service": "sandbox", "base_url": ""}, web=web)
        (told,) = [one for one in await examine(settings) if one["check"] == "hooks"]
        assert told["ok"]
        said.append(told["says"])
    assert "hook_secret_file" in said[0]
    assert f"http://127.0.0.1:8080{PATH}" in said[1]
    assert "none has come yet" in said[1]
    assert SECRET not in said[1]


async def test_what_cannot_be_kept_is_asked_for_again(world):
    async with at_the_door(world) as (department, client):
        database = world.folder / "ingagents.db"
        database.rename(world.folder / "elsewhere")
        post = await client.post(PATH, content=json.dumps(message()), headers=KNOWN)
        assert post.status_code == 503
        (world.folder / "elsewhere").rename(database)
        post = await client.post(PATH, content=json.dumps(message()), headers=KNOWN)
        assert post.status_code == 200
        assert await unheard(department) == {RingKind.MESSAGE}


async def test_a_forged_answer_is_none(world):
    async with at_the_door(world) as (department, client):
        person = world.friends()[0]
        await world.allocate(department, person)
        await department.once("outreach")
        forged = message(sender={"attendee_provider_id": person.provider_id}, message="Stop it!")
        await client.post(PATH, content=json.dumps(forged), headers=KNOWN)
        await department.run(until=world.at(0, 12))
        assert await journal_of(department, ResponseReceived) == []
        assert await unheard(department) == set()
