"""The market as a Unipile v1 server: every route the product uses, with the service's quirks.

Beside the dialect, under `/sandbox`, it shows what it received and takes orders for bad days.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import ASGIApp

from ingagents.sandbox.chance import Draw
from ingagents.sandbox.control import Control
from ingagents.sandbox.faults import FaultPlan, Faults, FaultyWire
from ingagents.sandbox.market.background import Chat, crowd
from ingagents.sandbox.market.market import Market, Refused, Relation
from ingagents.sandbox.market.search import PeopleSearch
from ingagents.sandbox.market.timeline import Said
from ingagents.sandbox.market.vocabulary import PARAMETER_TYPES, parameters
from ingagents.sandbox.unipile import serialise as shapes
from ingagents.sandbox.unipile.gate import Answer, Gate, Handler, no_such_route
from ingagents.sandbox.unipile.http import (
    Ask,
    decode_cursor,
    encode_cursor,
    in_window,
    page,
    read_limit,
)

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
    face = _Face(market, account_id, faults)
    control = Control(market, faults)
    wrap = Gate(market, faults, api_key).wrap
    routes = [Route(PREFIX + path, wrap(h), methods=[m]) for m, path, h in face.routes()]
    routes += [Route("/sandbox" + path, wrap(h), methods=[m]) for m, path, h in control.routes()]
    app = Starlette(routes=routes, exception_handlers={HTTPException: no_such_route})
    return FaultyWire(app, faults, prefix=PREFIX)


class _Face:
    """One method per route. Reads look at `ask.seen`, acts happen now."""

    def __init__(self, market: Market, account_id: str, faults: Faults) -> None:
        self._market = market
        self._account_id = account_id
        self._faults = faults
        self._search = PeopleSearch(market)
        self._crowd_of: FaultPlan | None = None
        self._crowd_chats: Mapping[str, Chat] = {}

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
            ("POST", "/chats", self.start_chat),
            ("GET", "/chats", self.chats),
            ("GET", "/chats/{chat_id}", self.chat),
            ("POST", "/chats/{chat_id}/messages", self.reply),
            ("GET", "/chats/{chat_id}/messages", self.chat_messages),
            ("GET", "/messages", self.messages),
            ("GET", "/chat_attendees/{attendee_id}/chats", self.chats_with),
        ]

    # --- accounts and people ------------------------------------------------------------------

    def accounts(self, ask: Ask) -> Answer:
        read_limit(ask.query, default=100, most=250)
        return 200, _list("AccountList", [self._account()], None)

    def account(self, ask: Ask) -> Answer:
        self._check_account(ask.path["account_id"])
        return 200, self._account()

    def me(self, ask: Ask) -> Answer:
        self._check_account(ask.query.get("account_id"))
        return 200, shapes.own_profile(self._market)

    def user(self, ask: Ask) -> Answer:
        self._check_account(ask.query.get("account_id"))
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
        self._check_account(ask.query.get("account_id"), acting=True)
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
        self._check_account(ask.query.get("account_id"))
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
        self._check_account(ask.text("account_id"), acting=True)
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
        self._check_account(ask.query.get("account_id"))
        shown, cursor = page(
            self._market.pending(ask.seen),
            key=lambda pair: shapes.iso(pair[1].at) + pair[1].id,
            cursor=ask.query.get("cursor"),
            limit=read_limit(ask.query, default=10, most=100),
        )
        items = [shapes.sent_invitation(p, invitation, ask.now) for p, invitation in shown]
        return 200, _list("InvitationList", items, cursor)

    def cancel_invitation(self, ask: Ask) -> Answer:
        self._check_account(ask.query.get("account_id"), acting=True)
        self._market.withdraw(ask.path["invitation_id"], request=ask.number)
        return 200, {"object": "InvitationCanceled"}

    def relations(self, ask: Ask) -> Answer:
        self._check_account(ask.query.get("account_id"))
        wanted = ask.query.get("filter", "").lower()
        people = [r for r in self._market.relations(ask.seen) if wanted in r.person.name.lower()]
        shown, cursor = page(
            people,
            key=_relation_key,
            cursor=ask.query.get("cursor"),
            limit=read_limit(ask.query, default=100, most=1000),
        )
        items = [shapes.relation(self._market, relation) for relation in shown]
        return 200, _list("UserRelationsList", items, cursor)

    # --- chats --------------------------------------------------------------------------------

    def start_chat(self, ask: Ask) -> Answer:
        self._check_account(ask.text("account_id"), acting=True)
        attendees = ask.body.get("attendees_ids")
        attendees = [attendees] if isinstance(attendees, str) else attendees
        if not isinstance(attendees, list) or not attendees:
            raise Refused("missing_parameters", "attendees_ids is required.")
        if len(attendees) > 1:
            raise Refused("feature_not_implemented", "The sandbox starts no group chats.")
        options = ask.body.get("linkedin")
        inmail = isinstance(options, dict) and str(options.get("inmail")).lower() == "true"
        said = self._market.write(
            str(attendees[0]), ask.text("text"), inmail=inmail, request=ask.number
        )
        known = not self._keeps_ids_back(said.act)
        return 201, {
            "object": "ChatStarted",
            "chat_id": said.chat_id if known else None,
            "message_id": said.id if known else None,
        }

    def reply(self, ask: Ask) -> Answer:
        if "account_id" in ask.body:
            self._check_account(ask.text("account_id"))
        self._check_account(self._account_id, acting=True)
        # Chats are found as they are now: a lag hides texts from reads, not chats from writers.
        chat = self._market.chat(ask.path["chat_id"], ask.now)
        if chat.person is None or chat.sponsored:
            raise Refused("user_unreachable", "This chat takes no answers in the sandbox.")
        said = self._market.write(
            chat.person.provider_id, ask.text("text"), inmail=True, request=ask.number
        )
        known = not self._keeps_ids_back(said.act)
        return 201, {"object": "MessageSent", "message_id": said.id if known else None}

    def chats(self, ask: Ask) -> Answer:
        self._check_filter(ask)
        fits = in_window(ask.query)
        chats = [*self._crowd(ask).values(), *self._market.chats(ask.seen)]
        chats = [c for c in chats if fits(c.said[-1].at)]
        if ask.query.get("account_type", "LINKEDIN") != "LINKEDIN":
            chats = []
        if (unread := ask.query.get("unread")) is not None:
            wanted = unread == "true"
            chats = [c for c in chats if (c.said[-1].sender is not None) == wanted]
        return 200, self._chat_list(ask, chats)

    def chat(self, ask: Ask) -> Answer:
        chat = self._any_chat(ask)
        return 200, shapes.chat(self._market, self._account_id, chat)

    def chats_with(self, ask: Ask) -> Answer:
        self._check_filter(ask)
        fits = in_window(ask.query)
        chats = self._market.chats_with(ask.path["attendee_id"], ask.seen)
        return 200, self._chat_list(ask, [c for c in chats if fits(c.said[-1].at)])

    def chat_messages(self, ask: Ask) -> Answer:
        chat = self._any_chat(ask)
        return 200, self._message_list(ask, list(chat.said))

    def messages(self, ask: Ask) -> Answer:
        self._check_filter(ask)
        return 200, self._message_list(ask, list(self._market.said(ask.seen)))

    # --- back rooms ---------------------------------------------------------------------------

    def _account(self) -> dict[str, Any]:
        return shapes.account(self._market, self._account_id, self._faults.plan.account_status)

    def _check_account(self, account_id: str | None, *, acting: bool = False) -> None:
        if not account_id:
            raise Refused("missing_parameters", "account_id is required.")
        if account_id != self._account_id:
            raise Refused("resource_not_found", "Account not found.")
        if acting and self._faults.plan.account_status != "OK":
            raise Refused("disconnected_account", "The account has to be reconnected.")

    def _check_filter(self, ask: Ask) -> None:
        """On these routes the account is only a filter, and may be left out."""
        if "account_id" in ask.query:
            self._check_account(ask.query["account_id"])

    def _keeps_ids_back(self, act_number: int) -> bool:
        """Both ids may be null on success; one time in eight they are."""
        return Draw(self._market.seed, "null ids", act_number).chance(0.125)

    def _chat_list(self, ask: Ask, chats: list[Chat]) -> dict[str, Any]:
        shown, cursor = page(
            sorted(chats, key=_chat_key, reverse=True),
            key=_chat_key,
            cursor=ask.query.get("cursor"),
            limit=read_limit(ask.query, default=100, most=250),
        )
        items = [shapes.chat(self._market, self._account_id, chat) for chat in shown]
        if self._faults.plan.hidden_chats:
            items = [{**item, "attendee_provider_id": None} for item in items]
        return _list("ChatList", items, cursor)

    def _any_chat(self, ask: Ask) -> Chat:
        chat_id = ask.path["chat_id"]
        return self._crowd(ask).get(chat_id) or self._market.chat(chat_id, ask.seen)

    def _crowd(self, ask: Ask) -> Mapping[str, Chat]:
        """The other chats of the plan, dated from when they were first asked for."""
        plan = self._faults.plan
        if plan is not self._crowd_of:
            self._crowd_of = plan
            self._crowd_chats = crowd(self._market.seed, plan.other_chats, ask.seen)
        return self._crowd_chats

    def _message_list(self, ask: Ask, said: list[Said]) -> dict[str, Any]:
        fits = in_window(ask.query)
        said = [one for one in said if fits(one.at)]
        if sender_id := ask.query.get("sender_id"):
            own = self._market.own_id
            said = [s for s in said if (s.sender.provider_id if s.sender else own) == sender_id]
        shown, cursor = page(
            sorted(said, key=_said_key, reverse=True),
            key=_said_key,
            cursor=ask.query.get("cursor"),
            limit=read_limit(ask.query, default=100, most=250),
        )
        items = [shapes.message(self._market, self._account_id, one) for one in shown]
        return _list("MessageList", items, cursor)


class _NextPage(msgspec.Struct, frozen=True):
    """What the cursor of a search holds: all of the query, since it may travel alone."""

    body: dict[str, Any]
    start: int


def _chat_key(chat: Chat) -> str:
    return shapes.iso(chat.said[-1].at) + chat.id


def _said_key(said: Said) -> str:
    return shapes.iso(said.at) + said.id


def _relation_key(relation: Relation) -> str:
    return shapes.iso(relation.since) + relation.person.provider_id


def _list(kind: str, items: list[dict[str, Any]], cursor: str | None) -> dict[str, Any]:
    return {"object": kind, "items": items, "cursor": cursor}
