"""Events in the journal: what was written can be read, and what cannot be read says so."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any, get_args

import pytest

from ingagents import events
from ingagents.commands import LeadAllocation, SearchRequest
from ingagents.events import (
    ROLES,
    AgentError,
    AllocationReturned,
    DecisionMade,
    DeliveryClaimed,
    DeliveryRefused,
    DeliverySettled,
    DeliveryUncertain,
    Event,
    FactsChanged,
    InvitationAccepted,
    InvitationWithdrawn,
    LanguageModelBack,
    LanguageModelLost,
    LeadDiscovered,
    LeadEnrolled,
    LeadErased,
    LeadsImported,
    LeadSuppressed,
    LeadUpdated,
    MessageSent,
    OutreachPaused,
    OutreachResumed,
    PerformanceAlert,
    Published,
    ReportMade,
    ResponseReceived,
    ReviewAsked,
    ReviewDecided,
    ReviewLapsed,
    SearchFinished,
    StrategyProposed,
    TeamNotified,
    UnreadableEvent,
    decode,
    encode,
    event_type,
    lead_ids,
)
from ingagents.model import (
    BriefDecision,
    DeliveryKind,
    Intent,
    LeadId,
    Refusal,
    ReplyDetail,
    SearchCriteria,
    Sentiment,
)
from ingagents.routing import CONSUMERS, ToLeadFinder, ToOutreach, ToSalesManager
from tests.factories import MONDAY, a_decision

LEAD = LeadId("lead-1")
TYPES: tuple[type[Any], ...] = get_args(Event)
FULL: list[Event] = [
    SearchRequest(criteria=SearchCriteria(positions=("CTO",)), wanted=20, reason="short"),
    LeadDiscovered(
        lead_id=LEAD,
        source="search",
        decisions=(BriefDecision.of(a_decision(basis={"draw": 0.5})),),
    ),
    SearchFinished(seen=9, discovered=4, known=3, unusable=2, pages=1, stopped_by="enough"),
    LeadsImported(source="a.csv", taken=4, merged=1, refused=2),
    LeadUpdated(lead_id=LEAD, changes={"company": "Acme", "skills": ["a"]}, by="import"),
    DecisionMade(lead_id=LEAD, decision=a_decision(basis={"draw": 0.5})),
    LeadAllocation(lead_ids=(LEAD, LeadId("lead-2")), strategy="balanced"),
    AllocationReturned(lead_id=LEAD, reason="nobody acted"),
    DeliveryClaimed(lead_id=LEAD, delivery_id="d-1", kind=DeliveryKind.INVITATION, text_hash="abc"),
    MessageSent(lead_id=LEAD, delivery_id="d-1", kind=DeliveryKind.MESSAGE, message_id="m-1"),
    DeliveryRefused(lead_id=None, delivery_id="d-1", refusal=Refusal.TOO_LONG, detail="300"),
    DeliveryUncertain(lead_id=LEAD, delivery_id="d-1", detail="timeout"),
    DeliverySettled(lead_id=LEAD, delivery_id="d-1", verdict="not_sent", evidence="no trace"),
    LeadErased(by="team", rows={3: "abc", 12: "def"}, counts={"leads": 1}),
    InvitationAccepted(lead_id=LEAD, accepted_at=MONDAY),
    InvitationWithdrawn(lead_id=LEAD, delivery_id="d1", reason="nobody took it"),
    LeadEnrolled(lead_id=LEAD, delivery_id="d1", over="they answered"),
    ResponseReceived(
        lead_id=LEAD,
        reply_id="r-1",
        sentiment=Sentiment.POSITIVE,
        intent=Intent.INTERESTED,
        detail=ReplyDetail.MEETING,
        response_text="Gern! \u2713",
    ),
    LeadSuppressed(lead_id=LEAD, subject="example.com", reason="asked"),
    FactsChanged(ids={"hotel": "added", "booking: Kim": "changed", "tiers.gold": "removed"}),
    AgentError(agent="outreach", error="it broke", doing="sending", lead_id=LEAD),
    LanguageModelLost(reason="nobody answers"),
    LanguageModelBack(server="openai", lost_at=MONDAY),
    PerformanceAlert(metric="acceptance", value=0.1, threshold=0.2, detail="low"),
    TeamNotified(about="a reply", delivery_id="d-2", lead_id=LEAD),
    ReportMade(day=date(2027, 2, 8), delivery_id="d-3"),
    StrategyProposed(proposals=({"setting": "x", "to": 5},), decided_by="rules"),
    ReviewAsked(review_id="3fa9c1", kind="draft", lead_id=LEAD, text_hash="abc", reason="unsure"),
    ReviewDecided(
        review_id="3fa9c1",
        kind="draft",
        verdict="rejected",
        by="Kim",
        lead_id=LEAD,
        text_hash="abc",
        reason="too pushy",
    ),
    ReviewLapsed(review_id="3fa9c1", kind="send", state="void", reason="answered", lead_id=LEAD),
    OutreachPaused(by="a person", reason="holiday"),
    OutreachResumed(by="a person"),
]


def test_there_is_an_example_of_every_event() -> None:
    assert {type(event) for event in FULL} == set(TYPES)


@pytest.mark.parametrize("event", FULL, ids=event_type)
def test_every_event_can_be_read_back(event: Event) -> None:
    stored = encode(event)
    assert json.loads(stored)["type"] == event_type(event)
    assert decode(stored, stored_type=event_type(event)) == event
    assert decode(stored.decode(), stored_type=event_type(event)) == event


@pytest.mark.parametrize("cls", TYPES)
def test_every_event_is_frozen_and_documented(cls: type[Any]) -> None:
    assert cls.__struct_config__.frozen
    assert cls.__doc__


def test_the_names_of_the_specification_are_kept() -> None:
    names = [cls.__struct_config__.tag for cls in TYPES]
    assert len(set(names)) == len(names)
    assert set(names) >= {
        "search_request",
        "lead_discovered",
        "lead_allocation",
        "message_sent",
        "response_received",
        "agent_error",
        "performance_alert",
    }


def test_only_agents_that_exist_are_told_of_events_that_exist() -> None:
    assert set(CONSUMERS) <= set(TYPES)
    assert set(CONSUMERS.values()) <= set(ROLES)


def test_an_event_is_handled_by_one_role() -> None:
    unions = (ToLeadFinder, ToSalesManager, ToOutreach)
    kinds = [kind for union in unions for kind in get_args(union) or (union,)]
    assert sorted(kind.__name__ for kind in kinds) == sorted(kind.__name__ for kind in CONSUMERS)


@pytest.mark.parametrize(
    ("data", "stored_type"),
    [
        (b'{"type": "no_such_event"}', "no_such_event"),
        (b'{"type": "message_sent"}', "message_sent"),
        (b'{"type": "search_request", "wanted": "many"}', "search_request"),
        (b'{"type": "search_request"}', "message_sent"),
        (b'{"wanted": 5}', "search_request"),
        (b"[]", "search_request"),
        (b"null", "search_request"),
        (b'{"type": "search_requ', "search_request"),
        (b"\xff\xfe", "search_request"),
        (b"", "search_request"),
        ("", ""),
    ],
)
def test_what_cannot_be_read_says_so(data: bytes | str, stored_type: str) -> None:
    with pytest.raises(UnreadableEvent):
        decode(data, stored_type=stored_type)


@pytest.mark.parametrize("version", [2, 99, 0, -1])
def test_another_version_without_a_way_here_is_not_guessed_at(version: int) -> None:
    with pytest.raises(UnreadableEvent, match=f"version {version}"):
        decode(encode(SearchRequest(wanted=5)), stored_type="search_request", version=version)


@pytest.fixture
def third_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Search requests had `number` in version 1 and `count` in version 2; today it is `wanted`."""

    def renamed(old: str, new: str) -> Any:
        def step(fields: dict[str, Any]) -> dict[str, Any]:
            return {new if name == old else name: value for name, value in fields.items()}

        return step

    monkeypatch.setattr(events, "VERSIONS", {"search_request": 3, "message_sent": 2})
    monkeypatch.setattr(
        events,
        "_UPGRADES",
        {
            ("search_request", 1): renamed("number", "count"),
            ("search_request", 2): renamed("count", "wanted"),
            ("message_sent", 1): lambda fields: fields["gone"].items(),
        },
    )


def test_a_new_lead_of_before_is_read_without_what_the_lead_itself_says() -> None:
    stored = '{"type":"lead_discovered","lead_id":"lead-1","name":"Robin","quality_score":7.5}'
    event = decode(stored, stored_type="lead_discovered", version=1)
    assert event == LeadDiscovered(lead_id=LEAD)


@pytest.mark.usefixtures("third_version")
@pytest.mark.parametrize(("version", "field"), [(1, "number"), (2, "count"), (3, "wanted")])
def test_an_old_event_is_brought_up_step_by_step(version: int, field: str) -> None:
    stored = json.dumps({"type": "search_request", field: 7, "reason": "short"})
    event = decode(stored, stored_type="search_request", version=version)
    assert event == SearchRequest(wanted=7, reason="short")


@pytest.mark.usefixtures("third_version")
@pytest.mark.parametrize(
    "data",
    [b"{}", b"[]", b"null", b'{"gone": 5}', b'{"gone": {}}'],
)
def test_an_old_event_that_its_step_cannot_read_says_so(data: bytes) -> None:
    with pytest.raises(UnreadableEvent):
        decode(data, stored_type="message_sent", version=1)


@pytest.mark.usefixtures("third_version")
def test_a_version_newer_than_the_program_is_named() -> None:
    with pytest.raises(UnreadableEvent, match="newer than this program"):
        decode(b"{}", stored_type="search_request", version=4)


def test_events_say_whom_they_speak_of() -> None:
    assert lead_ids(LeadAllocation(lead_ids=(LEAD, LeadId("lead-2")))) == ("lead-1", "lead-2")
    assert lead_ids(AllocationReturned(lead_id=LEAD, reason="")) == ("lead-1",)
    assert lead_ids(DeliveryUncertain(lead_id=None, delivery_id="d-1")) == ()
    assert lead_ids(OutreachResumed(by="a person")) == ()


def test_a_published_event_shows_its_type() -> None:
    published = Published(
        seq=1,
        event_id="e-1",
        agent="outreach",
        timestamp=MONDAY,
        event=InvitationAccepted(
            lead_id=LEAD, accepted_at=datetime.fromisoformat("2027-02-08T09:00Z")
        ),
    )
    assert published.type == "invitation_accepted"
