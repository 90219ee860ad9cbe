-- The first shape of the department's database. Portable between SQLite and PostgreSQL:
-- moments are UTC text of one fixed width (so they sort), flags are 0/1, documents are JSON text.

CREATE TABLE leads (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    position TEXT NOT NULL,
    company TEXT NOT NULL,
    company_key TEXT NOT NULL,
    linkedin_url TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    classification TEXT,
    classification_confidence DOUBLE PRECISION,
    quality_score DOUBLE PRECISION,
    contact_status TEXT NOT NULL,
    status_reason TEXT NOT NULL,
    duplicate_of TEXT,
    message_sent TEXT,
    response TEXT,
    response_sentiment TEXT,
    response_intent TEXT,
    response_detail TEXT,
    source TEXT NOT NULL,
    reasons TEXT NOT NULL,
    contradictions TEXT NOT NULL,
    profile TEXT NOT NULL,
    allocated_at TEXT,
    allocated_by TEXT,
    allocation_place INTEGER,
    sent_at TEXT,
    accepted_at TEXT,
    responded_at TEXT,
    stage TEXT,
    owner TEXT NOT NULL,
    next_date TEXT,
    notes TEXT NOT NULL,
    handled_at TEXT,
    created_at TEXT NOT NULL,
    last_updated TEXT NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX leads_by_status ON leads (contact_status, last_updated, id);
CREATE INDEX leads_by_creation ON leads (created_at, id);
CREATE INDEX leads_by_allocation ON leads (allocated_at, contact_status, company_key)
    WHERE allocated_at IS NOT NULL;
CREATE INDEX leads_by_double ON leads (duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX leads_by_sending ON leads (sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX leads_by_next_date ON leads (next_date) WHERE next_date IS NOT NULL;
CREATE INDEX leads_by_acceptance ON leads (accepted_at) WHERE accepted_at IS NOT NULL;

CREATE TABLE identities (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    lead_id TEXT NOT NULL REFERENCES leads (id),
    PRIMARY KEY (kind, value)
);
CREATE INDEX identities_by_lead ON identities (lead_id);

CREATE TABLE suppressions (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    reason TEXT NOT NULL,
    suppressed_by TEXT NOT NULL,
    suppressed_at TEXT NOT NULL,
    PRIMARY KEY (kind, value)
);

-- Every event, in order, chained: `digest` covers the data, `chain` covers the row and its
-- predecessor's chain. `erased` is the digest of what an erasure left of the data, else NULL.
-- `consumer` is who must handle it, '' nobody.
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    event_id TEXT NOT NULL,
    type TEXT NOT NULL,
    version INTEGER NOT NULL,
    agent TEXT NOT NULL,
    lead_id TEXT,
    consumer TEXT NOT NULL,
    data TEXT NOT NULL,
    timestamp TEXT NOT NULL,
    digest TEXT NOT NULL,
    chain TEXT NOT NULL,
    erased TEXT
);
CREATE INDEX journal_by_lead ON journal (lead_id, seq) WHERE lead_id IS NOT NULL;
CREATE INDEX journal_by_type ON journal (type, timestamp);

-- How far each consumer has come: all up to `handled` is dealt with, what follows up to `taken` is
-- in its hands, the rest waits. The row 'journal' is the journal's own end: the last row's number in
-- both and its chain value.
CREATE TABLE places (
    name TEXT PRIMARY KEY,
    handled INTEGER NOT NULL,
    taken INTEGER NOT NULL,
    chain TEXT NOT NULL
);

-- What was set aside on the way: a try failed and another is due at `not_before`, or all did.
CREATE TABLE retries (
    consumer TEXT NOT NULL,
    seq INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    not_before TEXT NOT NULL,
    error TEXT NOT NULL,
    PRIMARY KEY (consumer, seq)
);
CREATE INDEX retries_by_seq ON retries (seq);

-- What each consumer still has to handle, and what it could not.
CREATE VIEW inbox AS
    SELECT consumer, seq, state, attempts, error FROM retries
    UNION ALL
    SELECT r.consumer, j.seq, 'waiting', CASE WHEN j.seq <= c.taken THEN 1 ELSE 0 END, ''
    FROM (
        SELECT 'sales_manager' AS consumer
        UNION ALL SELECT 'lead_finder'
        UNION ALL SELECT 'outreach'
    ) r
    LEFT JOIN places c ON c.name = r.consumer
    CROSS JOIN journal j
    WHERE j.seq > coalesce(c.handled, 0) AND j.consumer = r.consumer;

-- Outward acts. One live act per person, account and step: the index forbids the second.
CREATE TABLE deliveries (
    id TEXT PRIMARY KEY,
    recipient TEXT NOT NULL,
    account_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    step TEXT NOT NULL,
    text TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    state TEXT NOT NULL,
    address TEXT NOT NULL,
    approved_by TEXT NOT NULL,
    claimed_at TEXT NOT NULL,
    attempted_at TEXT,
    settled_at TEXT,
    service_id TEXT NOT NULL,
    chat_id TEXT NOT NULL,
    detail TEXT NOT NULL,
    looks TEXT NOT NULL
);
CREATE UNIQUE INDEX deliveries_once ON deliveries (recipient, account_id, step)
    WHERE state NOT IN ('refused', 'lost');
CREATE INDEX deliveries_by_time ON deliveries (account_id, claimed_at);
CREATE INDEX deliveries_by_recipient ON deliveries (recipient);
CREATE INDEX deliveries_by_state ON deliveries (state, kind, claimed_at, recipient);
CREATE INDEX deliveries_by_claim ON deliveries (claimed_at);
CREATE INDEX deliveries_of_alerts ON deliveries (step) WHERE kind = 'alert';

-- Moments before which an account may not act: the drawn gap, a limit the service showed.
CREATE TABLE limits (
    account_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    not_before TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (account_id, kind)
);

CREATE TABLE replies (
    id TEXT PRIMARY KEY,
    lead_id TEXT NOT NULL REFERENCES leads (id),
    chat_id TEXT NOT NULL,
    text TEXT NOT NULL,
    received_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    sentiment TEXT NOT NULL,
    intent TEXT NOT NULL,
    detail TEXT NOT NULL,
    confidence DOUBLE PRECISION NOT NULL,
    key_info TEXT NOT NULL
);
CREATE INDEX replies_by_lead ON replies (lead_id, received_at);
CREATE INDEX replies_by_time ON replies (seen_at);

-- What a human is or was asked. One standing question or approval per kind and subject.
CREATE TABLE reviews (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    lead_id TEXT,
    recipient TEXT NOT NULL,
    address TEXT NOT NULL,
    account_id TEXT NOT NULL,
    way TEXT NOT NULL,
    step TEXT NOT NULL,
    text TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    text_limit INTEGER NOT NULL,
    written_by TEXT NOT NULL,
    confidence DOUBLE PRECISION NOT NULL,
    reasons TEXT NOT NULL,
    evidence TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    expires_at TEXT,
    state TEXT NOT NULL,
    decided_at TEXT,
    decided_by TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE UNIQUE INDEX reviews_once ON reviews (kind, subject) WHERE state IN ('open', 'approved');
CREATE INDEX reviews_by_state ON reviews (state, asked_at);
CREATE INDEX reviews_by_subject ON reviews (kind, subject);
CREATE INDEX reviews_by_lead ON reviews (lead_id);

-- When each job was last due and last ran.
CREATE TABLE schedule (
    job TEXT PRIMARY KEY,
    due_at TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    state TEXT NOT NULL,
    outcome TEXT NOT NULL
);

-- Who works a role; `epoch` rises with every new holder and fences the old one off.
CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    expires_at TEXT NOT NULL
);

-- Small named values: the kill switch, watermarks, a search's place.
CREATE TABLE notes (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    noted_at TEXT NOT NULL
);

-- Answers worth keeping for a while, by the hash of what was asked.
CREATE TABLE cache (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    expires_at TEXT NOT NULL
);

-- Every question to a language model. `usd` is what counts against the budgets: reserved at most
-- before the call, the real cost after it; so a call whose process died stays counted.
CREATE TABLE model_calls (
    id TEXT PRIMARY KEY,
    task TEXT NOT NULL,
    prompt_version TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    state TEXT NOT NULL,
    outcome TEXT NOT NULL,
    at TEXT NOT NULL,
    settled_at TEXT,
    usd DOUBLE PRECISION NOT NULL,
    priced INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    estimated INTEGER NOT NULL
);
CREATE INDEX model_calls_by_time ON model_calls (at, task);

-- Who pays for a call: an even share for each lead it was about.
CREATE TABLE model_call_leads (
    lead_id TEXT NOT NULL,
    call_id TEXT NOT NULL,
    usd DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (lead_id, call_id)
);
CREATE INDEX model_call_leads_by_call ON model_call_leads (call_id);

-- What people were seen to say in the team's sheet, so that each word counts once.
CREATE TABLE sheet_words (
    tab TEXT NOT NULL,
    row_key TEXT NOT NULL,
    sheet_column TEXT NOT NULL,
    lead_id TEXT,
    words TEXT NOT NULL,
    PRIMARY KEY (tab, row_key, sheet_column)
);

-- People whom somebody of the team holds back until it is cleared: where that was written, in which
-- words, and how the lead stood before.
CREATE TABLE vetoes (
    lead_id TEXT NOT NULL REFERENCES leads (id),
    place TEXT NOT NULL,
    words TEXT NOT NULL,
    held_at TEXT NOT NULL,
    status TEXT NOT NULL,
    status_reason TEXT NOT NULL,
    PRIMARY KEY (lead_id, place)
);

-- The department's last answer in a row of the sheet.
CREATE TABLE sheet_answers (
    tab TEXT NOT NULL,
    row_key TEXT NOT NULL,
    lead_id TEXT,
    answer TEXT NOT NULL,
    PRIMARY KEY (tab, row_key)
);

-- Rows of people who were erased, by a hash of their keys: the department's cells in them are
-- emptied wherever they stand.
CREATE TABLE sheet_erased (
    tab TEXT NOT NULL,
    key_hash TEXT NOT NULL,
    PRIMARY KEY (tab, key_hash)
);

-- Corrections typed against a value that had changed meanwhile: both stand until settled.
CREATE TABLE sheet_conflicts (
    id TEXT PRIMARY KEY,
    lead_id TEXT NOT NULL REFERENCES leads (id),
    sheet_column TEXT NOT NULL,
    in_sheet TEXT NOT NULL,
    in_database TEXT NOT NULL,
    found_at TEXT NOT NULL,
    state TEXT NOT NULL
);
CREATE INDEX sheet_conflicts_by_state ON sheet_conflicts (state, found_at);
CREATE INDEX sheet_conflicts_by_lead ON sheet_conflicts (lead_id);
