"""Who goes on with a person, by hand or by a service, and why not."""

from __future__ import annotations

import pytest

from ingagents.core.sending.hand_over import against_by_hand, against_service, service_voice
from ingagents.model import (
    AccountId,
    ContactStatus,
    DeliveryKind,
    DeliveryState,
    WaitsFor,
)
from tests.factories import a_delivery, a_lead

HAND, SEAT = AccountId("by-hand"), AccountId("seat")


def by(account: AccountId, kind: DeliveryKind = DeliveryKind.INVITATION, **fields):
    return a_delivery(account_id=account, kind=kind, **fields)


@pytest.mark.parametrize(
    ("lead", "acts", "refused"),
    [
        ({}, [], False),
        ({"contact_status": ContactStatus.MESSAGE_SENT}, [by(SEAT)], False),
        ({"contact_status": ContactStatus.ENROLLED}, [], True),
        ({"waits_for": WaitsFor.SERVICE}, [], True),
        (
            {"waits_for": WaitsFor.SERVICE},
            [by(SEAT, DeliveryKind.STOP, state=DeliveryState.SENT)],
            False,
        ),
        (
            {"waits_for": WaitsFor.SERVICE},
            [by(SEAT, DeliveryKind.STOP, state=DeliveryState.UNCERTAIN)],
            True,
        ),
    ],
)
def test_nobody_writes_beside_a_campaign_that_goes_on(lead, acts, refused):
    assert bool(against_by_hand(a_lead(**lead), acts)) is refused


@pytest.mark.parametrize(
    ("acts", "voice", "refused"),
    [
        ([], "", False),
        ([by(SEAT), by(HAND)], SEAT, False),
        ([by(HAND)], "", True),
        ([by(SEAT, DeliveryKind.WITHDRAWAL), by(HAND)], "", True),
    ],
)
def test_a_service_goes_on_with_whom_it_has_spoken_before(acts, voice, refused):
    assert service_voice(acts, HAND) == voice
    assert bool(against_service(acts, HAND)) is refused
