-- What a service's webhooks rang for. Of each its key alone is kept, hashed, so that it counts once.

CREATE TABLE rings (
    ring_key TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    rung_at TEXT NOT NULL,
    heard_at TEXT
);
CREATE INDEX rings_unheard ON rings (account_id, kind, rung_at) WHERE heard_at IS NULL;
CREATE INDEX rings_by_age ON rings (rung_at);
