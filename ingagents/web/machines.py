"""What machines ask: is it alive, is it ready, and how does it stand in figures."""

from __future__ import annotations

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from ingagents.app.department import Department
from ingagents.errors import StoreError
from ingagents.events import ROLES
from ingagents.web.metrics import CONTENT_TYPE, as_prometheus

_DATABASE_SECONDS = 4.0


class Machines:
    """The three answers."""

    def __init__(self, department: Department) -> None:
        self._department = department

    async def healthz(self, _: Request) -> Response:
        """The process answers."""
        return PlainTextResponse("ok\n")

    async def readyz(self, _: Request) -> Response:
        """The database takes commits and every agent is at work; 503 where not, with what is not."""
        agents = self._department.agents
        away = [role for role in ROLES if role not in agents or not agents[role].is_running]
        trouble = await self._database_trouble()
        ready = not trouble and not away
        told = {"ready": ready, "database": trouble or "ok", "not_at_work": away}
        return JSONResponse(told, 200 if ready else 503)

    async def metrics(self, _: Request) -> Response:
        """The figures, as Prometheus reads them."""
        try:
            status = await self._department.status(people=False)
        except StoreError as exc:
            return PlainTextResponse(f"{exc.what}\n", 503)
        return PlainTextResponse(as_prometheus(status), media_type=CONTENT_TYPE)

    async def _database_trouble(self) -> str:
        """What is wrong with the database; "" where a commit goes through, which changes nothing."""
        with anyio.move_on_after(_DATABASE_SECONDS):
            try:
                await self._department.store.write(lambda _: None)
            except StoreError as exc:
                return exc.what
            else:
                return ""
        return f"no answer within {_DATABASE_SECONDS:.0f} seconds"
