"""evaluate: how good rules and models are on labelled data, what they cost and how long they take."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import anyio
import typer

from ingagents.cli.app import app, print_json, read_settings, until_ctrl_c
from ingagents.cli.options import Json, check_choice
from ingagents.errors import SettingsError, UsageError
from ingagents.model import ProviderName

if TYPE_CHECKING:
    from ingagents.core.evaluation.datasets import EvaluationTask
    from ingagents.ports import LanguageModel
    from ingagents.settings import Settings

TASKS: tuple[EvaluationTask, ...] = ("classify", "replies", "messages")
PROVIDERS = ("rules", *get_args(ProviderName))
SHOWN = 20
"""Disagreements printed for each set; `--json` has all."""
_LONGEST_SHOWN = 160


@app.command("evaluate")
def evaluate(
    task: Annotated[str, typer.Option("--task", metavar="|".join(TASKS), help="What.")],
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="FOLDER", help="Labelled CSVs; without, a small own set."),
    ] = None,
    provider: Annotated[
        str, typer.Option("--provider", metavar="|".join(PROVIDERS), help="Who judges.")
    ] = "rules",
    against: Annotated[
        str | None, typer.Option("--against", metavar="rules", help="Whom to compare with.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="At most so many rows of each set.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure classification, reply reading or message checks on labelled data."""
    check_choice("--task", task, TASKS)
    check_choice("--provider", provider, PROVIDERS)
    check_choice("--against", against, ("rules",))
    chosen = next(one for one in TASKS if one == task)
    if chosen == "messages" and provider != "rules":
        raise UsageError("messages are judged by rules alone", "leave --provider out")
    from ingagents.app.evaluate import evaluated, read_sets

    settings = read_settings()
    sets = read_sets(chosen, data, limit)
    measured = partial(evaluated, chosen, sets, settings=settings, with_rules=against is not None)

    async def by_model() -> dict[str, Any]:
        async with _with_provider(settings, provider) as model:
            return await measured(model=model)

    figures = anyio.run(until_ctrl_c, measured if provider == "rules" else by_model)
    if as_json:
        print_json({"task": task, "provider": provider, **figures})
    else:
        print("\n".join(_lines(figures)))


@asynccontextmanager
async def _with_provider(settings: Settings, provider: str) -> AsyncGenerator[LanguageModel, None]:
    """The department's model, with its cache, budgets and limits, from this provider."""
    from ingagents.app.department import open_department

    llm = settings.llm.model_copy(update={"provider": provider})
    async with open_department(settings.model_copy(update={"llm": llm})) as department:
        model = await department.language_model()
        if model is None:
            raise SettingsError(f"there is no model of {provider}", "see [llm] in the settings")
        yield model


def _lines(figures: Mapping[str, Any]) -> Iterator[str]:
    for one in figures["sets"]:
        for judge, measured in one["by"].items():
            yield f"== {one['name']}, judged by {judge}: {measured['cases']} cases"
            yield from _quality(measured)
            if judge in one["sentiment"]:
                yield "-- the sentiment"
                yield from _scores(one["sentiment"][judge])
            yield f"seconds each                {one['seconds_each'][judge]:.6f}"
            if judge in one["opt_outs"]:
                counts = one["opt_outs"][judge]
                yield (
                    f"opt-outs                    {counts['labelled']}, missed {counts['missed']},"
                    f" wrongly read {counts['wrongly_read']}"
                )
            yield from _differing("wrong, the most confident first", one["wrong"][judge])
            yield ""
        if net := one["second_net"]:
            yield (
                f"-- the second net holds for a human: {net['opt_outs_held']} of"
                f" {net['opt_outs_missed_by_rules']} opt-outs the rules missed, and"
                f" {net['others_held']} of {net['others']} other replies,"
                f" {net['new_questions']} of which nobody would have had to read"
            )
        if one["differences"]:
            yield from _differing("model against rules", one["differences"])
    if model := figures.get("model"):
        asked = ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in model.items())
        yield f"== the model: {asked}"


def _quality(measured: Mapping[str, Any]) -> Iterator[str]:
    yield from _scores(measured)
    yield f"calibration                 ECE {measured['ece']:.3f}  Brier {measured['brier']:.3f}"
    for part in measured["bins"]:
        bar = "#" * round(part["right"] * _CURVE_WIDTH)
        yield (
            f"  {part['low']:.1f}+  cases {part['cases']:5}  stated {part['stated']:.2f}"
            f"  right {part['right']:.2f}  {bar}"
        )


_CURVE_WIDTH = 20
"""Signs that stand for all right in the reliability curve."""


def _scores(measured: Mapping[str, Any]) -> Iterator[str]:
    for name in ("macro_f1", "accuracy"):
        yield (
            f"{name.replace('_', '-'):<27} {measured[name]:.3f}"
            f"  with alternatives {measured[name + '_with_alternatives']:.3f}"
        )
    for label, one in measured["labels"].items():
        yield (
            f"  {label:<25} precision {one['precision']:.3f}  recall {one['recall']:.3f}"
            f"  F1 {one['f1']:.3f}  cases {one['cases']}"
        )


def _differing(title: str, found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    shown = f", {SHOWN} of them shown" if len(found) > SHOWN else ""
    yield f"-- {title}: {len(found)}{shown}"
    for one in found[:SHOWN]:
        line = " ".join(one["shown"].split())
        text = "".join(sign if sign.isprintable() else "?" for sign in line[:_LONGEST_SHOWN])
        yield f"   {one['expected']} -> {one['said']} {one['confidence']:.2f}: {text!r} ({one['why']})"
