"""Writing a text for one person: by a model where it may be asked, else by the templates.

The model is asked once, and once more with what was wrong; then the template is used. Nothing a
model says changes to whom, how and whether is written: only the words, and those are judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import msgspec

from ingagents.context import Context
from ingagents.core.llm.write_message import (
    Assignment,
    accept_message,
    ask_message,
    at_second_attempt,
)
from ingagents.core.message_generator import (
    Frame,
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
from ingagents.core.review_policy import GROUNDS, Review
from ingagents.core.send_policy import Channel
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
)
from ingagents.services.reviews.requests import draft_subject
from ingagents.store.tables import deliveries, reviews

EARLIER_TEXTS = 50
"""So many of the texts sent last are compared with a new one: about a day's."""


Mode = Literal["template", "llm_enhanced", "llm"]
"""Who writes: the templates, a model one line in them, or a model the whole."""


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """A text that is fit to send, and what it cost to come by.

    `instead` says why it is not the text that a dry run has shown.
    """

    draft: Draft
    basis: Mapping[str, Any] = field(default_factory=dict)
    instead: str = ""

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


@dataclass(frozen=True, kw_only=True)
class Outdated:
    """What a dry run has shown and is not sent, because what it rests on is another by now."""

    shown: Review
    why: str


def drafted_from(review: Review, lead: Lead, why: str) -> Drafted:
    """The exact text that a human has seen, and `why` it goes."""
    draft = Draft(
        lead_id=lead.id,
        kind=review.way or DeliveryKind.INVITATION,
        text=review.text,
        written_by=review.written_by,
        confidence=review.confidence,
        reasons=(Reason(why=why), *review.reasons),
    )
    return Drafted(draft=draft, basis={"review": review.id})


@dataclass(frozen=True, kw_only=True)
class Drafting:
    """Writes one text at a time. Without a model the templates speak."""

    context: Context
    account_id: AccountId
    campaign: Campaign
    templates: Templates
    llm: LlmTasks
    mode: Mode = "template"

    async def write(
        self, lead: Lead, way: Channel, *, may_ask: bool = True, instead_of: Outdated | None = None
    ) -> Drafted | Unwritable:
        """A text for this lead that is fit to send, or why there is none.

        `may_ask` False: nobody will be written to now, so no model is paid for it. `instead_of` is
        what was shown before, of which as much is kept as its new grounds allow.
        """
        written = await self._write(lead, way, may_ask=may_ask)
        if instead_of is None or isinstance(written, Unwritable):
            return written
        if written.draft.text == instead_of.shown.text:
            return written
        return replace(written, instead=instead_of.why)

    async def as_shown(self, lead: Lead, way: Channel) -> Drafted | Outdated | None:
        """The text that a dry run has shown, while it still holds; None: none was shown."""
        subject = draft_subject(lead.id, FIRST_CONTACT)
        shown = await self.context.store.read(lambda t: reviews.shown(t, subject))
        if shown is None:
            return None
        why = changes_of(shown.evidence[GROUNDS], self.grounds(lead, way)) or "; ".join(
            unfit(shown.text, lead=lead, campaign=self.campaign, limit=way.limit)
        )
        on = f"{shown.asked_at:%Y-%m-%d}"
        if why:
            return Outdated(shown=shown, why=f"the text shown on {on} changed because {why}")
        return drafted_from(shown, lead, f"shown on {on} (review {shown.id})")

    def stands(self, lead: Lead, shown: Review) -> bool:
        """Whether what was shown of a lead today still holds, by what is known without a look."""
        way = Channel(kind=shown.way or DeliveryKind.INVITATION, limit=shown.text_limit, reason="")
        today = shown.expires_at is not None and shown.expires_at > self.context.clock.now()
        return today and not changes_of(shown.evidence[GROUNDS], self.grounds(lead, way))

    async def _write(self, lead: Lead, way: Channel, *, may_ask: bool) -> Drafted | Unwritable:
        draw = wording_draw(lead)
        if self.mode == "template" or not self.llm.asks or not may_ask:
            return self._from_template(lead, way, draw)
        assignment = self._assignment(lead, way, draw)
        if isinstance(assignment, str):
            return self._from_template(lead, way, draw, why=(assignment,))
        return await self._from_model(assignment, way, draw)

    def grounds(self, lead: Lead, way: Channel) -> dict[str, str]:
        """What a text for this lead rests on, by part."""
        return grounds_of(lead, way, campaign=self.campaign, templates=self.templates)

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
            return Drafted(draft=draft, basis=asked.basis)
        why = [f"the model's text was refused: {one}" for one in asked.refused]
        if asked.away:
            why.append(f"no model was asked: {asked.away}")
        return self._from_template(assignment.lead, way, draw, why=why, basis=asked.basis)

    def _assignment(self, lead: Lead, way: Channel, draw: float) -> Assignment | str:
        """What the model is to write, or why it is not asked."""
        template = template_for(lead, self.templates)
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
            )
            if frame is None:
                return "no hybrid template has all its facts and room for a line"
        return Assignment(
            lead=lead, campaign=self.campaign, kind=_kind(way), limit=way.limit, frame=frame
        )

    def _from_template(
        self,
        lead: Lead,
        way: Channel,
        draw: float,
        *,
        why: Sequence[str] = (),
        basis: Mapping[str, Any] | None = None,
    ) -> Drafted | Unwritable:
        draft = generate_message(
            lead,
            campaign=self.campaign,
            templates=self.templates,
            kind=_kind(way),
            limit=way.limit,
            variant_draw=draw,
        )
        if isinstance(draft, Unwritable):
            return Unwritable(lead_id=lead.id, reasons=(*why, *draft.reasons))
        reasons = (*(Reason(why=one) for one in why), *draft.reasons)
        draft = msgspec.structs.replace(draft, reasons=reasons)
        return Drafted(draft=draft, basis=basis or {})


def _kind(way: Channel) -> Literal[DeliveryKind.INVITATION, DeliveryKind.MESSAGE]:
    return DeliveryKind.MESSAGE if way.kind is DeliveryKind.MESSAGE else DeliveryKind.INVITATION
