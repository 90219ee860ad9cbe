"""The sandbox's Unipile face, asked by the vendor's own Node client, which checks every answer.

It is fetched with npm where there is one; without node or the package these tests are skipped and
say so.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anyio
import pytest

from tests import PATIENCE
from tests.models_world import served
from tests.sandbox.world import ACCOUNT, World, invite, write

PACKAGE = "unipile-node-sdk@1.9.3"
SCRIPT = Path(__file__).with_name("vendors_client.cjs")
ASKED = 24
"""The client's calls that this face answers; the others are other products'."""
Call = tuple[Any, ...]
HOOK = {
    "source": "messaging",
    "request_url": "http://127.0.0.1:9/hooks/unipile",
    "name": "ingagents",
    "headers": [{"key": "Unipile-Auth", "value": "a word"}],
}


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where node finds the vendor's client."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("the vendor's Node client was not asked: install node and npm to have it asked")
    folder = tmp_path_factory.mktemp("node")
    fetch = [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", PACKAGE]
    try:
        done = subprocess.run(fetch, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip(f"the vendor's Node client was not asked: npm did not bring {PACKAGE} in time")
    if done.returncode:
        pytest.skip(f"the vendor's Node client was not asked: npm cannot bring {PACKAGE}")
    return folder / "node_modules"


async def ask(world: World, modules: Path, calls: Sequence[Call]) -> dict[str, str]:
    """What the vendor's client complains of, by call; a call without a complaint is absent."""
    async with served(world.app) as address:
        with anyio.fail_after(PATIENCE):
            done = await anyio.run_process(
                ["node", str(SCRIPT), address, "sandbox", json.dumps(calls)],
                env={**os.environ, "NODE_PATH": str(modules)},
            )
    said: list[str] = json.loads(done.stdout)
    return {
        f"{call[1]}({json.dumps(call[2:])})": complaint
        for call, complaint in zip(calls, said, strict=True)
        if complaint
    }


async def test_the_vendors_client_finds_every_answer_as_it_expects(modules: Path) -> None:
    world = World()
    await live_a_little(world)
    async with world.client() as client:
        made = (
            await client.post("/webhooks", json={**HOOK, "events": ["message_received"]})
        ).json()
    gone = ("webhook", "delete", made["webhook_id"])
    calls = [*reads(world), *acts(world), ("webhook", "create", HOOK), ("webhook", "getAll"), gone]
    asked = {f"{resource}.{method}" for resource, method, *_ in calls}
    assert len(asked) == ASKED
    assert await ask(world, modules, calls) == {}


async def test_a_chat_marked_as_read_is_read_until_somebody_writes_again(modules: Path) -> None:
    world = World()
    await live_a_little(world)
    chat = next(c for c in world.market.chats(world.time) if c.person and c.said[-1].sender)
    mark = ("messaging", "setChatStatus", {"chat_id": chat.id, "action": "setReadStatus"})
    async with world.client() as client:
        seen = [(await client.get(f"/chats/{chat.id}")).json()["unread"]]
        for value in (True, False):
            assert await ask(world, modules, [(*mark[:2], {**mark[2], "value": value})]) == {}
            seen.append((await client.get(f"/chats/{chat.id}")).json()["unread"])
    assert seen == [1, 0, 1]


async def live_a_little(world: World) -> None:
    """People invited, connected, written to and answering; texts that nobody answered."""
    async with world.client() as client:
        for nth in range(3):
            await invite(client, world.welcoming(nth=nth), "Hello there" if nth else "")
        await invite(client, world.silent(), "")
        for friend in [p for p in world.market.people if p.distance == 1][:5]:
            await write(client, friend, "Hello")
        world.pass_time(days=8)


def reads(world: World) -> list[Call]:
    """Everything that can be looked at, of everybody."""
    market = world.market
    moment = world.time
    chats = market.chats(moment)
    account = {"account_id": ACCOUNT}
    profiles = [
        ("users", "getProfile", {**account, "identifier": p.provider_id, "linkedin_sections": "*"})
        for p in market.people
    ]
    of_chats = [
        call
        for chat in chats
        for call in (
            ("messaging", "getChat", chat.id),
            ("messaging", "getAllMessagesFromChat", {"chat_id": chat.id}),
            ("messaging", "getAllAttendeesFromChat", chat.id),
            ("messaging", "getMessage", chat.said[-1].id),
        )
    ]
    people = [chat.person for chat in chats if chat.person]
    of_attendees = [
        call
        for person in people
        for attendee in (person.provider_id, market.attendee_id(person))
        for call in (
            ("messaging", "getAttendee", attendee),
            ("messaging", "getAllChatsFromAttendee", {**account, "attendee_id": attendee}),
            ("messaging", "getAllMessagesFromAttendee", {"attendee_id": attendee}),
        )
    ]
    return [
        ("account", "getAll"),
        ("account", "getOne", ACCOUNT),
        ("users", "getOwnProfile", ACCOUNT),
        ("users", "getAllRelations", {**account, "limit": 1000}),
        ("users", "getAllInvitationsSent", {**account, "limit": 100}),
        ("messaging", "getAllChats", {**account, "limit": 250}),
        ("messaging", "getAllMessages", {**account, "limit": 250}),
        ("messaging", "getAllAttendees", {**account, "limit": 250}),
        *profiles,
        *of_chats,
        *of_attendees,
    ]


def acts(world: World) -> list[Call]:
    """Everything that changes something."""
    friend = world.friend()
    (chat, *_) = [c for c in world.market.chats(world.time) if c.person and not c.sponsored]
    ((_, pending), *_) = world.market.pending(world.time)
    account = {"account_id": ACCOUNT}
    return [
        ("users", "sendInvitation", {**account, "provider_id": world.stranger(nth=60).provider_id}),
        ("users", "cancelInvitationSent", {**account, "invitation_id": pending.id}),
        (
            "messaging",
            "startNewChat",
            {**account, "text": "Hi", "attendees_ids": [friend.provider_id]},
        ),
        ("messaging", "sendMessage", {"chat_id": chat.id, "text": "And more"}),
        (
            "messaging",
            "setChatStatus",
            {"chat_id": chat.id, "action": "setReadStatus", "value": True},
        ),
    ]
