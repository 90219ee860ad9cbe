"""The market as a Unipile v1 server: every route the product uses, with the service's quirks.

Beside the dialect, under `/sandbox`, it shows what it received and takes orders for bad days.
"""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import ASGIApp

from ingagents.sandbox.control import Control
from ingagents.sandbox.faults import Faults, FaultyWire
from ingagents.sandbox.market.market import Market, Refused, Relation
from ingagents.sandbox.market.search.search import PeopleSearch
from ingagents.sandbox.market.search.vocabulary import PARAMETER_TYPES, parameters
from ingagents.sandbox.unipile import shapes
from ingagents.sandbox.unipile.gate import Answer, Gate, Handler, OwnAccount, no_such_route
from ingagents.sandbox.unipile.http import (
    Ask,
    decode_cursor,
    encode_cursor,
    envelope,
    iso,
    page,
    read_limit,
)
from ingagents.sandbox.unipile.inbox import Inbox
from ingagents.sandbox.unipile.webhooks import Webhooks

PREFIX = "/api/v1"
_CLASSIC_PAGE_MAX = 50
"""LinkedIn's Classic search gives no longer pages, whatever is asked for."""


def create_app(
    market: Market,
    *,
    api_key: str | None = "sandbox",
    account_id: str = "sandbox-account",
    faults: Faults | None = None,
) -> ASGIApp:
    """The ASGI application. With `api_key` None any key will do, as long as there is one."""
    faults = faults or Faults()
    account = OwnAccount(market, account_id, faults)
    parts = (_Face(market, account, faults), Inbox(market, account, faults))
    face = [one for part in (*parts, Webhooks(market, account)) for one in part.routes()]
    control = Control(market, faults)
    wrap = Gate(market, faults, api_key).wrap
    routes = [Route(PREFIX + path, wrap(h), methods=[m]) for m, path, h in face]
    routes += [Route("/sandbox" + path, wrap(h), methods=[m]) for m, path, h in control.routes()]
    app = Starlette(routes=routes, exception_handlers={HTTPException: no_such_route})
    return FaultyWire(app, faults, prefix=PREFIX)


class _Face:
    """One method per route. Reads look at `ask.seen`, acts happen now."""

    def __init__(self, market: Market, account: OwnAccount, faults: Faults) -> None:
        self._market = market
        self._account = account
        self._faults = faults
        self._search = PeopleSearch(market)

    def routes(self) -> list[tuple[str, str, Handler]]:
        """Method, path and handler; the order matters where paths overlap."""
        return [
            ("GET", "/accounts", self.accounts),
            ("GET", "/accounts/{account_id}", self.account),
            ("GET", "/users/me", self.me),
            ("POST", "/users/invite", self.invite),
            ("GET", "/users/invite/sent", self.sent_invitations),
            ("DELETE", "/users/invite/sent/{invitation_id}", self.cancel_invitation),
            ("GET", "/users/relations", self.relations),
            ("GET", "/users/{identifier}", self.user),
            ("POST", "/linkedin/search", self.search),
            ("GET", "/linkedin/search/parameters", self.search_parameters),
        ]

    # --- accounts and people ------------------------------------------------------------------

    def accounts(self, ask: Ask) -> Answer:
        read_limit(ask.query, default=100, most=250)
        return 200, envelope("AccountList", [self._account.shape()], None)

    def account(self, ask: Ask) -> Answer:
        self._account.check(ask.path["account_id"])
        return 200, self._account.shape()

    def me(self, ask: Ask) -> Answer:
        self._account.check(ask.query.get("account_id"))
        return 200, shapes.own_profile(self._market)

    def user(self, ask: Ask) -> Answer:
        self._account.check(ask.query.get("account_id"))
        if ask.path["identifier"].lower() in {self._market.own_id.lower(), self._market.own_slug}:
            return 200, shapes.own_user(self._market)
        person = self._market.find(ask.path["identifier"])
        standing = self._market.standing(person, ask.seen)
        if standing.gone == "deleted":
            raise Refused("resource_not_found", "This member does not exist.")
        asked = set(ask.query.get("linkedin_sections", "").replace(" ", "").split(",")) - {""}
        return 200, shapes.profile(
            self._market,
            person,
            standing,
            sections=shapes.SECTIONS if "*" in asked else asked,
            throttled=self._faults.plan.throttled_sections,
        )

    def search(self, ask: Ask) -> Answer:
        if "account_id" in ask.body:
            raise Refused("invalid_parameters", "account_id belongs into the query.")
        self._account.check(ask.query.get("account_id"), acting=True)
        limit = read_limit(ask.query, default=10, most=100, least=0)
        body, start = ask.body, 0
        cursor = ask.query.get("cursor") or ask.text("cursor")
        if cursor:
            next_page = decode_cursor(cursor, _NextPage)
            body, start = next_page.body, next_page.start
        navigator = body.get("api") == "sales_navigator"
        limit = limit if navigator else min(limit, _CLASSIC_PAGE_MAX)
        found = self._search.page(body, start=start, limit=limit, moment=ask.seen)
        end = start + len(found.people)
        more = found.people and end < found.total
        items = [
            shapes.search_item(
                self._market, p, self._market.standing(p, ask.seen), navigator=navigator
            )
            for p in found.people
        ]
        return 200, {
            "object": "LinkedinSearch",
            "items": items,
            "config": {"params": body},
            "paging": {"start": start, "page_count": len(items), "total_count": found.total},
            "cursor": encode_cursor(_NextPage(body=body, start=end)) if more else None,
        }

    def search_parameters(self, ask: Ask) -> Answer:
        self._account.check(ask.query.get("account_id"))
        limit = read_limit(ask.query, default=10, most=100)
        kind = ask.query.get("type")
        if not kind:
            raise Refused("missing_parameters", "type is required.")
        if kind not in PARAMETER_TYPES:
            raise Refused("invalid_parameters", "unknown type")
        entries = parameters(kind, ask.query.get("keywords", ""), seed=self._market.seed)
        items = [
            {
                "object": "LinkedinSearchParameter",
                "id": identifier,
                "title": title,
                "additional_data": None,
            }
            for identifier, title in entries[:limit]
        ]
        return 200, {
            "object": "LinkedinSearchParametersList",
            "items": items,
            "paging": {"page_count": len(items)},
        }

    # --- invitations --------------------------------------------------------------------------

    def invite(self, ask: Ask) -> Answer:
        self._account.check(ask.text("account_id"), acting=True)
        provider_id, note = ask.text("provider_id"), ask.text("message")
        if not provider_id:
            raise Refused("missing_parameters", "provider_id is required.")
        if not provider_id.startswith(("AC", "AE")):
            raise Refused("invalid_parameters", "provider_id must be a provider id.")
        if "message" in ask.body and not note:
            raise Refused("invalid_parameters", "message may be left out, but not empty.")
        invited = self._market.invite(provider_id, note, request=ask.number)
        answer: dict[str, Any] = {"object": "UserInvitationSent", "invitation_id": invited.id}
        if invited.usage is not None:
            answer["usage"] = invited.usage
        return 201, answer

    def sent_invitations(self, ask: Ask) -> Answer:
        self._account.check(ask.query.get("account_id"))
        shown, cursor = page(
            self._market.pending(ask.seen),
            key=lambda pair: iso(pair[1].at) + pair[1].id,
            cursor=ask.query.get("cursor"),
            limit=read_limit(ask.query, default=10, most=100),
        )
        items = [
            shapes.sent_invitation(self._market, p, invitation, ask.now) for p, invitation in shown
        ]
        return 200, envelope("InvitationList", items, cursor)

    def cancel_invitation(self, ask: Ask) -> Answer:
        self._account.check(ask.query.get("account_id"), acting=True)
        self._market.withdraw(ask.path["invitation_id"], request=ask.number)
        return 200, {"object": "InvitationCanceled"}

    def relations(self, ask: Ask) -> Answer:
        self._account.check(ask.query.get("account_id"))
        wanted = ask.query.get("filter", "").lower()
        people = [r for r in self._market.relations(ask.seen) if wanted in r.person.name.lower()]
        shown, cursor = page(
            people,
            key=_relation_key,
            cursor=ask.query.get("cursor"),
            limit=read_limit(ask.query, default=100, most=1000),
        )
        items = [shapes.relation(self._market, relation) for relation in shown]
        return 200, envelope("UserRelationsList", items, cursor)


class _NextPage(msgspec.Struct, frozen=True):
    """What the cursor of a search holds: all of the query, since it may travel alone."""

    body: dict[str, Any]
    start: int


def _relation_key(relation: Relation) -> str:
    return iso(relation.since) + relation.person.provider_id
