"""The tabs of the team's sheet and their columns: who owns each, what it shows, how wide, which choices."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter as _of

from msgspec.structs import replace

from ingagents.core.follow_up import say_follow_up
from ingagents.core.review_words import step_asked
from ingagents.model import Classification, Lead, LeadStage
from ingagents.model.spreadsheet import Column, Tab

LEADS, REVIEW, REPLIES, REPORT, CONFLICTS = "leads", "review", "replies", "report", "conflicts"

LAST_STEP = "Last step"
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
ANSWER = "Answer"
"""The department's answers to what people wrote into a row."""

_KINDS = tuple(kind.value for kind in Classification)


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 2)


def _follow_up(lead: Lead) -> tuple[str, ...]:
    said = say_follow_up(lead.stage, lead.owner, lead.next_date, lead.place)
    why = (f"why: {lead.stage_reason}",) if lead.stage_reason else ()
    return (*((said,) if said else ()), *why, *(f"note: {note}" for note in lead.notes))


def _settled(state: str) -> str:
    return "open" if state == "open" else f"settled: {state}"


LEADS_COLUMNS = (
    Column("Lead ID", width=90),
    Column("Name", _of("lead.name"), width=160),
    Column("Position", _of("lead.position"), width=180),
    Column("Company", _of("lead.company"), width=150),
    Column("Classification", _of("lead.classification"), width=110),
    Column("Quality score", lambda row: _rounded(row.lead.quality_score), width=80),
    Column("Status", _of("lead.contact_status"), width=110),
    Column("Why this status", _of("lead.status_reason"), width=200),
    Column(LAST_STEP, _of("lead.step"), width=110),
    Column("Next step", _of("lead.next_step"), width=110),
    Column("Next step at", _of("lead.next_step_at"), width=140),
    Column("Why this next step", _of("lead.next_step_reason"), width=200),
    Column(STAGE, human=True, width=110, choices=tuple(LeadStage)),
    Column(OWNER, human=True),
    Column(NEXT_DATE, human=True, width=100),
    Column(PLACE, human=True),
    Column(NOTES, human=True, width=240),
    Column("Follow-up", lambda row: _follow_up(row.lead), width=200),
    Column(VETO, human=True, width=70, choices=("yes",)),
    Column(CLOSE, human=True, width=100, choices=("Closed",)),
    Column(CORRECT_CLASSIFICATION, human=True, width=110, choices=_KINDS),
    Column(CORRECT_SCORE, human=True, width=80),
    Column(ANSWER, _of("answer"), width=240),
    Column("Message sent", _of("lead.message_sent"), width=260),
    Column("Response", _of("lead.response"), width=260),
    Column("Sentiment", _of("lead.response_sentiment"), width=90),
    Column("Intent", _of("lead.response_intent"), width=110),
    Column("Detail", _of("lead.response_detail"), width=110),
    Column("Reasons", _of("lead.reasons"), width=300),
    Column("LinkedIn URL", _of("lead.linkedin_url"), width=200),
    Column("LinkedIn ID", _of("lead.provider_id"), width=90),
    Column("Source", _of("lead.source"), width=100),
    Column("Sent at", _of("lead.sent_at"), width=140),
    Column("Responded at", _of("lead.responded_at"), width=140),
    Column("Created at", _of("lead.created_at"), width=140),
    Column("Last updated", _of("lead.last_updated"), width=140),
)
REVIEW_COLUMNS = (
    Column("Review ID", width=90),
    Column("Lead ID", lambda row: row.review.lead_id or "", width=90),
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
)
REPLIES_COLUMNS = (
    Column("Reply ID", width=90),
    Column("Received at", _of("received_at"), width=140),
    Column("Name", _of("name"), width=160),
    Column("Company", _of("company"), width=150),
    Column("Text", _of("text"), width=420),
    Column("Sentiment", _of("sentiment"), width=90),
    Column("Intent", _of("intent"), width=110),
    Column("Detail", _of("detail"), width=110),
    Column("What counts", _of("key_info"), width=240),
    Column("Lead ID", _of("lead_id"), width=90),
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
    Column("Conflict ID", width=90),
    Column("Lead ID", _of("conflict.lead_id"), width=90),
    Column("Name", _of("conflict.name"), width=160),
    Column("Column", _of("conflict.column"), width=140),
    Column("In the sheet", _of("conflict.in_sheet"), width=200),
    Column("In the database", _of("conflict.in_database"), width=200),
    Column("Since", _of("conflict.found_at"), width=140),
    Column(SETTLE, human=True, width=100, choices=("sheet", "database")),
    Column("State", lambda row: _settled(row.conflict.state), width=110),
    Column(ANSWER, _of("answer"), width=240),
)

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
    )
