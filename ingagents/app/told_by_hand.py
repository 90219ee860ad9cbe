"""An answer that a human pastes, with who reads it and who prepares what is said to it."""

from __future__ import annotations

from ingagents.agents.outreach_agent import OutreachAgent
from ingagents.app.department import Department
from ingagents.model import Lead
from ingagents.services.outreach.inbox.told_by_hand import take_reply


async def reply_told(department: Department, lead: str, words: str) -> tuple[Lead, bool]:
    """Take in what somebody answered; the lead then, and whether it was new.

    Raises:
        InputError, UsageError: as `take_reply`.
    """
    outreach = await department.agent("outreach")
    assert isinstance(outreach, OutreachAgent)  # noqa: S101  that is the role's agent
    contact = outreach.contact
    return await take_reply(
        lead,
        words,
        context=department.context,
        llm=contact.llm,
        answering=contact.answering,
    )
