"""A lead from its row: what is believed, what is taken with care, what is refused."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from ingagents.core.sheet.layout import layouts
from ingagents.core.sheet.restore import Rebuilt, rebuild_lead
from ingagents.core.sheet.rows import lead_row
from ingagents.core.sheet.table import cell_text
from ingagents.model import Classification, ContactStatus, Intent, Lead, Sentiment
from tests.factories import MONDAY, a_lead

ZONE = ZoneInfo("Europe/Berlin")
TAB = layouts()[0]


def row_of(lead: Lead, **changes: str) -> dict[str, str]:
    """What the Leads tab says of a lead, with some cells changed."""
    texts = {
        name: cell_text(cell)
        for name, cell in zip(TAB.machine, lead_row(lead, "", ZONE), strict=True)
    }
    return {"Lead ID": lead.id, **texts, **{k.replace("_", " "): v for k, v in changes.items()}}


def rebuilt(lead: Lead, **changes: str) -> Rebuilt:
    found = rebuild_lead(row_of(lead, **changes), zone=ZONE, now=MONDAY)
    assert isinstance(found, Rebuilt), found
    return found


def test_what_was_known_of_a_lead_comes_back() -> None:
    lead = a_lead(
        contact_status=ContactStatus.RESPONDED,
        message_sent="Hello Robin",
        response="Sounds good",
        response_sentiment=Sentiment.POSITIVE,
        response_intent=Intent.INTERESTED,
        sent_at=MONDAY,
        responded_at=MONDAY,
        reasons=("a CTO", "in software"),
        status_reason="answered",
        step="follow_up_1",
        track="AI track",
    )
    found = rebuilt(lead).lead
    for field in (
        "id", "name", "position", "company", "linkedin_url", "classification", "quality_score",
        "contact_status", "status_reason", "message_sent", "response", "response_sentiment",
        "response_intent", "provider_id", "source", "sent_at", "responded_at", "created_at",
        "reasons", "step", "track",
    ):  # fmt: skip
        assert getattr(found, field) == getattr(lead, field), field


def test_who_is_not_judged_yet_stands_so_in_the_sheet_and_comes_back_so() -> None:
    lead = a_lead(classification=None)
    assert row_of(lead)["Classification"] == "not judged yet"
    assert rebuilt(lead).lead.classification is None


def test_a_lead_is_known_again_by_its_address_and_its_linkedin_id() -> None:
    names = {(alias.kind, alias.value) for alias in rebuilt(a_lead()).aliases}
    assert ("slug", "robin-muster-1") in names


@pytest.mark.parametrize(
    ("status", "becomes"),
    [
        ("Message Sent", ContactStatus.MESSAGE_SENT),
        ("responded", ContactStatus.RESPONDED),
        ("Closed", ContactStatus.CLOSED),
        ("Suppressed", ContactStatus.SUPPRESSED),
        ("Failed", ContactStatus.FAILED),
        ("Not Contacted", ContactStatus.NOT_CONTACTED),
        ("Allocated", ContactStatus.NOT_CONTACTED),
        ("Uncertain", ContactStatus.NEEDS_REVIEW),
        ("", ContactStatus.NEEDS_REVIEW),
        ("sent, I think", ContactStatus.NEEDS_REVIEW),
    ],
)
def test_nobody_counts_as_free_to_write_to_who_may_have_been_written_to(status, becomes) -> None:
    assert rebuilt(a_lead(), Status=status).lead.contact_status is becomes


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"Quality_score": "eleven"}, "quality_score", None),
        ({"Quality_score": "11"}, "quality_score", None),
        ({"Classification": "sponsor"}, "classification", Classification.SPONSOR),
        ({"Classification": "=boss"}, "classification", None),
        ({"Created_at": "long ago"}, "created_at", MONDAY),
        ({"LinkedIn_URL": "javascript:alert(1)"}, "linkedin_url", ""),
        ({"Last_step": "follow_up_x"}, "step", ""),
        ({"Last_step": "answer_r1"}, "step", ""),
        ({"Position": "x" * 9999}, "position", "x" * 300),
    ],
)
def test_what_cannot_be_read_is_left_out(changes, field, value) -> None:
    lead = a_lead(provider_id="") if "LinkedIn_URL" in changes else a_lead()
    assert getattr(rebuilt(lead, **changes).lead, field) == value


@pytest.mark.parametrize(
    "changes",
    [{"Lead_ID": ""}, {"Lead_ID": "a b"}, {"Lead_ID": "x" * 65}, {"Name": "", "LinkedIn_URL": ""}],
)
def test_a_row_that_tells_of_nobody_is_refused_with_a_reason(changes) -> None:
    texts = row_of(a_lead(), **changes)
    assert isinstance(rebuild_lead(texts, zone=ZONE, now=MONDAY), str)
