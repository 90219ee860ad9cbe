"""One look at the campaign at the head of a pass: what it did is written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.ports import CampaignSender
from ingagents.services.outreach.enrolments.progress import follow


@dataclass(frozen=True, kw_only=True)
class Enrolments:
    """Looks after the people in a campaign of the service's, as `Withdrawals` after invitations."""

    context: Context
    campaigns: CampaignSender

    async def run(self, session: RoleSession, *, stopping: Callable[[], bool]) -> int:
        """Follow the campaign.

        Raises:
            AccountBlocked, RequestRefused: the service cannot be read until a human mends it.
        """
        del stopping
        await follow(self.campaigns, self.context, session)
        return 0

    async def next_at(self) -> datetime | None:
        """None: every pass looks."""
        return None
