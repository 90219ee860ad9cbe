"""Every address of the page, and who answers it."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import Route

from ingagents.app.department import Department
from ingagents.web.machines import Machines


def application_of(department: Department) -> Starlette:
    """The page behind its guard."""
    machines = Machines(department)
    return Starlette(
        routes=[
            Route("/healthz", machines.healthz),
            Route("/readyz", machines.readyz),
            Route("/metrics", machines.metrics),
        ]
    )
