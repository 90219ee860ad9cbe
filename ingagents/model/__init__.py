"""The nouns of the department, in the order the day meets them. All frozen, all plain values.

A search hit is a `Profile`; a profile we keep is a `Lead` with its `Alias`es; a judgement is a
`Decision` with `Reason`s; a text for one person is a `Draft`; an act towards a person (an
invitation, a message, a mail) is a `Delivery`; what comes back a `Reply`, `ResponseAnalysis`
inside. What one service shows stands in `linkedin` and `spreadsheet`, for those alone who look at
it.
"""

from __future__ import annotations

from ingagents.model.campaign import (
    DEFAULT_CAMPAIGN,
    AccountId,
    Campaign,
    CampaignId,
    WorkingHours,
)
from ingagents.model.delivery import (
    TEAM,
    AccountState,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Draft,
    Look,
    Mail,
    Refusal,
    SendResult,
)
from ingagents.model.fact import (
    Fact,
    FactSheet,
)
from ingagents.model.hook import (
    Ring,
    RingKind,
    ToldAnswer,
)
from ingagents.model.lead import (
    NOT_JUDGED,
    BriefDecision,
    Classification,
    ContactStatus,
    Decision,
    DecisionKind,
    Intent,
    Lead,
    LeadId,
    LeadStage,
    Reason,
    ReplyDetail,
    Sentiment,
)
from ingagents.model.llm import (
    ModelAnswer,
    ModelTask,
    ProviderAnswer,
    ProviderName,
    ProviderSettings,
    Question,
)
from ingagents.model.profile import (
    EXTRA_MAX,
    Alias,
    AliasKind,
    ListedPerson,
    Position,
    Profile,
    Recipient,
    RefusedRow,
    SaidNo,
    SearchCriteria,
    SearchPage,
)
from ingagents.model.reply import (
    ChatMessage,
    Effect,
    EffectKind,
    Reply,
    ResponseAnalysis,
)
from ingagents.model.step import (
    FIRST_CONTACT,
    Step,
    StepKind,
    WaitsFor,
)

__all__ = [
    "DEFAULT_CAMPAIGN",
    "EXTRA_MAX",
    "FIRST_CONTACT",
    "NOT_JUDGED",
    "TEAM",
    "AccountId",
    "AccountState",
    "Alias",
    "AliasKind",
    "BriefDecision",
    "Campaign",
    "CampaignId",
    "ChatMessage",
    "Classification",
    "ContactStatus",
    "Decision",
    "DecisionKind",
    "Delivery",
    "DeliveryKind",
    "DeliveryState",
    "Draft",
    "Effect",
    "EffectKind",
    "Fact",
    "FactSheet",
    "Intent",
    "Lead",
    "LeadId",
    "LeadStage",
    "ListedPerson",
    "Look",
    "Mail",
    "ModelAnswer",
    "ModelTask",
    "Position",
    "Profile",
    "ProviderAnswer",
    "ProviderName",
    "ProviderSettings",
    "Question",
    "Reason",
    "Recipient",
    "Refusal",
    "RefusedRow",
    "Reply",
    "ReplyDetail",
    "ResponseAnalysis",
    "Ring",
    "RingKind",
    "SaidNo",
    "SearchCriteria",
    "SearchPage",
    "SendResult",
    "Sentiment",
    "Step",
    "StepKind",
    "ToldAnswer",
    "WaitsFor",
    "WorkingHours",
]
