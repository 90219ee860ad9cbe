"""The market as HeyReach's public API: one sender, two campaigns, and the sender's inbox."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from ingagents.sandbox.faults import Faults, FaultyWire
from ingagents.sandbox.guard import key_fits
from ingagents.sandbox.heyreach import shapes
from ingagents.sandbox.heyreach.webhooks import Hooks, shown
from ingagents.sandbox.market.background import Chat
from ingagents.sandbox.market.campaign import Campaign
from ingagents.sandbox.market.market import Market, Refused
from ingagents.sandbox.market.people import Person

PREFIX = "/api/public"
ACCOUNT, CAMPAIGN, NEXT_CAMPAIGN = 4711, 815, 816
_PAIRS_MAX = _PAGE_MAX = 100
_SHOWN = 20
"""So many of a conversation's messages stand in a list; its own page has them all."""
_FIELD = re.compile(r"[A-Za-z0-9_]+")
_SLUG = re.compile(r"/in/([^/?#]+)")

Body = dict[str, Any]
Handler = Callable[["Ask"], object]


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One request as a handler sees it. `seen` is the moment up to which reads know things."""

    query: Mapping[str, str]
    path: Mapping[str, str]
    body: Body
    number: int
    seen: datetime


def create_app(
    market: Market, *, api_key: str | None = "sandbox", faults: Faults | None = None
) -> ASGIApp:
    """The ASGI application. With `api_key` None any key will do, as long as there is one."""
    faults = faults or Faults()
    face = _Face(market, faults, api_key)
    routes = [Route(PREFIX + path, face.wrap(h), methods=[m]) for m, path, h in face.routes()]
    return FaultyWire(Starlette(routes=routes), faults, prefix=PREFIX, error=_error)


class _Face:
    """One method per route. Reads look at `ask.seen`, acts happen now; None is an empty body."""

    def __init__(self, market: Market, faults: Faults, api_key: str | None) -> None:
        self._market = market
        self._faults = faults
        self._api_key = api_key
        self._campaigns = {one: Campaign(market, one) for one in (CAMPAIGN, NEXT_CAMPAIGN)}
        self._hooks = Hooks(market.record)
        acts = market.record.acts
        self._number = acts[-1].request if acts else 0

    def routes(self) -> list[tuple[str, str, Handler]]:
        """Method, path and handler."""
        return [
            ("GET", "/auth/CheckApiKey", lambda _: None),
            ("GET", "/li_account/GetById", self.account),
            ("GET", "/campaign/GetById", self.campaign),
            ("POST", "/campaign/AddLeadsToCampaignV2", self.add_leads),
            ("POST", "/campaign/GetLeadsFromCampaign", self.leads),
            ("POST", "/campaign/GetCampaignsForLead", self.campaigns_of),
            ("POST", "/campaign/StopLeadInCampaign", self.stop),
            ("POST", "/MyNetwork/IsConnection", self.is_connection),
            ("POST", "/inbox/GetConversationsV2", self.conversations),
            ("GET", "/inbox/GetChatroom/{account}/{conversation:path}", self.chatroom),
            ("POST", "/inbox/SendMessage", self.send_message),
            ("POST", "/webhooks/CreateWebhook", self.create_hook),
            ("POST", "/webhooks/GetAllWebhooks", self.hooks),
            ("DELETE", "/webhooks/DeleteWebhook", self.delete_hook),
        ]

    def wrap(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        """A handler as Starlette calls it; before each, the campaign does what is due."""

        async def answer(request: Request) -> Response:
            self._number += 1
            if not key_fits(request.headers.get("x-api-key", ""), self._api_key):
                return _json(401, _error(401, "Invalid API key."))
            raw = await request.body()
            self._market.catch_up()
            for one in self._campaigns.values():
                one.go_on(self._number)
            try:
                told = handler(self._ask(request, raw))
            except Refused as exc:
                status = 404 if exc.code == "resource_not_found" else 400
                return _json(status, _error(status, exc.detail or exc.code))
            return _json(200, b"" if told is None else msgspec.json.encode(told))

        return answer

    def account(self, ask: Ask) -> Body:
        self._own(ask.query.get("accountId"))
        ok = self._faults.plan.account_status == "OK"
        return {
            "id": ACCOUNT,
            "emailAddress": None,
            "firstName": self._market.owner.first_name,
            "lastName": self._market.owner.last_name,
            "isActive": True,
            "activeCampaigns": 1,
            "authIsValid": ok,
            "isValidNavigator": self._market.owner.premium,
            "isValidRecruiter": False,
        }

    def campaign(self, ask: Ask) -> Body:
        campaign = self._own_campaign(ask.query.get("campaignId"))
        return {"id": campaign.number, "name": "The fair", "status": "IN_PROGRESS"}

    def add_leads(self, ask: Ask) -> Body:
        campaign = self._own_campaign(ask.body.get("campaignId"))
        pairs = ask.body.get("accountLeadPairs")
        if not isinstance(pairs, list) or not 0 < len(pairs) <= _PAIRS_MAX:
            raise Refused("invalid", "accountLeadPairs must have 1 to 100 pairs.")
        counts = {"addedLeadsCount": 0, "updatedLeadsCount": 0, "failedLeadsCount": 0}
        for pair in pairs:
            self._own(pair.get("linkedInAccountId"))
            lead = pair["lead"]
            texts = {one["name"]: one["value"] for one in lead.get("customUserFields", ())}
            if not all(_FIELD.fullmatch(name) for name in texts):
                raise Refused("invalid", "Custom fields: letters, digits, underscore.")
            try:
                person = self._person(lead.get("profileUrl"))
            except Refused:
                counts["failedLeadsCount"] += 1
                continue
            new = campaign.take_up(person, texts, request=ask.number)
            counts["addedLeadsCount" if new else "updatedLeadsCount"] += 1
        return counts

    def leads(self, ask: Ask) -> Body:
        campaign = self._own_campaign(ask.body.get("campaignId"))
        rows = [
            shapes.lead(one, account=ACCOUNT) for one in campaign.everybody() if one.at <= ask.seen
        ]
        if since := ask.body.get("timeFrom"):
            moment = datetime.fromisoformat(since)
            rows = [row for row in rows if _last_of(row) >= moment]
        return _page(rows, ask.body)

    def campaigns_of(self, ask: Ask) -> Body:
        person = self._person(ask.body.get("profileUrl"))
        found = ((number, one.find(person)) for number, one in self._campaigns.items())
        rows = [
            {
                "campaignId": number,
                "campaignName": "The fair",
                "campaignStatus": "IN_PROGRESS",
                "leadStatus": one.status,
            }
            for number, one in found
            if one is not None and one.at <= ask.seen
        ]
        return _page(rows, ask.body)

    def stop(self, ask: Ask) -> None:
        campaign = self._own_campaign(ask.body.get("campaignId"))
        campaign.stop(self._person(ask.body.get("leadUrl")), request=ask.number)

    def is_connection(self, ask: Ask) -> Body:
        self._own(ask.body.get("senderAccountId"))
        person = self._person(ask.body.get("leadProfileUrl"))
        return {"isConnection": self._market.standing(person, ask.seen).distance == 1}

    def conversations(self, ask: Ask) -> Body:
        filters = ask.body.get("filters") or {}
        if ACCOUNT not in (filters.get("linkedInAccountIds") or [ACCOUNT]):
            return _page([], ask.body)
        chats = self._market.chats(ask.seen)
        if address := filters.get("leadProfileUrl"):
            key = self._person(address).key
            chats = [chat for chat in chats if chat.person is not None and chat.person.key == key]
        items = [shapes.conversation(chat, account=ACCOUNT, last=_SHOWN) for chat in chats]
        return _page(items, ask.body)

    def chatroom(self, ask: Ask) -> Body:
        self._own(ask.path["account"])
        chat = self._chat(ask.path["conversation"], ask.seen)
        return shapes.conversation(chat, account=ACCOUNT)

    def send_message(self, ask: Ask) -> None:
        self._own(ask.body.get("linkedInAccountId"))
        # Conversations are found as they are now: a lag hides texts from reads alone.
        chat = self._chat(str(ask.body.get("conversationId")), self._market.now())
        if chat.person is None:
            raise Refused("invalid", "Group chats take no messages.")
        text = str(ask.body.get("message") or "")
        self._market.write(chat.person.provider_id, text, inmail=True, request=ask.number)

    def create_hook(self, ask: Ask) -> Body:
        return shown(self._hooks.create(ask.body, self._market.now()))

    def hooks(self, ask: Ask) -> Body:
        return _page([shown(one) for one in self._hooks.all()], ask.body)

    def delete_hook(self, ask: Ask) -> None:
        self._hooks.delete(str(ask.query.get("webhookId")))

    # --- back rooms ---------------------------------------------------------------------------

    def _ask(self, request: Request, raw: bytes) -> Ask:
        try:
            body = msgspec.json.decode(raw, type=Body) if raw else {}
        except msgspec.MsgspecError as exc:
            raise Refused("invalid", "The body is no JSON object.") from exc
        return Ask(
            query=request.query_params,
            path=request.path_params,
            body=body,
            number=self._number,
            seen=self._faults.read_moment(self._market.now()),
        )

    def _person(self, address: object) -> Person:
        found = _SLUG.search(str(address or ""))
        if found is None:
            raise Refused("resource_not_found", "No such profile.")
        return self._market.find(unquote(found[1]))

    def _chat(self, named: str, moment: datetime) -> Chat:
        for chat in self._market.chats(moment):
            if shapes.chat_id(chat) == named:
                return chat
        raise Refused("resource_not_found", "Conversation not found.")

    def _own(self, account: object) -> None:
        if str(account) != str(ACCOUNT):
            raise Refused("resource_not_found", "LinkedIn account not found.")

    def _own_campaign(self, number: object) -> Campaign:
        for one in self._campaigns.values():
            if str(number) == str(one.number):
                return one
        raise Refused("resource_not_found", "Campaign not found.")


def _last_of(row: Body) -> datetime:
    moments = (row["lastActionTime"], row["failedTime"], row["creationTime"])
    return datetime.fromisoformat(next(filter(None, moments)))


def _page(items: list[Body], body: Body) -> Body:
    start, limit = int(body.get("offset") or 0), int(body.get("limit") or _PAGE_MAX)
    if not 0 < limit <= _PAGE_MAX or start < 0:
        raise Refused("invalid", "limit must be 1 to 100.")
    return {"totalCount": len(items), "items": items[start : start + limit]}


def _error(status: int, what: str) -> bytes:
    """An error as ASP.NET writes it."""
    title = {401: "Unauthorized", 404: "Not Found"}.get(status, "Error")
    return msgspec.json.encode({"title": title, "errorMessage": what, "errors": None})


def _json(status: int, body: bytes) -> Response:
    return Response(body, status_code=status, media_type="application/json")
