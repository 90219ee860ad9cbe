"""The sandbox's own routes: what it received, who lives in it, and what shall go wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from ingagents.model import Profile
from ingagents.sandbox.faults import FaultPlan, Faults
from ingagents.sandbox.google_sheets.storage import CALLS
from ingagents.sandbox.market.market import Market, Refused
from ingagents.sandbox.record import REACHES
from ingagents.sandbox.unipile.http import Ask

Handler = Callable[[Ask], tuple[int, object]]


class Control:
    """Routes under `/sandbox`; they need the API key like all others and never fail on order."""

    def __init__(self, market: Market, faults: Faults) -> None:
        self._market = market
        self._faults = faults

    def routes(self) -> list[tuple[str, str, Handler]]:
        """Method, path and handler."""
        return [
            ("GET", "/record", self.record),
            ("GET", "/faults", self.faults),
            ("POST", "/faults", self.follow),
            ("POST", "/people", self.add_people),
        ]

    def record(self, ask: Ask) -> tuple[int, object]:
        """Every act performed, who got one too many, and how often the sheet was asked."""
        acts = self._market.record.acts
        reached = {act.provider_id for act in acts if act.kind in REACHES}
        return 200, {
            "acts": acts,
            "people_contacted": len(reached),
            "contacted_twice": [
                {
                    "provider_id": unanswered[0].provider_id,
                    "slug": unanswered[0].slug,
                    "acts": [act.number for act in unanswered],
                    "same_text": len({act.text for act in unanswered}) == 1,
                }
                for unanswered in self._market.contacted_twice(ask.now)
            ],
            "sheet_requests": msgspec.json.decode(self._market.record.recall(CALLS) or "{}"),
            "same_text_again": [
                [first.number, second.number] for first, second in self._market.record.repeated()
            ],
        }

    def faults(self, ask: Ask) -> tuple[int, object]:
        """The plan in force."""
        del ask
        return 200, self._faults.plan

    def follow(self, ask: Ask) -> tuple[int, object]:
        """Put another plan in force: the body is a `FaultPlan`; `{}` mends everything."""
        self._faults.follow(_read(ask.body, FaultPlan))
        return 200, self._faults.plan

    def add_people(self, ask: Ask) -> tuple[int, object]:
        """Add people: the body is `{"people": [profile, ...]}` with the fields of `Profile`."""
        added = self._market.add_people(_read(ask.body, _People).people)
        return 201, {
            "people": [
                {"provider_id": p.provider_id, "slug": p.slug, "name": p.name} for p in added
            ]
        }


class _People(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    people: tuple[Profile, ...]


def _read(body: dict[str, Any], kind: Any) -> Any:
    """The body as a value of this kind; any is what `msgspec.convert` itself takes and gives."""
    try:
        return msgspec.convert(body, kind)
    except msgspec.ValidationError as exc:
        raise Refused("invalid_parameters", str(exc)) from exc
