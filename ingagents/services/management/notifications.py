"""Telling the team: what it was not told yet, at a time when people read, in few mails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ingagents.context import Context
from ingagents.core.reporter import Report
from ingagents.core.reporting.alerts import Notice, QuietHours, due_notices
from ingagents.events import Role
from ingagents.model import DeliveryKind, Mail
from ingagents.services.management.team_mail import Mailroom
from ingagents.store.tables import notifications


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

    async def tell(self, agent: Role, *, gather: bool) -> tuple[int, datetime | None]:
        """Mail what is due; how many notices went, and until when the rest must wait.

        `gather`: texts to approve wait for each other.

        Raises:
            TryLater: the mail server took none; what was not told stays so and is tried again.
        """
        if not self.mailroom.open:
            return 0, None
        now = self.context.clock.now()
        pending = await self.context.store.read(
            lambda t: notifications.untold(t, now=now, drafts=self.drafts)
        )
        due = due_notices(
            pending,
            now=now,
            quiet=self.quiet,
            together_from=self.together_from,
            gather=gather,
        )
        told = 0
        for group in due.mails:
            posted = await self.mailroom.post(
                self.pages.notices_mail(group, at=now),
                kind=DeliveryKind.ALERT,
                steps={notice.step: notice.lead_id for notice in group},
                agent=agent,
            )
            told += len(group) if posted.state == "sent" else 0
        return told, due.waits_until
