"""What a sent lead costs, what a look for answers asks for, and what a department does all day.

The adapters talk to the sandbox's face in the same process, so its work counts on both sides.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from ingagents.agents.outreach_agent import OutreachAgent
from ingagents.app.department import Department
from ingagents.model import ContactStatus, DeliveryState, Recipient
from ingagents.model.linkedin import Chat, ChatMessages, ChatPage
from ingagents.ports import Transaction
from ingagents.sandbox.unipile.api import PREFIX
from ingagents.store.engine.group_commit import ThreadedStore
from ingagents.store.engine.sqlite import connect
from ingagents.store.tables import deliveries, leads
from tests.benchmarks.lab import (
    Figures,
    Lab,
    Row,
    in_a_process_of_its_own,
    in_rounds,
    median_ratio,
    medians,
    row,
)
from tests.factories import a_chat_message, a_delivery, a_lead, aliases_of_lead
from tests.support import DATABASE
from tests.world import ACCOUNT, AT_ONCE, KEY, World

LEADS = 30
BEFORE = (500, 5_000)
"""Sent in the seven days before."""
CONTACTED, ACTIVE = 5_000, 20
IDLE_HOURS = 6
_NO_LIMITS: dict[str, Any] = {
    "outreach": {
        "rate_limiting": {
            **AT_ONCE["outreach"]["rate_limiting"],
            "daily_limit": 10_000,
            "weekly_limit": 10_000,
            "message_daily_limit": 10_000,
        },
        "sequence": {"max_pending_invitations": 30_000},
    },
    "sales_manager": {"allow_same_company": True},
}


class QuietInbox:
    """The chats with everybody contacted, the newest first; it counts what it is asked for."""

    def __init__(self, contacted: int, began: datetime) -> None:
        self.latest = {number: began - timedelta(seconds=number) for number in range(contacted)}
        self.asked = 0

    async def chats(
        self, *, after: datetime, before: datetime | None = None, cursor: str | None = None
    ) -> ChatPage:
        del before
        self.asked += 1
        newest = sorted(
            (number for number, latest in self.latest.items() if latest > after),
            key=self.latest.__getitem__,
            reverse=True,
        )
        first = int(cursor or 0)
        page = newest[first : first + 250]
        chats = tuple(
            Chat(id=f"chat-{number}", account_id=ACCOUNT, latest=self.latest[number],
                 who=Recipient(provider_id=a_lead(number).provider_id))
            for number in page
        )  # fmt: skip
        return ChatPage(chats=chats, cursor=str(first + 250) if newest[first + 250 :] else None)

    def change(self, numbers: Iterable[int], since: datetime) -> None:
        """So many people wrote something from a moment on, one a second."""
        for place, number in enumerate(numbers):
            self.latest[number] = since + timedelta(seconds=place)

    async def messages(self, chat: Chat, *, after: datetime) -> ChatMessages:
        del after
        self.asked += 1
        number = int(chat.id.removeprefix("chat-"))
        said = a_chat_message(number, chat_id=chat.id, text="Thanks, I will look at it.",
                              id=f"message-{number}-{self.latest[number]:%d%H%M%S}",
                              sent_at=self.latest[number])  # fmt: skip
        return ChatMessages(messages=(said,))


def rows(lab: Lab) -> Iterator[Row]:
    """A sent lead, a look for answers, an idle hour."""
    cases = {
        **{str(before): partial(_sent, lab.folder, before) for before in BEFORE},
        "raw": partial(_raw, lab.folder),
    }
    rounds = in_rounds([cases], 3)
    found = medians(rounds)
    few, many = map(str, BEFORE)
    yield row(f"a sent lead, {BEFORE[0]:,} sent in the week", found[few]["cpu_ms"], "ms",
              limit=found["raw"]["cpu_ms"], limit_is="3 requests, 2 commits, bare",
              at_most=12, absolute=True)  # fmt: skip
    yield row(f"a sent lead, {BEFORE[1]:,} sent in the week", found[many]["cpu_ms"], "ms",
              limit=found[few]["cpu_ms"], limit_is=f"at {BEFORE[0]:,}",
              ratio=median_ratio(rounds, "cpu_ms", many, few), at_most=1.2)  # fmt: skip
    yield row("a sent lead: requests", found[many]["requests"], "", limit=3,
              limit_is="profile, chat, act", at_most=1.05)  # fmt: skip
    yield row("a sent lead: commits", found[many]["commits"], "", limit=2,
              limit_is="claim, outcome", at_most=1.2)  # fmt: skip
    looked = in_a_process_of_its_own(lambda: asyncio.run(_look(lab.folder)))
    yield row(f"a look: requests, {CONTACTED:,} contacted, {ACTIVE} active", looked["requests"], "",
              limit=1 + ACTIVE, limit_is="a page, a request a changed chat",
              at_most=1)  # fmt: skip
    idle = in_a_process_of_its_own(lambda: asyncio.run(_idle(lab.folder)))
    yield row("idle `run`: commits a minute", idle["commits_a_minute"], "", at_most=4)
    yield row("idle `run`: processor time an hour", idle["cpu_an_hour"], "s", at_most=18)


def _sent(folder: Path, before: int) -> Figures:
    return asyncio.run(_send(folder / uuid.uuid4().hex, before))


def _raw(folder: Path) -> Figures:
    return asyncio.run(_bare(folder / uuid.uuid4().hex))


async def _send(folder: Path, before: int) -> Figures:
    """LEADS people are written to, as one pass of outreach does it."""
    world = World(folder)
    world.go_to(0, 9, 30)
    first, *others = world.strangers(LEADS + 1)
    async with world.at_work(**_NO_LIMITS) as department:
        await department.store.write(partial(invited_before, now=world.now, count=before))
        await world.allocate(department, first)
        assert (await department.once("outreach")).figures["sent"] == 1  # imports, tables of words
        await world.allocate(department, *others)
        asked, commits = len(world.requests), _commits(department)
        began = time.process_time()
        assert (await department.once("outreach")).figures["sent"] == LEADS
        return {
            "cpu_ms": (time.process_time() - began) / LEADS * 1e3,
            "requests": (len(world.requests) - asked) / LEADS,
            "commits": (_commits(department) - commits) / LEADS,
        }


async def _bare(folder: Path) -> Figures:
    """As many requests to the same face and commits to the same database, with nothing in them."""
    world = World(folder)
    connection = connect(folder / DATABASE)
    headers, asked = {"X-API-KEY": KEY}, f"http://sandbox.invalid{PREFIX}/users/me"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(world.app)) as http:
        began = time.process_time()
        for number in range(LEADS):
            for _ in range(3):
                await http.get(asked, headers=headers, params={"account_id": ACCOUNT})
            for step in ("claimed", "sent"):
                connection.execute("BEGIN IMMEDIATE")
                note = "INSERT INTO notes (name, value, noted_at) VALUES (?, '1', 'now')"
                connection.execute(note, (f"{number} {step}",))
                connection.execute("COMMIT")
        spent = time.process_time() - began
    connection.close()
    return {"cpu_ms": spent / LEADS * 1e3, "requests": 3, "commits": 2}


async def _look(folder: Path) -> Figures:
    """Everybody was contacted; of their chats some have changed since the look before."""
    world = World(folder / "look")
    world.go_to(0, 9, 30)
    async with world.at_work(**_NO_LIMITS) as department:
        await department.store.write(partial(invited_before, now=world.now, count=CONTACTED))
        agent = await department.agent("outreach")
        assert isinstance(agent, OutreachAgent)
        inbox = QuietInbox(CONTACTED, world.now - timedelta(days=60))
        agent.desks[0].reply_look.inbox.chats = inbox.chats  # type: ignore[method-assign]
        agent.desks[0].reply_look.inbox.messages = inbox.messages  # type: ignore[method-assign]
        while inbox.asked == 0 or await agent.desks[0].reply_look.left():
            await department.once("replies")
        world.pass_time(hours=2)
        inbox.change(range(ACTIVE), world.now - timedelta(minutes=30))
        asked = inbox.asked
        found = (await department.once("replies")).figures
        assert found["replies"] == ACTIVE, found
        return {"requests": inbox.asked - asked}


async def _idle(folder: Path) -> Figures:
    """Nobody answers and nobody is to be written to; the looks go on."""
    world = World(folder / "idle")
    world.go_to(0, 10, 0)
    async with world.at_work() as department:
        await department.run(until=world.now + timedelta(hours=1))
        commits, began = _commits(department), time.process_time()
        await department.run(until=world.now + timedelta(hours=IDLE_HOURS))
        return {
            "commits_a_minute": (_commits(department) - commits) / (60 * IDLE_HOURS),
            "cpu_an_hour": (time.process_time() - began) / IDLE_HOURS,
        }


def _commits(department: Department) -> int:
    assert isinstance(department.store, ThreadedStore)
    return department.store.commits


def invited_before(transaction: Transaction, *, now: datetime, count: int) -> None:
    """Invitations that went out over the last six days."""
    for number in range(count):
        at = now - timedelta(days=6) + timedelta(seconds=number * 60)
        lead = a_lead(
            number,
            company=f"Firma {number}",
            contact_status=ContactStatus.INVITED,
            account_id=ACCOUNT,
            allocated_at=at,
            invited_at=at,
        )
        leads.insert(transaction, lead, aliases_of_lead(lead))
        act = a_delivery(number, account_id=ACCOUNT, state=DeliveryState.SENT, claimed_at=at)
        deliveries.claim(transaction, act)
