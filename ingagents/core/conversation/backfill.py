"""Which step of a conversation a message of ours is that the database does not know.

A text that we lost, or that a human approved, is the step it was written for. What a person was
first written by is the first contact, whoever wrote it. Any other message of ours may be a human's
own word from the same account and is taken for no step at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from ingagents.core.reconciler import CLOCK_SKEW, folded
from ingagents.model import FIRST_CONTACT, Delivery, DeliveryKind, DeliveryState, Step


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """An act of ours that the service shows; `id` is empty for an open invitation."""

    kind: DeliveryKind
    at: datetime
    text: str
    id: str = ""


class New(msgspec.Struct, frozen=True, kw_only=True):
    """It is this step, which nobody claimed; `ours`: by its text, not by its place alone."""

    step: Step
    ours: bool


def step_of(
    shown: Shown, acts: Sequence[Delivery], drafts: Mapping[str, Step]
) -> Delivery | New | None:
    """What an act is: one taken for lost, a step that nobody claimed, or none that we lack.

    `acts` are all towards the person from the same account and campaign, `drafts` the steps of the
    texts that were written for them, by their `folded` text. No step is given twice, and whatever
    an act of the database may have been is no other one.
    """
    live = [one for one in acts if not one.state.frees_step and one.kind in _TO_A_PERSON]
    taken = {one.step for one in live}
    if any(_is(one, shown) for one in live):
        return None
    lost = [one for one in acts if one.state is DeliveryState.LOST and one.step not in taken]
    for one in reversed(lost):
        if _is(one, shown):
            return one
    step = drafts.get(folded(shown.text)) if shown.text.strip() else None
    if step is not None and step not in taken and _may_be(shown, step):
        return New(step=step, ours=True)
    if live:
        return None
    first = next((one for one in reversed(lost) if one.step == FIRST_CONTACT), None)
    return first or New(step=FIRST_CONTACT, ours=False)


_TO_A_PERSON = frozenset({DeliveryKind.INVITATION, DeliveryKind.MESSAGE, DeliveryKind.REPLY})


def _is(act: Delivery, shown: Shown) -> bool:
    """Whether what shows is this act: by its id, its text, or as the one invitation there is."""
    if shown.id and act.service_id == shown.id:
        return True
    if DeliveryKind.INVITATION is act.kind is shown.kind:
        return True
    same_text = bool(shown.text.strip()) and folded(act.text) == folded(shown.text)
    return same_text and shown.at >= (act.attempted_at or act.claimed_at) - CLOCK_SKEW


def _may_be(shown: Shown, step: Step) -> bool:
    """Only the first contact is ever an invitation."""
    return step == FIRST_CONTACT or shown.kind is DeliveryKind.MESSAGE
