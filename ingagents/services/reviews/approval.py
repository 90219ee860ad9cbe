"""The human's say before a send: asked for, looked at again, and bound to exactly one act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from ingagents.context import Context
from ingagents.core.facts.answers import why_void
from ingagents.core.facts.facts import earlier_texts
from ingagents.core.messages.checks import unfit
from ingagents.core.profiles.contradictions import drifted
from ingagents.core.review_policy import (
    ANSWERS,
    GROUNDS,
    PREPARED,
    RESTS_ON,
    WRITTEN_FOR,
    Intended,
    Lapse,
    Review,
    answered_at,
    lapsed,
)
from ingagents.core.send_policy import Approval, Channel
from ingagents.core.sending.send_facts import SendFacts
from ingagents.core.sending.working_hours import end_of_day
from ingagents.events import DecisionMade
from ingagents.model import (
    FIRST_CONTACT,
    AccountId,
    Campaign,
    ContactStatus,
    Decision,
    Draft,
    Lead,
    Profile,
    Reason,
)
from ingagents.ports import Transaction
from ingagents.services.outreach.sending.draft import Drafted
from ingagents.services.outreach.sending.send_outcomes import AGENT
from ingagents.services.reviews.requests import (
    about_draft,
    ask_about_draft,
    draft_subject,
    show_draft,
)
from ingagents.store.tables import deliveries, replies, reviews


@dataclass(frozen=True, kw_only=True)
class Approvals:
    """Which texts need a human's word, and what humans said of them.

    `accounts` are those for which a text may stand; where one writes, that one alone. `rule` is `outreach.approval`, `valid` how long an approval, or a question for one, holds.
    """

    context: Context
    accounts: tuple[AccountId, ...]
    told: Callable[[], Campaign]
    rule: Approval
    valid: timedelta

    @property
    def campaign(self) -> Campaign:
        """The event with the facts that may be told now."""
        return self.told()

    def why_lapsed(
        self,
        transaction: Transaction,
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
                account_id=review.account_id
                if review.account_id in self.accounts
                else self.accounts[0],
                step=review.step or FIRST_CONTACT,
                text_hash=deliveries.fingerprint(would_go),
                name=None if profile is None else profile.name or lead.name,
                way=None if way is None else way.kind,
            ),
            unfit=(
                *map(str, drifted(review.evidence.get(WRITTEN_FOR, {}), lead)),
                *self.unfit(
                    transaction, review, lead, would_go, limit=None if way is None else way.limit
                ),
            ),
        )

    def unfit(
        self,
        transaction: Transaction,
        review: Review,
        lead: Lead,
        text: str,
        *,
        limit: int | None = None,
    ) -> tuple[str, ...]:
        """Why a text may not go in this step. An answer in a human's own words is theirs.

        But not twice the same: nobody could tell by the chat whether the second one arrived.
        """
        if review.kind == "answer":
            acts = deliveries.of_recipient(transaction, lead.id)
            sent = (one for one in acts if one.step != review.step and not one.state.frees_step)
            if any(one.text == text for one in sent):
                return ("they have had this very text from us",)
            prepared = review.evidence[PREPARED] == deliveries.fingerprint(text)
            return why_void(text, review.evidence[RESTS_ON], self.campaign, prepared=prepared)
        return unfit(
            text,
            lead=lead,
            campaign=self.campaign,
            limit=review.text_limit if limit is None else limit,
            earlier=earlier_words(transaction, review),
        )

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
        facts: SendFacts,
    ) -> Review:
        """Put the question; the lead waits for the answer."""
        return ask_about_draft(
            self.context,
            transaction,
            lead,
            about_draft(lead, draft, facts, account_id=self.accounts[0]),
            conversation=facts.conversation,
            valid=self.valid,
        )

    def show(
        self,
        transaction: Transaction,
        lead: Lead,
        drafted: Drafted,
        *,
        facts: SendFacts,
        grounds: Mapping[str, str],
    ) -> None:
        """Keep the text of a dry run: it needs no other look at LinkedIn on the same day.

        A text is journaled when it is shown first.
        """
        before = reviews.shown(transaction, draft_subject(lead.id, facts.step))
        shown = show_draft(
            self.context,
            transaction,
            about_draft(lead, drafted.draft, facts, account_id=self.accounts[0]),
            evidence={GROUNDS: grounds},
            until=end_of_day(self.context.clock.now(), self.campaign.timezone),
        )
        if before is None or before.text_hash != shown.text_hash:
            decisions = (drafted.to_decision(), _dry_run(shown))
            events = (DecisionMade(lead_id=lead.id, decision=one) for one in decisions)
            self.context.queue.append(transaction, AGENT, *events)


def has_answered(transaction: Transaction, lead_id: str, review: Review | None) -> bool:
    """Whether the person wrote to us; where it is an answer that stands, anything after what it is for."""
    last = replies.last_of(transaction, lead_id)
    if last is None or review is None or review.kind != "answer":
        return last is not None
    return bool(last.id != review.evidence[ANSWERS])


def answered_otherwise(lead: Lead, review: Review) -> str:
    """Why an answer would come too late as the lead stands; "" when it would not."""
    by_hand, answers = lead.written_by_hand_at, answered_at(review)
    if by_hand is not None and answers is not None and by_hand > answers:
        return "somebody of the team has answered by hand"
    responded = lead.contact_status is ContactStatus.RESPONDED
    return "" if responded else f"the lead is {lead.contact_status.value} by now"


def earlier_words(transaction: Transaction, review: Review) -> tuple[str, ...]:
    """What the person of a review has had of ours in other steps: none of it is said again."""
    acts = deliveries.of_recipient(transaction, review.lead_id or "")
    others = earlier_texts(act for act in acts if act.step != review.step)
    return tuple(one.text for one in others)


def _dry_run(shown: Review) -> Decision:
    return Decision(
        kind="send",
        verdict="dry run",
        decided_by="settings/linkedin.live",
        reasons=(Reason(why="linkedin.live is false: nothing is sent", evidence=shown.text),),
        basis={"text_hash": shown.text_hash, "kind": str(shown.way), "review": shown.id},
    )
