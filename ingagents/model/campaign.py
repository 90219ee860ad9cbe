"""The event, who signs for it, and when we may write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import NewType

import msgspec

from ingagents.display import Shown
from ingagents.model.fact import Fact

CampaignId = NewType("CampaignId", str)
AccountId = NewType("AccountId", str)
"""Who sends: an account of the service, a mail address."""

DEFAULT_CAMPAIGN = CampaignId("default")
"""The campaign of a department that has one: what rows say from before there could be more."""


class Campaign(Shown, msgspec.Struct, frozen=True, kw_only=True):
    """The event and who signs for it: the only facts a message may state about us.

    `audience` and `topics` are by language (ISO 639), under "" what was given without one. Nobody is
    written to for the first time after `stop_date`. `facts` are the team's own, `booking` is where to book a
    talk with an owner.
    """

    event_name: str
    event_date: date
    event_city: str = ""
    sender_name: str = ""
    timezone: str = "Europe/Berlin"
    event_url: str = ""
    audience: Mapping[str, str] = {}
    topics: Mapping[str, tuple[str, ...]] = {}
    stop_date: date | None = None
    facts: tuple[Fact, ...] = ()
    booking: Mapping[str, str] = {}


class WorkingHours(msgspec.Struct, frozen=True, kw_only=True):
    """When we may write, in `timezone`, on ISO weekdays. `end` None means midnight ("24:00").

    Nobody is written to on `holidays`.
    """

    start: time
    end: time | None
    days: frozenset[int]
    timezone: str
    holidays: frozenset[date] = frozenset()
