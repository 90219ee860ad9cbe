"""What every request to the simulated Unipile goes through, before and after its handler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ingagents.sandbox.faults import Faults
from ingagents.sandbox.guard import key_fits
from ingagents.sandbox.market.market import Market, Refused
from ingagents.sandbox.unipile.errors import STATUS, error_body
from ingagents.sandbox.unipile.http import Ask, read_body
from ingagents.sandbox.unipile.shapes import account

Answer = tuple[int, object]
Handler = Callable[[Ask], Answer]


class OwnAccount:
    """The one account the face has, as it is named, asked for and shown."""

    def __init__(self, market: Market, account_id: str, faults: Faults) -> None:
        self.id = account_id
        self._market = market
        self._faults = faults

    def shape(self) -> dict[str, Any]:
        """The account as its routes show it."""
        return account(self._market, self.id, self._faults.plan.account_status)

    def check(self, account_id: str | None, *, acting: bool = False) -> None:
        """Whether a request names it, and it may act.

        Raises:
            Refused: `missing_parameters`, `resource_not_found`, `disconnected_account`.
        """
        if not account_id:
            raise Refused("missing_parameters", "account_id is required.")
        if account_id != self.id:
            raise Refused("resource_not_found", "Account not found.")
        if acting and self._faults.plan.account_status != "OK":
            raise Refused("disconnected_account", "The account has to be reconnected.")

    def check_filter(self, ask: Ask) -> None:
        """On some routes the account is only a filter, and may be left out."""
        if "account_id" in ask.query:
            self.check(ask.query["account_id"])


class Gate:
    """What every request goes through: key, body, clock and the shape of refusals."""

    def __init__(self, market: Market, faults: Faults, api_key: str | None) -> None:
        self._market = market
        self._faults = faults
        self._api_key = api_key
        acts = market.record.acts
        self._number = acts[-1].request if acts else 0

    def wrap(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        """A handler as Starlette calls it."""

        async def answer(request: Request) -> Response:
            self._number += 1
            try:
                status, body = handler(await self._ask(request))
            except Refused as exc:
                status = STATUS[exc.code]
                return _json(status, error_body(status, exc.code, exc.detail))
            return _json(status, msgspec.json.encode(body))

        return answer

    async def _ask(self, request: Request) -> Ask:
        number = self._number
        if not key_fits(request.headers.get("x-api-key", ""), self._api_key):
            raise Refused("missing_credentials", "The API key is missing or wrong.")
        raw = await request.body()
        self._market.catch_up()
        now = self._market.now()
        return Ask(
            query=request.query_params,
            path=request.path_params,
            body=read_body(request.headers.get("content-type", ""), raw),
            number=number,
            now=now,
            seen=self._faults.read_moment(now),
        )


async def no_such_route(_request: Request, exc: Exception) -> Response:
    """The answer where no route fits."""
    status = exc.status_code if isinstance(exc, HTTPException) else 500
    return _json(status, error_body(status, "resource_not_found", "There is no such route."))


def _json(status: int, body: bytes) -> Response:
    return Response(body, status_code=status, media_type="application/json")
