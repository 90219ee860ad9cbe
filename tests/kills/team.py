"""A team that hears on three channels and approves what is prepared for it, and what must hold then.

On the first day the channels are down and nobody decides; from then on everything is told, and
every answer is approved as soon as it waits. The receiver of the notices outlives all deaths.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urljoin

from tests.integrations.notify.receiver import Receiver, signed_id
from tests.kills.nursery import Child

CHANNELS = ("slack", "teams", "webhook")

_TO_APPROVE = (
    "SELECT id, lead_id, text FROM reviews WHERE kind = 'answer' AND state = 'open' AND text <> ''"
)
_ASKED = (
    "SELECT q.id, d.text FROM reviews q JOIN deliveries d ON d.id = q.subject"
    " WHERE q.kind = 'send' AND q.state = 'open' AND d.step LIKE 'answer:%'"
)
_SAID_YES = "state IN ('approved', 'done')"
_TO_LEAVE = "SELECT count(*) FROM reviews WHERE kind = 'answer' AND state = 'approved'"
_TOLD = (
    "SELECT recipient, step, state, service_id FROM deliveries"
    " WHERE kind = 'alert' AND state IN ('sent', 'uncertain')"
)


class Day(Protocol):
    """What the team needs of a working day."""

    def rows(self, sql: str) -> list[Any]:
        """Rows of the department's database."""
        ...

    def start(self, *arguments: str | Path, at: str = "") -> Child:
        """Start a command of the product."""
        ...

    def record(self) -> dict[str, Any]:
        """What LinkedIn saw."""
        ...

    def succeeds(self, *arguments: str | Path) -> str:
        """A command that must end well; all it said."""
        ...


class Team:
    """Who is told and who decides. `figures` are what its approvals and notices came to."""

    def __init__(self) -> None:
        self.receiver = Receiver()
        self.receiver.otherwise = 503
        self.at_work = False
        self.figures: Counter[str] = Counter()
        self._approved: dict[str, tuple[str, str]] = {}
        self._settled: set[str] = set()
        """Questions that may be answered before everybody was told of them."""

    def begin(self) -> None:
        """From now on the channels take what comes, and answers are approved."""
        self.receiver.otherwise = 200
        self.at_work = True

    def settings(self, folder: Path) -> str:
        """`[notify]`, with the files it names."""
        lines = ["[notify]"]
        for name in CHANNELS:
            (folder / name).write_text(f"{urljoin(self.receiver.url, f'/{name}')}\n", "utf-8")
            lines.append(f'{name}_url_file = "{name}"')
        return "\n".join(lines)

    def decide(self, day: Day) -> None:
        """Approve every answer that waits, and say of one in doubt whether it is in the chat."""
        if not self.at_work:
            return
        for id_, _, _ in day.rows(_TO_APPROVE):
            self.approve(day, id_)
        for id_, text in day.rows(_ASKED):
            if any(act["text"] == text for act in day.record()["acts"]):
                day.start("review", "approve", id_).wait()
            else:
                day.start("review", "reject", id_, "--reason", "it is not in the chat").wait()
            self._settled.add(f"review:{id_}")
            self.figures["answers in doubt that a human settled"] += 1

    def approve(self, day: Day, review: str, *, at: str = "") -> int:
        """Approve an answer, by a command that may die on the way; its exit code."""
        code = day.start("review", "approve", review, at=at).wait()
        said_yes = f"SELECT lead_id, text FROM reviews WHERE id = '{review}' AND {_SAID_YES}"
        for lead, text in day.rows(said_yes):
            self._approved[review] = (lead, text)
        return code

    def left(self, day: Day) -> list[str]:
        """What of theirs is not done yet."""
        if not self.at_work:
            return []
        left = [f"an answer to approve: {id_}" for id_, _, _ in day.rows(_TO_APPROVE)]
        ((leaving,),) = day.rows(_TO_LEAVE)
        told = self._steps(day.rows(_TOLD))
        left += [f"approved answers to send: {leaving}"] if leaving else []
        return left + [
            f"notices for {one}: {len(told['team'] - told[one])}"
            for one in CHANNELS
            if told["team"] - told[one]
        ]

    def check(self, day: Day, acts: Sequence[Mapping[str, Any]], leads: Mapping[str, Any]) -> None:
        """Each approved answer left once or is held with a reason; each notice came once in the end."""
        self._check_answers(day, acts, {lead["id"]: slug for slug, lead in leads.items()})
        self._check_notices(day)

    def _check_answers(
        self, day: Day, acts: Sequence[Mapping[str, Any]], slugs: Mapping[str, str]
    ) -> None:
        reasons = dict(day.rows("SELECT id, reason FROM reviews WHERE kind = 'answer'"))
        doubts = {
            (lead, text): detail
            for lead, text, detail in day.rows(
                "SELECT recipient, text, detail FROM deliveries"
                " WHERE step LIKE 'answer:%' AND state = 'uncertain'"
            )
        }
        for id_, (lead, text) in self._approved.items():
            left = sum(act["slug"] == slugs[lead] and act["text"] == text for act in acts)
            assert left <= 1, f"answered {left} times: {text}"
            why = reasons.get(id_) or doubts.get((lead, text))
            assert left or why, f"approved, not sent, and nobody says why: {text}"
            self.figures["approved answers that left once" if left else "that are held"] += 1

    def _check_notices(self, day: Day) -> None:
        told = day.rows(_TOLD)
        steps = self._steps(told)
        for name in CHANNELS:
            assert steps[name] == steps["team"], f"told by {name} and mail: {steps}"
            taken = [one for one in self.receiver.taken if one.path == f"/{name}"]
            sure = {id_ for to, _, state, id_ in told if (to, state) == (name, "sent")}
            doubts = sum((to, state) == (name, "uncertain") for to, _, state, _ in told)
            if name == "webhook":
                assert not doubts, f"a webhook drops what it had, and is in doubt: {told}"
                came = Counter(map(signed_id, taken))
                assert set(came) == sure, f"{came} came, {sure} are taken for sent"
                self.figures["webhook repetitions to drop"] += came.total() - len(came)
            else:
                assert len(sure) <= len(taken) <= len(sure) + doubts, f"{name}: {taken}"
                said = re.search(f"may not have come to {name}", day.succeeds("status"))
                assert bool(said) == bool(doubts), day.succeeds("status")
            self.figures["notices told"] += len(sure)
            self.figures["in doubt and shown"] += doubts

    def _steps(self, told: Sequence[Sequence[str]]) -> dict[str, set[str]]:
        """Of what each was told, but for questions that were answered meanwhile."""
        steps: dict[str, set[str]] = {name: set() for name in ("team", *CHANNELS)}
        for to, step, _, _ in told:
            if step not in self._settled:
                steps[to].add(step)
        return steps
