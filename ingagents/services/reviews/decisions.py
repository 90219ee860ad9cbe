"""What a human's answer does: the answer, its effects and its events in one commit.

One answer per question: the review is settled first, by a conditional update, so that whoever
comes second changes nothing and is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from ingagents.commands import LeadAllocation
from ingagents.context import Context
from ingagents.core.lead_status import Cause, Change, Refused, move
from ingagents.core.profiles.merge import names_of
from ingagents.core.review_policy import (
    BY_HAND,
    CONSEQUENCES,
    Lapse,
    Review,
    Wish,
    answer_to,
    read_by,
    settled_as,
)
from ingagents.core.strategy.auto_apply import takes_effect
from ingagents.display import Shown, Told
from ingagents.events import DecisionMade, DeliverySettled, ReviewDecided
from ingagents.model import (
    FIRST_CONTACT,
    Decision,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Lead,
    Reason,
    SendResult,
)
from ingagents.ports import Transaction
from ingagents.services.leads.suppression import held_by
from ingagents.services.outreach.enrolments.stops import note_stopped
from ingagents.services.outreach.inbox.replies import obey_opt_out, read_again, to_decision
from ingagents.services.outreach.sending.send_outcomes import give_up, mark_sent
from ingagents.services.reviews.approval import Approvals, answered_otherwise, has_answered
from ingagents.services.reviews.requests import lapse
from ingagents.store.tables import deliveries, lead_plans, leads, replies, reviews, strategy

_WRITE_IT = "write one: `ingagents review edit ID --text '...'`, or `ingagents facts add`"
_NOBODY = Lapse(state="void", reason="the lead is gone")


class Decided(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """What became of one answer. `ok` False: it was not taken; `says` tells why, `remedy` what now."""

    review: Review
    result: Literal["approved", "edited", "rejected", "unchanged", "refused"]
    says: str
    remedy: str = ""

    def _told(self) -> Told:
        rest = f"; {self.remedy}" if self.remedy else ""
        return Told(f"{self.result}: {self.says}{rest}", super()._told().rows)

    @property
    def ok(self) -> bool:
        """Whether things are as whoever answered wished."""
        return self.result != "refused"


@dataclass(frozen=True, kw_only=True)
class Verdicts:
    """Takes answers. Everything here runs inside one commit of the caller's."""

    context: Context
    approvals: Approvals

    def approve(
        self, transaction: Transaction, review: Review, *, by: str, read_as: str = ""
    ) -> Decided:
        """Say yes. `read_as` corrects how a reply was read: one of `core.reviewing.READINGS`."""
        if (second := _second(review, "approve")) is not None:
            return second
        match review.kind:
            case "answer" if not review.text:
                return _refused(review, "has no text: no fact answers it", _WRITE_IT)
            case "draft" | "answer":
                return self._approve_draft(transaction, review, by=by)
            case "send":
                return self._settle_send(transaction, review, by=by, went=True)
            case "reply":
                return self._approve_reply(transaction, review, by=by, read_as=read_as)
            case "strategy":
                return self._approve_change(transaction, review, by=by)

    def edit(self, transaction: Transaction, review: Review, *, text: str, by: str) -> Decided:
        """Put another text in place of a draft, if it is fit; the editor has approved it."""
        if (second := _second(review, "edit")) is not None:
            return second
        if "edit" not in CONSEQUENCES[review.kind]:
            return _refused(review, "has no text of ours to edit", "approve or reject it")
        lead = self._lead_of(transaction, review)
        if lead is None:
            return self._too_late(transaction, review, _NOBODY)
        reasons = self.approvals.unfit(transaction, review, lead, text)
        if reasons:
            says = "keeps its text, for the new one " + ", ".join(reasons)
            return _refused(review, says, "mend it and edit again")
        edited = msgspec.structs.replace(
            review,
            text=text,
            text_hash=deliveries.fingerprint(text),
            written_by=f"human:{by}",
            confidence=1.0,
        )
        decided = self._approve_draft(transaction, review, by=by, edited=edited)
        if decided.ok:
            written = Decision(
                kind="message",
                verdict=text,
                decided_by=edited.written_by,
                reasons=(Reason(why=f"{by} put it in place of the draft", evidence=review.text),),
                basis={"text_hash": edited.text_hash, "review": review.id},
            )
            event = DecisionMade(lead_id=lead.id, decision=written)
            self.context.queue.append(transaction, by, event)
        return decided

    def reject(self, transaction: Transaction, review: Review, *, reason: str, by: str) -> Decided:
        """Say no, for good."""
        if (second := _second(review, "reject")) is not None:
            return second
        if review.kind == "send":
            return self._settle_send(transaction, review, by=by, went=False, reason=reason)
        if review.state == "approved" and self._is_going_out(transaction, review):
            return _refused(review, "is going out at this moment", "see `ingagents leads show`")
        self._close(transaction, review, "rejected", by=by, reason=reason)
        if review.kind == "strategy":
            now = self.context.clock.now()
            strategy.reject(transaction, review.subject, by=by, reason=reason, now=now)
        lead = self._lead_of(transaction, review)
        if lead is not None:
            cause = Cause.ANSWER_REJECTED if review.kind == "reply" else Cause.DRAFT_REJECTED
            self._move(transaction, lead, cause, f"rejected by {by}: {reason}")
        return Decided(review=review, result="rejected", says="rejected for good")

    def take_back(self, transaction: Transaction, review: Review, *, by: str) -> Decided | None:
        """Ask anew about a text that was approved and has not gone out; None when it is too late.

        For a yes that was taken out or written over: whoever gave it is not sure any more.
        """
        if review.state != "approved" or self._is_going_out(transaction, review):
            return None
        expires = self.context.clock.now() + self.approvals.valid
        anew: dict[str, Any] = {"decided_at": None, "decided_by": "", "expires_at": expires}
        reviews.settle(transaction, review, state="open", **anew)
        lead = self._lead_of(transaction, review)
        if lead is not None:
            why = f"the yes to its text was taken back (review {review.id})"
            self._move(transaction, lead, Cause.YES_TAKEN_BACK, why)
        self._say(transaction, review, "taken_back", by=by)
        says = "the yes is taken back; nothing is sent"
        return Decided(review=review, result="unchanged", says=says)

    def too_late(self, transaction: Transaction, review: Review) -> str:
        """Why a yes would come too late as things stand; "" when it would not."""
        if (second := answer_to(review, "approve")) is not None:
            return second.says
        lead = self._lead_of(transaction, review)
        if review.kind not in {"draft", "answer"} or lead is None:
            return ""
        gone = self.approvals.why_lapsed(transaction, review, lead)
        return self._barred(transaction, lead, review) or (gone.reason if gone is not None else "")

    def _approve_draft(
        self, transaction: Transaction, review: Review, *, by: str, edited: Review | None = None
    ) -> Decided:
        now, would_go = self.context.clock.now(), edited or review
        lead = self._lead_of(transaction, review)
        if lead is None:
            return self._too_late(transaction, review, _NOBODY)
        if barred := self._barred(transaction, lead, review):
            return self._too_late(transaction, review, Lapse(state="void", reason=barred))
        if (gone := self.approvals.why_lapsed(transaction, would_go, lead)) is not None:
            return self._too_late(transaction, review, gone, lead=lead)
        reviews.settle(
            transaction,
            review,
            state="approved",
            text=would_go.text,
            text_hash=would_go.text_hash,
            written_by=would_go.written_by,
            confidence=would_go.confidence,
            decided_at=now,
            decided_by=by,
            expires_at=now + self.approvals.valid,
        )
        verdict: Literal["approved", "edited"] = "approved" if edited is None else "edited"
        self._say(transaction, would_go, verdict, by=by)
        why = f"approved by {by} (review {review.id})"
        self._move(transaction, lead, Cause.APPROVED, why, allocated_at=now)
        says = f"{verdict}; it goes out when limits and hours allow"
        return Decided(review=would_go, result=verdict, says=says)

    def _settle_send(
        self, transaction: Transaction, review: Review, *, by: str, went: bool, reason: str = ""
    ) -> Decided:
        delivery = deliveries.find(transaction, review.subject)
        lead = self._lead_of(transaction, review)
        if lead is None or delivery is None or delivery.state is not DeliveryState.UNCERTAIN:
            state = "gone" if lead is None or delivery is None else delivery.state.value
            late = Lapse(state="void", reason=f"the send is {state} by now")
            return self._too_late(transaction, review, late)
        says = (
            f"{by} says it {'did' if went else 'did not'} go out{f': {reason}' if reason else ''}"
        )
        self._close(transaction, review, "done" if went else "rejected", by=by, reason=reason)
        if went and delivery.kind is DeliveryKind.STOP:
            note_stopped(self.context, transaction, delivery, lead, says)
        elif went:
            sent = SendResult(outcome="sent", detail=says)
            mark_sent(self.context, transaction, delivery, lead, sent)
        else:
            self._take_as_unsent(transaction, review, delivery, lead, says)
        settled = DeliverySettled(
            lead_id=lead.id,
            delivery_id=delivery.id,
            verdict="sent" if went else "not_sent",
            evidence=says,
        )
        self.context.queue.append(transaction, by, settled)
        says = settled_as(review, went=went)
        return Decided(review=review, result="approved" if went else "rejected", says=says)

    def _take_as_unsent(
        self, transaction: Transaction, review: Review, delivery: Delivery, lead: Lead, says: str
    ) -> None:
        """The act and its lead as a human knows them. A lead that moved on meanwhile stays so."""
        now, refused = self.context.clock.now(), DeliveryState.REFUSED
        if BY_HAND in review.evidence:  # theirs to send: they are sure, and its quota is free too
            deliveries.settle(transaction, delivery.id, refused, now=now, detail=says)
        else:
            give_up(self.context, transaction, delivery, says)
        if delivery.step == FIRST_CONTACT:  # a later step leaves the lead where it stands
            self._move(transaction, lead, Cause.HUMAN_SAYS_UNSENT, says, allocated_at=now)

    def _approve_reply(
        self, transaction: Transaction, review: Review, *, by: str, read_as: str
    ) -> Decided:
        self._close(transaction, review, "done", by=by, reason=read_as)
        lead = self._lead_of(transaction, review)
        reply = replies.find(transaction, review.subject)
        if not read_as or lead is None or reply is None:
            return Decided(review=review, result="approved", says="seen to")
        analysis = read_by(by, read_as)
        effect = read_again(self.context, transaction, reply, analysis)
        newest = replies.last_of(transaction, lead.id)
        changes: dict[str, Any] = {}
        moved = move(lead.contact_status, Cause.OPTED_OUT) if analysis.opt_out else None
        if newest is not None and newest.id == reply.id:
            changes = {
                "response_sentiment": analysis.sentiment,
                "response_intent": analysis.intent,
                "response_detail": analysis.detail,
            }
        if analysis.opt_out:
            changes["status_reason"] = "asked not to be written to"
        leads.update(transaction, lead, now=self.context.clock.now(), moved=moved, **changes)
        decision = to_decision(analysis, reply, effect)
        self.context.queue.append(transaction, by, DecisionMade(lead_id=lead.id, decision=decision))
        if analysis.opt_out:
            obey_opt_out(self.context, transaction, lead.id, by=by)
        return Decided(review=review, result="approved", says=f"read as {read_as}")

    def _approve_change(self, transaction: Transaction, review: Review, *, by: str) -> Decided:
        now = self.context.clock.now()
        kept = strategy.apply(transaction, review.subject, by=by, now=now)
        if kept is None:
            gone = Lapse(state="void", reason="it is not proposed any more")
            return self._too_late(transaction, review, gone)
        self._close(transaction, review, "done", by=by)
        if takes_effect(kept.proposal):
            return Decided(review=review, result="approved", says="in force from now on")
        to = kept.proposal.proposed
        line = f"{kept.proposal.setting} = " + (f'"{to}"' if isinstance(to, str) else f"{to:g}")
        says = f"set `{line}` in settings.toml: the department does not change this by itself"
        return Decided(review=review, result="approved", says=says)

    def _barred(self, transaction: Transaction, lead: Lead, review: Review) -> str:
        """Why nothing may be written to a lead any more, whatever the text; "" when it may."""
        names = names_of(leads.aliases_of(transaction, lead.id))
        if suppressed := leads.is_suppressed(transaction, names):
            return f"suppressed: {suppressed}"
        if has_answered(transaction, lead.id, review):
            return "this person has answered"
        if held := held_by(transaction, lead):
            return held
        if review.kind == "answer":
            return answered_otherwise(lead, review)
        if review.step is not None and review.step != FIRST_CONTACT:
            coming = lead_plans.coming(transaction, lead)
            return "" if coming.step == review.step else coming.reason or "it is not next any more"
        if isinstance(move(lead.contact_status, Cause.APPROVED), Refused):
            return f"the lead is {lead.contact_status.value} by now"
        return ""

    def _is_going_out(self, transaction: Transaction, review: Review) -> bool:
        """Whether the text was claimed: from then on it may have reached the person."""
        acts = deliveries.of_recipient(transaction, review.lead_id or "")
        return any(act.step == review.step and not act.state.frees_step for act in acts)

    def _too_late(
        self, transaction: Transaction, review: Review, gone: Lapse, *, lead: Lead | None = None
    ) -> Decided:
        """Put the question away; a lead that may still be written to gets a fresh draft."""
        lapse(self.context, transaction, review, gone)
        says = f"is {gone.state}: {gone.reason}"
        if lead is None or review.kind == "answer":
            return _refused(review, says)
        now = self.context.clock.now()
        why = f"review {review.id} {says}"
        self._move(transaction, lead, Cause.DRAFT_LAPSED, why, allocated_at=now)
        if review.step in {None, FIRST_CONTACT}:
            allocated = LeadAllocation(lead_ids=(lead.id,), strategy="a fresh draft")
            self.context.queue.append(transaction, "review", allocated)
        return _refused(review, says, "outreach writes a fresh draft and asks again")

    def _move(
        self, transaction: Transaction, lead: Lead, cause: Cause, reason: str, **changes: Any
    ) -> None:
        """Write down where the lead stands now; one that moved on meanwhile stays as it is.

        Who comes back to outreach begins there anew: `allocated_at` is now.
        """
        moved = move(lead.contact_status, cause)
        if isinstance(moved, Change):
            now = self.context.clock.now()
            leads.update(transaction, lead, now=now, moved=moved, status_reason=reason, **changes)

    def _close(
        self,
        transaction: Transaction,
        review: Review,
        state: Literal["done", "rejected"],
        *,
        by: str,
        reason: str = "",
    ) -> None:
        reviews.settle(
            transaction,
            review,
            state=state,
            decided_at=self.context.clock.now(),
            decided_by=by,
            reason=reason,
        )
        verdict: Literal["approved", "rejected"] = "approved" if state == "done" else "rejected"
        self._say(transaction, review, verdict, by=by, reason=reason)

    def _say(
        self,
        transaction: Transaction,
        review: Review,
        verdict: Literal["approved", "edited", "rejected", "taken_back"],
        *,
        by: str,
        reason: str = "",
    ) -> None:
        event = ReviewDecided(
            review_id=review.id,
            kind=review.kind,
            verdict=verdict,
            by=by,
            lead_id=review.lead_id,
            text_hash=review.text_hash,
            reason=reason,
        )
        self.context.queue.append(transaction, by, event)

    def _lead_of(self, transaction: Transaction, review: Review) -> Lead | None:
        return leads.find(transaction, review.lead_id) if review.lead_id else None


def _second(review: Review, wish: Wish) -> Decided | None:
    """What somebody gets whose answer is not the first; None when it is."""
    answered = answer_to(review, wish)
    if answered is None:
        return None
    if answered.ok:
        return Decided(review=review, result="unchanged", says=answered.says)
    return _refused(review, answered.says)


def _refused(
    review: Review, says: str, remedy: str = "`ingagents review list` shows what waits"
) -> Decided:
    return Decided(review=review, result="refused", says=says, remedy=remedy)
