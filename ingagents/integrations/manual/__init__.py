"""LinkedIn by hand: no account and no service; people of the team send, and say what came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingagents.ports import Clock, LinkedInAccess, LinkedInService

if TYPE_CHECKING:
    import httpx


def open_service(access: LinkedInAccess, http: httpx.AsyncClient, clock: Clock) -> LinkedInService:
    """Every port, answered out of what we know ourselves; nobody outside is asked."""
    from ingagents.integrations.manual.service import ByHand

    del http, clock
    hand = ByHand(access.account_id)
    return LinkedInService(account=hand, profiles=hand, sender=hand, inbox=hand, sent_items=hand)
