"""Preparing answers, in the commit that keeps what they answer: nothing is answered unread by default."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from ingagents.communication.role_session import RoleSession
from ingagents.context import Context
from ingagents.core.conversation.sequence import has_begun
from ingagents.core.facts.answers import (
    NOTHING_CHOSEN,
    WRITTEN_BY,
    Prepared,
    answers_today,
    language_for,
    prepare_answer,
)
from ingagents.core.facts.facts import earlier_texts, sayable_facts
from ingagents.core.facts.questions import same_question
from ingagents.core.review_policy import (
    ANSWERS,
    CHOSEN,
    OPEN,
    PREPARED,
    RECEIVED_AT,
    RESTS_ON,
    TOLD,
    WRITTEN_FOR,
    Lapse,
    Review,
    ReviewState,
)
from ingagents.core.send_policy import MESSAGE_LIMIT
from ingagents.events import FactsChanged
from ingagents.llm.tasks import LlmTasks
from ingagents.model import (
    AccountId,
    Campaign,
    ContactStatus,
    DeliveryKind,
    Intent,
    Lead,
    LeadId,
    ModelTask,
    Reason,
    Reply,
    ReplyDetail,
    ResponseAnalysis,
    Sentiment,
    Step,
    StepKind,
    WaitsFor,
)
from ingagents.ports import Transaction
from ingagents.services.reviews.requests import ask_about_answer, draft_subject, lapse
from ingagents.store.tables import deliveries, key_value, leads, replies, reviews

_MOST_MESSAGES = 5
_RENEWED_MOST = 500
_FACTS = "answers.facts"
_OTHER_FACTS = Lapse(state="void", reason="the facts answer otherwise by now: it is prepared anew")
BY_RULE = "rule: outreach.answer_facts_unread"


@dataclass(frozen=True, kw_only=True)
class Answering:
    """Answers what people write out of the campaign's facts. `unread`: facts alone go by themselves.

    The account answers, unless one of the `others` is whom the person knows.
    """

    context: Context
    account_id: AccountId
    others: frozenset[AccountId] = frozenset()
    told: Callable[[], Campaign]
    unread: bool = False

    @property
    def campaign(self) -> Campaign:
        """The event with the facts that may be told now."""
        return self.told()

    async def choose(
        self, llm: LlmTasks, lead_id: LeadId, said: str, analysis: ResponseAnalysis
    ) -> Mapping[str, Sequence[str]]:
        """The facts that a model finds for questions which ask for none by a word; at no model none."""
        from ingagents.core.llm.choose_facts import accept_facts, ask_facts

        lead = await self.context.store.read(lambda t: leads.find(t, lead_id)) if llm.asks else None
        if lead is None:
            return NOTHING_CHOSEN
        today = self._today()
        by_words = prepare_answer(lead, said, analysis, self.campaign, today=today)
        language = language_for(lead, said)
        facts = [one for one, _ in sayable_facts(lead, self.campaign, language, today=today)]
        if by_words is None or not by_words.open or not facts:
            return NOTHING_CHOSEN
        asked = await llm.ask(
            ask_facts(llm.prompts[ModelTask.ANSWER], by_words.open, facts, about=lead.id),
            lambda _, answer: accept_facts(by_words.open, facts, answer),
        )
        return asked.accepted or NOTHING_CHOSEN

    def prepare(
        self,
        transaction: Transaction,
        lead: Lead,
        reply: Reply,
        analysis: ResponseAnalysis,
        *,
        chosen: Mapping[str, Sequence[str]] = NOTHING_CHOSEN,
    ) -> Review | None:
        """Put an answer before a human; None where none is due, or waited for. `chosen` is as `choose` said."""
        # the tables of the languages
        from ingagents.core.replies.closing import only_closes
        from ingagents.core.replies.text import own_words

        by_hand = lead.written_by_hand_at
        if lead.contact_status is ContactStatus.SUPPRESSED:
            return None  # nothing is sent to them: nobody is asked about a text that cannot go
        if not has_begun(lead) or (by_hand is not None and by_hand > reply.received_at):
            return None
        said = "\n".join(own_words(one) for one in _since_we_wrote(transaction, lead.id, reply))
        now = self.context.clock.now()
        acts = deliveries.of_recipient(transaction, lead.id)
        answer = prepare_answer(
            lead,
            said,
            analysis,
            self.campaign,
            today=self._today(),
            chosen=chosen,
            earlier=[one.text for one in earlier_texts(acts)],
        )
        if answer is None:
            return None
        if not (answer.text or answer.open) and only_closes(said, today=self._today()):
            return None  # they have all there is to say, and wait for nothing
        text_hash = deliveries.fingerprint(answer.text)
        for before in reviews.drafts(transaction, lead.id):
            if before.kind == "answer" and before.evidence[PREPARED] != text_hash:
                lapse(self.context, transaction, before, _OTHER_FACTS)
            elif before.kind == "answer":
                return before
        asked = sum(one.kind == "answer" for one in reviews.of_lead(transaction, lead.id))
        review = self._about(lead, reply, answer, chosen, Step(StepKind.ANSWER, str(asked + 1)))
        if self.unread and answer.is_facts_alone:
            review = msgspec.structs.replace(
                review, state="approved", decided_at=now, decided_by=BY_RULE
            )
        if lead.put_off_for:  # what was in an earlier step's way is not in this one's
            leads.update(
                transaction,
                lead,
                now=now,
                put_off_until=None,
                put_off_reason="",
                put_off_for=WaitsFor.NOTHING,
            )
        return ask_about_answer(self.context, transaction, review)

    async def renew(self, session: RoleSession) -> None:
        """Prepare anew what waits, where the facts say something else than when it was prepared."""
        told = {fact.id: _digest(fact) for fact in self.campaign.facts}
        told |= {f"booking: {owner}": _digest(at) for owner, at in self.campaign.booking.items()}
        noted = {"day": self._today().isoformat(), "facts": told}
        before = await self.context.store.read(lambda t: key_value.noted(t, _FACTS))
        if before == noted:
            return

        def write(transaction: Transaction) -> None:
            key_value.note(transaction, _FACTS, noted, at=self.context.clock.now())
            if isinstance(before, dict) and (changed := _changes(before["facts"], told)):
                self.context.queue.append(transaction, session.role, changed)
            for review in reviews.listed(transaction, kind="answer", limit=_RENEWED_MOST):
                lead = leads.find(transaction, review.lead_id or "")
                reply_id = review.evidence[ANSWERS]
                reply = replies.find(transaction, reply_id)
                if lead is not None and reply is not None and lead.response_intent is not None:
                    chosen = review.evidence.get(CHOSEN, NOTHING_CHOSEN)
                    self.prepare(transaction, lead, reply, _reading_of(lead), chosen=chosen)

        await session.commit(write)

    def _today(self) -> date:
        zone = ZoneInfo(self.campaign.timezone)
        return self.context.clock.now().astimezone(zone).date()

    def _about(
        self,
        lead: Lead,
        reply: Reply,
        answer: Prepared,
        chosen: Mapping[str, Sequence[str]],
        step: Step,
    ) -> Review:
        text_hash = deliveries.fingerprint(answer.text)
        rests = (f"“{one.text}” rests on {one.rests_on}" for one in answer.sentences)
        missing = [f"no fact answers: {one}" for one in answer.open]
        if not answer.text and not answer.open:
            missing = ["what there is to say to this was said to them before"]
        return Review(
            id="",
            kind="answer",
            subject=draft_subject(lead.id, step),
            lead_id=lead.id,
            recipient=lead.name,
            address=lead.provider_id,
            account_id=lead.account_id if lead.account_id in self.others else self.account_id,
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
                **({CHOSEN: chosen} if chosen else {}),  # for when it is prepared anew
            },
            asked_at=self.context.clock.now(),
        )


def _digest(told: object) -> str:
    return deliveries.fingerprint(msgspec.json.encode(told).decode())[:16]


def _changes(before: Mapping[str, str], now: Mapping[str, str]) -> FactsChanged | None:
    """What the journal says of other facts; None where they are the same, and only the day is new."""
    if before == now:
        return None
    ids: dict[str, Literal["added", "changed", "removed"]] = {}
    for one in {**before, **now}:
        if one not in before:
            ids[one] = "added"
        elif one not in now:
            ids[one] = "removed"
        elif before[one] != now[one]:
            ids[one] = "changed"
    return FactsChanged(ids=ids)


class AskedFor(msgspec.Struct, frozen=True, kw_only=True):
    """A question that no fact answers: how many people asked it, and what waits for its answer."""

    question: str
    people: int
    last_asked: datetime
    reviews: tuple[str, ...]


def asked_for(transaction: Transaction, campaign: Campaign, *, today: date) -> list[AskedFor]:
    """What people asked that no fact answers today, one entry a question, most asked first.

    A fact answers whoever may be told it today, in the language they asked in.
    """
    found: dict[str, list[tuple[str, Review]]] = {}
    states: tuple[ReviewState, ...] = ("open", "approved", "done", "rejected")
    for review in reviews.listed(transaction, kind="answer", states=states, limit=_RENEWED_MOST):
        lead = leads.find(transaction, review.lead_id or "")
        if lead is None:
            continue
        for question in review.evidence[OPEN]:
            if not answers_today(lead, question, campaign, today=today):
                found.setdefault(same_question(question), []).append((question, review))
    entries = [
        AskedFor(
            question=asked[0][0],
            people=len({review.lead_id for _, review in asked}),
            last_asked=max(review.asked_at for _, review in asked),
            reviews=tuple(review.id for _, review in asked if review.state == "open"),
        )
        for asked in found.values()
    ]
    return sorted(entries, key=lambda one: (-one.people, one.question))


def _reading_of(lead: Lead) -> ResponseAnalysis:
    """How the last answer was read, as it is kept."""
    return ResponseAnalysis(
        sentiment=lead.response_sentiment or Sentiment.NEUTRAL,
        intent=lead.response_intent or Intent.UNCLEAR,
        detail=lead.response_detail or ReplyDetail.NONE,
        confidence=1.0,
    )


def _since_we_wrote(transaction: Transaction, lead_id: str, last: Reply) -> Sequence[str]:
    """What the person wrote since the last text of ours, oldest first; a question may take two."""
    sent = [one.attempted_at for one in deliveries.of_recipient(transaction, lead_id) if one.text]
    since = max(filter(None, sent), default=last.received_at)
    said = [one for one in replies.of_lead(transaction, lead_id) if one.received_at > since]
    said = [one for one in said if one.id != last.id][-_MOST_MESSAGES:]
    return [*(one.text for one in sorted(said, key=lambda one: one.received_at)), last.text]
