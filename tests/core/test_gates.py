"""The gates before every send: each alone, their order, and what opens when one is opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingagents.core import gates
from ingagents.core.conversation.sequence import Coming
from ingagents.core.gates import plan
from ingagents.core.lead_status import Cause
from ingagents.core.message_generator import Unwritable
from ingagents.core.programme import Tally, Track, states_of
from ingagents.core.rate_limiter import Act, Go, Hold, Usage
from ingagents.core.sending.plans import Adopt, AskHuman, Gate, Plan, Send, Skip, Wait
from ingagents.core.sending.refusals import Refusals
from ingagents.core.sending.send_facts import Seen, SendFacts, Text, Unseen
from ingagents.core.sending.wanted import Wanted
from ingagents.model import (
    FIRST_CONTACT,
    Classification,
    ContactStatus,
    DeliveryState,
    Step,
    StepKind,
)
from tests.core.send_facts import (
    ALLOCATED,
    APPROVED,
    BARE,
    DRAFT,
    INVITATION,
    LAPSE,
    LOST,
    NOTED,
    NOW,
    OPEN,
    OVER,
    QUESTION,
    RULES,
    STRANGER,
    TEXT,
    facts,
    ours,
)
from tests.factories import a_lead, a_profile

FOLLOW_UP = Step(StepKind.FOLLOW_UP, "1")
DUE = Coming(step=FOLLOW_UP, at=NOW, reason="5 working days later")
TRACKS = (Track(kind=Classification.SPEAKER, name="AI track", places=2),)
FILLED = states_of(TRACKS, {("Speaker", "AI track"): Tally(won=2, tried=2)})
PICKY = Wanted(write_to_other=False, quality_threshold=6.0)
NOT_JUDGED = msgspec.structs.replace(ALLOCATED, classification=None)
AS_SHOWN = msgspec.structs.replace(ALLOCATED, classification=Classification.OTHER)
REFUSED_LATELY = Refusals(blocked={ALLOCATED.id: NOW - timedelta(days=3)})
OF_ANOTHER = msgspec.structs.replace(ALLOCATED, account_id="another-account")
BARE_DRAFT = msgspec.structs.replace(DRAFT, text="")
SHUT: Mapping[Gate, tuple[dict[str, Any], type[Plan], Cause | None]] = {
    Gate.SAME_PERSON: ({"same_as": a_lead(2)}, Skip, Cause.SAME_PERSON),
    Gate.SUPPRESSED: ({"suppressed": "asked"}, Skip, Cause.SUPPRESSED),
    Gate.ANSWERED: ({"replied": True}, Skip, Cause.ANSWERED),
    Gate.STATUS: ({"lead": a_lead(contact_status=ContactStatus.CLOSED)}, Skip, None),
    Gate.NOT_DUE: ({"step": FOLLOW_UP, "coming": Coming(reason="answered")}, Skip, None),
    Gate.HELD: ({"held": "held by a word in the sheet"}, Skip, Cause.HELD),
    Gate.REJECTED: ({"rejected": "rejected by Kim"}, Skip, Cause.DRAFT_REJECTED),
    Gate.WITHDRAWN: ({"withdrawn_until": NOW + timedelta(days=20)}, Skip, Cause.WITHDRAWN),
    Gate.CLAIMED: ({"claimed": DeliveryState.UNCERTAIN}, Skip, Cause.IN_DOUBT),
    Gate.NOT_SHOWN: (
        {"unseen": Unseen(cause=Cause.REFUSED_FOR_GOOD, reason="gone")},
        Skip,
        Cause.REFUSED_FOR_GOOD,
    ),
    Gate.NO_ID: ({"profile": a_profile(provider_id="")}, Skip, Cause.MUST_DECIDE),
    Gate.ARRIVED: ({"lost": LOST, "conversation": (ours(99.5, text="hello"),)}, Adopt, None),
    Gate.NO_NAME: ({"profile": a_profile(name="")}, Skip, Cause.MUST_DECIDE),
    Gate.WRITTEN_BY_HAND: (
        {"conversation": (ours(10),), "by_hand": NOW - timedelta(days=10)},
        Skip,
        Cause.MUST_DECIDE,
    ),
    Gate.NOT_CONNECTED: (
        {"step": FOLLOW_UP, "coming": DUE, "profile": a_profile(network_distance=2)},
        Skip,
        None,
    ),
    Gate.INVITED: ({"profile": a_profile(network_distance=2, invitation="pending")}, Adopt, None),
    Gate.KIND: (
        {"stored": NOT_JUDGED, "wanted": Wanted(quality_threshold=11.0)},
        Skip,
        Cause.TAKEN_BACK,
    ),
    Gate.BLOCKED: ({"refusals": REFUSED_LATELY}, Wait, None),
    Gate.PROGRAMME: ({"tracks": TRACKS, "programme": FILLED}, Wait, None),
    Gate.VOICE: ({"stored": OF_ANOTHER}, Wait, None),
    Gate.TEXT: (
        {"text": Unwritable(lead_id=ALLOCATED.id, reasons=("no name",))},
        Skip,
        Cause.MUST_DECIDE,
    ),
    Gate.CHANGED: (
        {"text": msgspec.structs.replace(TEXT, written_for=a_lead(name="Somebody Else"))},
        Skip,
        None,
    ),
    Gate.APPROVAL: ({"approval": "all"}, AskHuman, None),
    Gate.CAMPAIGN: ({"campaign": OVER}, Wait, None),
    Gate.PAUSED: ({"paused": "paused by Kim: press day"}, Wait, None),
    Gate.OPEN_INVITATIONS: ({"too_many_open": "400 stand open"}, Wait, None),
    Gate.LIMITS: ({"rules": msgspec.structs.replace(RULES, daily_limit=0)}, Wait, None),
}
"""Each gate, shut alone: by which facts, what follows, and what it means for the lead."""


def test_the_table_names_every_gate_in_the_order_in_which_it_is_asked() -> None:
    assert list(SHUT) == list(Gate)
    lines = [line.split() for line in (gates.__doc__ or "").splitlines()]
    documented = [words[0] for words in lines if words and words[0].isupper()]
    assert documented == [gate.name for gate in Gate]


def test_when_every_gate_is_open_the_message_goes_and_says_what_is_left() -> None:
    planned = plan(facts(), NOW)
    assert isinstance(planned, Send)
    assert planned.channel.kind is INVITATION
    assert planned.go == Go(left_today=4, left_this_week=9)
    assert planned.approved is None


@pytest.mark.parametrize("gate", Gate)
def test_a_gate_that_is_shut_alone_answers_with_its_name_and_a_reason(gate: Gate) -> None:
    change, kind, cause = SHUT[gate]
    planned = plan(facts(**change), NOW)
    assert isinstance(planned, kind)
    assert not isinstance(planned, Send)
    assert planned.gate is gate
    assert planned.reason
    if isinstance(planned, Skip):
        assert planned.cause is cause


@pytest.mark.parametrize("gate", Gate)
def test_of_several_gates_that_are_shut_the_first_is_named(gate: Gate) -> None:
    """This gate and every later one whose facts can stand beside its own."""
    for later in list(Gate)[list(Gate).index(gate) :]:
        both = {**SHUT[later][0], **SHUT[gate][0]}
        planned = plan(facts(**both), NOW)
        assert not isinstance(planned, Send)
        assert planned.gate is gate


def test_whom_the_team_took_on_while_a_try_was_in_doubt_is_not_tried_again() -> None:
    planned = plan(facts(lead=msgspec.structs.replace(ALLOCATED, stage="Lost")), NOW)
    assert isinstance(planned, Skip)
    assert (planned.gate, planned.cause) == (Gate.STATUS, Cause.TEAM_TALKS)
    assert planned.reason == "the team talks to this person: Lost"


FLIPS: Mapping[Gate, Callable[[SendFacts], dict[str, Any]]] = {
    Gate.SAME_PERSON: lambda _: {"same_as": None},
    Gate.SUPPRESSED: lambda _: {"suppressed": ""},
    Gate.ANSWERED: lambda _: {"replied": False},
    Gate.STATUS: lambda f: {
        "lead": msgspec.structs.replace(f.lead, contact_status=_waits_as(f.step))
    },
    Gate.NOT_DUE: lambda f: {"coming": msgspec.structs.replace(DUE, step=f.step)},
    Gate.HELD: lambda _: {"held": ""},
    Gate.REJECTED: lambda _: {"rejected": ""},
    Gate.WITHDRAWN: lambda _: {"withdrawn_until": None},
    Gate.CLAIMED: lambda _: {"claimed": None},
    Gate.NOT_SHOWN: lambda _: {"seen": Seen(profile=STRANGER)},
    Gate.NO_ID: lambda f: {"seen": _seen(f, provider_id="ACoAAopen")},
    Gate.ARRIVED: lambda _: {"lost": None},
    Gate.NO_NAME: lambda f: {"seen": _seen(f, name="Ada Lovelace")},
    Gate.WRITTEN_BY_HAND: lambda f: {"seen": Seen(profile=f.profile), "by_hand": None},
    Gate.NOT_CONNECTED: lambda f: {"seen": _seen(f, network_distance=1)},
    Gate.INVITED: lambda f: {"seen": _seen(f, invitation="")},
    Gate.KIND: lambda f: {"account": msgspec.structs.replace(f.account, wanted=Wanted())},
    Gate.BLOCKED: lambda f: {"account": msgspec.structs.replace(f.account, refusals=Refusals())},
    Gate.PROGRAMME: lambda f: {"account": msgspec.structs.replace(f.account, programme=())},
    Gate.VOICE: lambda f: {"stored": msgspec.structs.replace(f.stored, account_id="")},
    Gate.TEXT: lambda _: {"text": TEXT},
    Gate.CHANGED: lambda f: {"text": _text_over(f)},
    Gate.APPROVAL: lambda f: {
        "approval": "none",
        "review": None,
        "lapse": None,
        "lead": msgspec.structs.replace(f.lead, contradictions=()),
        "text": _text_over(f),
    },
    Gate.CAMPAIGN: lambda f: {"account": msgspec.structs.replace(f.account, campaign=OPEN)},
    Gate.PAUSED: lambda f: {"account": msgspec.structs.replace(f.account, paused="")},
    Gate.OPEN_INVITATIONS: lambda f: {
        "account": msgspec.structs.replace(f.account, too_many_open="")
    },
    Gate.LIMITS: lambda f: {
        "account": msgspec.structs.replace(
            f.account, usage=Usage(acts=()), rules=RULES, rehearsed=0
        )
    },
}
"""What opens each gate, and nothing else."""


def _waits_as(step: Step) -> ContactStatus:
    begins = step == FIRST_CONTACT
    return ContactStatus.ALLOCATED if begins else ContactStatus.MESSAGE_SENT


def _text_over(found: SendFacts) -> Text:
    """A text that fits the way in which the person is reached."""
    draft = DRAFT if found.channel.limit else BARE_DRAFT
    fit = msgspec.structs.replace(draft, kind=found.channel.kind)
    return Text(draft=fit, written_for=found.lead)


def _seen(found: SendFacts, **changes: Any) -> Seen:
    assert isinstance(found.seen, Seen)
    profile = msgspec.structs.replace(found.profile, **changes)
    return msgspec.structs.replace(found.seen, profile=profile)


def _any_of(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


MOMENTS = st.integers(min_value=0, max_value=9 * 24 * 60).map(lambda m: NOW - timedelta(minutes=m))
USAGES = st.builds(
    Usage,
    acts=st.lists(MOMENTS, max_size=12).map(lambda moments: [Act(at) for at in sorted(moments)]),
    holds=st.lists(
        st.builds(
            Hold,
            until=MOMENTS.map(lambda at: at + timedelta(days=2)),
            reason=st.just("held"),
            kind=_any_of("gap", "invitation", "message", "account"),
        ),
        max_size=3,
    ),
)
FACTS = st.builds(
    facts,
    step=_any_of(FIRST_CONTACT, FIRST_CONTACT, FOLLOW_UP),
    coming=_any_of(Coming(), DUE, DUE),
    by_hand=_any_of(None, None, NOW - timedelta(days=1)),
    same_as=_any_of(None, None, None, a_lead(2)),
    suppressed=_any_of("", "", "", "asked"),
    replied=_any_of(False, False, False, True),
    lead=_any_of(
        *(ALLOCATED,) * 8,
        *(a_lead(contact_status=ContactStatus.MESSAGE_SENT),) * 4,
        a_lead(contact_status=ContactStatus.NEEDS_REVIEW),
        msgspec.structs.replace(ALLOCATED, contradictions=("another company",)),
        *(AS_SHOWN,) * 3,
    ),
    stored=_any_of(ALLOCATED, ALLOCATED, NOT_JUDGED),
    wanted=_any_of(Wanted(), PICKY),
    held=_any_of("", "", "", "held by a word"),
    rejected=_any_of("", "", "", "rejected by Kim"),
    claimed=_any_of(None, None, None, DeliveryState.SENT, DeliveryState.ATTEMPTED),
    withdrawn_until=_any_of(None, None, None, NOW + timedelta(days=20)),
    lost=_any_of(None, None, LOST, msgspec.structs.replace(LOST, kind=INVITATION)),
    profile=st.builds(
        a_profile,
        provider_id=_any_of("ACoAAopen", "ACoAAopen", "ACoAAopen", ""),
        name=_any_of("Ada Lovelace", "Ada Lovelace", "Ada Lovelace", ""),
        network_distance=_any_of(0, 1, 2, 3),
        invitation=_any_of("", "", "", "pending", "ignored", "withdrawn", "received"),
    ),
    unseen=_any_of(None, None, None, SHUT[Gate.NOT_SHOWN][0]["unseen"]),
    conversation=_any_of((), (), (ours(10),), (ours(99.5, text="hello"),)),
    text=_any_of(
        None,
        TEXT,
        TEXT,
        msgspec.structs.replace(TEXT, draft=BARE_DRAFT),
        SHUT[Gate.TEXT][0]["text"],
        SHUT[Gate.CHANGED][0]["text"],
        msgspec.structs.replace(TEXT, review_id="abc123"),
    ),
    review=_any_of(None, None, QUESTION, APPROVED),
    lapse=_any_of(None, None, LAPSE),
    approval=_any_of("none", "low_confidence", "all"),
    campaign=_any_of(OPEN, OPEN, OVER),
    paused=_any_of("", "", "paused by Kim"),
    too_many_open=_any_of("", "", "400 stand open"),
    usage=USAGES,
    refusals=_any_of(Refusals(), Refusals(), REFUSED_LATELY),
    tracks=st.just(TRACKS),
    programme=_any_of((), (), FILLED),
    touch=_any_of(NOTED, NOTED, BARE),
    rehearsed=st.integers(min_value=0, max_value=3),
)


@given(FACTS)
def test_whatever_is_not_sent_would_end_otherwise_were_the_named_gate_open(
    found: SendFacts,
) -> None:
    planned = plan(found, NOW)
    if isinstance(planned, Send):
        return
    opened = msgspec.structs.replace(found, **FLIPS[planned.gate](found))
    after = plan(opened, NOW)
    assert isinstance(after, Send) or after.gate is not planned.gate
    if not isinstance(after, Send):
        assert list(Gate).index(after.gate) > list(Gate).index(planned.gate)


@given(FACTS)
def test_what_is_sent_passes_every_gate_alone_and_a_wait_names_a_moment_to_come(
    found: SendFacts,
) -> None:
    planned = plan(found, NOW)
    assert planned == plan(found, NOW)
    if isinstance(planned, Send):
        assert not any((found.suppressed, found.replied, found.held, found.rejected))
        assert found.begins or found.coming.is_due(found.step, NOW)
        waits = {_waits_as(found.step), ContactStatus.INVITED if not found.begins else None}
        assert found.lead.contact_status in waits
        assert found.claimed is None
        assert not found.account.paused
        if planned.channel.kind is INVITATION:
            assert not found.account.too_many_open
            assert found.withdrawn_until is None
            assert found.account.refusals.blocked_until(found.lead.id) is None
            if isinstance(found.text, Text) and not found.text.review_id:
                assert bool(found.text.draft.text) is found.touch.noted
        assert planned.go.left_today >= 0
        if planned.approved is not None and isinstance(found.text, Text):
            assert found.text.review_id == planned.approved.id
    if isinstance(planned, Wait) and planned.until is not None:
        assert planned.until > NOW
