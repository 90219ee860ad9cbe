-- Campaign and account stand beside everything done in their name. What was there belongs to the
-- one campaign there was, and to the account that wrote.

-- One person stays one lead, whichever campaign writes: `identities` carries neither.
-- `account_id` is the account that wrote to them, '' while none has.
ALTER TABLE leads ADD COLUMN campaign TEXT NOT NULL DEFAULT 'default';
ALTER TABLE leads ADD COLUMN account_id TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN campaign TEXT NOT NULL DEFAULT 'default';
-- A reply's id is the service's own and so unique over its accounts.
ALTER TABLE replies ADD COLUMN campaign TEXT NOT NULL DEFAULT 'default';
ALTER TABLE replies ADD COLUMN account_id TEXT NOT NULL DEFAULT '';
ALTER TABLE reviews ADD COLUMN campaign TEXT NOT NULL DEFAULT 'default';

UPDATE leads SET account_id = coalesce((
    SELECT max(d.account_id) FROM deliveries d
    WHERE d.recipient = leads.id AND d.state = 'sent'
), '');
UPDATE replies SET account_id = (SELECT l.account_id FROM leads l WHERE l.id = replies.lead_id);

-- One live act per person, account, campaign and step.
DROP INDEX deliveries_once;
CREATE UNIQUE INDEX deliveries_once ON deliveries (recipient, account_id, campaign, step)
    WHERE state NOT IN ('refused', 'lost');

-- The account is left out: after a change of account the question of before must not stand beside
-- a second one about the same text.
DROP INDEX reviews_once;
CREATE UNIQUE INDEX reviews_once ON reviews (campaign, kind, subject)
    WHERE state IN ('open', 'approved');

-- A hold on an account holds every campaign (''): gaps and limits are the account's.
CREATE TABLE limits_2 (
    account_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    campaign TEXT NOT NULL DEFAULT '',
    not_before TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (account_id, kind, campaign)
);
INSERT INTO limits_2 (account_id, kind, not_before, reason)
    SELECT account_id, kind, not_before, reason FROM limits;
DROP TABLE limits;
ALTER TABLE limits_2 RENAME TO limits;

-- A job of no one account ('') is done for all of them.
CREATE TABLE schedule_2 (
    job TEXT NOT NULL,
    campaign TEXT NOT NULL DEFAULT 'default',
    account_id TEXT NOT NULL DEFAULT '',
    due_at TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    state TEXT NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (job, campaign, account_id)
);
INSERT INTO schedule_2 (job, due_at, started_at, finished_at, state, outcome)
    SELECT job, due_at, started_at, finished_at, state, outcome FROM schedule;
DROP TABLE schedule;
ALTER TABLE schedule_2 RENAME TO schedule;
