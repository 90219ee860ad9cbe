"""Writing a text for one person: by a model where it may be asked, else by the templates.

The model is asked once, and once more with what was wrong; then the template is used. Nothing a
model says changes to whom, how and whether is written: only the words, and those are judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from ingagents.context import Context
from ingagents.core.facts.facts import (
    Earlier,
    NothingNew,
    Sayable,
    next_fact,
    spare_fact,
    wording_for,
)
from ingagents.core.llm.write_message import (
    Assignment,
    accept_message,
    ask_message,
    at_second_attempt,
)
from ingagents.core.message_generator import (
    RETURNING,
    Frame,
    Occasion,
    Templates,
    Unwritable,
    frame_for,
    generate_message,
    in_english,
    template_for,
    wording_draw,
)
from ingagents.core.messages.checks import unfit
from ingagents.core.messages.frozen_text import changes_of, grounds_of
from ingagents.core.review_policy import GROUNDS, TOLD, Review
from ingagents.core.send_policy import MESSAGE_LIMIT, Channel
from ingagents.core.sending.send_facts import Text
from ingagents.llm.tasks import LlmTasks
from ingagents.model import (
    FIRST_CONTACT,
    AccountId,
    Campaign,
    Decision,
    DeliveryKind,
    Draft,
    Lead,
    ModelTask,
    Reason,
    Step,
    StepKind,
)
from ingagents.model.step import public_name
from ingagents.store.tables import deliveries

EARLIER_TEXTS = 50
"""So many of the texts sent last are compared with a new one: about a day's."""


Mode = Literal["template", "llm_enhanced", "llm"]
"""Who writes: the templates, a model one line in them, or a model the whole."""


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """A text that is fit to send to this lead, and what it cost to come by.

    `instead` says why it is not the text that a dry run has shown, `approval` is the review in
    which a human approved it.
    """

    draft: Draft
    lead: Lead
    basis: Mapping[str, Any] = field(default_factory=dict)
    instead: str = ""
    approval: str = ""

    @property
    def text(self) -> Text:
        """What the gates look at of it."""
        return Text(draft=self.draft, written_for=self.lead, review_id=self.approval)

    def to_decision(self) -> Decision:
        """Why this text, by whom, and at what cost."""
        draft = self.draft
        return Decision(
            kind="message",
            verdict=draft.text,
            decided_by=draft.written_by,
            confidence=draft.confidence,
            reasons=(*((Reason(why=self.instead),) if self.instead else ()), *draft.reasons),
            basis={
                "text_hash": deliveries.fingerprint(draft.text),
                "kind": draft.kind.value,
                **self.basis,
            },
        )


def drafted_from(review: Review, lead: Lead, why: str, *, approval: str = "") -> Drafted:
    """The exact text that a human has seen, and `why` it goes."""
    draft = Draft(
        lead_id=lead.id,
        kind=review.way or DeliveryKind.INVITATION,
        text=review.text,
        written_by=review.written_by,
        confidence=review.confidence,
        reasons=(Reason(why=why), *review.reasons),
        facts=tuple(review.evidence.get(TOLD, ())),
        texts=review.texts,
    )
    return Drafted(draft=draft, lead=lead, basis={"review": review.id}, approval=approval)


@dataclass(frozen=True, kw_only=True)
class Drafting:
    """Writes one text at a time. Without a model the templates speak.

    `steps` has the templates of the steps after the first contact, and of the first one with who was
    at the last edition, by what their files are called behind the kind; `follow_ups` is the number of the last one, which closes the conversation, and
    without `after_acceptance` an invitation is all.
    """

    context: Context
    account_id: AccountId
    told: Callable[[], Campaign]
    templates: Templates
    steps: Mapping[str, Templates] = field(default_factory=dict)
    follow_ups: int = 2
    after_acceptance: bool = True
    llm: LlmTasks
    mode: Mode = "template"

    @property
    def campaign(self) -> Campaign:
        """The event with the facts that may be told now."""
        return self.told()

    async def text_for(
        self,
        lead: Lead,
        way: Channel,
        *,
        step: Step = FIRST_CONTACT,
        earlier: Sequence[Earlier] = (),
        shown: Review | None = None,
    ) -> Drafted | Unwritable:
        """A text of this step for this lead that is fit to send, or why there is none.

        `earlier` are the texts this person has had of ours: no sentence and no fact of theirs is
        told again. What a dry run has `shown` is that text, as long as what it rests on stays; else
        as much of it is kept as its new grounds allow. Where the way has no room for a text
        there is none.
        """
        if way.limit == 0:
            return _without_text(lead, way)
        occasion = self.occasion(lead, step, earlier)
        if isinstance(occasion, NothingNew):
            return Unwritable(lead_id=lead.id, reasons=(occasion.reason,))
        if shown is None:
            return await self._write(lead, way, occasion)
        why = changes_of(shown.evidence[GROUNDS], self.grounds(lead, way, step)) or "; ".join(
            unfit(
                shown.text,
                lead=lead,
                campaign=self.campaign,
                limit=way.limit,
                earlier=occasion.texts,
            )
        )
        on = f"{shown.asked_at:%Y-%m-%d}"
        if not why:
            return drafted_from(shown, lead, f"shown on {on} (review {shown.id})")
        written = await self._write(lead, way, occasion)
        if isinstance(written, Unwritable) or written.draft.text == shown.text:
            return written
        return replace(written, instead=f"the text shown on {on} changed because {why}")

    def stands(self, lead: Lead, shown: Review) -> bool:
        """Whether what was shown of a lead today still holds, by what is known without a look."""
        way = Channel(kind=shown.way or DeliveryKind.INVITATION, limit=shown.text_limit, reason="")
        today = shown.expires_at is not None and shown.expires_at > self.context.clock.now()
        grounds = self.grounds(lead, way, shown.step or FIRST_CONTACT)
        return today and not changes_of(shown.evidence[GROUNDS], grounds)

    def occasion(self, lead: Lead, step: Step, earlier: Sequence[Earlier]) -> Occasion | NothingNew:
        """What a text of this step is to tell, after those before it; or that nothing is new."""
        fact: Sayable | NothingNew | None = None
        zone = ZoneInfo(self.campaign.timezone)
        today = self.context.clock.now().astimezone(zone).date()
        if step.kind is StepKind.FOLLOW_UP:
            fact = next_fact(lead, self.campaign, earlier, today=today)
        elif step.kind is StepKind.FIRST_MESSAGE:
            fact = spare_fact(lead, self.campaign, earlier, today=today, keep=self.follow_ups)
        if isinstance(fact, NothingNew):
            return fact
        last = step.kind is StepKind.FOLLOW_UP and int(step.about) >= self.follow_ups
        return Occasion(step=step, last=last, fact=fact, earlier=tuple(earlier))

    def grounds(self, lead: Lead, way: Channel, step: Step = FIRST_CONTACT) -> dict[str, str]:
        """What a text for this lead rests on, by part."""
        templates = self._templates(step, lead)
        return grounds_of(lead, way, campaign=self.campaign, templates=templates, step=step)

    def _templates(self, step: Step, lead: Lead) -> Templates:
        """Those of the step; a follow-up without a file of its own is written with the last one's."""
        if step == FIRST_CONTACT:
            return self.steps[RETURNING] if self._returns(lead, step) else self.templates
        name = public_name(step, invitation=False)
        last = max((one for one in self.steps if one.startswith("follow_up")), default=name)
        return self.steps.get(name) or self.steps.get(last, {})

    def _returns(self, lead: Lead, step: Step) -> bool:
        """Whether somebody of the last edition is written to first, for whose part there are words."""
        words = self.steps.get(RETURNING, {})
        return step == FIRST_CONTACT and bool(lead.profile.past_role) and wording_for(lead) in words

    async def _write(self, lead: Lead, way: Channel, occasion: Occasion) -> Drafted | Unwritable:
        if way.kind is DeliveryKind.ENROLMENT:
            return await self._for_campaign(lead, way, occasion.earlier)
        draw = wording_draw(lead)
        returns = self._returns(lead, occasion.step)
        if self.mode == "template" or not self.llm.asks or returns:
            return self._from_template(lead, way, draw, occasion)
        assignment = self._assignment(lead, way, draw, occasion)
        if isinstance(assignment, str):
            return self._from_template(lead, way, draw, occasion, why=(assignment,))
        return await self._from_model(assignment, way, draw)

    async def _for_campaign(
        self, lead: Lead, way: Channel, earlier: Sequence[Earlier]
    ) -> Drafted | Unwritable:
        """The texts of all steps, each as if those before it were read; all of them or none.

        A campaign sends what it was given: a step without a text would go out empty.
        """
        note = Channel(kind=DeliveryKind.INVITATION, limit=way.limit, reason=way.reason)
        message = Channel(kind=DeliveryKind.MESSAGE, limit=MESSAGE_LIMIT, reason=way.reason)
        written: dict[str, Draft] = {}
        for step in self._campaign_steps(bare=way.bare):
            name = public_name(step, invitation=True)
            one = await self.text_for(
                lead, note if step == FIRST_CONTACT else message, step=step, earlier=earlier
            )
            if isinstance(one, Unwritable):
                reasons = tuple(f"{name}: {why}" for why in one.reasons)
                return Unwritable(lead_id=lead.id, reasons=reasons)
            written[name] = one.draft
            earlier = (*earlier, Earlier(text=one.draft.text, facts=one.draft.facts))
        first, *_ = written.values()
        draft = msgspec.structs.replace(
            first,
            kind=DeliveryKind.ENROLMENT,
            confidence=min(one.confidence for one in written.values()),
            facts=tuple(sorted({fact for one in written.values() for fact in one.facts})),
            texts={name: one.text for name, one in written.items()},
        )
        return Drafted(draft=draft, lead=lead)

    def _campaign_steps(self, *, bare: bool) -> Iterator[Step]:
        if not bare:
            yield FIRST_CONTACT
        if bare or self.after_acceptance:
            yield Step(StepKind.FIRST_MESSAGE)
        for number in range(1, self.follow_ups + 1) if self.after_acceptance else ():
            yield Step(StepKind.FOLLOW_UP, str(number))

    async def _from_model(
        self, assignment: Assignment, way: Channel, draw: float
    ) -> Drafted | Unwritable:
        earlier = await self.context.store.read(
            lambda t: deliveries.newest_texts(t, self.account_id, limit=EARLIER_TEXTS)
        )
        asked = await self.llm.ask(
            ask_message(assignment, self.llm.prompts[ModelTask.MESSAGE]),
            lambda question, answer: accept_message(question, assignment, answer, earlier=earlier),
        )
        if (draft := asked.accepted) is not None:
            draft = at_second_attempt(draft) if asked.refused else draft
            return Drafted(draft=draft, lead=assignment.lead, basis=asked.basis)
        why = [f"the model's text was refused: {one}" for one in asked.refused]
        if asked.away:
            why.append(f"no model was asked: {asked.away}")
        occasion = assignment.occasion
        return self._from_template(assignment.lead, way, draw, occasion, why=why, basis=asked.basis)

    def _assignment(
        self, lead: Lead, way: Channel, draw: float, occasion: Occasion
    ) -> Assignment | str:
        """What the model is to write, or why it is not asked."""
        template = template_for(lead, self._templates(occasion.step, lead))
        if template is None or not in_english(template):
            return "what a model writes is only checked in English, and the template is not"
        frame: Frame | None = None
        if self.mode == "llm_enhanced":
            frame = frame_for(
                lead,
                campaign=self.campaign,
                template=template,
                kind=_kind(way),
                limit=way.limit,
                variant_draw=draw,
                occasion=occasion,
            )
            if frame is None:
                return "no hybrid template has all its facts and room for a line"
        return Assignment(
            lead=lead,
            campaign=self.campaign,
            kind=_kind(way),
            limit=way.limit,
            frame=frame,
            occasion=occasion,
        )

    def _from_template(
        self,
        lead: Lead,
        way: Channel,
        draw: float,
        occasion: Occasion,
        *,
        why: Sequence[str] = (),
        basis: Mapping[str, Any] | None = None,
    ) -> Drafted | Unwritable:
        draft = generate_message(
            lead,
            campaign=self.campaign,
            templates=self._templates(occasion.step, lead),
            kind=_kind(way),
            limit=way.limit,
            variant_draw=draw,
            occasion=occasion,
        )
        if isinstance(draft, Unwritable):
            return Unwritable(lead_id=lead.id, reasons=(*why, *draft.reasons))
        reasons = (*(Reason(why=one) for one in why), *draft.reasons)
        draft = msgspec.structs.replace(draft, reasons=reasons)
        return Drafted(draft=draft, lead=lead, basis=basis or {})


def _without_text(lead: Lead, way: Channel) -> Drafted:
    """An invitation that says nothing: there is no text to write, to check or to approve."""
    reasons = (Reason(why=way.reason),)
    draft = Draft(lead_id=lead.id, kind=_kind(way), text="", written_by="nobody", reasons=reasons)
    if way.kind is DeliveryKind.ENROLMENT:  # the campaign's invitation, in its own words
        enrolled = {public_name(FIRST_CONTACT, invitation=True): ""}
        draft = msgspec.structs.replace(draft, kind=way.kind, texts=enrolled)
    return Drafted(draft=draft, lead=lead)


def _kind(way: Channel) -> Literal[DeliveryKind.INVITATION, DeliveryKind.MESSAGE]:
    return DeliveryKind.MESSAGE if way.kind is DeliveryKind.MESSAGE else DeliveryKind.INVITATION
