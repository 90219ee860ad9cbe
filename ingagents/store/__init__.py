"""The one database: a unit of work per commit, tables that speak in the model's nouns.

    opening     a URL becomes an open store, migrated and checked
    lines       what drivers share: a thread for writes, one for reads, group commit
    sqlite      the driver: write-ahead log, file lock
    postgres    the driver: turns by an advisory lock, retries when the server was away;
                its connections and errors in postgres_server, LISTEN in postgres_bell
    copying     a department moves to another database
    rows        how moments and documents stand in a row
    leads, deliveries, replies, limits, schedule, leases, notes, figures, sheet
                plain functions of a `Transaction`, one table (or one question) each

Functions named with a verb (`insert`, `claim`) change; nouns (`counts`, `candidates`) read.
"""
