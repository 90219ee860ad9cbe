"""A market whose clock the test turns, a client that speaks to it, and ways to find people in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from ingagents.sandbox.faults import FaultPlan, FaultRule, Faults
from ingagents.sandbox.market.behaviour import accepts_after, answer, wall_of
from ingagents.sandbox.market.market import Market
from ingagents.sandbox.market.people import Person
from ingagents.sandbox.unipile.api import create_app

MONDAY = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)  # nine o'clock in Berlin
ACCOUNT = "sandbox-account"


class World:
    """A Monday morning, a market, and its face."""

    def __init__(self, *, plan: FaultPlan | None = None, **market: Any) -> None:
        self.time = MONDAY
        self.market = Market(**{"seed": 1, "size": 400, **market, "now": lambda: self.time})
        self.faults = Faults(plan)
        self.app = create_app(self.market, faults=self.faults)

    def pass_time(self, **delta: float) -> datetime:
        """Let so much time go by."""
        self.time += timedelta(**delta)
        return self.time

    def fail(self, kind: Any, on: str = "", **rule: Any) -> None:
        """From now on the next request that begins like `on` goes wrong."""
        rules = (FaultRule(kind=kind, on=on, **{"requests": (1,), **rule}),)
        self.faults.follow(FaultPlan(rules=rules))

    def client(self, key: str = "sandbox") -> httpx.AsyncClient:
        """A client that sends key and account with every request."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app),
            base_url="http://sandbox/api/v1",
            headers={"X-API-KEY": key},
            params={"account_id": ACCOUNT},
        )

    def someone(self, fits: Callable[[Person], bool], *, nth: int = 0) -> Person:
        """A person like that, neither connected, hidden nor walled in unless asked for."""
        found = [p for p in self.market.people if fits(p)]
        return found[nth]

    def stranger(self, nth: int = 0) -> Person:
        """Somebody who can be invited."""
        return self.someone(lambda p: p.distance in {2, 3} and not wall_of(1, p), nth=nth)

    def friend(self) -> Person:
        """A connection from before, with a slug."""
        return self.someone(lambda p: p.distance == 1 and bool(p.slug))

    def welcoming(self, *, answering: bool = True, nth: int = 0) -> Person:
        """Somebody who accepts an invitation, and answers its note or does not."""
        return self.someone(
            lambda p: (
                p.distance in {2, 3}
                and bool(p.slug)
                and not wall_of(1, p)
                and accepts_after(1, p, 1)[0] is True
                and self.answers(p) == answering
            ),
            nth=nth,
        )

    def answers(self, person: Person) -> bool:
        """Whether the person answers the first text."""
        return answer(1, person, nth=1, before=None) is not None

    def silent(self) -> Person:
        """Somebody who leaves an invitation lying for ever."""
        return self.someone(
            lambda p: (
                p.distance in {2, 3}
                and not wall_of(1, p)
                and accepts_after(1, p, 1)[0] is None
                and accepts_after(1, p, 2)[0] is None
            )
        )


async def invite(client: httpx.AsyncClient, person: Person, note: str = "Hello") -> httpx.Response:
    """Send one invitation."""
    body = {"account_id": ACCOUNT, "provider_id": person.provider_id, "message": note}
    return await client.post("/users/invite", json=body if note else _without(body, "message"))


async def write(client: httpx.AsyncClient, person: Person, text: str) -> httpx.Response:
    """Send one direct message, as the service's own SDK does: as a form with parts."""
    fields = [("account_id", ACCOUNT), ("attendees_ids", person.provider_id), ("text", text)]
    return await client.post("/chats", files=[(name, (None, value)) for name, value in fields])


def error_of(response: httpx.Response) -> tuple[int, str]:
    """Status and error type, having checked that the body says the same status."""
    body = response.json()
    assert body["status"] == response.status_code
    assert body["title"]
    return response.status_code, body["type"].removeprefix("errors/")


def _without(body: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in body.items() if key != name}
