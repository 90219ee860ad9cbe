"""The proof that a death at any moment repeats nothing and loses nothing.

boundaries  where a process may die: at each commit, at each request that leaves, at each answer
launcher    the product's command line in a process that dies at a chosen boundary
nursery     a warm process that forks such processes, so that a death costs little
workday     a small working day in front of a served sandbox, and what must hold after it
phases      what is due on the day of the deaths: first contacts, what comes weeks later, or a team's yes
team        who is told on every channel and approves answers, and what must hold of both
every       `make kills`: every boundary of the day, one fresh department for each
duo         `make duo`: several processes on one PostgreSQL, killed at random

The product knows nothing of all this: it is started by its own `run_command`, and what is counted
is what it asks of the database driver, the HTTP client and the outbox.
"""
