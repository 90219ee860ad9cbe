"""Every address of the page, and who answers it."""

from __future__ import annotations

from importlib.resources import files

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ingagents.app.department import Department
from ingagents.errors import IngagentsError
from ingagents.web.decisions import Decisions
from ingagents.web.guard import LOGIN
from ingagents.web.live import Live
from ingagents.web.machines import Machines
from ingagents.web.pages import Pages

_STATIC = {"page.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8"}
_POST = ["POST"]


def application_of(department: Department) -> Starlette:
    """The page behind its guard."""
    machines, pages = Machines(department), Pages(department)
    decisions, live = Decisions(department, pages), Live(department)
    return Starlette(
        routes=[
            Route("/healthz", machines.healthz),
            Route("/readyz", machines.readyz),
            Route("/metrics", machines.metrics),
            Route("/static/{name}", _static),
            Route("/live", live.events),
            Route(LOGIN, pages.login),
            Route(LOGIN, decisions.login, methods=_POST),
            Route("/logout", decisions.logout, methods=_POST),
            Route("/", pages.today),
            Route("/review", pages.reviews),
            Route("/review/{id}", pages.review),
            Route("/review/{id}", decisions.decide, methods=_POST),
            Route("/leads", pages.leads),
            Route("/lead/{id}", pages.lead),
            Route("/lead/{id}", decisions.follow_up, methods=_POST),
            Route("/funnel", pages.funnel),
            Route("/replies", pages.replies),
            Route("/health", pages.health),
            Route("/health", decisions.pause, methods=_POST),
            Route("/journal", pages.journal),
        ],
        exception_handlers={IngagentsError: pages.problem, 404: pages.nothing_there},
    )


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _STATIC:
        return Response(status_code=404)
    body = (files("ingagents.web") / "static" / name).read_bytes()
    return Response(body, media_type=_STATIC[name], headers={"Cache-Control": "max-age=300"})
