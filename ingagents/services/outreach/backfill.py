"""What the service knows and this database does not: acts lost with a newer database are adopted.

A database restored from a backup has forgotten what went out since. Nobody would be written to
twice even so, for each person is looked at before the send; but the limits would be counted short
and the leads stand wrong. So before a process's first send the service's open invitations and the
messages since the last such look are read, once, and every act towards a known lead that the
database lacks becomes the step that it is (`core/conversation/backfill.py`): sent, dated as the service dates
it, with what showed it. A text that is none of ours may be a human's own word: as a person's first
contact it is kept as `by_hand`, and later in a conversation it is nobody's step.

An open invitation to somebody who is no lead (sent by hand, or to a person found after the backup)
counts against the limits for a week, since LinkedIn counts it too. A message to a connection who
is no lead is a human's own talk and counts for nothing.

The service's dates of invitations are good to a day; where it gives none, the act counts as of now.
Either way a limit is rather counted too full than too empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.conversation.backfill import Shown, step_of
from ingagents.core.identity import aliases_of_profile
from ingagents.core.profiles.contradictions import renamed
from ingagents.core.profiles.merge import names_of
from ingagents.core.profiles.recognition import contradict
from ingagents.core.rate_limiter import WEEK
from ingagents.core.reconciler import folded
from ingagents.core.replies.list_walk import Walk
from ingagents.errors import ServiceError, TryLater
from ingagents.events import DecisionMade
from ingagents.log import narrator
from ingagents.model import (
    FIRST_CONTACT,
    AccountId,
    ChatMessage,
    ContactStatus,
    Decision,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Lead,
    Profile,
    Reason,
    SendResult,
    Step,
)
from ingagents.model.linkedin import SentInvitation
from ingagents.ports import Inbox, SentItems, Transaction
from ingagents.services.outreach.account import BY_HAND, invited_by_hand, note_open
from ingagents.services.outreach.inbox.chat_reader import ChatReader, stands_still
from ingagents.services.outreach.sending.send_outcomes import (
    AGENT,
    adopt,
    mark_sent,
)
from ingagents.store.engine.codecs import moment, stamp
from ingagents.store.tables import (
    deliveries,
    erased_identities,
    key_value,
    leads,
    reviews,
)

log = narrator()

ADOPTED = "recollection.adopted"
"""The note that says how many acts were adopted last, and when: {"count", "at"}."""

_LOOKED_AT = "recollection.looked_at"
_WALK = "recollection.walk"
"""Where a reading of the chats stands that is not at its end."""

LOOK_AGAIN = timedelta(minutes=30)
"""A process that starts this soon after the last look does not look again: cron starts one every
few minutes. What a backup this young has lost is still seen person by person."""

_OVERLAP = timedelta(hours=1)
"""Messages are read from this long before the last look: services show some late."""

_LONGEST_BACK = timedelta(days=30)


class _Seen(msgspec.Struct, frozen=True, kw_only=True):
    """An act of ours that the service shows."""

    person: Profile
    kind: DeliveryKind
    at: datetime
    text: str
    evidence: str
    service_id: str = ""
    chat_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Recollection:
    """Compares the service's memory with the database's."""

    context: Context
    inbox: Inbox
    sent_items: SentItems
    account_id: AccountId

    async def catch_up(self, session: RoleSession) -> int:
        """Adopt what went out and is not known here; how many acts towards leads that were.

        Raises:
            TryLater, AccountBlocked, RequestRefused: the service cannot be read now.
        """
        now = self.context.clock.now()
        noted = await self.context.store.read(
            lambda t: key_value.noted(t, _LOOKED_AT, of=self.account_id)
        )
        looked_at = moment(noted) if noted else None
        if looked_at is not None and timedelta(0) <= now - looked_at < LOOK_AGAIN:
            return 0
        walk = await self.context.store.read(self._begun_walk)
        adopted = 0
        if walk is None:
            invitations = await self.sent_items.pending_invitations()
            adopted = await session.commit(lambda t: self._take_over_open(t, invitations, now))
            since = min(looked_at or now, now) - _OVERLAP
            walk = Walk(after=max(since, now - _LONGEST_BACK), began=now)
        if looked_at is not None:  # a department that never looked has sent nothing it could lose
            adopted += await self._read_chats(walk, session)
        await session.commit(lambda t: self._end(t, walk.began, now))
        return adopted

    def _take_over_open(
        self, transaction: Transaction, invitations: Sequence[SentInvitation], now: datetime
    ) -> int:
        adopted = self._take_over(transaction, list(_invitations(invitations, now)), now)
        note_open(transaction, self.account_id, len(invitations), now)
        return adopted

    async def _read_chats(self, walk: Walk, session: RoleSession) -> int:
        """Adopt what the chats show, from the walk's mark to the end of the list.

        Raises:
            TryLater: the list is longer than one look may read; it goes on from its mark.
            AccountBlocked, RequestRefused: as `catch_up`.
        """
        reader = ChatReader(inbox=self.inbox, stopping=lambda: False)
        adopted = 0
        while True:
            walk, page = await reader.page(walk)
            for chat in page.chats:
                if chat.id in walk.done:
                    continue
                if reader.must_end():
                    await self._commit(session, walk, ())
                    raise _not_done(walk)
                found = await reader.messages(chat, after=walk.after)
                walk = walk.with_done([chat.id])
                if not isinstance(found, ServiceError):
                    adopted += await self._commit(session, walk, [*_messages(found.messages)])
                elif isinstance(found, TryLater) and reader.is_down(found):
                    await self._commit(session, walk, ())
                    raise found
                # Else: whose chat cannot be read is read again before they are written to.
            if page.cursor is None:
                return adopted
            if not walk.moves_to(page.cursor):
                log.warning("recollection.stands_still", error=stands_still().what)
                return adopted
            latest = [chat.latest for chat in page.chats if chat.latest is not None]
            walk = walk.next(page.cursor, items=len(page.chats), reached=min(latest, default=None))
            await self._commit(session, walk, ())
            if reader.must_end():
                raise _not_done(walk)

    def _begun_walk(self, transaction: Transaction) -> Walk | None:
        noted = key_value.noted(transaction, _WALK, of=self.account_id)
        return msgspec.convert(noted, Walk) if noted else None

    def _end(self, transaction: Transaction, looked_at: datetime, now: datetime) -> None:
        key_value.note(transaction, _LOOKED_AT, stamp(looked_at), at=now, of=self.account_id)
        key_value.forget(transaction, _WALK, of=self.account_id)

    async def _commit(self, session: RoleSession, walk: Walk, seen: Sequence[_Seen]) -> int:
        now = self.context.clock.now()

        def commit(transaction: Transaction) -> int:
            key_value.note(
                transaction, _WALK, msgspec.to_builtins(walk), at=now, of=self.account_id
            )
            return self._take_over(transaction, seen, now) if seen else 0

        return await session.commit(commit)

    def _take_over(self, transaction: Transaction, seen: Sequence[_Seen], now: datetime) -> int:
        adopted = 0
        strangers = {
            who: at
            for who, at in invited_by_hand(transaction, self.account_id).items()
            if datetime.fromisoformat(at) > now - WEEK
        }
        for act in seen:
            aliases = aliases_of_profile(act.person)
            lead = leads.find_by_aliases(transaction, aliases)
            if lead is not None and not _is_about(transaction, lead, act.person):
                lead = None
            if lead is not None:
                leads.add_aliases(transaction, lead.id, aliases)
                adopted += self._adopt(transaction, lead, act)
            elif (
                act.kind is DeliveryKind.INVITATION
                and act.at > now - WEEK
                and not erased_identities.reasons_for(transaction, names_of(aliases))
            ):
                provider_id = act.person.provider_id
                who = erased_identities.hashed(transaction, "provider_id", provider_id, at=now)
                strangers.setdefault(who, act.at.isoformat())
        key_value.note(transaction, BY_HAND, strangers, at=now, of=self.account_id)
        if adopted:
            key_value.note(transaction, ADOPTED, {"count": adopted, "at": now.isoformat()}, at=now)
        return adopted

    def _adopt(self, transaction: Transaction, lead: Lead, act: _Seen) -> bool:
        """Give a lead the act that it lacks; False when it lacks none."""
        acts = [
            one
            for one in deliveries.of_recipient(transaction, lead.id)
            if one.account_id == self.account_id
        ]
        shown = Shown(kind=act.kind, at=act.at, text=act.text, id=act.service_id)
        found = step_of(shown, acts, _drafts(transaction, lead))
        if found is None:
            return False
        if isinstance(found, Delivery):
            adopt(self.context, transaction, found, lead, act.evidence)
            return True
        delivery = Delivery(
            id=self.context.new_id(),
            recipient=lead.id,
            account_id=self.account_id,
            campaign=lead.campaign,
            kind=act.kind,
            step=found.step,
            text=act.text,
            text_hash=deliveries.fingerprint(act.text),
            state=DeliveryState.ATTEMPTED,
            address=act.person.provider_id,
            approved_by="nobody here: read back from the service",
            claimed_at=act.at,
            attempted_at=act.at,
            by_hand=act.kind is DeliveryKind.MESSAGE and not found.ours,
        )
        if not deliveries.claim(transaction, delivery):
            return False
        why = f"the service shows it and this database did not know it: {act.evidence}"
        decision = Decision(
            kind="send",
            verdict="adopted",
            decided_by="rules/recollection-1",
            reasons=(Reason(why=why, evidence=act.text),),
            basis={
                "kind": act.kind.value,
                "step": str(found.step),
                "sent_at": act.at.isoformat(),
            },
        )
        self.context.queue.append(
            transaction, AGENT, DecisionMade(lead_id=lead.id, decision=decision)
        )
        result = SendResult(
            outcome="sent", message_id=act.service_id, chat_id=act.chat_id, detail=why
        )
        mark_sent(self.context, transaction, delivery, lead, result)
        first = found.step == FIRST_CONTACT
        return not first or lead.contact_status is not ContactStatus.MESSAGE_SENT


def _drafts(transaction: Transaction, lead: Lead) -> dict[str, Step]:
    """The texts that were written for a lead and put before a human, by what they were for."""
    return {
        folded(one.text): one.step
        for one in reviews.of_lead(transaction, lead.id)
        if one.kind == "draft" and one.step is not None and one.text.strip()
    }


def _not_done(walk: Walk) -> TryLater:
    return TryLater(
        f"what went out before is still being read back from LinkedIn ({walk.items} chats so far)",
        "nothing is sent until it is done; it goes on by itself, or with `once --task outreach`",
        service="unipile",
    )


def _is_about(transaction: Transaction, lead: Lead, person: Profile) -> bool:
    """Whether the person of an act is this lead: by an id, or by the address without another name."""
    known, shown = set(leads.aliases_of(transaction, lead.id)), set(aliases_of_profile(person))
    if contradict(known, shown):
        return False
    return any(alias.kind != "slug" for alias in known & shown) or not renamed(lead, person)


def _invitations(invitations: Sequence[SentInvitation], now: datetime) -> Iterator[_Seen]:
    for one in invitations:
        person = Profile(
            name=one.name,
            provider_id=one.to.provider_id,
            public_identifier=one.to.public_identifier,
            linkedin_url=one.to.linkedin_url,
            member_number=one.to.member_number,
        )
        yield _Seen(
            person=person,
            kind=DeliveryKind.INVITATION,
            at=min(one.sent_at or now, now),
            text=one.note,
            evidence="an invitation to this person is pending",
        )


def _messages(messages: Sequence[ChatMessage]) -> Iterator[_Seen]:
    """What we wrote; the note of an accepted invitation stands in the chat as well."""
    for one in messages:
        if one.from_us:
            yield _Seen(
                person=Profile(provider_id=one.provider_id),
                kind=DeliveryKind.INVITATION if one.is_note else DeliveryKind.MESSAGE,
                at=one.sent_at,
                text=one.text,
                evidence=f"the chat holds the message {one.id}",
                service_id=one.id,
                chat_id=one.chat_id,
            )
