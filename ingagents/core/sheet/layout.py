"""The tabs of the team's sheet and their columns: who owns each, what it shows, how wide, which choices."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter as _of

from msgspec.structs import replace

from ingagents.core.conversation.follow_up import say_follow_up
from ingagents.core.messages.reader_language import LANGUAGES
from ingagents.core.review_words import step_asked
from ingagents.core.sheet.kept import kept_text
from ingagents.core.text.excerpt import shortened
from ingagents.model import NOT_JUDGED, Classification, Lead, LeadStage
from ingagents.model.spreadsheet import Column, Tab

LEADS, REVIEW, REPLIES, REPORT, CONFLICTS = "leads", "review", "replies", "report", "conflicts"
FACTS = "facts"

WHY = "Why"
"""Why a lead stands where it stands, and what comes next, in one line."""
KEPT = "Kept"
"""The team's words as they stand, for a department that is rebuilt."""
LAST_STEP = "Last step"
TRACK = "Programme track"
STAGE = "Stage"
OWNER = "Owner"
NEXT_DATE = "Next date"
PLACE = "Place or amount"
NOTES = "Notes"
VETO = "Veto"
CLOSE = "Set status"
CORRECT_CLASSIFICATION = "Correct classification"
CORRECT_SCORE = "Correct score"
APPROVE = "Approve"
SETTLE = "Settle"
TEXT, LINK, FOR, ASKS, FROM, UNTIL = "Text", "Link", "For", "Asks", "From", "Until"
"""A fact's columns, by what the file of facts calls them."""
ANSWER = "Answer"
"""The department's answers to what people wrote into a row."""

_TECHNICAL = 50
"""Pixels of a column that nobody need read."""
_WHY_MAX = 200

_KINDS = tuple(kind.value for kind in Classification)


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 2)


def _why(lead: Lead) -> str:
    told = dict.fromkeys(filter(None, (lead.status_reason, lead.next_step_reason)))
    return shortened(" ".join("; ".join(told).split()), _WHY_MAX)


def _follow_up(lead: Lead) -> tuple[str, ...]:
    said = say_follow_up(lead.stage, lead.owner, lead.next_date, lead.place)
    why = (f"why: {lead.stage_reason}",) if lead.stage_reason else ()
    return (*((said,) if said else ()), *why, *(f"note: {note}" for note in lead.notes))


def _settled(state: str) -> str:
    return "open" if state == "open" else f"settled: {state}"


LEADS_COLUMNS = (
    Column("Name", _of("lead.name"), width=160),
    Column("Status", _of("lead.contact_status"), width=110),
    Column(STAGE, human=True, width=110, choices=tuple(LeadStage)),
    Column(OWNER, human=True, width=90),
    Column(NEXT_DATE, human=True, width=100),
    Column(WHY, lambda row: _why(row.lead), width=260),
    Column(ANSWER, _of("answer"), width=200),
    Column("Company", _of("lead.company"), width=150),
    Column("Position", _of("lead.position"), width=160),
    Column("LinkedIn URL", _of("lead.linkedin_url"), width=180),
    Column(NOTES, human=True, width=220),
    Column(PLACE, human=True),
    Column(VETO, human=True, width=70, choices=("yes",)),
    Column(CLOSE, human=True, width=100, choices=("Closed",)),
    Column("Follow-up", lambda row: _follow_up(row.lead), width=180),
    Column(LAST_STEP, _of("lead.step"), width=110),
    Column("Next step", _of("lead.next_step"), width=110),
    Column("Next step at", _of("lead.next_step_at"), width=140),
    Column("Response", _of("lead.response"), width=260),
    Column("Message sent", _of("lead.message_sent"), width=260),
    Column("Classification", lambda row: row.lead.classification or NOT_JUDGED, width=100),
    Column(CORRECT_CLASSIFICATION, human=True, width=100, choices=_KINDS),
    Column("Quality score", lambda row: _rounded(row.lead.quality_score), width=80),
    Column(CORRECT_SCORE, human=True, width=80),
    Column(TRACK, _of("lead.track"), width=_TECHNICAL),
    Column("Sentiment", _of("lead.response_sentiment"), width=_TECHNICAL),
    Column("Intent", _of("lead.response_intent"), width=_TECHNICAL),
    Column("Detail", _of("lead.response_detail"), width=_TECHNICAL),
    Column("Reasons", _of("lead.reasons"), width=_TECHNICAL),
    Column("Source", _of("lead.source"), width=_TECHNICAL),
    Column("Sent at", _of("lead.sent_at"), width=_TECHNICAL),
    Column("Responded at", _of("lead.responded_at"), width=_TECHNICAL),
    Column("Created at", _of("lead.created_at"), width=_TECHNICAL),
    Column("Last updated", _of("lead.last_updated"), width=_TECHNICAL),
    Column("LinkedIn ID", _of("lead.provider_id"), width=_TECHNICAL),
    Column(KEPT, lambda row: kept_text(row.lead), width=_TECHNICAL),
    Column("Lead ID", width=_TECHNICAL),
)
REVIEW_COLUMNS = (
    Column("Name", lambda row: row.lead.name if row.lead is not None else "", width=160),
    Column("Company", lambda row: row.lead.company if row.lead is not None else "", width=150),
    Column("What", _of("review.kind"), width=90),
    Column("Step", lambda row: step_asked(row.review).removeprefix("the "), width=110),
    Column("Text", _of("review.text"), width=360),
    Column(
        "Why it waits", lambda row: tuple(reason.why for reason in row.review.reasons), width=260
    ),
    Column("Asked at", _of("review.asked_at"), width=140),
    Column(APPROVE, human=True, width=90, choices=("yes", "no")),
    Column(NOTES, human=True, width=240),
    Column("State", _of("review.state"), width=90),
    Column(ANSWER, _of("answer"), width=240),
    Column("Lead ID", lambda row: row.review.lead_id or "", width=_TECHNICAL),
    Column("Review ID", width=_TECHNICAL),
)
REPLIES_COLUMNS = (
    Column("Received at", _of("received_at"), width=140),
    Column("Name", _of("name"), width=160),
    Column("Company", _of("company"), width=150),
    Column("Text", _of("text"), width=420),
    Column("Sentiment", _of("sentiment"), width=90),
    Column("Intent", _of("intent"), width=110),
    Column("Detail", _of("detail"), width=110),
    Column("What counts", _of("key_info"), width=240),
    Column("Lead ID", _of("lead_id"), width=_TECHNICAL),
    Column("Reply ID", width=_TECHNICAL),
)
REPORT_COLUMNS = (
    Column("Day", width=100),
    Column("Leads found", _of("leads_discovered"), width=90),
    Column("Mean score", lambda day: _rounded(day.avg_quality_score), width=90),
    Column("Speakers", _of("speakers"), width=90),
    Column("Sponsors", _of("sponsors"), width=90),
    Column("Sent", _of("messages_sent"), width=70),
    Column("Accepted", _of("accepted_invitations"), width=90),
    Column("Replies", _of("responses"), width=80),
    Column("Positive", _of("positive_responses"), width=80),
    Column("Negative", _of("negative_responses"), width=80),
    Column("Opt-outs", _of("opt_outs"), width=80),
    Column("Refused", _of("refused"), width=80),
    Column("In doubt", _of("uncertain"), width=80),
    Column("Waiting", _of("queue_size"), width=80),
    Column("Errors", _of("errors"), width=70),
    Column("Leads in all", _of("total_leads"), width=90),
)
CONFLICTS_COLUMNS = (
    Column("Name", _of("conflict.name"), width=160),
    Column("Column", _of("conflict.column"), width=140),
    Column("In the sheet", _of("conflict.in_sheet"), width=200),
    Column("In the database", _of("conflict.in_database"), width=200),
    Column("Since", _of("conflict.found_at"), width=140),
    Column(SETTLE, human=True, width=100, choices=("sheet", "database")),
    Column("State", lambda row: _settled(row.conflict.state), width=110),
    Column(ANSWER, _of("answer"), width=240),
    Column("Lead ID", _of("conflict.lead_id"), width=_TECHNICAL),
    Column("Conflict ID", width=_TECHNICAL),
)
FACTS_COLUMNS = (
    Column("Fact", width=140, typed=True),
    Column(TEXT, human=True, width=380),
    Column(FOR, human=True, width=90),
    Column(LINK, human=True, width=180),
    Column(ASKS, human=True, width=160),
    Column(FROM, human=True, width=90),
    Column(UNTIL, human=True, width=90),
    Column(ANSWER, _of("answer"), width=260),
    *(Column(f"{TEXT} ({language})", human=True, width=200) for language in LANGUAGES),
)

PERSON_COLUMNS = frozenset({"Name", "Position", "Company", "LinkedIn URL", "LinkedIn ID"})
"""The department's columns in which people say who somebody is, in rows that they type."""

MARKS: dict[str, tuple[tuple[str, str], ...]] = {
    LEADS: (
        ("LinkedIn URL", "Created at"),
        ("Name", "LinkedIn URL"),
        ("Name", "Created at"),
    ),
    REVIEW: (("Lead ID", "Asked at"), ("Lead ID", "Text")),
    CONFLICTS: (("Lead ID", "Since"), ("Lead ID", "In the sheet")),
}
"""By one of these pairs a row is known again whose key somebody has cleared or written over. Tabs
without human columns have none: there a row that lost its key is simply written anew."""


def layouts(
    leads_title: str = "Leads", stages: Sequence[str] = tuple(LeadStage)
) -> tuple[Tab, ...]:
    """All tabs in their order; the first one has the title and the stages that the settings give."""
    leads_columns = tuple(
        replace(one, choices=tuple(stages)) if one.name == STAGE else one for one in LEADS_COLUMNS
    )
    return (
        Tab(LEADS, leads_title, leads_columns, takes_rows=True),
        Tab(REVIEW, "Review", REVIEW_COLUMNS),
        Tab(REPLIES, "Replies", REPLIES_COLUMNS),
        Tab(REPORT, "Report", REPORT_COLUMNS),
        Tab(CONFLICTS, "Conflicts", CONFLICTS_COLUMNS),
        Tab(FACTS, "Facts", FACTS_COLUMNS),
    )
