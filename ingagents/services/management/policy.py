"""How the sales manager decides: the settings, with the changes of strategy that were applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import msgspec

from ingagents.core.allocator import Strategy
from ingagents.core.sending.campaign_gate import CampaignGate
from ingagents.core.strategy.auto_apply import strategy_after
from ingagents.core.strategy.proposals import CurrentStrategy
from ingagents.model import Campaign
from ingagents.ports import Transaction
from ingagents.store.tables import strategy


@dataclass(frozen=True, kw_only=True)
class ManagerPolicy:
    """How the sales manager decides."""

    campaign: Campaign
    strategy: Strategy
    max_leads: int
    quality_threshold: float
    speaker_share: float
    search_below: int
    allow_same_company: bool
    write_to_other: bool
    take_back_after: timedelta
    daily_limit: int
    keep_history: timedelta
    gate: CampaignGate
    dry_run_shows: int = 0
    """So many texts of a dry run a day at most; 0 where sends are for real."""
    apply_small_changes: bool = False
    message_mode: str = ""
    use_llm_for_allocation: bool = False
    """Whether a model, where there is one, is asked for the candidates' order."""
    templates: Mapping[str, str] | None = None

    def in_force(self, transaction: Transaction) -> ManagerPolicy:
        """The policy with the small changes of strategy that were applied, where they may be."""
        steps = strategy.in_force(transaction, allowed=self.apply_small_changes)
        now = strategy_after(self.current, steps)
        return replace(
            self,
            strategy=msgspec.convert(now.allocation_strategy, Strategy),
            quality_threshold=now.quality_threshold,
            daily_limit=now.daily_limit,
        )

    @property
    def current(self) -> CurrentStrategy:
        """The settings a proposal may speak of."""
        return CurrentStrategy(
            quality_threshold=self.quality_threshold,
            allocation_strategy=self.strategy,
            daily_limit=self.daily_limit,
            message_mode=self.message_mode,
            templates=self.templates or {},
        )
