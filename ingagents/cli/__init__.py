"""The commands. `main` is the program: it reads the command line and ends with an exit code.

ending   how a signal ends `run` and `sandbox`
streams  stdin, stdout and stderr, as whoever started us left them
app      what all commands share: common options, opening a department, errors as one line
work     run, once, report, pause, resume, sandbox
setup    init, doctor, status
screen   the live screen of `run`
database database copy
leads    leads import | list | show | export | suppress
review   review list | show | approve | edit | reject
facts    facts list | check
why      why LEAD | --idle
journal  journal list | dead-letters | requeue | verify
"""

from __future__ import annotations

import gc
import os
import sys

from ingagents.cli.ending import end_at_once, goes_on, loading
from ingagents.cli.streams import prepare_streams

__all__ = ["main"]


def main() -> None:
    """Run the command on the command line and exit."""
    gc.set_threshold(100_000, 20, 50)  # of what is loaded nothing is garbage
    prepare_streams()
    if not goes_on(sys.argv[1:]):
        with loading():
            from ingagents.cli.app import run_command

        sys.exit(run_command(sys.argv[1:]))
    end_at_once()
    # Loading takes seconds on a small machine: the signals are looked after before.
    from ingagents.cli.app import run_command

    code = run_command(sys.argv[1:])
    sys.stderr.flush()
    # Python gives the signals back before it takes itself apart, which takes a while too.
    os._exit(code)
