"""People whom the department knows from a list live in its own market as the list describes them."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from urllib.parse import unquote

from starlette.types import ASGIApp, Receive, Scope, Send

from ingagents.model import Profile
from ingagents.sandbox.market.market import Market
from ingagents.sandbox.unipile.api import PREFIX

Introduce = Callable[[str], Awaitable[Profile | None]]
"""What somebody's list says of the person with this identifier; None: they stand on none."""


def with_acquaintances(app: ASGIApp, market: Market, introduce: Introduce) -> ASGIApp:
    """The market's application; who is asked for and not known there is introduced first."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        asked = _USER.fullmatch(str(scope.get("path", "")))
        if asked and market.people.find(identifier := unquote(asked[1])) is None:
            profile = await introduce(identifier)
            if profile is not None:
                market.add_people([profile])
        await app(scope, receive, send)

    return application


_USER = re.compile(re.escape(PREFIX) + r"/users/([^/]{1,300})")
