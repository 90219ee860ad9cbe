"""How far a campaign of the service's is with the people we enrolled, written down as it says it.

Enrolled is not sent: until the service says that it made the first touch, nothing counts as sent.
Then the enrolment's act is that touch, under the claim it has, and the lead stands where a send of
ours would have left it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import msgspec

from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.identity import aliases_of_recipient
from ingagents.core.lead_status import Cause, Change, move
from ingagents.core.reconciler import folded
from ingagents.errors import AccountBlocked, BadAnswer, PersonRefused, RequestRefused, explain
from ingagents.events import LeadEnrolled, MessageSent, Role
from ingagents.log import narrator
from ingagents.model import (
    AccountId,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Lead,
    Recipient,
    Step,
    StepKind,
    WaitsFor,
)
from ingagents.model.linkedin import Enrolment
from ingagents.model.step import public_name
from ingagents.ports import CampaignSender, Inbox, Transaction
from ingagents.services.outreach.account import AccountPolicy
from ingagents.services.outreach.inbox.acceptances import accept
from ingagents.services.outreach.sending.doubles import tie
from ingagents.store.engine.codecs import moment, stamp
from ingagents.store.tables import deliveries, key_value, leads

AGENT: Role = "outreach"
log = narrator()

_FOLLOWED = "enrolments.followed"
"""The note of the moment up to which the campaign's list is read."""
_OVERLAP = timedelta(hours=1)
_LONGEST_BACK = timedelta(days=60)

_FIRST_MESSAGE = Step(StepKind.FIRST_MESSAGE)
_INVITATION, _MESSAGE = "invitation", public_name(_FIRST_MESSAGE, invitation=False)


def note_enrolled(
    context: Context, transaction: Transaction, delivery: Delivery, lead: Lead
) -> None:
    """The service confirmed an enrolment, or showed it: the campaign goes on, and we wait."""
    _read_again_from_first_try(context, transaction, delivery)
    moved = move(lead.contact_status, Cause.ENROLLED)
    leads.update(
        transaction,
        lead,
        now=context.clock.now(),
        moved=moved,
        status_reason="" if isinstance(moved, Change) else lead.status_reason,
        account_id=delivery.account_id,
        step=delivery.kind.value,
        put_off_until=None,
        put_off_reason="",
        put_off_for=WaitsFor.NOTHING,
    )
    enrolled = LeadEnrolled(lead_id=lead.id, delivery_id=delivery.id)
    context.queue.append(transaction, AGENT, enrolled)


def _read_again_from_first_try(
    context: Context, transaction: Transaction, delivery: Delivery
) -> None:
    """What the campaign did while nobody knew that it had them was passed over: it is read once more."""
    noted = key_value.noted(transaction, _FOLLOWED, of=delivery.account_id)
    acts = deliveries.of_recipient(transaction, delivery.recipient)
    began = min(act.claimed_at for act in acts if act.texts)
    if noted and began < moment(noted):
        now = context.clock.now()
        key_value.note(transaction, _FOLLOWED, stamp(began), at=now, of=delivery.account_id)


async def follow(
    campaigns: CampaignSender,
    inbox: Inbox,
    policy: AccountPolicy,
    context: Context,
    session: RoleSession,
) -> int:
    """Read what the campaigns did since the last look, and write it down; how many accepted.

    One request each, for the campaign of the settings and those of before, and one more for each
    person who wrote before it was seen that the campaign had.

    Raises:
        TryLater, AccountBlocked, RequestRefused: the service cannot be read now.
    """
    now, account_id = context.clock.now(), policy.account_id
    back = now - _LONGEST_BACK
    noted, entered = await context.store.read(
        lambda t: (
            key_value.noted(t, _FOLLOWED, of=account_id),
            deliveries.campaigns_since(t, account_id, back),
        )
    )
    since = moment(noted) - _OVERLAP if noted else back
    shown = list(await campaigns.progress(policy.campaign_id, after=since))
    for one in entered:
        if one == policy.campaign_id:
            continue
        try:
            shown += await campaigns.progress(one, after=since)
        except AccountBlocked as exc:  # it is gone, and nothing more comes of it
            log.warning("enrolments.campaign_gone", error=explain(exc))
    steps_of = partial(_steps_of, account_id=account_id, context=context, now=now)
    unclear = await context.store.read(lambda t: _unclear(t, shown, steps_of))
    for place, texts in unclear.items():
        if (sent_at := await _written_at(inbox, shown[place].to, texts)) is not None:
            shown[place] = msgspec.structs.replace(shown[place], messaged=True, at=sent_at)

    def note(transaction: Transaction) -> int:
        accepted = 0
        for one in shown:
            tie(context, transaction, one.to)
            if (steps := steps_of(transaction, one)) is not None:
                # Answers may come under another of these names than the one they were enrolled by.
                leads.add_aliases(transaction, steps.lead.id, aliases_of_recipient(one.to))
                accepted += steps.write().accepted_at != steps.lead.accepted_at
        key_value.note(transaction, _FOLLOWED, stamp(now), at=now, of=account_id)
        return accepted

    return await session.commit(note)


def _unclear(
    transaction: Transaction,
    shown: Sequence[Enrolment],
    steps_of: Callable[[Transaction, Enrolment], _Steps | None],
) -> dict[int, tuple[str, ...]]:
    """By place, the texts the campaign may have sent to whoever wrote.

    The list then says that they wrote, and no more whether it was to an invitation, to a message or
    of their own accord.
    """
    found = {}
    for place, one in enumerate(shown):
        steps = steps_of(transaction, one) if one.answered and not one.messaged else None
        if steps is not None and not steps.had_message:
            found[place] = tuple(filter(None, [steps.enrolled.texts.get(_MESSAGE, "")]))
    return found


async def _written_at(inbox: Inbox, who: Recipient, texts: Sequence[str]) -> datetime | None:
    """When one of the texts was sent, if the conversation holds it; what shows nothing proves nothing."""
    try:
        said = await inbox.conversation(who)
    except (PersonRefused, RequestRefused, BadAnswer):
        return None
    ours = {folded(text) for text in texts}
    return next((one.sent_at for one in said if one.from_us and folded(one.text) in ours), None)


def _steps_of(
    transaction: Transaction,
    shown: Enrolment,
    *,
    account_id: AccountId,
    context: Context,
    now: datetime,
) -> _Steps | None:
    """What is known of a person whom the campaign shows; None: they are not enrolled by us."""
    lead = leads.find_by_aliases(transaction, aliases_of_recipient(shown.to))
    acts = deliveries.of_person(transaction, lead.id) if lead is not None else []
    enrolled = next(
        (
            act
            for act in acts
            if act.texts and act.state is DeliveryState.SENT and act.account_id == account_id
        ),
        None,
    )
    if lead is None or enrolled is None:
        return None
    return _Steps(context, transaction, lead, enrolled, acts, shown, now)


class _Steps(msgspec.Struct, frozen=True):
    """What the campaign did with one person, in the order in which it does it."""

    context: Context
    transaction: Transaction
    lead: Lead
    enrolled: Delivery
    acts: Sequence[Delivery]
    shown: Enrolment
    now: datetime

    @property
    def _at(self) -> datetime:
        return min(self.shown.at or self.now, self.now)

    @property
    def had_message(self) -> bool:
        """A connection's first touch is the message itself; the list shows it in look after look."""
        first = self.enrolled.kind is DeliveryKind.MESSAGE
        return first or any(one.step == _FIRST_MESSAGE for one in self.acts)

    @property
    def _is_over(self) -> bool:
        """The end of a campaign that an answer ended is for the answer to say, once it is read."""
        return not self.shown.answered and (self.shown.failed or self.shown.stopped)

    def write(self) -> Lead:
        """Write down what is new; the lead after an invitation and its acceptance."""
        lead = self.lead
        untouched = self.enrolled.kind is DeliveryKind.ENROLMENT
        if untouched and self.shown.invited:
            lead = self._invited(lead)
        if self.shown.accepted and lead.accepted_at is None and lead.invited_at is not None:
            lead = accept(self.context, self.transaction, lead, by=AGENT, at=self._at)
        if self.shown.messaged and not self.had_message:
            self._messaged(lead, untouched=untouched and not self.shown.invited)
        elif untouched and not self.shown.invited and self._is_over:
            self._ended(lead)
        return lead

    def _invited(self, lead: Lead) -> Lead:
        note = self.enrolled.texts.get(_INVITATION, "")
        return self._touched(lead, DeliveryKind.INVITATION, note, invited_at=self._at)

    def _messaged(self, lead: Lead, *, untouched: bool) -> None:
        text = self.enrolled.texts.get(_MESSAGE, "")
        if untouched:  # a connection already: there was nothing to invite to
            self._touched(lead, DeliveryKind.MESSAGE, text)
        elif text:
            self._later_message(lead, text)

    def _later_message(self, lead: Lead, text: str) -> None:
        act = msgspec.structs.replace(
            self.enrolled,
            id=self.context.new_id(),
            kind=DeliveryKind.MESSAGE,
            step=_FIRST_MESSAGE,
            text=text,
            text_hash=deliveries.fingerprint(text),
            claimed_at=self._at,
            attempted_at=self._at,
            settled_at=self.now,
            looks=(),
            texts={},
            detail="the service's campaign sent it",
        )
        if deliveries.claim(self.transaction, act):
            self._sent(lead, act, text, step=_MESSAGE)

    def _touched(
        self, lead: Lead, kind: DeliveryKind, text: str, *, invited_at: datetime | None = None
    ) -> Lead:
        if not deliveries.sent_by_campaign(self.transaction, self.enrolled, kind=kind, text=text):
            return lead
        step = public_name(self.enrolled.step, invitation=kind is DeliveryKind.INVITATION)
        act = msgspec.structs.replace(self.enrolled, kind=kind, text=text)
        return self._sent(lead, act, text, step=step, invited_at=invited_at)

    def _sent(
        self,
        lead: Lead,
        act: Delivery,
        text: str,
        *,
        step: str,
        invited_at: datetime | None = None,
    ) -> Lead:
        sent = MessageSent(lead_id=lead.id, delivery_id=act.id, kind=act.kind)
        self.context.queue.append(self.transaction, AGENT, sent)
        return leads.update(
            self.transaction,
            lead,
            now=self.now,
            moved=move(lead.contact_status, Cause.SENT if text else Cause.INVITED),
            message_sent=text or lead.message_sent,
            sent_at=self._at,
            step=step,
            invited_at=invited_at or lead.invited_at,
        )

    def _ended(self, lead: Lead) -> None:
        failed = self.shown.failed
        moved = move(lead.contact_status, Cause.REFUSED_FOR_GOOD if failed else Cause.WITHDRAWN)
        if not isinstance(moved, Change):
            return
        reason = self.shown.detail or "the campaign is over with them, and sent them nothing"
        leads.update(self.transaction, lead, now=self.now, moved=moved, status_reason=reason)
        ended = LeadEnrolled(lead_id=lead.id, delivery_id=self.enrolled.id, over=reason)
        self.context.queue.append(self.transaction, AGENT, ended)
