"""The commands. `main` is the program: it reads the command line and ends with an exit code.

app      what all commands share: common options, opening a department, errors as one line
work     run, once, report, pause, resume, sandbox
desk     init, doctor, status
database database copy
leads    leads import | list | show | export | suppress
review   review list | show | approve | edit | reject
journal  journal list | dead-letters | requeue | verify
"""

from __future__ import annotations

import sys

from ingagents.cli.app import run_command

__all__ = ["main"]


def main() -> None:
    """Run the command on the command line and exit."""
    sys.exit(run_command(sys.argv[1:]))
