"""Webhooks of the simulated Unipile: registered, listed, deleted. `sandbox/postman.py` delivers them.

They stand in the market's record, so every program that shares it knows them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec

from ingagents.loopback import is_loopback
from ingagents.sandbox.chance import opaque_id
from ingagents.sandbox.market.market import Market, Refused
from ingagents.sandbox.record import Record
from ingagents.sandbox.unipile.gate import Answer, Handler, OwnAccount
from ingagents.sandbox.unipile.http import Ask, envelope, known, page, read_limit

Source = Literal["messaging", "users", "account_status"]

_KEPT = "webhooks"
_MOST = 50


class Pair(msgspec.Struct, frozen=True):
    """A header that goes with every post."""

    key: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9-]{1,100}$")]
    value: Annotated[str, msgspec.Meta(pattern=r"^[\x20-\x7e]{0,1000}$")]


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to be told of, and where; without accounts of all of them."""

    request_url: str
    source: Source
    name: str | None = None
    format: Literal["json"] = "json"
    account_ids: tuple[str, ...] = ()
    enabled: bool = True
    headers: tuple[Pair, ...] = ()
    events: tuple[str, ...] = ()


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """A wish that was taken, and since when."""

    id: str
    since: datetime
    wish: Wish


class Webhooks:
    """Those that stand, and the routes that change them."""

    def __init__(self, market: Market, account: OwnAccount) -> None:
        self._market = market
        self._account = account

    def routes(self) -> list[tuple[str, str, Handler]]:
        """Method, path and handler."""
        return [
            ("POST", "/webhooks", self.create),
            ("GET", "/webhooks", self.list),
            ("DELETE", "/webhooks/{webhook_id}", self.delete),
        ]

    def create(self, ask: Ask) -> Answer:
        try:
            wish = msgspec.convert(ask.body, Wish)
        except msgspec.ValidationError as exc:
            raise Refused("invalid_parameters", str(exc)) from exc
        if not is_here(wish.request_url):
            raise Refused("invalid_url", "The sandbox posts to addresses of this machine alone.")
        record = self._market.record
        with record.alone():
            standing = registered(record)
            if len(standing) >= _MOST:
                raise Refused("limit_exceeded", f"There are {_MOST} webhooks already.")
            # By its number among all that ever were: one that was deleted is not known again.
            number = int(record.recall(f"{_KEPT}.count") or "0") + 1
            made = Webhook(
                id=opaque_id(self._market.seed, "webhook", number), since=ask.now, wish=wish
            )
            record.remember(f"{_KEPT}.count", str(number))
            _keep(record, [*standing, made])
        return 201, {"object": "WebhookCreated", "webhook_id": made.id}

    def list(self, ask: Ask) -> Answer:
        shown, cursor = page(
            sorted(registered(self._market.record), key=_key, reverse=True),
            key=_key,
            cursor=ask.query.get("cursor"),
            limit=read_limit(ask.query, default=100, most=250),
        )
        return 200, envelope("WebhookList", [self._shape(one) for one in shown], cursor)

    def delete(self, ask: Ask) -> Answer:
        record = self._market.record
        with record.alone():
            standing = registered(record)
            left = [one for one in standing if one.id != ask.path["webhook_id"]]
            if len(left) == len(standing):
                raise Refused("resource_not_found", "No such webhook.")
            _keep(record, left)
        return 200, {"object": "WebhookDeleted"}

    def _shape(self, one: Webhook) -> dict[str, Any]:
        wish = one.wish
        accounts = wish.account_ids or (self._account.id,)
        return {
            "object": "Webhook",
            "type": "AUTO",
            "id": one.id,
            "account_ids": [{"id": account, "type": "LINKEDIN"} for account in accounts],
            "enabled": wish.enabled,
            "request_url": wish.request_url,
            "format": wish.format,
            "headers": wish.headers,
            "data": [],
            "source": wish.source,
            **known(name=wish.name, events=wish.events or None),
        }


def registered(record: Record) -> list[Webhook]:
    """Those that stand."""
    return msgspec.json.decode(record.recall(_KEPT) or "[]", type=list[Webhook])


def _keep(record: Record, webhooks: list[Webhook]) -> None:
    record.remember(_KEPT, msgspec.json.encode(webhooks).decode("utf-8"))


def _key(one: Webhook) -> str:
    return one.since.isoformat() + one.id


def is_here(address: str) -> bool:
    """Whether an address is of this machine."""
    try:
        parts = urlsplit(address)
        return parts.scheme in {"http", "https"} and is_loopback(parts.hostname or "")
    except ValueError:
        return False
