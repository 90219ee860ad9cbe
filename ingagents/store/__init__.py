"""The one database: a unit of work per commit, tables that speak in the model's nouns.

engine    opening and migrating, transactions, group commit, the two drivers
tables    plain functions of a `Transaction`, one table a file
metrics   what is counted over several tables; `lookup` and `erasure` reach over several too

Functions named with a verb (`insert`, `claim`) change; nouns (`counts`, `candidates`) read.
"""
