"""One store over two databases: opening, transactions, group commit, the drivers."""
