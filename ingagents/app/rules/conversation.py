"""By which rules the conversations of a department go on: the settings' and what there is to tell."""

from __future__ import annotations

from hashlib import sha256

import msgspec

from ingagents.app.rules.campaign_facts import fact_sheet
from ingagents.app.rules.send_rules import sequence_rules
from ingagents.errors import SettingsError
from ingagents.ports import Clock, Store
from ingagents.settings import Settings
from ingagents.store.tables import lead_plans


async def follow_plans(store: Store, settings: Settings, clock: Clock) -> None:
    """Plan what comes next with each person by these settings; written only where they changed."""
    rules, facts = sequence_rules(settings), _fingerprint_of(settings)
    if not await store.read(lambda t: lead_plans.is_followed(t, rules, facts=facts)):
        now = clock.now()
        await store.write(lambda t: lead_plans.follow(t, rules, facts=facts, now=now))


def _fingerprint_of(settings: Settings) -> str:
    """Another one as soon as there is anything else to tell; "" while the facts cannot be used."""
    try:
        # Of all that stands there: which of it is withheld follows from that, and costs more to know.
        told = settings.campaign.to_campaign(fact_sheet(settings))
    except SettingsError:
        return ""  # whoever tells them says so
    return sha256(msgspec.json.encode(told)).hexdigest()
