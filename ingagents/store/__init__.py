"""The one database: a unit of work per commit, tables that speak in the model's nouns.

    opening     a URL becomes an open store, migrated and checked
    threaded    what drivers share: group commit, a line for writes and one for reads
    lines       who works a line off: its thread, or the loop while writes are quick
    remembering what drivers' transactions share: values, work put off, bells
    sqlite      the driver: write-ahead log, file lock
    postgres    the driver: turns by an advisory lock, retries when the server was away;
                its connections and errors in postgres_server, LISTEN in postgres_bell
    copying     a department moves to another database
    rows        how moments and documents stand in a row
    leads, deliveries, replies, limits, schedule, leases, notes, figures, sheet
                plain functions of a `Transaction`, one table (or one question) each

Functions named with a verb (`insert`, `claim`) change; nouns (`counts`, `candidates`) read.
"""
