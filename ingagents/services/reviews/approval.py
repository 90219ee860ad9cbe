"""The human's say before a send: asked for, looked at again, and bound to exactly one act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.lead_status import Cause
from ingagents.core.messages.checks import unfit
from ingagents.core.profiles.contradictions import drifted
from ingagents.core.rate_limiter import end_of_day
from ingagents.core.review_policy import GROUNDS, WRITTEN_FOR, Intended, Lapse, Review, lapsed
from ingagents.core.send_policy import Approval, Channel, DoNotSend, needs_approval
from ingagents.events import DecisionMade
from ingagents.model import (
    FIRST_CONTACT,
    AccountId,
    Campaign,
    ChatMessage,
    Decision,
    Draft,
    Lead,
    Profile,
    Reason,
)
from ingagents.ports import Transaction
from ingagents.services.outreach.draft import Drafted, drafted_from
from ingagents.services.outreach.send_outcomes import AGENT
from ingagents.services.reviews.requests import (
    about_draft,
    ask_about_draft,
    draft_subject,
    lapse,
    show_draft,
)
from ingagents.store.tables import deliveries, reviews


@dataclass(frozen=True, kw_only=True)
class Approvals:
    """Which texts need a human's word, and what humans said of them.

    `rule` is `outreach.approval`, `valid` how long an approval, or a question for one, holds.
    """

    context: Context
    account_id: AccountId
    campaign: Campaign
    rule: Approval
    valid: timedelta

    async def word_on(
        self, lead: Lead, profile: Profile, way: Channel, session: RoleSession
    ) -> Review | DoNotSend | None:
        """The approval that holds for this person now; Skip when a human said no, or has to decide.

        None: no word stands. One that holds no longer is put away with the reason.
        """
        subject = draft_subject(lead.id, FIRST_CONTACT)

        def read(transaction: Transaction) -> tuple[str, Review | None]:
            return (
                self.rejected(transaction, lead.id),
                reviews.standing(transaction, "draft", subject),
            )

        rejected, review = await self.context.store.read(read)
        if rejected:
            return DoNotSend(cause=Cause.DRAFT_REJECTED, reason=rejected)
        if review is None:
            return None
        gone = self.why_lapsed(review, lead, profile=profile, way=way)
        if gone is not None:
            await session.commit(lambda t: lapse(self.context, t, review, gone))
            return None
        return review if review.state == "approved" else _must_decide(review)

    def in_force(
        self,
        transaction: Transaction,
        approved: Review | None,
        lead: Lead,
        *,
        profile: Profile,
        draft: Draft,
        way: Channel,
    ) -> str:
        """Why a text may not go for want of approval, looked at inside the claim; "" when it may.

        What holds no longer is put away in the same commit.
        """
        if approved is None:
            return self.missing(draft, lead)
        review = reviews.find(transaction, approved.id)
        if review is None or review.state != "approved":
            return f"its approval {approved.id} is gone"
        gone = self.why_lapsed(review, lead, profile=profile, way=way, text=draft.text)
        if gone is None:
            return ""
        lapse(self.context, transaction, review, gone)
        return f"its approval {review.id} holds no longer: {gone.reason}"

    def why_lapsed(
        self,
        review: Review,
        lead: Lead,
        *,
        profile: Profile | None = None,
        way: Channel | None = None,
        text: str | None = None,
    ) -> Lapse | None:
        """Why a draft or its approval holds no longer, as the lead stands.

        `profile` and `way` are what LinkedIn shows just now, where somebody looked; `text` is what
        would be sent, where that is not simply the review's own.
        """
        would_go = review.text if text is None else text
        return lapsed(
            review,
            now=self.context.clock.now(),
            intended=Intended(
                lead_id=lead.id,
                address=lead.provider_id if profile is None else profile.provider_id,
                account_id=self.account_id,
                step=FIRST_CONTACT,
                text_hash=deliveries.fingerprint(would_go),
                name=None if profile is None else profile.name or lead.name,
                way=None if way is None else way.kind,
            ),
            unfit=(
                *map(str, drifted(review.evidence.get(WRITTEN_FOR, {}), lead)),
                *unfit(
                    would_go,
                    lead=lead,
                    campaign=self.campaign,
                    limit=review.text_limit if way is None else way.limit,
                ),
            ),
        )

    def missing(self, draft: Draft, lead: Lead) -> str:
        """Why a human must see this draft first; "" when nobody must."""
        if lead.contradictions:
            return f"a human must decide: {'; '.join(lead.contradictions)}"
        if not needs_approval(draft, self.rule):
            return ""
        return f"a human must approve this text first (confidence {draft.confidence:.2f})"

    def signed(self, approved: Review | None) -> str:
        """Who approved a send, as its claim keeps it."""
        if approved is None:
            return f"rule: approval = {self.rule}"
        return f"{approved.decided_by} (review {approved.id})"

    def ask(
        self,
        transaction: Transaction,
        lead: Lead,
        draft: Draft,
        *,
        way: Channel,
        profile: Profile,
        conversation: tuple[ChatMessage, ...],
    ) -> DoNotSend:
        """Put the question; the lead waits for the answer."""
        review = ask_about_draft(
            self.context,
            transaction,
            lead,
            about_draft(lead, draft, way=way, profile=profile, account_id=self.account_id),
            conversation=conversation,
            valid=self.valid,
        )
        return _must_decide(review, self.missing(draft, lead))

    def show(
        self,
        transaction: Transaction,
        lead: Lead,
        drafted: Drafted,
        *,
        way: Channel,
        profile: Profile,
        grounds: Mapping[str, str],
    ) -> None:
        """Keep the text of a dry run: it needs no other look at LinkedIn on the same day.

        A text is journaled when it is shown first.
        """
        before = reviews.shown(transaction, draft_subject(lead.id, FIRST_CONTACT))
        shown = show_draft(
            self.context,
            transaction,
            about_draft(lead, drafted.draft, way=way, profile=profile, account_id=self.account_id),
            evidence={GROUNDS: grounds},
            until=end_of_day(self.context.clock.now(), self.campaign.timezone),
        )
        if before is None or before.text_hash != shown.text_hash:
            decisions = (drafted.to_decision(), _dry_run(shown))
            events = (DecisionMade(lead_id=lead.id, decision=one) for one in decisions)
            self.context.queue.append(transaction, AGENT, *events)

    def rejected(self, transaction: Transaction, lead_id: str) -> str:
        """Who rejected writing to a lead, and why; "" when nobody did. A rejection is for good."""
        subject = draft_subject(lead_id, FIRST_CONTACT)
        review = reviews.rejection(transaction, "draft", subject)
        return f"rejected by {review.decided_by}: {review.reason}" if review else ""


def as_approved(review: Review, lead: Lead) -> Drafted:
    """The draft that was approved: its exact text, and who approved it."""
    return drafted_from(review, lead, f"approved by {review.decided_by} (review {review.id})")


def _must_decide(review: Review, why: str = "a human must approve this text first") -> DoNotSend:
    return DoNotSend(
        cause=Cause.MUST_DECIDE,
        reason=f"{why}: `ingagents review approve {review.id}`",
        asked=review.id,
    )


def _dry_run(shown: Review) -> Decision:
    return Decision(
        kind="send",
        verdict="dry run",
        decided_by="settings/linkedin.live",
        reasons=(Reason(why="linkedin.live is false: nothing is sent", evidence=shown.text),),
        basis={"text_hash": shown.text_hash, "kind": str(shown.way), "review": shown.id},
    )
