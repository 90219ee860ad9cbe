"""Which message from our account a human of the team wrote, and not the department."""

from __future__ import annotations

from collections.abc import Sequence

from ingagents.core.reconciler import folded
from ingagents.model import ChatMessage, Delivery


def last_by_hand(
    conversation: Sequence[ChatMessage], acts: Sequence[Delivery], drafts: Sequence[str] = ()
) -> ChatMessage | None:
    """The newest message of ours that is none of our acts; None: there is none.

    An act is known by the service's id or by its text, as also a text that was written for the
    person and may have gone out unseen is (`drafts`). What has no text (a picture, a file) is a
    human's unless its id is an act's. The note of an invitation is none.
    """
    ids = {one.service_id for one in acts if one.service_id and not one.by_hand}
    said = (text for one in acts if not one.by_hand for text in one.says)
    texts = {folded(text) for text in (*said, *drafts)}
    by_hand = [
        one
        for one in conversation
        if one.from_us
        and not one.is_note
        and one.id not in ids
        and (not folded(one.text) or folded(one.text) not in texts)
    ]
    return max(by_hand, key=lambda one: one.sent_at, default=None)
