"""The live screen: one day of the department at a glance, drawn a few times a second.

Reads what `status` reads and the newest journal entries; it decides nothing and holds nothing up.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import anyio
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from ingagents.communication import journal
from ingagents.communication.journal import Entry
from ingagents.core.day_figures import DayFigures
from ingagents.ports import Transaction

if TYPE_CHECKING:
    from ingagents.department import Department

__all__ = ["watching"]

_LOOKS_A_SECOND = 4
_LINES = 12
_NAMES_KEPT = 2000


@asynccontextmanager
async def watching(department: Department) -> AsyncGenerator[None, None]:
    """Show the department at work while the block runs; the last picture stays on the terminal."""
    console = Console(stderr=True)
    feed = _Feed(department)
    with Live(console=console, refresh_per_second=_LOOKS_A_SECOND, transient=False) as live:
        async with anyio.create_task_group() as tasks:

            async def draw() -> None:
                while True:
                    live.update(await feed.picture())
                    pause = timedelta(seconds=department.clock.pace / _LOOKS_A_SECOND)
                    await department.clock.sleep_until(department.clock.now() + pause)

            tasks.start_soon(draw)
            try:
                yield
            finally:
                tasks.cancel_scope.cancel()
                with anyio.CancelScope(shield=True):
                    live.update(await feed.picture(over=True))


class _Feed:
    """What the screen shows: today's figures, the agents, and the last things that happened."""

    def __init__(self, department: Department) -> None:
        self._department = department
        self._zone = ZoneInfo(department.settings.campaign.timezone)
        self._lines: deque[Text] = deque(maxlen=_LINES)
        self._names: dict[str, str] = {}
        self._seen: int | None = None

    async def picture(self, *, over: bool = False) -> Panel:
        """The whole screen, as it stands now; without the agents when the day is `over`."""
        department = self._department
        status = await department.status()
        report = await department.report()
        await self._read_on()
        at = department.clock.now().astimezone(self._zone)
        title = f"{department.settings.campaign.event_name}  {at:%A %d %B %Y, %H:%M}"
        where = "sandbox" if status["service"] == "sandbox" else status["service"]
        parts: list[RenderableType] = [
            _funnel(report.today),
            _limits(status["limits"]),
            Text(),
        ]
        if not over:
            parts += [_agents(status["agents"]), Text()]
        parts += self._lines or [Text("nothing has happened yet", style="dim")]
        if status["paused"]:
            parts.insert(0, Text(f"PAUSED: {status['paused']['reason']}", style="bold red"))
        return Panel(Group(*parts), title=title, subtitle=where, padding=(0, 1))

    async def _read_on(self) -> None:
        """Turn the journal's newest entries into lines."""

        def read(transaction: Transaction) -> list[Entry]:
            if self._seen is None:
                self._seen = journal.last_seq(transaction)
            return journal.entries(transaction, after=self._seen, limit=500)

        for entry in await self._department.store.read(read):
            self._seen = entry.seq
            line = self._line(entry)
            if line is not None:
                self._lines.append(line)

    def _line(self, entry: Entry) -> Text | None:
        data = json.loads(entry.data)
        if entry.type == "lead_discovered":
            if len(self._names) < _NAMES_KEPT:
                self._names[data["lead_id"]] = data.get("name", "")
            return None
        said = _say(entry.type, data, self._names.get(data.get("lead_id", ""), ""))
        if said is None:
            return None
        at = datetime.fromisoformat(entry.timestamp).astimezone(self._zone)
        text, style = said
        return Text.assemble(
            (f"{at:%H:%M} ", "dim"),
            (f"{entry.agent:<14}", "cyan"),
            (" ".join(text.split()), style),
            overflow="ellipsis",
            no_wrap=True,
        )


def _say(kind: str, data: Mapping[str, Any], name: str) -> tuple[str, str] | None:
    """One event in a few words; None for those that would only flood the screen."""
    match kind:
        case "search_request":
            return f"asks for leads: {data.get('reason', '')}", ""
        case "search_finished":
            return f"found {data['discovered']} of {data['seen']} people", "bold"
        case "lead_allocation":
            return f"allocated {len(data['lead_ids'])} leads by {data.get('strategy', '')}", "bold"
        case "message_sent":
            return f"{data['kind']} to {name or data['lead_id'][:8]}", ""
        case "invitation_accepted":
            return f"{name or data['lead_id'][:8]} accepted", "green"
        case "response_received":
            style = {"positive": "bold green", "negative": "red"}.get(data["sentiment"], "yellow")
            return f"{name or data['lead_id'][:8]}: {data.get('response_text', '')[:90]}", style
        case "team_notified":
            about = data["about"]
            if about.startswith("reply:"):
                about = f"{name or 'a lead'} answered positively"
            return f"told the team: {about}", "bold green"
        case "report_made":
            return f"report of {data['day']}", "bold"
        case "delivery_uncertain" | "agent_error" | "delivery_refused" | "performance_alert":
            return (
                f"{kind.replace('_', ' ')}: {data.get('detail') or data.get('error') or ''}",
                "red",
            )
        case "outreach_paused":
            return f"paused: {data.get('reason', '')}", "bold red"
        case _:
            return None


def _funnel(today: DayFigures) -> Table:
    """Today from found to positive, as bars on one scale."""
    rows = (
        ("found", today.leads_discovered, "blue"),
        ("contacted", today.messages_sent, "cyan"),
        ("accepted", today.accepted_invitations, "magenta"),
        ("replied", today.responses, "yellow"),
        ("positive", today.positive_responses, "green"),
    )
    scale = max(1, *(count for _, count, _ in rows))
    table = Table.grid(padding=(0, 1))
    for label, count, colour in rows:
        bar = ProgressBar(
            total=scale, completed=count, width=40, complete_style=colour, finished_style=colour
        )
        table.add_row(Text(f"{label:<10}"), Text(f"{count:>4}", style="bold"), bar)
    return table


def _limits(limits: Mapping[str, Any]) -> Text:
    text = (
        f"sent {limits['sent_today']} of {limits['daily_limit']} today,"
        f" {limits['sent_this_week']} of {limits['weekly_limit']} this week"
    )
    waits = f"; waits: {limits['waits_for']}" if limits["waits_for"] else ""
    return Text(text + waits, style="dim", overflow="ellipsis", no_wrap=True)


def _agents(agents: list[dict[str, Any]]) -> Table:
    table = Table.grid(padding=(0, 2))
    for agent in agents:
        healthy = agent["status"] in {"healthy", "working"}
        table.add_row(
            Text(agent["agent"], style="cyan"),
            Text(agent["status"], style="green" if healthy else "yellow"),
            Text(agent.get("doing", ""), overflow="ellipsis", no_wrap=True),
        )
    return table
