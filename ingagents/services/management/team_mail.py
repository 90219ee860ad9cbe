"""Mail and notices to the team as outward acts: claimed before they go, so that nobody is told twice.

A mail's step names what it is about ("reply:<id>", "report:2026-11-23"); the database allows one
live mail for each, and one live notice for each channel. A refusal gives the step back, a doubt keeps it: better one mail too few, which
the report lists, than the same alarm twice. Only where the receiver itself drops what it had already, by
its id, a doubt is tried again.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import msgspec

from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.errors import Conflict, TryLater
from ingagents.events import DeliveryUncertain, Role, TeamNotified
from ingagents.model import (
    TEAM,
    AccountId,
    Delivery,
    DeliveryKind,
    DeliveryState,
    LeadId,
    Mail,
    SendResult,
    Step,
)
from ingagents.ports import Mailer, Transaction
from ingagents.store.tables import deliveries, key_value

REPEATS_MOST = 20
"""How often a notice is tried whose receiver drops repetitions; then a doubt about it stays one."""
_GOES_AGAIN = "it is tried again under the same id"


@dataclass(frozen=True, kw_only=True)
class MailOutcome:
    """What became of a mail; `before`: it had gone, or may have gone, at an earlier time."""

    state: Literal["sent", "uncertain", "before"]
    delivery_id: str = ""
    unreached: Mapping[str, str] = field(default_factory=dict)
    """Recipients who did not get it though others did, and why."""


@dataclass(frozen=True, kw_only=True)
class Mailroom:
    """Hands over what the team is told: by mail, or on one of its channels.

    `account_id` is the sending mail address, the outbox or the channel. `open` is False when there
    is nobody to send to: then nothing is claimed and nothing posted. `to` is what a claim calls the
    recipient: by it one channel's claims are told from another's. `drops_repeats`: the receiver
    drops what has an id that it took before, so that a doubt may be tried again; each mail then is
    of one step, for the id follows from the steps.
    """

    context: Context
    mailer: Mailer
    account_id: AccountId
    recipients: tuple[str, ...]
    open: bool
    to: str = TEAM
    drops_repeats: bool = False

    async def post(
        self,
        mail: Mail,
        *,
        kind: DeliveryKind,
        steps: Mapping[Step, LeadId | None],
        agent: Role,
    ) -> MailOutcome:
        """Send a mail once. `steps` are what it tells of, with the lead each is about, if any.

        Every step is claimed, all or none: when one of them was told before, nothing is sent.

        Raises:
            TryLater: the mail server refused it; nothing went, and it may be posted again.
        """
        context, now = self.context, self.context.clock.now()
        about = ", ".join(str(step) for step in steps)
        mail = msgspec.structs.replace(
            mail,
            recipients=self.recipients,
            # The same mail has the same id every time it is tried.
            message_id=mail.message_id or deliveries.fingerprint(about)[:32],
        )
        claims = {step: self._claim_of(mail, kind, step, at=now) for step in steps}
        try:
            await context.store.write(lambda t: _claim_all(t, list(claims.values())))
        except Conflict:
            return MailOutcome(state="before")
        result = await self.mailer.send_mail(mail)
        if result.outcome == "unknown" and await self._may_repeat(claims):
            detail = f"{result.detail}; {_GOES_AGAIN}"
            result = msgspec.structs.replace(result, outcome="refused", detail=detail)
        after = context.clock.now()

        def settle(transaction: Transaction) -> None:
            for step, claim in claims.items():
                lead_id = steps[step]
                event = _write_down(transaction, claim, result, lead_id=lead_id, now=after)
                if event is not None:
                    context.queue.append(transaction, agent, event)
            if result.outcome == "sent" and self.to == TEAM:
                _note_unreached(transaction, result.unreached, at=after)

        await context.store.write(settle)
        if result.outcome == "refused":
            what, table = ("mail", "email") if self.to == TEAM else ("notice", "notify")
            raise TryLater(
                f"the {what} about {_short(about)} was refused ({result.detail})",
                f"mend [{table}] in the settings; it is tried again",
                service="mail" if self.to == TEAM else self.to,
            )
        state: Literal["sent", "uncertain"] = "sent" if result.outcome == "sent" else "uncertain"
        return MailOutcome(
            state=state,
            delivery_id=next(iter(claims.values())).id,
            unreached=result.unreached,
        )

    async def _may_repeat(self, steps: Mapping[Step, Delivery]) -> bool:
        if not self.drops_repeats:
            return False
        return await self.context.store.read(
            lambda t: all(deliveries.tries(t, self.to, one) < REPEATS_MOST for one in steps)
        )

    async def find_orphans(self, session: RoleSession, *, dropping: Container[str] = ()) -> int:
        """Mails that a dead process left without an outcome are doubts; how many were found.

        `dropping` receivers drop what they had: what goes there is free to be tried again.
        """
        kinds = (DeliveryKind.ALERT, DeliveryKind.REPORT)
        left = await self.context.store.read(lambda t: deliveries.open_attempts(t, kinds=kinds))
        if not left:
            return 0

        def doubt_all(transaction: Transaction) -> None:
            for mail in deliveries.open_attempts(transaction, kinds=kinds):
                detail = "the process died while it handed this mail over"
                if mail.recipient in dropping:
                    deliveries.settle(
                        transaction,
                        mail.id,
                        DeliveryState.REFUSED,
                        now=self.context.clock.now(),
                        detail=f"{detail}; {_GOES_AGAIN}",
                    )
                    continue
                deliveries.doubt(transaction, mail.id, detail=detail)
                doubt = DeliveryUncertain(lead_id=None, delivery_id=mail.id, detail=detail)
                self.context.queue.append(transaction, session.role, doubt)

        await session.commit(doubt_all)
        return len(left)

    def _claim_of(self, mail: Mail, kind: DeliveryKind, step: Step, *, at: datetime) -> Delivery:
        return Delivery(
            id=self.context.new_id(),
            recipient=self.to,
            account_id=self.account_id,
            kind=kind,
            step=step,
            text=mail.text,
            text_hash=deliveries.fingerprint(mail.text),
            state=DeliveryState.ATTEMPTED,
            address=", ".join(self.recipients),
            approved_by="rule: mails to the team need no approval",
            claimed_at=at,
            attempted_at=at,
            detail=mail.message_id,
        )


def _claim_all(transaction: Transaction, claims: Sequence[Delivery]) -> None:
    """Claim every step.

    Raises:
        Conflict: one of them is taken; nothing is claimed.
    """
    for one in claims:
        if not deliveries.claim(transaction, one):
            raise Conflict(f"the team was told of {one.step} before")


def _write_down(
    transaction: Transaction,
    claim: Delivery,
    result: SendResult,
    *,
    lead_id: LeadId | None,
    now: datetime,
) -> DeliveryUncertain | TeamNotified | None:
    """Settle one claim by what became of the mail; the event that tells of it."""
    if result.outcome == "unknown":
        deliveries.doubt(transaction, claim.id, detail=result.detail)
        return DeliveryUncertain(lead_id=lead_id, delivery_id=claim.id, detail=result.detail)
    sent = result.outcome == "sent"
    deliveries.settle(
        transaction,
        claim.id,
        DeliveryState.SENT if sent else DeliveryState.REFUSED,
        now=now,
        service_id=result.message_id or claim.detail,
        detail=result.detail,
    )
    if not sent:
        return None
    return TeamNotified(
        about=str(claim.step),
        delivery_id=claim.id,
        lead_id=lead_id,
        unreached=dict(result.unreached),
    )


def _note_unreached(
    transaction: Transaction, unreached: Mapping[str, str], *, at: datetime
) -> None:
    """Keep whom the last mail did not reach, for the status; nobody any more, once it does."""
    if unreached:
        value = {"at": at.isoformat(), "recipients": dict(unreached)}
        key_value.note(transaction, key_value.MAIL_UNREACHED, value, at=at)
    else:
        key_value.forget(transaction, key_value.MAIL_UNREACHED)


def _short(about: str) -> str:
    return about if len(about) <= 80 else about[:79] + "…"
