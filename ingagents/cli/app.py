"""What all commands share: common options, opening a department, errors as one line.

Results go to stdout, narration and logs to stderr. Every error is one line with an exit code
(`errors`); a traceback is shown with `--debug` only.
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, cast

import msgspec
import typer

from ingagents import __version__
from ingagents.cli.ending import EXIT_INTERRUPTED, INTERRUPTED, cut_short_by_ctrl_c
from ingagents.cli.streams import leave_stdout
from ingagents.errors import (
    EXIT_FAILED,
    EXIT_OK,
    EXIT_TRY_LATER,
    EXIT_USAGE,
    IngagentsError,
    OutOfMemory,
    UsageError,
)
from ingagents.masking import masked

if TYPE_CHECKING:
    from ingagents.app.department import Department
    from ingagents.settings import Settings

T = TypeVar("T")
Exit = typer.Exit

_HOISTED = {"--settings": 1, "--log-format": 1, "--log-level": 1, "--debug": 0}
"""Common options, with how many values each takes: they may stand anywhere on the line."""

_REMEDY = "run it with --debug to see more"
_REMEDIES = {EXIT_USAGE: "correct it and try again", EXIT_TRY_LATER: "try again later"}
"""What to do now, by exit code, where the error itself does not say."""

app = typer.Typer(
    name="ingagents",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="A sales department of three agents that wins speakers and sponsors for an event on"
    " LinkedIn, and never writes to anybody twice.",
    epilog="Common options may also stand after the command. Exit codes: 0 done, 1 failed,"
    " 2 wrong usage or settings, 75 try later.",
)


@dataclass
class Common:
    """The common options of this run."""

    settings: Path | None = None
    debug: bool = False
    log_format: Literal["console", "json"] = "console"
    log_level: str = "error"
    """An error ends a command with one line; `run`, which goes on, tells more."""
    level_given: bool = False


common = Common()


def _say_version(wanted: bool) -> None:  # noqa: FBT001  how a callback of an option is called
    if wanted:
        print(f"ingagents {__version__}")
        raise Exit(EXIT_OK)


@app.callback()
def _options(
    settings: Annotated[
        Path | None,
        typer.Option("--settings", metavar="FILE", help="The settings file to use."),
    ] = None,
    log_format: Annotated[
        str, typer.Option("--log-format", metavar="console|json", help="How logs are written.")
    ] = "console",
    log_level: Annotated[
        str | None,
        typer.Option("--log-level", metavar="LEVEL", help="debug, info, warning or error."),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks and debug logs.")] = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_say_version, help="Print the version and end."
        ),
    ] = False,
) -> None:
    del version
    if log_format not in {"console", "json"}:
        raise typer.BadParameter("--log-format takes console or json")
    if log_level is not None and log_level.lower() not in {"debug", "info", "warning", "error"}:
        raise typer.BadParameter("--log-level takes debug, info, warning or error")
    common.settings = settings
    common.debug = debug
    common.log_format = "json" if log_format == "json" else "console"
    common.level_given = log_level is not None or debug
    common.log_level = (log_level or ("debug" if debug else "error")).lower()
    _load_logging_without_rich()


def run_command(arguments: Sequence[str]) -> int:
    """Run one command; its exit code."""
    try:
        # Importing registers the commands, and the help lists them in this order.
        from ingagents.cli import (  # noqa: F401, I001
            setup,
            work,
            why,
            leads,
            follow_up,
            review,
            facts,
            journal,
            database,
            evaluate,
            sandbox,
        )

        _check_text(arguments)
        code = app(hoisted(arguments), standalone_mode=False, prog_name="ingagents")
        sys.stdout.flush()
    except BaseException as exc:  # noqa: BLE001  every end of a command is one line and a code
        if isinstance(exc, BrokenPipeError) or isinstance(exc.__context__, BrokenPipeError):
            # Whoever read us (head, less) has seen enough; typer makes an exit of 1 of it.
            leave_stdout()
            return EXIT_OK
        return _say_error(exc)
    if code == EXIT_INTERRUPTED:  # typer's answer to Ctrl-C
        return _say_error(KeyboardInterrupt())
    return code if isinstance(code, int) else EXIT_OK


def hoisted(arguments: Sequence[str]) -> list[str]:
    """The arguments with the common options in front, wherever they stood."""
    front: list[str] = []
    rest: list[str] = []
    waiting = list(arguments)
    while waiting:
        argument = waiting.pop(0)
        name = argument.partition("=")[0]
        if argument == "--":
            return [*front, *rest, argument, *waiting]
        if name in _HOISTED:
            front.append(argument)
            if "=" not in argument and _HOISTED[name] and waiting:
                front.append(waiting.pop(0))
        else:
            rest.append(argument)
    return [*front, *rest]


def _check_text(arguments: Sequence[str]) -> None:
    """Let only text pass, and files that are there, whatever code page their names are in.

    Raises:
        UsageError: an argument is in another encoding; no database and no service would take it.
    """
    for one in arguments:
        text = one.partition("=")[2] if one.startswith("--") else one
        if not _is_text(text) and not Path(text).exists():
            raise UsageError(f"{text!r} is not text in UTF-8", "type it anew")


def _is_text(one: str) -> bool:
    """Whether all of it was read: Python keeps bytes that it could not as halves of signs."""
    return not any("\ud800" <= sign <= "\udfff" for sign in one)


def with_department(work: Callable[[Department], Awaitable[T]], **options: Any) -> T:
    """Open the department of the settings, do the work in the one event loop, close it."""
    import anyio

    from ingagents.app.department import open_department

    settings = read_settings()

    async def main() -> T:
        async with open_department(settings, **options) as department:
            spare_the_collector()
            # Inside, so that the department is closed as it should be.
            return await until_ctrl_c(lambda: work(department))

    return anyio.run(main)


async def until_ctrl_c(work: Callable[[], Awaitable[T]]) -> T:
    """What the work comes to, unless Ctrl-C ends it."""
    with cut_short_by_ctrl_c():
        return await work()


def spare_the_collector() -> None:
    """Look for cyclic garbage seldom, and never among what was loaded at the start.

    Nearly all of what an event leaves behind has no cycles and goes at once; Python's own pace of
    looking costs a fifth of the processor time of a busy queue (`make bench`).
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _load_logging_without_rich() -> None:
    """Import structlog as where rich is not installed.

    Its console renderer loads rich and pygments for tracebacks that no line of ours shows: a fifth
    of the processor time of a `once`. Who wants rich (the screen, a table) imports it later.
    """
    if "structlog" in sys.modules or "rich" in sys.modules:
        return
    sys.modules["rich"] = cast("ModuleType", None)  # how Python is told that there is none
    try:
        importlib.import_module("structlog")
    finally:
        del sys.modules["rich"]


def read_settings() -> Settings:
    """The settings of this run; logs are set up with them."""
    from ingagents.logs import configure_logs
    from ingagents.settings import load_settings

    configure_logs(common.log_format, level=common.log_level)
    return load_settings(common.settings)


def print_json(value: Any) -> None:
    """One object on stdout; records are printed by their fields, moments as ISO 8601."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        fields = {name: getattr(value, name) for name in value.__struct_fields__}
        return {name: one for name, one in fields.items() if one is not msgspec.UNSET}
    return value.isoformat() if isinstance(value, date) else str(value)


def _say_error(exc: BaseException) -> int:
    from typer.exceptions import TyperException

    while isinstance(exc, BaseExceptionGroup) and len(exc.exceptions) == 1:
        exc = exc.exceptions[0]
    if common.debug:
        sys.stderr.write(masked("".join(traceback.format_exception(exc))))
    exc = OutOfMemory.of(exc) or exc
    if isinstance(exc, SystemExit):
        return exc.code if isinstance(exc.code, int) else EXIT_FAILED
    if isinstance(exc, KeyboardInterrupt):
        line, code = INTERRUPTED, EXIT_INTERRUPTED
    elif isinstance(exc, IngagentsError):
        if not exc.remedy and "; " not in exc.what:
            exc.remedy = _REMEDIES.get(exc.exit_code, _REMEDY)
        line, code = exc.line(), exc.exit_code
    elif type(exc).__name__ == "NoArgsIsHelpError":
        print(exc, file=sys.stderr)
        return EXIT_USAGE
    elif isinstance(exc, TyperException):
        what = " ".join(exc.format_message().split()).rstrip(".")
        line, code = f"error: usage: {what}; see `ingagents --help`", EXIT_USAGE
    elif isinstance(exc, typer.Exit):
        return exc.exit_code
    elif isinstance(exc, typer.Abort):
        line, code = "error: aborted: nothing was done; start it again", EXIT_FAILED
    elif isinstance(exc, OSError):
        line = f"error: system: {exc.strerror or exc}: {exc.filename or ''}; check it and try again"
        code = EXIT_FAILED
    else:
        what = f"{type(exc).__name__}: {exc}"
        line = f"error: bug: {' '.join(what.split())}; run again with --debug and report it"
        code = EXIT_FAILED
    print(masked(line), file=sys.stderr)
    return code
