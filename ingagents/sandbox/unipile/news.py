"""What the simulated Unipile tells by webhook. While the account is not in order that alone is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from ingagents.sandbox.faults import Faults
from ingagents.sandbox.market.market import Market
from ingagents.sandbox.postman import Address, News
from ingagents.sandbox.unipile import hook_shapes as shapes
from ingagents.sandbox.unipile.webhooks import registered


class UnipileNews:
    """Keeps `sandbox.postman.Teller` for one account."""

    def __init__(self, market: Market, *, account_id: str, faults: Faults) -> None:
        self._market = market
        self._account_id = account_id
        self._faults = faults
        self._state = faults.plan.account_status

    def addresses(self) -> Sequence[Address]:
        return [
            Address(
                id=hook.id,
                url=hook.wish.request_url,
                kinds=frozenset({hook.wish.source}),
                since=hook.since,
                name=hook.wish.name or "",
                headers={pair.key: pair.value for pair in hook.wish.headers},
            )
            for hook in registered(self._market.record)
            if hook.wish.enabled
            and self._account_id in (hook.wish.account_ids or (self._account_id,))
        ]

    def news(self, since: datetime, now: datetime) -> Iterator[News]:
        self._market.catch_up()
        state, account = self._faults.plan.account_status, self._account_id
        if state != self._state:
            told = "RECONNECTED" if state == "OK" and self._state == "CREDENTIALS" else state
            self._state = state
            body = shapes.account_status(account, told)
            key = f"{account} {told} {now.isoformat()}"
            yield News(kind="account_status", key=key, at=now, body=body)
        if state != "OK":
            return
        chats = {chat.id: chat.person for chat in self._market.chats(now)}
        for said in self._market.said(now):
            if said.at >= since:
                other = chats.get(said.chat_id)
                body = shapes.message_received(self._market, account, said, other)
                yield News(kind="messaging", key=f"{account} {said.id}", at=said.at, body=body)
        for relation in self._market.relations(now):
            if relation.since >= since:
                key = f"{account} {relation.person.key}"
                body = shapes.new_relation(account, relation)
                yield News(kind="users", key=key, at=relation.since, body=body, slow=True)
