"""All of the sandbox's services behind one address, told apart by the beginning of the path."""

from __future__ import annotations

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

from ingagents.sandbox.dripify import api as dripify_api
from ingagents.sandbox.dripify.news import DripifyNews
from ingagents.sandbox.faults import Faults
from ingagents.sandbox.google_sheets.api import PREFIX, SheetsFace
from ingagents.sandbox.heyreach import api as heyreach
from ingagents.sandbox.heyreach.webhooks import HeyReachNews
from ingagents.sandbox.llm.anthropic import AnthropicFace
from ingagents.sandbox.llm.api import ModelFaults, create_models_app
from ingagents.sandbox.llm.openai import OpenAIFace
from ingagents.sandbox.market.market import Market
from ingagents.sandbox.postman import Postman, Teller
from ingagents.sandbox.unipile import v2
from ingagents.sandbox.unipile.news import UnipileNews

MODEL_PATHS = (OpenAIFace.prefix + "/", AnthropicFace.prefix + "/", "/sandbox/models/")


def with_models(
    market: ASGIApp, *, api_key: str | None = None, faults: ModelFaults | None = None
) -> ASGIApp:
    """The market's application with the model vendors' faces beside it."""
    models = create_models_app([OpenAIFace(), AnthropicFace()], api_key=api_key, faults=faults)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope.get("path", ""))
        face = models if path.startswith(MODEL_PATHS) else market
        await face(scope, receive, send)

    return application


def with_campaigns(
    app: ASGIApp, market: Market, *, api_key: str | None = None, faults: Faults | None = None
) -> ASGIApp:
    """An application with the services beside it whose own campaign sends, and Unipile's v2."""
    faces = {
        heyreach.PREFIX: heyreach.create_app(market, api_key=api_key, faults=faults),
        dripify_api.PREFIX: dripify_api.create_app(market, api_key=api_key, faults=faults),
        v2.PREFIX: v2.create_app(market, api_key=api_key, faults=faults),
    }

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope.get("path", ""))
        face = next((one for prefix, one in faces.items() if path.startswith(f"{prefix}/")), app)
        await face(scope, receive, send)

    return application


def postman_of(
    market: Market,
    account_id: str,
    faults: Faults,
    http: httpx.AsyncClient,
    *,
    dripify: str | None = None,
) -> Postman:
    """Who posts the webhooks that are registered over HTTP, of every service that has such.

    At Dripify none can be: it posts to `dripify`, where that is given.
    """
    tellers: list[Teller] = [
        UnipileNews(market, account_id=account_id, faults=faults),
        HeyReachNews(market, account=heyreach.ACCOUNT, campaign=heyreach.CAMPAIGN),
    ]
    if dripify:
        tellers.append(DripifyNews(market, url=dripify))
    return Postman(market, *tellers, faults=faults, http=http)


def with_sheet(app: ASGIApp, sheets: SheetsFace) -> ASGIApp:
    """An application with the spreadsheet beside it."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope.get("path", ""))
        face = sheets.app if path == PREFIX or path.startswith(f"{PREFIX}/") else app
        await face(scope, receive, send)

    return application
