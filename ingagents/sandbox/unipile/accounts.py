"""Several accounts behind one address, as a Unipile space has them: each call goes to the one it names.

Where a route names none (the texts of a chat), the accounts are asked in turn.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingagents.sandbox.market.market import Refused
from ingagents.sandbox.unipile.http import read_body

_NOT_FOUND = 404


def with_accounts(faces: Mapping[str, ASGIApp]) -> ASGIApp:
    """The faces of several accounts as one, by the account's id; whoever names another one asks the first."""
    first = next(iter(faces.values()))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await first(scope, receive, send)
            return
        body = await _body_of(receive)
        named = _named(scope, body)
        answer = await _asked(faces.get(named, first), scope, receive, body)
        for face in () if named else list(faces.values())[1:]:
            if answer and answer[0].get("status") == _NOT_FOUND:
                answer = await _asked(face, scope, receive, body)
        for message in answer:
            await send(message)

    return app


async def _body_of(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _named(scope: Scope, body: bytes) -> str:
    """The account a call names in its query, its path or its body; "" where it names none."""
    query = parse_qs(scope["query_string"].decode("latin-1"))
    if query.get("account_id"):
        return str(query["account_id"][0])
    parts = str(scope["path"]).strip("/").split("/")
    if "accounts" in parts[:-1]:
        return parts[parts.index("accounts") + 1]
    kind: str = dict(scope["headers"]).get(b"content-type", b"").decode("latin-1")
    try:
        found: object = read_body(kind, body).get("account_id") if body else ""
    except Refused:  # the account that is asked refuses it as well
        return ""
    return found if isinstance(found, str) else ""


async def _asked(face: ASGIApp, scope: Scope, receive: Receive, body: bytes) -> list[Message]:
    answer: list[Message] = []
    told: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def once_more() -> Message:
        return told.pop() if told else await receive()

    async def keep(message: Message) -> None:
        answer.append(message)

    await face(dict(scope), once_more, keep)
    return answer
