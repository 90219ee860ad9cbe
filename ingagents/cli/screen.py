"""The live screen: the day of the department at a glance, drawn a few times a second.

Reads what `status` reads and the newest journal entries; it decides nothing and holds nothing up.
What it shows fits the terminal, 80 x 24 at least: long texts go on in a second line, and the newest
of what happened take the room that is left.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import anyio
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from ingagents.commands import LeadAllocation, SearchRequest
from ingagents.communication import journal
from ingagents.communication.journal import Entry
from ingagents.core.programme import in_words as say_programme
from ingagents.core.reporting.daily_metrics import DayFigures
from ingagents.core.sending.means import Scarce
from ingagents.core.text.excerpt import excerpt
from ingagents.display import counted
from ingagents.events import (
    AgentError,
    DeliveryRefused,
    DeliveryUncertain,
    Event,
    InvitationAccepted,
    MessageSent,
    OutreachPaused,
    PerformanceAlert,
    ReportMade,
    ResponseReceived,
    SearchFinished,
    TeamNotified,
    UnreadableEvent,
    decode,
    event_type,
)
from ingagents.model import Sentiment, Step, StepKind
from ingagents.ports import Transaction
from ingagents.services.management.reporting import figures_of
from ingagents.store.tables import deliveries, leads

if TYPE_CHECKING:
    from ingagents.app.department import Department
    from ingagents.app.views.status import AgentState, LimitsState, LlmState
    from ingagents.core.reporting.conversations import Waits
    from ingagents.services.why import NextUp

_LOOKS_A_SECOND = 4
_LINES_KEPT = 50
_LOOK_AHEAD_EVERY = 8
"""Every so many pictures it is looked who is next."""
_TEXT_MAX = 90
_AHEAD = 2
_WAITS_MAX = 200
_FRAME = (4, 3)
"""Columns and lines of a terminal that are the frame's, and the line below it the cursor's."""

_BEFORE_TEXT = 25
"""Columns before the text of what happened: the day and time, and who."""

_OF_PEOPLE = (MessageSent, InvitationAccepted, ResponseReceived, TeamNotified)
"""Events whose line names a person."""


@asynccontextmanager
async def watching(department: Department) -> AsyncGenerator[None, None]:
    """Show the department at work while the block runs; the last picture stays on the terminal."""
    console = Console(stderr=True)
    feed = Feed(department, console)
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


class Feed:
    """What the screen shows: today's figures, the agents, and the last things that happened."""

    def __init__(self, department: Department, console: Console) -> None:
        self._department = department
        self._console = console
        self._zone = ZoneInfo(department.settings.campaign.timezone)
        self._lines: deque[_Line] = deque(maxlen=_LINES_KEPT)
        self._seen: int | None = None
        self._pictures = 0
        self._ahead: tuple[NextUp, ...] = ()

    async def picture(self, *, over: bool = False) -> Panel:
        """The whole screen, as it stands now; without the agents when the day is `over`."""
        department = self._department
        at = department.clock.now().astimezone(self._zone)
        # Drawn four times a second: no more is read than is shown.
        status = await department.status(people=False)
        if self._pictures % _LOOK_AHEAD_EVERY == 0:
            self._ahead = await department.leads.next_up(_AHEAD)
        self._pictures += 1
        today = await department.store.read(lambda t: figures_of(t, at.date(), self._zone))
        await self._read_on()
        title = Text(_short(department.settings.campaign.event_name, 70))
        parts: list[RenderableType] = [
            _funnel(today),
            *(_limits(one, named=len(status.each) > 1) for one in status.each),
            _steps(status.each, status.conversations, self._zone),
            *([] if over else _next(self._ahead, at)),
            *_spent(status.llm),
            *_for_humans(sum(status.review.values())),
            *(
                Text(_short(one, _TEXT_MAX), style="dim")
                for one in say_programme(status.programme)[:1]
            ),
            Text(),
        ]
        if not over:
            parts += [_agents(status.agents), Text()]
        if status.paused:
            paused = _short(f"PAUSED: {status.paused.reason}", _TEXT_MAX)
            parts.insert(0, Text(paused, style="bold red"))
        parts.append(self._newest(self._room_beside(parts)))
        subtitle = f"{at:%A %d %B %Y, %H:%M}  {status.service}"
        return Panel(Group(*parts), title=title, subtitle=subtitle, padding=(0, 1))

    def _room_beside(self, parts: Sequence[RenderableType]) -> int:
        """How many lines of the terminal are left."""
        options = self._console.options.update(width=self._console.width - _FRAME[0], height=None)
        taken = self._console.render_lines(Group(*parts), options)
        return max(1, self._console.height - _FRAME[1] - len(taken))

    def _newest(self, room: int) -> RenderableType:
        """The last things that happened, as many as there is room for."""
        if not self._lines:
            return Text("nothing has happened yet", style="dim")
        width = max(1, self._console.width - _FRAME[0] - _BEFORE_TEXT)
        table = Table.grid(padding=(0, 1))
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True, width=_BEFORE_TEXT - 11)
        table.add_column()
        shown: list[_Line] = []
        for line in reversed(self._lines):
            room -= len(line.text.wrap(self._console, width))
            if room < 0:
                break
            shown.insert(0, line)
        for line in shown:
            table.add_row(Text(line.time, "dim"), Text(line.agent, "cyan"), line.text)
        return table

    async def _read_on(self) -> None:
        """Turn the journal's newest entries into lines."""

        def read(transaction: Transaction) -> list[tuple[Entry, Event | None, str, str]]:
            if self._seen is None:
                self._seen = journal.last_seq(transaction)
            found = journal.entries(transaction, after=self._seen, limit=500)
            read = [(entry, _event_of(entry)) for entry in found]
            return [
                (entry, event, _name_in(transaction, event), _step_in(transaction, event))
                for entry, event in read
            ]

        for entry, event, name, step in await self._department.store.read(read):
            self._seen = entry.seq
            said = _say(event, name, step) if event is not None else None
            if said is not None:
                text, style = said
                at = datetime.fromisoformat(entry.timestamp).astimezone(self._zone)
                self._lines.append(
                    _Line(f"{at:%a %H:%M}", entry.agent, Text(_short(text, _TEXT_MAX), style))
                )


class _Line(NamedTuple):
    """One thing that happened: when, by whom, what."""

    time: str
    agent: str
    text: Text


def _event_of(entry: Entry) -> Event | None:
    """What an entry holds; None when this version cannot read it."""
    try:
        return decode(entry.data, stored_type=entry.type, version=entry.version)
    except UnreadableEvent:
        return None


def _name_in(transaction: Transaction, event: Event | None) -> str:
    """Whom an event is about, where its line says so; also of people found before this run."""
    lead_id = event.lead_id if isinstance(event, _OF_PEOPLE) else None
    lead = leads.find(transaction, lead_id) if lead_id else None
    return lead.name if lead is not None else ""


def _step_in(transaction: Transaction, event: Event | None) -> str:
    """What step of the conversation a text was: `invitation`, `follow-up 1`."""
    act = (
        deliveries.find(transaction, event.delivery_id) if isinstance(event, MessageSent) else None
    )
    if act is None:
        return ""
    return act.in_words.removeprefix("the ")


def _short(text: str, most: int) -> str:
    """A text in one line, its end marked where it was cut."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _say(event: Event, name: str, step: str = "") -> tuple[str, str] | None:
    """One event in a few words; None for those that would only flood the screen."""
    match event:
        case SearchRequest():
            return f"asks for leads: {event.reason}", ""
        case SearchFinished():
            seen = counted(event.seen, "person", "people")
            return f"found {event.discovered} of {seen}", "bold"
        case LeadAllocation():
            allocated = counted(len(event.lead_ids), "lead")
            return f"allocated {allocated} by {event.strategy}", "bold"
        case MessageSent():
            return f"{step or event.kind} to {name or event.lead_id[:8]}", ""
        case InvitationAccepted():
            return f"{name or event.lead_id[:8]} accepted", "green"
        case ResponseReceived():
            text = excerpt(event.response_text, _TEXT_MAX)
            return f"{name or event.lead_id[:8]}: {text}", _TONES[event.sentiment]
        case TeamNotified():
            answered = Step.parse(event.about).kind is StepKind.REPLY
            about = f"{name or 'a lead'} answered" if answered else event.about
            return f"told the team: {about}", "bold green"
        case ReportMade():
            return f"report of {event.day}", "bold"
        case DeliveryUncertain() | DeliveryRefused() | PerformanceAlert():
            return f"{event_type(event).replace('_', ' ')}: {event.detail}", "red"
        case AgentError():
            return f"agent error: {event.error}", "red"
        case OutreachPaused():
            return f"paused: {event.reason}", "bold red"
        case _:
            return None


_TONES = {
    Sentiment.POSITIVE: "bold green",
    Sentiment.NEUTRAL: "yellow",
    Sentiment.NEGATIVE: "red",
}


def _funnel(today: DayFigures) -> Table:
    """Today from found to positive, as bars on one scale."""
    rows = (
        ("found", today.leads_discovered, "blue"),
        ("contacted", today.people_contacted, "cyan"),
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


def _limits(limits: LimitsState, *, named: bool) -> Text:
    whose = f"{limits.account}: " if named else ""
    text = (
        f"{whose}sent {limits.sent_today} of {limits.daily_limit} today,"
        f" {limits.sent_this_week} of {limits.weekly_limit} this week"
    )
    waits = f"; waits: {_short(limits.waits_for, _WAITS_MAX)}" if limits.waits_for else ""
    return Text(text + waits, style="dim")


def _steps(accounts: Sequence[LimitsState], waits: Waits, zone: ZoneInfo) -> Text:
    """Later steps: sent today, due, when the next one is, and whether facts are missing for some."""
    means = (one for limits in accounts for one in limits.means)
    sent = sum(one.used for one in means if one.what is Scarce.MESSAGES)
    text = f"later messages {sent} today, {waits.due} due"
    if waits.next_at is not None:
        text += f", the next {waits.next_at.astimezone(zone):%a %d %b %H:%M}"
    if waits.nothing_new:
        text += (
            f"; nothing new to say to {counted(waits.nothing_new, 'person', 'people')}: add facts"
        )
    return Text(text, style="dim")


def _next(ahead: Sequence[NextUp], now: datetime) -> Sequence[Text]:
    """Who is next, with how long it takes until then; what is in the way where no time lifts it."""
    if not ahead:
        return ()
    parts = []
    for one in ahead:
        what = f"{one.step.replace('_', ' ')} to {_short(one.lead.name or 'somebody', 24)}"
        when = one.why.lifts_at
        parts.append(f"{what} {countdown(when - now)}" if when else f"{what} waits: {one.why.gate}")
    return (Text(_short(f"next: {'; '.join(parts)}", _WAITS_MAX)),)


def countdown(left: timedelta) -> str:
    """`now`, `in 12 min`, `in 3 h 05 min`, `in 2 days`."""
    minutes = max(0, -(-int(left.total_seconds()) // 60))
    if not minutes:
        return "now"
    if minutes < 60:
        return f"in {minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"in {hours} h {rest:02} min" if hours < 24 else f"in {counted(hours // 24, 'day')}"


def _spent(models: LlmState) -> Sequence[Text]:
    """What language models cost today; nothing where none is asked."""
    if models.provider == "rules":
        return ()
    of = f"{models.spent_today_usd:.2f} of {models.daily_budget_usd:.2f} USD"
    asked = counted(models.calls_today, "question")
    return (Text(f"models: {of} today, {asked}", style="dim"),)


def _for_humans(questions: int) -> Sequence[Text]:
    """What waits for a human's word; nothing where nothing does."""
    if not questions:
        return ()
    text = f"needs you: {counted(questions, 'question')}, see `ingagents review list`"
    return (Text(text, style="bold yellow"),)


def _agents(agents: Sequence[AgentState]) -> Table:
    table = Table.grid(padding=(0, 2))
    for agent in agents:
        healthy = agent.status in {"healthy", "working"}
        table.add_row(
            Text(agent.agent, style="cyan"),
            Text(agent.status, style="green" if healthy else "yellow"),
            Text(_short(agent.doing or "", _TEXT_MAX)),
        )
    return table
