"""The tests, and what they have in common."""

PATIENCE = 300
"""Real seconds after which what should come about is taken for missing. It is there for what hangs:
how long something takes is no test's matter, the machine may be busy."""
