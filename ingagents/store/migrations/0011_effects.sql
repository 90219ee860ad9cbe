-- What an answer does to the conversation's plan, and when a human of the team last wrote by hand.
-- Answers that were taken in before ended it: a human has gone on with those people.

ALTER TABLE replies ADD COLUMN effect TEXT NOT NULL DEFAULT 'ends';
ALTER TABLE replies ADD COLUMN effect_at TEXT;
ALTER TABLE replies ADD COLUMN effect_reason TEXT NOT NULL DEFAULT '';
-- Who is named instead, and the lead that this person became.
ALTER TABLE replies ADD COLUMN refers_to TEXT NOT NULL DEFAULT '';
ALTER TABLE replies ADD COLUMN referred_lead TEXT NOT NULL DEFAULT '';
ALTER TABLE leads ADD COLUMN written_by_hand_at TEXT;

CREATE INDEX replies_to_refer ON replies (received_at) WHERE effect = 'refers' AND referred_lead = '';
