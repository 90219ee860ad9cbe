"""The market as Dripify's Open API: one campaign that takes people, and lists how far it is."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
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
from ingagents.sandbox.market.campaign import Campaign, Enrolled
from ingagents.sandbox.market.market import Market, Refused
from ingagents.sandbox.market.people import Person
from ingagents.sandbox.unipile.http import iso

PREFIX = "/v1/open-api"
CAMPAIGN = "c-815"
_ITS_WORDS = {"first_message": "Thank you for connecting!"}
"""What the campaign sends: no word of it comes by the API."""
_SLUG = re.compile(r"/in/([^/?#]+)")

Body = dict[str, Any]
Handler = Callable[[Request, Body], tuple[int, object]]


def create_app(
    market: Market, *, api_key: str | None = "sandbox", faults: Faults | None = None
) -> ASGIApp:
    """The ASGI application. With `api_key` None any key will do, as long as there is one."""
    faults = faults or Faults()
    face = _Face(market, api_key)
    routes = [Route(PREFIX + path, face.wrap(h), methods=[m]) for m, path, h in face.routes()]
    return FaultyWire(Starlette(routes=routes), faults, prefix=PREFIX, error=_error)


class _Face:
    """One method per route."""

    def __init__(self, market: Market, api_key: str | None) -> None:
        self._market = market
        self._api_key = api_key
        self._campaign = Campaign(market, 1)
        acts = market.record.acts
        self._number = acts[-1].request if acts else 0

    def routes(self) -> list[tuple[str, str, Handler]]:
        """Method, path and handler."""
        return [
            ("GET", "/campaigns", self.campaigns),
            ("POST", "/campaigns/{campaign}/leads", self.add_leads),
            ("GET", "/leads", self.leads),
            ("POST", "/leads/search", self.search),
        ]

    def wrap(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        """A handler as Starlette calls it; before each, the campaign does what is due."""

        async def answer(request: Request) -> Response:
            self._number += 1
            if not key_fits(request.headers.get("x-api-key", ""), self._api_key):
                return _json(401, _error(401, "Unauthorized"))
            raw = await request.body()
            self._market.catch_up()
            self._campaign.go_on(self._number)
            try:
                status, told = handler(request, msgspec.json.decode(raw or b"{}", type=Body))
            except (Refused, msgspec.MsgspecError) as exc:
                return _json(404 if isinstance(exc, Refused) else 400, _error(404, str(exc)))
            return _json(status, msgspec.json.encode(told))

        return answer

    def campaigns(self, request: Request, body: Body) -> tuple[int, object]:
        del request, body
        shown = {"id": CAMPAIGN, "name": "The fair", "status": "ACTIVE", "active": True}
        return 200, {"items": [shown], "nextCursor": None}

    def add_leads(self, request: Request, body: Body) -> tuple[int, object]:
        if request.path_params["campaign"] != CAMPAIGN:
            raise Refused("resource_not_found", "Campaign not found")
        accepted = duplicates = 0
        for lead in body.get("leads") or ():
            person = self._person(lead.get("linkedinUrl"))
            if self._campaign.find(person) is not None:
                duplicates += 1
                continue
            self._campaign.take_up(person, _ITS_WORDS, request=self._number)
            accepted += 1
        told = {"leadList": {"id": f"l-{self._number}"}}
        return 201, {**told, "acceptedCount": accepted, "duplicateCount": duplicates}

    def leads(self, request: Request, body: Body) -> tuple[int, object]:
        del body
        if request.query_params.get("campaignId") != CAMPAIGN:
            raise Refused("resource_not_found", "Campaign not found")
        limit = int(request.query_params.get("limit", 25))
        start = int(request.query_params.get("cursor", 0))
        everybody = list(self._campaign.everybody())
        shown = [_lead(one) for one in everybody[start : start + limit]]
        more = start + limit < len(everybody)
        return 200, {"items": shown, "nextCursor": str(start + limit) if more else None}

    def search(self, request: Request, body: Body) -> tuple[int, object]:
        """A bare list, as the service answers here alone."""
        del request
        one = self._campaign.find(self._person(body.get("linkedinUrl")))
        return 200, [] if one is None else [_lead(one)]

    def _person(self, address: object) -> Person:
        found = _SLUG.search(str(address or ""))
        if found is None:
            raise Refused("resource_not_found", "Lead not found")
        return self._market.find(unquote(found[1]))


def _lead(one: Enrolled) -> Body:
    event = "CONNECT_SENT" if one.invited else None
    if one.messages:
        event = "MESSAGE_SENT"
    last = {"sequenceEventType": event, "createdAt": iso(one.last_at)} if event else None
    return {
        "id": f"d-{one.person.member_number}",
        "linkedinProfileUrl": f"https://www.linkedin.com/in/{one.person.slug}",
        "publicId": one.person.slug or None,
        "firstName": one.person.first_name,
        "lastName": one.person.last_name,
        "lastAction": last,
    }


def _error(status: int, what: str) -> bytes:
    return msgspec.json.encode({"statusCode": status, "message": what})


def _json(status: int, body: bytes) -> Response:
    return Response(body, status_code=status, media_type="application/json")
