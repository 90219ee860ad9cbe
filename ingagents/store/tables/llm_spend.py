"""What language models cost: reserved before a call, settled after it, and the answers kept.

Writers of all processes take turns, so a budget looked at and reserved in one commit is shared by
them. A reservation whose process died stays counted at its highest cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from ingagents.core.llm.pricing import Allowed, Budgets, OverBudget, Spent, TokenUse, budget_verdict
from ingagents.model import LeadId, ModelTask
from ingagents.ports import Transaction
from ingagents.store.engine.codecs import from_json, stamp, to_json
from ingagents.store.engine.row_codec import RowCodec, placed

_CHUNK = 500


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One question to one server, about `leads`, each named once.

    `usd` is its highest cost; `priced` False: nobody knows it.
    """

    id: str
    task: ModelTask
    prompt_version: str
    provider: str
    model: str
    at: datetime
    leads: tuple[LeadId, ...] = ()
    usd: float = 0.0
    priced: bool = True


_CALL = RowCodec(Call, without=("leads",))
_INSERT = (
    f"INSERT INTO model_calls ({_CALL.columns}, state, outcome, settled_at,"
    " input_tokens, cached_tokens, output_tokens, estimated)"
    f" VALUES ({placed(_CALL.names)}, :state, :outcome, NULL, 0, 0, 0, 0)"
)


class ModelFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What a span of time came to. `usd` holds open reservations too.

    `questions` is answers from the cache and calls together; `unpriced` calls whose cost nobody
    knows; `estimated` those whose server told no usage.
    """

    questions: int = 0
    cached: int = 0
    calls: int = 0
    unanswered: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float = 0.0
    unpriced: int = 0
    estimated: int = 0

    @property
    def hit_rate(self) -> float | None:
        """The share (0-1) of questions the cache answered; None when nothing was asked."""
        return self.cached / self.questions if self.questions else None


_FIGURES = ModelFigures.__struct_fields__


def reserve(
    transaction: Transaction, call: Call, *, budgets: Budgets, since: datetime
) -> Allowed | OverBudget:
    """Reserve a call's highest cost if every budget still holds it; `since` begins the day."""
    verdict = budget_verdict(
        call.usd, _spent(transaction, call, since), budgets, leads=len(call.leads)
    )
    if isinstance(verdict, Allowed):
        _insert(transaction, call, state="reserved", outcome="")
    return verdict


def note_cached(transaction: Transaction, call: Call) -> None:
    """Count a question that the cache answered: it cost nothing."""
    _insert(transaction, call, state="cached", outcome="complete")


def settle(
    transaction: Transaction,
    call: Call,
    *,
    outcome: str,
    at: datetime,
    usd: float | None,
    used: TokenUse | None = None,
    estimated: bool = False,
) -> None:
    """Put a call's real cost in the place of its reservation; None leaves the reservation."""
    used = used or TokenUse()
    counted = call.usd if usd is None else usd
    transaction.run(
        "UPDATE model_calls SET state = :state, outcome = :outcome, settled_at = :at, usd = :usd,"
        " input_tokens = :input, cached_tokens = :cached, output_tokens = :output,"
        " estimated = :estimated WHERE id = :id",
        {
            "id": call.id,
            "state": "settled" if used.input else "unanswered",
            "outcome": outcome,
            "at": stamp(at),
            "usd": counted,
            "input": used.input,
            "cached": used.cached,
            "output": used.output,
            "estimated": int(estimated),
        },
    )
    if call.leads:
        transaction.run(
            "UPDATE model_call_leads SET usd = :usd WHERE call_id = :id",
            {"usd": counted / len(call.leads), "id": call.id},
        )


def figures(
    transaction: Transaction, since: datetime | None = None, before: datetime | None = None
) -> ModelFigures:
    """What was asked and spent from `since` up to but not including `before`."""
    row = transaction.rows(
        "SELECT count(*), count(CASE WHEN state = 'cached' THEN 1 END),"
        " count(CASE WHEN state <> 'cached' THEN 1 END),"
        " count(CASE WHEN state = 'unanswered' THEN 1 END),"
        " coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0), coalesce(sum(usd), 0),"
        " count(CASE WHEN state <> 'cached' AND priced = 0 THEN 1 END),"
        " count(CASE WHEN estimated = 1 THEN 1 END)"
        " FROM model_calls WHERE at >= :since AND at < :before",
        {
            "since": stamp(since) if since else "",
            "before": stamp(before) if before else "9999",
        },
    )[0]
    kinds = (field.type for field in msgspec.structs.fields(ModelFigures))  # as they are selected
    return ModelFigures(
        **{name: kind(value) for name, kind, value in zip(_FIGURES, kinds, row, strict=True)}
    )


def lead_spend(transaction: Transaction, leads: Sequence[LeadId]) -> dict[LeadId, float]:
    """What was spent or reserved for each of some leads, in USD; those without are left out."""
    found: dict[LeadId, float] = {}
    for chunk in _chunks(leads):
        names = {f"lead{number}": lead for number, lead in enumerate(chunk)}
        rows = transaction.rows(
            "SELECT lead_id, sum(usd) FROM model_call_leads"
            f" WHERE lead_id IN ({', '.join(f':{name}' for name in names)}) GROUP BY lead_id",
            names,
        )
        found.update({LeadId(lead): float(usd) for lead, usd in rows})
    return found


def kept_answer(transaction: Transaction, key: str, *, now: datetime) -> Any:
    """The answer kept under a key, or None when there is none or its time is over."""
    rows = transaction.rows(
        "SELECT value FROM cache WHERE key = :key AND expires_at > :now",
        {"key": key, "now": stamp(now)},
    )
    return from_json(rows[0][0]) if rows else None


def keep_answer(
    transaction: Transaction, key: str, value: Any, *, now: datetime, until: datetime
) -> None:
    """Keep an answer until a moment; what is past its own goes."""
    transaction.run("DELETE FROM cache WHERE expires_at <= :now", {"now": stamp(now)})
    transaction.run(
        "INSERT INTO cache (key, value, expires_at) VALUES (:key, :value, :until)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at",
        {"key": key, "value": to_json(value), "until": stamp(until)},
    )


def _spent(transaction: Transaction, call: Call, since: datetime) -> Spent:
    today, of_task = transaction.rows(
        "SELECT coalesce(sum(usd), 0), coalesce(sum(CASE WHEN task = :task THEN usd END), 0)"
        " FROM model_calls WHERE at >= :since",
        {"since": stamp(since), "task": call.task.value},
    )[0]
    dearest = max(lead_spend(transaction, call.leads).values(), default=0.0)
    return Spent(today=float(today), task=float(of_task), lead=dearest)


def _insert(transaction: Transaction, call: Call, *, state: str, outcome: str) -> None:
    transaction.run(_INSERT, {**_CALL.values(call), "state": state, "outcome": outcome})
    share = call.usd / len(call.leads) if call.leads else 0.0
    transaction.run_many(
        "INSERT INTO model_call_leads (lead_id, call_id, usd) VALUES (:lead_id, :call_id, :usd)",
        [{"lead_id": lead, "call_id": call.id, "usd": share} for lead in call.leads],
    )


def _chunks(leads: Sequence[LeadId]) -> Iterator[Sequence[LeadId]]:
    for start in range(0, len(leads), _CHUNK):
        yield leads[start : start + _CHUNK]
