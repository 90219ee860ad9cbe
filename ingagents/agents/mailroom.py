"""Mail to the team as outward acts: claimed before they go, so that nobody is told twice.

A mail's step names what it is about ("reply:<id>", "report:2026-11-23"); the database allows one
live mail for each. A refusal gives the step back, a doubt keeps it: better one mail too few, which
the report lists, than the same alarm twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

from ingagents.agents.base_agent import Desk
from ingagents.communication.message_queue import Working
from ingagents.errors import TryLater
from ingagents.events import DeliveryUncertain, Role, TeamNotified
from ingagents.model import AccountId, Delivery, DeliveryKind, DeliveryState, LeadId, Mail
from ingagents.ports import Mailer, Transaction
from ingagents.store import deliveries

__all__ = ["TEAM", "Mailroom", "Posted"]

TEAM = "team"


@dataclass(frozen=True, kw_only=True)
class Posted:
    """What became of a mail; `before`: it had gone, or may have gone, at an earlier time."""

    state: Literal["sent", "uncertain", "before"]
    delivery_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Mailroom:
    """Hands the team's mail over. `account_id` is the sending mail address or the outbox.

    `open` is False when there is nobody to send to: then nothing is claimed and nothing posted.
    """

    desk: Desk
    mailer: Mailer
    account_id: AccountId
    recipients: tuple[str, ...]
    open: bool

    async def post(
        self,
        mail: Mail,
        *,
        kind: DeliveryKind,
        step: str,
        agent: Role,
        lead_id: LeadId | None = None,
    ) -> Posted:
        """Send a mail once.

        Raises:
            TryLater: the mail server refused it; nothing went, and it may be posted again.
        """
        desk, now = self.desk, self.desk.clock.now()
        delivery_id = desk.new_id()
        mail = msgspec.structs.replace(
            mail, recipients=self.recipients, message_id=mail.message_id or self._message_id(step)
        )
        delivery = Delivery(
            id=delivery_id,
            recipient=TEAM,
            account_id=self.account_id,
            kind=kind,
            step=step,
            text=mail.text,
            text_hash=deliveries.fingerprint(mail.text),
            state=DeliveryState.ATTEMPTED,
            address=", ".join(self.recipients),
            claimed_at=now,
            attempted_at=now,
            detail=mail.message_id,
        )
        if not await desk.store.write(lambda t: deliveries.claim(t, delivery)):
            return Posted(state="before")
        result = await self.mailer.send_mail(mail)
        after = desk.clock.now()

        def settle(transaction: Transaction) -> None:
            if result.outcome == "unknown":
                deliveries.doubt(transaction, delivery_id, detail=result.detail)
                event = DeliveryUncertain(
                    lead_id=lead_id, delivery_id=delivery_id, detail=result.detail
                )
                desk.queue.append(transaction, agent, event)
                return
            sent = result.outcome == "sent"
            deliveries.settle(
                transaction,
                delivery_id,
                DeliveryState.SENT if sent else DeliveryState.REFUSED,
                now=after,
                service_id=result.message_id or mail.message_id,
                detail=result.detail,
            )
            if sent:
                told = TeamNotified(about=step, delivery_id=delivery_id, lead_id=lead_id)
                desk.queue.append(transaction, agent, told)

        await desk.store.write(settle)
        if result.outcome == "refused":
            raise TryLater(
                f"the mail about {step} was refused ({result.detail})",
                "mend [email] in the settings; it is tried again",
                service="mail",
            )
        state: Literal["sent", "uncertain"] = "sent" if result.outcome == "sent" else "uncertain"
        return Posted(state=state, delivery_id=delivery_id)

    async def find_orphans(self, working: Working) -> int:
        """Mails that a dead process left without an outcome are doubts; how many were found."""
        kinds = (DeliveryKind.ALERT, DeliveryKind.REPORT)
        left = await self.desk.store.read(lambda t: deliveries.open_attempts(t, kinds=kinds))
        if not left:
            return 0

        def doubt_all(transaction: Transaction) -> None:
            for mail in deliveries.open_attempts(transaction, kinds=kinds):
                detail = "the process died while it handed this mail over"
                deliveries.doubt(transaction, mail.id, detail=detail)
                doubt = DeliveryUncertain(lead_id=None, delivery_id=mail.id, detail=detail)
                self.desk.queue.append(transaction, working.role, doubt)

        await working.commit(doubt_all)
        return len(left)

    def _message_id(self, step: str) -> str:
        """A Message-ID that the same mail has every time it is tried."""
        domain = self.account_id.rpartition("@")[2] if "@" in self.account_id else "ingagents.local"
        return f"<{deliveries.fingerprint(step)[:32]}@{domain}>"
