"""`python -m ingagents` is the command `ingagents`."""

from ingagents.cli import main

main()
