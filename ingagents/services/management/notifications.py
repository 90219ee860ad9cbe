"""Telling the team: what it was not told yet, at a time when people read, in few mails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import anyio

from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.reporter import Report
from ingagents.core.reporting.alerts import Notice, QuietHours, due_notices
from ingagents.errors import IngagentsError, TryLater, explain
from ingagents.events import Role
from ingagents.log import narrator
from ingagents.model import DeliveryKind, Mail
from ingagents.services.management.team_mail import Mailroom
from ingagents.store.engine.codecs import moment, stamp
from ingagents.store.tables import deliveries, key_value, notifications

CHANNEL_RESTS, CHANNEL_RESTS_MOST = timedelta(minutes=2), timedelta(minutes=8)
"""How long a channel that did not take a notice is left alone: twice as long each time, up to a bound."""
NEWS = timedelta(days=1)
_log = narrator()


class Pages(Protocol):
    """How a report or notices become a mail."""

    def report_mail(self, report: Report) -> Mail:
        """The daily report."""
        ...

    def notices_mail(self, told: Sequence[Notice], *, at: datetime) -> Mail:
        """One notice, or several in one mail."""
        ...


@dataclass(frozen=True, kw_only=True)
class Notices:
    """Mails every notice once. `quiet` None: at any hour; `drafts`: texts to approve as well."""

    context: Context
    mailroom: Mailroom
    pages: Pages
    quiet: QuietHours | None
    together_from: int
    drafts: bool = False
    channels: tuple[Mailroom, ...] = ()
    """Where the team hears of the same at once, beside mail."""

    async def tell(self, agent: Role, *, gather: bool) -> tuple[int, datetime | None]:
        """Tell what is due; how many notices were mailed, and until when the rest must wait.

        `gather`: texts to approve wait for each other. Every channel and the mail are told side by
        side: one that hangs until its time is over, or takes nothing, holds up none of the others.

        Raises:
            TryLater: the mail server took none; what was not told stays so and is tried again.
        """
        waits: list[datetime | None] = []
        counts: list[int] = []
        failed: list[IngagentsError] = []

        async def tell(one: Mailroom) -> None:
            try:
                if one is self.mailroom:
                    told, until = await self._tell(one, agent, gather=gather)
                    counts.append(told)
                else:
                    until = await self._tell_channel(one, agent, gather=gather)
            except IngagentsError as exc:  # raised below: the others go on till they are done
                failed.append(exc)
            else:
                waits.append(until)

        async with anyio.create_task_group() as tasks:
            for one in (*self.channels, self.mailroom):
                tasks.start_soon(tell, one)
        if failed:
            raise failed[0]
        return sum(counts), min(filter(None, waits), default=None)

    async def _tell_channel(
        self, channel: Mailroom, agent: Role, *, gather: bool
    ) -> datetime | None:
        """Tell a channel what is new since it stands; when to go on with it."""
        if rests := await self._rests_until(channel):
            return rests
        try:
            _, until = await self._tell(channel, agent, gather=gather)
        except TryLater as exc:
            _log.warning("notices.channel_down", channel=channel.to, error=explain(exc))
            until = None
        return await self._rests_until(channel) or until

    async def _rests_until(self, channel: Mailroom) -> datetime | None:
        """Until when a channel is left alone that did not surely take the last notice."""
        failed, last = await self.context.store.read(
            lambda t: deliveries.failures_in_a_row(t, channel.to)
        )
        if last is None:
            return None
        rests = min(CHANNEL_RESTS * 2 ** min(failed - 1, 10), CHANNEL_RESTS_MOST)
        return last + rests if last + rests > self.context.clock.now() else None

    async def find_orphans(self, session: RoleSession) -> int:
        """Settle what a dead process left half told; how many doubts and repetitions came of it."""
        dropping = {one.to for one in self.channels if one.drops_repeats}
        return await self.mailroom.find_orphans(session, dropping=dropping)

    async def _tell(
        self, mailroom: Mailroom, agent: Role, *, gather: bool
    ) -> tuple[int, datetime | None]:
        if not mailroom.open:
            return 0, None
        now = self.context.clock.now()
        since = None if mailroom is self.mailroom else await self._stands_since(mailroom, now)
        pending = await self.context.store.read(
            lambda t: notifications.untold(
                t, now=now, to=mailroom.to, since=since, drafts=self.drafts
            )
        )
        due = due_notices(
            pending,
            now=now,
            quiet=self.quiet,
            together_from=self.together_from,
            gather=gather,
        )
        told = 0
        mails = due.mails
        if mailroom.drops_repeats:
            mails = tuple((notice,) for group in mails for notice in group)
        for group in mails:
            posted = await mailroom.post(
                self.pages.notices_mail(group, at=now),
                kind=DeliveryKind.ALERT,
                steps={notice.step: notice.lead_id for notice in group},
                agent=agent,
            )
            told += len(group) if posted.state == "sent" else 0
            if posted.state == "uncertain" and mailroom is not self.mailroom:
                break  # whoever says nothing is left alone for a while
        return told, due.waits_until

    async def _stands_since(self, channel: Mailroom, now: datetime) -> datetime:
        """A day before the channel was there first: what is older was told by mail alone."""
        name = f"notify.{channel.to}.since"
        noted = await self.context.store.read(lambda t: key_value.noted(t, name))
        if noted is None:
            await self.context.store.write(lambda t: key_value.note(t, name, stamp(now), at=now))
        return (moment(noted) if noted else now) - NEWS
