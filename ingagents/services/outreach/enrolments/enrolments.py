"""One look at the campaign at the head of a pass: what it did is written down, what has ended is stopped.

A stop keeps the campaign from writing to somebody; it reaches nobody, so no limit, no hour and no
kill switch holds it. It is an act as any other all the same: claimed, tried once, written down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import msgspec

from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.sending.plans import decision_to_stop
from ingagents.core.sending.stops import is_a_humans, rests_until
from ingagents.errors import AccountBlocked, ServiceError, explain
from ingagents.log import narrator
from ingagents.model import Delivery, DeliveryKind, Recipient, SendResult
from ingagents.ports import CampaignSender, Inbox, Transaction
from ingagents.services.outreach.account import AccountPolicy
from ingagents.services.outreach.enrolments.progress import follow
from ingagents.services.outreach.enrolments.stops import write_stop
from ingagents.services.outreach.sending.act import carry_out
from ingagents.services.outreach.taking_back import claim_back, journal_claim
from ingagents.store.enrolments import Unstopped, unstopped
from ingagents.store.tables import leads

log = narrator()

A_PASS = 50
"""So many people are stopped in one pass."""


@dataclass(frozen=True, kw_only=True)
class Enrolments:
    """Looks after the people in a campaign of the service's, as `Withdrawals` after invitations."""

    context: Context
    campaigns: CampaignSender
    inbox: Inbox
    policy: AccountPolicy

    async def run(self, session: RoleSession, *, stopping: Callable[[], bool]) -> int:
        """Follow the campaign, and stop it for whom nothing more is to be written to.

        What cannot be read now is read in another pass, and holds no enrolment up. Where nothing may
        be done, the stops are tried all the same: whom they do not reach the team hears of by name.

        Raises:
            AccountBlocked: nothing may be done until a human mends it.
        """
        if not self.policy.live:
            return 0
        blocked: AccountBlocked | None = None
        try:
            await follow(self.campaigns, self.inbox, self.policy, self.context, session)
        except AccountBlocked as exc:
            blocked = exc
        except ServiceError as exc:
            log.warning("enrolments.service_down", error=explain(exc))
        stopped, write = 0, partial(write_stop, alone=self.policy.alone)
        for one in (await self.context.store.read(self._over))[:A_PASS]:
            if stopping():
                break
            claimed = await session.commit(partial(self._claim, enrolment=one.enrolment))
            if claimed is not None:
                delivery, who = claimed
                request = partial(self._request, one, who)
                stopped += await carry_out(self.context, delivery, request, write)
        if blocked is not None:
            raise blocked
        return stopped

    async def next_at(self) -> datetime | None:
        """When the first that was refused is tried again; else every pass looks."""
        if not self.policy.live:
            return None
        left = await self.context.store.read(lambda t: unstopped(t, self.policy.account_id))
        rests = (rests_until(one.refused, one.refused_at) for one in left)
        return min(filter(None, rests), default=None)

    async def _request(self, one: Unstopped, who: Recipient) -> SendResult:
        """The stop itself; where it was in vain too often, a human is to see to it."""
        if is_a_humans(refused=one.refused, lost=one.lost):
            return SendResult(outcome="by_hand", detail=one.detail)
        return await self.campaigns.stop(who, one.enrolment.campaign_id)

    def _over(self, transaction: Transaction, *, recipient: str = "") -> list[Unstopped]:
        """Enrolments that go on at the service, of people whose plan has ended, to be tried now."""
        now = self.context.clock.now()
        return [
            one
            for one in unstopped(transaction, self.policy.account_id, recipient=recipient)
            if (rests_until(one.refused, one.refused_at) or now) <= now
        ]

    def _claim(
        self, transaction: Transaction, enrolment: Delivery
    ) -> tuple[Delivery, Recipient] | None:
        """The stop as an act of its own; None when there is nothing to stop any more."""
        lead = leads.find(transaction, enrolment.recipient)
        still = {one.enrolment.id for one in self._over(transaction, recipient=enrolment.recipient)}
        if lead is None or enrolment.id not in still:
            return None
        delivery = claim_back(self.context, transaction, enrolment, DeliveryKind.STOP)
        if delivery is None:
            return None
        decision = decision_to_stop(lead.next_step_reason)
        journal_claim(self.context, transaction, delivery, lead, decision)
        who = msgspec.structs.replace(lead.profile.recipient, provider_id=enrolment.address)
        return delivery, who
