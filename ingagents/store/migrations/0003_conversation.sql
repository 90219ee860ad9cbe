-- A conversation has steps: how far it has come with a person, what comes next, when and why.

ALTER TABLE leads ADD COLUMN step TEXT NOT NULL DEFAULT '';
ALTER TABLE leads ADD COLUMN next_step TEXT NOT NULL DEFAULT '';
ALTER TABLE leads ADD COLUMN next_step_at TEXT;
ALTER TABLE leads ADD COLUMN next_step_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE leads ADD COLUMN invited_at TEXT;
CREATE INDEX leads_by_next_step ON leads (next_step_at) WHERE next_step_at IS NOT NULL;

-- The ids of the facts that a text rests on, and by which kind of refusal an act ended.
ALTER TABLE deliveries ADD COLUMN facts TEXT NOT NULL DEFAULT '[]';
ALTER TABLE deliveries ADD COLUMN refusal TEXT;

UPDATE leads SET step = 'invitation', invited_at = (
    SELECT max(coalesce(d.attempted_at, d.claimed_at)) FROM deliveries d
    WHERE d.recipient = leads.id AND d.state = 'sent' AND d.kind = 'invitation'
) WHERE EXISTS (
    SELECT 1 FROM deliveries d
    WHERE d.recipient = leads.id AND d.state = 'sent' AND d.kind = 'invitation'
);
UPDATE leads SET step = 'first_message' WHERE EXISTS (
    SELECT 1 FROM deliveries d
    WHERE d.recipient = leads.id AND d.state = 'sent' AND d.kind = 'message'
);
