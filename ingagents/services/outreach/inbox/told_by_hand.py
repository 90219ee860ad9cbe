"""What a human tells of LinkedIn where no service shows it: an answer that came, an acceptance."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

import msgspec

from ingagents.context import Context
from ingagents.core.reconciler import folded
from ingagents.errors import InputError, UsageError
from ingagents.llm.tasks import LlmTasks
from ingagents.model import ChatMessage, Lead
from ingagents.ports import Store, Transaction
from ingagents.services.lookup import lead_named
from ingagents.services.outreach.inbox.acceptances import accept, may_accept
from ingagents.services.outreach.inbox.answers import Answering
from ingagents.services.outreach.inbox.replies import take_in
from ingagents.store.tables import leads, replies

T = TypeVar("T")

LONGEST_REPLY = 20_000
"""Characters of an answer that is pasted."""


class _AtOnce(msgspec.Struct, frozen=True):
    """Commits a human's word: it needs no role, and waits for none."""

    store: Store

    async def commit(self, work: Callable[[Transaction], T]) -> T:
        return await self.store.write(work)


async def take_reply(
    text: str, words: str, *, context: Context, llm: LlmTasks, answering: Answering | None
) -> tuple[Lead, bool]:
    """Take in what somebody answered; the lead then, and whether it was new.

    The same words of the same person on the same day are one answer, however often they are pasted.

    Raises:
        InputError: nobody is meant, or nothing was said.
        UsageError: more than one may be, or it is too long.
    """
    said = words.encode("utf-8", "replace").decode().strip()
    if not said:
        raise InputError("the answer is empty", "paste what the person wrote")
    if len(said) > LONGEST_REPLY:
        raise UsageError(
            f"an answer of {len(said)} characters", f"paste at most {LONGEST_REPLY} of them"
        )
    lead, name = await context.store.read(lambda t: _known_as(t, text))
    now = context.clock.now()
    key = f"{lead.id}|{now.date().isoformat()}|{folded(said)}"
    told_id = "told-" + sha256(key.encode()).hexdigest()[:32]
    if await context.store.read(lambda t: replies.find(t, told_id)) is not None:
        return lead, False
    message = ChatMessage(
        id=told_id,
        chat_id="",
        provider_id=name,
        text=said,
        sent_at=now,
        from_us=False,
    )
    taken = await take_in(
        [message],
        context=context,
        llm=llm,
        session=_AtOnce(context.store),
        agent="outreach",
        answering=answering,
    )
    return await context.store.read(lambda t: lead_named(t, lead.id)), bool(taken)


async def note_accepted(text: str, *, context: Context, by: str) -> tuple[Lead, bool]:
    """Note that somebody took our invitation; the lead then, and whether it was new.

    Raises:
        InputError: nobody is meant, or no invitation of ours is known to have gone to them.
        UsageError: more than one may be.
    """

    def note(transaction: Transaction) -> tuple[Lead, bool]:
        lead = lead_named(transaction, text)
        if lead.accepted_at is not None:
            return lead, False
        if not may_accept(transaction, lead):
            raise InputError(
                f"no invitation of ours is known to have gone to {lead.name or lead.id}",
                "say first that it went: `ingagents review list`, `ingagents review sent ID`",
            )
        return accept(context, transaction, lead, by=by, at=context.clock.now()), True

    lead, new = await context.store.write(note)
    # With what comes next, which the commit has planned.
    return await context.store.read(lambda t: lead_named(t, lead.id)), new


def _known_as(transaction: Transaction, text: str) -> tuple[Lead, str]:
    """A lead, and a name by which answers of theirs are found."""
    lead = lead_named(transaction, text)
    aliases = leads.aliases_of(transaction, lead.id)
    names = [one.value for one in aliases if one.kind in {"slug", "acoa", "acwa", "ae"}]
    if not names:
        raise InputError(
            f"{lead.name or lead.id} has no LinkedIn address", "add it by a list or in the sheet"
        )
    return lead, names[0]
