"""Who goes on with a person when a service cannot: a human, by hand, and the service again later.

A step that a service has claimed stays claimed, whoever goes on: what may have left is read back and
never sent by hand as well. A campaign that goes on at its service would write beside the human.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingagents.model import (
    AccountId,
    ContactStatus,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Lead,
    WaitsFor,
)

_REACH = frozenset(
    {
        DeliveryKind.INVITATION,
        DeliveryKind.MESSAGE,
        DeliveryKind.REPLY,
        DeliveryKind.ENROLMENT,
    }
)


def service_voice(acts: Sequence[Delivery], hand: AccountId) -> AccountId:
    """The account of a service that spoke, or tried to speak, last with a person; "": none has."""
    theirs = [one for one in acts if one.kind in _REACH and one.account_id != hand]
    return theirs[-1].account_id if theirs else AccountId("")


def against_by_hand(lead: Lead, acts: Sequence[Delivery]) -> str:
    """Why nobody goes on by hand with a person; "" when a human may."""
    stopped = any(one.kind is DeliveryKind.STOP and one.state is DeliveryState.SENT for one in acts)
    runs = lead.contact_status is ContactStatus.ENROLLED or lead.waits_for is WaitsFor.SERVICE
    if runs and not stopped:
        return "the service's campaign goes on with them, and would write beside you"
    return ""


def against_service(acts: Sequence[Delivery], hand: AccountId) -> str:
    """Why a service does not go on with a person; "" when it may."""
    by_hand = any(one.kind in _REACH and one.account_id == hand for one in acts)
    if by_hand and not service_voice(acts, hand):
        return "they have heard you and no account of a service: that voice stays"
    return ""
