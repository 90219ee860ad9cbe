"""Publishing requests to an office and handling them, each with an effect that can be counted."""

from __future__ import annotations

from ingagents.commands import SearchRequest
from ingagents.communication import inbox
from ingagents.events import Event
from ingagents.ports import Transaction, UnitOfWork
from ingagents.store.tables import key_value
from tests.factories import MONDAY
from tests.support import Office


def request(number: int) -> SearchRequest:
    return SearchRequest(wanted=number)


async def publish(office: Office, count: int) -> None:
    await office.queue.publish("sales_manager", *(request(number) for number in range(count)))


class Handler:
    """Notes each event it handles, in the commit that acknowledges it."""

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.fails: dict[int, Exception] = {}

    async def __call__(self, event: Event) -> UnitOfWork | None:
        number = getattr(event, "wanted", -1)
        self.seen.append(number)
        if number in self.fails:
            raise self.fails[number]

        def work(transaction: Transaction) -> None:
            name = f"done:{number}"
            count = key_value.noted(transaction, name) or 0
            key_value.note(transaction, name, count + 1, at=MONDAY)

        return work


async def handle_all(office: Office, handler: Handler, *, most: int = 1000) -> int:
    async with office.queue.session("lead_finder") as session:
        return await session.process_messages(handler, agent="lead_finder", most=most)


async def effects(office: Office) -> dict[str, int]:
    rows = await office.store.read(
        lambda t: t.rows("SELECT name, value FROM notes WHERE name LIKE 'done:%'")
    )
    return {name: int(value) for name, value in rows}


async def counts(office: Office) -> dict[str, dict[str, int]]:
    return await office.store.read(inbox.counts)
