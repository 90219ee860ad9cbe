"""Who must handle what. All other events are history: written, never waited for.

Each role's handler matches its union to the end (`assert_never`), so that this table and the
handlers cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from ingagents.commands import LeadAllocation, SearchRequest
from ingagents.events import (
    AgentError,
    DeliveryUncertain,
    LeadsImported,
    MessageSent,
    OutreachPaused,
    OutreachResumed,
    PerformanceAlert,
    ResponseReceived,
    ReviewAsked,
    ReviewDecided,
    Role,
    SearchFinished,
)

ToLeadFinder = SearchRequest
ToSalesManager = (
    SearchFinished
    | LeadsImported
    | MessageSent
    | DeliveryUncertain
    | ResponseReceived
    | AgentError
    | PerformanceAlert
    | ReviewAsked
    | OutreachPaused
)
ToOutreach = LeadAllocation | ReviewDecided | OutreachResumed

CONSUMERS: Mapping[type[Any], Role] = {
    ToLeadFinder: "lead_finder",
    **dict.fromkeys(get_args(ToSalesManager), "sales_manager"),
    **dict.fromkeys(get_args(ToOutreach), "outreach"),
}
