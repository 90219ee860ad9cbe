"""Builds of the product in which one guard is switched off. The simulation has to catch each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NamedTuple
from unittest.mock import patch

import msgspec

from ingagents.communication import inbox
from ingagents.communication.role_session import RoleSession
from ingagents.core import reconciler
from ingagents.core.conversation import sequence
from ingagents.core.lead_status import Cause, Change
from ingagents.core.message_generator import Unwritable
from ingagents.core.reconciler import Verdict
from ingagents.core.sending.send_facts import Seen, SendFacts, Unseen
from ingagents.model import (
    ContactStatus,
    Delivery,
    DeliveryKind,
    LeadId,
    Look,
    Refusal,
    SendResult,
    Step,
)
from ingagents.services.management.notifications import Notices
from ingagents.services.outreach import reconcile
from ingagents.services.outreach.inbox import replies
from ingagents.services.outreach.reconcile import Doubts
from ingagents.services.outreach.sending import act
from ingagents.services.outreach.sending import send as contact
from ingagents.services.outreach.sending.draft import Drafted
from ingagents.services.outreach.sending.facts import Gather
from ingagents.services.outreach.sending.send import SendMessage
from ingagents.services.outreach.sending.send_outcomes import SendOutcome, write_outcome
from ingagents.store.tables import deliveries, lead_plans, leases


@contextmanager
def _acts_before_the_claim() -> Iterator[None]:
    async def execute(
        self: SendMessage,
        lead_id: LeadId,
        seen: Seen | Unseen,
        drafted: Drafted | Unwritable | None,
        session: RoleSession,
        step: Step,
    ) -> SendOutcome:
        if not isinstance(drafted, Drafted) or not isinstance(seen, Seen):
            return await once(self, lead_id, seen, drafted, session, step)
        invites = drafted.draft.kind is DeliveryKind.INVITATION
        request = self.sender.send_invitation if invites else self.sender.send_message
        result = await request(seen.profile.recipient, drafted.draft.text)
        claimed = await session.commit(lambda t: self._commit(t, lead_id, seen, drafted, step))
        if isinstance(claimed, SendOutcome):
            return claimed
        return await self.context.store.write(
            lambda t: write_outcome(self.context, t, claimed, result)
        )

    once = SendMessage._execute
    with patch.object(SendMessage, "_execute", execute):
        yield


@contextmanager
def _enrols_before_the_claim() -> Iterator[None]:
    async def execute(
        self: SendMessage, lead_id: LeadId, seen: Seen | Unseen, drafted: Any, *more: Any
    ) -> SendOutcome:
        if isinstance(drafted, Drafted) and isinstance(seen, Seen) and self.campaigns is not None:
            await self.campaigns.enrol(seen.profile, drafted.draft.texts)
        return await once(self, lead_id, seen, drafted, *more)

    once = SendMessage._execute
    with patch.object(SendMessage, "_execute", execute):
        yield


@contextmanager
def _repeats_what_is_unknown() -> Iterator[None]:
    once = act.attempt

    async def twice(*claimed: Any) -> SendResult:
        result = await once(*claimed)
        return await once(*claimed) if result.outcome == "unknown" else result

    with patch.object(act, "attempt", twice):
        yield


@contextmanager
def _takes_unknown_for_refused() -> Iterator[None]:
    once = act.attempt

    async def sure(*claimed: Any) -> SendResult:
        result = await once(*claimed)
        if result.outcome != "unknown":
            return result
        return SendResult(outcome="refused", refusal=Refusal.RETRY_LATER)

    with patch.object(act, "attempt", sure):
        yield


@contextmanager
def _does_not_look_at_suppressions() -> Iterator[None]:
    gather = Gather.facts

    def facts(self: Gather, *args: Any, **more: Any) -> SendFacts | None:
        found = gather(self, *args, **more)
        return found and msgspec.structs.replace(found, suppressed="")

    with patch.object(Gather, "facts", facts):
        yield


@contextmanager
def _does_not_look_at_the_kill_switch() -> Iterator[None]:
    gather = Gather.facts

    def facts(self: Gather, *args: Any, **more: Any) -> SendFacts | None:
        found = gather(self, *args, **more)
        if found is None:
            return None
        account = msgspec.structs.replace(found.account, paused="")
        return msgspec.structs.replace(found, account=account)

    with patch.object(Gather, "facts", facts):
        yield


@contextmanager
def _acknowledges_first() -> Iterator[None]:
    handle_one = RoleSession._handle_one

    async def handle(self: RoleSession, waiting: Any, *args: Any, **more: Any) -> None:
        await self.commit(lambda t: inbox.acknowledge(t, [waiting]))
        await handle_one(self, waiting, *args, **more)

    with patch.object(RoleSession, "_handle_one", handle):
        yield


@contextmanager
def _forgets_orphans() -> Iterator[None]:
    async def find(self: Doubts, session: RoleSession) -> int:
        return 0

    with patch.object(Doubts, "find_orphans", find):
        yield


@contextmanager
def _takes_any_stop_for_done() -> Iterator[None]:
    def read(act: Delivery, shown: Any, *, now: Any) -> Look:
        look = reconciler.read_enrolment(act, shown, now=now)
        stops = act.kind is DeliveryKind.STOP
        return msgspec.structs.replace(look, found=True) if stops else look

    with patch.object(reconcile, "read_enrolment", read):
        yield


def _gives_up_any_doubt() -> AbstractContextManager[Any]:
    def judge(*args: Any, **more: Any) -> Verdict:
        return Verdict(state="not_sent", reason="not there at the first look")

    return patch.object(reconcile, "judge", judge)


def _brings_back_whoever_answers() -> AbstractContextManager[Any]:
    def move(status: ContactStatus, cause: Cause) -> Change:
        return Change(before=status, after=ContactStatus.RESPONDED, cause=cause)

    return patch.object(replies, "move", move)


def _leaves_the_channels_out() -> AbstractContextManager[Any]:
    async def tell(*args: Any, **more: Any) -> None:
        return None

    return patch.object(Notices, "_tell_channel", tell)


class Broken(NamedTuple):
    """A build, and what the simulation says of it when it catches it."""

    build: Callable[[], AbstractContextManager[Any]]
    caught_by: str
    first: int = 1
    """The seed that it is looked for from: what is rare is not looked for in vain each time."""
    by_campaign: bool = False
    """Only a campaign of the service's can show it."""


BUILDS: Mapping[str, Broken] = {
    "acts before the claim": Broken(_acts_before_the_claim, "0 claims stand for it"),
    "enrols before the claim": Broken(
        _enrols_before_the_claim,
        "^enrolment .* 0 claims stand for it",
        first=22,
        by_campaign=True,
    ),
    "takes every stop in doubt for done": Broken(
        _takes_any_stop_for_done,
        "counts as stopped, and the campaign goes on",
        first=435,
        by_campaign=True,
    ),
    "repeats what is unknown": Broken(_repeats_what_is_unknown, "0 claims stand for it"),
    "takes unknown for refused": Broken(
        _takes_unknown_for_refused, "counts as refused and was performed"
    ),
    "does not look at suppressions": Broken(
        _does_not_look_at_suppressions, "this person is suppressed"
    ),
    "does not look at the kill switch": Broken(
        _does_not_look_at_the_kill_switch, "outreach was paused", first=8
    ),
    "does not hear answers": Broken(
        lambda: patch.object(contact, "answers_to_us", lambda *_: []),
        "was shown an answer",
        first=8,
    ),
    "acts on an old claim": Broken(
        lambda: patch.object(act, "FRESH_CLAIM_SECONDS", 1e6),
        "its claim is from|0 claims stand for it",
        first=12,
    ),
    "acknowledges before it commits": Broken(_acknowledges_first, "acknowledged"),
    "has no fence": Broken(
        lambda: patch.object(leases, "fence", lambda *_, **__: None),
        "another process holds the role|any more$",
        first=71,
    ),
    "reserves no quota": Broken(
        lambda: patch.object(deliveries, "claimed_since", lambda *_: []), "th of the (day|week)$"
    ),
    "writes again at once": Broken(
        lambda: patch.object(sequence, "after_working_days", lambda at, *_: at),
        "after what came before",
    ),
    "forgets what comes next": Broken(
        lambda: patch.object(lead_plans, "mark", lambda *_: None),
        "the plan of|nobody says what comes next",
    ),
    "brings back whoever answers": Broken(_brings_back_whoever_answers, "no cause leads there"),
    "leaves the channels out": Broken(_leaves_the_channels_out, "did not tell both"),
    "forgets orphans": Broken(_forgets_orphans, "without an outcome|never got an outcome"),
    "gives up any doubt": Broken(
        _gives_up_any_doubt, "not looked for in vain|more than one doubt was given up"
    ),
}
