"""What a look for answers came to, in words and figures."""

from __future__ import annotations

from ingagents.display import counted
from ingagents.errors import IngagentsError, explain
from ingagents.services.outcome import Outcome
from ingagents.services.outreach.inbox.reply_look import Looked


def outcome_of_look(looked: Looked, accepted: int, *, trouble: IngagentsError | None) -> Outcome:
    """The news of one look: answers, accepted invitations, what is left and what could not be read."""
    said = [
        f"{counted(looked.replies, 'new answer')}, {counted(accepted, 'invitation')} accepted",
        looked.left(),
    ]
    if looked.unread:
        unread = counted(looked.unread, "chat")
        said.append(f"not all of {unread} can be read: the journal says why")
    if trouble is not None:
        said.append(f"not everything could be read: {explain(trouble)}")
    return Outcome(
        summary="; ".join(part for part in said if part),
        figures={
            "replies": looked.replies,
            "accepted": accepted,
            "messages_read": looked.messages,
            "chats_read": looked.chats,
            "chats_unread": looked.unread,
        },
        waits_for=looked.left(),
        error=trouble,
    )
