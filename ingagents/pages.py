"""The team's mails with the campaign and the recipients filled in: keeps `Pages`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ingagents.core.reporter import PositiveReply, Report
from ingagents.events import PerformanceAlert
from ingagents.integrations import report_pages
from ingagents.model import Campaign, Mail

__all__ = ["MailPages"]


@dataclass(frozen=True, kw_only=True)
class MailPages:
    """How reports and alerts become mails, for one campaign."""

    campaign: Campaign
    recipients: tuple[str, ...]

    def report_mail(self, report: Report) -> Mail:
        """The daily report."""
        return report_pages.report_mail(report, self.recipients)

    def positive_reply_mail(self, reply: PositiveReply) -> Mail:
        """A person answered positively."""
        return report_pages.positive_reply_mail(reply, self.campaign, self.recipients)

    def performance_mail(self, alert: PerformanceAlert, *, at: datetime) -> Mail:
        """A figure left its bounds."""
        return report_pages.performance_mail([alert], self.campaign, self.recipients, at=at)
