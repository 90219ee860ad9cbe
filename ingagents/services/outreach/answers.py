"""Preparing answers, in the commit that keeps what they answer: nothing is answered unread by default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import msgspec

from ingagents.context import Context
from ingagents.core.answers import WRITTEN_BY, Prepared, prepare_answer
from ingagents.core.review_policy import (
    ANSWERS,
    OPEN,
    PREPARED,
    RECEIVED_AT,
    RESTS_ON,
    TOLD,
    WRITTEN_FOR,
    Review,
)
from ingagents.core.send_policy import MESSAGE_LIMIT
from ingagents.core.sequence import has_begun
from ingagents.model import (
    AccountId,
    Campaign,
    DeliveryKind,
    Lead,
    Reason,
    Reply,
    ResponseAnalysis,
    Step,
    StepKind,
)
from ingagents.ports import Transaction
from ingagents.services.reviews.requests import ask_about_answer, draft_subject
from ingagents.store.tables import deliveries, leads, replies, reviews

_MOST_MESSAGES = 5
BY_RULE = "rule: outreach.answer_facts_unread"


@dataclass(frozen=True, kw_only=True)
class Answering:
    """Answers what people write out of the campaign's facts. `unread`: facts alone go by themselves."""

    context: Context
    account_id: AccountId
    campaign: Campaign
    unread: bool = False

    def prepare(
        self, transaction: Transaction, lead: Lead, reply: Reply, analysis: ResponseAnalysis
    ) -> Review | None:
        """Put an answer before a human; None where none is due."""
        from ingagents.core.replies.text import own_words  # the tables of the languages

        by_hand = lead.written_by_hand_at
        if not has_begun(lead) or (by_hand is not None and by_hand > reply.received_at):
            return None
        said = "\n".join(own_words(one) for one in _since_we_wrote(transaction, lead.id, reply))
        now = self.context.clock.now()
        today = now.astimezone(ZoneInfo(self.campaign.timezone)).date()
        answer = prepare_answer(lead, said, analysis, self.campaign, today=today)
        if answer is None:
            return None
        asked = sum(one.kind == "answer" for one in reviews.of_lead(transaction, lead.id))
        review = self._about(lead, reply, answer, Step(StepKind.ANSWER, str(asked + 1)))
        if self.unread and answer.is_facts_alone:
            review = msgspec.structs.replace(
                review, state="approved", decided_at=now, decided_by=BY_RULE
            )
        leads.update(  # what was in the way of an earlier step is not in this one's
            transaction, lead, now=now, put_off_until=None, put_off_reason=""
        )
        return ask_about_answer(self.context, transaction, review)

    def _about(self, lead: Lead, reply: Reply, answer: Prepared, step: Step) -> Review:
        text_hash = deliveries.fingerprint(answer.text)
        rests = (f"“{one.text}” rests on {one.rests_on}" for one in answer.sentences)
        missing = (f"no fact answers: {one}" for one in answer.open)
        return Review(
            id="",
            kind="answer",
            subject=draft_subject(lead.id, step),
            lead_id=lead.id,
            recipient=lead.name,
            address=lead.provider_id,
            account_id=self.account_id,
            campaign=lead.campaign,
            way=DeliveryKind.MESSAGE,
            step=step,
            text=answer.text,
            text_hash=text_hash,
            text_limit=MESSAGE_LIMIT,
            written_by=WRITTEN_BY if answer.text else "",
            reasons=tuple(Reason(why=one) for one in (*missing, *rests)),
            evidence={
                ANSWERS: reply.id,
                RECEIVED_AT: reply.received_at.isoformat(),
                "they_wrote": reply.text[:2_000],
                WRITTEN_FOR: {
                    "name": lead.name,
                    "position": lead.position,
                    "company": lead.company,
                },
                RESTS_ON: msgspec.to_builtins(answer.sentences),
                OPEN: list(answer.open),
                PREPARED: text_hash,
                TOLD: list(answer.facts),
            },
            asked_at=self.context.clock.now(),
        )


def _since_we_wrote(transaction: Transaction, lead_id: str, last: Reply) -> Sequence[str]:
    """What the person wrote since the last text of ours, oldest first; a question may take two."""
    sent = [one.attempted_at for one in deliveries.of_recipient(transaction, lead_id) if one.text]
    since = max(filter(None, sent), default=last.received_at)
    said = [one for one in replies.of_lead(transaction, lead_id) if one.received_at > since]
    said = [one for one in said if one.id != last.id][-_MOST_MESSAGES:]
    return [*(one.text for one in sorted(said, key=lambda one: one.received_at)), last.text]
