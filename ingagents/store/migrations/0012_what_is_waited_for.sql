-- What each conversation that has begun waits for, so that they are counted without a look at their words.

ALTER TABLE leads ADD COLUMN put_off_for TEXT NOT NULL DEFAULT '';
ALTER TABLE leads ADD COLUMN waits_for TEXT NOT NULL DEFAULT '';
CREATE INDEX leads_by_wait ON leads (waits_for, next_step_at) WHERE waits_for <> '';
CREATE INDEX deliveries_by_step ON deliveries (kind, step, claimed_at, recipient) WHERE state = 'sent';

-- All plans are made anew at the next start.
DELETE FROM notes WHERE name = 'sequence.rules';
