"""The market as Unipile v2: v1's face behind the newer routes, shapes and error types.

What the vendor's pages do not say of v2 is left out: why LinkedIn refused something has no name of
its own here, an account's paid features are not shown, and filters are looked up nowhere.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import httpx
import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from ingagents.sandbox.faults import FaultPlan, FaultRule, Faults, FaultyWire
from ingagents.sandbox.market.market import Market
from ingagents.sandbox.unipile.api import PREFIX as V1
from ingagents.sandbox.unipile.api import create_app as create_v1

PREFIX = "/v2"
_PAGE = 20
_STATES = {"OK": "running", "CREDENTIALS": "disconnected", "STOPPED": "paused"}
_TYPES = {
    "missing_credentials": "api/missing_authorization",
    "account_restricted": "api/account_restricted",
    "invalid_parameters": "api/invalid_parameters",
    "too_many_requests": "provider/too_many_requests",
    "resource_not_found": "provider/resource_not_found",
    "user_unreachable": "provider/resource_not_found",
    "disconnected_account": "provider/invalid_authorization",
    "expired_credentials": "provider/invalid_authorization",
    "unexpected_error": "api/internal_error",
    "request_timeout": "provider/timeout",
}
_STATUS = {"provider/resource_not_found": 404, "provider/invalid_authorization": 401}

Body = dict[str, Any]
Handler = Callable[[Request, Body], Awaitable[Body]]


class _Refused(Exception):
    """v1's face refused, with this status and error type."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


class _Unstruck(Faults):
    """What a plan says of the market; its rules strike outside, on the newer paths."""

    def __init__(self, outer: Faults) -> None:
        super().__init__()
        self._outer = outer

    @property
    def plan(self) -> FaultPlan:
        return self._outer.plan

    @plan.setter
    def plan(self, plan: FaultPlan) -> None:
        del plan

    def strike(self, request: str) -> FaultRule | None:
        del request
        return None

    def read_moment(self, now: datetime) -> datetime:
        return self._outer.read_moment(now)


def create_app(
    market: Market,
    *,
    api_key: str | None = "sandbox",
    account_id: str = "sandbox-account",
    faults: Faults | None = None,
) -> ASGIApp:
    """The ASGI application. With `api_key` None any key will do, as long as there is one."""
    faults = faults or Faults()
    inner = create_v1(market, api_key=api_key, account_id=account_id, faults=_Unstruck(faults))
    face = _Face(inner, account_id)
    routes = [Route(PREFIX + path, face.wrap(h), methods=[m]) for m, path, h in face.routes()]
    return FaultyWire(
        Starlette(routes=routes), faults, prefix=f"{PREFIX}/{account_id}", error=_error
    )


class _Face:
    """One method per route; each asks v1's face."""

    def __init__(self, inner: ASGIApp, account_id: str) -> None:
        self._inner = inner
        self._account_id = account_id

    def routes(self) -> list[tuple[str, str, Handler]]:
        """Method, path and handler; the order matters where paths overlap."""
        requests = "/{account}/users/me/relation-requests"
        return [
            ("GET", "/accounts/{account}", self.account),
            ("GET", "/{account}/users/me", self.me),
            ("GET", "/{account}/users/me/relations", self.relations),
            ("GET", requests, self.requests),
            ("POST", requests, self.invite),
            ("POST", requests + "/{request}/cancel", self.cancel),
            ("GET", "/{account}/users/{user}/chat", self.chat_with),
            ("GET", "/{account}/users/{user}", self.user),
            ("POST", "/{account}/chats/send", self.send),
            ("GET", "/{account}/chats", self.chats),
            ("GET", "/{account}/chats/{chat}/messages", self.messages),
            ("POST", "/{account}/linkedin/search/people", self.search),
            ("POST", "/{account}/linkedin/sales-navigator/search/people", self.search),
        ]

    def wrap(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        """A handler as Starlette calls it."""

        async def answer(request: Request) -> Response:
            raw = await request.body()
            try:
                body = msgspec.json.decode(raw or b"{}", type=Body)
                told = await handler(request, body)
            except msgspec.MsgspecError:
                return _json(400, _error(400, "invalid_parameters"))
            except _Refused as exc:
                kind = _type_of(exc.code)
                status = _STATUS.get(kind, exc.status)
                return _json(status, _error(status, exc.code))
            return _json(200, msgspec.json.encode(told))

        return answer

    async def account(self, request: Request, _: Body) -> Body:
        shown = await self._v1(request, "GET", f"/accounts/{request.path_params['account']}")
        status = _STATES.get(shown["sources"][0]["status"], "error")
        return {"object": "Account", "id": shown["id"], "name": shown["name"], "status": status}

    async def me(self, request: Request, _: Body) -> Body:
        return _user(await self._v1(request, "GET", "/users/me"))

    async def user(self, request: Request, _: Body) -> Body:
        sections = {"linkedin_sections": request.query_params.get("with_sections", "")}
        shown = await self._v1(request, "GET", f"/users/{request.path_params['user']}", sections)
        told = _user(shown)
        if invitation := shown.get("invitation"):
            told["relation_request"] = {"type": invitation["type"].lower()}
            told["relation_request_status"] = invitation["status"].lower()
        return told

    async def relations(self, request: Request, _: Body) -> Body:
        page = await self._v1(request, "GET", "/users/relations", _paging(request))
        items = [
            {"object": "Relation", "id": one["connection_urn"], "user": _user(one, "member_id")}
            | {"created_at": one["created_at"]}
            for one in page["items"]
        ]
        return _envelope(items, page["cursor"])

    async def requests(self, request: Request, _: Body) -> Body:
        items: list[Body] = []
        cursor: str | None = None
        while cursor is not None or not items:
            more = {"limit": 100} | ({"cursor": cursor} if cursor else {})
            page = await self._v1(request, "GET", "/users/invite/sent", more)
            items += page["items"]
            cursor = page["cursor"]
            if cursor is None:
                break
        start = int(request.query_params.get("offset", 0))
        limit = int(request.query_params.get("limit", _PAGE))
        shown = [
            {
                "object": "RelationRequest",
                "id": one["id"],
                "type": "sent",
                "created_at": one.get("parsed_datetime"),
                "message": one.get("invitation_text"),
                "user": {
                    "id": one.get("invited_user_id"),
                    "type": "person",
                    "public_identifier": one.get("invited_user_public_id"),
                    "display_name": one.get("invited_user"),
                },
            }
            for one in items[start : start + limit]
        ]
        return {"data": shown, "total_count": len(items)}

    async def invite(self, request: Request, body: Body) -> Body:
        wish = {"account_id": request.path_params["account"], "provider_id": body.get("user_id")}
        note = {"message": body["message"]} if "message" in body else {}
        made = await self._v1(request, "POST", "/users/invite", {}, {**wish, **note})
        user = {"id": body.get("user_id"), "type": "person"}
        told = {"object": "RelationRequest", "id": made["invitation_id"], "type": "sent"}
        return {**told, "user": user, **note}

    async def cancel(self, request: Request, _: Body) -> Body:
        number = request.path_params["request"]
        await self._v1(request, "DELETE", f"/users/invite/sent/{number}")
        return {"object": "RelationRequest", "id": number, "type": "sent"}

    async def send(self, request: Request, body: Body) -> Body:
        users = body.get("users_ids")
        wish = {
            "account_id": request.path_params["account"],
            "attendees_ids": users if isinstance(users, list) else [users],
            "text": body.get("text"),
        }
        made = await self._v1(request, "POST", "/chats", {}, wish)
        return {"chat_id": made["chat_id"], "message_id": [made["message_id"]]}

    async def chat_with(self, request: Request, _: Body) -> Body:
        path = f"/chat_attendees/{request.path_params['user']}/chats"
        page = await self._v1(request, "GET", path)
        if not page["items"]:
            raise _Refused(404, "resource_not_found")
        return _chat(page["items"][0])

    async def chats(self, request: Request, _: Body) -> Body:
        bounds = {k: v for k, v in request.query_params.items() if k in {"after", "before"}}
        page = await self._v1(request, "GET", "/chats", {**_paging(request), **bounds})
        return _envelope([_chat(one) for one in page["items"]], page["cursor"])

    async def messages(self, request: Request, _: Body) -> Body:
        bounds = {k: v for k, v in request.query_params.items() if k in {"after", "before"}}
        path = f"/chats/{request.path_params['chat']}/messages"
        page = await self._v1(request, "GET", path, {**_paging(request), **bounds})
        return _envelope([_message(one) for one in page["items"]], page["cursor"])

    async def search(self, request: Request, body: Body) -> Body:
        api = "sales_navigator" if "sales-navigator" in request.url.path else "classic"
        wish = body if "cursor" in body else {"api": api, "category": "people", **body}
        page = await self._v1(request, "POST", "/linkedin/search", _paging(request), wish)
        hits = [_user(one, "id") for one in page["items"]]
        return {**_envelope(hits, page["cursor"]), "total_count": page["paging"]["total_count"]}

    async def _v1(
        self,
        request: Request,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Body | None = None,
    ) -> Body:
        account = request.path_params["account"]
        transport = httpx.ASGITransport(self._inner)
        async with httpx.AsyncClient(transport=transport, base_url="http://v1") as http:
            answer = await http.request(
                method,
                V1 + path,
                params={"account_id": account, **(query or {})},
                json=body,
                headers={"X-API-KEY": request.headers.get("x-api-key", "")},
            )
        told: Body = msgspec.json.decode(answer.content)
        if not answer.is_success:
            raise _Refused(answer.status_code, str(told["type"]).removeprefix("errors/"))
        return told


def _paging(request: Request) -> Body:
    query = request.query_params
    cursor = {"cursor": query["cursor"]} if "cursor" in query else {}
    return {"limit": query.get("limit", _PAGE), **cursor}


def _envelope(items: list[Body], cursor: str | None) -> Body:
    return {"data": items, **({"next_cursor": cursor} if cursor else {})}


def _user(shown: Body, id_field: str = "provider_id") -> Body:
    """A person; what v1 calls it by, v2 calls id and display_name."""
    left = {"object", "provider", "provider_id", "member_id", "invitation", "connection_urn"}
    kept = {name: value for name, value in shown.items() if name not in left}
    names = (shown.get("first_name"), shown.get("last_name"))
    name = shown.get("name") or " ".join(filter(None, names))
    return {**kept, "object": "User", "id": shown.get(id_field), "display_name": name}


def _chat(shown: Body) -> Body:
    other = shown.get("attendee_provider_id")
    kept = {name: value for name, value in shown.items() if name != "attendee_provider_id"}
    return {**kept, "users": [{"id": other}] if other else []}


def _message(shown: Body) -> Body:
    """Ids and times as they are, flags as real booleans under their newer names."""
    flags = {f"is_{one}": bool(shown.get(one)) for one in ("hidden", "deleted", "edited")}
    kept = {name: value for name, value in shown.items() if f"is_{name}" not in flags}
    flags |= {one: bool(shown[one]) for one in ("is_sender", "is_event") if one in shown}
    return {**kept, **flags}


def _type_of(code: str) -> str:
    return _TYPES.get(code, "provider/unprocessable_entity")


def _error(status: int, code: str) -> bytes:
    kind = _type_of(code)
    told = {"object": "Error", "type": kind, "status": status, "title": kind.partition("/")[2]}
    return msgspec.json.encode({**told, "detail": None, "req_id": "r-1"})


def _json(status: int, body: bytes) -> Response:
    return Response(body, status_code=status, media_type="application/json")
