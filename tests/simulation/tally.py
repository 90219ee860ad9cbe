"""What happened between two commits, counted: a set of seeds must have met all of it."""

from __future__ import annotations

from collections import Counter

from ingagents.model import ContactStatus
from tests.simulation.snapshot import Act, Snapshot


def tally(figures: Counter[str], before: Snapshot, now: Snapshot) -> None:
    """Add what is new."""
    figures["events"] += len(now.written)
    for act in now.acts.values():
        was = before.acts.get(act.id)
        if act is not was and act.to_a_person:
            figures.update(_of_an_act(was, act))
    for place, (_, tries) in now.inbox.items():
        figures["events delivered again"] += tries > max(1, before.inbox.get(place, ("", 0))[1])
    for role, holder in now.holders.items():
        figures["roles taken over"] += bool(holder) and before.holders.get(role) not in {
            None,
            "",
            holder,
        }
    for lead, status in now.statuses.items():
        figures["answers that stopped a send"] += (
            status == ContactStatus.RESPONDED
            and before.statuses.get(lead) == ContactStatus.ALLOCATED
        )


def _of_an_act(was: Act | None, act: Act) -> list[str]:
    found = []
    if was is None or was.state != act.state:
        found.append(f"acts {act.state}")
    if was is not None and (was.state, act.state) == ("lost", "sent"):
        found.append("acts that had arrived after all")
    if was is not None and (was.state, act.state) == ("uncertain", "sent"):
        found.append("doubts found sent")
    if was is not None and act.state == "lost":
        found.append("doubts found not sent")
    if act.state == "refused" and "slept between claim and act" in act.detail:
        found.append("claims gone stale")
    return found
