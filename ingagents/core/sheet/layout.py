"""The tabs of the team's sheet and their columns: who owns each, how wide, what may be chosen."""

from __future__ import annotations

from ingagents.model import Classification, LeadStage
from ingagents.model.spreadsheet import Column, Tab

LEADS, REVIEW, REPLIES, REPORT, CONFLICTS = "leads", "review", "replies", "report", "conflicts"

STAGE = "Stage"
OWNER = "Owner"
NEXT_DATE = "Next date"
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
_STAGES = tuple(stage.value for stage in LeadStage)

_LEADS = (
    Column("Lead ID", width=90),
    Column("Name", width=160),
    Column("Position", width=180),
    Column("Company", width=150),
    Column("Classification", width=110),
    Column("Quality score", width=80),
    Column("Status", width=110),
    Column("Why this status", width=200),
    Column(STAGE, human=True, width=110, choices=_STAGES),
    Column(OWNER, human=True),
    Column(NEXT_DATE, human=True, width=100),
    Column(NOTES, human=True, width=240),
    Column("Follow-up", width=200),
    Column(VETO, human=True, width=70, choices=("yes",)),
    Column(CLOSE, human=True, width=100, choices=("Closed",)),
    Column(CORRECT_CLASSIFICATION, human=True, width=110, choices=_KINDS),
    Column(CORRECT_SCORE, human=True, width=80),
    Column(ANSWER, width=240),
    Column("Message sent", width=260),
    Column("Response", width=260),
    Column("Sentiment", width=90),
    Column("Intent", width=110),
    Column("Detail", width=110),
    Column("Reasons", width=300),
    Column("LinkedIn URL", width=200),
    Column("LinkedIn ID", width=90),
    Column("Source", width=100),
    Column("Sent at", width=140),
    Column("Responded at", width=140),
    Column("Created at", width=140),
    Column("Last updated", width=140),
)
_REVIEW = (
    Column("Review ID", width=90),
    Column("Lead ID", width=90),
    Column("Name", width=160),
    Column("Company", width=150),
    Column("What", width=90),
    Column("Text", width=360),
    Column("Why it waits", width=260),
    Column("Asked at", width=140),
    Column(APPROVE, human=True, width=90, choices=("yes", "no")),
    Column(NOTES, human=True, width=240),
    Column("State", width=90),
    Column(ANSWER, width=240),
)
_REPLIES = (
    Column("Reply ID", width=90),
    Column("Received at", width=140),
    Column("Name", width=160),
    Column("Company", width=150),
    Column("Text", width=420),
    Column("Sentiment", width=90),
    Column("Intent", width=110),
    Column("Detail", width=110),
    Column("What counts", width=240),
    Column("Lead ID", width=90),
)
_REPORT = (
    Column("Day", width=100),
    Column("Leads found", width=90),
    Column("Mean score", width=90),
    Column("Speakers", width=90),
    Column("Sponsors", width=90),
    Column("Sent", width=70),
    Column("Accepted", width=90),
    Column("Replies", width=80),
    Column("Positive", width=80),
    Column("Negative", width=80),
    Column("Opt-outs", width=80),
    Column("Refused", width=80),
    Column("In doubt", width=80),
    Column("Waiting", width=80),
    Column("Errors", width=70),
    Column("Leads in all", width=90),
)
_CONFLICTS = (
    Column("Conflict ID", width=90),
    Column("Lead ID", width=90),
    Column("Name", width=160),
    Column("Column", width=140),
    Column("In the sheet", width=200),
    Column("In the database", width=200),
    Column("Since", width=140),
    Column(SETTLE, human=True, width=100, choices=("sheet", "database")),
    Column("State", width=110),
    Column(ANSWER, width=240),
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


def layouts(leads_title: str = "Leads") -> tuple[Tab, ...]:
    """All tabs in their order; the first one has the title the settings give it."""
    return (
        Tab(LEADS, leads_title, _LEADS),
        Tab(REVIEW, "Review", _REVIEW),
        Tab(REPLIES, "Replies", _REPLIES),
        Tab(REPORT, "Report", _REPORT),
        Tab(CONFLICTS, "Conflicts", _CONFLICTS),
    )
