"""The team's mails with the campaign and the recipients filled in: keeps `Pages`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ingagents.core.reporter import Report
from ingagents.core.reporting.alerts import Notice
from ingagents.integrations.email import report_pages
from ingagents.model import Campaign, Mail


@dataclass(frozen=True, kw_only=True)
class MailPages:
    """How reports and alerts become mails, for one campaign."""

    campaign: Campaign
    recipients: tuple[str, ...]

    def report_mail(self, report: Report) -> Mail:
        """The daily report."""
        return report_pages.report_mail(report, self.recipients)

    def notices_mail(self, told: Sequence[Notice], *, at: datetime) -> Mail:
        """One notice, or several in one mail."""
        return report_pages.notices_mail(told, self.campaign, self.recipients, at=at)
