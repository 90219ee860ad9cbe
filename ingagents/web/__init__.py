"""What `run` serves where `web.enabled`: the team's page, and what machines ask.

hooks        what a service posts, which comes past the guard
guard        who may ask: the names of this machine, a token, sessions, forms that are our own
application  every address, and who answers it
pages        what is shown; decisions, what its forms do; live, the news while it is open
rendering    pages out of templates, every text escaped
machines     /healthz, /readyz, /metrics
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial

import anyio
from starlette.types import ASGIApp

from ingagents.app.department import Department
from ingagents.app.hooks import hook_readers, hook_secret
from ingagents.app.views.page import address_of, page_token
from ingagents.http_server import listen, serve
from ingagents.log import narrator
from ingagents.loopback import is_loopback
from ingagents.web.application import application_of
from ingagents.web.guard import Guard, Sessions
from ingagents.web.hooks import Hooks

__all__ = ["application", "serving"]

_AT_ONCE = 100
"""Connections; further ones are told to come again."""


@asynccontextmanager
async def serving(department: Department) -> AsyncGenerator[None, None]:
    """Serve beside what the block does, and end with it.

    Raises:
        SettingsError: the token or the webhooks' secret cannot be read, or is short.
        BusyElsewhere: the port is taken.
        UsageError: the host is no address.
    """
    web = department.settings.web
    guarded = application(department)
    listener = listen(web.host, web.port, allow_remote=True, remedy="choose another web.port")
    stop = anyio.Event()

    def tell(port: int) -> None:
        narrator().info("page.served", address=address_of(web.host, port))

    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(
                partial(
                    serve, guarded, listener, on_listening=tell, stop=stop, most_at_once=_AT_ONCE
                )
            )
            try:
                yield
            finally:
                stop.set()
    except BaseExceptionGroup as group:
        if len(group.exceptions) > 1:
            raise
        raise group.exceptions[0] from None


def application(department: Department) -> ASGIApp:
    """The page behind its guard, and the webhooks beside it.

    Raises:
        SettingsError: the token or the webhooks' secret cannot be read, or is short.
    """
    settings = department.settings
    web, token = settings.web, page_token(settings)
    host = web.host if is_loopback(web.host) else None
    guarded = Guard(application_of(department), Sessions(), host=host, token=token)
    return Hooks(guarded, department, hook_readers(settings), secret=hook_secret(settings))
