"""Judging labelled sets with rules and models, to measure how good they are."""

from __future__ import annotations

import csv
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from importlib import resources
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

import msgspec

from ingagents.app.rules.texts import load_prompts
from ingagents.core.evaluation.datasets import EvaluationTask, Labelled, read_labelled
from ingagents.core.evaluation.metrics import (
    Answer,
    Case,
    Disagreement,
    Measured,
    between,
    disagreements,
    measure,
)
from ingagents.core.lead_classifier import Classified, classify
from ingagents.core.llm.classify import (
    accept_classifications,
    ask_classification,
    settle_classification,
)
from ingagents.core.llm.read_reply import settle_reply
from ingagents.core.messages.checks import unfit
from ingagents.core.replies.second_net import learned, second_look
from ingagents.core.response_analyser import analyse_response
from ingagents.core.review_policy import needs_reading
from ingagents.core.send_policy import MESSAGE_LIMIT
from ingagents.core.text.prompt_injection import cleaned
from ingagents.errors import InputError
from ingagents.llm.tasks import LlmTasks
from ingagents.model import (
    Intent,
    Lead,
    LeadId,
    ModelAnswer,
    ModelTask,
    Question,
    ReplyDetail,
    ResponseAnalysis,
)
from ingagents.ports import LanguageModel
from ingagents.services.outreach.inbox.replies import ask_model_about
from ingagents.settings import Settings

T = TypeVar("T")

NOTE_LIMIT = 300
_FILES_MAX = 50
_ROWS_MAX = 100_000


@dataclass
class _Metered:
    """A model that keeps count of what was asked of it."""

    model: LanguageModel
    figures: dict[str, float] = field(
        default_factory=lambda: dict.fromkeys(
            ("calls", "cached", "input_tokens", "output_tokens", "cost_usd", "seconds"), 0.0
        )
    )

    async def complete(self, question: Question) -> ModelAnswer:
        self.figures["calls"] += 1
        answer = await self.model.complete(question)
        self.figures["cached"] += answer.cached
        for name in ("input_tokens", "output_tokens", "seconds"):
            self.figures[name] += getattr(answer, name)
        self.figures["cost_usd"] += answer.cost_usd or 0.0
        return answer


class _Set(msgspec.Struct, kw_only=True):
    """One labelled set as it was judged."""

    name: str
    by: dict[str, Measured] = {}
    seconds_each: dict[str, float] = {}
    wrong: dict[str, tuple[Disagreement, ...]] = {}
    differences: tuple[Disagreement, ...] = ()
    opt_outs: dict[str, dict[str, int]] = {}
    sentiment: dict[str, Measured] = {}
    second_net: dict[str, int] = {}


async def evaluated(
    task: EvaluationTask,
    sets: Sequence[tuple[str, Sequence[Labelled]]],
    *,
    settings: Settings,
    model: LanguageModel | None = None,
    with_rules: bool = False,
) -> dict[str, Any]:
    """Judge labelled sets and measure: the rules, or a model alone and together with the rules.

    A model is asked about every case, also those the rules are sure of; where nothing valid is
    answered the rules' word counts, and `unanswered` says how often.
    """
    metered = _Metered(model) if model is not None else None
    llm = LlmTasks(model=metered, prompts=load_prompts(settings) if metered else {})
    shown: list[_Set] = []
    unanswered = 0
    for name, rows in sets:
        result = _Set(name=name)
        cases = [row.case for row in rows]
        rules, rules_seconds = await _timed(partial(_by_rules, task, rows, settings))
        judges = {} if metered and not with_rules else {"rules": (rules, rules_seconds)}
        if metered is not None:
            by_model, seconds = await _timed(partial(_by_model, task, rows, rules, llm))
            alone, together, missing = by_model
            unanswered += missing
            judges |= {"model": (alone, seconds), "together": (together, seconds)}
            if with_rules:
                result.differences = between(cases, alone, rules)
        if task == "replies":
            result.second_net = _second_net(rows)
        for judge, (answers, seconds) in judges.items():
            result.by[judge] = measure(cases, answers)
            result.seconds_each[judge] = round(seconds / max(len(rows), 1), 6)
            result.wrong[judge] = disagreements(cases, answers)
            if task == "replies":
                result.opt_outs[judge] = _opt_outs(rows, answers)
                if toned := _toned(rows, answers):
                    result.sentiment[judge] = measure(*toned)
        shown.append(result)
    figures: dict[str, Any] = {"sets": msgspec.to_builtins(shown)}
    if metered is not None:
        figures["model"] = {**metered.figures, "unanswered": unanswered}
    return figures


async def _timed(work: Callable[[], Awaitable[T]]) -> tuple[T, float]:
    started = perf_counter()
    result = await work()
    return result, perf_counter() - started


async def _by_rules(
    task: EvaluationTask, rows: Sequence[Labelled], settings: Settings
) -> list[Answer]:
    if task == "classify":
        criteria = settings.lead_finder.search_criteria.to_criteria()
        return [
            _of_person(classify(cleaned(row.profile).profile, criteria=criteria)) for row in rows
        ]
    if task == "replies":
        return [
            _of_reply(second_look(row.text, analyse_response(row.text), learned())) for row in rows
        ]
    return [_of_message(row, settings) for row in rows]


async def _by_model(
    task: EvaluationTask, rows: Sequence[Labelled], rules: Sequence[Answer], llm: LlmTasks
) -> tuple[list[Answer], list[Answer], int]:
    """The model's answers, those of model and rules together, and how many are the rules' own."""
    if task == "classify":
        judged = await llm.ask_about_people(
            ModelTask.CLASSIFY,
            [(LeadId(str(place)), cleaned(row.profile).profile) for place, row in enumerate(rows)],
            ask_classification,
            accept_classifications,
        )
        own = [judged.get(LeadId(str(place))) for place in range(len(rows))]
        alone = [_of_person(one) if one else rule for one, rule in zip(own, rules, strict=True)]
        together = [
            _of_person(settle_classification(classify(cleaned(row.profile).profile), one))
            for row, one in zip(rows, own, strict=True)
        ]
        return alone, together, own.count(None)
    read = [(await ask_model_about(llm, row.text)).accepted for row in rows]
    alone = [_of_reply(one) if one else rule for one, rule in zip(read, rules, strict=True)]
    together = [
        _of_reply(second_look(row.text, settle_reply(analyse_response(row.text), one), learned()))
        for row, one in zip(rows, read, strict=True)
    ]
    return alone, together, read.count(None)


def _of_person(judged: Classified) -> Answer:
    words = ", ".join(reason.evidence for reason in judged.reasons if reason.evidence)
    return Answer(
        label=judged.label.value, confidence=judged.confidence, by=judged.decided_by, why=words
    )


def _of_reply(read: ResponseAnalysis) -> Answer:
    opt_out = f"{ReplyDetail.OPT_OUT.value}: " if read.opt_out else ""
    return Answer(
        label=read.intent.value,
        tone=read.sentiment.value,
        confidence=read.confidence,
        by=read.decided_by,
        why=opt_out + (read.reasons[0].why if read.reasons else ""),
        opt_out=read.opt_out,
    )


def _of_message(row: Labelled, settings: Settings) -> Answer:
    """Whether the checks every message passes before it is sent let this text pass."""
    greeted = row.profile.name or _greeted(row.text)
    profile = msgspec.structs.replace(row.profile, name=greeted)
    lead = Lead(
        id=LeadId("evaluated"),
        name=profile.name,
        company=profile.company,
        position=profile.position,
        profile=profile,
        created_at=_NO_MOMENT,
        last_updated=_NO_MOMENT,
    )
    limit = NOTE_LIMIT if len(row.text) <= MESSAGE_LIMIT else MESSAGE_LIMIT
    reasons = unfit(row.text, lead=lead, campaign=settings.campaign.to_campaign(), limit=limit)
    return Answer(
        label="unfit" if reasons else "fit", confidence=1.0, by="checks", why="; ".join(reasons)
    )


def _greeted(text: str) -> str:
    """Whom a text greets, where the data does not say to whom it went."""
    found = _GREETING.match(text)
    return found[1] if found else ""


def _toned(
    rows: Sequence[Labelled], answers: Sequence[Answer]
) -> tuple[list[Case], list[Answer]] | None:
    """The sentiments labelled and read; None when none is labelled."""
    pairs = [
        (row.tone, msgspec.structs.replace(answer, label=answer.tone))
        for row, answer in zip(rows, answers, strict=True)
        if row.tone is not None
    ]
    return ([tone for tone, _ in pairs], [answer for _, answer in pairs]) if pairs else None


def _opt_outs(rows: Sequence[Labelled], answers: Sequence[Answer]) -> dict[str, int]:
    """The errors that cost most: opt-outs missed, and others taken for one."""
    read = [answer.opt_out for answer in answers]
    return {
        "labelled": sum(row.opt_out for row in rows),
        "missed": sum(row.opt_out and not one for row, one in zip(rows, read, strict=True)),
        "wrongly_read": sum(
            one and not row.case.accepts(Intent.NOT_INTERESTED)
            for row, one in zip(rows, read, strict=True)
        ),
    }


def _second_net(rows: Sequence[Labelled]) -> dict[str, int]:
    """What the second net adds to the rules, as counts.

    `opt_outs_held` are opt-outs that the rules missed and the net holds; `new_questions` are other
    replies that nobody would have had to read without it.
    """
    read = [(row, analyse_response(row.text)) for row in rows]
    held = [(row, one) for row, one in read if second_look(row.text, one, learned()) is not one]
    return {
        "opt_outs_missed_by_rules": sum(row.opt_out and not one.opt_out for row, one in read),
        "opt_outs_held": sum(row.opt_out for row, _ in held),
        "others": sum(not row.opt_out for row in rows),
        "others_held": sum(not row.opt_out for row, _ in held),
        "new_questions": sum(not row.opt_out and not needs_reading(one) for row, one in held),
    }


def read_sets(
    task: EvaluationTask, folder: Path | None, limit: int | None
) -> list[tuple[str, Sequence[Labelled]]]:
    """The labelled sets of a folder and the folders in it, or the built-in one.

    With a `limit`, rows are taken at even distances. Files that are not for the task are passed
    over.

    Raises:
        InputError: the folder is not there, or holds nothing for this task.
    """
    if folder is None:
        built_in = resources.files("ingagents") / "templates" / "evaluation" / f"{task}.csv"
        found = [("built-in", read_labelled(task, _rows(built_in.read_text("utf-8"))))]
    else:
        if not folder.is_dir():
            raise InputError(f"{folder} is no folder", "name one with labelled CSV files")
        paths = sorted({*folder.glob("*.csv"), *folder.glob("*/*.csv")})[:_FILES_MAX]
        found = []
        for path in paths:
            try:
                rows = read_labelled(task, _rows(path.read_text("utf-8-sig")))
            except (OSError, UnicodeDecodeError, csv.Error) as exc:
                raise InputError(f"{path} cannot be read: {exc}", "mend or remove it") from exc
            if rows:
                found.append((str(path.relative_to(folder)), rows))
        if not found:
            raise InputError(
                f"{folder} holds no labelled CSV for {task}", "see `ingagents evaluate --help`"
            )
    return [(name, _evenly(rows, limit)) for name, rows in found]


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines(keepends=True)))[:_ROWS_MAX]


def _evenly(rows: Sequence[Labelled], limit: int | None) -> Sequence[Labelled]:
    if limit is None or limit >= len(rows):
        return rows
    return [rows[place * len(rows) // limit] for place in range(limit)]


_GREETING = re.compile(r"(?:hi|hello|hey|dear)\s([^\W\d_]{2,40})\b", re.IGNORECASE)
_NO_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
"""A made-up lead has no history; nothing of a check depends on it."""
