"""What one agent asks of another. What came of it are facts, in `events`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ingagents.display import Shown
from ingagents.model import LeadId, SearchCriteria


class Message(
    Shown, msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True
):
    """The common shape of requests and facts: frozen, named fields, told apart by `type`."""


class SearchRequest(Message, frozen=True, tag="search_request"):
    """The sales manager asks for more leads; without criteria the settings' own are meant."""

    criteria: SearchCriteria | None = None
    wanted: int = 0
    reason: str = ""


class LeadAllocation(Message, frozen=True, tag="lead_allocation"):
    """The sales manager gives these leads to outreach, best first.

    When a model had a say, `judgement` tells in a sentence how its choice differs from the rules',
    and `basis` in figures.
    """

    lead_ids: tuple[LeadId, ...]
    strategy: str = ""
    judgement: str = ""
    basis: Mapping[str, Any] = {}
