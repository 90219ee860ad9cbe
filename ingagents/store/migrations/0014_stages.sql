-- Why a person is at the team's stage, and the place or the amount that it is about.

ALTER TABLE leads ADD COLUMN stage_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE leads ADD COLUMN place TEXT NOT NULL DEFAULT '';
