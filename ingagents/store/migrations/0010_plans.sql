-- Why the next step with a person waits, and until when; without a moment: until a human changes it.

ALTER TABLE leads ADD COLUMN put_off_until TEXT;
ALTER TABLE leads ADD COLUMN put_off_reason TEXT NOT NULL DEFAULT '';

DROP INDEX leads_by_next_step;
CREATE INDEX leads_by_next_step ON leads (account_id, next_step_at) WHERE next_step_at IS NOT NULL;
