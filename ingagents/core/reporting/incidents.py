"""What stopped, and what was kept from happening, in the words of the report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

import msgspec

from ingagents.core.reporter import Stopped

_STOPPED = {
    "lead_suppressed": "messages to people who asked to be left alone or were suppressed",
    "allocation_returned": "allocations taken back because nobody acted on them",
    "delivery_uncertain": "sends in doubt, held instead of repeated",
}
"""What the department keeps itself from doing, by the type of the event that says so."""

STOPPED_TYPES = tuple(_STOPPED)


class Outage(msgspec.Struct, frozen=True, kw_only=True):
    """No language model gave an answer of use; `until` is None while that lasts."""

    since: datetime
    until: datetime | None
    reason: str

    def sentence(self, zone: tzinfo | None) -> str:
        """The outage for people, its moments in a zone."""
        since = _at_minute(self.since, zone)
        lasted = f"{since} {f'to {_at_minute(self.until, zone)}' if self.until else 'on'}"
        said = f"No language model gave an answer of use from {lasted}, and the rules decided"
        return f"{said}: {self.reason}."


def stopped(counts: Mapping[str, int]) -> list[Stopped]:
    """What the department kept itself from doing, by how many events of each type there were."""
    return [Stopped(what=what, count=counts.get(kind, 0)) for kind, what in _STOPPED.items()]


def _at_minute(at: datetime, zone: tzinfo | None) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}"
